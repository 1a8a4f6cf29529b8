// assessment.mjs - the figures of the made-up county, computed once more from what the
// API tells of each ticket: its members, assignments, records and trail.  Each fact,
// each figure of each unit and each score must be the server's.  Nothing is asked of
// the reports themselves.
import { strict as assert } from 'node:assert';
import { Client, makeDirectory, run, start } from './server.mjs';

const PASSWORD = 'yunxi-demo-2026';
const OPEN = ['received', 'dispatched', 'handling', 'returned', 'replied', 'feedback'];
const RATED = ['satisfied', 'basic', 'unsatisfied'];
const day = (time) => time.slice(0, 10);

// --- Asking ---------------------------------------------------------------------------------

async function reader(client, session) {
  const get = async (path) => {
    const reply = await client.call(session, 'GET', path);
    assert.equal(reply.status, 200, `${path}: ${JSON.stringify(reply.body).slice(0, 300)}`);
    return reply.body;
  };
  const all = async (path) => {
    const items = [];
    for (let next = null; ;) {
      const page = await get(`${path}${path.includes('?') ? '&' : '?'}limit=200${next === null ? '' : `&cursor=${encodeURIComponent(next)}`}`);
      items.push(...(page.items ?? page.groups.flatMap((group) => group.units)));
      next = page.next;
      if (next === null) return items;
    }
  };
  return { get, all };
}

/** Everything about every ticket, with the records that are laid upon it. */
async function readCounty({ get, all }) {
  const records = {};
  for (const kind of ['returns', 'extensions', 'promises', 'supervisions', 'callbacks', 'accountability']) {
    records[kind] = new Map();
    for (const one of await all(`/api/v1/${kind}`)) records[kind].set(one.ticket.no, [...(records[kind].get(one.ticket.no) ?? []), one]);
  }
  const tickets = [];
  for (const line of await all('/api/v1/tickets')) {
    const ticket = await get(`/api/v1/tickets/${line.no}`);
    const events = await all(`/api/v1/tickets/${line.no}/events`);
    tickets.push({ ...ticket, events, of: (kind) => records[kind].get(line.no) ?? [] });
  }
  return tickets;
}

/** Workdays after `from` up to and including `to`, by the calendar over HTTP. */
async function calendar({ get }) {
  const marks = new Map();
  for (const year of [2025, 2026, 2027]) for (const one of (await get(`/api/v1/calendar?year=${year}`)).days) marks.set(one.date, one.mark === 'workday');
  return (from, to) => {
    let count = 0;
    for (let at = Date.parse(from) + 864e5; at <= Date.parse(to); at += 864e5) {
      const date = new Date(at).toISOString().slice(0, 10);
      count += marks.get(date) ?? ![0, 6].includes(new Date(at).getUTCDay());
    }
    return count;
  };
}

// --- Facts, a second time -----------------------------------------------------------------

/** The trail cut into rounds: what happened from each dispatch to the next. */
function rounds(ticket) {
  const parts = [];
  for (const event of ticket.events) {
    if (event.type === 'dispatch') parts.push([]);
    parts.at(-1)?.push(event);
  }
  return parts;
}

