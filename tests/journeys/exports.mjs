// exports.mjs - every list of the made-up county as a file, read back: XLSX by
// LibreOffice, CSV by a reader of our own, each cell against the list over HTTP;
// and titles that a spreadsheet would calculate with stay texts.
import { spawnSync } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, download, makeDirectory, run, start } from './server.mjs';

const TICKET_MEMBERS = ['no', 'title', 'channel', 'kind', 'urgency', 'state', 'version', 'light', 'received_at', 'effective_due_at',
  'state_due_at', 'overdue_at', 'lead_unit', 'area', 'category', 'sensitive', 'confidential', 'suspect', 'hard_case', 'rework_count', 'urge_count'];
const LISTS = ['tickets', 'urges', 'supervisions', 'instructions', 'extensions', 'returns', 'promises', 'callbacks', 'accountability'];
const PEOPLE = ['supervisor1', 't01', 'd01-head'];
const EVIL = ['=1+1', '+1+1', '-1+1', '@SUM(1+1)', '＝1+1', '＋1', '－1', '＠SUM(1)', '\t=1+1', ' =1+1', '"=1+1', "'=1+1", '=cmd|\' /C calc\'!A0',
  '=HYPERLINK("http://127.0.0.1/","x")', '_x000D_', '_x0041_x0042_', '1e9', '007', '2026-01-01', 'TRUE', '#N/A', '甲,乙;"丙"', '{=1+1}', '0x1F', '%s%n'];

// --- Words for codes, as people read them --------------------------------------------------

/** Words that /meta does not have. */
const RECORD_WORDS = {
  supervisions: { state: { prepared: '拟发', issued: '已发出', answered: '已答复', settled: '已办结' } },
  extensions: { state: { pending: '待批', granted: '同意', refused: '不同意', withdrawn: '已撤回' } },
  returns: { state: { pending: '待审', accepted: '同意', refused: '不同意' } },
  promises: { state: { open: '未兑现', kept: '已兑现', dropped: '已作废' }, source: { extension: '延期', reply: '答复' } },
};
const ENUMERATIONS = {
  tickets: { kind: 'kind', urgency: 'urgency', state: 'state', light: 'light' },
  urges: { kind: 'urge_kind' }, instructions: { ticket_state: 'state' }, supervisions: { reason_code: 'supervise_reason' },
  extensions: { reason_code: 'extend_reason', told_way: 'way' }, returns: { reason_code: 'return_reason' },
  callbacks: { satisfaction: 'satisfaction' },
};

async function loadWords(client, session) {
  const get = async (path) => (await client.call(session, 'GET', path)).body;
  const meta = await get('/api/v1/meta');
  const all = async (path) => {
    const found = {};
    for (let next = ''; next !== null;) {
      const page = await get(`${path}?limit=200${next && `&cursor=${next}`}`);
      for (const one of page.items) found[one.code] = one.name ?? one.zh;
      next = page.next;
    }
    return found;
  };
  const enumeration = (name) => Object.fromEntries(meta.enumerations[name].map((one) => [one.word, one.zh]));
  const words = { tickets: { channel: Object.fromEntries((await get('/api/v1/channels')).items.map((one) => [one.code, one.zh])), area: await all('/api/v1/areas'), category: await all('/api/v1/categories') } };
  for (const list of LISTS) {
    words[list] = { ...words[list], ...RECORD_WORDS[list] };
    for (const [member, name] of Object.entries(ENUMERATIONS[list] ?? {})) words[list][member] = enumeration(name);
  }
  words.urges.answer = Object.fromEntries(meta.actions.map((one) => [one.word, one.zh]));
  return words;
}

function cellOf(words, member, value) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (Array.isArray(value)) return value.map((one) => cellOf(words, member, one)).join('; ');
  if (typeof value === 'object') return value.name;
  if (words?.[member]) return words[member][value] ?? `no word for ${member} ${value}`;
  if (/(^|_)at$/.test(member)) return `${value.slice(0, 10)} ${value.slice(11, 19)}`;
  return String(value);
}

/** What a row must be, from the line over HTTP. */
function rowOf(list, words, item) {
  if (list === 'tickets') return TICKET_MEMBERS.map((member) => cellOf(words[list], member, item[member]));
  const { id, ticket, unit, ...rest } = item;
  assert.ok(id > 0);
  return [ticket.no, ticket.title, unit?.name ?? '', ...Object.entries(rest).map(([member, value]) => cellOf(words[list], member, value))];
}

// --- Files ---------------------------------------------------------------------------------

/** Rows of CSV: quotes, line ends inside them, CRLF or LF between rows. */
function readCsv(text) {
  const rows = [[]];
  for (let at = 0; at < text.length;) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        cell += text[at];
        if (text[at] === '"') at++;
      }
      at++;
    } else for (; at < text.length && !',\r\n'.includes(text[at]); at++) cell += text[at];
    rows.at(-1).push(cell);
    if (text[at] === '\r') at++;
    if (text[at] === '\n' && at + 1 < text.length) rows.push([]);
    at++;
  }
  return rows;
}

