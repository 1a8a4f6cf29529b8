// month.mjs - a month of the made-up county in which nobody does anything: every grade of urging
// and every alarm comes, each exactly once and none early, also on days off, with the office's own
// (review, callback, what no leader was told of) among them; who left no phone is closed unless a
// supervision waits; messages keep the quiet hours; whoever passes a fifth day late stands on the
// list; broken promises are in the ledger.  What is due is worked out here (plan.mjs) from what the API shows on the first day.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Server } from './server.mjs';
import { at, dayOf, dayStart, isWorkday, show } from './calendar.mjs';
import { isUnanswered, plan, seconds } from './plan.mjs';

const [binary, library] = process.argv.slice(2);
const server = new Server(binary, library);
server.password = 'yunxi-demo-2026';
const BEGIN = at('2026-09-24 10:00:00');
const END = at('2026-10-26 10:00:00');
const STOPS = ['00:00:01', '09:00:01', '12:00:01', '20:00:01'];
const QUIET_FROM_S = 20 * 3600;
const QUIET_UNTIL_S = 8 * 3600;
const GRADES = ['dispatch_late', 'unopened', 'sign_late', 'contact_late', 'yellow', 'red', 'notice', 'prepare_supervision', 'criticism', 'co_yellow', 'co_red',
  'submit_late', 'review_late', 'callback_late', 'promise_late', 'supervision_late', 'close_unreachable'];
const OPEN = 'received,dispatched,handling,returned,replied,feedback';

