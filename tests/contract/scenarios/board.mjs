/*
 * The supervisor's board: what stands on it, for whom, and that all who see it see
 * the same.
 */
import { randomUUID } from 'node:crypto';
import { board } from '../board.mjs';

const MOVES = 240;

export const title = 'the board and the desk of urging';

const figure = (it, id) => [...it.figures, ...it.desk].find((one) => one.id === id).value;

/* One text to many: a refused one stops no other, and the same key does it once. */
async function urgeMany(t) {
  const open = [await t.ticketIn('handling'), await t.ticketIn('received'), await t.ticketIn('replied')];
  const closed = await t.ticketIn('closed');
  const json = { tickets: [open[0].no, closed.no, '20200101-R0001', open[1].no, open[2].no], note: '请于今日内办结。' };
  for (const actor of ['t01_handler', 'leader', 'admin']) await t.post(actor, '/api/v1/urges', json, '403 forbidden');
  await t.post('clerk', '/api/v1/urges', { ...json, tickets: [] }, '422 fields');
  await t.post('clerk', '/api/v1/urges', { ...json, tickets: Array.from({ length: 101 }, (_, i) => `20260101-R${i}`) }, '422 fields');
  const twice = await t.post('clerk', '/api/v1/urges', { ...json, tickets: [open[0].no, open[0].no] }, '422 fields');
  t.holds(twice.json.errors[0].field === 'tickets[1]' && twice.json.errors[0].code === 'field.duplicate', 'the one that stands there twice is named', twice);
  const count = async () => (await t.get('clerk', `/api/v1/urges?kind=manual&limit=200`)).json.items;
  const before = (await count()).length;
  const key = randomUUID();
  for (let i = 0; i < 2; i++) {
    const done = await t.post('supervisor', '/api/v1/urges', json, '200', { key });
    t.holds(done.json.urged === 3 && done.json.items.map((one) => one.code).join() === ',ticket.wrong_state,not_found,,', 'three were urged, the others say why', done);
  }
  await t.post('supervisor', '/api/v1/urges', { ...json, note: '请。' }, '422 idempotency.mismatch', { key });
  const urges = await count();
  t.holds(urges.length === before + 3 && urges.slice(0, 3).every((one) => one.text === json.note && one.number !== null), 'each of them once, with a number of its own');
  // Read by whom they wait for, many at once, and by nobody else.
  const mine = urges.find((one) => one.unit?.code === 'T01').ticket.no;
  const waits = async (actor) => (await t.get(actor, '/api/v1/tickets?todo=urge&limit=200')).json.items.map((one) => one.no);
  t.holds((await waits('t01_handler')).includes(mine), 'it waits for its unit');
  await t.post('t01_handler', '/api/v1/inbox/read', { todo: 'sign' }, '422 field.choice todo');
  await t.post('t01_handler', '/api/v1/inbox/read', { todo: 'urge', tickets: [] }, '422 fields');
  await t.post('admin', '/api/v1/inbox/read', { todo: 'urge' }, '403 forbidden');
  const others = await t.post('d03_handler', '/api/v1/inbox/read', { todo: 'urge', tickets: [mine, '20200101-R0001'] }, '200');
  t.holds(others.json.read === 0 && (await waits('t01_handler')).includes(mine), 'not somebody else’s', others);
  const one = await t.post('t01_handler', '/api/v1/inbox/read', { todo: 'urge', tickets: [mine] }, '200', { key: 'read-1' });
  const again = await t.post('t01_handler', '/api/v1/inbox/read', { todo: 'urge', tickets: [mine] }, '200', { key: 'read-1' });
  t.holds(one.json.read > 0 && again.json.read === one.json.read && !(await waits('t01_handler')).includes(mine), 'read', one);
  await t.post('t01_handler', '/api/v1/inbox/read', { todo: 'alarm' }, '422 idempotency.mismatch', { key: 'read-1' });
  await t.post('clerk', '/api/v1/inbox/read', { todo: 'urge' }, '200');
  t.holds((await waits('clerk')).length === 0, 'all of the office');
  t.holds(urges[2].unit?.code === 'T01' && urges[1].unit === null && urges[0].unit === null, 'to whose turn it is');
  await urgeWithWords(t, open);
}

