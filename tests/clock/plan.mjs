// plan.mjs - what the timer has to do for a ticket, worked out from what the API shows of it.
import { dayOf, dayStart, lastWorkday, workday } from './calendar.mjs';

const NINE_S = 9 * 3600;

export const seconds = (text) => (text === null ? 0 : Date.parse(text) / 1000);

/** Everything that is due for a ticket in its present state, past and to come. */
export function plan(ticket) {
  const due = [];
  const add = (type, moment) => moment !== 0 && due.push({ type: `timer.${type}`, at: moment });
  if (ticket.state === 'received') add('dispatch_late', seconds(ticket.state_due_at));
  if (!['dispatched', 'handling'].includes(ticket.state)) return due;
  for (const one of ticket.assignments.filter((assignment) => assignment.is_active)) {
    if (one.opened_at === null) add('unopened', seconds(one.dispatched_at) + 7200);
    if (one.signed_at === null) add('sign_late', seconds(one.sign_due_at));
    if (one.relation === 'lead' && one.contacted_at === null)
      add('contact_late', seconds(one.contact_due_at));
    if (one.relation === 'co' && one.replied_at === null) {
      const coDue = seconds(one.effective_due_at);
      add('co_yellow', yellow(seconds(one.dispatched_at), coDue));
      add('co_red', coDue);
    }
  }
  const red = seconds(ticket.effective_due_at);
  add('yellow', yellow(seconds(ticket.dispatched_at), red));
  add('red', red);
  for (const [type, workdays] of [['notice', 1], ['prepare_supervision', 3], ['criticism', 5]])
    add(type, dayStart(workday(dayOf(red), workdays)) + NINE_S - 1);
  return due;
}

/** The last second before one workday is left. */
const yellow = (from, due) =>
  Math.max(from, dayStart(workday(lastWorkday(dayOf(due)), -1) + 1)) - 1;
