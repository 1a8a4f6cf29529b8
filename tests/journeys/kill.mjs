// kill.mjs - kill -9 under load, again and again on one directory: nothing
// acknowledged is lost, nothing repeated is doubled. KILL_ROUNDS says how often.
import { spawnSync } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { randomInt, randomUUID } from 'node:crypto';
import { Client, environment, makeDirectory, run, start } from './server.mjs';

const CLIENTS = 8;
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 40);
const PASSWORD = 'journey-password-1';

async function main() {
  const directory = makeDirectory();
  let server;
  try {
    run(['user', 'add', '--data', directory.path, '--login', 'clerk', '--name', 'clerk', '--unit', 'office', '--role', 'clerk',
      '--password-stdin'], `${PASSWORD}\n`);
    const acknowledged = new Map(); // number -> content
    let session;
    let open = []; // sent, never answered: {key, body}
    let repeated = 0;
    let slowest = 0;

    for (let round = 0; round <= ROUNDS; round++) {
      const began = Date.now();
      server = await start(directory.path);
      slowest = Math.max(slowest, Date.now() - began);
      const checker = new Client(server.port);
      session ??= await checker.signIn('clerk', PASSWORD);

      // What nobody answered is sent again with its key: it exists once, whichever it was.
      for (const { key, body } of open) {
        const first = await checker.write(session, '/api/v1/tickets', body, key);
        const second = await checker.write(session, '/api/v1/tickets', body, key);
        assert.equal(`${first.status} ${second.status}`, '201 201', JSON.stringify(first.body));
        assert.equal(first.body.no, second.body.no);
        assert.ok(!acknowledged.has(first.body.no), `${first.body.no} was made twice`);
        acknowledged.set(first.body.no, body.content);
        repeated++;
      }
      open = [];
      for (const [no, content] of [...acknowledged].slice(-300)) {
        const seen = await checker.call(session, 'GET', `/api/v1/tickets/${no}`);
        assert.equal(`${seen.status} ${seen.body.content}`, `200 ${content}`);
      }
      checker.close();
      if (round === ROUNDS) break;

      let isKilled = false;
      const work = Array.from({ length: CLIENTS }, async (_, n) => {
        const client = new Client(server.port);
        for (let i = 0; !isKilled; i++) {
          const one = { key: randomUUID(), body: { channel: 'phone', content: `第${round}轮第${n}人第${i}件` } };
          open.push(one);
          try {
            const reply = await client.write(session, '/api/v1/tickets', one.body, one.key);
            assert.equal(reply.status, 201);
            acknowledged.set(reply.body.no, one.body.content);
            open.splice(open.indexOf(one), 1);
          } catch (error) {
            if (!isKilled || error.code === 'ERR_ASSERTION') throw error;
          }
        }
        client.close();
      });
      // A moment that differs each round: after so many acknowledged writes.
      const enough = acknowledged.size + randomInt(5, 120);
      const reached = (async () => { while (acknowledged.size < enough) await new Promise(setImmediate); })();
      await Promise.race([reached, Promise.all(work)]);
      isKilled = true;
      await server.stop('SIGKILL');
      await Promise.all(work);
    }
    // Every number is there once: none was lost, none doubled.
    const client = new Client(server.port);
    const numbers = new Set();
    let cursor = null;
    do {
      const page = await client.call(session, 'GET', `/api/v1/tickets?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
      page.body.items.forEach((item) => numbers.add(item.no));
      cursor = page.body.next;
    } while (cursor);
    client.close();
    assert.equal(numbers.size, acknowledged.size);
    await server.stop();
    server = null;
    const inside = spawnSync(process.env.CHECK_STORE, [directory.path], { encoding: 'utf8', env: environment });
    assert.equal(inside.status, 0, inside.stdout + inside.stderr);
    console.log(`${ROUNDS} kills: ${acknowledged.size} acknowledged, 0 lost, ${repeated} repeated keys, 0 doubled; slowest start ${slowest} ms; ${inside.stdout.trim()}`);
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
