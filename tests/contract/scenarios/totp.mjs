/* The second factor: codes come from `oathtool`, as an authenticator would make them. */
import { spawnSync } from 'node:child_process';

export const title = 'the second factor (动态验证码), with codes of oathtool';

export default async (t) => {
  const { client, clock } = t;
  const login = 'guarded';
  const password = 'ice on the river';
  await t.post('admin', '/api/v1/users', { login, name: '谨慎', unit: 'T01', roles: ['handler'], password: 'given at first' }, '201');
  client.passwords.set(login, 'given at first');
  await client.session(login);
  await t.post(login, '/api/v1/me/password', { password: client.passwordOf(login), new_password: password }, '204');
  client.passwords.set(login, password);
  const code = (secret, seconds = 0) => {
    const done = spawnSync('oathtool', ['--totp', '--base32', `--now=@${clock.now() + seconds}`, secret], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`oathtool: ${done.error ?? done.stderr}`);
    return done.stdout.trim();
  };
  const enter = async (totp, expected) => {
    const reply = await client.ask(null, 'POST', '/api/v1/session', { json: { login, password, ...(totp && { totp }) } });
    const [status, word] = expected.split(' ');
    t.holds(reply.status === Number(status) && (word === undefined || reply.json.code === word), `expected ${expected}`, reply);
    if (reply.status === 200) client.keep(login, reply);
    return reply;
  };
  const remove = (json, expected) => client.ask(login, 'DELETE', '/api/v1/me/totp', { json }).then((reply) => t.holds(`${reply.status} ${reply.json?.errors?.[0]?.code ?? reply.json?.code ?? ''}`.trim() === expected, `expected ${expected}`, reply));
  const wrong = '000000';

  // Asked for by who knows the password; nothing is in force before the first code.
  await t.post(login, '/api/v1/me/totp/confirm', { code: wrong }, '409 totp.none');
  await remove({ password, code: wrong }, '409 totp.none');
  await t.post(login, '/api/v1/me/totp', { password: 'not the password' }, '422 field.password_wrong password');
  const first = await t.post(login, '/api/v1/me/totp', { password }, '201', { key: 'totp-1' });
  const again = await t.post(login, '/api/v1/me/totp', { password }, '201', { key: 'totp-1' });
  t.holds(first.json.secret === again.json.secret && first.json.uri.includes(`secret=${first.json.secret}&`), 'the same secret', again);
  await t.post(login, '/api/v1/me/totp', { password: 'other' }, '422 idempotency.mismatch', { key: 'totp-1' });
  const { secret } = first.json;
  const earlier = client.sessions.get(login);
  await enter(null, '200');
  await t.post(login, '/api/v1/me/totp/confirm', { code: code(secret, 600) }, '422 field.code_wrong code');
  await t.post(login, '/api/v1/me/totp/confirm', { code: code(secret) }, '204', { key: 'totp-2' });
  const present = client.sessions.get(login);
  client.sessions.set(login, earlier);
  const ended = await client.ask(login, 'GET', '/api/v1/session');
  t.holds(ended.status === 401, 'a session that was opened without a code has ended', ended);
  client.sessions.set(login, present);
  await t.post(login, '/api/v1/me/totp/confirm', { code: wrong }, '422 idempotency.mismatch', { key: 'totp-2' });
  await t.post(login, '/api/v1/me/totp/confirm', { code: wrong }, '409 totp.on');
  await t.post(login, '/api/v1/me/totp', { password }, '409 totp.on');
  const told = await t.post(login, '/api/v1/me/totp', { password }, '201', { key: 'totp-1' });
  t.holds(told.json.secret === null && told.json.uri === null, 'told no more', told);

  // Signing in: a code counts once, in a window of one step.
  clock.advance(120);
  await enter(null, '401 session.totp_required');
  await enter(code(secret, 600), '401 session.totp_wrong');
  const now = code(secret);
  const session = await enter(now, '200');
  t.holds(session.json.totp, 'told', session);
  await enter(now, '401 session.totp_wrong');
  clock.advance(120);

  // Another password takes a code as well, which then opens nothing more.
  const change = (more, expected) => t.post(login, '/api/v1/me/password', { password, new_password: `${password} at night`, ...more }, expected);
  await change({}, '422 field.missing code');
  await change({ code: code(secret, 600) }, '422 field.code_wrong code');
  await t.post(login, '/api/v1/me/password', { password, new_password: `${password} at night`, code: code(secret) }, '204');
  await t.post(login, '/api/v1/me/password', { password: `${password} at night`, new_password: password, code: code(secret) }, '422 field.code_wrong code');
  clock.advance(120);
  await t.post(login, '/api/v1/me/password', { password: `${password} at night`, new_password: password, code: code(secret) }, '204');
  clock.advance(120);
  await enter(code(secret), '200'); // clears what was wrong so far
  clock.advance(120);

  // Given up with password and code; or taken away by the administrator.
  await remove({ password }, '422 field.missing');
  await remove({ password: 'not the password', code: code(secret) }, '422 field.password_wrong');
  await remove({ password, code: code(secret, 600) }, '422 field.code_wrong');
  await remove({ password, code: code(secret) }, '204');
  await enter(null, '200');
  const second = (await t.post(login, '/api/v1/me/totp', { password }, '201')).json.secret;
  t.holds(second !== secret, 'another secret');
  await t.post(login, '/api/v1/me/totp/confirm', { code: code(second) }, '204');
  const { version, totp } = (await t.get('admin', `/api/v1/users/${login}`)).json;
  t.holds(totp, 'the administrator sees that there is one');
  const reset = await t.patch('admin', `/api/v1/users/${login}`, { version, reset_totp: true });
  t.holds(!reset.json.totp, 'taken away', reset);
  await enter(null, '200');
  const trail = await t.get('admin', `/api/v1/audit?actor=${login}&type=user_totp_on`);
  t.holds(trail.json.items.length === 2, 'in the trail', trail);

  // Wrong codes lock, whatever they are shown for.
  const third = (await t.post(login, '/api/v1/me/totp', { password }, '201')).json.secret;
  for (let i = 0; i < 4; i++) await t.post(login, '/api/v1/me/totp/confirm', { code: code(third, 600) }, '422 field.code_wrong code');
  await t.post(login, '/api/v1/me/password', { password, new_password: `${password} again` }, '204'); // clears nothing
  await t.post(login, '/api/v1/me/totp/confirm', { code: code(third, 600) }, '422 field.code_wrong code');
  await t.post(login, '/api/v1/me/totp/confirm', { code: code(third) }, '429 session.locked');
  await t.post(login, '/api/v1/me/totp', { password }, '429 session.locked');
  await remove({ password }, '429 session.locked');

  // An open session of an administrator does not get around its own password.
  const admin = (await t.get('admin', '/api/v1/users/admin')).json;
  for (const change of [{ password: 'found at an open desk' }, { reset_totp: true }]) {
    const own = await client.ask('admin', 'PATCH', '/api/v1/users/admin', { json: { version: admin.version, ...change } });
    t.holds(own.status === 403 && own.json.code === 'forbidden', 'one\'s own are changed at /me', own);
  }
  client.sessions.delete(login);
};
