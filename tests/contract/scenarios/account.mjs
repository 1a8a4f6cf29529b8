/* One's own account: a password of one's own first, another one, and where one is signed in. */
export const title = 'one\'s own password and sessions';

export default async (t) => {
  const { client } = t;
  const login = 'owner';
  const given = 'given by the administrator';
  await t.post('admin', '/api/v1/users', { login, name: '本人', unit: 'T01', roles: ['handler'], password: given }, '201');
  const enter = async (password, expected = 200) => {
    const reply = await client.ask(null, 'POST', '/api/v1/session', { json: { login, password } });
    t.holds(reply.status === expected, `signing in is ${expected}`, reply);
    return expected === 200 ? client.keep(login, reply) && reply : reply;
  };
  const change = (password, new_password, expected, options) => t.post(login, '/api/v1/me/password', { password, new_password }, expected, options);

  // A password that somebody else has set opens nothing but the way to one's own.
  t.holds((await enter(given)).json.must_change_password, 'told at sign-in');
  for (const path of ['/api/v1/inbox', '/api/v1/tickets', '/api/v1/units', '/api/v1/audit']) await t.get(login, path, '403 session.must_change_password');
  await t.post(login, `/api/v1/tickets/20260101-R9999/note`, { text: '备注' }, '403 session.must_change_password');
  await t.get(login, '/api/v1/users/owner', '403 forbidden');
  for (const path of ['/api/v1/session', '/api/v1/meta', '/api/v1/me/sessions']) await t.get(login, path);

  // What may not be chosen, and who may not choose.
  await change(given, given, '422 field.password_same new_password');
  for (const weak of ['the owner 2026', '1234567890', 'password-2026']) await change(given, weak, '422 field.password_weak new_password');
  await change('not the password', 'rain on the roof', '422 field.password_wrong password');
  await t.get(login, '/api/v1/inbox', '403 session.must_change_password');
  await change(given, 'rain on the roof', '204', { key: 'own-1' });
  await change(given, 'rain on the roof', '204', { key: 'own-1' });
  await change(given, 'snow on the roof', '422 idempotency.mismatch', { key: 'own-1' });
  await t.get(login, '/api/v1/inbox');
  await enter(given, 401);

  // It ends the sessions elsewhere.
  await enter('rain on the roof');
  const elsewhere = client.sessions.get(login);
  await enter('rain on the roof');
  const list = await t.get(login, '/api/v1/me/sessions');
  t.holds(list.json.items.length === 3 && list.json.items[0].current && !list.json.items[1].current, 'three sessions, the newest is this one', list);
  await t.del(login, `/api/v1/me/sessions/${list.json.items[2].id}`);
  await t.del(login, `/api/v1/me/sessions/${list.json.items[2].id}`, '404 not_found');
  await change('rain on the roof', 'snow on the roof', '204');
  const gone = await client.ask(null, 'GET', '/api/v1/session', { headers: { Cookie: elsewhere.cookie } });
  t.holds(gone.status === 401, 'the other session has ended', gone);
  await enter('snow on the roof');
  await t.del(login, '/api/v1/me/sessions');
  const rest = await t.get(login, '/api/v1/me/sessions');
  t.holds(rest.json.items.length === 1 && rest.json.items[0].current, 'only this one is left', rest);

  // An administrator sets another one: the same again.
  const { version } = (await t.get('admin', '/api/v1/users/owner')).json;
  const reset = await t.patch('admin', '/api/v1/users/owner', { version, password: 'given once more' });
  t.holds(reset.json.must_change_password, 'told to the administrator', reset);
  await t.get(login, '/api/v1/session', '401 session.required');
  await enter('given once more');
  await t.get(login, '/api/v1/inbox', '403 session.must_change_password');

  // Five wrong ones lock, as at sign-in.
  for (let i = 0; i < 5; i++) await change('not the password', 'hail on the roof', '422 field.password_wrong password');
  const locked = await change('given once more', 'hail on the roof', '429 session.locked');
  t.holds(Number(locked.headers['retry-after']) > 800, 'told how long', locked);
  const trail = await t.get('admin', '/api/v1/audit?actor=owner&type=user_password_changed');
  t.holds(trail.json.items.length === 2 && trail.json.items.every((item) => item.login === login), 'in the trail', trail);
  client.sessions.delete(login);
};
