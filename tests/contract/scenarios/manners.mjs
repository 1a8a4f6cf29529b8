/*
 * What holds for every operation: sessions, tokens, bodies, lengths, types, keys,
 * and each body of the contract spoilt in each way that it can be.
 */
import { expect } from '../client.mjs';
import { sampleOf, spoil } from '../bodies.mjs';

export const title = 'manners of every operation';

export default async (t) => {
  const { client } = t;
  const { contract } = client;
  const ticket = await t.ticketIn('handling');
  const missing = '20260101-R9999';
  let spoilt = 0;

  for (const operation of contract.operations) {
    const { method, spec, errors, action } = operation;
    const path = operation.path.replace('{no}', ticket.no).replace('{login}', 'clerk').replace('{code}', 'T01');
    const isOpen = (spec.security ?? contract.doc.security).length === 0;
    const who = isOpen || operation.path.startsWith('/readyz') || operation.path.startsWith('/metrics') ? null : actorFor(operation);
    const json = operation.body === null ? undefined : sampleOf(contract, operation);
    const ask = (actor, options = {}) => client.ask(actor, method, options.path ?? path, { json: options.body === undefined ? json : undefined, ...options });
    const must = async (expected, actor, options) => expect(await ask(actor, options), expected, operation.name);

    await must('400 http.query', who, { path: `${path}?a=1&a=2` });
    if (errors.has('session.required')) {
      await must('401 session.required', null, { headers: { 'X-CSRF-Token': 'x' } });
      await must('401 session.required', null, { headers: { Cookie: `yidan_session=${'x'.repeat(43)}`, 'X-CSRF-Token': 'x' } });
    }
    if (errors.has('session.csrf')) {
      if (who !== null) await must('403 session.csrf', who, { headers: { 'X-CSRF-Token': null } });
      await must('403 session.csrf', who, { headers: { Origin: 'http://elsewhere.example' } });
      await must('403 session.csrf', who, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
    }
    if (errors.has('forbidden') && who !== null) await must('403 forbidden', 'auditor');
    if (errors.has('not_found')) {
      const nowhere = operation.path.replace('{no}', missing).replace('{login}', 'nobody').replace('{code}', 'NOBODY');
      await must('404 not_found', who, { path: nowhere });
    }
    if (errors.has('http.media_type'))
      await must('415 http.media_type', who, { body: '{}', headers: { 'Content-Type': 'text/plain' } });
    if (errors.has('http.too_large'))
      await must('413 http.too_large', who, { body: `{"note":"${' '.repeat(300_000)}"}`, headers: { 'Content-Type': 'application/json' } });
    if (errors.has('http.length_required')) {
      const reply = await client.raw(method, path, `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
      expect(reply, '411 http.length_required', operation.name);
    }
    if (errors.has('idempotency.required')) {
      await must('422 idempotency.required', who, { key: null });
      await must('422 idempotency.required', who, { key: 'x'.repeat(101) });
    }
    if (operation.body === null) continue;
    for (const body of ['{', '[]', '{"a":1,"a":2}', '{"a":"\\u0000"}', '\ufeff{}', '{} {}', '{"a":01}', `${'{"a":'.repeat(17)}1${'}'.repeat(17)}`])
      await must('400 json.malformed', who, { body, headers: { 'Content-Type': 'application/json' } });
    for (const { body, code, field } of spoil(contract, operation, action !== null)) {
      spoilt++;
      await must(`422 ${code} ${field}`, who, { json: body });
    }
  }
  console.log(`  ${spoilt} spoilt bodies were refused by name`);
};

/* The bodies of actions are read before anybody asks who may do them. */
const actorFor = ({ path }) => (/\/(users|units)/.test(path) ? 'admin' : 'clerk');
