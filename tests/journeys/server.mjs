// server.mjs - the real binary on a directory of its own, and a client for it.
// Used by the journeys; no packages, only loopback, only children of its own.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';

export const binary = process.env.YIDAN ?? 'build/yidan';

/** The environment without YIDAN_…, which the program would take for settings. */
export const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('YIDAN')));

export function makeDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'yidan-journey-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Run a subcommand to its end; throws with its output when it fails. */
export function run(args, input = '', more = {}) {
  const done = spawnSync(binary, args, { input, encoding: 'utf8', env: { ...environment, ...more } });
  if (done.status !== 0) throw new Error(`${args.join(' ')}: ${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** Start `yidan serve` on a free port, with more in its environment; resolves when it says where it listens. */
export function start(directory, flags = [], more = {}) {
  const child = spawn(binary, ['serve', '--data', directory, '--listen', '127.0.0.1:0', '--log-level', 'warn', ...flags],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...environment, ...more } });
  let log = '';
  let out = '';
  child.stderr.on('data', (data) => { log += data; });
  const exited = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
  return new Promise((resolve, reject) => {
    exited.then((how) => reject(new Error(`the server ended: ${JSON.stringify(how)}\n${log}`)));
    child.stdout.on('data', (data) => {
      out += data;
      const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(out);
      if (!found) return;
      resolve({
        port: Number(found[1]),
        log: () => log,
        exited,
        async stop(signal = 'SIGTERM') {
          child.kill(signal);
          return exited;
        },
      });
    });
  });
}

/** A client with one keep-alive connection; who it is, is the session given to each call. */
export class Client {
  constructor(port) {
    this.port = port;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  }

  close() {
    this.agent.destroy();
  }

  call(session, method, path, body, headers = {}) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const all = { ...headers };
    if (session) {
      all.Cookie = session.cookie;
      all['X-CSRF-Token'] = session.csrf;
    }
    if (text !== undefined) {
      all['Content-Type'] = 'application/json';
      all['Content-Length'] = Buffer.byteLength(text);
    } else if (method !== 'GET') all['Content-Length'] = 0;
    return new Promise((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port: this.port, method, path, headers: all, agent: this.agent },
        (response) => {
          const parts = [];
          response.on('data', (part) => parts.push(part));
          response.on('end', () => {
            const raw = Buffer.concat(parts).toString('utf8');
            const isJson = (response.headers['content-type'] ?? '').includes('json');
            resolve({ status: response.statusCode, headers: response.headers, body: isJson && raw ? JSON.parse(raw) : raw });
          });
          response.on('error', reject);
        });
      request.on('error', reject);
      request.end(text);
    });
  }

  /** A POST that writes, with a key of its own; 503 is tried again as it asks. */
  async write(session, path, body, key = randomUUID()) {
    for (;;) {
      const reply = await this.call(session, 'POST', path, body, { 'Idempotency-Key': key });
      if (reply.status !== 503) return { ...reply, key };
    }
  }

  async signIn(login, password) {
    const reply = await this.call(null, 'POST', '/api/v1/session', { login, password });
    if (reply.status !== 200) throw new Error(`sign-in of ${login}: ${JSON.stringify(reply.body)}`);
    return { login, csrf: reply.body.csrf, cookie: reply.headers['set-cookie'][0].split(';')[0] };
  }
}

/** A PDF as far as anybody looks. */
export const makeFile = (bytesMax = 300_000) => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(randomInt(1, bytesMax))]);
/** What a file's bytes are known by. */
export const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Send a file in pieces, so that a kill finds it anywhere; resolves with status and body. */
export function upload(port, session, { no, key, bytes }) {
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: '127.0.0.1', port, method: 'POST', path: `/api/v1/tickets/${no}/attachments?name=a.pdf&kind=internal`, agent: false,
      headers: {
        Cookie: session.cookie, 'X-CSRF-Token': session.csrf, 'Idempotency-Key': key,
        'Content-Type': 'application/octet-stream', 'Content-Length': bytes.length,
      },
    }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(Buffer.concat(parts).toString('utf8')) }));
      response.on('error', reject);
    });
    request.on('error', reject);
    let at = 0;
    const next = () => {
      const piece = bytes.subarray(at, at + 16_384);
      at += piece.length;
      if (at >= bytes.length) request.end(piece);
      else request.write(piece, () => setImmediate(next));
    };
    next();
  });
}

/** The bytes of an answer; `id` is an attachment's, or a whole path. */
export function download(port, session, id) {
  const path = id.startsWith('/') ? id : `/api/v1/attachments/${id}`;
  return new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, path, headers: { Cookie: session.cookie }, agent: false }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, bytes: Buffer.concat(parts) }));
      response.on('error', reject);
    }).on('error', reject);
  });
}
