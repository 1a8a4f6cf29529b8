// backup.mjs - backups beside a server at work, and back: every write acknowledged
// before one began is in it; a damaged byte is named; a kill leaves nothing that
// looks whole. BACKUP_ROUNDS and BACKUP_KILLS say how often.
import { spawn, spawnSync } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { randomInt, randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binary, Client, digest, download, environment, makeDirectory, makeFile, run, start, upload } from './server.mjs';

const ROUNDS = Number(process.env.BACKUP_ROUNDS ?? 2);
const KILLS = Number(process.env.BACKUP_KILLS ?? 12);
const CLIENTS = 4;
const PASSWORD = 'journey-password-1';
const FLAGS = ['--attachments-per-ticket', '200', '--upload-reserve-bytes', '0', '--disk-reserve-bytes', '0'];

/** Run a subcommand beside everything else; resolves with its end. */
function beside(args) {
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  let out = '';
  child.stdout.on('data', (data) => { out += data; });
  child.stderr.on('data', (data) => { out += data; });
  return { child, ended: new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal, out }))) };
}

/** A subcommand that must fail; what it says. */
function refused(args) {
  const done = spawnSync(binary, args, { encoding: 'utf8', env: environment });
  assert.notEqual(done.status, 0, `${args.join(' ')} was not refused`);
  return done.stdout + done.stderr;
}

const whole = (folder) => (existsSync(folder) ? readdirSync(folder).filter((name) => !name.endsWith('.part')) : []);

/** Clients that write and attach until told to stop; what was acknowledged, with what it holds. */
function work(server, session, acknowledged) {
  let isOver = false;
  const clients = Array.from({ length: CLIENTS }, async (_, n) => {
    const client = new Client(server.port);
    for (let i = 0; !isOver; i++) {
      const made = await client.write(session, '/api/v1/tickets', { channel: 'phone', content: `第${n}人第${i}件` });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      acknowledged.tickets.push(made.body.no);
      if (i % 3 !== 0) continue;
      const bytes = makeFile();
      const file = await upload(server.port, session, { no: made.body.no, key: randomUUID(), bytes });
      assert.equal(file.status, 201, JSON.stringify(file.body));
      acknowledged.files.push([file.body.id, digest(bytes)]);
    }
    client.close();
  });
  return async () => { isOver = true; await Promise.all(clients); };
}

const counted = (acknowledged) => ({ tickets: [...acknowledged.tickets], files: [...acknowledged.files] });
async function until(condition) {
  while (!condition()) await new Promise(setImmediate);
}

/** The restored directory has all of `wanted`, and verifies. */
async function check(data, session, wanted) {
  assert.match(run(['verify', '--data', data]), /; 0 found/);
  const server = await start(data, FLAGS);
  try {
    const client = new Client(server.port);
    for (const no of wanted.tickets) {
      const seen = await client.call(session, 'GET', `/api/v1/tickets/${no}`);
      assert.equal(seen.status, 200, `${no} is lost`);
    }
    for (const [id, hash] of wanted.files) {
      const got = await download(server.port, session, id);
      assert.equal(`${got.status} ${digest(got.bytes)}`, `200 ${hash}`, `${id} is lost`);
    }
    client.close();
  } finally {
    await server.stop();
  }
}

async function underLoad(place, data, server, session, acknowledged) {
  const backups = join(place.path, 'backups');
  let during = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const stop = work(server, session, acknowledged);
    const enough = acknowledged.files.length + 8;
    await until(() => acknowledged.files.length >= enough);
    const wanted = counted(acknowledged);
    const before = whole(backups);
    const end = await beside(['backup', '--data', data, '--to', backups, ...(round % 2 === 0 ? [] : ['--link'])]).ended;
    assert.equal(end.code, 0, end.out);
    during += acknowledged.tickets.length - wanted.tickets.length;
    await stop();
    const [name] = whole(backups).filter((one) => !before.includes(one));
    const restored = join(place.path, `restored-${round}`);
    assert.match(refused(['restore', '--from', join(backups, name), '--data', restored]), /needs --keys/);
    run(['restore', '--from', join(backups, name), '--keys', join(data, 'keys'), '--data', restored]);
    await check(restored, session, wanted);
    assert.match(refused(['restore', '--from', join(backups, name), '--keys', join(data, 'keys'), '--data', restored]), /not empty/);
    rmSync(restored, { recursive: true });
  }
  assert.match(refused(['restore', '--from', join(backups, whole(backups)[0]), '--keys', join(data, 'keys'), '--data', data]), /in use/);
  assert.match(run(['drill', '--data', data, '--to', place.path]), /what was restored is what was backed up/);
  assert.deepEqual(readdirSync(place.path).filter((name) => name.startsWith('yidan-drill')), []);
  return { backups, during };
}

