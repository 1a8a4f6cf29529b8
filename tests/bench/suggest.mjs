// suggest.mjs - how often the right unit is among the proposed ones, with real messages.
//
//     YIDAN_MESSAGES=messages.csv node tests/bench/suggest.mjs
//
// Runs only when the messages are given.  They do not say who handled them: the
// unit is read off the reply, as the first department that it names; messages
// whose reply names none are left out.  The older 80 % come in as a closed ledger,
// for the newer 20 % the server is asked with title and content alone.  Twice:
// with history alone, and with the departments' own words as duty keywords too.
// And what is found in those replies, were they sent today.
import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, makeDirectory, run, start } from '../journeys/server.mjs';
import { loadMessages } from '../journeys/messages.mjs';

const PASSWORD = 'bench-password-1';
const HISTORY = 0.8;
const SAMPLE = 400; // characters of a reply in which the department is looked for

/* Code, how a reply names the department, what its duties are called. */
const DEPARTMENTS = [
  ['EDU', /教育局|教育/, '学校 教育 幼儿园 教师 招生'],
  ['TRAFFIC', /交警/, '交警 违章 红绿灯 信号灯 驾驶证'],
  ['POLICE', /公安|派出所/, '公安 派出所 户口 诈骗 养犬'],
  ['HOUSING', /住建|住房和城乡建设|住保|房产|房管/, '物业 开发商 小区 购房 业主 房产证'],
  ['CITY', /城管|城市管理|行政执法/, '城管 摆摊 渣土 垃圾 违建 油烟'],
  ['LAND', /规划局|城乡规划|国土|自然资源|不动产/, '规划 国土 土地 不动产 征地'],
  ['ROADS', /交通运输|交通局|公交|轨道|地铁/, '公交 地铁 公路 出租车 客运'],
  ['LABOUR', /人社|人力资源|社保/, '社保 工资 养老保险 劳动 补贴 职称'],
  ['HEALTH', /卫计|卫生|卫健|医保|计生/, '医院 医保 医生 生育 卫生院'],
  ['ENVIRONMENT', /环保|环境保护|生态环境/, '污染 噪音 废气 臭味 扬尘'],
  ['CIVIL', /民政/, '低保 民政 养老院 殡葬 社区'],
  ['FUND', /公积金/, '公积金'],
  ['MARKET', /工商|食药|市场监管|食品药品/, '消费 投诉 食品 假货 传销'],
  ['WATER', /水利|水务|自来水|供水/, '自来水 停水 水压 水质 河道'],
  ['POWER', /电力|供电/, '停电 电力 电价 电网'],
  ['FARM', /农业|林业|农委|畜牧/, '农业 林地 种植 养殖 农村'],
];

function departmentOf(reply) {
  const head = reply.slice(0, SAMPLE);
  let best = null;
  for (const [code, pattern] of DEPARTMENTS) {
    const at = head.search(pattern);
    if (at >= 0 && (best === null || at < best.at)) best = { code, at };
  }
  return best?.code ?? null;
}

const cell = (text) => `"${String(text ?? '').replaceAll('"', '""')}"`;
const cut = (text, most) => [...text].slice(0, most).join('');

async function person(client, admin, login, unit, roles) {
  const made = await client.write(admin, '/api/v1/users', { login, name: login, unit, roles, password: `first-${PASSWORD}` });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const session = await client.signIn(login, `first-${PASSWORD}`);
  const own = await client.write(session, '/api/v1/me/password', { password: `first-${PASSWORD}`, new_password: PASSWORD });
  assert.equal(own.status, 204, login);
  return session;
}

