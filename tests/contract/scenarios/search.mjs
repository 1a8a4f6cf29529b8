/* Search: one box over number and texts, exact, in what its reader may see. */
export const title = 'search (检索)';

const found = async (t, actor, q, more = '') =>
  (await t.get(actor, `/api/v1/tickets?q=${encodeURIComponent(q)}${more}`)).json.items.map((line) => line.no);

export default async (t) => {
  const a = await t.ticketIn('replied', {
    draft: { title: '槐荫巷窨井盖松动', content: '巷口（第３个）窨井盖松动，车过有响声。', address: '槐荫巷１８号', respondent: '槐荫物业ＡＢＣ公司' },
    reply: { reply_text: '您好，槐荫巷的窨井盖已经更换加固，感谢您的反映。' },
  });
  const b = await t.create({ title: '路灯', content: '槐荫巷路灯不亮。' });
  const is = (list, ...tickets) => t.holds(list.join() === tickets.map((ticket) => ticket.no).join(), `found ${list}`);

  is(await found(t, 'clerk', '槐荫'), b, a);
  is(await found(t, 'clerk', '窨'), a);
  is(await found(t, 'clerk', '(第3个)'), a);
  is(await found(t, 'clerk', 'abc公'), a);
  is(await found(t, 'clerk', '　更换加固　'), a);
  is(await found(t, 'clerk', '槐荫巷18号'), a);
  is(await found(t, 'clerk', a.no), a);
  is(await found(t, 'clerk', b.no.slice(-5).toLowerCase(), '&state=received&received_from=2026-03-09').then((list) => list.filter((no) => no === b.no)), b);
  is(await found(t, 'clerk', '槐荫', '&state=replied'), a);
  is(await found(t, 'clerk', '槐荫', '&todo=dispatch'), b);
  is(await found(t, 'clerk', '槐 荫'));
  is(await found(t, 't01_handler', '槐荫'), a);
  is(await found(t, 'd03_handler', '槐荫'));

  const page = await t.get('clerk', `/api/v1/tickets?limit=1&q=${encodeURIComponent('槐荫')}`);
  const next = await t.get('clerk', `/api/v1/tickets?limit=1&q=${encodeURIComponent('槐荫')}&cursor=${page.json.next}`);
  t.holds(page.json.items[0].no === b.no && next.json.items[0].no === a.no && next.json.next === null, 'pages follow each other', next);

  await b.does('clerk', 'amend', { changes: { content: '东街路灯不亮。' } });
  is(await found(t, 'clerk', '槐荫'), a);
  is(await found(t, 'clerk', '东街路灯'), b);

  // While a clerk types: who has called before, and with what.
  const c = await t.create({ title: '梧桐路污水井外溢', content: '梧桐路菜场门口污水井外溢，臭味很大。', address: '梧桐路77号', petitioner: { phone: '+86 139-8765-4321' } });
  const asked = (await t.post('clerk', '/api/v1/tickets/similar', { phone: '１３９８７６５４３２１', title: '污水井外溢', content: '菜场门口污水井又外溢了', address: '梧桐路77号菜场' })).json;
  t.holds(asked.caller.length === 1 && asked.caller[0].no === c.no, `the caller's: ${JSON.stringify(asked)}`);
  t.holds(asked.similar[0]?.ticket.no === c.no && asked.similar[0].why.join() === 'same_place,same_subject,same_caller', `alike: ${JSON.stringify(asked)}`);
  const others = (await t.post('clerk', '/api/v1/tickets/similar', { phone: '13700000099', content: '医保卡丢失如何补办' })).json;
  t.holds(others.caller.length === 0 && others.similar.every((one) => one.ticket.no !== c.no), `not alike: ${JSON.stringify(others)}`);
  t.holds((await t.post('clerk', '/api/v1/tickets/similar', {})).json.similar.length === 0, 'of nothing nothing');
  await t.post('clerk', '/api/v1/tickets/similar', { phone: 'call me' }, '422 field.phone phone');
  for (const actor of ['supervisor', 'leader', 't01_handler']) await t.post(actor, '/api/v1/tickets/similar', { content: '路' }, '403 forbidden');

  await t.get('clerk', `/api/v1/tickets?sort=due&q=${encodeURIComponent('槐荫')}`, '400 http.query');
  for (const number of ['13800001234', '+86 138-0000-1234', '１３８００００１２３４', '110101199003074514'])
    await t.get('clerk', `/api/v1/tickets?q=${encodeURIComponent(number)}`, '400 http.query_personal');
};
