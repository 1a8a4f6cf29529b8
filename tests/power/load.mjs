// load.mjs - the real binary under the recorder, worked with by a few clients. Makes
// three records below a directory, each with the files as they are at the end and what
// was answered:
//
//   plain      many clients and few, checkpoints all the time, the log begins anew
//   healed     flushes of the log and of the database fail, and the server goes on
//   restarted  the server is gone the moment a flush fails, and is started again
//
//     node load.mjs DIRECTORY
//
// YIDAN and RECORDER name the binary and the library.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client, digest, makeFile, run, start, upload } from '../journeys/server.mjs';

const PASSWORD = 'journey-password-1';
const FIRST_PASSWORD = 'given for the first time';
const UNIT = 'U01';
const FILE_BYTES_MAX = 24_000;
const BREAKS_MAX = 10_000; // of connections: more is another fault
const FLAGS = ['--checkpoint-ms', '20', '--attachments-per-ticket', '200', '--upload-reserve-bytes', '0', '--disk-reserve-bytes', '0'];

/** One data directory under the recorder, and what its server has answered. */
class Office {
  constructor(parent, name) {
    this.name = name;
    this.path = join(parent, name);
    mkdirSync(this.path);
    this.path = realpathSync(this.path);
    this.data = join(this.path, 'data');
    this.lines = []; // of the file `expected`
    this.answered = 0;
    this.refused = 0; // 5xx
  }

  environment(failures = '') {
    return {
      LD_PRELOAD: resolve(process.env.RECORDER), POWER_BELOW: this.data, POWER_RECORD: join(this.path, 'record'), POWER_FAIL: failures,
    };
  }

  start(failures) {
    return start(this.data, FLAGS, this.environment(failures));
  }

  /** An acknowledged write: its key, and what must be there ever after. */
  expect(key, no = '', type = '', count = 0, version = 0, text = '', bytes = 0) {
    this.answered++;
    this.lines.push([key, no, type, count, version, bytes, text].join('\t'));
  }

  /** A unit, its handler and a clerk, and who they are. */
  async furnish() {
    const own = this.environment();
    for (const login of ['admin', 'clerk'])
      run(['user', 'add', '--data', this.data, '--login', login, '--name', login, '--unit', 'office', '--role', login, '--password-stdin'],
        `${PASSWORD}\n`, own);
    const server = await this.start();
    const client = new Client(server.port);
    const make = async (who, path, body, status = 201) => {
      const reply = await client.write(who, path, body);
      assert.equal(reply.status, status, `${path} ${JSON.stringify(reply.body)}`);
      this.expect(reply.key);
    };
    const admin = await client.signIn('admin', PASSWORD);
    await make(admin, '/api/v1/units', {
      code: UNIT, name: '第一局', short_name: '一局', kind: 'department', head: '主要负责人', deputy: '分管负责人', contact: '专职人员',
    });
    await make(admin, '/api/v1/users', { login: 'handler', name: 'handler', unit: UNIT, roles: ['handler'], password: FIRST_PASSWORD });
    const handler = await client.signIn('handler', FIRST_PASSWORD);
    await make(handler, '/api/v1/me/password', { password: FIRST_PASSWORD, new_password: PASSWORD }, 204);
    this.sessions = { handler, clerk: await client.signIn('clerk', PASSWORD) };
    client.close();
    await server.stop();
  }

  save() {
    writeFileSync(join(this.path, 'expected'), `${this.lines.join('\n')}\n`);
    console.log(`  ${this.name}: ${this.answered} writes acknowledged, ${this.refused} refused`);
  }
}

/** One ticket on its way; a step is sent again with its key until it is acknowledged. */
class Matter {
  constructor(office, index) {
    this.office = office;
    this.steps = [
      { make: { channel: 'phone', content: `第${index}件：路灯不亮，请派人修理。`, petitioner: { name: '来电人', phone: `139${10_000_000 + index}` } } },
      { file: makeFile(FILE_BYTES_MAX) },
      { who: 'clerk', action: 'amend', body: { reason: '补充地址', changes: { address: `第${index}号` } } },
      { who: 'clerk', action: 'dispatch', body: { lead_unit: UNIT, note: '请按时办理' } },
      { who: 'handler', action: 'sign' },
      { who: 'handler', action: 'contact', body: { way: 'phone', at: new Date().toISOString().replace('Z', '+00:00'), note: '已电话联系' } },
      { file: makeFile(FILE_BYTES_MAX) },
      { file: makeFile(FILE_BYTES_MAX) },
    ];
    this.steps.forEach((step) => { step.key = randomUUID(); });
    this.done = {}; // how often, by event type
    this.version = 0;
  }

