// expect.mjs - what the clock alone must bring to the tickets of cast.c, worked out a second time:
// the events (who did what when) are told again here by the rules of product.md, sections 2 and 4,
// with the shipped list of holidays.  No limit that the program has worked out is read.
//
//   cast DIRECTORY | node tests/clock/expect.mjs DIRECTORY
//
// Writes DIRECTORY/<scene>/expected: "begin SECOND", then a line "TICKET KIND DUE" for each action.
// TICKET 0 is the office: each morning on which it is told that a year is missing.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dayOf, dayStart, lastWorkday, show, workday } from './calendar.mjs';
import { isUnanswered, plan } from './plan.mjs';

const MINUTE_S = 60;
const HOUR_S = 3600;
const AFTER_THE_LAST_S = 3 * 86400; // how long mornings are listed
const LAST_YEAR = Number(readFileSync('sql/seed/holidays.csv', 'utf8').trim().split('\n').at(-1).slice(0, 4));

const endOf = (day) => dayStart(day + 1) - 1;
const endOfDate = (date) => Date.parse(`${date}T23:59:59+08:00`) / 1000;
const sameDay = (at) => endOf(dayOf(at));
const workdays = (count) => (at) => endOf(workday(dayOf(at), count));
const minutes = (count) => (at) => at + count * MINUTE_S;
/** "What is received after 17:30 counts as dispatched the same day until 09:00 of the next calendar day." */
const sameDayOfDispatch = (at) => {
  const day = dayOf(at);
  return at - dayStart(day) > 17.5 * HOUR_S ? dayStart(day + 1) + 9 * HOUR_S : endOf(day);
};

const LIMITS = {
  dispatch: { normal: sameDayOfDispatch, urgent: minutes(120), critical: minutes(30) },
  sign: { normal: workdays(1), urgent: minutes(120), critical: minutes(30) },
  contact: { normal: workdays(1), urgent: sameDay, critical: minutes(30) },
  rework: { normal: workdays(3), urgent: workdays(1), critical: sameDay },
};
const limit = (step, ticket, at) => LIMITS[step][ticket.urgency](at);

function handle(ticket, at) {
  if (ticket.urgency === 'critical') return sameDay(at);
  const ofChannel = ticket.channel === 'web' ? 3 : 5;
  return workdays(ticket.urgency === 'urgent' ? Math.min(3, ofChannel) : ofChannel)(at);
}

/** Web messages and the city platform's: always the same calendar day. */
function toDispatch(ticket, at) {
  const due = limit('dispatch', ticket, at);
  return ticket.channel === 'web' || ticket.upstream_due_at ? Math.min(due, sameDayOfDispatch(at)) : due;
}

/** One workday before the lead, never before the day of dispatch is over, never after the lead. */
const coDue = (at, due) => Math.min(due, Math.max(sameDay(at), endOf(workday(lastWorkday(dayOf(due)), -1))));

/** As the API would show it, which is what plan() reads. */
const shown = (moment) => (moment ? new Date(moment * 1000).toISOString() : null);
const unanswered = (ticket) => ticket.supervisions.find(isUnanswered);
const active = (ticket) => ticket.assignments.filter((one) => one.is_active);
const lead = (ticket) => active(ticket).find((one) => one.relation === 'lead');

function signed(ticket, one, at) {
  one.signed_at ??= shown(at);
  one.opened_at ??= shown(at);
  if (one.relation === 'lead') one.contact_due_at ??= shown(limit('contact', ticket, at));
}

function rework(ticket, at) {
  ticket.state = 'handling';
  ticket.effective_due_at = shown(limit('rework', ticket, at));
}

function back(ticket, at) {
  for (const one of active(ticket)) one.is_active = false;
  ticket.state = 'received';
  ticket.state_due_at = shown(toDispatch(ticket, at));
}

