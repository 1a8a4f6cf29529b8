// many.mjs - what is measured with many tickets: the board, every list, the start, a sweep.
import { closeSync, constants, cpSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { Client, makeDirectory, run } from '../journeys/server.mjs';
import { BUILD, N, PASSWORD, ROUNDS, SECONDS, THREADS, interleaved, median, report, serve, wrk } from './sides.mjs';

const POLL_MS = 500; // between two looks whether all is done

/**
 * A directory with N tickets, made by the product's own commands (county.c): a copy of the one
 * at COUNTY if it is named, which is made when it is not there and kept.
 */
function county(extra, count = N) {
  const kept = process.env.COUNTY;
  if (!kept || count !== N) return fill(makeDirectory(), extra, count);
  if (!existsSync(`${kept}/yidan.db`)) fill({ path: kept }, extra, count);
  const directory = makeDirectory();
  cpSync(kept, directory.path, { recursive: true });
  return directory;
}

function fill(directory, extra, count) {
  run(['init', '--data', directory.path]);
  run(['user', 'add', '--data', directory.path, '--login', 'super', '--name', 'super', '--unit', 'office', '--role', 'supervisor', '--password-stdin'], `${PASSWORD}\n`);
  const made = spawnSync(`${BUILD}/tests/bench/county`, [directory.path, String(count), ...extra], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  console.log(`   ${count} tickets in ${JSON.parse(made.stdout).seconds} s`);
  return directory;
}

/** From the start of the program to its first answer, and what it holds when nobody asks. */
export async function startUp() {
  const directory = county([]);
  const starts = [];
  for (let i = 0; i < ROUNDS; i++) {
    const began = performance.now();
    const server = await serve(`${BUILD}/yidan`, ['serve', '--data', directory.path, '--listen', '127.0.0.1:0', '--log-level', 'error', ...THREADS]);
    if (!(await fetch(`http://127.0.0.1:${server.port}/readyz`)).ok) throw new Error('not ready');
    const seconds = (performance.now() - began) / 1000;
    await new Promise((done) => setTimeout(done, SECONDS * 1000));
    const mb = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024;
    starts.push({ seconds, mb });
    await server.stop();
  }
  const [seconds, mb] = ['seconds', 'mb'].map((key) => median(starts.map((one) => one[key])));
  report(14, `start with ${N} tickets`, seconds, seconds <= 2, '≤ 2 s to the first answer');
  report(14, `memory with ${N} tickets, idle`, mb, mb <= 32, '≤ 32 MB resident');
  directory.remove();
}

/** What the board and a month would cost without summaries: milliseconds, the best of three. */
function aggregates(directory) {
  const time = (sql) => Math.min(...[1, 2, 3].map(() => {
    const began = performance.now();
    const done = spawnSync('sqlite3', ['-readonly', `${directory}/yidan.db`, sql], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(done.stderr);
    return performance.now() - began;
  }));
  const each = (sql) => (time(sql.repeat(11)) - time(sql)) / 10; // without the shell's start
  const board = each(`SELECT lead_unit_id, state, light, count(*) FROM ticket GROUP BY 1, 2, 3;
    SELECT (received_at + 28800) / 86400, count(*) FROM ticket GROUP BY 1 ORDER BY 1 DESC LIMIT 30;
    SELECT (closed_at + 28800) / 86400, count(*) FROM ticket WHERE closed_at > 0 GROUP BY 1 ORDER BY 1 DESC LIMIT 30;
    SELECT category, count(*) FROM ticket GROUP BY 1;`);
  const month = each(`SELECT unit_id, count(*), sum(assignment.overdue_at = 0), sum(assignment.ended_at = 0) FROM assignment
    JOIN ticket ON ticket.id = assignment.ticket_id WHERE is_counted = 1 GROUP BY 1, ticket.channel;`);
  return { board, month };
}

export async function dashboard() {
  const directory = county([]);
  const server = await serve(`${BUILD}/yidan`, ['serve', '--data', directory.path, '--listen', '127.0.0.1:0', '--log-level', 'error', ...THREADS]);
  const client = new Client(server.port);
  const session = await client.signIn('super', PASSWORD);
  const month = new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 7);
  const live = aggregates(directory.path);
  for (const [name, path, ms] of [['board', '/api/v1/dashboard', live.board], ['month table', `/api/v1/reports/monthly?month=${month}`, live.month]]) {
    const [rounds] = await interleaved([() => wrk(server.port, path, 1, { session })]);
    const [p50, p99] = ['p50', 'p99'].map((key) => median(rounds.map((r) => r[key])) / 1000);
    report(10, `${name} at ${N} tickets`, p50 / ms, p50 / ms <= 0.05 && p99 < 20, `≤ 0.05 × the aggregate; ${p50.toFixed(2)} ms against ${ms.toFixed(0)} ms, p99 ${p99.toFixed(2)} ms < 20`);
  }
  client.close();
  await server.stop();
  directory.remove();
}

/**
 * N deadlines in one second of a clock that is a file; reads go on meanwhile, on 4 connections
 * with a pause after each answer or, without one, as fast as the two cores give them.
 */
export async function sweep(pauseMs) {
  const at = (text) => Date.parse(`${text}+08:00`) / 1000;
  const directory = county([String(at('2026-06-01T10:00:00')), String(at('2026-06-08T23:00:00'))]);
  const clock = `${directory.path}/clock`;
  const set = (text) => {
    const ahead = Buffer.alloc(8);
    new BigInt64Array(ahead.buffer, ahead.byteOffset, 1)[0] = BigInt(at(text) - Math.floor(Date.now() / 1000));
    const file = openSync(clock, constants.O_RDWR | constants.O_CREAT); // in place: the server has it mapped
    writeSync(file, ahead, 0, 8, 0);
    closeSync(file);
  };
  set('2026-06-08T23:59:00');
  const server = await serve(`${BUILD}/yidan`, ['serve', '--data', directory.path, '--listen', '127.0.0.1:0', '--log-level', 'error', '--timer-max-wait-ms', '50', ...THREADS],
    { LD_PRELOAD: resolve(BUILD, 'tests/bench/moved_clock.so'), CLOCK_AHEAD: clock });
  const client = new Client(server.port);
  const session = await client.signIn('super', PASSWORD);
  const read = () => wrk(server.port, '/api/v1/tickets?limit=1', 4, { session, pauseMs });
  const red = async () => (await client.call(session, 'GET', '/api/v1/dashboard')).body.figures.find((one) => one.id === 'red').value;
  const idle = [];
  for (let i = 0; i < ROUNDS; i++) idle.push((await read()).p99);
  if (await red() !== 0) throw new Error('something was due before its time');
  const began = performance.now();
  set('2026-06-09T00:00:01');
  const busy = [];
  let took = 0;
  const reading = (async () => { while (took === 0) busy.push((await read()).p99); })();
  while (await red() < N) await new Promise((done) => setTimeout(done, POLL_MS)); // a board costs more than the reads
  took = (performance.now() - began) / 1000;
  await reading;
  const readers = pauseMs ? `readers who pause ${pauseMs} ms` : 'readers who never pause';
  report(12, `${N} overdue at once, ${readers}`, took, took <= 10 * N / 100_000, `≤ 10 s for 100,000; ${(took * 1e6 / N).toFixed(0)} µs a ticket`);
  const ratio = median(busy) / median(idle);
  report(12, `read p99 of ${readers}`, ratio, ratio <= 4, `≤ 4 × idle; ${median(busy)} µs (at most ${Math.max(...busy)}) against ${median(idle)} µs (at most ${Math.max(...idle)})`);
  client.close();
  await server.stop();
  directory.remove();
}

/* What each role of an office looks at all day; {no} is a ticket, {month} a whole month that is over. */
const LOOKS = {
  super: [
    '/inbox', '/tickets', '/tickets?limit=200', '/tickets/{no}', '/tickets/{no}/events', '/tickets/{no}/attachments', '/tickets/{no}/views',
    '/dashboard', '/urges', '/supervisions', '/instructions', '/extensions', '/returns', '/promises', '/callbacks', '/accountability',
    '/reports/assessment?from={month}-01&to={month}-28', '/reports/monthly?month={month}', '/reports/brief', '/reports/published', '/bulletins',
    '/units', '/categories', '/areas', '/calendar',
  ],
  clerk: ['/inbox', '/tickets', '/tickets/{no}', '/calls', '/imports', '/exports', '/tickets/preview-due?channel=phone', '/public/replies'],
  handler: ['/inbox', '/tickets', '/reports/assessment/months'],
  auditor: ['/audit', '/audit?type=created', '/tickets/{no}/views'],
};

/** A server on a county with somebody of each role signed in. */
async function staffed(directory) {
  const people = { clerk: ['office', 'clerk'], handler: ['U01', 'handler'], auditor: ['office', 'auditor'] };
  for (const [login, [unit, role]] of Object.entries(people))
    run(['user', 'add', '--data', directory.path, '--login', login, '--name', login, '--unit', unit, '--role', role, '--password-stdin'], `${PASSWORD}\n`);
  const server = await serve(`${BUILD}/yidan`, ['serve', '--data', directory.path, '--listen', '127.0.0.1:0', '--log-level', 'error', ...THREADS]);
  const client = new Client(server.port);
  const sessions = {};
  for (const login of Object.keys(LOOKS)) sessions[login] = await client.signIn(login, PASSWORD);
  const ask = async (login, path) => (await client.call(sessions[login], 'GET', `/api/v1${path}`)).body;
  const no = (await ask('super', '/tickets?limit=1')).items[0].no;
  const month = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 7);
  const board = await ask('super', '/dashboard');
  const numbers = [...board.figures, ...board.desk, ...board.matrix.slice(0, 3).flatMap((row) => [row.green, row.yellow, row.red]),
    ...board.categories.items.slice(0, 3), ...board.trend.slice(-2).flatMap((day) => [day.received, day.closed, day.overdue]), ...board.bursts.slice(0, 2)];
  const looks = [
    ...Object.entries(LOOKS).flatMap(([login, paths]) => paths.map((path) => [login, path])),
    ...numbers.map((one) => ['super', one.href.replace('/api/v1', '')]),
  ].map(([login, path]) => ({ login, path: path.replace('{no}', no).replaceAll('{month}', month), name: `${login} ${path}` }));
  for (const { login, path } of looks) {
    const reply = await client.call(sessions[login], 'GET', `/api/v1${path}`);
    if (reply.status !== 200) throw new Error(`${login} ${path}: ${JSON.stringify(reply.body)}`);
  }
  return { ...server, sessions, looks, stop: async () => { client.close(); await server.stop(); directory.remove(); } };
}

/** Every list and detail with N tickets and with few, and how long a commit takes at worst. */
export async function scale() {
  const FEW = 10_000;
  const sides = [await staffed(county([], FEW)), await staffed(county([]))];
  const figures = [];
  for (const [i, look] of sides[1].looks.entries()) {
    const [few, all] = [sides[0].looks[i], look].map((one, side) => ({ one, side: sides[side] }));
    const asked = [];
    for (const { one, side } of [few, all]) asked.push(await wrk(side.port, `/api/v1${one.path}`, 1, { session: side.sessions[one.login], seconds: 1 }));
    figures.push({ name: look.name, p99: asked[1].p99 / 1000, ratio: asked[1].p50 / asked[0].p50, p50: asked[1].p50 / 1000 });
  }
  const slowest = figures.toSorted((a, b) => b.p99 - a.p99);
  const grown = figures.toSorted((a, b) => b.ratio - a.ratio);
  const told = (list, key) => list.slice(0, 4).map((one) => `${one.name} ${one[key].toFixed(2)}`).join(', ');
  report(11, `p99 of the slowest of ${figures.length} looks, ${N} tickets`, slowest[0].p99, slowest[0].p99 < 20, `< 20 ms; ${told(slowest, 'p99')}`);
  report(11, `the same against ${FEW} tickets, p50`, grown[0].ratio, grown[0].ratio <= 1.5, `≤ 1.5 ×; ${told(grown, 'ratio')}`);
  const commits = [];
  for (let round = 0; round < ROUNDS; round++) commits.push(await wrk(sides[1].port, '/api/v1/tickets', 1, { session: sides[1].sessions.clerk, mode: 'create' }));
  const ratio = median(commits.map((one) => one.p99 / one.p50));
  report(8, `p99 of a create against its p50, ${N} tickets`, ratio, ratio <= 4, `≤ 4 ×; ${median(commits.map((one) => one.p99))} µs against ${median(commits.map((one) => one.p50))} µs`);
  for (const side of sides) await side.stop();
}
