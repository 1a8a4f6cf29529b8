/* Alive, ready, figures; and the contract itself. */
import { source } from '../contract.mjs';

export const title = 'health, figures, the contract';

export const options = { 'monitor-token': 'token of the monitor' };

export default async (t) => {
  const { client } = t;
  await t.get(null, '/healthz');
  for (const path of ['/readyz', '/metrics']) {
    await t.get(null, path);
    const from = async (expected, headers) => {
      const reply = await client.ask(null, 'GET', path, { headers: { 'X-Forwarded-For': '192.0.2.7', ...headers } });
      t.holds(reply.status === expected, `expected ${expected}`, reply);
    };
    await from(403, {});
    await from(403, { Authorization: 'Bearer wrong' });
    await from(200, { Authorization: 'Bearer token of the monitor' });
  }
  const served = await t.get(null, '/api/v1/openapi.yaml');
  t.holds(served.text === source, 'the server serves the contract as it is in the source');
  const head = await client.ask(null, 'HEAD', '/healthz');
  t.holds(head.status === 200 && head.body.length === 0, 'HEAD', head);

  // Languages.
  for (const [language, word] of [['en', 'please sign in'], ['zh-CN,zh;q=0.9,en;q=0.1', '请先登录']]) {
    const reply = await client.ask(null, 'GET', '/api/v1/meta', { headers: { 'Accept-Language': language } });
    t.holds(reply.json.detail === word, `in ${language}`, reply);
  }

  // What fits no operation.
  await t.get('clerk', '/api/v1/nothing', '404 http.not_found');
  await t.get(null, '/nothing.txt', '404 http.not_found');
  const method = await client.ask('clerk', 'DELETE', '/api/v1/meta');
  t.holds(method.status === 405 && method.headers.allow === 'GET, HEAD' && method.json.code === 'http.method', '405 with Allow', method);
  const ticket = await t.create();
  for (const word of ['fly', 'accept_return'])
    await t.post('clerk', ticket.target(word), { version: 1 }, '404 action.unknown', { key: `unknown-${word}` });
  const smuggled = await client.raw('POST', '/api/v1/session',
    'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}');
  t.holds(smuggled.status === 400 && smuggled.json.code === 'http.malformed' && smuggled.headers.connection === 'close', 'malformed', smuggled);
};
