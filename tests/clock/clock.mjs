// clock.mjs - does the timer of the real server do each thing exactly once and
// nothing early, whatever the wall clock does?
//
// What is due is worked out here from the tickets the API shows; what happened
// is read from their events.  Every due second is visited twice: at its last
// second nothing may have happened, at the next one it must have.
import { Server } from './server.mjs';
import { at, show } from './calendar.mjs';
import { plan, seconds } from './plan.mjs';

const [binary, library] = process.argv.slice(2);
const server = new Server(binary, library);
const results = []; // the table
const tickets = []; // their numbers
let latest = 0; // the latest second the clock has shown

const key = (ticket, type, due) => `${ticket} ${type} ${show(due)}`;

const show1 = (no) => server.call('supervisor', 'GET', `/tickets/${no}`);

/** The timer's events of a ticket: due moments by type, and when they happened. */
async function happened(no) {
  const found = [];
  let cursor = '';
  do {
    const page = await server.call('supervisor', 'GET',
      `/tickets/${no}/events?limit=200${cursor && `&cursor=${cursor}`}`);
    for (const event of page.items.filter((one) => one.type.startsWith('timer.'))) {
      const facts = event.facts ?? event.payload;
      found.push({ type: event.type, due: dueOf(facts), at: seconds(event.at) });
    }
    cursor = page.next;
  } while (cursor);
  return found;
}
const dueOf = (facts) =>
  (typeof facts.due_at === 'string' ? seconds(facts.due_at) : facts.due_at);

/** What must have happened by now, by what is planned and the latest clock. */
const expected = new Map(); // key -> count, kept once it was due
const early = new Set();

/** What will be due at `moment`, by the state before anything changes: two units may share a second. */
async function expectPlannedAt(moment) {
  for (const no of tickets) {
    const counts = new Map();
    for (const one of plan(await show1(no)).filter((due) => due.at < moment)) {
      const name = key(no, one.type, one.at);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    for (const [name, count] of counts)
      expected.set(name, Math.max(expected.get(name) ?? 0, count));
  }
}

/** What happened how often; what happened too early is kept in `early`. */
async function seen() {
  const counts = new Map();
  for (const no of tickets)
    for (const one of await happened(no)) {
      const name = key(no, one.type, one.due);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (one.at <= one.due) early.add(`${name}: early, at ${show(one.at)}`);
    }
  return counts;
}

/** Compare; a difference goes to the table. What is missing may still be on its way. */
async function check(what, wanted) {
  const missing = [];
  const surplus = [];
  const limit = performance.now() + 20000;
  do {
    const counts = await seen();
    missing.length = surplus.length = 0;
    for (const [name, times] of wanted)
      if ((counts.get(name) ?? 0) < times) missing.push(`${name}: missing`);
    for (const [name, times] of counts)
      if (times > (wanted.get(name) ?? 0))
        surplus.push(`${name}: ${times} times, not ${wanted.get(name) ?? 0}`);
  } while (missing.length > 0 && surplus.length === 0 && performance.now() < limit);
  results.push({ what, clock: show(server.now), due: wanted.size,
    differences: [...missing, ...surplus, ...early] });
}

function moveClock(to) {
  server.setClock(to);
  latest = Math.max(latest, to);
}

/** Visit every due second up to `to`: its last second, and the one after. */
async function walk(what, to) {
  let visited = 0;
  for (;;) {
    const ahead = [];
    for (const no of tickets)
      ahead.push(...plan(await show1(no)).map((one) => one.at).filter((one) => one >= latest));
    const next = Math.min(...ahead, to);
    if (next >= to) break;
    moveClock(next);
    await server.settle();
    await check(`${what}: last second`, expected);
    await expectPlannedAt(next + 1);
    moveClock(next + 1);
    await server.settle();
    await check(`${what}: the next`, expected);
    visited++;
  }
  moveClock(to);
  await server.settle();
  await expectPlannedAt(latest);
  await check(`${what}: ${visited} due seconds visited`, expected);
}

/** Set the clock and look once. */
async function jump(what, to) {
  await expectPlannedAt(to);
  moveClock(to);
  await server.settle();
  await check(what, expected);
}

async function receive(channel, extra = {}) {
  const made = await server.call('clerk', 'POST', '/tickets', {
    channel, content: '路灯不亮已有一个星期，请尽快修理。', petitioner: { phone: '13800001234' },
    ...extra,
  });
  tickets.push(made.no);
  return made;
}

const act = async (login, no, action, body = {}) =>
  server.call(login, 'POST', `/tickets/${no}/${action}`,
    { version: (await show1(no)).version, ...body });

async function dispatched(channel, coUnits = []) {
  const made = await receive(channel);
  await act('clerk', made.no, 'dispatch',
    { lead_unit: 'road', ...(coUnits.length ? { co_units: coUnits } : {}) });
  return made.no;
}

async function setUp() {
  moveClock(at('2026-09-30 09:00:00'));
  for (const [login, role] of [['clerk', 'clerk'], ['supervisor', 'supervisor'], ['root', 'admin']])
    server.command('user', 'add', '--login', login, '--name', login, '--unit', 'office',
      '--role', role, '--password-stdin');
  await server.start();
  for (const code of ['road', 'water'])
    await server.call('root', 'POST', '/units', {
      code, name: `unit ${code}`, short_name: code, kind: 'department',
      head: 'h', deputy: 'd', contact: 'c',
    });
  await server.addUser('root', { login: 'worker', name: 'worker', unit: 'road', roles: ['handler'] });
}

/** Each due second of a phone and a web ticket over the holiday and the make-up Saturday. */
async function overTheHoliday() {
  moveClock(at('2026-09-30 10:00:00'));
  const phone = await dispatched('phone', ['water']);
  const web = await dispatched('web');
  const late = (await receive('phone')).no;
  const due = [seconds((await show1(web)).due_at), seconds((await show1(phone)).due_at)];
  const wanted = [at('2026-10-10 23:59:59'), at('2026-10-13 23:59:59')];
  results.push({ what: 'web is due on the make-up Saturday, phone on the 13th',
    clock: show(server.now), due: 2,
    differences: due.flatMap((one, i) => (one === wanted[i] ? [] : [`due ${show(one)}`])) });
  await walk('not opened, not dispatched', at('2026-10-01 00:30:00'));
  await act('clerk', late, 'dispatch', { lead_unit: 'water' });
  moveClock(at('2026-10-08 10:00:00'));
  await act('worker', phone, 'sign');
  await expectPlannedAt(latest);
  await walk('over the make-up Saturday', at('2026-10-22 12:00:00'));
}

async function backwards() {
  await jump('three hours back', server.now - 3 * 3600);
  await jump('and another three', server.now - 3 * 3600);
  await jump('forward again', server.now + 6 * 3600);
  await jump('one second back', server.now - 1);
}

/** A deadline passes while nobody is there; then the same with kill -9. */
async function restarts() {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    moveClock(Math.max(latest, server.now) + 600);
    await server.settle();
    const no = await dispatched('phone');
    const red = seconds((await show1(no)).effective_due_at);
    await expectPlannedAt(red + 3600);
    await server.stop(signal);
    moveClock(red + 3600);
    await server.start();
    await server.settle();
    await check(`restart across a deadline after ${signal}`, expected);
    await server.stop(signal);
    await server.start();
    await server.settle();
    await check(`and once more after ${signal}`, expected);
  }
}