/* Each gets its own values; the preview says which; an unknown word is named and urges nobody. */
async function urgeWithWords(t, [handling, received]) {
  const tickets = [handling.no, received.no, '20200101-R0001'];
  const note = '{单位}：{编号}“{title}”应于{期限}前办结，已催办{次数}次。{原样';
  const wanted = await Promise.all([handling, received].map(async ({ no }) => {
    const ticket = (await t.get('clerk', `/api/v1/tickets/${no}`)).json;
    const [year, month, day] = (ticket.effective_due_at ?? '').slice(0, 10).split('-').map(Number);
    const due = ticket.effective_due_at === null ? '（未定）' : `${year}年${month}月${day}日`;
    return `${ticket.state === 'handling' ? ticket.lead_unit.short_name : (await t.get(null, '/api/v1/public/meta')).json.office}：${no}“${ticket.title}”应于${due}前办结，已催办${ticket.urge_count + 1}次。{原样`;
  }));
  const preview = await t.post('clerk', '/api/v1/urges/preview', { tickets, note });
  t.holds(preview.json.items.map((one) => one.text).join('|') === [...wanted, ''].join('|'), `as computed: ${wanted.join('|')}`, preview);
  const many = '{编号}'.repeat(21);
  for (const [wrong, word] of [['请办理{电话}。', '{电话}'], ['{编号}{}', '{}'], [many, '{编号}']])
    for (const path of ['/api/v1/urges', '/api/v1/urges/preview']) {
      const refused = await t.post('clerk', path, { tickets, note: wrong }, '422 field.invalid note');
      t.holds(refused.json.errors[0].message.includes(word) || refused.json.errors[0].field === 'note', `${word} is named`, refused);
    }
  await t.post('clerk', '/api/v1/urges/preview', { tickets: [], note }, '422 fields');
  await t.post('clerk', '/api/v1/urges/preview', { tickets: [handling.no, handling.no], note }, '422 fields');
  await t.post('clerk', '/api/v1/urges', { tickets, note });
  for (const [i, no] of [handling.no, received.no].entries()) {
    const { items } = (await t.get('supervisor', `/api/v1/urges?ticket=${no}&kind=manual`)).json;
    t.holds(items[0].text === wanted[i], `${no} got its own: ${items[0].text}`);
  }
}