async function exportOf(server, client, session, list, format, query) {
  let now = await client.write(session, '/api/v1/exports', { list, format, query });
  assert.equal(now.status, 201, JSON.stringify(now.body));
  const path = `/api/v1/exports/${now.body.id}`;
  while (['waiting', 'making'].includes(now.body.state)) now = await client.call(session, 'GET', path);
  assert.equal(now.body.state, 'ready', JSON.stringify(now.body));
  const file = await download(server.port, session, now.body.file);
  assert.equal(file.status, 200);
  assert.equal(file.bytes.length, now.body.bytes);
  return file.bytes;
}

async function walk(client, session, list, query) {
  const items = [];
  for (let next = ''; next !== null;) {
    const page = await client.call(session, 'GET', `/api/v1/${list}?limit=200${query && `&${query}`}${next && `&cursor=${encodeURIComponent(next)}`}`);
    assert.equal(page.status, 200, JSON.stringify(page.body));
    items.push(...page.body.items);
    next = page.body.next;
  }
  return items;
}

/** All sheets of a folder as CSV, text as it is shown; one start of LibreOffice. */
function convert(folder, names) {
  const done = spawnSync('soffice', [`-env:UserInstallation=file://${folder}/profile`, '--headless', '--convert-to',
    'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false', '--outdir', join(folder, 'read'),
    ...names.map((name) => join(folder, name))], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr || String(done.error));
  return (name) => readCsv(readFileSync(join(folder, 'read', name.replace('.xlsx', '.csv')), 'utf8'));
}

let cells = 0;
function compare(what, rows, expected) {
  assert.equal(rows.length, expected.length + 3, `${what}: ${rows.length} lines for ${expected.length} rows`);
  assert.match(rows[0][0], /导出人：.*条件：/, what);
  assert.equal(rows.at(-1)[0], `共 ${expected.length} 行`, what);
  for (const [i, wanted] of expected.entries()) {
    const row = rows[i + 2].slice(0, wanted.length);
    cells += wanted.length;
    assert.deepEqual(row, wanted, `${what}, row ${i + 3}`);
  }
}

/** What our CSV puts in front of a text that looks like a formula. */
const unguarded = (wanted) => (text, i) => (text.startsWith("'") && text.slice(1) === wanted[i] ? text.slice(1) : text);

async function main() {
  const directory = makeDirectory();
  const folder = makeDirectory();
  const out = run(['init', '--data', directory.path, '--demo']);
  const password = /password of every account: (\S+)/.exec(out)[1];
  const server = await start(directory.path, ['--upload-reserve-bytes', '0', '--disk-reserve-bytes', '0']);
  const client = new Client(server.port);
  const signIn = (login) => client.signIn(login, password);
  const clerk = await signIn('clerk1');
  for (const title of EVIL) {
    const made = await client.write(clerk, '/api/v1/tickets', { channel: 'phone', kind: 'consult', title, content: `内容 ${title}`, anonymous: true });
    assert.equal(made.status, 201, `${title}: ${JSON.stringify(made.body)}`);
  }
  const supervisor = await signIn('supervisor1');
  const [late] = (await client.call(supervisor, 'GET', '/api/v1/tickets?state=handling&limit=1')).body.items;
  const laid = await client.write(supervisor, '/api/v1/accountability', {
    ticket: late.no, unit: late.lead_unit.code, person: '=某岗位', finding: '逾期', measure: '提醒', decided_on: '2026-01-05' });
  assert.equal(laid.status, 201, JSON.stringify(laid.body));
  const words = await loadWords(client, clerk);
  const wanted = [];
  for (const login of PEOPLE) {
    const session = await signIn(login);
    for (const list of LISTS)
      for (const query of list === 'tickets' ? ['', 'state=handling,replied&sort=due'] : ['']) {
        const expected = (await walk(client, session, list, query)).map((item) => rowOf(list, words, item));
        const name = `${login}-${list}-${query === '' ? 'all' : 'some'}.xlsx`;
        writeFileSync(join(folder.path, name), await exportOf(server, client, session, list, 'xlsx', query));
        wanted.push({ name, expected });
        const csv = (await exportOf(server, client, session, list, 'csv', query)).toString('utf8');
        assert.ok(csv.startsWith('\ufeff') && csv.endsWith('\r\n'), name);
        const rows = readCsv(csv.slice(1));
        for (const cell of rows.flat()) assert.doesNotMatch(cell, /^[\s\u3000]*[=+\-@＝＋－＠]/, `${name}: a formula`);
        compare(`${name} as CSV`, rows.map((row, i) => row.map(unguarded(expected[i - 2] ?? []))), expected);
      }
  }
  const read = convert(folder.path, wanted.map((one) => one.name));
  for (const { name, expected } of wanted) compare(name, read(name), expected);
  const rows = wanted.reduce((sum, one) => sum + one.expected.length, 0);
  for (const { name, expected } of wanted) assert.ok(expected.length > 0 || !name.startsWith(PEOPLE[0]), `${name} has rows`);
  client.close();
  const { code } = await server.stop();
  assert.equal(code, 0);
  console.log(`  exports: ${wanted.length} lists of ${PEOPLE.length} people as CSV and XLSX, ${rows} rows, ${cells} cells as over HTTP, ${EVIL.length} payloads, 0 formulas`);
  directory.remove();
  folder.remove();
}

await main();
