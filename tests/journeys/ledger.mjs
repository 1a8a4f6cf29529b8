// ledger.mjs - an old ledger comes in: deadlines against a second computation,
// bad rows by number, and many rows while others work and the server is killed.
// LEDGER_ROWS says how many; YIDAN_MESSAGES names real messages.
import { spawnSync } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { Client, environment, makeDirectory, run, start } from './server.mjs';
import { loadMessages } from './messages.mjs';

const CLIENTS = 8;
const AT_ONCE = 2; // of them are being answered
const ROWS = Number(process.env.LEDGER_ROWS ?? 3000);
const PASSWORD = 'journey-password-1';
const MADE_UP = 752;

const cell = (text) => `"${String(text ?? '').replaceAll('"', '""')}"`;
const csv = (rows) => rows.map((row) => row.map(cell).join(',')).join('\r\n');

/** Send a ledger; resolves with status and body. */
function bring(port, session, bytes, query) {
  const parameters = new URLSearchParams(query);
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: '127.0.0.1', port, method: 'POST', path: `/api/v1/imports?${parameters}`,
      headers: { Cookie: session.cookie, 'X-CSRF-Token': session.csrf, 'Idempotency-Key': randomUUID(),
        'Content-Type': 'text/csv', 'Content-Length': bytes.length },
    }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(Buffer.concat(parts).toString()) }));
    });
    request.on('error', reject);
    request.end(bytes);
  });
}

const show = async (client, session, id) => (await client.call(session, 'GET', `/api/v1/imports/${id}?limit=200`)).body;

async function over(client, session, id) {
  for (;;) {
    const now = await show(client, session, id);
    if (now.state !== 'reading') return now;
  }
}

