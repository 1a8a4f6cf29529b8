// bench.mjs - ratios inside one run: all sides interleaved, five rounds, medians.
// Usage: node bench.mjs PART...; see docs/PERFORMANCE.md for what the figures mean.
import { appendFileSync, closeSync, constants, cpSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { spawn, spawnSync, execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { resolve } from 'node:path';
import { Client, environment, makeDirectory, run } from '../journeys/server.mjs';

const BUILD = process.env.BUILD ?? 'build';
const N = Number(process.env.N ?? 10_000); // tickets, where many are wanted
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SECONDS = Number(process.env.SECONDS ?? 2);
const THREADS = ['--http-threads', '4']; // the default, and as many for the bare server
const POLL_MS = 500; // between two looks whether all is done
const READERS_PAUSE_MS = 2; // four of them then read 1,800 times a second
const PASSWORD = 'bench-password-1';
const TICK_US = 1e6 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const children = new Set();

/** User and system time of a process so far, in microseconds. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

/** Start a server that prints where it listens. */
function serve(command, args, env = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...environment, ...env } });
  children.add(child);
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => { children.delete(child); reject(new Error(`${command} ended: ${code}`)); });
    let out = '';
    child.stdout.on('data', (data) => {
      out += data;
      const found = /127\.0\.0\.1:(\d+)/.exec(out);
      if (found) resolve({ pid: child.pid, port: Number(found[1]), stop: () => new Promise((done) => { child.removeAllListeners('exit'); child.on('exit', done); child.kill(); children.delete(child); }) });
    });
  });
}

/** A server of ours with one clerk signed in, another who is not, and some tickets. */
async function yidan(flags = [], env = {}, tickets = 200) {
  const directory = makeDirectory();
  for (const login of ['clerk', 'other'])
    run(['user', 'add', '--data', directory.path, '--login', login, '--name', login, '--unit', 'office', '--role', 'clerk', '--password-stdin'], `${PASSWORD}\n`);
  const server = await serve(`${BUILD}/yidan`, ['serve', '--data', directory.path, '--listen', '127.0.0.1:0', '--log-level', 'error', ...THREADS, ...flags], env);
  const client = new Client(server.port);
  const session = await client.signIn('clerk', PASSWORD);
  let no = '';
  for (let i = 0; i < tickets; i++) {
    const reply = await client.write(session, '/api/v1/tickets', {
      channel: 'phone', content: `第${i}件：东街路灯已有一周不亮，老人孩子晚上出行很不方便。`, petitioner: { name: '测试', phone: '13900001111' },
    });
    if (reply.status !== 201) throw new Error(JSON.stringify(reply.body));
    no = reply.body.no;
  }
  client.close();
  return { ...server, session, no, stop: async () => { await server.stop(); directory.remove(); } };
}

function wrk(port, path, connections, { session, mode = 'get', seconds = SECONDS, pauseMs } = {}) {
  const env = { ...process.env, MODE: mode, RUN: randomUUID() };
  if (pauseMs) env.PAUSE_MS = String(pauseMs);
  if (session) Object.assign(env, { COOKIE: session.cookie, CSRF: session.csrf });
  const threads = Math.min(2, connections);
  const child = spawn('wrk', ['-t', String(threads), '-c', String(connections), '-d', `${seconds}s`, '--latency',
    '-s', new URL('load.lua', import.meta.url).pathname, `http://127.0.0.1:${port}${path}`], { stdio: ['ignore', 'pipe', 'inherit'], env });
  return new Promise((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (data) => { out += data; });
    child.on('exit', () => {
      const found = /RESULT (\d+) ([\d.]+) (\d+) (\d+) (\d+)/.exec(out);
      if (!found) return reject(new Error(out));
      const [requests, took, failed, p50, p99] = found.slice(1).map(Number);
      if (failed > 0) return reject(new Error(`${failed} of ${requests} failed: ${path}`));
      return resolve({ requests, rate: requests / took, p50, p99 });
    });
  });
}

/** One measured side: rate and CPU microseconds of the server a request. */
async function measure(server, path, connections, options) {
  const before = cpuOf(server.pid);
  const result = await wrk(server.port, path, connections, options);
  return { ...result, cpu: (cpuOf(server.pid) - before) / result.requests };
}

async function interleaved(sides) {
  const all = sides.map(() => []);
  for (let round = 0; round < ROUNDS; round++)
    for (let i = 0; i < sides.length; i++) all[i].push(await sides[i]());
  return all;
}

const results = [];
function report(goal, name, value, met, detail) {
  results.push([new Date().toISOString(), goal, name, value.toFixed(3), met ? 'met' : 'not met', detail]);
  console.log(`${String(goal).padEnd(3)}${name.padEnd(48)} ${value.toFixed(3).padStart(8)}  ${met ? 'met' : 'NOT MET'}  ${detail}`);
}

