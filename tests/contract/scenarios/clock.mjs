/* What time does: each moment is said, nothing waits. Runs last, time only goes on. */
import { until } from '../server.mjs';

export const title = 'the clock (时间): too late, half-days, a workday later, thirty days';

export default async (t) => {
  const back = { reason_code: 'wrong_area', basis: '不在辖区', suggested_unit: 'D03' };
  const late = await t.ticketIn('handling');
  const alone = await t.ticketIn('handling', { unit: 'D03' });
  const waived = await t.ticketIn('handling');
  await waived.does('clerk', 'submit', { leader: 'leader', note: '请阅示' });
  const called = await t.ticketIn('feedback');
  const into = await t.create();
  const merged = await t.create();
  await merged.does('clerk', 'merge', { into: into.no });
  const promised = await t.ticketIn('handling');
  await promised.does('t01_handler', 'reply', t.reply({ outcome: 'promised', promised_on: '2026-03-12' }));
  await promised.does('clerk', 'approve-reply');

  // Three half-days without an answer.
  await called.does('clerk', 'call-back', { connected: false, comment: '无人接听' });
  await called.does('clerk', 'call-back', { connected: false });
  t.at('2026-03-09 14:30');
  await called.seen();
  await called.does('clerk', 'call-back', { connected: false });
  t.holds(called.state === 'feedback', 'two half-days are not enough', undefined);

  // The next workday: another leader still may not waive.
  t.at('2026-03-10 10:00');
  await called.seen();
  await called.does('clerk', 'call-back', { connected: false, comment: '仍无人接听' });
  t.holds(called.state === 'closed' && called.view.satisfaction_final === 'unreachable', 'three half-days close it');
  await waived.fails('leader2', 'instruct', '403 ticket.not_named_leader', { text: '免批', waive: true });

  // Two workdays: too late to return, and another leader may waive.
  t.at('2026-03-11 10:00');
  await late.fails('t01_handler', 'return', '409 ticket.return_late', back);
  await waived.does('leader2', 'instruct', { text: '免批', waive: true });
  t.holds(waived.view.submissions.every((submission) => submission.is_waived), 'it is waived');

  // Two deadlines pass while nobody listens; who comes back is told.
  const listener = await t.client.listen('d03_handler');
  const { id } = await listener.until('counts', (one) => one.event === 'counts');
  listener.close();

  // The deadline was 2026-03-16: flagged red, urged, and no extension any more.
  t.at('2026-03-17 10:00');
  await until('the timer flags it', async () => (await late.seen()).json.overdue_at !== null);
  t.holds(late.view.light === 'red', 'red');
  await until('the timer flags the other', async () => (await alone.seen()).json.overdue_at !== null);
  const again = await t.client.listen('d03_handler', `/api/v1/stream?after=${id}`);
  for (const event of ['deadline.yellow', 'deadline.red'])
    await again.until(event, (one) => one.event === event && one.data.no === alone.no);
  again.close();
  await late.fails('t01_handler', 'extend', '409 ticket.after_deadline', t.extension());
  await until('the timer urges', async () =>
    (await t.get('t01_handler', '/api/v1/urges?kind=auto_overdue')).json.items.some((urge) => urge.ticket.no === late.no));
  await until('the promise is broken', async () =>
    (await promised.seen()).json.promises.some((promise) => promise.broken_at !== null));
  const red = await t.get('clerk', '/api/v1/tickets?light=red&overdue=true');
  t.holds(red.json.items.some((line) => line.no === late.no), 'it is in the list of red ones', red);

  // Third workday overdue: a supervision is prepared, for the supervisor's eyes.
  t.at('2026-03-19 10:00');
  await until('a supervision is prepared', async () =>
    (await t.get('supervisor', '/api/v1/supervisions?state=prepared')).json.items.some((one) => one.ticket.no === late.no));
  const unseen = await t.get('t01_handler', '/api/v1/supervisions?state=prepared');
  t.holds(unseen.json.items.length === 0, 'the unit does not see what was not issued', unseen);

  // More than thirty days after the merge.
  t.at('2026-04-10 10:00');
  await merged.seen();
  await merged.fails('clerk', 'unmerge', '409 ticket.unmerge_late', { reason: '不是同一件事' });
};
