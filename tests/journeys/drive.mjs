// drive.mjs - every message through the whole life of a ticket, 16 clients at
// once, against a model that knows what must come out.
//
// Shown: each ticket's final state, lead, outcome, satisfaction, counters and
// version equal the model's; every conflict was retried to success or foretold;
// after a restart everything reads the same, and a repeated key answers what it
// answered.
import { spawnSync } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { Client, environment, makeDirectory, run, start } from './server.mjs';
import { clean, loadMessages } from './messages.mjs';

const CLIENTS = 16;
const UNITS = 12;
const PASSWORD = 'journey-password-1';
const FIRST_PASSWORD = 'given for the first time';
const { isReal, messages } = loadMessages(800);

const unitCode = (n) => `U${String(n).padStart(2, '0')}`;
const today = () => new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
const now = () => new Date().toISOString().replace('Z', '+00:00');

/** A workday some weeks ahead: a Wednesday well after every limit. */
function laterWorkday(weeks) {
  const day = new Date(Date.now() + 8 * 3600e3 + weeks * 7 * 86400e3);
  while (day.getUTCDay() !== 3) day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}

// --- The model -----------------------------------------------------------------------

/** What product.md says follows from each action, for the members compared at the end. */
class Model {
  constructor() {
    Object.assign(this, {
      state: 'received', version: 1, lead: null, outcome: null, first: null, final: null, round: 0,
      return_count: 0, extension_count: 0, rework_count: 0, urge_count: 0, supervision_count: 0,
      citizen_urge_count: 0,
    });
  }

  did(action, body) {
    if (!['note', 'contact', 'progress', 'urge'].includes(action)) this.version++;
    const rework = () => { this.state = 'handling'; this.rework_count++; this.outcome = null; };
    switch (action) {
      case 'answer': this.state = 'closed'; this.outcome = 'answered'; break;
      case 'decline': this.state = 'declined'; break;
      case 'dispatch': this.state = 'dispatched'; this.lead = body.lead_unit; this.round++; break;
      case 'sign': if (this.state === 'dispatched') this.state = 'handling'; break;
      case 'recall': this.state = 'received'; this.lead = null; break;
      case 'return': this.state = 'returned'; break;
      case 'accept_return': this.state = 'received'; this.lead = null; this.return_count++; break;
      case 'refuse_return': this.state = 'handling'; break;
      case 'grant_extension': this.extension_count++; break;
      case 'reply': this.state = 'replied'; this.proposed = body.outcome; break;
      case 'approve_reply': this.state = 'feedback'; this.outcome = this.proposed; break;
      case 'reject_reply': rework(); break;
      case 'call_back':
        this.first ??= body.satisfaction;
        this.final = body.satisfaction;
        if (body.rework) rework(); else this.state = 'closed';
        break;
      case 'reopen': if (this.lead) rework(); else { this.state = 'received'; this.outcome = null; } this.final = null; break;
      case 'merge': this.before = this.state; this.state = 'merged'; break;
      case 'unmerge': this.state = this.before; break;
      case 'urge': this.urge_count++; break;
      case 'supervise': this.supervision_count++; break;
      default: break; // records only
    }
  }
}

// --- Plans -----------------------------------------------------------------------------

const PLANS = [
  // share of 100, what happens between dispatch and closing
  [42, 'plain'], [7, 'recalled'], [6, 'returned'], [4, 'return_refused'], [7, 'extended'], [8, 'rejected'],
  [5, 'merged'], [5, 'unmerged'], [5, 'supervised'], [4, 'urged'], [4, 'reopened'], [2, 'answered'], [1, 'declined'],
];
function planOf(i) {
  let point = (i * 37) % 100;
  for (const [share, name] of PLANS) {
    if (point < share) return name;
    point -= share;
  }
  throw new Error('shares do not add up to 100');
}

const counts = { requests: 0, conflicts: 0, foretold: 0, replays: 0 };

class Ticket {
  constructor(world, client, index, message) {
    Object.assign(this, { world, client, index, message, model: new Model() });
    this.lead = 1 + (index % UNITS);
    this.co = 1 + ((index + 5) % UNITS);
  }