const ask = (path) => server.call('supervisor1', 'GET', path);
async function all(path) {
  const items = [];
  for (let cursor = null; ;) {
    const page = await ask(`${path}${path.includes('?') ? '&' : '?'}limit=200${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
    items.push(...page.items);
    cursor = page.next;
    if (cursor === null) return items;
  }
}

/** Of the database that the server left, read by another program. */
function rows(sql) {
  const reply = spawnSync('sqlite3', ['-json', '-readonly', join(server.data, 'yidan.db'), sql], { encoding: 'utf8' });
  if (reply.status !== 0) throw new Error(reply.stderr);
  return reply.stdout.trim() === '' ? [] : JSON.parse(reply.stdout);
}

const differences = [];
const differ = (what) => differences.push(what);
const same = (what, found, wanted) => found === wanted || differ(`${what}: ${found}, not ${wanted}`);

/** Nobody acts on these from now on: their plan is what must happen. */
async function watched() {
  const lines = await all(`/tickets?state=${OPEN}`);
  return Promise.all(lines.map((line) => ask(`/tickets/${line.no}`)));
}

async function happened(no) {
  const events = await all(`/tickets/${no}/events`);
  return events.filter((event) => event.type.startsWith('timer.') && seconds(event.at) > BEGIN).map((event) => {
    const facts = event.facts ?? event.payload;
    const due = typeof facts.due_at === 'string' ? seconds(facts.due_at) : facts.due_at;
    if (seconds(event.at) <= due) differ(`${no} ${event.type} early, at ${event.at}`);
    return `${event.type} ${show(due)}`;
  });
}

const counted = (list) => list.reduce((counts, one) => counts.set(one, (counts.get(one) ?? 0) + 1), new Map());

/** What was due for each ticket against what happened to it; how often each grade came. */
async function compareGrades(tickets) {
  const grades = new Map(GRADES.map((grade) => [grade, 0]));
  for (const ticket of tickets) {
    const due = plan(ticket).filter((one) => one.at >= BEGIN && one.at < END && GRADES.includes(one.type.slice(6)));
    const wanted = counted(due.map((one) => `${one.type} ${show(one.at)}`));
    const found = counted((await happened(ticket.no)).filter((one) => GRADES.includes(one.split(' ')[0].slice(6))));
    for (const one of new Set([...wanted.keys(), ...found.keys()]))
      same(`${ticket.no} ${one}`, found.get(one) ?? 0, wanted.get(one) ?? 0);
    for (const one of due) grades.set(one.type.slice(6), grades.get(one.type.slice(6)) + 1);
  }
  return grades;
}

/** An urge for yellow, one for red, a numbered notice for the next workday. */
async function compareUrges(tickets) {
  const urges = (await all('/urges')).filter((one) => seconds(one.issued_at) > BEGIN);
  let records = 0;
  for (const ticket of tickets) {
    const due = plan(ticket).filter((one) => one.at >= BEGIN && one.at < END);
    const of = (kind) => urges.filter((one) => one.ticket.no === ticket.no && one.kind === kind);
    const times = (...types) => due.filter((one) => types.includes(one.type.slice(6))).length;
    same(`${ticket.no} urges before`, of('auto_before').length, times('yellow', 'co_yellow'));
    same(`${ticket.no} urges overdue`, of('auto_overdue').length, times('red', 'co_red'));
    same(`${ticket.no} notices`, of('notice').length, times('notice'));
    for (const one of of('notice')) if (one.number === null) differ(`${ticket.no}: a notice without a number`);
    records += of('auto_before').length + of('auto_overdue').length + of('notice').length;
  }
  const numbers = urges.filter((one) => one.number !== null).map((one) => one.number);
  same('numbers of notices', new Set(numbers).size, numbers.length);
  return records;
}

/** Messages of normal tickets that were made in the quiet hours go at eight; all others at once. */
function compareQuiet() {
  const messages = rows(`SELECT outbox.at, outbox.not_before, outbox.is_alarm, outbox.kind, ticket.urgency, ticket.received_at
                           FROM outbox JOIN ticket ON ticket.id = outbox.ticket_id WHERE outbox.at > ${BEGIN}`);
  let quiet = 0;
  let daysOff = 0;
  for (const one of messages) {
    const second = one.at - dayStart(dayOf(one.at));
    const isQuiet = one.urgency === 'normal' && (second >= QUIET_FROM_S || second < QUIET_UNTIL_S);
    const wanted = !isQuiet ? one.at : dayStart(dayOf(one.at) + (second >= QUIET_FROM_S ? 1 : 0)) + QUIET_UNTIL_S;
    same(`a message of ${show(one.at)} goes`, show(one.not_before), show(wanted));
    quiet += isQuiet;
    if (one.is_alarm === 1 && !isWorkday(dayOf(one.at))) daysOff += 1;
  }
  return { messages: messages.length, quiet, daysOff };
}

async function comparePromises() {
  const today = dayOf(END);
  const open = (await all('/promises')).filter((one) => one.state === 'open');
  let broken = 0;
  for (const one of open) {
    const isOver = dayOf(at(`${one.promised_on} 12:00:00`)) < today;
    same(`promise of ${one.ticket.no} for ${one.promised_on} is broken`, one.broken_at !== null, isOver);
    broken += isOver;
  }
  return { open: open.length, broken };
}

/** Who left no phone is closed three workdays after the answer; never while a supervision is unanswered. */
async function compareClosings(tickets) {
  let closed = 0;
  let waiting = 0;
  for (const before of tickets) {
    if (!plan(before).some((one) => one.type === 'timer.close_unreachable' && one.at >= BEGIN && one.at < END)) continue;
    const now = await ask(`/tickets/${before.no}`);
    const waits = before.supervisions.some(isUnanswered);
    same(`${before.no} is`, now.state, waits ? 'feedback' : 'closed');
    same(`${before.no} is unreachable`, now.satisfaction_final, waits ? null : 'unreachable');
    same(`${before.no} has changed`, now.version - before.version, waits ? 0 : 1);
    if (waits) waiting += 1;
    else closed += 1;
  }
  return { closed, waiting };
}

const receive = (more) => server.call('clerk1', 'POST', '/tickets', { channel: 'phone', content: '小区门口路灯不亮，请尽快修复。', ...more });
const act = async (login, action, { no }, body = {}) => {
  const { version } = await server.call(login, 'GET', `/tickets/${no}`);
  return server.call(login, 'POST', `/tickets/${no}/${action}`, { version, ...body });
};

/** What no leader was told of; two answers to people without a phone, of which one is supervised. */
async function left() {
  const told = { told_at: `${show(server.now).replace(' ', 'T')}+08:00`, told_way: 'visit' };
  await receive({ urgency: 'critical' });
  await receive({ sensitive: true, sensitive_reason: '多人聚集' });
  for (const isSupervised of [false, true]) {
    const ticket = await receive({ kind: 'consult' });
    await act('clerk1', 'dispatch', ticket, { lead_unit: 'D13' });
    await act('d13', 'sign', ticket);
    await act('d13', 'reply', ticket, {
      contacted: false, no_contact_reason: '没有留下电话', finding: '现场查看，灯具损坏。', measures: '已更换灯具。', signed_off_by: '王局长',
      reply_text: '您反映的路灯已经修复，现场试灯正常。', outcome: 'explained', basis: '市政设施管理办法', override_reason: '情况简单', ...told,
    });
    if (isSupervised) await act('supervisor1', 'supervise', ticket, { reason_code: 'public_concern', demand: '请说明修复经过', answer_due_on: '2026-09-29' });
    await act('clerk1', 'approve-reply', ticket);
  }
}

/** A clerk hands one ticket to two units on a day off, and everybody is away. */
async function onADayOff() {
  const { no, version } = await server.call('clerk1', 'POST', '/tickets', { channel: 'phone', content: '国庆期间自来水管爆裂，请尽快抢修。' });
  await server.call('clerk1', 'POST', `/tickets/${no}/dispatch`, { version, lead_unit: 'D13', co_units: ['D12'] });
  return ask(`/tickets/${no}`);
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    server.process?.kill('SIGKILL'); // it must not outlive its test
    process.exit(1);
  });

let isGood = false;
try {
  server.setClock(BEGIN);
  server.command('init', '--demo');
  await server.start();
  await left();
  const tickets = await watched();
  let stops = 0;
  for (let day = dayOf(BEGIN); day <= dayOf(END); day++)
    for (const stop of STOPS) {
      const moment = at(`${show(dayStart(day)).slice(0, 10)} ${stop}`);
      if (moment <= BEGIN || moment > END) continue;
      server.setClock(moment);
      await server.settle();
      stops += 1;
      if (show(moment) === '2026-10-01 09:00:01') tickets.push(await onADayOff());
    }
  server.setClock(END);
  await server.settle();
  await server.settle();
  const grades = await compareGrades(tickets);
  const urges = await compareUrges(tickets);
  const listed = new Set((await all('/tickets?desk=criticism')).map((line) => line.no));
  for (const ticket of tickets) {
    const isFifth = plan(ticket).some((one) => one.type === 'timer.criticism' && one.at < END);
    same(`${ticket.no} stands on the list of the fifth day`, listed.has(ticket.no), isFifth);
  }
  const promises = await comparePromises();
  const closings = await compareClosings(tickets);
  await server.stop();
  const quiet = compareQuiet();
  for (const [grade, count] of grades) if (count === 0) differ(`no ${grade} in the whole month`);
  if (closings.closed === 0 || closings.waiting === 0) differ('nobody unreachable, or no supervision that keeps one open');
  if (quiet.quiet === 0 || quiet.daysOff === 0) differ('no message in the quiet hours, or no alarm on a day off');
  console.log(`a month in which nobody acts: ${tickets.length} tickets, ${stops} stops of the clock`);
  console.log([...grades].map(([grade, count]) => `${grade} ${count}`).join(', '));
  console.log(`${closings.closed} closed as unreachable, ${closings.waiting} kept open by a supervision`);
  console.log(`${urges} automatic urges and notices, ${listed.size} on the list of the fifth day, ${quiet.messages} messages: ${quiet.quiet} kept until eight, ${quiet.daysOff} alarms on days off; ${promises.open} open promises, ${promises.broken} broken`);
  for (const one of differences.slice(0, 20)) console.log(`  ${one}`);
  console.log(`${differences.length} differences`);
  isGood = differences.length === 0;
} catch (error) {
  console.error(error);
  server.process?.kill('SIGKILL');
}
if (isGood) server.remove();
else console.error(`kept: ${server.folder}`);
process.exit(isGood ? 0 : 1);
