/* Receiving, amending, answering at once, declining, and taking it up again. */
export const title = 'intake (接收): create, amend, answer, decline, reopen';

export default async (t) => {
  const full = {
    channel: 'web', title: '路灯不亮', content: '主街路灯不亮已有半个月。', demand: '修好路灯', respondent: '某物业公司',
    category: '010101', address: '主街 12 号', tags: ['路灯', '夜间'], kind: 'help', urgency: 'urgent',
    sensitive: true, sensitive_reason: '涉及学校', anonymous: false, confidential: true, may_publish: true, suspect: false,
    occurred_at: t.clock.time(-86400), upstream: 'city12345', upstream_no: 'CITY-1',
    upstream_received_at: t.clock.time(-3600), upstream_due_at: t.clock.time(5 * 86400),
    petitioner: { name: '欧阳二', phone: '0871-6512 3456', kind: 'company', contact_note: '下午联系' },
  };
  const first = await t.create(full);
  t.holds(/^2026\d{4}-W\d{4,}$/.test(first.no), 'the number has the date and the letter of the channel');
  t.holds(first.view.petitioner.name === '欧**' && !first.view.petitioner.phone.includes('3456'.padStart(8, '6512')), 'the petitioner is masked');

  // Until when it would be due, before it is there.
  const due = async (query) => (await t.get('clerk', `/api/v1/tickets/preview-due?${query}`, '200')).json;
  const normal = await due('channel=phone');
  const urgent = await due('channel=phone&urgency=urgent&category=010101');
  t.holds(normal.workdays === 5 && urgent.due_at < normal.due_at, 'an urgent one is due earlier');
  t.holds((await due('channel=web')).workdays === 3, 'a channel has its own limit');
  const foreseen = await t.create({ channel: 'phone', content: '与预告的期限一致。' });
  const dispatched = await t.post('clerk', `/api/v1/tickets/${foreseen.no}/dispatch`, { version: foreseen.view.version, lead_unit: 'T01' }, '200');
  t.holds(dispatched.json.due_at === normal.due_at, 'what was foreseen is what dispatch sets', dispatched);
  await t.get('clerk', '/api/v1/tickets/preview-due', '400 http.query');
  await t.get('clerk', '/api/v1/tickets/preview-due?channel=pigeon', '400 http.query');
  await t.get('clerk', '/api/v1/tickets/preview-due?channel=phone&category=999999', '400 http.query');

  // The same key: the same ticket, whatever is tried.
  const key = 'a key of intake';
  const plain = { channel: 'phone', content: '垃圾没有人清运。' };
  await t.post('clerk', '/api/v1/tickets', plain, '422 idempotency.required', { key });
  const made = await t.post('clerk', '/api/v1/tickets', plain, '201', { key: 'key-of-intake' });
  const again = await t.post('clerk', '/api/v1/tickets', plain, '201', { key: 'key-of-intake' });
  t.holds(again.json.no === made.json.no, 'a replay answers the same ticket', again);
  await t.post('clerk', '/api/v1/tickets', { ...plain, content: '别的。' }, '422 idempotency.mismatch', { key: 'key-of-intake' });
  const others = await t.post('clerk2', '/api/v1/tickets', plain, '201', { key: 'key-of-intake' });
  t.holds(others.json.no !== made.json.no, 'a key is its actor\'s own', others);

  // What a draft may not say.
  await t.post('clerk', '/api/v1/tickets', {}, '422 field.missing channel');
  await t.post('clerk', '/api/v1/tickets', { channel: 'phone' }, '422 field.missing content');
  await t.post('clerk', '/api/v1/tickets', { ...plain, channel: 'pigeon' }, '422 field.not_found channel');
  await t.post('clerk', '/api/v1/tickets', { ...plain, category: '999999' }, '422 field.not_found category');
  await t.post('clerk', '/api/v1/tickets', { ...plain, area: 'T99' }, '422 field.not_found area');
  await t.post('clerk', '/api/v1/tickets', { ...plain, repeat_of: '20260101-R9999' }, '422 field.not_found repeat_of');
  await t.post('clerk', '/api/v1/tickets', { ...plain, petitioner: { phone: 'abc' } }, '422 field.phone petitioner.phone');
  await t.post('clerk', '/api/v1/tickets', { ...plain, occurred_at: t.clock.time(86400) }, '422 field.future occurred_at');
  await t.post('clerk', '/api/v1/tickets', { ...plain, upstream: 'city12345' }, '422 field.missing upstream_no');
  await t.post('clerk', '/api/v1/tickets', { ...plain, upstream_no: 'CITY-2' }, '422 field.missing upstream');
  await t.post('clerk', '/api/v1/tickets', { ...plain, sensitive: true }, '422 field.missing sensitive_reason');
  await t.post('clerk', '/api/v1/tickets', { ...plain, repeat_relation: '同一件事' }, '422 field.missing repeat_of');
  await t.post('clerk', '/api/v1/tickets', { ...plain, upstream: 'city12345', upstream_no: 'CITY-1' }, '422 field.taken upstream_no');

  // Amending before and after dispatch.
  const amended = await t.create({ repeat_of: first.no, repeat_relation: '同一路段' });
  await amended.does('clerk', 'amend', { changes: { title: '道路积水', urgency: 'urgent', petitioner: { name: '刘二' } } });
  await amended.fails('clerk', 'amend', '422 field.missing changes', { changes: {} });
  await amended.fails('clerk', 'amend', '422 field.not_found changes.category', { changes: { category: '999999' } });
  await amended.fails('clerk', 'amend', '422 field.not_found changes.area', { changes: { area: 'T99' } });
  await amended.fails('clerk', 'amend', '422 field.not_found changes.repeat_of', { changes: { repeat_of: '20260101-R9999' } });
  await amended.fails('clerk', 'amend', '422 field.phone changes.petitioner.phone', { changes: { petitioner: { phone: 'abc' } } });
  await amended.fails('clerk', 'amend', '422 field.future changes', { changes: { occurred_at: t.clock.time(86400) } });
  await amended.does('clerk', 'dispatch', { lead_unit: 'T01' });
  await amended.fails('clerk', 'amend', '422 field.missing reason', { changes: { title: '积水' } });
  await amended.does('clerk', 'amend', { changes: { title: '积水', tags: [] }, reason: '来电人更正' });

  // Answered at once.
  const suspect = await t.create({ suspect: true });
  const answer = { reply_text: '您好，办理时间为工作日九点至十七点。', ...t.told() };
  await suspect.fails('clerk', 'answer', '409 ticket.suspect', answer);
  await suspect.fails('clerk', 'dispatch', '409 ticket.suspect', { lead_unit: 'T01' });
  await suspect.fails('clerk', 'merge', '409 ticket.suspect', { into: first.no });
  await suspect.does('clerk', 'amend', { changes: { suspect: false } });
  await suspect.fails('clerk', 'answer', '422 field.future told_at', { ...answer, told_at: t.clock.time(3600) });
  await suspect.does('clerk', 'answer', answer);
  t.holds(suspect.state === 'closed' && suspect.view.outcome === 'answered', 'an answered ticket is closed');

  // Declined, and taken up again.
  const declined = await t.create();
  const decline = { reason_code: 'court_or_arbitration', guidance: '请向人民法院提出。', ...t.told() };
  await declined.fails('clerk', 'decline', '422 field.missing told_at', { reason_code: 'secret', guidance: '请另行反映。' });
  await declined.fails('clerk', 'decline', '422 field.future told_at', { ...decline, told_at: t.clock.time(3600) });
  await declined.does('clerk', 'decline', decline);
  await declined.does('supervisor', 'reopen', { reason: '法院未受理' });
  t.holds(declined.state === 'received', 'without a lead it is received again');
  await declined.does('clerk', 'decline', { reason_code: 'spam', guidance: '无' });

  // Nothing closes while a supervision is unanswered or a leader has not spoken.
  const supervised = await t.create();
  await supervised.does('supervisor', 'supervise', { reason_code: 'media', demand: '请说明情况', answer_due_on: t.clock.date(1) });
  await supervised.fails('clerk', 'answer', '409 ticket.supervised', answer);
  await supervised.fails('clerk', 'decline', '409 ticket.supervised', decline);
  await supervised.fails('clerk', 'merge', '409 ticket.supervised', { into: first.no });
  const submitted = await t.create();
  await submitted.does('clerk', 'submit', { leader: 'leader', note: '请阅示' });
  await submitted.fails('clerk', 'answer', '409 ticket.submitted', answer);
  await submitted.fails('clerk', 'decline', '409 ticket.submitted', decline);
  await submitted.fails('clerk', 'merge', '409 ticket.submitted', { into: first.no });

  // Who may see name and phone does so with a reason.
  await t.post('clerk', first.target('reveal'), {}, '422 field.missing reason');
  const shown = await t.post('clerk', first.target('reveal'), { reason: '回电核实' });
  t.holds(shown.json.petitioners[0].name === '欧阳二', 'reveal shows the name', shown);
  await t.post('leader', first.target('reveal'), { reason: '想知道' }, '403 forbidden');

  /* The third repeat of one matter is a supervisor's to-do, once, until a supervisor has looked at it. */
  const waiting = async () => (await t.get('supervisor', '/api/v1/tickets?todo=repeated')).json.items.map((line) => line.no);
  const matter = await t.create({ title: '三番五次' });
  for (let i = 0; i < 2; i++) await t.create({ repeat_of: matter.no });
  t.holds((await waiting()).length === 0, 'two repeats are not enough');
  const third = await t.create({ repeat_of: matter.no });
  await t.create({ repeat_of: matter.no });
  t.holds((await waiting()).join() === third.no, 'the third is noticed, and shown once');
  const inbox = (await t.get('supervisor', '/api/v1/inbox')).json.groups.find((group) => group.todo === 'repeated');
  t.holds(inbox?.count === 1, `it is in the inbox: ${JSON.stringify(inbox)}`);
  await t.get('clerk', '/api/v1/tickets?todo=repeated', '200');
  const told = (await t.get('supervisor', third.target('events'))).json.items.find((event) => event.type === 'matter_repeated');
  t.holds(told.facts.repeat_of === matter.no && told.facts.repeats === 3, `the event: ${JSON.stringify(told)}`);
  await third.does('supervisor', 'supervise', { reason_code: 'repeated', demand: '请彻底解决', answer_due_on: t.clock.date(2) });
  t.holds((await waiting()).length === 0, 'and is over');
};
