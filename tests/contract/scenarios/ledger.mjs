/* Old ledgers: checked, refused, in effect, given up; and what is told of bad rows. */
import { expect } from '../client.mjs';

export const title = 'ledger';

const HEAD = '工单编号,渠道,受理时间,内容,姓名,电话';

export default async (t) => {
  const { client } = t;
  const bring = (body, query = '', options = {}) => client.ask('clerk', 'POST', `/api/v1/imports${query}`, { body, ...options });
  const over = async (sent) => {
    for (;;) {
      const now = await t.get('clerk', sent.headers.location);
      if (now.json.state !== 'reading') return now;
    }
  };
  const good = `${HEAD}\nL-1,热线电话,2019-04-25 09:00,"两行\n内容",张三,13800001234\n`;
  const bad = `${HEAD}\nL-2,热线电话,2019-04-25,好的一行,,\nL-3,飞鸽,昨天,,李四,无\n`;

  // A dry run names every fault and makes nothing; the language is the reader's.
  const dry = await over(expect(await bring(bad, '?dry_run=true'), '201'));
  t.holds(dry.json.state === 'checked' && dry.json.rows_bad === 1 && dry.json.rows_good === 1, 'checked', dry);
  t.holds(dry.json.items.map((one) => `${one.row} ${one.field} ${one.code}`).join() ===
    '3 received_at field.time,3 petitioner_phone field.phone,3 content field.missing,3 channel field.unlisted', 'all faults of the row', dry);
  const page = await t.get('clerk', `/api/v1/imports/${dry.json.id}?limit=1`);
  const next = await t.get('clerk', `/api/v1/imports/${dry.json.id}?limit=3&cursor=${encodeURIComponent(page.json.next)}`);
  t.holds(page.json.items.length === 1 && next.json.items.length === 3 && next.json.next === null, 'by pages', next);

  // A real run with a bad row changes nothing; with skip_bad the good ones take effect.
  t.holds((await over(expect(await bring(bad), '201'))).json.state === 'refused', 'refused');
  const skipped = await over(expect(await bring(bad, '?skip_bad=true'), '201'));
  t.holds(skipped.json.state === 'done' && skipped.json.tickets === 1, 'the good row', skipped);
  expect(await client.ask('clerk', 'GET', '/api/v1/tickets/L-2'), '200');
  expect(await client.ask('clerk', 'GET', '/api/v1/tickets/L-3'), '404 not_found');

  // The same file again, and the same key again, are the same import.
  const done = await over(expect(await bring(good, '', { key: 'ledger-one' }), '201'));
  t.holds(done.json.state === 'done' && done.json.charset === 'utf-8', 'in effect', done);
  const again = expect(await bring(good), '200');
  t.holds(again.json.id === done.json.id, 'the same import', again);
  expect(await bring(good, '', { key: 'ledger-one' }), '201');
  expect(await bring(bad, '', { key: 'ledger-one' }), '422 idempotency.mismatch');
  const events = await t.get('clerk', '/api/v1/tickets/L-1/events');
  t.holds(events.json.items.length === 1 && events.json.items[0].type === 'ticket_imported', 'one event tells it', events);
  const taken = await over(expect(await bring(`${good}\n`), '201'));
  t.holds(taken.json.state === 'refused' && taken.json.items[0].code === 'field.taken', 'its number is taken', taken);

  // GB18030, a header that is not known by itself, and what every row has.
  const gbk = Buffer.concat([Buffer.from('posted,text\n2019-04-25,'), Buffer.from('b2e2cad4', 'hex')]);
  const mapped = await over(expect(await bring(gbk, '?map=received_at:posted,content:text&set=channel:web'), '201'));
  t.holds(mapped.json.state === 'done' && mapped.json.charset === 'gb18030', 'mapped', mapped);

  // Whatever is wrong with a file as such, and an order that cannot be.
  const wrongs = [
    [`${HEAD}\nL-5,热线电话,2019-04-25,"内容\n`, 'import.quotes'], [Buffer.concat([Buffer.from(`${HEAD}\nL-6,`), Buffer.from([0xff, 0x0a])]), 'import.encoding'],
    [`${HEAD}\nL-7,热线电话,2019-04-25,${'长'.repeat(100_000)}\n`, 'import.row_long'], [`${HEAD}\nL-8,热线电话,2019-04-25,内容,,,多\n`, 'import.width'],
    [`${HEAD}\n\n`, 'import.empty'],
    ['渠道,受理时间,内容,承办单位,交办时间\n网站留言,2019-04-25,内容,T01,2019-04-24\n', 'field.order'],
    ['渠道,受理时间,受理时间,内容\n网站留言,2019-04-25,2019-04-25,内容\n', 'field.duplicate'],
  ];
  for (const [body, code] of wrongs) {
    const wrong = await over(expect(await bring(body, '?dry_run=true'), '201'));
    t.holds(wrong.json.items.some((one) => one.code === code), code, wrong);
  }

  // Given up: what is checked or refused goes, what is in effect stays.
  expect(await client.ask('clerk', 'DELETE', `/api/v1/imports/${dry.json.id}`), '204');
  expect(await client.ask('clerk', 'DELETE', `/api/v1/imports/${dry.json.id}`), '204');
  expect(await client.ask('clerk', 'DELETE', `/api/v1/imports/${done.json.id}`), '409 import.over');
  expect(await client.ask('clerk', 'DELETE', '/api/v1/imports/999999'), '404 not_found');
  expect(await client.ask('clerk', 'DELETE', '/api/v1/imports/1?x=1'), '400 http.query');
  expect(await client.ask('clerk', 'GET', '/api/v1/imports/none'), '404 not_found');
  const list = await t.get('clerk', '/api/v1/imports?limit=200');
  t.holds(list.json.items.some((one) => one.id === dry.json.id && one.state === 'cancelled'), 'listed', list);

  // What is not a ledger.
  expect(await bring(good, '?map=nonsense:x'), '400 http.query');
  expect(await bring(good, '', { headers: { 'Content-Type': 'application/json' } }), '415 import.media_type');
  expect(await client.ask('t01_handler', 'POST', '/api/v1/imports', { body: good }), '403 forbidden');
};