async function yearEnd() {
  await jump('to the year\'s end', at('2026-12-29 10:00:00'));
  const no = await dispatched('phone');
  const ticket = await show1(no);
  results.push({ what: 'a due date in a year nobody has entered is provisional',
    clock: show(server.now), due: 1,
    differences: ticket.due_provisional ? [] : ['not provisional'] });
  await walk('over the year\'s end', at('2027-01-20 12:00:00'));
}

async function manyAtOnce() {
  for (let i = 0; i < 30; i++) await dispatched(i % 2 === 0 ? 'phone' : 'web');
  await jump('two days at once', server.now + 2 * 86400);
  await jump('forty days at once', server.now + 40 * 86400);
  await backwards();
}

function print() {
  const failed = results.filter((one) => one.differences.length > 0);
  console.log('clock                due  step');
  for (const one of results) {
    console.log(`${one.clock}  ${String(one.due).padStart(3)}  ${one.what}`
      + `${one.differences.length ? '  DIFFERS' : ''}`);
    for (const difference of one.differences.slice(0, 10)) console.log(`      ${difference}`);
  }
  const due = [...expected.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${results.length} comparisons, ${due} due actions on ${tickets.length}`
    + ` tickets, ${failed.length} differences`);
  return failed.length === 0;
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    server.process?.kill('SIGKILL'); // it must not outlive its test
    process.exit(1);
  });

let isGood = false;
try {
  await setUp();
  await overTheHoliday();
  await backwards();
  await restarts();
  await yearEnd();
  await manyAtOnce();
  await server.stop();
  isGood = print();
} catch (error) {
  print();
  console.error(error);
  server.process?.kill('SIGKILL');
}
if (isGood) server.remove();
else console.error(`kept: ${server.folder}`);
process.exit(isGood ? 0 : 1);
