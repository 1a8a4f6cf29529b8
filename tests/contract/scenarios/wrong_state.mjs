/* Each action from a state in which it cannot be, by somebody who otherwise may. */
export const title = 'every action in a wrong state';

export default async (t) => {
  const received = await t.create();
  const replied = await t.ticketIn('replied', { co: [] });
  const closed = await t.ticketIn('closed');
  const withCo = await t.ticketIn('handling', { co: ['D02'] });
  await withCo.does('t01_handler', 'reply', t.reply({ co_waived_reason: '时间紧' }));
  const online = await t.ticketIn('handling', { unit: 'D01' });
  await online.does('d01_head', 'reply', t.reply());
  const told = t.told();
  const cases = [
    [closed, 'clerk', 'amend', { changes: { title: '改' } }],
    [closed, 'clerk', 'answer', { reply_text: '答复', ...told }],
    [closed, 'clerk', 'decline', { reason_code: 'secret', guidance: '无', ...told }],
    [closed, 'clerk', 'merge', { into: received.no }],
    [closed, 'clerk', 'unmerge', { reason: '不是' }],
    [closed, 'clerk', 'dispatch', { lead_unit: 'T01' }],
    [closed, 'clerk', 'recall', { reason: '改派' }],
    [closed, 'clerk', 'submit', { leader: 'leader', note: '请阅' }],
    [closed, 'leader', 'instruct', { text: '请办' }],
    [closed, 't01_handler', 'sign', {}],
    [replied, 't01_handler', 'return', { reason_code: 'duplicate', basis: '无', suggested_unit: 'D02' }],
    [replied, 'clerk', 'accept-return', {}],
    [replied, 'clerk', 'refuse-return', { reason: '不同意' }],
    [replied, 't01_handler', 'contact', { way: 'phone', at: told.told_at, note: '联系' }],
    [replied, 't01_handler', 'progress', { note: '进展' }],
    [withCo, 'd02_handler', 'co-reply', { text: '意见' }],
    [withCo, 'd02_handler', 'sign', {}],
    [online, 'd01_handler', 'propose-reply', t.reply()],
    [online, 'd01_head', 'hand-back', { note: '退回' }],
    [replied, 't01_handler', 'extend', t.extension()],
    [replied, 'supervisor', 'grant-extension', {}],
    [replied, 'supervisor', 'refuse-extension', { note: '不同意' }],
    [replied, 't01_handler', 'reply', t.reply()],
    [received, 'clerk', 'approve-reply', {}],
    [received, 'clerk', 'reject-reply', { reason_codes: ['off_topic'] }],
    [received, 'clerk', 'call-back', t.callback()],
    [received, 'supervisor', 'exclude', { class: 'abuse', evidence: '证据' }],
    [received, 'supervisor', 'reopen', { reason: '再办' }],
    [closed, 'clerk', 'urge', { note: '请抓紧' }],
    [closed, 'supervisor', 'supervise', { reason_code: 'media', demand: '说明', answer_due_on: t.clock.date(2) }],
    [closed, 't01_handler', 'answer-supervision', { text: '答复' }],
    [closed, 'supervisor', 'settle-supervision', { note: '办结' }],
    [received, 'clerk', 'publish', { public_text: '公开' }],
    [received, 'clerk', 'unpublish', {}],
  ];
  for (const [ticket, actor, action, body] of cases) await ticket.fails(actor, action, '409 ticket.wrong_state', body);
  const stateless = t.meta.actions.filter((rule) => rule.from.length === t.meta.states.length).map((rule) => rule.path);
  const missing = t.meta.actions.filter((rule) => rule.who.some((who) => who !== 'citizen')).map((rule) => rule.path).filter((path) => !stateless.includes(path) && !cases.some(([, , action]) => action === path));
  t.holds(missing.length === 0, `no wrong state is tried for ${missing}`);
};
