/* The trail for who watches over it: scopes, filters, pages, views. */
export const title = 'the trail (审计)';

export default async (t) => {
  const ticket = await t.ticketIn('handling');
  await t.post('supervisor', ticket.target('reveal'), { reason: '核实身份' });
  const get = (actor, query) => t.get(actor, `/api/v1/audit?limit=200${query}`);

  const all = await get('auditor', `&ticket=${ticket.no}`);
  t.holds(all.json.items.map((one) => one.type).join() === 'reveal,sign,dispatch,ticket_created', 'newest first', all);
  t.holds(all.json.items.every((one) => one.facts === null && one.ticket === ticket.no), 'no facts of a ticket', all);
  const own = await get('t01_handler', `&ticket=${ticket.no}`);
  t.holds(own.json.items.every((one) => one.actor.login === 't01_handler') && own.json.items.length > 0, 'own doing', own);
  const people = await get('admin', '&type=user_created');
  t.holds(people.json.items.length > 0 && people.json.items.every((one) => one.login !== null), 'whom it is about', people);
  const none = await get('admin', `&ticket=${ticket.no}`);
  t.holds(none.json.items.length === 0, 'no tickets for an administrator', none);
  const made = await get('supervisor', '&type=ticket_created&from=2026-01-01&to=2026-12-31&actor=clerk');
  t.holds(made.json.items.length > 0, 'by all filters', made);
  for (const query of ['actor=', 'from=yesterday', 'limit=201', 'cursor=x', 'cursor=v0-1', 'text=x'])
    await t.get('auditor', `/api/v1/audit?${query}`, '400 http.query');

  // Before and after of what the administrator changes; who failed to come in, without a word of strangers.
  const settings = (await t.get('admin', '/api/v1/settings')).json.items;
  const { name, value } = settings.find((one) => one.kind === 'int');
  await t.set('settings', { [name]: value + 1 });
  const settled = await get('auditor', '&type=settings_changed');
  const change = settled.json.items[0].values.find((one) => one.name === name);
  t.holds(change.before === value && change.after === value + 1, 'before and after', settled);
  await t.set('settings', { [name]: value });
  for (const login of ['clerk', 'typed-by-a-stranger', 'another-one'])
    await t.client.ask(null, 'POST', '/api/v1/session', { json: { login, password: 'not the password' } });
  const failed = await get('admin', '&type=login_failed');
  t.holds(failed.json.items.some((one) => one.login === 'clerk' && one.facts.wrong === 'password'), 'who failed', failed);
  t.holds(!failed.text.includes('stranger') && !failed.text.includes('not the password'), 'nothing that was typed', failed);

  const first = (await t.get('auditor', '/api/v1/audit?limit=1')).json;
  const second = await t.get('auditor', `/api/v1/audit?limit=1&cursor=${first.next}`);
  t.holds(second.json.items[0].seq === first.items[0].seq - 1, 'gap-free', second);

  const why = await t.get('clerk', ticket.target('views'));
  t.holds(why.json.items.length === 1 && why.json.items[0].reason === '核实身份', 'why', why);
  const bare = await t.get('auditor', `${ticket.target('views')}?limit=1`);
  t.holds(bare.json.items.length === 1 && bare.json.items[0].reason === null, 'that, and not why', bare);
  await t.get('auditor', `${ticket.target('views')}?cursor=a0-1`, '400 http.query');
  await t.get('t01_handler', ticket.target('views'), '403 forbidden');
  await t.get('leader', ticket.target('views'), '403 forbidden');
};
