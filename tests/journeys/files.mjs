// files.mjs - kill -9 while files are coming in, again and again on one directory:
// no row without its file, no file without its row, nothing acknowledged is lost and
// nothing repeated is doubled. KILL_ROUNDS says how often.
import { spawnSync } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { randomInt, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client, digest, download, environment, makeDirectory, makeFile, run, start, upload } from './server.mjs';

const CLIENTS = 6;
const TICKETS = 12;
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 25);
const PASSWORD = 'journey-password-1';
const FLAGS = ['--attachments-per-ticket', '200'];

async function main() {
  const directory = makeDirectory();
  let server;
  try {
    run(['user', 'add', '--data', directory.path, '--login', 'clerk', '--name', 'clerk', '--unit', 'office', '--role', 'clerk',
      '--password-stdin'], `${PASSWORD}\n`);
    const acknowledged = new Map(); // id -> digest
    const tickets = [];
    let session;
    let open = []; // sent, never answered
    let repeated = 0;

    for (let round = 0; round <= ROUNDS; round++) {
      server = await start(directory.path, FLAGS);
      const client = new Client(server.port);
      session ??= await client.signIn('clerk', PASSWORD);
      while (tickets.length < TICKETS)
        tickets.push((await client.write(session, '/api/v1/tickets', { channel: 'phone', content: '附件' })).body.no);

      // After the start the folder holds the files of rows, and nothing else.
      const listed = [];
      for (const no of tickets)
        listed.push(...(await client.call(session, 'GET', `/api/v1/tickets/${no}/attachments`)).body.items.map((item) => item.id));
      assert.deepEqual(readdirSync(join(directory.path, 'attachments')).sort(), listed.sort());

      // What nobody answered is sent again with its key: it is there once, whichever it was.
      for (const one of open) {
        const first = await upload(server.port, session, one);
        const second = await upload(server.port, session, one);
        assert.equal(`${first.status} ${second.status}`, '201 201', JSON.stringify(first.body));
        assert.equal(first.body.id, second.body.id);
        assert.ok(!acknowledged.has(first.body.id), 'attached twice');
        acknowledged.set(first.body.id, digest(one.bytes));
        repeated++;
      }
      open = [];
      for (const [id, wanted] of [...acknowledged].slice(-60)) {
        const got = await download(server.port, session, id);
        assert.equal(`${got.status} ${digest(got.bytes)}`, `200 ${wanted}`);
      }
      client.close();
      if (round === ROUNDS) break;

      let isKilled = false;
      const work = Array.from({ length: CLIENTS }, async () => {
        while (!isKilled) {
          const one = { no: tickets[randomInt(TICKETS)], key: randomUUID(), bytes: makeFile() };
          open.push(one);
          try {
            const reply = await upload(server.port, session, one);
            assert.equal(reply.status, 201, JSON.stringify(reply.body));
            acknowledged.set(reply.body.id, digest(one.bytes));
            open.splice(open.indexOf(one), 1);
          } catch (error) {
            if (!isKilled || error.code === 'ERR_ASSERTION') throw error;
          }
        }
      });
      // A moment that differs each round: after so many acknowledged files.
      const enough = acknowledged.size + randomInt(2, 20);
      const reached = (async () => { while (acknowledged.size < enough) await new Promise(setImmediate); })();
      await Promise.race([reached, Promise.all(work)]);
      isKilled = true;
      await server.stop('SIGKILL');
      await Promise.all(work);
    }
    const files = readdirSync(join(directory.path, 'attachments'));
    assert.deepEqual(files.sort(), [...acknowledged.keys()].sort());
    await server.stop();
    server = null;
    const inside = spawnSync(process.env.CHECK_STORE, [directory.path], { encoding: 'utf8', env: environment });
    assert.equal(inside.status, 0, inside.stdout + inside.stderr);
    console.log(`${ROUNDS} kills: ${acknowledged.size} files acknowledged, 0 lost, ${repeated} repeated keys, 0 doubled, 0 files without a row; ${inside.stdout.trim()}`);
    console.log('1 passed, 0 failed');
  } finally {
    await server?.stop();
    directory.remove();
  }
}

main().catch((error) => {
  console.error(error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
