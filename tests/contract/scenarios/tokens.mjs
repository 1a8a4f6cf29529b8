/* API tokens: made, used, removed; and what they do not open. */
export const title = 'API tokens of other systems';

export default async (t) => {
  const { client } = t;
  const draft = { name: '门户网站', scopes: ['intake'] };
  const made = await t.post('admin', '/api/v1/tokens', draft, '201', { key: 'token-1' });
  client.tokens.set('website', made.json.token);
  const again = await t.post('admin', '/api/v1/tokens', draft, '201', { key: 'token-1' });
  t.holds(again.json.id === made.json.id && again.json.token === null, 'the secret is told once', again);
  await t.post('admin', '/api/v1/tokens', { ...draft, name: '别的' }, '422 idempotency.mismatch', { key: 'token-1' });
  await t.post('admin', '/api/v1/tokens', draft, '422 field.taken name');
  await t.post('admin', '/api/v1/tokens', { ...draft, name: '过期', expires_at: t.clock.time(-1) }, '422 field.past expires_at');
  await t.post('admin', '/api/v1/tokens', { name: '市平台', scopes: ['upstream'] }, '422 field.missing platform');
  const platform = await t.system('市平台', ['upstream'], { platform: 'city', expires_at: t.clock.time(3600) });
  t.holds(platform.platform === 'city' && platform.expires_at !== null, 'what it is for');

  // What it opens, and what not.
  const ticket = { channel: 'web', content: '网站转来：公园路灯不亮。', petitioner: { phone: '13900001111' } };
  const receipt = await t.post('website', '/api/v1/tickets', ticket, '201', { key: 'web-1' });
  t.holds(/^\d{8}$/.test(receipt.json.query_code) && receipt.json.content === undefined, 'a receipt', receipt);
  const replay = await t.post('website', '/api/v1/tickets', ticket, '201', { key: 'web-1' });
  t.holds(replay.json.no === receipt.json.no, 'the same ticket', replay);
  await t.post('website', '/api/v1/tickets', { ...ticket, repeat_of: receipt.json.no }, '422 field.unknown repeat_of');
  await t.post('website', '/api/v1/tickets', { ...ticket, upstream: 'city', upstream_no: '1' }, '422 field.unknown upstream');
  await t.get('website', receipt.headers.location, '403 forbidden');
  await t.get('website', '/api/v1/tickets', '403 forbidden');
  await t.post('市平台', '/api/v1/tickets', ticket, '403 forbidden');

  // Wrong ones; counting is a write that nobody waits for, so each is followed by one that somebody does.
  client.tokens.set('thief', made.json.token.replace(/.$/, made.json.token.endsWith('A') ? 'B' : 'A'));
  client.tokens.set('stranger', 'x');
  await t.get('stranger', '/api/v1/session', '401 token.invalid');
  let reply;
  for (let i = 0; i < 7 && reply?.status !== 429; i++) {
    reply = await client.ask('thief', 'GET', '/api/v1/session');
    await t.post('admin', '/api/v1/tokens', draft, '201', { key: 'token-1' });
  }
  t.holds(reply.status === 429 && reply.json.code === 'token.locked' && Number(reply.headers['retry-after']) > 800, 'locked', reply);
  await t.get('website', '/api/v1/tickets', '429 token.locked');
  await t.get('市平台', '/api/v1/tickets', '403 forbidden');

  // Removed, and its name is free.
  const listed = await t.get('admin', '/api/v1/tokens?limit=1');
  const rest = await t.get('admin', `/api/v1/tokens?limit=200&cursor=${listed.json.next}`);
  t.holds(!`${listed.text}${rest.text}`.includes('yidan_'), 'no secret in a list', listed);
  await t.get('admin', '/api/v1/tokens?cursor=x', '400 http.query');
  const remove = await client.ask('admin', 'DELETE', `/api/v1/tokens/${made.json.id}`);
  t.holds(remove.status === 204, 'removed', remove);
  await t.system('门户网站', ['sms']);
};