async function measure(known, hasKeywords) {
  const directory = makeDirectory();
  try {
    run(['init', '--data', directory.path]);
    run(['user', 'add', '--data', directory.path, '--login', 'admin', '--name', 'admin', '--unit', 'office', '--role', 'admin', '--password-stdin'], PASSWORD);
    const past = known.slice(0, Math.floor(known.length * HISTORY));
    const coming = known.slice(past.length);

    let server = await start(directory.path);
    let client = new Client(server.port);
    const admin = await client.signIn('admin', PASSWORD);
    for (const [code, , words] of DEPARTMENTS) {
      const made = await client.write(admin, '/api/v1/units', {
        code, name: code, short_name: code, kind: 'department', head: '主要负责人', deputy: '分管负责人', contact: '专职人员',
        ...(hasKeywords && { duty_keywords: words }),
      });
      assert.equal(made.status, 201, JSON.stringify(made.body));
    }
    await person(client, admin, 'clerk', 'office', ['clerk']);
    const handler = await person(client, admin, 'handler', DEPARTMENTS[0][0], ['handler']);
    client.close();
    await server.stop();

    const file = join(directory.path, 'ledger.csv');
    writeFileSync(file, [['title', 'content', 'received_at', 'dispatched_at', 'replied_at', 'reply_text', 'lead_unit'],
      ...past.map((one) => [cut(one.title, 60), cut(one.content, 10000), one.posted_at, one.posted_at, one.replied_at, cut(one.reply, 20000), one.unit])]
      .map((row) => row.map(cell).join(',')).join('\r\n'));
    run(['import', file, '--data', directory.path, '--set', 'channel:web']);

    server = await start(directory.path);
    client = new Client(server.port);
    const clerk = await client.signIn('clerk', PASSWORD);
    const hits = [0, 0, 0];
    const times = [];
    for (const one of coming) {
      const began = performance.now();
      const reply = await client.call(clerk, 'POST', '/api/v1/tickets/suggest-unit', { title: cut(one.title, 60), content: cut(one.content, 10000) });
      times.push(performance.now() - began);
      assert.equal(reply.status, 200, JSON.stringify(reply.body));
      const place = reply.body.units.findIndex((unit) => unit.unit.code === one.unit);
      if (place >= 0) hits[place]++;
    }
    const most = Math.max(...DEPARTMENTS.map(([code]) => coming.filter((one) => one.unit === code).length));
    const percent = (count) => `${((100 * count) / coming.length).toFixed(1)} %`;
    times.sort((a, b) => a - b);
    console.log(`suggest-unit, ${hasKeywords ? 'history and duty keywords' : 'history alone'}: ${past.length} closed, ${coming.length} asked, ${DEPARTMENTS.length} units: `
      + `first ${percent(hits[0])}, among three ${percent(hits[0] + hits[1] + hits[2])}; always the commonest ${percent(most)}; median ${times[times.length >> 1].toFixed(1)} ms`);
    if (!hasKeywords) await findings(client, clerk, handler, coming);
    client.close();
    await server.stop();
  } finally {
    directory.remove();
  }
}

/* What is found in the replies of the newer ones: the older ones may have been copied. */
async function findings(client, clerk, handler, coming) {
  const made = await client.write(clerk, '/api/v1/tickets', { channel: 'web', content: '测试' });
  const given = await client.write(clerk, `/api/v1/tickets/${made.body.no}/dispatch`, { version: made.body.version, lead_unit: DEPARTMENTS[0][0] });
  assert.equal(given.status, 200, JSON.stringify(given.body));
  const found = {};
  const times = [];
  for (const one of coming) {
    const began = performance.now();
    const reply = await client.call(handler, 'POST', '/api/v1/tickets/check-reply', { no: made.body.no, reply_text: cut(one.reply, 20000) });
    times.push(performance.now() - began);
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
    for (const { code } of reply.body.findings) found[code] = (found[code] ?? 0) + 1;
  }
  times.sort((a, b) => a - b);
  console.log(`check-reply: ${coming.length} replies, found ${JSON.stringify(found)}; median ${times[times.length >> 1].toFixed(1)} ms, most ${times.at(-1).toFixed(1)} ms`);
}

const loaded = process.env.YIDAN_MESSAGES === undefined ? null : loadMessages(0);
if (loaded === null) console.log('suggest.mjs: YIDAN_MESSAGES names no messages; nothing is measured');
else {
  const known = loaded.messages.filter((one) => one.posted_at >= '2014').sort((a, b) => (a.posted_at < b.posted_at ? -1 : 1))
    .map((one) => ({ ...one, unit: departmentOf(one.reply) })).filter((one) => one.unit !== null);
  console.log(`${known.length} of ${loaded.messages.length} messages name a department in their reply`);
  await measure(known, false);
  await measure(known, true);
}