/** A copy of a backup with one byte of one file changed, and others wrong as a whole. */
async function damaged(place, data, backup) {
  const names = ['yidan.db', ...readdirSync(join(backup, 'attachments')).slice(0, 4).map((name) => `attachments/${name}`)];
  const copy = join(place.path, 'damaged');
  let named = 0;
  const attempt = (change, expected) => {
    mkdirSync(join(copy, 'attachments'), { recursive: true });
    for (const name of ['MANIFEST', 'yidan.db', ...readdirSync(join(backup, 'attachments')).map((one) => `attachments/${one}`)])
      copyFileSync(join(backup, name), join(copy, name));
    change();
    const restored = join(place.path, 'never');
    const said = refused(['restore', '--from', copy, '--keys', join(data, 'keys'), '--data', restored]);
    assert.ok(said.includes(expected), `${said}does not say ${expected}`);
    assert.ok(!existsSync(restored), 'something was restored');
    rmSync(copy, { recursive: true });
    named++;
  };
  for (const name of names) {
    const path = join(copy, name);
    attempt(() => {
      const bytes = readFileSync(path);
      bytes[randomInt(bytes.length)] ^= 1 << randomInt(8);
      writeFileSync(path, bytes);
    }, `${name} is damaged`);
    attempt(() => writeFileSync(path, readFileSync(path).subarray(1)), `${name} has another size`);
    attempt(() => rmSync(path), `${name} is missing`);
  }
  attempt(() => writeFileSync(join(copy, 'attachments', 'more'), 'x'), 'does not name');
  attempt(() => writeFileSync(join(copy, 'MANIFEST'), readFileSync(join(copy, 'MANIFEST'), 'utf8').replace(/\nevents (\d)/, '\nevents 9$1')), 'not a whole backup');
  attempt(() => writeFileSync(join(copy, 'MANIFEST'), readFileSync(join(copy, 'MANIFEST'), 'utf8').replace(/end .*\n/, '')), 'not a whole backup');
  attempt(() => rmSync(join(copy, 'MANIFEST')), 'not a whole backup');
  return named;
}

/** Killed in the middle: what has its name is whole; what has not is never taken for it. */
async function killed(place, data, server, session, acknowledged) {
  const backups = join(place.path, 'killed');
  let parts = 0;
  let halves = 0;
  for (let i = 0; i < KILLS; i++) {
    const { child, ended } = beside(['backup', '--data', data, '--to', backups]);
    const size = randomInt(1, 400_000); /* of what is copied */
    let isOver = false;
    ended.then(() => { isOver = true; });
    const copied = () => (existsSync(backups) ? readdirSync(backups).filter((name) => name.endsWith('.part')) : [])
      .flatMap((name) => readdirSync(join(backups, name), { recursive: true }).map((file) => join(backups, name, file)))
      .reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
    await until(() => { try { return isOver || copied() > size; } catch { return false; } });
    child.kill('SIGKILL');
    await ended;
    parts += readdirSync(backups).some((name) => name.endsWith('.part')) ? 1 : 0;
  }
  run(['backup', '--data', data, '--to', backups]);
  assert.ok(!readdirSync(backups).some((name) => name.endsWith('.part')), 'what was left is removed');
  const wanted = counted(acknowledged);
  const backup = join(backups, whole(backups).at(-1));
  const restored = join(place.path, 'killed-restore');
  for (let i = 0; i < KILLS; i++) {
    rmSync(restored, { recursive: true, force: true });
    const { child, ended } = beside(['restore', '--from', backup, '--keys', join(data, 'keys'), '--data', restored]);
    const files = randomInt(1, readdirSync(join(backup, 'attachments')).length);
    let isOver = false;
    ended.then(() => { isOver = true; });
    await until(() => isOver || (existsSync(join(restored, 'attachments')) && readdirSync(join(restored, 'attachments')).length >= files));
    child.kill('SIGKILL');
    await ended;
    if (existsSync(join(restored, 'restoring'))) {
      halves++;
      assert.match(refused(['verify', '--data', restored]), /not finished/);
      assert.match(refused(['init', '--data', restored]), /not finished/);
    } else if (isOver) await check(restored, session, { tickets: wanted.tickets.slice(-5), files: wanted.files.slice(-5) });
  }
  for (const name of whole(backups)) {
    rmSync(restored, { recursive: true, force: true });
    run(['restore', '--from', join(backups, name), '--keys', join(data, 'keys'), '--data', restored]);
  }
  return { parts, halves, whole: whole(backups).length };
}

async function main() {
  const place = makeDirectory();
  const data = join(place.path, 'data');
  run(['user', 'add', '--data', data, '--login', 'clerk', '--name', 'clerk', '--unit', 'office', '--role', 'clerk', '--password-stdin'], `${PASSWORD}\n`);
  const server = await start(data, FLAGS);
  try {
    const client = new Client(server.port);
    const session = await client.signIn('clerk', PASSWORD);
    client.close();
    const acknowledged = { tickets: [], files: [] };
    const { backups, during } = await underLoad(place, data, server, session, acknowledged);
    const named = await damaged(place, data, join(backups, whole(backups)[0]));
    const kills = await killed(place, data, server, session, acknowledged);
    console.log(`  backup: ${ROUNDS} under load (${during} writes meanwhile), ${acknowledged.tickets.length} tickets and ${acknowledged.files.length} files, 0 lost; ` +
      `${named} damages named, nothing restored; ${KILLS} kills of backup left ${kills.parts} parts, ${kills.whole} whole ones, all good; ${KILLS} kills of restore left ${kills.halves} halves, all refused`);
  } finally {
    await server.stop();
    place.remove();
  }
}

await main();