/* A walk that is the same each time. */
function dice(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

/* Whatever comes to somebody's mind, allowed or not: the numbers stay those of the lists. */
async function randomMoves(t) {
  const back = { reason_code: 'ownership_unclear', basis: '权属不清', suggested_unit: 'D02' };
  const demand = { reason_code: 'public_concern', demand: '请说明情况', answer_due_on: t.clock.date(3) };
  const tickets = [];
  for (let i = 0; i < 10; i++)
    tickets.push(await t.create({ channel: i % 3 === 0 ? 'web' : 'phone', content: `第${i}件。`, category: ['010101', '020202', '0201'][i % 3], area: 'T01', sensitive: i % 5 === 0, sensitive_reason: '涉众' }));
  const unit = (role) => (it) => `${(it.view.lead_unit?.code ?? 'D02').toLowerCase()}_${role}`;
  const moves = [
    ['clerk', 'dispatch', () => ({ lead_unit: ['T01', 'D02', 'D03'][any(3)], co_units: any(3) === 0 ? ['CO01'] : [] })],
    [unit('handler'), 'sign', () => ({})], [unit('handler'), 'return', () => back], [unit('handler'), 'progress', () => ({ note: '办理中' })],
    [unit('handler'), 'contact', () => ({ way: 'phone', at: t.clock.time(-60), note: '已联系' })], [unit('head'), 'reply', () => t.reply()],
    [unit('handler'), 'extend', () => t.extension()], [unit('head'), 'answer-supervision', () => ({ text: '已说明' })], [unit('head'), 'keep-promise', () => ({ evidence: '照片' })],
    ['clerk', 'recall', () => ({ reason: '改派' })], ['clerk', 'accept-return', () => ({})], ['clerk', 'refuse-return', () => ({ reason: '属于职责' })],
    ['clerk', 'approve-reply', () => ({})], ['clerk', 'reject-reply', () => ({ reason_codes: ['boilerplate'] })],
    ['clerk', 'call-back', () => t.callback(any(2) === 0 ? { solved: false, satisfaction: 'unsatisfied', rework: true } : {})],
    ['clerk', 'submit', () => ({ leader: 'leader', note: '请阅示' })], ['leader', 'instruct', () => ({ text: '请办好' })], ['leader', 'instruct', () => ({ text: '阅', waive: true })],
    ['supervisor', 'supervise', () => demand], ['supervisor', 'settle-supervision', () => ({ note: '同意' })], ['supervisor', 'urge', () => ({ note: '请抓紧' })],
    ['supervisor', 'grant-extension', () => ({})], ['supervisor', 'refuse-extension', () => ({ note: '不同意' })], ['supervisor', 'reopen', () => ({ reason: '群众再次反映' })],
    ['clerk', 'amend', () => ({ changes: { category: ['010101', '0301', '020201'][any(3)], suspect: false }, reason: '更正' })],
    ['clerk', 'merge', () => ({ into: tickets[any(tickets.length)].no })], ['clerk', 'unmerge', () => ({ reason: '不是一件' })],
  ];
  const any = dice(20_260_309);
  let done = 0;
  for (let step = 0; step < MOVES; step++) {
    const ticket = tickets[any(tickets.length)];
    const [who, action, body] = moves[any(moves.length)];
    const actor = typeof who === 'string' ? who : who(ticket);
    const reply = await t.client.ask(actor, 'POST', `/api/v1/tickets/${ticket.no}/${action}`, { json: { ...body(), ...(!['urge', 'progress', 'contact'].includes(action) && { version: ticket.view.version }) } });
    t.holds(reply.status < 500, 'nothing breaks', reply);
    done += reply.status === 200;
    ticket.view = (await t.get('supervisor', `/api/v1/tickets/${ticket.no}`)).json;
    if (step % 40 === 0) await board(t.client, 'supervisor');
  }
  t.holds(done > MOVES / 8, `only ${done} of ${MOVES} moves were possible`);
}

export default async (t) => {
  for (const actor of ['t01_handler', 'd01_head', 'auditor', 'admin']) await t.get(actor, '/api/v1/dashboard', '403 forbidden');
  await t.get('clerk', '/api/v1/dashboard?nonsense=1', '400 http.query');
  await t.get('t01_handler', '/api/v1/tickets?desk=urged', '403 forbidden');
  await t.get('clerk', '/api/v1/tickets?desk=urged&todo=dispatch', '400 http.query');

  const before = await board(t.client, 'supervisor');
  const said = JSON.stringify({ ...before, at: null, bursts: null, time_left: null });
  for (const actor of ['clerk', 'leader'])
    t.holds(JSON.stringify({ ...(await board(t.client, actor)), at: null, bursts: null, time_left: null }) === said, 'all who see the board see the same');

  /* One caller, one street, three lamps: a burst and a repeat caller. */
  const three = [];
  for (let i = 0; i < 3; i++)
    three.push(await t.create({
      channel: 'phone', kind: 'complaint', content: `路灯第${i + 1}次不亮。`, category: '020202', area: 'T01',
      petitioner: { name: '钱某某', phone: '13955577001' },
    }));
  let it = await board(t.client, 'supervisor');
  t.holds(figure(it, 'received_today') === figure(before, 'received_today') + 3, 'three more came today');
  t.holds(figure(it, 'dispatch') === figure(before, 'dispatch') + 3, 'three more wait for dispatch');
  const burst = it.bursts.find((one) => one.category === '020202' && one.area === 'T01');
  t.holds(burst?.value >= 3, 'three of one category and area are a burst');
  const caller = it.repeat_callers.find((one) => one.tickets.some((ticket) => ticket.no === three[2].no));
  t.holds(caller?.value === 3 && caller.name === '钱**' && !JSON.stringify(it).includes('7001'), 'three of one phone are a repeat caller, masked');

  /* Urged, answered, supervised. */
  const [ticket] = three;
  await ticket.does('clerk', 'dispatch', { lead_unit: 'T01' });
  await ticket.does('t01_handler', 'sign', {});
  await ticket.does('supervisor', 'urge', { note: '请尽快处理。' });
  it = await board(t.client, 'supervisor');
  t.holds(figure(it, 'urged') === figure(before, 'urged') + 1, 'it waits for the unit\'s answer');
  await ticket.does('t01_handler', 'progress', { note: '已到现场。' });
  it = await board(t.client, 'supervisor');
  t.holds(figure(it, 'urged') === figure(before, 'urged'), 'a word on progress answers the urge');
  const urges = await t.get('supervisor', `/api/v1/urges?ticket=${ticket.no}`);
  t.holds(urges.json.items[0].answer === 'progress' && urges.json.items[0].answered_at !== null, 'and the urge says so', urges);
  await ticket.does('leader', 'instruct', { text: '请办好。', report_back: true, report_on: '2026-04-30' });
  it = await board(t.client, 'leader');
  t.holds(figure(it, 'supervised') === figure(before, 'supervised') + 1 && figure(it, 'instruction') === figure(before, 'instruction') + 1, 'a leader\'s word with a report is a supervision too');
  await ticket.does('t01_head', 'answer-supervision', { text: '路灯已修复。' });
  const told = (await t.get('leader', `/api/v1/instructions?ticket=${ticket.no}`)).json.items[0];
  t.holds(told.report_due_at === '2026-04-30T23:59:59+08:00' && told.reported_at !== null && told.report === '路灯已修复。' && told.settled_at === null && told.ticket_state === 'handling', 'the leader sees what became of it');

  await urgeMany(t);
  await randomMoves(t);
};
