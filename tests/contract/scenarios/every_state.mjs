/* Each row of the table of actions from each of its states. */
export const title = 'every action from every state that it has';

export default async (t) => {
  const back = { reason_code: 'ownership_unclear', basis: '权属不清', suggested_unit: 'D02' };
  const demand = { reason_code: 'public_concern', demand: '请说明情况', answer_due_on: t.clock.date(3) };
  const states = {
    received: () => t.ticketIn('received'),
    dispatched: () => t.ticketIn('dispatched'),
    handling: () => t.ticketIn('handling'),
    returned: async () => {
      const ticket = await t.ticketIn('dispatched');
      await ticket.does('t01_handler', 'return', back);
      return ticket;
    },
    replied: () => t.ticketIn('replied'),
    feedback: () => t.ticketIn('feedback'),
    closed: () => t.ticketIn('closed'),
    declined: async () => {
      const ticket = await t.create();
      await ticket.does('clerk', 'decline', { reason_code: 'spam', guidance: '无' });
      return ticket;
    },
    merged: async () => {
      const ticket = await t.ticketIn('handling');
      await ticket.does('clerk', 'merge', { into: (await t.create()).no });
      return ticket;
    },
  };
  for (const [state, make] of Object.entries(states)) {
    const ticket = await make();
    t.holds(ticket.state === state, `the ticket is ${ticket.state}, not ${state}`);
    await ticket.does('clerk', 'note', { text: '备注' });
    if (['closed', 'declined', 'merged'].includes(state)) continue;
    await ticket.does('clerk', 'amend', { changes: { demand: '尽快' }, reason: '补充' });
    await ticket.does('leader', 'instruct', { text: '请抓紧' });
    await ticket.does('supervisor', 'urge', { note: '请抓紧' });
    await ticket.does('supervisor', 'supervise', demand);
    if (state !== 'received') await ticket.does('t01_head', 'answer-supervision', { text: '已说明' });
    await ticket.does('supervisor', 'settle-supervision', { note: '同意' });
    if (['received', 'dispatched', 'handling', 'replied'].includes(state)) {
      await ticket.does('clerk', 'submit', { leader: 'leader', note: '请阅示' });
      await ticket.does('leader', 'instruct', { text: '阅', waive: true });
    }
    if (state === 'feedback') await ticket.does('supervisor', 'exclude', { class: 'against_policy', evidence: '政策文件' });
    if (['dispatched', 'handling'].includes(state)) {
      await ticket.does('t01_handler', 'contact', { way: 'sms', at: t.clock.time(-60), note: '已联系' });
      await ticket.does('clerk', 'recall', { reason: '改派' });
    }
    if (state === 'dispatched') await ticket.does('clerk', 'dispatch', { lead_unit: 'T01', co_units: ['D02'] });
    if (state === 'dispatched') await ticket.does('d02_handler', 'sign');
    if (state === 'dispatched') await ticket.does('d02_handler', 'co-reply', { text: '无意见' });
  }

  // What else comes from two states.
  const dispatched = await t.ticketIn('dispatched');
  await dispatched.does('clerk', 'merge', { into: (await t.create()).no });
  await dispatched.does('clerk', 'unmerge', { reason: '不是' });
  t.holds(dispatched.state === 'dispatched', 'as before');
  const handling = await t.ticketIn('handling', { co: ['D02'] });
  await handling.does('d02_head', 'sign');
  await handling.does('d02_head', 'co-reply', { text: '无意见' });
  await handling.does('t01_head', 'return', back);
  const closed = await t.ticketIn('closed');
  await closed.does('supervisor', 'exclude', { class: 'settled_by_hearing', evidence: '听证结论' });

  // A promise is kept in whatever state it is remembered.
  const promised = async (...moves) => {
    const ticket = await t.ticketIn('handling');
    await ticket.does('t01_handler', 'extend', t.extension());
    await ticket.does('supervisor', 'grant-extension', {});
    for (const [actor, action, body] of moves) await ticket.does(actor, action, body);
    await ticket.does('t01_head', 'keep-promise', { evidence: '照片' });
  };
  const answered = [['t01_head', 'reply', t.reply()], ['clerk', 'approve-reply', {}], ['clerk', 'call-back', t.callback()]];
  await promised();
  await promised(['t01_head', 'return', back]);
  for (const far of [1, 2, 3]) await promised(...answered.slice(0, far));
  await promised(['clerk', 'merge', { into: (await t.create()).no }]);
  const dropped = await t.ticketIn('handling');
  await dropped.does('t01_handler', 'extend', t.extension());
  await dropped.does('supervisor', 'grant-extension', {});
  await dropped.does('clerk', 'recall', { reason: '重派' });
  await dropped.does('clerk', 'dispatch', { lead_unit: 'T01' });
  await dropped.fails('t01_head', 'keep-promise', '409 ticket.no_promise', { evidence: '照片' });
};