function factsOf(ticket, workdays) {
  const facts = [];
  const add = (unit, date, measure, days = 0) => facts.push({ unit, day: date, measure, workdays: days });
  const isOpen = OPEN.includes(ticket.state);
  const isOut = ticket.state === 'merged' || ticket.exclude_class !== null;

  // The office's.
  const received = day(ticket.received_at);
  const office = (measure) => add(null, received, measure);
  office('received');
  if (ticket.repeat_of !== null) office('repeated');
  if ((ticket.channel === 'web' || ticket.upstream !== null) && !ticket.suspect && (isOpen || ticket.first_dispatched_at !== null)) {
    office('same_day_due');
    if (ticket.first_dispatched_at !== null && day(ticket.first_dispatched_at) === received) office('same_day');
  }
  if (ticket.state === 'declined') office('declined');
  if (ticket.state === 'closed') {
    if (ticket.lead_unit === null) office('direct_answers');
    add(ticket.lead_unit?.code ?? null, day(ticket.closed_at), 'closed');
  }

  // Of each assignment.
  const parts = rounds(ticket);
  for (const part of ticket.assignments) {
    const unit = part.unit.code;
    const due = day(part.effective_due_at);
    if (!part.is_counted) { add(unit, due, 'left_recalled'); continue; }
    if (ticket.state === 'merged') { add(unit, due, 'left_merged'); continue; }
    if (ticket.exclude_class !== null) { add(unit, due, 'left_excluded'); continue; }
    const isLead = part.relation === 'lead';
    const isLate = part.overdue_at !== null;
    const isAnswered = part.replied_at !== null;
    if (isLate || isAnswered) {
      add(unit, due, 'due');
      add(unit, due, isLate ? (isAnswered ? 'late_closed' : 'late_open') : 'on_time');
      const granted = ticket.of('extensions').filter((one) => one.state === 'granted' && one.unit.code === unit && one.asked_at >= part.dispatched_at && (part.ended_at === null || one.asked_at <= part.ended_at));
      if (isLead && granted.length > 0) add(unit, due, 'extended');
    } else if (part.is_active) add(unit, due, 'undecided');

    // Has its answer been with the citizen, and is it the one that stands?
    const stands = isLead && part.round === ticket.round && ticket.answered_at !== null;
    const isRated = stands && RATED.includes(ticket.satisfaction_final);
    const dispatched = day(part.dispatched_at);
    if (isLead) {
      add(unit, dispatched, 'dispatched');
      if (ticket.repeat_of !== null) add(unit, dispatched, 'dispatched_repeated');
      add(unit, dispatched, !isAnswered ? 'dispatched_open' : isLate ? 'dispatched_late' : 'dispatched_on_time');
      if (isRated) add(unit, dispatched, 'dispatched_rated');
      if (isRated && ticket.satisfaction_final === 'unsatisfied') add(unit, dispatched, 'dispatched_unsatisfied');
    } else add(unit, dispatched, 'co_dispatched');

    if (part.signed_at !== null || part.sign_late_at !== null) {
      add(unit, day(part.sign_due_at), 'sign_due');
      if (part.signed_at !== null && part.signed_at <= part.sign_due_at) add(unit, day(part.sign_due_at), 'signed_on_time');
    }
    if (!isLead) continue;
    if (!ticket.confidential && (part.contacted_at !== null || part.contact_late_at !== null)) {
      const limit = part.contact_due_at ?? part.contacted_at;
      add(unit, day(limit), 'contact_due');
      if (part.contacted_at !== null && part.contacted_at <= limit) add(unit, day(limit), 'contact_on_time');
    }

    // Replies, from the trail of the round.
    const trail = parts[part.round - 1] ?? [];
    const replies = trail.filter((event) => event.type === 'reply');
    if (replies.length > 0) {
      add(unit, day(replies[0].at), 'replied');
      if (trail.some((event) => event.type === 'reject_reply')) add(unit, day(replies[0].at), 'reworked');
    }
    const approved = trail.findIndex((event) => event.type === 'approve_reply');
    if (approved >= 0) {
      const accepted = trail.slice(0, approved).findLast((event) => event.type === 'reply');
      add(unit, day(accepted.at), 'accepted', workdays(dispatched, day(accepted.at)));
    }

    // What the citizen said of it, in calls and ratings since it was visible.
    if (!stands) continue;
    const answered = day(ticket.answered_at);
    const last = trail.findLastIndex((event) => event.type === 'approve_reply');
    const since = trail.slice(last + 1);
    const calls = ticket.of('callbacks').filter((call) => call.at >= ticket.answered_at);
    const asked = calls.filter((call) => call.connected).sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1);
    const hasRated = since.some((event) => event.type === 'rate');
    add(unit, answered, 'answered');
    const reached = hasRated || asked !== undefined;
    if (calls.length > 0 || hasRated || (ticket.has_phone && ticket.state !== 'closed')) {
      add(unit, answered, 'callback_should');
      if (calls.length > 0 || hasRated) add(unit, answered, 'callback_attempted');
      if (reached) add(unit, answered, 'callback_reached');
    }
    if (asked !== undefined) {
      add(unit, answered, 'solved_asked');
      if (asked.solved) add(unit, answered, 'solved');
    }
    if (isRated) add(unit, answered, ticket.satisfaction_final);
  }

  // Records of their own.
  if (!isOut) {
    for (const one of ticket.of('returns').filter((record) => record.state !== 'pending')) {
      add(one.unit.code, day(one.returned_at), 'returns');
      if (one.state === 'refused') add(one.unit.code, day(one.returned_at), 'refused_returns');
    }
    for (const one of ticket.of('promises').filter((record) => record.state === 'kept' || record.state === 'open' && record.broken_at !== null)) {
      add(one.unit.code, one.promised_on, 'promises_due');
      if (one.broken_at === null) add(one.unit.code, one.promised_on, 'promises_kept');
    }
    for (const one of ticket.of('supervisions').filter((record) => record.state !== 'prepared' && record.unit !== null && (record.answered_at !== null || record.late_at !== null))) {
      add(one.unit.code, day(one.answer_due_at), 'supervisions_due');
      if (one.answered_at !== null && one.answered_at <= one.answer_due_at) add(one.unit.code, day(one.answer_due_at), 'supervisions_in_time');
    }
  }
  for (const one of ticket.of('accountability')) add(one.unit.code, one.decided_on, 'accountabilities');
  return facts.map((fact) => ({ ...fact, no: ticket.no, channels: ticket.channel === 'web' ? 'web' : 'hotline' }));
}

