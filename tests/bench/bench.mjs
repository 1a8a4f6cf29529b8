// bench.mjs - ratios inside one run: all sides interleaved, five rounds, medians.
// Usage: node bench.mjs PART...; see docs/PERFORMANCE.md for what the figures mean.
import { appendFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import net from 'node:net';
import { resolve } from 'node:path';
import { Client, makeDirectory, run } from '../journeys/server.mjs';
import { BUILD, PASSWORD, READERS_PAUSE_MS, ROUNDS, SECONDS, THREADS, children, interleaved, measure, median, ratios, report, results, serve, wrk, yidan } from './sides.mjs';
import { dashboard, scale, startUp, sweep } from './many.mjs';

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
const large = { dash: dashboard, scale, start: startUp, sweep: async () => { await sweep(READERS_PAUSE_MS); await sweep(0); } };

const wanted = process.argv.slice(2);
const list = wanted[0] === 'all' || wanted.length === 0 ? Object.keys(parts) : wanted;
try {
  for (const part of list) {
    const measured = parts[part] ?? large[part];
    if (!measured) throw new Error(`no such part: ${part}; there are ${Object.keys({ ...parts, ...large }).join(', ')}`);
    await measured();
  }
  appendFileSync(new URL('history.tsv', import.meta.url).pathname, results.map((row) => `${row.join('\t')}\n`).join(''));
} finally {
  for (const child of children) child.kill();
}
