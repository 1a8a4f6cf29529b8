/*
 * What holds for every operation: sessions, tokens, bodies, lengths, types, keys,
 * and each body of the contract spoilt in each way that it can be.
 */
import { expect } from '../client.mjs';
import { sampleOf, spoil } from '../bodies.mjs';
import { nowherePathOf, pathOf, someoneFor } from '../who.mjs';

export const title = 'manners of every operation';

export default async (t) => {
  const { client } = t;
  const { contract } = client;
  const ticket = await t.ticketIn('handling');
  let spoilt = 0;
  client.uploadToken = (await t.message()).upload_token;

  for (const operation of contract.operations) {
    const { method, errors, action } = operation;
    if (operation.isForm) continue; /* told on a page: scenario pages */
    const query = operation.file?.query ?? '';
    const bare = pathOf(operation, { no: ticket.no, ...(operation.path.includes('/attachments/') && { id: await attachment(t, ticket) }) });
    const path = bare + query;
    const who = someoneFor(operation);
    const json = operation.body === null ? undefined : sampleOf(contract, operation);
    const ask = (actor, options = {}) => client.ask(actor, method, options.path ?? path, { json: options.body === undefined ? json : undefined, body: operation.file?.body, ...options });
    const must = async (expected, actor, options) => expect(await ask(actor, options), expected, operation.name);

    await must('400 http.query', who, { path: `${bare}?a=1&a=2` });
    if (errors.has('session.required')) {
      await must('401 session.required', null, { headers: { 'X-CSRF-Token': 'x' } });
      await must('401 session.required', null, { headers: { Cookie: `yidan_session=${'x'.repeat(43)}`, 'X-CSRF-Token': 'x' } });
    }
    if (errors.has('session.csrf')) {
      if (who !== null && !client.tokens.has(who)) await must('403 session.csrf', who, { headers: { 'X-CSRF-Token': null } });
      await must('403 session.csrf', who, { headers: { Origin: 'http://elsewhere.example' } });
      await must('403 session.csrf', who, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
    }
    if (errors.has('forbidden') && who !== null) await must('403 forbidden', operation.path.endsWith('/views') ? 'admin' : 'auditor');
    if (errors.has('not_found')) {
      await must('404 not_found', who, { path: nowherePathOf(operation) + query });
    }
    if (errors.has('http.media_type'))
      await must('415 http.media_type', who, { body: '{}', headers: { 'Content-Type': 'text/plain' } });
    if (operation.file !== null) {
      const head = who === null ? null : await client.session(who);
      const proof = head === null ? `X-Upload-Token: ${client.uploadToken}\r\n` : `Cookie: ${head.cookie}\r\nX-CSRF-Token: ${head.csrf}\r\n`;
      const reply = await client.raw(method, path, `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${proof}` +
        `Idempotency-Key: k\r\nContent-Type: ${operation.file.type}\r\nContent-Length: ${operation.file.most + 1}\r\n\r\n`);
      expect(reply, '413 http.too_large', operation.name);
      await must(`415 ${operation.file.refusal}`, who, { headers: { 'Content-Type': 'text/plain' } });
    } else if (errors.has('http.too_large'))
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

async function attachment(t, ticket) {
  const reply = await t.client.ask('clerk', 'POST', `${ticket.target('attachments')}?name=a.txt&kind=reply`, { body: '现场情况' });
  return expect(reply, '201').json.id;
}