// --- Against the server ---------------------------------------------------------------------

let differences = 0;
let marks = 0; // rates past their threshold
function same(what, found, wanted) {
  if (found === wanted) return;
  if (++differences <= 20) console.log(`${what}: the server says ${found}, computed ${wanted}`);
}

const keyOf = (fact) => [fact.unit ?? '-', fact.day, fact.no].join(' ');

async function compareFacts({ all }, formula, facts, period) {
  let compared = 0;
  for (const { id } of formula.measures) {
    for (const channels of ['hotline', 'web']) {
      const items = await all(`/api/v1/reports/assessment/tickets?measure=${id}&${period}&channels=${channels}`);
      const found = items.map((item) => keyOf({ unit: item.unit?.code, day: item.day, no: item.ticket.no })).sort();
      const wanted = facts.filter((fact) => fact.measure === id && fact.channels === channels).map(keyOf).sort();
      compared += wanted.length;
      for (const one of new Set([...found, ...wanted])) same(`${id} ${channels} ${one}`, found.filter((key) => key === one).length, wanted.filter((key) => key === one).length);
    }
  }
  return compared;
}

/** The score of a unit from its facts; null when nothing is weighed. */
function scoreOf(formula, code, facts) {
  const count = (measures) => facts.filter((fact) => fact.unit === code && measures.includes(fact.measure)).length;
  let score = 100;
  let isWeighed = false;
  for (const rule of formula.rates.filter((one) => one.weight !== null)) {
    const denominator = count(rule.denominator);
    if (denominator === 0) continue;
    isWeighed = true;
    score -= rule.weight * (rule.is_harm ? count(rule.numerator) / denominator : 1 - count(rule.numerator) / denominator);
  }
  return isWeighed ? (Math.floor(Math.max(0, score) * 100 + 0.5) / 100).toFixed(2) : null;
}
const fixed = (number) => (number === null ? null : number.toFixed(2));

/** Rates, deductions and scores of one unit over a period, from its facts and those before. */
function compareUnit(formula, part, facts, days, before) {
  const code = part.unit.code;
  const count = (measures, of = facts) => of.filter((fact) => fact.unit === code && measures.includes(fact.measure)).length;
  for (const rate of part.rates) {
    const rule = formula.rates.find((one) => one.id === rate.id);
    const numerator = count(rule.numerator);
    const denominator = count(rule.denominator);
    same(`${code} ${rate.id}`, `${rate.numerator}/${rate.denominator}`, `${numerator}/${denominator}`);
    const all = count(rule.denominator, before);
    same(`${code} ${rate.id} before`, rate.before === null ? null : rate.before.toFixed(6), all === 0 ? null : (count(rule.numerator, before) / all).toFixed(6));
    const isPast = rule.threshold !== null && denominator > 0 && (rule.is_harm ? numerator * 100 > rule.threshold * denominator : numerator * 100 < rule.threshold * denominator);
    same(`${code} ${rate.id} past its threshold`, rate.is_past_threshold, isPast);
    if (isPast) marks += 1;
  }
  same(`${code} score`, fixed(part.score), scoreOf(formula, code, facts));
  same(`${code} score before`, fixed(part.score_before), scoreOf(formula, code, before));
  for (const measure of part.measures) same(`${code} ${measure.id}`, measure.count, count([measure.id]));
  const volume = count(['dispatched', 'co_dispatched']);
  same(`${code} volume`, part.volume, volume);
  same(`${code} group`, part.group, volume * 30 >= formula.volume.large * days ? 'large' : volume * 30 >= formula.volume.medium * days ? 'medium' : 'small');
  const accepted = facts.filter((fact) => fact.unit === code && fact.measure === 'accepted');
  const mean = accepted.length === 0 ? null : (Math.floor(accepted.reduce((sum, fact) => sum + fact.workdays, 0) / accepted.length * 100 + 0.5) / 100).toFixed(2);
  same(`${code} workdays`, part.mean_workdays === null ? null : part.mean_workdays.toFixed(2), mean);
  return part.rates.length * 4 + part.measures.length + 5;
}

