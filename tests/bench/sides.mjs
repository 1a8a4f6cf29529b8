// sides.mjs - what is measured: servers on fresh directories, load by wrk, ratios round by round.
import { readFileSync } from 'node:fs';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Client, environment, makeDirectory, run } from '../journeys/server.mjs';

export const BUILD = process.env.BUILD ?? 'build';
export const N = Number(process.env.N ?? 10_000); // tickets, where many are wanted
export const ROUNDS = Number(process.env.ROUNDS ?? 5);
export const SECONDS = Number(process.env.SECONDS ?? 2);
export const THREADS = ['--http-threads', '4']; // the default, and as many for the bare server
export const READERS_PAUSE_MS = 2; // four of them then read 1,800 times a second
export const PASSWORD = 'bench-password-1';
const TICK_US = 1e6 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
export const children = new Set();

/** User and system time of a process so far, in microseconds. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

/** Start a server that prints where it listens. */
export function serve(command, args, env = {}) {
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
export async function yidan(flags = [], env = {}, tickets = 200) {
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

/** wrk's figures of some seconds of reads, or of creates: rate, and latencies in microseconds. */
export function wrk(port, path, connections, { session, mode = 'get', seconds = SECONDS, pauseMs } = {}) {
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
export async function measure(server, path, connections, options) {
  const before = cpuOf(server.pid);
  const result = await wrk(server.port, path, connections, options);
  return { ...result, cpu: (cpuOf(server.pid) - before) / result.requests };
}

export async function interleaved(sides) {
  const all = sides.map(() => []);
  for (let round = 0; round < ROUNDS; round++)
    for (let i = 0; i < sides.length; i++) all[i].push(await sides[i]());
  return all;
}

export const results = [];
export function report(goal, name, value, met, detail) {
  results.push([new Date().toISOString(), goal, name, value.toFixed(3), met ? 'met' : 'not met', detail]);
  console.log(`${String(goal).padEnd(3)}${name.padEnd(48)} ${value.toFixed(3).padStart(8)}  ${met ? 'met' : 'NOT MET'}  ${detail}`);
}

/** Ours against the other side, paired round by round. */
export const ratios = (ours, theirs, key) => median(ours.map((r, i) => r[key] / theirs[i][key]));