/** Ours against the other side, paired round by round. */
const ratios = (ours, theirs, key) => median(ours.map((r, i) => r[key] / theirs[i][key]));

async function against(goal, name, path, rateGoal, cpuGoal, needsSession, stretch) {
  const bare = await serve(`${BUILD}/tests/bench/bare`, [THREADS[1]]);
  const server = await yidan();
  const target = path(server);
  const session = needsSession ? server.session : undefined;
  const [ours, theirs] = await interleaved([
    () => measure(server, target, 32, { session }), () => measure(bare, '/', 32, {}),
  ]);
  const rate = ratios(ours, theirs, 'rate');
  const cpu = ratios(ours, theirs, 'cpu');
  report(goal, name, rate, rate >= rateGoal || (cpuGoal && cpu <= cpuGoal),
    `rate ≥ ${rateGoal}${stretch ? ` (stretch ${stretch})` : ''}; CPU ${cpu.toFixed(2)} ×${cpuGoal ? ` ≤ ${cpuGoal}` : ''}; ${median(ours.map((r) => r.rate)).toFixed(0)}/s against ${median(theirs.map((r) => r.rate)).toFixed(0)}/s`);
  await server.stop();
  await bare.stop();
}

const slow = (us) => (us > 0 ? { LD_PRELOAD: resolve(BUILD, 'tests/bench/slow_sync.so'), SYNC_US: String(us) } : {});

async function writes(goal, us, least, stretch) {
  const batched = await yidan([], slow(us));
  const single = await yidan(['--writer-batch', '1'], slow(us), 20);
  const create = (server) => () => measure(server, '/api/v1/tickets', 64, { session: server.session, mode: 'create' });
  const [ours, theirs] = await interleaved([create(batched), create(single)]);
  const rate = ratios(ours, theirs, 'rate');
  report(goal, `durable create, 64 clients, flush +${us} µs`, rate, rate >= least,
    `≥ ${least} × one commit a request${stretch ? ` (stretch ${stretch})` : ''}; ${median(ours.map((r) => r.rate)).toFixed(0)}/s against ${median(theirs.map((r) => r.rate)).toFixed(0)}/s`);
  await batched.stop();
  await single.stop();
}

async function oneClient() {
  const server = await yidan();
  const directory = makeDirectory();
  run(['init', '--data', directory.path]);
  // Both sides' tables grow from round to round.
  const direct = async () => JSON.parse(spawnSync(`${BUILD}/tests/bench/direct`,
    [`${directory.path}/yidan.db`, String(SECONDS)], { encoding: 'utf8' }).stdout);
  const [ours, theirs] = await interleaved([
    () => measure(server, '/api/v1/tickets', 1, { session: server.session, mode: 'create' }), direct,
  ]);
  const rate = ratios(ours, theirs, 'rate');
  report(6, 'durable create, one client', rate, rate >= 0.6, `≥ 0.6 × the direct commit; ${median(ours.map((r) => r.rate)).toFixed(0)}/s against ${median(theirs.map((r) => r.rate)).toFixed(0)}/s`);
  await server.stop();
  directory.remove();
}

async function mixed(us) {
  const server = await yidan([], slow(us));
  const read = () => wrk(server.port, `/api/v1/tickets/${server.no}`, 4, { session: server.session });
  const busyRead = async () => {
    const writing = wrk(server.port, '/api/v1/tickets', 32, { session: server.session, mode: 'create', seconds: SECONDS + 1 });
    const result = await read();
    await writing;
    return result;
  };
  const [idle, busy] = await interleaved([read, busyRead]);
  const ratio = ratios(busy, idle, 'p99');
  report(7, `read p99 under saturated writes, flush +${us} µs`, ratio, ratio <= 4,
    `≤ 4 × idle; ${median(busy.map((r) => r.p99))} µs against ${median(idle.map((r) => r.p99))} µs`);
  await server.stop();
}

/** One who listens; ready when its counts have come, and counts the events it is told. */
function listen(server) {
  return new Promise((resolve, reject) => {
    const listener = { told: 0, isReady: false };
    listener.socket = net.connect(server.port, '127.0.0.1', () => listener.socket.write(
      `GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${server.session.cookie}\r\n\r\n`));
    listener.socket.on('error', reject);
    listener.socket.on('data', (bytes) => {
      for (let at = bytes.indexOf('event: '); at >= 0; at = bytes.indexOf('event: ', at + 1)) listener.told++;
      if (!listener.isReady && bytes.includes('event: counts')) { listener.isReady = true; resolve(listener); }
    });
  });
}