  /** Do it; a stale version is read anew and tried again until it is done. */
  async act(who, action, body = {}) {
    const path = `/api/v1/tickets/${this.no}/${action.replaceAll('_', '-')}`;
    const session = this.world.sessions[who];
    for (;;) {
      const reply = await this.client.write(session, path, { version: this.model.version, ...body });
      counts.requests++;
      if (reply.status === 200) {
        this.model.did(action, body);
        assert.equal(reply.body.state, this.model.state, `${this.no} after ${action}`);
        return reply;
      }
      if (reply.status === 409 && reply.body.code === 'ticket.version_conflict' && this.isContended) {
        counts.conflicts++;
        const seen = await this.client.call(session, 'GET', `/api/v1/tickets/${this.no}`);
        assert.equal(seen.status, 200);
        this.model.version = seen.body.version;
        continue;
      }
      throw new Error(`${this.no} ${action}: ${reply.status} ${JSON.stringify(reply.body)}`);
    }
  }

  /** A request that must be refused, with this status and code, and change nothing. */
  async refused(who, action, body, status, code) {
    const reply = await this.client.write(this.world.sessions[who], `/api/v1/tickets/${this.no}/${action.replaceAll('_', '-')}`,
      { version: this.model.version, ...body });
    counts.requests++;
    counts.foretold++;
    assert.equal(`${reply.status} ${reply.body.code}`, `${status} ${code}`, `${this.no} ${action}`);
  }

  unit(n = this.lead) { return unitCode(n); }

  handler(n = this.lead) { return `h${n}`; }

  async create() {
    const i = this.index;
    const body = {
      channel: i % 3 === 0 ? 'web' : 'phone',
      title: clean(this.message.title, 60) || undefined,
      content: clean(this.message.content, 10000),
      kind: ['consult', 'help', 'complaint', 'suggest'][i % 4],
      petitioner: { name: `来电人${i}`, phone: `139${String(10000000 + i)}` },
      may_publish: i % 2 === 0,
    };
    const reply = await this.client.write(this.world.sessions.clerk, '/api/v1/tickets', body);
    counts.requests++;
    assert.equal(reply.status, 201, JSON.stringify(reply.body));
    assert.match(reply.body.no, /^\d{8}-[RW]\d{4}$/);
    this.no = reply.body.no;
    this.creation = { key: reply.key, body };
  }

  dispatch(lead = this.lead) {
    this.lead = lead;
    const co = lead === this.co ? undefined : [this.unit(this.co)];
    this.hasCo = co !== undefined;
    return this.act('clerk', 'dispatch', { lead_unit: this.unit(lead), ...(co && { co_units: co }), note: '请按时办理' });
  }

  /** Two at once: a clerk amends while the unit signs; whoever is late reads anew. */
  async sign() {
    if (this.index % 4 !== 0) return this.act(this.handler(), 'sign');
    this.isContended = true;
    const other = new Ticket(this.world, this.world.spare, this.index, this.message);
    Object.assign(other, { no: this.no, isContended: true, model: Object.assign(new Model(), this.model) });
    const before = this.model.version;
    await Promise.all([
      this.act(this.handler(), 'sign'),
      other.actQuietly('clerk2', 'amend', { reason: '补充地址', changes: { address: `第${this.index}号` } }),
    ]);
    this.model.version = before + 2;
    this.isContended = false;
    return undefined;
  }

  /** Like act(), without an opinion on the state, which another client moves meanwhile. */
  async actQuietly(who, action, body) {
    const session = this.world.sessions[who];
    for (;;) {
      const reply = await this.client.write(session, `/api/v1/tickets/${this.no}/${action}`, { version: this.model.version, ...body });
      counts.requests++;
      if (reply.status === 200) return;
      assert.equal(`${reply.status} ${reply.body.code}`, '409 ticket.version_conflict');
      counts.conflicts++;
      const seen = await this.client.call(session, 'GET', `/api/v1/tickets/${this.no}`);
      this.model.version = seen.body.version;
    }
  }

  async handle() {
    await this.act(this.handler(), 'contact', { way: 'phone', at: now(), note: '已电话联系' });
    if (this.hasCo) await this.act(this.handler(this.co), 'co_reply', { text: '无不同意见' });
  }

  reply() {
    const body = {
      contacted: true,
      finding: '经调查核实，情况属实。',
      measures: '已安排专人处理。',
      reply_text: clean(this.message.reply, 20000) || '已答复。',
      outcome: ['solved', 'partly', 'explained'][this.index % 3],
      told_at: now(),
      told_way: 'phone',
      signed_off_by: '分管负责人',
      override_reason: '情况简单，已当面说明。',
    };
    return this.act(this.handler(), 'reply', body);
  }

  callBack(satisfaction, rework = false) {
    return this.act('clerk', 'call_back', {
      connected: true, contacted_by_unit: true, solved: satisfaction !== 'unsatisfied', satisfaction, ...(rework && { rework }),
    });
  }

  async finish() {
    await this.reply();
    await this.act('clerk2', 'approve_reply');
    await this.callBack(['satisfied', 'basic', 'unsatisfied'][this.index % 3]);
  }

