// plan.mjs - what the timer has to do for a ticket, worked out from what the API shows of it.
import { at, dayOf, dayStart, lastWorkday, workday } from './calendar.mjs';

const NINE_S = 9 * 3600;
const SUBMIT_S = 30 * 60;
const UNREACHABLE_WORKDAYS = 3;
/** Workdays after the day on which a step begins; 0 is that day itself. */
const WORKDAYS = {
  review: { normal: 1, urgent: 0, critical: 0 },
  callback: { normal: 3, urgent: 1, critical: 0 },
};
const OPEN = ['received', 'dispatched', 'handling', 'returned', 'replied', 'feedback'];
const WITH_A_UNIT = ['dispatched', 'handling', 'returned'];

export const seconds = (text) => (text === null ? 0 : Date.parse(text) / 1000);

/** Everything that is due for a ticket in its present state, past and to come. */
export function plan(ticket) {
  const due = [];
  const add = (type, moment) => moment !== 0 && due.push({ type: `timer.${type}`, at: moment });
  const after = (moment, workdays) => {
    const day = dayOf(seconds(moment));
    return endOf(workdays === 0 ? day : workday(day, workdays));
  };
  if (ticket.state === 'received' && !ticket.suspect) add('dispatch_late', seconds(ticket.state_due_at));
  if (ticket.state === 'replied') add('review_late', after(ticket.replied_at, WORKDAYS.review[ticket.urgency]));
  if (ticket.state === 'feedback' && (ticket.has_phone || ticket.satisfaction_first !== null))
    add('callback_late', after(ticket.answered_at, WORKDAYS.callback[ticket.urgency]));
  else if (ticket.state === 'feedback') add('close_unreachable', after(ticket.answered_at, UNREACHABLE_WORKDAYS));
  if (OPEN.includes(ticket.state)) {
    const isGrave = ticket.sensitive || ticket.urgency === 'critical';
    if (isGrave && !ticket.suspect && ticket.submissions.length === 0)
      add('submit_late', seconds(ticket.received_at) + SUBMIT_S);
    for (const one of ticket.supervisions.filter(isUnanswered)) 
      add('supervision_late', endOf(dayOf(seconds(one.answer_due_at))));
  }
  for (const one of ticket.promises.filter((promise) => promise.state === 'open'))
    add('promise_late', endOf(dayOfDate(one.promised_on)));
  if (!WITH_A_UNIT.includes(ticket.state)) return due;
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

/** Issued, and nobody has answered: until then nothing closes the ticket. */
export const isUnanswered = (supervision) => supervision.state === 'issued';

const endOf = (day) => dayStart(day + 1) - 1;
const dayOfDate = (date) => dayOf(at(`${date} 12:00:00`));

/** The last second before one workday is left. */
const yellow = (from, due) =>
  Math.max(from, dayStart(workday(lastWorkday(dayOf(due)), -1) + 1)) - 1;
