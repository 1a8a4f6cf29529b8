/* What a unit does until its reply is approved. */
export const title = 'handling (办理), extension, sign-off, reply, review';

export default async (t) => {
  // On paper: the handler sends the reply.
  const a = await t.ticketIn('handling', { co: ['D02'] });
  await a.does('t01_handler', 'contact', { way: 'visit', at: t.clock.time(-60), note: '已上门', version: a.version });
  await a.fails('t01_handler', 'contact', '422 field.future at', { way: 'visit', at: t.clock.time(3600), note: '将上门' });
  await a.does('t01_handler', 'progress', { note: '已安排清理' });
  await a.does('d02_handler', 'progress', { note: '配合清理' });
  await a.fails('t01_handler', 'propose-reply', '409 ticket.sign_off_recorded', t.reply());
  await a.fails('t01_handler', 'reply', '422 field.missing co_waived_reason', t.reply());
  await a.does('d02_head', 'co-reply', { text: '我局已疏通管道。' });
  await a.fails('d02_head', 'co-reply', '409 ticket.already_done', { text: '再说一次。' });
  await a.fails('t01_handler', 'reply', '422 field.missing signed_off_by', t.reply({ signed_off_by: undefined }));
  await a.fails('t01_handler', 'reply', '422 field.missing no_contact_reason', t.reply({ contacted: false }));
  await a.fails('t01_handler', 'reply', '422 field.missing promised_on', t.reply({ outcome: 'promised' }));
  await a.fails('t01_handler', 'reply', '422 field.past promised_on', t.reply({ outcome: 'promised', promised_on: '2026-03-02' }));
  await a.fails('t01_handler', 'reply', '422 field.invalid promised_on', t.reply({ promised_on: '2026-03-27' }));
  await a.fails('t01_handler', 'reply', '422 field.future told_at', t.reply({ told_at: t.clock.time(3600) }));
  await a.fails('t01_handler', 'reply', '422 field.missing told_way', t.reply({ told_way: undefined }));
  await a.does('t01_handler', 'reply', t.reply({ outcome: 'promised', promised_on: '2026-03-27', basis: '城镇排水条例' }));
  await a.does('clerk', 'approve-reply', { note: '内容完整' });
  t.holds(a.view.promises.length === 1 && a.view.outcome === 'promised', 'the promise is in the ledger');
  await a.fails('t01_handler', 'keep-promise', '409 ticket.no_promise', { evidence: '照片', promise: 999999 });
  await a.does('t01_handler', 'keep-promise', { evidence: '已铺油，附照片', promise: a.view.promises[0].id });
  await a.fails('t01_handler', 'keep-promise', '409 ticket.no_promise', { evidence: '照片' });

  // The office tells; and a reply that is sent back.
  const b = await t.ticketIn('handling');
  await b.does('t01_head', 'reply', t.reply({ office_tells: true, told_at: undefined, told_way: undefined }));
  await b.fails('clerk', 'approve-reply', '422 ticket.not_told told_at');
  await b.fails('clerk', 'approve-reply', '422 field.future told_at', { told_at: t.clock.time(3600), told_way: 'phone' });
  await b.does('clerk', 'reject-reply', { reason_codes: ['facts_unclear', 'incomplete'], note: '请补充' });
  t.holds(b.view.rework_count === 1 && b.state === 'handling', 'it is reworked');
  await b.fails('t01_handler', 'extend', '409 ticket.in_rework', t.extension());
  await b.does('t01_handler', 'reply', t.reply({ office_tells: true, told_at: undefined, told_way: undefined }));
  await b.does('clerk', 'approve-reply', t.told());

  // Confidential: the office tells, and the reply says so.
  const c = await t.ticketIn('handling', { draft: { confidential: true } });
  await c.fails('t01_handler', 'reply', '422 field.missing office_tells', t.reply());

  // Online: the handler proposes, the head sends.
  const d = await t.ticketIn('handling', { unit: 'D01' });
  await d.fails('d01_handler', 'reply', '403 ticket.sign_off_online', t.reply());
  await d.fails('d01_head', 'hand-back', '409 ticket.no_draft', { note: '没有稿子' });
  const draft = t.reply({ signed_off_by: undefined });
  await d.fails('d01_handler', 'propose-reply', '422 field.future told_at', { ...draft, told_at: t.clock.time(3600) });
  await d.fails('d01_handler', 'propose-reply', '422 field.past promised_on', { ...draft, outcome: 'promised', promised_on: '2026-03-02' });
  await d.does('d01_handler', 'propose-reply', draft);
  t.holds(d.view.reply.state === 'proposed', 'the draft waits for the head');
  await d.does('d01_head', 'hand-back', { note: '请写清依据' });
  await d.does('d01_handler', 'propose-reply', { ...draft, basis: '防洪法' });
  await d.does('d01_head', 'reply', { ...draft, basis: '防洪法' });
  t.holds(d.state === 'replied', 'the head has sent it');

  // Extensions: the supervisor's, and the leader's.
  const e = await t.ticketIn('handling');
  for (const action of ['grant-extension', 'refuse-extension'])
    await e.fails('supervisor', action, '409 ticket.no_extension', { note: '无申请' });
  await e.fails('t01_handler', 'extend', '422 field.not_workday promised_on', t.extension({ promised_on: '2026-03-21' }));
  await e.fails('t01_handler', 'extend', '422 field.after_due promised_on', t.extension({ promised_on: '2026-03-10' }));
  await e.fails('t01_handler', 'extend', '422 field.future told_at', t.extension({ told_at: t.clock.time(3600) }));
  await e.does('t01_handler', 'extend', t.extension());
  await e.fails('t01_handler', 'extend', '409 ticket.extension_pending', t.extension());
  for (const action of ['grant-extension', 'refuse-extension'])
    await e.fails('leader', action, '403 ticket.needs_supervisor', { note: '不归我批' });
  await e.does('supervisor', 'refuse-extension', { note: '理由不充分' });
  await e.does('t01_head', 'extend', t.extension());
  await e.does('supervisor', 'grant-extension', { note: '同意' });
  t.holds(e.view.effective_due_at.startsWith('2026-03-20T23:59:59'), 'the deadline is the end of the promised day');
  await e.does('t01_head', 'extend', t.extension({ promised_on: '2026-03-25' }));
  for (const action of ['grant-extension', 'refuse-extension'])
    await e.fails('supervisor', action, '403 ticket.needs_leader', { note: '第二次' });
  await e.does('leader', 'grant-extension', {});
  t.holds(e.view.extension_count === 2, 'two were granted');
};
