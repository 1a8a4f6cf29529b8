/* Supervisors and leaders: urge, supervise, submit, instruct; and notes. */
export const title = 'urge (催办), supervise (督办), submit and instruct (呈批, 批示)';

export default async (t) => {
  const a = await t.ticketIn('handling');
  await a.does('clerk', 'urge', { note: '请抓紧' });
  await a.does('supervisor', 'urge', { note: '请抓紧', version: a.version });
  for (const [actor, action, body] of [['t01_handler', 'answer-supervision', { text: '已答复' }], ['supervisor', 'settle-supervision', { note: '办结' }]])
    await a.fails(actor, action, '409 ticket.no_supervision', body);
  const demand = { reason_code: 'overdue', demand: '请说明情况', answer_due_on: t.clock.date(3) };
  await a.fails('supervisor', 'supervise', '422 field.past answer_due_on', { ...demand, answer_due_on: t.clock.date(-3) });
  await a.does('leader', 'supervise', demand);
  const { id } = a.view.supervisions[0];
  await a.fails('t01_handler', 'answer-supervision', '409 ticket.no_supervision', { text: '已答复', supervision: id + 1000 });
  await a.does('t01_handler', 'answer-supervision', { text: '正在办理，三日内完成。', supervision: id });
  await a.fails('t01_handler', 'answer-supervision', '409 ticket.no_supervision', { text: '再答复' });
  await a.does('supervisor', 'settle-supervision', { note: '同意', supervision: id });
  await a.fails('supervisor', 'settle-supervision', '409 ticket.no_supervision', { note: '再办结' });

  // Submitted to one leader: another may not waive on the same day.
  await a.fails('clerk', 'submit', '422 field.not_found leader', { leader: 'clerk', note: '请阅示' });
  await a.does('clerk', 'submit', { leader: 'leader', note: '请阅示' });
  await a.fails('leader2', 'instruct', '403 ticket.not_named_leader', { text: '免批', waive: true });
  await a.fails('leader', 'instruct', '422 field.missing report_on', { text: '请报告', report_back: true });
  await a.fails('leader', 'instruct', '422 field.past report_on', { text: '请报告', report_back: true, report_on: t.clock.date(-3) });
  await a.does('leader2', 'instruct', { text: '请水利局配合' });
  await a.does('leader', 'instruct', { text: '请镇政府限期解决', report_back: true, report_on: t.clock.date(3) });
  t.holds(a.view.instructions.length === 2 && a.view.supervisions.length === 2, 'report_back makes a supervision');

  // As many as a ticket can hold.
  const b = await t.ticketIn('handling');
  for (let i = 0; i < 16; i++) await b.does('clerk', 'submit', { leader: i % 2 ? 'leader' : 'leader2', note: `第 ${i + 1} 次` });
  await b.fails('clerk', 'submit', '409 ticket.full', { leader: 'leader', note: '又一次' });
  const c = await t.ticketIn('handling');
  for (let i = 0; i < 16; i++) await c.does('supervisor', 'supervise', { ...demand, reason_code: 'repeated' });
  await c.fails('supervisor', 'supervise', '409 ticket.full', demand);
  await c.fails('leader', 'instruct', '409 ticket.full', { text: '请办理' });

  // Notes are for everybody who sees the ticket, in any state.
  for (const actor of ['clerk', 't01_handler', 't01_head', 'supervisor', 'leader']) await a.does(actor, 'note', { text: `${actor} 的备注` });
  const events = await t.get('t01_handler', `${a.target('events')}?limit=200`);
  t.holds(events.json.items.filter((event) => event.type === 'note').length === 5, 'notes are in the timeline', events);
  const page = await t.get('t01_handler', `${a.target('events')}?limit=2`);
  const next = await t.get('t01_handler', `${a.target('events')}?limit=2&cursor=${page.json.next}`);
  t.holds(next.json.items[0].seq > page.json.items[1].seq, 'pages follow each other', next);
  await t.get('t01_handler', `${a.target('events')}?cursor=nonsense`, '400 http.query');
};