/** The twelve months of a unit. */
async function compareMonths({ get }, formula, code, facts, last) {
  const { months } = await get(`/api/v1/reports/assessment/months?unit=${code}&month=${last}`);
  for (const one of months) {
    const of = facts.filter((fact) => fact.day.startsWith(one.month));
    const count = (measures) => of.filter((fact) => fact.unit === code && measures.includes(fact.measure)).length;
    same(`${code} ${one.month} score`, fixed(one.score), scoreOf(formula, code, of));
    for (const rate of one.rates) {
      const rule = formula.rates.find((known) => known.id === rate.id);
      same(`${code} ${one.month} ${rate.id}`, `${rate.numerator}/${rate.denominator}`, `${count(rule.numerator)}/${count(rule.denominator)}`);
    }
  }
  return months.reduce((sum, one) => sum + 1 + one.rates.length, 0);
}

async function compareMonth({ get }, month, facts) {
  const table = await get(`/api/v1/reports/monthly?month=${month}`);
  const inMonth = facts.filter((fact) => fact.day.startsWith(month));
  const count = (code, measure, channels) => inMonth.filter((fact) => (code === null || fact.unit === code) && fact.measure === measure && (channels === null || fact.channels === channels)).length;
  let compared = 0;
  for (const row of [...table.tables.flatMap((one) => one.rows), table.sum]) {
    const code = row.unit?.code ?? null;
    same(`${month} ${code} dispatched`, row.dispatched.count, count(code, 'dispatched', null));
    same(`${month} ${code} unsatisfied`, row.unsatisfied.count, count(code, 'dispatched_unsatisfied', null));
    for (const [column, channels] of [['hotline', 'hotline'], ['web', 'web'], ['total', null]])
      for (const name of ['on_time', 'late', 'open']) same(`${month} ${code} ${column} ${name}`, row[column][name].count, count(code, `dispatched_${name}`, channels));
    compared += 11;
  }
  return compared;
}

async function main() {
  const directory = makeDirectory();
  let server;
  try {
    run(['init', '--demo', '--data', directory.path]);
    server = await start(directory.path);
    const client = new Client(server.port);
    const session = await client.signIn('supervisor1', PASSWORD);
    const ask = await reader(client, session);
    const workdays = await calendar(ask);
    const county = await readCounty(ask);
    const facts = county.flatMap((ticket) => factsOf(ticket, workdays));
    const wide = 'from=2025-01-01&to=2027-12-31';
    const { formula } = await ask.get(`/api/v1/reports/assessment?${wide}`);
    const compared = await compareFacts(ask, formula, facts, wide);

    const days = [...new Set(facts.map((fact) => fact.day))].sort();
    const months = [...new Set(days.map((date) => date.slice(0, 7)))];
    let figures = 0;
    const units = new Set();
    const monthBefore = (month) => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - 2, 1)).toISOString().slice(0, 7);
    for (const month of months) {
      const last = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
      const inMonth = facts.filter((fact) => fact.day.startsWith(month));
      for (const part of await ask.all(`/api/v1/reports/assessment?from=${month}-01&to=${month}-${last}`)) {
        figures += compareUnit(formula, part, inMonth, last, facts.filter((fact) => fact.day.startsWith(monthBefore(month))));
        units.add(part.unit.code);
      }
      figures += await compareMonth(ask, month, facts);
    }
    let ofYears = 0;
    for (const code of units) ofYears += await compareMonths(ask, formula, code, facts, months.at(-1));
    client.close();
    console.log(`assessment: ${county.length} tickets, ${compared} facts of ${formula.measures.length} measures, ${figures} figures of ${months.length} months, ${marks} of them past a threshold, ${ofYears} of ${units.size} units over twelve months: ${differences} differences`);
    assert.ok(compared > 3000 && figures > 1000 && ofYears > 1000 && marks > 10, 'too little was compared');
    assert.equal(differences, 0);
  } finally {
    await server?.stop();
    directory.remove();
  }
}

await main();
