// race.mjs - 50 at once on one ticket: one winner; and 50 times the same key:
// one effect, one answer. RACE_ROUNDS says how often (100).
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { Client, makeDirectory, run, start } from './server.mjs';

const PARALLEL = 50;
const ROUNDS = Number(process.env.RACE_ROUNDS ?? 100);
const PASSWORD = 'journey-password-1';

async function main() {
  const directory = makeDirectory();
  let server;
  try {
    for (const [login, roles] of [['admin', 'admin'], ['clerk', 'clerk']])
      run(['user', 'add', '--data', directory.path, '--login', login, '--name', login, '--unit', 'office', '--role', roles,
        '--password-stdin'], `${PASSWORD}\n`);
    server = await start(directory.path);
    const clients = Array.from({ length: PARALLEL }, () => new Client(server.port));
    const session = await clients[0].signIn('clerk', PASSWORD);
    const lost = { 'ticket.version_conflict': 0, 'ticket.wrong_state': 0 };

    for (let round = 0; round < ROUNDS; round++) {
      const key = randomUUID();
      const body = { channel: 'phone', content: `第${round}轮：同一件事按了五十次提交。` };
      const made = await Promise.all(clients.map((client) => client.write(session, '/api/v1/tickets', body, key)));
      const numbers = new Set(made.map((reply) => `${reply.status} ${reply.body.no}`));
      assert.equal(numbers.size, 1, [...numbers].join(' '));
      const no = made[0].body.no;
      assert.match([...numbers][0], /^201 /);

      const answers = await Promise.all(clients.map((client) => client.write(session, `/api/v1/tickets/${no}/answer`,
        { version: 1, reply_text: '已答复。', told_at: new Date().toISOString().replace('Z', '+00:00'), told_way: 'phone' })));
      assert.equal(answers.filter((reply) => reply.status === 200).length, 1, `round ${round}`);
      for (const reply of answers.filter((r) => r.status !== 200)) {
        assert.equal(reply.status, 409);
        lost[reply.body.code] = (lost[reply.body.code] ?? 0) + 1;
      }
      const after = await clients[0].call(session, 'GET', `/api/v1/tickets/${no}`);
      assert.equal(`${after.body.state} ${after.body.version}`, 'closed 2');
      const events = await clients[0].call(session, 'GET', `/api/v1/tickets/${no}/events`);
      assert.deepEqual(events.body.items.map((event) => event.type).filter((type) => type !== 'opened'), ['ticket_created', 'answer']);
    }
    clients.forEach((client) => client.close());
    await server.stop();
    console.log(`${ROUNDS} rounds of ${PARALLEL}: one ticket by one key, one winner, ${Object.entries(lost).map(([c, n]) => `${c} ${n}`).join(', ')}`);
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