async function allTickets(client, session, filter = '') {
  const items = [];
  let cursor = null;
  do {
    const page = await client.call(session, 'GET', `/api/v1/tickets?limit=200${filter}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    assert.equal(page.status, 200, JSON.stringify(page.body));
    items.push(...page.body.items);
    cursor = page.body.next;
  } while (cursor);
  return items;
}

// --- A second computation of deadlines: dates as text, walked day by day ------------------

const holidays = new Map(readFileSync('sql/seed/holidays.csv', 'utf8').split('\n').slice(1).filter(Boolean)
  .map((line) => line.trim().split(',')).map(([date, type]) => [date, type]));

function isWorkday(date) {
  if (holidays.has(date)) return holidays.get(date) === 'workday';
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday > 0 && weekday < 6;
}

function dueDate(date, workdays) {
  let left = workdays;
  let at = date;
  while (left > 0) {
    at = new Date(Date.parse(`${at}T00:00:00Z`) + 86400000).toISOString().slice(0, 10);
    if (isWorkday(at)) left--;
  }
  return at;
}

/** Real messages from 2014 on, or as many made up, with times and replies. */
function messages() {
  const loaded = loadMessages(MADE_UP);
  if (loaded.isReal) return { isReal: true, messages: loaded.messages.filter((one) => one.posted_at >= '2014') };
  const start = Date.parse('2014-03-01T00:00:00Z');
  loaded.messages.forEach((one, i) => {
    const posted = start + i * 6.1 * 86400000 + (i % 86400) * 1000;
    const time = (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
    one.posted_at = time(posted);
    one.replied_at = time(posted + ((i * 7) % 15) * 43200000 + 60000);
  });
  return loaded;
}

async function verdicts(client, session, port) {
  const { isReal, messages: all } = messages();
  const rows = [['no', 'title', 'posted_at', 'content', 'reply', 'replied_at'],
    ...all.map((one) => [one.no, [...one.title].slice(0, 60).join(''), one.posted_at, one.content, one.reply, one.replied_at])];
  const sent = await bring(port, session, Buffer.from(csv(rows)), {
    map: 'received_at:posted_at,dispatched_at:posted_at,reply_text:reply', set: 'channel:web,lead_unit:office',
  });
  assert.equal(sent.status, 201, JSON.stringify(sent.body));
  const done = await over(client, session, sent.body.id);
  assert.equal(done.state, 'done', JSON.stringify(done));
  assert.equal(done.tickets, all.length);

  const tickets = new Map((await allTickets(client, session)).map((ticket) => [ticket.no, ticket]));
  let late = 0;
  let different = 0;
  for (const one of all) {
    const ticket = tickets.get(one.no);
    const due = dueDate(one.posted_at.slice(0, 10), 3);
    const isLate = one.replied_at.slice(0, 10) > due;
    late += isLate ? 1 : 0;
    if (ticket.effective_due_at !== `${due}T23:59:59+08:00` || (ticket.overdue_at !== null) !== isLate || ticket.state !== 'closed') different++;
  }
  assert.equal(different, 0);

  // The trail: one event that tells the times as they were; the chain is whole (check_store).
  const events = await client.call(session, 'GET', `/api/v1/tickets/${all[0].no}/events`);
  assert.equal(events.body.items.length, 1);
  assert.equal(events.body.items[0].type, 'ticket_imported');

  // The same file again is the same import.
  const again = await bring(port, session, Buffer.from(csv(rows)), { set: 'channel:web,lead_unit:office' });
  assert.equal(`${again.status} ${again.body.id}`, `200 ${sent.body.id}`);
  console.log(`${all.length} ${isReal ? 'real' : 'made-up'} messages from 2014 on: ${all.length - late} in time, ${late} late, ${different} differing verdicts`);
}

// --- Twenty faults ---------------------------------------------------------------------------

const HEAD = ['工单编号', '渠道', '受理时间', '内容', '承办单位', '交办时间', '回复时间', '回复内容', '电话', '满意度', '上级平台', '上级编号'];
const good = (i) => [`OLD-${i}`, '热线电话', '2019-04-25 09:00', `第${i}件`, 'office', '2019-04-25 10:00', '2019-04-28 10:00', '已办', '13800001234', '满意', '', ''];

async function twentyFaults(client, session, port) {
  const plant = (i, at, text, field, code) => ({ i, at, text, field, code });
  const planted = [
    plant(3, 0, 'a/b', 'no', 'field.invalid'), plant(5, 0, 'OLD-2', 'no', 'field.duplicate'),
    plant(7, 1, '', 'channel', 'field.missing'), plant(9, 1, '飞鸽', 'channel', 'field.unlisted'),
    plant(11, 2, '', 'received_at', 'field.missing'), plant(13, 2, '25/4/2019', 'received_at', 'field.time'),
    plant(15, 2, '2019-02-30', 'received_at', 'field.time'), plant(17, 3, '', 'content', 'field.missing'),
    plant(19, 3, '长'.repeat(10001), 'content', 'field.too_long'), plant(21, 4, '没有这个局', 'lead_unit', 'field.unlisted'),
    plant(23, 4, '', 'lead_unit', 'field.missing'), plant(25, 5, '', 'dispatched_at', 'field.missing'),
    plant(27, 5, '2019-04-24 10:00', 'dispatched_at', 'field.order'), plant(29, 6, '2019-04-25 09:30', 'replied_at', 'field.order'),
    plant(31, 6, '2099-01-01', 'replied_at', 'field.future'), plant(33, 7, '', 'reply_text', 'field.missing'),
    plant(35, 8, '12', 'petitioner_phone', 'field.phone'), plant(37, 9, '还行', 'satisfaction', 'field.choice'),
    plant(39, 10, 'city', 'upstream_no', 'field.missing'), plant(41, 11, '7788', 'upstream', 'field.missing'),
  ];
  const rows = [HEAD];
  for (let i = 2; i <= 60; i++) rows.push(good(i));
  for (const fault of planted) rows[fault.i - 1][fault.at] = fault.text;
  const bytes = Buffer.from(csv(rows));

  const sent = await bring(port, session, bytes, { dry_run: 'true' });
  assert.equal(sent.status, 201, JSON.stringify(sent.body));
  const checked = await over(client, session, sent.body.id);
  assert.equal(`${checked.state} ${checked.rows_bad} ${checked.rows_good} ${checked.tickets}`, 'checked 20 39 0');
  const found = new Map(checked.items.map((fault) => [`${fault.row} ${fault.field}`, fault.code]));
  for (const fault of planted) assert.equal(found.get(`${fault.i} ${fault.field}`), fault.code, `row ${fault.i}`);
  assert.equal(new Set(checked.items.map((fault) => fault.row)).size, 20);
  assert.ok(!JSON.stringify(checked).includes('没有这个局')); // what was typed is not repeated

  // A real run of it changes nothing, unless the good rows are asked for.
  const before = (await allTickets(client, session)).length;
  const refused = await over(client, session, (await bring(port, session, bytes, {})).body.id);
  assert.equal(`${refused.state} ${refused.tickets}`, 'refused 0');
  assert.equal((await allTickets(client, session)).length, before);
  const skipped = await over(client, session, (await bring(port, session, bytes, { skip_bad: 'true' })).body.id);
  assert.equal(`${skipped.state} ${skipped.tickets}`, 'done 39');
  assert.equal((await allTickets(client, session)).length, before + 39);
  console.log(`${planted.length} planted faults: each row named with field and reason; 0 others`);
}

// --- Many rows, others at work, a kill in the middle --------------------------------------------

function quantile(times, q) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
}

/** So many at once, the others after them, in the order in which they came. */
function turns(free) {
  const waiting = [];
  return {
    take: () => (free > 0 ? void free-- : new Promise((resolve) => { waiting.push(resolve); })),
    give: () => { if (waiting.length > 0) waiting.shift()(); else free++; },
  };
}

/**
 * Eight people read lists and tickets, each ninth request writes one; until told to stop, or so
 * many reads. While two of them are answered the others think.
 */
function office(port, session, enough = Infinity) {
  const turn = turns(AT_ONCE);
  const state = { reads: [], writes: [], isOver: false };
  const paths = ['/api/v1/tickets?limit=50', '/api/v1/tickets?state=received&limit=50', '/api/v1/inbox', '/api/v1/tickets?sort=due&limit=50'];
  state.work = Array.from({ length: CLIENTS }, async (_, n) => {
    const client = new Client(port);
    for (let i = n; !state.isOver && state.reads.length < enough; i++) {
      await turn.take();
      const began = performance.now();
      try {
        if (i % 9 === 0) {
          const reply = await client.write(session, '/api/v1/tickets', { channel: 'phone', content: `办公期间第${i}件` });
          assert.equal(reply.status, 201);
          state.writes.push(performance.now() - began);
        } else {
          const reply = await client.call(session, 'GET', paths[i % paths.length]);
          assert.equal(reply.status, 200);
          state.reads.push(performance.now() - began);
        }
      } catch (error) {
        if (!state.isOver || error.code === 'ERR_ASSERTION') throw error;
      } finally {
        turn.give();
      }
    }
    client.close();
  });
  state.stop = async () => { state.isOver = true; await Promise.all(state.work); };
  return state;
}

function manyRows() {
  const head = ['渠道', '受理时间', '标题', '内容', '承办单位', '交办时间', '回复时间', '回复内容', '姓名', '电话', '满意度'];
  const rows = [head];
  const text = '经现场核实，情况属实，已安排人员处理，并将结果告知来电人。'.repeat(ROWS > 40000 ? 2 : 6); // the file stays below the limit
  for (let i = 0; i < ROWS; i++) {
    const day = new Date(Date.UTC(2015, 0, 1) + Math.floor((i * 1800) / ROWS) * 86400000).toISOString().slice(0, 10);
    const later = new Date(Date.parse(day) + (i % 12) * 86400000).toISOString().slice(0, 10);
    rows.push(['热线电话', `${day} 08:${String(i % 60).padStart(2, '0')}:00`, `第${i}件旧事`, `第${i}件：${text}`, 'office',
      `${day} 09:00:00`, `${later} 16:00:00`, `第${i}件答复：${text}`, `张${i}`, `138${String(i).padStart(8, '0')}`, i % 3 === 0 ? '满意' : '']);
  }
  return Buffer.from(csv(rows));
}

async function manyWhileOthersWork(directory, first, session) {
  let server = first;
  let client = new Client(server.port);
  const before = office(server.port, session, process.env.LEDGER_ROWS ? 4000 : 800);
  await Promise.all(before.work);

  const bytes = manyRows();
  const during = office(server.port, session);
  const began = performance.now();
  const sent = await bring(server.port, session, bytes, {});
  assert.equal(sent.status, 201, JSON.stringify(sent.body));
  let seen;
  do {
    seen = await show(client, session, sent.body.id);
    const old = await client.call(session, 'GET', '/api/v1/tickets?received_from=2015-01-01&received_to=2015-01-05&channel=phone&limit=1');
    if (seen.state === 'reading') assert.equal(old.body.items.length, 0, 'staged rows are not seen');
  } while (seen.state === 'reading' && seen.rows_read < ROWS / 2);
  during.isOver = true;
  const wasReading = seen.state === 'reading';
  await server.stop('SIGKILL');
  await during.stop();
  client.close();

  server = await start(directory.path, ['--log-level', 'info']);
  client = new Client(server.port);
  const resumed = await show(client, session, sent.body.id);
  if (wasReading) assert.ok(resumed.rows_read >= seen.rows_read, 'what was staged is still there');
  const after = office(server.port, session);
  const done = await over(client, session, sent.body.id);
  const seconds = (performance.now() - began) / 1000;
  await after.stop();
  assert.equal(`${done.state} ${done.tickets} ${done.rows_bad}`, `done ${ROWS} 0`);

  const old = await allTickets(client, session, '&received_from=2015-01-01&received_to=2020-01-31&channel=phone');
  const ours = old.filter((ticket) => ticket.title.endsWith('件旧事'));
  assert.equal(ours.length, ROWS);
  assert.equal(new Set(ours.map((ticket) => ticket.no)).size, ROWS);
  client.close();
  const commit = /"event":"import_finished".*?"commit_ms":(\d+)/.exec(server.log())?.[1];
  await server.stop();
  const reads = [...during.reads, ...after.reads];
  const writes = [...during.writes, ...after.writes];
  console.log(`${ROWS} rows (${(bytes.length / 1e6).toFixed(1)} MB) while ${CLIENTS} clients worked, killed at row ${seen.rows_read}${wasReading ? '' : ' (it was over)'}, `
    + `resumed by itself: ${ROWS} tickets, 0 seen before the end; ${seconds.toFixed(1)} s, last commit ${commit} ms`);
  console.log(`read p99 ${quantile(reads, 0.99).toFixed(1)} ms of ${reads.length} against ${quantile(before.reads, 0.99).toFixed(1)} ms of ${before.reads.length} without; `
    + `write p99 ${quantile(writes, 0.99).toFixed(1)} (longest ${Math.max(...writes).toFixed(0)}) against ${quantile(before.writes, 0.99).toFixed(1)} ms`);
}

async function main() {
  const directory = makeDirectory();
  let server;
  try {
    run(['user', 'add', '--data', directory.path, '--login', 'clerk', '--name', 'clerk', '--unit', 'office', '--role', 'clerk',
      '--password-stdin'], `${PASSWORD}\n`);
    server = await start(directory.path);
    const client = new Client(server.port);
    const session = await client.signIn('clerk', PASSWORD);
    await verdicts(client, session, server.port);
    await twentyFaults(client, session, server.port);
    client.close();
    await manyWhileOthersWork(directory, server, session);
    server = null;
    const inside = spawnSync(process.env.CHECK_STORE, [directory.path], { encoding: 'utf8', env: environment });
    assert.equal(inside.status, 0, inside.stdout + inside.stderr);
    console.log(inside.stdout.trim());
    console.log('3 passed, 0 failed');
  } finally {
    await server?.stop('SIGKILL');
    directory.remove();
  }
}

main().catch((error) => {
  console.error(error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