  async live() {
    await this.create();
    const plan = planOf(this.index);
    if (plan === 'answered')
      return this.act('clerk', 'answer', { reply_text: clean(this.message.reply, 20000) || '已答复。', told_at: now(), told_way: 'phone' });
    if (plan === 'declined')
      return this.act('clerk', 'decline', { reason_code: 'court_or_arbitration', guidance: '请向法院提出', told_at: now(), told_way: 'phone' });
    await this.dispatch();
    await this.refused('clerk', 'dispatch', { lead_unit: this.unit() }, 409, 'ticket.wrong_state');
    if (plan === 'recalled') {
      await this.act('clerk', 'recall', { reason: '交办有误' });
      await this.dispatch(1 + (this.lead % UNITS));
    }
    if (plan === 'returned' || plan === 'return_refused') {
      const other = 1 + ((this.lead + 1) % UNITS);
      await this.act(this.handler(), 'return', { reason_code: 'not_our_duty', basis: '三定方案', suggested_unit: this.unit(other) });
      if (plan === 'returned') {
        await this.act('clerk', 'accept_return', { note: '同意' });
        await this.dispatch(other);
      } else {
        await this.act('clerk', 'refuse_return', { reason: '属你单位职责' });
        await this.refused(this.handler(), 'return', { reason_code: 'wrong_area', basis: '再议', suggested_unit: this.unit(other) }, 409, 'ticket.return_twice');
      }
    }
    if (plan === 'merged' || plan === 'unmerged') {
      const into = this.world.target;
      await this.act('clerk', 'merge', { into: into.no });
      into.model.citizen_urge_count++;
      if (plan === 'merged') return undefined;
      await this.act('clerk', 'unmerge', { reason: '并错了' });
    }
    if (this.model.state === 'dispatched') await this.sign();
    if (plan === 'supervised') {
      await this.act('supervisor', 'supervise', { reason_code: 'public_concern', demand: '三日内报告', answer_due_on: today() });
      await this.act(this.handler(), 'answer_supervision', { text: '正在办理' });
      await this.act('supervisor', 'settle_supervision', { note: '同意' });
    }
    if (plan === 'urged') await this.act('clerk', 'urge', { note: '请抓紧' });
    await this.handle();
    if (plan === 'extended') {
      await this.act(this.handler(), 'extend', {
        reason_code: 'coordination', reason: '需要协调', promised_on: laterWorkday(2), interim_reply: '正在协调', told_at: now(), told_way: 'phone',
      });
      await this.act('supervisor', 'grant_extension', { note: '同意' });
    }
    await this.finishOrRework(plan);
    return undefined;
  }

  async finishOrRework(plan) {
    if (plan === 'rejected') {
      await this.reply();
      await this.act('clerk', 'reject_reply', { reason_codes: ['boilerplate', 'off_topic'], note: '请重新调查' });
      await this.refused(this.handler(), 'extend', {
        reason_code: 'other', reason: '再延', promised_on: laterWorkday(3), interim_reply: '稍候', told_at: now(), told_way: 'phone',
      }, 409, 'ticket.in_rework');
    }
    await this.finish();
    if (plan === 'reopened') {
      await this.act('supervisor', 'reopen', { reason: '群众再次反映' });
      await this.finish();
    }
  }

  compare(body) {
    const told = {
      state: body.state, version: body.version, lead: body.lead_unit?.code ?? null, outcome: body.outcome,
      first: body.satisfaction_first, final: body.satisfaction_final, round: body.round,
    };
    for (const name of ['return_count', 'extension_count', 'rework_count', 'urge_count', 'supervision_count', 'citizen_urge_count'])
      told[name] = body[name];
    const expected = Object.fromEntries(Object.keys(told).map((name) => [name, this.model[name]]));
    assert.deepEqual(told, expected, this.no);
  }
}

// --- The run -----------------------------------------------------------------------------

