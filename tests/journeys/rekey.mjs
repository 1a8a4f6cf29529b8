// rekey.mjs - new keys for what is sealed, killed again and again at another moment:
// the next run goes on, nothing is lost, and a backup opens with the keys of its time.
// REKEY_KILLS says how often.
import { spawn, spawnSync } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { randomInt } from 'node:crypto';
import { copyFileSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { binary, Client, environment, makeDirectory, run, start } from './server.mjs';

const KILLS = Number(process.env.REKEY_KILLS ?? 16);
const FLAGS = ['--upload-reserve-bytes', '0', '--disk-reserve-bytes', '0'];

const size = (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Start it and kill it: when it has the new keys, when so much is written, or when it changes names. */
async function kill(data, i) {
  const before = readdirSync(data).filter((name) => name.includes('.old-')).length;
  const child = spawn(binary, ['rekey', '--data', data], { stdio: 'ignore', env: environment });
  let isOver = false;
  const ended = new Promise((resolve) => child.on('exit', () => { isOver = true; resolve(); }));
  const bytes = randomInt(1, 1_200_000);
  const moments = [
    () => size(join(data, 'keys.new')) > 0,
    () => size(join(data, 'yidan.db-wal')) > bytes,
    () => readdirSync(data).filter((name) => name.includes('.old-')).length > before,
  ];
  while (!isOver && !moments[i % moments.length]()) await new Promise(setImmediate);
  child.kill('SIGKILL');
  await ended;
}

async function main() {
  const place = makeDirectory();
  const data = join(place.path, 'data');
  const password = /password of every account: (\S+)/.exec(run(['init', '--data', data, '--demo']))[1];
  copyFileSync(join(data, 'keys'), join(place.path, 'first'));
  run(['backup', '--data', data, '--to', join(place.path, 'backups')]);
  const reveal = async (wanted) => {
    const server = await start(data, FLAGS);
    try {
      const refused = spawnSync(binary, ['rekey', '--data', data], { encoding: 'utf8', env: environment });
      assert.match(refused.stderr, /in use/);
      const client = new Client(server.port);
      const session = await client.signIn('clerk1', password);
      const { items } = (await client.call(session, 'GET', '/api/v1/tickets?limit=40')).body;
      const found = [];
      for (const { no } of items) {
        const seen = await client.call(session, 'POST', `/api/v1/tickets/${no}/reveal`, { reason: '核对' });
        assert.equal(seen.status, 200, JSON.stringify(seen.body));
        found.push(JSON.stringify(seen.body));
      }
      client.close();
      if (wanted !== undefined) assert.deepEqual(found, wanted);
      return found;
    } finally {
      await server.stop();
    }
  };
  const people = await reveal();
  assert.ok(people.some((one) => /\d{11}/.test(one)), 'there are phones');
  let unfinished = 0;
  for (let i = 0; i < KILLS; i++) {
    const before = readFileSync(join(data, 'keys'), 'utf8');
    await kill(data, i);
    unfinished += readdirSync(data).includes('keys.new') ? 1 : 0;
    run(['rekey', '--data', data]);
    assert.ok(!readdirSync(data).includes('keys.new'));
    assert.notEqual(readFileSync(join(data, 'keys'), 'utf8'), before, 'the keys are new');
    assert.ok(readdirSync(data).some((name) => name.includes('.old-') && readFileSync(join(data, name), 'utf8') === before), 'the old ones are kept');
    assert.match(run(['verify', '--data', data]), /; 0 found/);
  }
  await reveal(people);
  const [backup] = readdirSync(join(place.path, 'backups'));
  const restored = join(place.path, 'restored');
  const wrong = spawnSync(binary, ['restore', '--from', join(place.path, 'backups', backup), '--keys', join(data, 'keys'), '--data', restored], { encoding: 'utf8', env: environment });
  assert.match(wrong.stderr, /another database/);
  run(['restore', '--from', join(place.path, 'backups', backup), '--keys', join(place.path, 'first'), '--data', restored]);
  console.log(`  rekey: ${KILLS} kills, ${unfinished} of them in the middle, all gone on; ${people.length} people as before, the backup opens with its own keys`);
  place.remove();
}

await main();
