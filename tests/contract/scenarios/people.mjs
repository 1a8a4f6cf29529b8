/* Sessions, users, units. */
export const title = 'sessions, users, units';

export default async (t) => {
  const { client } = t;
  const signIn = (login, password, options = {}) =>
    client.ask(null, 'POST', '/api/v1/session', { json: { login, password }, ...options });
  const says = async (asked, expected) => {
    const reply = await asked;
    const codes = [reply.json?.code, ...(reply.json?.errors ?? []).map((error) => error.code)];
    const [status, code] = expected.split(' ');
    t.holds(reply.status === Number(status) && (code === undefined || codes.includes(code)), `expected ${expected}`, reply);
    return reply;
  };

  // Wrong passwords: the same words for who does not exist, and a lock in the end.
  await says(signIn('nobody', 'wrong password'), '401 session.credentials');
  for (let i = 0; i < 5; i++) await says(signIn('lockable', 'wrong password'), '401 session.credentials');
  const locked = await says(signIn('lockable', 'password of lockable'), '429 session.locked');
  t.holds(Number(locked.headers['retry-after']) > 800, 'told how long', locked);
  await says(signIn('clerk', 'password of clerk', { headers: { Origin: 'http://elsewhere.example' } }), '403 session.csrf');

  // In, who am I, out.
  await client.session('clerk2');
  const session = client.keep('clerk2', await says(signIn('clerk2', client.passwordOf('clerk2')), '200'));
  const who = await t.get('clerk2', '/api/v1/session');
  t.holds(who.json.user.login === 'clerk2' && who.json.csrf === session.csrf, 'who am I', who);
  await says(client.ask('clerk2', 'DELETE', '/api/v1/session', { headers: { 'X-CSRF-Token': 'wrong' } }), '403 session.csrf');
  await says(client.ask('clerk2', 'DELETE', '/api/v1/session'), '204');
  await says(client.ask('clerk2', 'GET', '/api/v1/session'), '401 session.required');
  client.sessions.delete('clerk2');

  // Units.
  const unit = { code: 'N01', name: '新单位', kind: 'office' };
  const made = await t.post('admin', '/api/v1/units', unit, '201', { key: 'unit-1' });
  t.holds(made.headers.location === '/api/v1/units/N01', 'Location', made);
  await t.post('admin', '/api/v1/units', unit, '201', { key: 'unit-1' });
  await t.post('admin', '/api/v1/units', { ...unit, name: '别的' }, '422 idempotency.mismatch', { key: 'unit-1' });
  await t.post('admin', '/api/v1/units', unit, '422 field.taken code');
  await t.post('admin', '/api/v1/units', { ...unit, code: 'N02', parent: 'NOBODY' }, '422 field.not_found parent');
  await t.post('admin', '/api/v1/units', { ...unit, code: 'N02', areas: ['T99'] }, '422 field.not_found areas[0]');
  await t.patch('admin', '/api/v1/units/N01', { version: 1, parent: 'D02' });
  await t.patch('admin', '/api/v1/units/N01', { version: 1, name: '旧的' }, '409 version_conflict');
  await t.patch('admin', '/api/v1/units/N01', { version: 2, parent: 'N01' }, '422 field.invalid parent');
  await t.patch('admin', '/api/v1/units/N01', { version: 2, parent: 'NOBODY' }, '422 field.not_found parent');
  await t.patch('admin', '/api/v1/units/NOBODY', { version: 1 }, '404 not_found');
  await t.get('clerk', '/api/v1/units/NOBODY', '404 not_found');
  const shown = await t.get('t01_handler', '/api/v1/units/N01');
  t.holds(shown.json.parent === 'D02' && !shown.json.complete, 'the unit as changed', shown);
  await t.post('admin', '/api/v1/units', { ...unit, code: 'N02', areas: ['T01', 'T01'] }, '422 field.duplicate areas[1]');
  await t.patch('admin', '/api/v1/units/N01', { version: 2, areas: ['T01', 'T01'] }, '422 field.duplicate areas[1]');
  await t.patch('admin', '/api/v1/units/N01', { version: 2, areas: ['T99'] }, '422 field.not_found areas[0]');
  await t.patch('admin', '/api/v1/units/N01', { version: 2, parent: '', enabled: false });
  await t.post('admin', '/api/v1/units', { ...unit, code: 'N03' }, '201');
  await t.del('admin', '/api/v1/units/N03');
  await t.del('admin', '/api/v1/units/N03', '404 not_found');
  await t.del('admin', '/api/v1/units/T01', '409 in_use');

  // Users.
  const user = { login: 'new.person', name: '新人', unit: 'T01', roles: ['handler'], password: 'a long password' };
  const person = await t.post('admin', '/api/v1/users', user, '201', { key: 'user-1' });
  t.holds(person.headers.location === '/api/v1/users/new.person' && !person.text.includes(user.password), 'no password in a reply', person);
  await t.post('admin', '/api/v1/users', user, '201', { key: 'user-1' });
  await t.post('admin', '/api/v1/users', { ...user, name: '别的' }, '422 idempotency.mismatch', { key: 'user-1' });
  await t.post('admin', '/api/v1/users', { ...user, login: 'NEW.person' }, '422 field.taken login');
  await t.post('admin', '/api/v1/users', { ...user, login: 'other', unit: 'NOBODY' }, '422 field.not_found unit');
  await t.post('admin', '/api/v1/users', { ...user, login: 'other', unit: 'N01' }, '422 field.not_found unit');
  await t.post('admin', '/api/v1/users', { ...user, login: 'other', password: 'short' }, '422 field.too_short password');
  client.passwords.set('new.person', user.password);
  await t.get('new.person', '/api/v1/inbox');
  await t.patch('admin', '/api/v1/users/new.person', { version: 2, roles: ['unit_head'] });
  await t.get('new.person', '/api/v1/session', '401 session.required');
  await t.patch('admin', '/api/v1/users/new.person', { version: 1, name: '旧的' }, '409 version_conflict');
  await t.patch('admin', '/api/v1/users/new.person', { version: 3, unit: 'NOBODY' }, '422 field.not_found unit');
  await t.patch('admin', '/api/v1/users/nobody', { version: 1 }, '404 not_found');
  await t.get('admin', '/api/v1/users/nobody', '404 not_found');
  await t.get('admin', '/api/v1/users/new.person');
  await t.patch('admin', '/api/v1/users/new.person', { version: 3, enabled: false, password: 'another password' });
  await says(signIn('new.person', 'another password'), '401 session.credentials');
  await t.post('admin', '/api/v1/users', { ...user, login: 'never.used' }, '201');
  await t.del('admin', '/api/v1/users/never.used');
  await t.del('admin', '/api/v1/users/never.used', '404 not_found');
  await t.del('admin', '/api/v1/users/new.person', '409 in_use');
  await t.del('admin', '/api/v1/users/admin', '409 user.last_admin');
  await t.patch('admin', '/api/v1/users/admin', { version: 1, enabled: false }, '409 user.last_admin');
  await t.patch('admin', '/api/v1/users/admin', { version: 1, roles: ['clerk'] }, '409 user.last_admin');
  await t.get('clerk', '/api/v1/users', '403 forbidden');
  const leaders = await t.get('clerk', '/api/v1/users?role=leader');
  t.holds(leaders.json.items.length === 2 && leaders.json.items.every((one) => one.roles === undefined), 'names only', leaders);
};
