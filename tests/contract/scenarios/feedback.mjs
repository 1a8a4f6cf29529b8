/* After the answer: callbacks, closing, and what follows. */
export const title = 'feedback (回访): callbacks, exclude, reopen, publish';

export default async (t) => {
  const a = await t.ticketIn('feedback', { draft: { may_publish: true } });
  await a.fails('t01_clerk', 'call-back', '403 ticket.own_callback', t.callback());
  await a.fails('clerk', 'call-back', '422 field.missing satisfaction', { connected: true, contacted_by_unit: true, solved: true });
  await a.fails('clerk', 'call-back', '422 field.missing solved', { connected: true, contacted_by_unit: true, satisfaction: 'basic' });
  await a.fails('clerk', 'call-back', '422 field.choice satisfaction', t.callback({ satisfaction: 'unreachable' }));
  await a.fails('clerk', 'call-back', '422 field.invalid rework', { connected: false, rework: true });
  await a.does('supervisor', 'supervise', { reason_code: 'unsatisfied', demand: '请核实', answer_due_on: t.clock.date(1) });
  await a.fails('clerk', 'call-back', '409 ticket.supervised', t.callback());
  await a.does('t01_head', 'answer-supervision', { text: '已核实。' });
  await a.does('clerk', 'call-back', t.callback({ satisfaction: 'unsatisfied', solved: false, rework: true, comment: '没有修好' }));
  t.holds(a.state === 'handling' && a.view.rework_count === 1, 'an unsatisfied citizen gets a rework');
  await a.does('t01_handler', 'reply', t.reply());
  await a.does('clerk', 'approve-reply');
  await a.does('clerk', 'call-back', t.callback({ satisfaction: 'basic' }));
  t.holds(a.view.satisfaction_first === 'unsatisfied' && a.view.satisfaction_final === 'basic', 'first and final');

  // On the public page, without personal data.
  await a.fails('clerk', 'unpublish', '409 ticket.not_publishable');
  await a.fails('clerk', 'publish', '422 ticket.personal_data public_text', { public_text: '请致电 13800001234 联系。' });
  await a.fails('clerk', 'publish', '422 ticket.personal_data public_text', { public_text: '刘一反映的问题已处理。' });
  await a.does('clerk', 'publish', { public_text: '反映的道路积水已处理。' });
  await a.fails('clerk', 'publish', '409 ticket.not_publishable', { public_text: '再发一次。' });
  await a.does('clerk', 'unpublish', { note: '有误' });
  await a.does('supervisor', 'exclude', { class: 'legal_procedure', evidence: '已进入诉讼程序' });
  await a.does('supervisor', 'reopen', { reason: '问题反复' });
  t.holds(a.state === 'handling', 'it is handled again');

  const b = await t.ticketIn('closed');
  await b.fails('clerk', 'publish', '409 ticket.not_publishable', { public_text: '已处理。' });

  // Nobody to call.
  const c = await t.ticketIn('feedback', { draft: { petitioner: { name: '无电话' } } });
  await c.fails('clerk', 'call-back', '409 ticket.no_phone', t.callback());
  await c.does('supervisor', 'exclude', { class: 'untrue', evidence: '调查后不属实' });

  // A leader has not spoken yet.
  const d = await t.ticketIn('replied');
  await d.does('supervisor', 'submit', { leader: 'leader', note: '请阅示' });
  await d.does('clerk', 'approve-reply');
  await d.fails('clerk', 'call-back', '409 ticket.submitted', t.callback());
  await d.does('leader', 'instruct', { text: '同意', waive: true });
  await d.does('clerk', 'call-back', t.callback({ connected: true }));
};