/** By the event's type: what it makes of the ticket. */
const TURNS = {
  ticket_created(ticket, at, facts) {
    Object.assign(ticket, {
      state: 'received', urgency: facts.urgency, channel: facts.channel, sensitive: facts.sensitive,
      has_phone: 'petitioner.phone' in facts.texts, received_at: shown(at), satisfaction_first: null,
      submissions: [], supervisions: [], promises: [], assignments: [],
    });
    ticket.state_due_at = shown(toDispatch(ticket, at));
  },
  amend(ticket, at, facts) {
    if (facts.changes.includes('suspect')) {
      ticket.suspect = false;
      ticket.state_due_at = shown(toDispatch(ticket, at));
    }
    if (!facts.changes.includes('urgency')) return;
    ticket.urgency = ticket.urgency_now; // they are only raised here
    ticket.effective_due_at = shown(Math.min(Date.parse(ticket.effective_due_at) / 1000, handle(ticket, at)));
  },
  dispatch(ticket, at, facts) {
    const full = handle(ticket, at);
    const due = ticket.upstream_due_at ? Math.min(full, Math.max(ticket.upstream_due_at, sameDay(at))) : full;
    const part = (unit, relation, effective) => ({
      unit, relation, is_active: true, dispatched_at: shown(at), sign_due_at: shown(limit('sign', ticket, at)),
      opened_at: null, signed_at: null, contacted_at: null, contact_due_at: null, replied_at: null,
      effective_due_at: shown(effective),
    });
    ticket.state = 'dispatched';
    ticket.dispatched_at = shown(at);
    ticket.effective_due_at = shown(due);
    ticket.assignments.push(part(facts.lead_unit, 'lead', due),
      ...(facts.co_units ?? []).map((unit) => part(unit, 'co', coDue(at, due))));
  },
  opened(ticket, at, facts, unit) { active(ticket).find((one) => one.unit === unit).opened_at ??= shown(at); },
  sign(ticket, at, facts, unit) {
    const mine = active(ticket).find((one) => one.unit === unit);
    if (mine.relation === 'lead') ticket.state = 'handling';
    signed(ticket, mine, at);
  },
  contact(ticket, at) { lead(ticket).contacted_at ??= shown(at); },
  co_reply(ticket, at, facts, unit) {
    const mine = active(ticket).find((one) => one.unit === unit);
    signed(ticket, mine, at);
    mine.replied_at = shown(at);
  },
  return(ticket) { ticket.state = 'returned'; },
  refuse_return(ticket, at) {
    ticket.state = 'handling';
    signed(ticket, lead(ticket), at);
  },
  accept_return: back,
  recall: back,
  extend(ticket, at, facts) { ticket.asked_for = facts.promised_on; },
  grant_extension(ticket) {
    ticket.effective_due_at = shown(endOfDate(ticket.asked_for));
    ticket.promises.push({ state: 'open', promised_on: ticket.asked_for });
  },
  reply(ticket, at, facts) {
    ticket.state = 'replied';
    ticket.replied_at = shown(at);
    if (facts.outcome === 'promised') ticket.promises.push({ state: 'open', promised_on: facts.promised_on });
  },
  approve_reply(ticket, at) {
    ticket.state = 'feedback';
    ticket.answered_at = shown(at);
  },
  reject_reply: rework,
  reopen: rework,
  call_back(ticket, at, facts) {
    if (facts.rework) rework(ticket, at);
    else ticket.state = 'closed';
  },
  rate(ticket, at, facts) { ticket.satisfaction_first = facts.satisfaction; },
  submit(ticket) { ticket.submissions.push({}); },
  supervise(ticket, at, facts) {
    ticket.supervisions.push({ state: 'issued', answer_due_at: shown(endOfDate(facts.answer_due_on)) });
  },
  instruct(ticket, at, facts) {
    if (facts.report_back) ticket.supervisions.push({ state: 'issued', answer_due_at: shown(endOfDate(facts.report_on)) });
  },
  answer_supervision(ticket) { unanswered(ticket).state = 'answered'; },
  merge(ticket) { ticket.state = 'merged'; },
  merged_in() {},
};

function rows(database, sql) {
  const reply = spawnSync('sqlite3', ['-json', '-readonly', database, sql], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (reply.status !== 0) throw new Error(reply.stderr);
  return JSON.parse(reply.stdout);
}

/** The tickets as their events tell them; of their rows only what was typed at the beginning. */
function tickets(database) {
  const all = new Map(rows(database, 'SELECT id, upstream_due_at, suspect, urgency FROM ticket')
    .map((row) => [row.id, { id: row.id, upstream_due_at: row.upstream_due_at, urgency_now: row.urgency }]));
  const events = rows(database, `SELECT event.ticket_id, event.at, event.type, event.payload, unit.code AS unit
    FROM event LEFT JOIN unit ON unit.id = event.unit_id WHERE event.ticket_id > 0 ORDER BY seq`);
  for (const { id, suspect } of rows(database, `SELECT id, suspect OR EXISTS (SELECT 1 FROM event
      WHERE ticket_id = ticket.id AND payload LIKE '%"changes":["suspect"]%') AS suspect FROM ticket`))
    all.get(id).suspect = suspect === 1;
  for (const { ticket_id: id, at, type, payload, unit } of events)
    TURNS[type](all.get(id), at, JSON.parse(payload), unit);
  return [...all.values()];
}

/** What waits for somebody's word is not closed, and that is told once. */
function ofTicket(ticket) {
  const waits = unanswered(ticket) !== undefined || ticket.submissions.length > 0;
  return plan(ticket).map(({ type, at }) => {
    const kind = type.slice('timer.'.length);
    return { ticket: ticket.id, kind: kind === 'close_unreachable' && waits ? `${kind}_waits` : kind, at };
  });
}

/** From 1 November while next year is missing, and in a year that is missing itself: at 09:00. */
function mornings(from, to) {
  const due = [];
  for (let day = dayOf(from) - 1; day <= dayOf(to); day++) {
    const [year, month] = show(dayStart(day)).split('-').map(Number);
    if (year > LAST_YEAR || (year === LAST_YEAR && month >= 11))
      due.push({ ticket: 0, kind: 'calendar_missing', at: dayStart(day) + 9 * HOUR_S - 1 });
  }
  return due;
}

const folder = process.argv[2];
for (const line of readFileSync(0, 'utf8').trim().split('\n')) {
  const [name, end] = line.split(' ');
  const due = tickets(join(folder, name, 'yidan.db')).flatMap(ofTicket);
  const last = Math.max(...due.map((one) => one.at));
  due.push(...mornings(Number(end), last + AFTER_THE_LAST_S));
  due.sort((a, b) => a.at - b.at || a.ticket - b.ticket);
  writeFileSync(join(folder, name, 'expected'),
    [`begin ${end}`, ...due.map((one) => `${one.ticket} ${one.kind} ${one.at}`), ''].join('\n'));
}
