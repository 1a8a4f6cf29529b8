/*
 * server.mjs - the real program on a data directory of its own, on a free port
 * of the loopback, with a clock that is ours.
 *
 * The clock: libfaketime adds the seconds in a file to the real time; the file
 * is rewritten while the server runs.  Days are those of +08:00.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync, openSync, readFileSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const program = process.env.CONTRACT_PROGRAM;
const ZONE_S = 8 * 3600;
const START_MS = 10_000;
const STOP_MS = 15_000;

function faketimeLibrary() {
  for (const folder of readdirSync('/usr/lib')) {
    const path = `/usr/lib/${folder}/faketime/libfaketimeMT.so.1`;
    try {
      closeSync(openSync(path, 'r'));
      return path;
    } catch {
      continue;
    }
  }
  throw new Error('libfaketimeMT.so.1 is not there: install the package faketime');
}

/* Poll until `is_so` answers something true; never sleep for its own sake. */
export async function until(what, is_so, deadline_ms = START_MS) {
  const end = performance.now() + deadline_ms;
  for (;;) {
    const found = await is_so();
    if (found) return found;
    if (performance.now() > end) throw new Error(`not within ${deadline_ms} ms: ${what}`);
    await pause(5);
  }
}

export class Clock {
  constructor(folder, start) {
    this.file = join(folder, 'faketime');
    this.set(start);
  }

  /* "2026-03-09 10:00" or "… 10:00:30", in +08:00. */
  set(text) {
    const seconds = text.length > 16 ? text : `${text}:00`;
    this.setSeconds(Date.parse(`${seconds.replace(' ', 'T')}+08:00`) / 1000);
  }

  setSeconds(at) {
    this.offset = Math.round(at - Date.now() / 1000);
    const sign = this.offset < 0 ? '-' : '+';
    writeFileSync(`${this.file}.new`, `${sign}${Math.abs(this.offset)}\n`);
    renameSync(`${this.file}.new`, this.file); /* never half a file */
  }

  advance(seconds) {
    this.setSeconds(this.now() + seconds);
  }

  now() {
    return Math.floor(Date.now() / 1000 + this.offset);
  }

  /* RFC 3339 of `seconds` from now; the date alone of `days` from now. */
  time(seconds = 0) {
    return new Date((this.now() + seconds + ZONE_S) * 1000).toISOString().replace(/\.\d+Z$/, '+08:00');
  }

  date(days = 0) {
    return this.time(days * 86400).slice(0, 10);
  }
}

/* A data directory and its clock; servers come and go on it. */
export class Place {
  constructor(start) {
    this.folder = mkdtempSync(join(tmpdir(), 'yidan-contract-'));
    this.data = join(this.folder, 'data');
    this.clock = new Clock(this.folder, start);
    this.log = join(this.folder, 'stderr.log');
    this.environment = {
      PATH: process.env.PATH,
      LD_PRELOAD: faketimeLibrary(),
      FAKETIME_TIMESTAMP_FILE: this.clock.file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_RESET: '1',
      FAKETIME_FORCE_MONOTONIC_FIX: '0', /* or waits on the monotonic clock end at once */
    };
  }

  /* Run a subcommand to its end. */
  run(words, input = '') {
    const done = spawnSync(program, [...words, '--data', this.data], {
      input, env: this.environment, encoding: 'utf8', timeout: 60_000,
    });
    if (done.status !== 0)
      throw new Error(`yidan ${words.join(' ')}: ${done.status ?? done.signal}\n${done.stdout}${done.stderr}`);
    return done.stdout;
  }

  async start(options = {}) {
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const log = openSync(this.log, 'a');
    const child = spawn(program, ['serve', '--data', this.data, '--listen', '127.0.0.1:0', ...flags], {
      env: this.environment, stdio: ['ignore', 'pipe', log],
    });
    closeSync(log);
    const server = new Server(this, child);
    await server.started();
    return server;
  }

  readLog() {
    return readFileSync(this.log, 'utf8');
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Server {
  constructor(place, child) {
    this.place = place;
    this.child = child;
    this.out = '';
    this.port = null;
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text) => (this.out += text));
    this.ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal)));
    this.isEnded = false;
    this.ended.then(() => (this.isEnded = true));
  }

  async started() {
    const found = await until('the server listens', () => {
      if (this.isEnded) throw new Error(`the server ended at once\n${this.place.readLog().slice(-2000)}`);
      return /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(this.out);
    });
    this.port = Number(found[1]);
  }

  tell(signal = 'SIGTERM') {
    if (!this.isEnded) this.child.kill(signal);
  }

  async stop() {
    this.tell();
    const late = pause(STOP_MS, 'late', { ref: false });
    if ((await Promise.race([this.ended, late])) === 'late') {
      this.tell('SIGKILL');
      await this.ended;
      throw new Error(`the server did not stop within ${STOP_MS} ms`);
    }
    const code = await this.ended;
    if (code !== 0) throw new Error(`the server ended with ${code}\n${this.place.readLog().slice(-2000)}`);
  }
}