/** Reads while tickets come in steadily, with 500 who are told of each and with nobody. */
async function streams() {
  const LISTENERS = 500;
  const WRITE_MS = 100;
  const server = await yidan(['--streams-per-user', '1000']);
  const client = new Client(server.port);
  const read = async () => {
    const writes = [];
    const timer = setInterval(() => writes.push(client.write(server.session, '/api/v1/tickets', {
      channel: 'phone', content: '东街路灯已有一周不亮，老人孩子晚上出行很不方便。', petitioner: { name: '测试', phone: '13900001111' },
    })), WRITE_MS);
    const result = await wrk(server.port, `/api/v1/tickets/${server.no}`, 4, { session: server.session });
    clearInterval(timer);
    await Promise.all(writes);
    return result;
  };
  let told = 0;
  const heard = async () => {
    const all = await Promise.all(Array.from({ length: LISTENERS }, () => listen(server)));
    const result = await read();
    told += all.reduce((sum, one) => sum + one.told, 0);
    for (const { socket } of all) socket.destroy();
    return result;
  };
  const [alone, beside] = await interleaved([read, heard]);
  const ratio = ratios(beside, alone, 'p99');
  report(16, `read p99 with ${LISTENERS} listeners`, ratio, ratio <= 1.5,
    `≤ 1.5 × none; ${median(beside.map((r) => r.p99))} µs against ${median(alone.map((r) => r.p99))} µs; ${told} events told`);
  client.close();
  await server.stop();
}

/** Reads as of people while others sign in as fast as they can: their passwords take both cores. */
async function logins() {
  const STORM = 8;
  const server = await yidan();
  const read = () => wrk(server.port, `/api/v1/tickets/${server.no}`, 4, { session: server.session, pauseMs: READERS_PAUSE_MS });
  let signedIn = 0;
  const stormy = async () => {
    let isOver = false;
    const storm = Promise.all(Array.from({ length: STORM }, async () => {
      const client = new Client(server.port);
      for (; !isOver; signedIn++) await client.signIn('other', PASSWORD); // a session more ends that user's oldest
      client.close();
    }));
    const result = await read();
    isOver = true;
    await storm;
    return result;
  };
  const [idle, busy] = await interleaved([read, stormy]);
  const ratio = ratios(busy, idle, 'p99');
  report(13, 'read p99 during a storm of sign-ins', ratio, ratio <= 3,
    `≤ 3 × idle; ${median(busy.map((r) => r.p99))} µs against ${median(idle.map((r) => r.p99))} µs; ${signedIn} signed in`);
  await server.stop();
}

/**
 * A directory with N tickets, made by the product's own commands (county.c): a copy of the one
 * at COUNTY if it is named, which is made when it is not there and kept.
 */
function county(extra) {
  const kept = process.env.COUNTY;
  if (!kept) return fill(makeDirectory(), extra);
  if (!existsSync(`${kept}/yidan.db`)) fill({ path: kept }, extra);
  const directory = makeDirectory();
  cpSync(kept, directory.path, { recursive: true });
  return directory;
}

function fill(directory, extra) {
  run(['init', '--data', directory.path]);
  run(['user', 'add', '--data', directory.path, '--login', 'super', '--name', 'super', '--unit', 'office', '--role', 'supervisor', '--password-stdin'], `${PASSWORD}\n`);
  const made = spawnSync(`${BUILD}/tests/bench/county`, [directory.path, String(N), ...extra], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  console.log(`   ${N} tickets in ${JSON.parse(made.stdout).seconds} s`);
  return directory;
}

/** From the start of the program to its first answer, and what it holds when nobody asks. */
async function startUp() {
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

async function dashboard() {
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
async function sweep(pauseMs) {
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

const parts = {
  raw: () => against(1, 'static answer through the whole server', () => '/healthz', 0.9, null, false),
  get: () => against(2, 'ticket by number, signed in', (server) => `/api/v1/tickets/${server.no}`, 0.4, 2.4, true, 0.48),
  list: () => against(3, 'list of 50, signed in', () => '/api/v1/tickets', 0.18, 5.5, true, 0.22),
  write: async () => {
    if (process.env.C === '1') return oneClient();
    if (process.env.SYNC_US) return writes(5, Number(process.env.SYNC_US), 12);
    await writes(4, 0, 4, 6);
    await writes(5, 5000, 12);
    return oneClient();
  },
  stream: streams,
  login: logins,
  mixed: async () => { await mixed(0); await mixed(5000); },
};
/* Need many tickets, so they are asked for by name. */
const large = { dash: dashboard, start: startUp, sweep: async () => { await sweep(READERS_PAUSE_MS); await sweep(0); } };

const wanted = process.argv.slice(2);
const list = wanted[0] === 'all' || wanted.length === 0 ? Object.keys(parts) : wanted;
try {
  for (const part of list) {
    const measured = parts[part] ?? large[part];
    if (!measured) throw new Error(`no such part: ${part}; there are ${Object.keys({ ...parts, ...large }).join(', ')}`);
    await measured();
  }
  const history = new URL('history.tsv', import.meta.url).pathname;
  mkdirSync(new URL('.', import.meta.url).pathname, { recursive: true });
  appendFileSync(history, results.map((row) => `${row.join('\t')}\n`).join(''));
} finally {
  for (const child of children) child.kill();
}
