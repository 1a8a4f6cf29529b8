// server.mjs - a real server whose wall clock is a file, and a client for it.
//
// The clock stands still at the second in the file until the file is replaced;
// the monotonic clock is the real one, so waits and time limits work.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';

const PATIENCE_MS = 20000; // for anything that has to happen
const POLL_MS = 5;
const TIMER_WAIT_MS = 50;
export const PASSWORD = 'a clock of paper';
const FIRST_PASSWORD = 'a clock of sand'; // whoever is given one chooses another

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Ask until the answer is true; an error that says what was waited for otherwise. */
export async function until(what, ask) {
  const limit = performance.now() + PATIENCE_MS;
  for (;;) {
    if (await ask()) return;
    if (performance.now() > limit) throw new Error(`waited in vain: ${what}`);
    await pause(POLL_MS);
  }
}

async function freePort() {
  const probe = createServer();
  await new Promise((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

export class Server {
  constructor(binary, library) {
    this.binary = binary;
    this.folder = mkdtempSync(join(tmpdir(), 'yidan-clock-'));
    this.clockFile = join(this.folder, 'clock');
    this.data = join(this.folder, 'var');
    this.environment = {
      PATH: process.env.PATH,
      TZ: 'UTC',
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: this.clockFile,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_RESET: '1',
    };
    this.log = openSync(join(this.folder, 'log'), 'a');
    this.sessions = new Map();
    this.password = PASSWORD;
  }

  /** Put the wall clock to `at`, seconds since 1970. */
  setClock(at) {
    this.now = at;
    const text = new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ');
    writeFileSync(`${this.clockFile}.new`, `${text}\n`);
    renameSync(`${this.clockFile}.new`, this.clockFile);
  }

  command(...words) {
    const result = spawnSync(this.binary, [...words, '--data', this.data], {
      env: this.environment, input: `${PASSWORD}\n`, encoding: 'utf8', timeout: PATIENCE_MS,
    });
    if (result.status !== 0) throw new Error(`${words.join(' ')}: ${result.stderr}`);
  }

  async start() {
    const port = await freePort();
    this.base = `http://127.0.0.1:${port}`;
    this.process = spawn(this.binary, ['serve', '--data', this.data, '--listen',
      `127.0.0.1:${port}`, '--timer-max-wait-ms', String(TIMER_WAIT_MS)],
    { env: this.environment, stdio: ['ignore', 'ignore', this.log] });
    this.ended = new Promise((done) => this.process.on('exit', (code) => done(code)));
    await until('the server answers', async () => {
      try {
        return (await fetch(`${this.base}/readyz`)).status === 200;
      } catch {
        return false;
      }
    });
  }

  async stop(signal = 'SIGTERM') {
    this.process.kill(signal);
    await this.ended;
  }

  remove() {
    rmSync(this.folder, { recursive: true });
  }

  async signIn(login, password = this.password) {
    const reply = await fetch(`${this.base}/api/v1/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
      body: JSON.stringify({ login, password }),
    });
    if (reply.status !== 200) throw new Error(`sign in ${login}: ${await reply.text()}`);
    const session = {
      cookie: reply.headers.get('set-cookie').split(';')[0], csrf: (await reply.json()).csrf,
    };
    this.sessions.set(login, session);
    return session;
  }

  /** A user made by `by`, who has chosen the password that signIn() knows. */
  async addUser(by, user) {
    await this.call(by, 'POST', '/users', { ...user, password: FIRST_PASSWORD });
    await this.signIn(user.login, FIRST_PASSWORD);
    await this.call(user.login, 'POST', '/me/password',
      { password: FIRST_PASSWORD, new_password: PASSWORD });
  }

  /** One request; signs in again when the clock has ended the session. */
  async call(login, method, path, body) {
    let session = this.sessions.get(login) ?? await this.signIn(login);
    for (let attempt = 0; ; attempt++) {
      const headers = { Cookie: session.cookie };
      if (body !== undefined) {
        headers['Content-Type'] = 'application/json';
        headers['X-CSRF-Token'] = session.csrf;
        headers['Idempotency-Key'] = randomUUID();
      }
      const reply = await fetch(`${this.base}/api/v1${path}`,
        { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
      if (reply.status === 401 && attempt === 0) {
        await reply.arrayBuffer();
        session = await this.signIn(login);
        continue;
      }
      const text = await reply.text();
      if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
      return text === '' ? null : JSON.parse(text);
    }
  }

  /** How many jobs the writer has done: each round of the timer submits one at least. */
  async jobs() {
    const text = await (await fetch(`${this.base}/metrics`)).text();
    const line = text.split('\n').find((one) => /^yidan_\w*jobs_total[ {]/.test(one));
    if (line === undefined) throw new Error('no count of jobs in /metrics');
    return Number(line.split(' ').pop());
  }

  /**
   * Return when the timer has begun and ended a round after this call: enough
   * jobs, and time for two rounds, because other jobs are counted too.
   */
  async settle() {
    const before = await this.jobs();
    const earliest = performance.now() + 2 * TIMER_WAIT_MS + POLL_MS;
    await until('the timer looks', async () =>
      performance.now() > earliest && (await this.jobs()) >= before + 3);
  }
}
