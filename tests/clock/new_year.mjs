// new_year.mjs - a made-up notice for 2027 is entered while 300 tickets are open at
// the turn of the year: the preview equals the effect, each deadline equals one
// worked out here, and each ticket that moves has one event and one notice a unit.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Server } from './server.mjs';
import { at, dayOf, dayStart, say, workday } from './calendar.mjs';

const [binary, library] = process.argv.slice(2);
const TICKETS = 300;
// December changes too: the 31st is off, and Sunday the 27th had been worked before it.
const NOTICE = [
  ['2026-12-27', 'workday'], ['2026-12-31', 'holiday'], ['2027-01-01', 'holiday'], ['2027-01-02', 'holiday'],
  ['2027-01-03', 'workday'], ['2027-02-05', 'holiday'], ['2027-02-06', 'holiday'], ['2027-02-07', 'holiday'],
];
const csv = `date,type,name\n${NOTICE.map(([date, type]) => `${date},${type},演练`).join('\n')}\n`;
const server = new Server(binary, library);
const seconds = (text) => (text === null ? 0 : Date.parse(text) / 1000);
let passed = 0;

function holds(isSo, what) {
  if (!isSo) throw new Error(what);
  passed++;
}

const write = (login, no, action, body) => server.call(login, 'POST', `/tickets/${no}/${action}`, body);
const show = (no) => server.call('clerk', 'GET', `/tickets/${no}`);

/* The workdays a ticket has, by channel and urgency; 0: until the end of the day. */
const limitOf = ({ channel, urgency }) =>
  urgency === 'critical' ? 0 : Math.min(channel === 'web' ? 3 : 5, urgency === 'urgent' ? 3 : 5);

async function make(i) {
  const draft = {
    channel: i % 3 === 0 ? 'web' : 'phone', urgency: ['normal', 'normal', 'normal', 'urgent', 'critical'][i % 5],
    content: `第${i}件：年末道路结冰，请撒盐除冰。`, petitioner: { name: '演练', phone: `138${String(10000000 + i)}` },
  };
  const ticket = await server.call('clerk', 'POST', '/tickets', draft);
  const { no } = ticket;
  const sent = await write('clerk', no, 'dispatch', { version: ticket.version, lead_unit: 'TOWN', ...(i % 4 === 0 && { co_units: ['DEPT'] }) });
  let now = sent;
  if (i % 2 === 0) now = await write('town', no, 'sign', { version: sent.version });
  const kept = { no, ...draft, from: seconds(now.dispatched_at), limit: limitOf(draft), isExtended: false };
  if (i % 10 === 2) {
    now = await write('town', no, 'extend', {
      version: now.version, reason_code: 'other', reason: '等待材料', promised_on: '2027-01-14', interim_reply: '已告知。',
      told_at: now.dispatched_at, told_way: 'phone',
    });
    now = await write('above', no, 'grant-extension', { version: now.version });
    kept.isExtended = true;
  }
  return kept;
}

