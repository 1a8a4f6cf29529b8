/*
 * client.mjs - asks the server, keeps every exchange, and judges each by the
 * contract as it comes.  A step that fails shows its own line, the request and
 * the reply.
 */
import http from 'node:http';
import net from 'node:net';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { eventsOf, withoutNulls } from './contract.mjs';

const REQUEST_MS = 20_000;
const SHOWN_CHARACTERS = 3000;

export class StepFailed extends Error {}

/* "scenarios/life.mjs:42: await t.does(...)" of the step that is being done. */
export function stepLine() {
  for (const frame of new Error().stack.split('\n')) {
    const found = /(file:\/\/\S*\/((?:scenarios\/)?[a-z_]+\.mjs)):(\d+):\d+/.exec(frame);
    if (found === null || /\/(client|contract|steps|server)\.mjs$/.test(found[1])) continue;
    const line = readFileSync(new URL(found[1]), 'utf8').split('\n')[Number(found[3]) - 1];
    return `${found[2]}:${found[3]}: ${line.trim()}`;
  }
  return '(no step)';
}

const shorten = (text) =>
  text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}… (${text.length} characters)`;

export function show(exchange) {
  const { method, target, actor, headers, body, reply } = exchange;
  const sent = Object.entries(headers).map(([name, value]) => `    ${name}: ${value}`);
  return [
    `  step     ${exchange.step}`,
    `  request  ${actor ?? 'nobody'}: ${method} ${target}`,
    ...sent,
    ...(body === undefined ? [] : [`    ${shorten(String(body))}`]),
    `  reply    ${reply.status}`,
    `    ${shorten(reply.text)}`,
  ].join('\n');
}

export class Client {
  /* `record` gets every exchange; sessions are kept in `sessions` by login. */
  constructor(contract, recorder) {
    this.contract = contract;
    this.recorder = recorder;
    this.sessions = new Map();
    this.passwords = new Map();
    this.tokens = new Map(); /* of other systems, which are actors by their token's name */
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  }

  attach(server) {
    this.server = server;
    this.agent.destroy();
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  }

  forget() {
    this.sessions.clear();
  }

  async session(actor) {
    const known = this.sessions.get(actor);
    if (known !== undefined) return known;
    const reply = await this.ask(null, 'POST', '/api/v1/session', {
      json: { login: actor, password: this.passwordOf(actor) },
    });
    if (reply.status !== 200) throw new StepFailed(`${actor} cannot sign in\n${show(reply.exchange)}`);
    const session = this.keep(actor, reply);
    if (reply.json.must_change_password) await this.ownPassword(actor);
    return session;
  }

  passwordOf(actor) {
    return this.passwords.get(actor) ?? `password of ${actor}`;
  }

  /* Whom the administrator has made sets a password first. */
  async ownPassword(actor) {
    const json = { password: this.passwordOf(actor), new_password: `a word of their own ${this.passwords.size}` };
    const reply = await this.ask(actor, 'POST', '/api/v1/me/password', { json });
    if (reply.status !== 204) throw new StepFailed(`${actor} cannot set a password\n${show(reply.exchange)}`);
    this.passwords.set(actor, json.new_password);
  }

  keep(actor, reply) {
    const cookie = reply.headers['set-cookie'][0].split(';')[0];
    const session = { cookie, csrf: reply.json.csrf };
    this.sessions.set(actor, session);
    return session;
  }

  /*
   * One exchange.  `json` is a value to send, `body` raw bytes; `headers` come
   * on top of (or, null, take away) those that the actor would send; `key` is
   * the Idempotency-Key, null for none.
   */
  async ask(actor, method, target, { json, body, headers = {}, key, agent } = {}) {
    const operation = this.contract.find(method, target);
    const sent = {};
    if (this.tokens.has(actor)) {
      sent.Authorization = `Bearer ${this.tokens.get(actor)}`;
    } else if (actor !== null) {
      const session = await this.session(actor);
      sent.Cookie = session.cookie;
      if (method !== 'GET' && method !== 'HEAD') sent['X-CSRF-Token'] = session.csrf;
    }
    const needsKey = operation?.parameters.some((parameter) => parameter.name === 'Idempotency-Key');
    if (key !== null && (key !== undefined || needsKey)) sent['Idempotency-Key'] = key ?? randomUUID();
    /* Of the message that was left for it; a step that means another one sends its own. */
    if (this.uploadToken !== undefined && operation?.parameters.some((parameter) => parameter.name === 'X-Upload-Token')) sent['X-Upload-Token'] = this.uploadToken;
    if (json !== undefined) {
      body = JSON.stringify(json);
      sent['Content-Type'] = 'application/json';
    }
    if (operation?.file && body !== undefined) sent['Content-Type'] = operation.file.type;
    if (method !== 'GET' && method !== 'HEAD') sent['Content-Length'] = Buffer.byteLength(body ?? '');
    for (const [name, value] of Object.entries(headers))
      if (value === null) delete sent[name];
      else sent[name] = value;
    const reply = await this.send(method, target, sent, body, agent);
    return this.record({ actor, operation, method, target, headers: sent, json, body, reply });
  }

  send(method, target, headers, body, agent) {
    return new Promise((resolve, reject) => {
      const request = http.request(
        { host: '127.0.0.1', port: this.server.port, method, path: target, headers, agent: agent ?? this.agent, timeout: REQUEST_MS },
        (response) => {
          const parts = [];
          response.on('data', (part) => {
            parts.push(part);
            /* A stream is answered when it has begun. */
            if (!isStream(response) || !/event: counts\n.*\n\n/s.test(Buffer.concat(parts).toString())) return;
            resolve(read(response.statusCode, response.headers, Buffer.concat(parts)));
            response.destroy();
          });
          response.on('error', reject);
          response.on('end', () => resolve(read(response.statusCode, response.headers, Buffer.concat(parts))));
        },
      );
      request.on('timeout', () => request.destroy(new Error(`no reply within ${REQUEST_MS} ms: ${method} ${target}`)));
      request.on('error', reject);
      request.end(body);
    });
  }

  /* Listen as `actor` until it is closed; then all that was told is one exchange. */
  async listen(actor, target = '/api/v1/stream', headers = {}) {
    const session = await this.session(actor);
    const sent = { Cookie: session.cookie, ...headers };
    const listener = new Listener(this, { actor, operation: this.contract.find('GET', target), method: 'GET', target, headers: sent });
    await listener.begin();
    return listener;
  }

  /* Bytes as they are, for what no client would send; one reply, read to the close. */
  async raw(method, target, bytes) {
    const reply = await new Promise((resolve, reject) => {
      const parts = [];
      const socket = net.connect(this.server.port, '127.0.0.1', () => socket.write(bytes));
      socket.setTimeout(REQUEST_MS, () => socket.destroy(new Error(`no reply within ${REQUEST_MS} ms`)));
      socket.on('data', (part) => parts.push(part));
      socket.on('error', reject);
      socket.on('close', () => resolve(parseReply(Buffer.concat(parts))));
    });
    return this.record({
      actor: null, operation: this.contract.find(method, target), method, target, headers: {}, body: bytes, reply,
    });
  }

  record(exchange) {
    const { operation, reply, json } = exchange;
    exchange.step = stepLine();
    exchange.wrong = exchange.method === 'HEAD' ? [] : this.contract.checkReply(exchange);
    if (operation?.body && json !== undefined) {
      exchange.bodyWrong = this.contract.checkBody(operation, json);
      if (reply.status < 300 && exchange.bodyWrong.length > 0)
        exchange.wrong.push(...exchange.bodyWrong.map((wrong) => `the body was accepted although: ${wrong}`));
    }
    this.recorder?.(exchange);
    reply.exchange = exchange;
    return reply;
  }
}

class Listener {
  constructor(client, exchange) {
    this.client = client;
    this.exchange = exchange;
    this.text = '';
    this.isEnded = false;
    this.waiting = [];
  }

  begin() {
    return new Promise((resolve, reject) => {
      this.request = http.request(
        { host: '127.0.0.1', port: this.client.server.port, path: this.exchange.target, headers: this.exchange.headers, agent: false },
        (response) => {
          this.response = response;
          const look = () => this.waiting.splice(0).forEach((wait) => wait());
          response.on('data', (part) => { this.text += part; look(); });
          response.on('error', () => {});
          response.on('close', () => { this.isEnded = true; look(); });
          resolve();
        },
      );
      this.request.on('error', reject);
      this.request.end();
    });
  }

  get events() {
    return eventsOf(this.text);
  }

  /* Until an event is told that `is_so`; the event. */
  async until(what, is_so) {
    const end = performance.now() + REQUEST_MS;
    for (;;) {
      const found = this.events.find(is_so);
      if (found !== undefined) return found;
      if (this.isEnded || performance.now() > end) throw new StepFailed(`${what}: never told to ${this.exchange.actor}\n${stepLine()}\n${this.text}`);
      await this.moved(end - performance.now());
    }
  }

  async untilEnd() {
    const end = performance.now() + REQUEST_MS;
    while (!this.isEnded && performance.now() < end) await this.moved(end - performance.now());
    if (!this.isEnded) throw new StepFailed(`the stream of ${this.exchange.actor} goes on\n${stepLine()}`);
    return this.close();
  }

  moved(ms) {
    return new Promise((resolve) => {
      const timeout = setTimeout(resolve, ms);
      this.waiting.push(() => { clearTimeout(timeout); resolve(); });
    });
  }

  close() {
    this.response.destroy();
    this.exchange.reply = read(this.response.statusCode, this.response.headers, Buffer.from(this.text));
    return this.client.record(this.exchange);
  }
}

const isStream = (response) => response.headers['content-type'] === 'text/event-stream';

function read(status, headers, body) {
  const reply = { status, headers, body, text: body.toString('utf8') };
  try {
    if (/json/.test(headers['content-type'] ?? '')) reply.json = JSON.parse(reply.text);
  } catch {
    reply.json = undefined;
  }
  return reply;
}

/* A reply from the bytes of a connection; the first one only. */
export function parseReply(bytes) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return { status: 0, headers: {}, body: bytes, text: bytes.toString('utf8') };
  const [line, ...fields] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = {};
  for (const field of fields) {
    const colon = field.indexOf(':');
    headers[field.slice(0, colon).toLowerCase()] = field.slice(colon + 1).trim();
  }
  const length = Number(headers['content-length'] ?? 0);
  return read(Number(line.split(' ')[1]), headers, bytes.subarray(end + 4, end + 4 + length));
}

/* "409 ticket.wrong_state", "422 field.missing version", "200": does the reply say so? */
export function says(reply, expected) {
  const [status, code, field] = expected.split(' ');
  if (reply.status !== Number(status)) return false;
  if (code === undefined) return true;
  if (field === undefined && reply.json?.code === code) return true;
  return (reply.json?.errors ?? []).some(
    (error) => error.code === code && (field === undefined || error.field === field),
  );
}

export function expect(reply, expected, why = '') {
  if (says(reply, expected)) return reply;
  throw new StepFailed(`expected ${expected}${why === '' ? '' : ` (${why})`}\n${show(reply.exchange)}`);
}

export { withoutNulls };
