/*
 * pressure.mjs - when the server cannot write: a full queue, a full disk, the end.
 * Each part has a start of its own on the same data; everybody stays signed in.
 */
import { spawnSync } from 'node:child_process';
import { rmSync, statfsSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { expect, says, show, StepFailed } from './client.mjs';
import { sampleOf } from './bodies.mjs';
import { until } from './server.mjs';
import { pathOf, someoneFor } from './who.mjs';

const MIB = 1024 * 1024;
const SPARE = 256 * MIB; /* what is left above the reserve, */
const FILL = 768 * MIB; /* and what is taken then: other programs use the disk too */
const PROBES = 50; /* each connection is closed behind its answer then */
const READS = 400; /* of the contract, unread: more than the sockets hold */

/* Every operation that writes, as something to send. */
async function writes(t, ticket) {
  const { contract } = t.client;
  /* The form of a message comes back at once here. */
  const { form } = (await t.client.ask(null, 'GET', '/api/v1/public/meta')).json;
  return contract.operations.filter((operation) => operation.errors.has('busy')).map((operation) => ({
    operation,
    actor: someoneFor(operation, 'clerk2'),
    path: pathOf(operation, { no: ticket.no, login: 'lockable', code: 'N01' }) + (operation.file?.query ?? ''),
    body: operation.file?.body,
    json: operation.path === '/api/v1/session' ? { login: 'busy', password: 'password of busy' } : operation.body === null ? undefined : { ...sampleOf(contract, operation), ...(operation.path.endsWith('/public/messages') && { token: form.token }), ...(operation.path === '/api/v1/me/totp' && { password: t.client.passwordOf('clerk2') }) /* wrong ones lock */ },
  }));
}

const send = (t, { actor, operation, path, json, body }, options = {}) => t.client.ask(actor, operation.method, path, { json, body, ...options });

/* Its token is shown with each file that is refused below. */
async function leave(t) {
  t.client.uploadToken = (await t.message()).upload_token;
}

/* Writes wait in a queue of one while a password is being checked. */
async function busy(t) {
  /* One that is there: with so short a queue a write of one's own may be refused at once. */
  const ticket = (await t.get('clerk', '/api/v1/tickets?limit=1')).json.items[0];
  const signIn = () => t.client.ask(null, 'POST', '/api/v1/session', { json: { login: 'busy', password: 'password of busy' } });
  for (const one of await writes(t, ticket)) {
    const isSignOut = one.operation.name === 'DELETE /api/v1/session';
    await until(`${one.operation.name} is told that the server is busy`, async () => {
      if (one.actor !== null && !t.client.tokens.has(one.actor)) await until(`${one.actor} is signed in`, () => t.client.session(one.actor).catch(() => null));
      const [, ...replies] = await Promise.all([signIn(), send(t, one), send(t, one)]);
      if (isSignOut && replies.some((reply) => reply.status !== 503)) t.client.sessions.delete('clerk2');
      return replies.some((reply) => says(reply, '503 busy'));
    });
  }
}

/* A file takes the space away: reads go on, writes are refused; then it is over by itself. */
async function diskFull(t) {
  const { no } = (await t.get('clerk', '/api/v1/tickets?limit=1')).json.items[0];
  for (const { actor } of await writes(t, { no })) if (actor !== null && !t.client.tokens.has(actor)) await t.client.session(actor);
  const file = join(t.place.folder, 'fill');
  const ready = (status) => async () => {
    const reply = await t.client.ask(null, 'GET', '/readyz');
    return reply.status === status ? reply : null;
  };
  try {
    const made = spawnSync('fallocate', ['-l', String(FILL), file]);
    if (made.status !== 0) throw new Error(`fallocate: ${made.error ?? made.stderr}`);
    const full = await until('readyz says that the disk is full', ready(503));
    if (!full.json.reasons.includes('disk_full')) throw new StepFailed(show(full.exchange));
    for (const one of await writes(t, { no })) expect(await send(t, one), '507 disk_full', one.operation.name);
    await t.get('clerk', '/api/v1/tickets');
  } finally {
    rmSync(file, { force: true });
  }
  await until('readyz says that it is over', ready(200));
  await t.create();
}

function reserve(place) {
  const disk = statfsSync(place.folder);
  return disk.bavail * disk.bsize - SPARE;
}

/* A connection that is open already, for what comes after SIGTERM. */
async function openConnection(t) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  expect(await t.client.ask(null, 'GET', '/healthz', { agent }), '200');
  return agent;
}

/*
 * The server waits a little for replies that are still being read.  One reader
 * that asks for much and reads nothing keeps that moment open.
 */
async function draining(t, server) {
  const ticket = await t.create();
  const all = await writes(t, ticket);
  for (const { actor } of all) if (actor !== null && !t.client.tokens.has(actor)) await t.client.session(actor);
  const agents = await Promise.all([...all, null, null].map(() => openConnection(t)));
  const probes = await Promise.all(Array.from({ length: PROBES }, () => openConnection(t)));
  const slow = net.connect(server.port, '127.0.0.1');
  slow.on('error', () => {});
  slow.pause();
  await new Promise((resolve) => slow.on('connect', resolve));
  slow.write('GET /api/v1/openapi.yaml HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'.repeat(READS));
  let before = 0;
  let still = 0;
  await until('the server waits for who does not read', async () => {
    const { text } = await t.client.ask(null, 'GET', '/metrics');
    const requests = Number(/^yidan_http_requests_total (\d+)$/m.exec(text)[1]);
    still = requests === before + 1 ? still + 1 : 0;
    before = requests;
    return still > 20;
  });
  server.tell();
  const probe = agents.pop();
  const ready = await until('readyz says so', async () => {
    const reply = await t.client.ask(null, 'GET', '/readyz', { agent: probe }).catch(() => null);
    return reply?.status === 503 ? reply : null;
  }, 5000);
  if (!ready.json.reasons.includes('shutting_down')) throw new StepFailed(show(ready.exchange));
  /* Writes are refused a moment later, when what runs beside has come to its end. */
  await until('writes are refused', async () => {
    const agent = probes.pop();
    if (agent === undefined) throw new StepFailed('writes are taken although the server stops');
    return says(await t.client.ask(null, 'POST', '/api/v1/session', { json: { login: 'busy', password: 'password of busy' }, agent }), '503 shutting_down');
  });
  const replies = await Promise.all(all.map((one, i) => send(t, one, { agent: agents[i] }).catch((error) => ({ error }))));
  slow.destroy();
  await server.stop();
  for (const [i, reply] of replies.entries()) {
    if (reply.error !== undefined) throw new StepFailed(`${all[i].operation.name}: ${reply.error.message} while draining`);
    expect(reply, '503 shutting_down', all[i].operation.name);
  }
}

export const parts = [
  { title: 'a message that files come to', options: {}, run: leave },
  { title: 'a full queue: 503 busy', options: { 'writer-queue': 1, 'public-form-min-s': 0 }, run: busy },
  { title: 'a full disk: 507', options: (place) => ({ 'disk-reserve-bytes': reserve(place), 'public-form-min-s': 0 }), run: diskFull },
  { title: 'the end: 503 shutting_down', options: { 'public-form-min-s': 0 }, run: draining },
];
