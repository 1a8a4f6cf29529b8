/* To a unit and back: dispatch, sign, return, recall, merge. */
export const title = 'dispatch (交办), sign, return, recall, merge';

export default async (t) => {
  // To whom.
  const a = await t.create();
  await a.fails('clerk', 'dispatch', '422 field.not_found lead_unit', { lead_unit: 'NOBODY' });
  await a.fails('clerk', 'dispatch', '422 field.not_found co_units', { lead_unit: 'T01', co_units: ['NOBODY'] });
  await a.fails('clerk', 'dispatch', '422 field.duplicate co_units', { lead_unit: 'T01', co_units: ['D02', 'D02'] });
  await a.fails('clerk', 'dispatch', '422 field.duplicate co_units', { lead_unit: 'T01', co_units: ['T01'] });
  await a.fails('clerk', 'dispatch', '422 ticket.unit_incomplete override_reason', { lead_unit: 'D04' });
  await a.does('clerk', 'dispatch', { lead_unit: 'D04', override_reason: '唯一的主管单位', note: '请尽快' });
  await a.does('clerk', 'recall', { reason: '改派' });
  const report = await t.create({ kind: 'report', respondent: '云河镇人民政府某干部' });
  t.holds(report.view.confidential, 'a report is confidential');
  await report.fails('clerk', 'dispatch', '422 ticket.unit_is_respondent override_reason', { lead_unit: 'T01' });
  await report.does('clerk', 'dispatch', { lead_unit: 'T01', override_reason: '县领导同意' });
  await report.fails('t01_handler', 'contact', '403 forbidden', { way: 'phone', at: t.clock.time(-60), note: '已联系' });
  await report.does('clerk', 'contact', { way: 'phone', at: t.clock.time(-60), note: '已联系来信人' });
  await t.post('t01_handler', report.target('reveal'), { reason: '想联系' }, '403 forbidden');

  // Signing, lead and co-unit.
  const b = await t.create();
  await b.does('clerk', 'dispatch', { lead_unit: 'T01', co_units: ['D02', 'D03'] });
  await b.does('d02_handler', 'sign');
  await b.fails('d02_handler', 'sign', '409 ticket.already_done');
  await b.does('t01_head', 'sign');
  await b.fails('t01_head', 'sign', '409 ticket.wrong_state');
  await b.does('d03_head', 'sign');

  // A return that is refused, and never a second one.
  const back = { reason_code: 'not_our_duty', basis: '三定方案', suggested_unit: 'D03' };
  await b.fails('t01_handler', 'return', '422 field.invalid suggested_unit', { ...back, suggested_unit: 'T01' });
  await b.fails('t01_handler', 'return', '422 field.not_found suggested_unit', { ...back, suggested_unit: 'NOPE' });
  await b.fails('t01_handler', 'return', '422 field.not_found suggested_unit', { ...back, suggested_unit: 'NOBODY' });
  await b.does('t01_handler', 'return', back);
  await b.does('clerk', 'refuse-return', { reason: '属你单位职责' });
  await b.fails('t01_handler', 'return', '409 ticket.return_twice', back);

  // Two accepted returns make a hard case (疑难), whose lead is designated.
  const c = await t.create();
  await c.does('clerk', 'dispatch', { lead_unit: 'T01' });
  await c.does('t01_head', 'return', back);
  await c.does('clerk', 'accept-return', { note: '同意' });
  await c.does('clerk', 'dispatch', { lead_unit: 'T01' });
  await c.fails('t01_head', 'return', '409 ticket.return_twice', back);
  await c.does('clerk', 'recall', { reason: '改派' });
  await c.does('clerk', 'dispatch', { lead_unit: 'D02' });
  await c.does('d02_handler', 'return', back);
  await c.does('clerk', 'accept-return');
  t.holds(c.view.hard_case, 'two accepted returns make a hard case');
  await c.does('clerk', 'dispatch', { lead_unit: 'D03' });
  await c.fails('d03_handler', 'return', '409 ticket.designated', { ...back, suggested_unit: 'T01' });

  // Too many assignments.
  const many = Array.from({ length: 10 }, (_, i) => `CO${String(i + 1).padStart(2, '0')}`);
  const d = await t.create();
  for (let round = 0; round < 4; round++) {
    await d.does('clerk', 'dispatch', { lead_unit: 'T01', co_units: many });
    await d.does('clerk', 'recall', { reason: '再试' });
  }
  await d.fails('clerk', 'dispatch', '409 ticket.full', { lead_unit: 'T01' });

  // Merging, and back to exactly what was before.
  const into = await t.create({ petitioner: { name: '王三', phone: '13900001111' } });
  const closed = await t.create();
  await closed.does('clerk', 'decline', { reason_code: 'abusive', guidance: '无' });
  const e = await t.ticketIn('handling', { draft: { petitioner: { name: '李四', phone: '13900002222' } }, co: ['D02'] });
  await e.fails('clerk', 'merge', '422 field.not_found into', { into: '20260101-R9999' });
  await e.fails('clerk', 'merge', '422 field.invalid into', { into: e.no });
  await e.fails('clerk', 'merge', '422 ticket.merge_target into', { into: closed.no });
  const due = e.view.effective_due_at;
  await e.does('clerk', 'merge', { into: into.no, note: '同一件事' });
  await into.fails('clerk', 'merge', '422 ticket.has_merged into', { into: (await t.create()).no });
  await into.seen();
  t.holds(into.view.merged_petitioners.length === 1 && into.view.citizen_urge_count === 1, 'the target has the other petitioner');
  await e.does('clerk', 'unmerge', { reason: '不是同一件事' });
  t.holds(e.state === 'handling' && e.view.effective_due_at === due && e.view.co_units.length === 1, 'unmerge restores it');
  await into.seen();
  t.holds(into.view.merged_petitioners.length === 0, 'the target is as before');

  // Who a confidential ticket is from, a unit does not learn through a merge, not even masked.
  const target = await t.ticketIn('handling');
  const secret = await t.create({ kind: 'report', petitioner: { name: '赵四', phone: '13900003333' } });
  await secret.does('clerk', 'merge', { into: target.no });
  const seenBy = async (who) => (await t.get(who, `/api/v1/tickets/${target.no}`)).json.merged_petitioners.length;
  t.holds(await seenBy('clerk') === 1 && await seenBy('t01_handler') === 0, 'only the office sees the other petitioner');
};
