/* Other systems: an SMS becomes a ticket; a platform brings tickets and is told the answers. */
export const title = 'the SMS gateway and the city\'s platform (报送)';

export default async (t) => {
  const sms = (more = {}, expected = '201') => t.post('system-sms', '/api/v1/sms', { message_id: 'm-1', phone: '13977770001', content: '东门路灯不亮，请修理。', ...more }, expected);
  const first = (await sms()).json.no;
  t.holds((await sms()).json.no === first, 'the same message, the same ticket');
  t.holds((await sms({ message_id: 'm-2', phone: '+86 139 7777 0001' })).json.no === first, 'the same words of the same phone');
  t.holds((await sms({ message_id: 'm-3', content: '南门路灯不亮。' })).json.no !== first, 'other words');
  await sms({ message_id: 'm-4', phone: 'nobody' }, '422 field.phone phone');
  const received = (await t.get('clerk', `/api/v1/tickets/${first}`)).json;
  t.holds(received.channel === 'sms' && received.state === 'received', 'a ticket like any other');

  // The platform's own number makes a retry harmless, and its deadline stands beside ours.
  const path = '/api/v1/upstream/city';
  const draft = (upstream_no, more = {}) => ({ channel: 'phone', content: '市平台转来：桥面破损。', upstream_no, petitioner: { name: '孙八', phone: '13977770008' }, ...more });
  const bring = async (upstream_no, more, expected = '201') => (await t.post('system-upstream', `${path}/tickets`, draft(upstream_no, more), expected)).json.no;
  const capped = await bring('CITY-1', { upstream_due_at: t.clock.time(2 * 86400), upstream_received_at: t.clock.time(-600) });
  t.holds(await bring('CITY-1', {}, '200') === capped, 'the same ticket');
  await t.post('system-upstream', '/api/v1/upstream/county/tickets', draft('CITY-2'), '404 not_found');
  await t.post('system-upstream', `${path}/tickets`, draft('CITY-2', { upstream: 'city' }), '422 field.unknown upstream');
  await t.post('system-upstream', `${path}/tickets`, draft('CITY-2', { repeat_of: capped }), '422 field.unknown repeat_of');
  await t.post('system-upstream', `${path}/tickets`, draft('CITY-2', { occurred_at: t.clock.time(3600) }), '422 field.future occurred_at');
  await t.post('system-upstream', `${path}/tickets`, draft('CITY-2', { area: 'T99' }), '422 field.not_found area');
  await t.post('system-upstream', `${path}/tickets`, draft('CITY-2', { petitioner: { phone: 'nobody' } }), '422 field.phone petitioner.phone');
  const ticket = await t.adopt(capped);
  await ticket.does('clerk', 'dispatch', { lead_unit: 'T01' });
  t.holds(ticket.view.due_capped && ticket.view.upstream === 'city', 'the conflict of deadlines is flagged');

  // What is answered is told once, oldest first, and nothing of people.
  const answered = (query = '', expected = '200') => t.get('system-upstream', `${path}/answered${query}`, expected);
  const begin = (await answered()).json;
  const seen = async (cursor) => (await answered(`?limit=50&cursor=${cursor}`)).json;
  let { last } = begin.next === null ? begin : await seen(begin.last);
  await ticket.does('t01_handler', 'sign');
  await ticket.does('t01_handler', 'reply', t.reply({ reply_text: '孙八您好，桥面已经修补完毕，可以正常通行，感谢您的反映，欢迎继续监督我们的工作。' }));
  t.holds((await seen(last)).items.length === 0, 'a reply under review is not told');
  await ticket.does('clerk', 'approve-reply');
  const page = await seen(last);
  t.holds(page.items.length === 1 && page.items[0].upstream_no === 'CITY-1' && page.items[0].result === 'answered' && page.items[0].outcome === 'solved', 'told', page);
  last = page.last;
  const follower = await t.adopt(await bring('CITY-3'));
  await follower.does('clerk', 'merge', { into: capped });
  const merged = await seen(last);
  t.holds(merged.items.length === 1 && merged.items[0].upstream_no === 'CITY-3' && !JSON.stringify(merged).includes('13977770008'), 'told with the one it follows', merged);
  last = merged.last;
  const declined = await t.adopt(await bring('CITY-4'));
  await declined.does('clerk', 'decline', { reason_code: 'court_or_arbitration', guidance: '请向人民法院提出。', ...t.told() });
  const more = await seen(last);
  t.holds(more.items.length === 1 && more.items[0].result === 'declined' && more.items[0].reply_text.includes('法院'), 'declined, with where to go', more);
  await ticket.does('clerk', 'call-back', t.callback({ solved: false, satisfaction: 'unsatisfied', rework: true }));
  const again = await seen(last);
  t.holds(again.items.length === 1, 'nothing twice', again);
  const reopened = await seen(begin.last);
  t.holds(reopened.items.some((item) => item.upstream_no === 'CITY-1' && item.result === 'reopened' && item.reply_text === null), 'no answer now', reopened);
  await answered('?cursor=x', '400 http.query');
  await t.get('system-upstream', '/api/v1/upstream/county/answered', '404 not_found');
  await t.get('clerk', `${path}/answered`, '403 forbidden');
};