  /** The next step; false: it was refused and is to be sent again. */
  async advance(port, client) {
    const { make, file, who, action, body, key } = this.steps[0];
    const { sessions } = this.office;
    const send = () => {
      if (make) return client.call(sessions.clerk, 'POST', '/api/v1/tickets', make, { 'Idempotency-Key': key });
      if (file) return upload(port, sessions.clerk, { no: this.no, key, bytes: file });
      return client.call(sessions[who], 'POST', `/api/v1/tickets/${this.no}/${action}`, { version: this.version, ...body }, { 'Idempotency-Key': key });
    };
    const reply = await send();
    if (reply.status >= 500) {
      this.office.refused++;
      return false;
    }
    assert.equal(reply.status, action ? 200 : 201, `${this.no} ${action}: ${JSON.stringify(reply.body)}`);
    const type = action ?? (make ? 'ticket_created' : 'attached');
    this.done[type] = (this.done[type] ?? 0) + 1;
    if (make) this.no = reply.body.no;
    if (!file) this.version = reply.body.version;
    if (file) this.office.expect(key, this.no, type, this.done[type], this.version, `${reply.body.id} ${digest(file)}`, file.length);
    else this.office.expect(key, this.no, type, this.done[type], this.version, make ? make.content : '');
    this.steps.shift();
    return true;
  }
}

/** So many clients work on what there is until all is done or the server is gone. */
async function work(server, matters, count) {
  const waiting = matters.filter((matter) => matter.steps.length > 0);
  let isGone = false;
  let breaks = 0;
  server.exited.then(() => { isGone = true; });
  await Promise.all(Array.from({ length: count }, async () => {
    const client = new Client(server.port);
    while (!isGone && waiting.length > 0) {
      const matter = waiting.shift();
      try {
        await matter.advance(server.port, client);
      } catch (error) {
        // A kill breaks connections; the loop ends when the end of the server is known.
        if (error.code === 'ERR_ASSERTION' || ++breaks > BREAKS_MAX) throw error;
        await new Promise(setImmediate);
      }
      if (matter.steps.length > 0) waiting.push(matter);
    }
    client.close();
  }));
}

const matters = (office, count) => Array.from({ length: count }, (_, index) => new Matter(office, index));

async function plain(office) {
  const server = await office.start();
  await work(server, matters(office, 24), 12);
  await work(server, matters(office, 6), 2);
  await server.stop();
}

async function healed(office) {
  // Alone, twice and three times in a row (so that the repair fails too), and of the database.
  const server = await office.start('commit:5,log:60,log:61,log:95,log:96,log:97,db:4,db:7,db:10,db:11,db:15,db:20,db:25,db:30,commit:50,log:150,log:152');
  await work(server, matters(office, 14), 10);
  await work(server, matters(office, 6), 2);
  await server.stop();
  assert.ok(office.refused > 0, 'no flush failed');
}

async function restarted(office) {
  const all = matters(office, 30);
  // Mostly the first commit after a start: of a log that holds more, the repair has little to save.
  const rounds = [['commit:1!', 1], ['commit:9!', 10], ['commit:1!', 3], ['commit:2!', 1], ['commit:1!', 10], ['log:1!', 1], ['commit:3!', 3],
    ['commit:1!', 1], ['db:1!', 1], ['commit:20!', 10], ['commit:1!', 10], ['log:2!', 1], ['commit:12!', 1], ['commit:1!', 3]];
  for (const [failures, clients] of rounds) {
    let server;
    try {
      server = await office.start(failures);
    } catch {
      continue; // gone before it listened
    }
    await work(server, all, clients);
    await server.stop(); // when all was done before the flush that fails
  }
  const server = await office.start();
  await work(server, all, 4);
  await server.stop();
  assert.ok(all.every((matter) => matter.steps.length === 0));
}

for (const [name, live] of Object.entries({ plain, healed, restarted })) {
  const office = new Office(process.argv[2], name);
  await office.furnish();
  await live(office);
  office.save();
}