async function makeOffice(port) {
  const client = new Client(port);
  const sessions = { admin: await client.signIn('admin', PASSWORD) };
  const make = async (path, body) => {
    const reply = await client.write(sessions.admin, path, body);
    assert.equal(reply.status, 201, `${path} ${JSON.stringify(reply.body)}`);
  };
  for (let n = 1; n <= UNITS; n++)
    await make('/api/v1/units', {
      code: unitCode(n), name: `第${n}局`, short_name: `${n}局`, kind: 'department', head: '主要负责人', deputy: '分管负责人', contact: '专职人员',
    });
  const staff = [['clerk', 'office', ['clerk']], ['clerk2', 'office', ['clerk']], ['supervisor', 'office', ['supervisor']], ['leader', 'office', ['leader']]];
  for (let n = 1; n <= UNITS; n++) staff.push([`h${n}`, unitCode(n), ['handler']]);
  for (const [login, unit, roles] of staff) {
    await make('/api/v1/users', { login, name: login, unit, roles, password: FIRST_PASSWORD });
    sessions[login] = await client.signIn(login, FIRST_PASSWORD);
    const own = await client.write(sessions[login], '/api/v1/me/password', { password: FIRST_PASSWORD, new_password: PASSWORD });
    assert.equal(own.status, 204, login);
  }
  client.close();
  return sessions;
}

/** All tickets a list shows, page by page. */
async function listAll(client, session, query) {
  const items = [];
  let cursor = null;
  do {
    const reply = await client.call(session, 'GET', `/api/v1/tickets?limit=200${query}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
    items.push(...reply.body.items);
    cursor = reply.body.next;
  } while (cursor);
  return items;
}

async function compareAll(client, world, tickets) {
  const byState = {};
  for (const ticket of tickets) {
    const reply = await client.call(world.sessions.supervisor, 'GET', `/api/v1/tickets/${ticket.no}`);
    assert.equal(reply.status, 200, ticket.no);
    ticket.compare(reply.body);
    byState[ticket.model.state] = (byState[ticket.model.state] ?? 0) + 1;
  }
  for (const [state, expected] of Object.entries(byState))
    assert.equal((await listAll(client, world.sessions.supervisor, `&state=${state}`)).length, expected, `list of ${state}`);
  assert.equal((await listAll(client, world.sessions.supervisor, '')).length, tickets.length);
  return byState;
}

async function main() {
  const directory = makeDirectory();
  let server;
  try {
    // The first account: made before the server holds the directory's lock.
    run(['user', 'add', '--data', directory.path, '--login', 'admin', '--name', '管理员', '--unit', 'office', '--role', 'admin',
      '--password-stdin'], `${PASSWORD}\n`);
    server = await start(directory.path);
    const sessions = await makeOffice(server.port);
    const world = { sessions, spare: new Client(server.port) };
    world.target = new Ticket(world, new Client(server.port), messages.length, {
      title: '并单目标', content: '许多人反映的同一件事', reply: '已答复。',
    });
    await world.target.create();

    const began = Date.now();
    const tickets = messages.map(() => null);
    let next = 0;
    await Promise.all(Array.from({ length: CLIENTS }, async () => {
      const client = new Client(server.port);
      for (let i = next++; i < messages.length; i = next++) {
        tickets[i] = new Ticket(world, client, i, messages[i]);
        await tickets[i].live();
      }
      client.close();
    }));
    tickets.push(world.target);
    const seconds = (Date.now() - began) / 1000;

    let client = new Client(server.port);
    const before = await compareAll(client, world, tickets);
    await server.stop();
    const inside = spawnSync(process.env.CHECK_STORE, [directory.path], { encoding: 'utf8', env: environment });
    assert.equal(inside.status, 0, inside.stdout + inside.stderr);

    server = await start(directory.path);
    client = new Client(server.port);
    const after = await compareAll(client, world, tickets);
    assert.deepEqual(after, before);
    for (const ticket of tickets.filter((_, i) => i % 20 === 0)) {
      const again = await client.write(world.sessions.clerk, '/api/v1/tickets', ticket.creation.body, ticket.creation.key);
      assert.equal(`${again.status} ${again.body.no}`, `201 ${ticket.no}`);
      counts.replays++;
    }
    await compareAll(client, world, tickets);
    await server.stop();

    const all = tickets.length;
    console.log(`messages          ${messages.length} (${isReal ? 'real' : 'made up'}), ${CLIENTS} clients, ${seconds.toFixed(1)} s`);
    console.log(`requests          ${counts.requests}, ${(counts.requests / seconds).toFixed(0)}/s`);
    console.log(`conflicts         ${counts.conflicts} retried to success, ${counts.foretold} refusals foretold, 0 others`);
    console.log(`by state          ${Object.entries(after).map(([state, n]) => `${state} ${n}`).join(', ')}`);
    console.log(`rates             closed ${((after.closed ?? 0) * 100 / all).toFixed(1)} %, merged ${((after.merged ?? 0) * 100 / all).toFixed(1)} %`);
    console.log(`after restart     ${all} of ${all} tickets equal the model, 0 lost, ${counts.replays} repeated keys made nothing new`);
    console.log(`inside            ${inside.stdout.trim()}`);
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