async function main() {
  server.setClock(at('2026-12-22 10:00:00'));
  server.command('init');
  const user = (login, unit, role) =>
    server.command('user', 'add', '--login', login, '--name', login, '--unit', unit, '--role', role, '--password-stdin');
  for (const [login, role] of [['admin', 'admin'], ['clerk', 'clerk'], ['above', 'supervisor,leader']]) user(login, 'office', role);
  await server.start();
  for (const code of ['TOWN', 'DEPT'])
    await server.call('admin', 'POST', '/units', { code, name: code, kind: 'department', head: '甲', deputy: '乙', contact: '丙' });
  await server.addUser('admin', { login: 'town', name: 'town', unit: 'TOWN', roles: ['handler'] });

  const tickets = [];
  for (const [i, day] of ['22', '23', '24', '25', '26', '28', '29', '30', '31', '31'].entries()) {
    server.setClock(at(`2026-12-${day} 10:00:00`));
    for (let n = 0; n < TICKETS / 10; n++) tickets.push(await make(30 * i + n));
  }
  const before = new Map();
  for (const { no } of tickets) before.set(no, await show(no));

  const asked = await server.call('admin', 'POST', '/calendar/import?dry_run=true', { source: 'made-up.csv', csv });
  for (const { no } of tickets) {
    const now = await show(no);
    holds(now.version === before.get(no).version && now.effective_due_at === before.get(no).effective_due_at, `${no}: asking changed it`);
  }
  const done = await server.call('admin', 'POST', '/calendar/import', { source: 'made-up.csv', csv });
  holds(done.moved_tickets === asked.moved_tickets && done.changed_days === asked.changed_days, 'the effect is not the preview');
  holds(asked.changed_days === NOTICE.length, `${asked.changed_days} days`);

  for (const [date, type] of NOTICE) say(date, type);
  const previewed = new Map(asked.tickets.map((line) => [line.no, line]));
  let moved = 0, provisional = 0;
  for (const ticket of tickets) {
    const was = before.get(ticket.no), now = await show(ticket.no);
    const due = dayStart(workday(dayOf(ticket.from), ticket.limit) + 1) - 1;
    const promised = at('2027-01-14 23:59:59');
    holds(seconds(now.due_at) === due, `${ticket.no}: due ${now.due_at}, worked out ${new Date(due * 1000).toISOString()}`);
    holds(seconds(now.effective_due_at) === (ticket.isExtended ? promised : due), `${ticket.no}: effective ${now.effective_due_at}`);
    holds(!now.due_provisional, `${ticket.no} is still provisional`);
    provisional += was.due_provisional;
    const events = (await server.call('clerk', 'GET', `/tickets/${ticket.no}/events?limit=200`)).items.filter((event) => event.type === 'deadline_recomputed');
    const hasMoved = now.version !== was.version;
    holds(events.length === (hasMoved ? 1 : 0), `${ticket.no}: ${events.length} events`);
    holds(now.version === was.version + (hasMoved ? 1 : 0), `${ticket.no}: version`);
    holds(hasMoved || (was.due_at === now.due_at && was.due_provisional === now.due_provisional), `${ticket.no}: moved without a version`);
    moved += hasMoved;
    const line = previewed.get(ticket.no);
    if (line !== undefined) holds(hasMoved && line.due_after === now.effective_due_at && line.due_before === was.effective_due_at, `${ticket.no}: not as previewed`);
  }
  holds(moved === asked.moved_tickets && previewed.size === Math.min(200, moved), `${moved} moved, ${asked.moved_tickets} previewed`);
  holds(moved > 200 && provisional > 100, 'too few moved to mean anything');
  holds(before.size === TICKETS, 'tickets');
  await server.stop();

  // One notice for each unit of each moved ticket, in the transaction of the change.
  const counted = spawnSync('sqlite3', [join(server.data, 'yidan.db'),
    "SELECT (SELECT count(*) FROM outbox WHERE kind = 'deadline_recomputed'), (SELECT count(*) FROM assignment WHERE is_active = 1 AND ticket_id IN (SELECT ticket_id FROM event WHERE type = 'deadline_recomputed'))"],
  { encoding: 'utf8' });
  const [notices, wanted] = counted.stdout.trim().split('|').map(Number);
  holds(notices === wanted && notices >= moved, `${notices} notices for ${wanted} units ${counted.stderr}`);
  console.log(`a new year under ${TICKETS} open tickets: ${moved} moved as previewed and as worked out, ${provisional} were provisional, ` +
    `one event each, ${notices} notices; ${passed} comparisons, 0 differences`);
}

main().then(() => {
  server.remove();
  console.log('1 passed, 0 failed');
}, async (error) => {
  console.error(error);
  await server.stop().catch(() => {});
  console.log(`its folder: ${server.folder}\n0 passed, 1 failed`);
  process.exitCode = 1;
});
