/* Lists as files: asked for, made behind, fetched by their owner. */
import { expect } from '../client.mjs';
import { until } from '../server.mjs';

export const title = 'exports';

export default async (t) => {
  const { client } = t;
  const at = '/api/v1/exports';
  const over = async (actor, sent) => {
    for (;;) {
      const now = await t.get(actor, sent.headers.location);
      if (!['waiting', 'making'].includes(now.json.state)) return now;
    }
  };
  const make = async (actor, draft, options) => over(actor, await t.post(actor, at, draft, '201', options));
  const word = 'EXPORTME';
  const ticket = await t.create({ title: `=${word}` });

  // Both formats; the first line says what it is, the last how much.
  const csv = await make('clerk', { list: 'tickets', format: 'csv', query: `q=${word}&state=received` }, { key: 'export-1' });
  t.holds(csv.json.state === 'ready' && csv.json.rows === 1, 'ready', csv);
  const text = await t.get('clerk', csv.json.file);
  const lines = text.text.split('\r\n');
  t.holds(lines[0].startsWith('\ufeff"工单 导出人：') && lines[0].endsWith(`条件：q=${word}, state=received"`), 'its mark', text);
  t.holds(lines[2].startsWith(`"${ticket.no}","'=${word}",`) && lines[3] === '"共 1 行"' && lines.length === 5, 'its row', text);
  const xlsx = await make('supervisor', { list: 'supervisions', format: 'xlsx', query: `state=issued&ticket=${ticket.no}` }, { headers: { 'Accept-Language': 'en' } });
  t.holds(xlsx.json.state === 'ready' && xlsx.json.name.startsWith('supervisions-supervisor-'), 'named in the language', xlsx);
  t.holds((await t.get('supervisor', xlsx.json.file)).body.subarray(0, 2).toString() === 'PK', 'a workbook');
  for (const list of ['urges', 'instructions', 'extensions', 'returns', 'promises', 'callbacks', 'accountability'])
    t.holds((await make('t01_handler', { list, format: 'csv', query: `ticket=${ticket.no}` })).json.rows === 0, `${list} of a ticket that one does not see`);

  // The same key is the same file, and another question is none of it.
  const again = await t.post('clerk', at, { list: 'tickets', format: 'csv', query: `q=${word}&state=received` }, '201', { key: 'export-1' });
  t.holds(again.json.id === csv.json.id, 'once', again);
  await t.post('clerk', at, { list: 'tickets', format: 'xlsx' }, '422 idempotency.mismatch', { key: 'export-1' });

  // Too long, and so there is nothing to fetch.
  for (let i = 0; i < 20; i++) await t.create();
  t.clock.advance(2); // the order of a list is one of seconds
  const long = await make('clerk', { list: 'tickets', format: 'csv' });
  t.holds(long.json.state === 'failed' && long.json.reason === 'export.rows' && long.json.file === null, 'too long', long);
  await t.get('clerk', `${at}/${long.json.id}/file`, '409 export.not_ready');

  // One at a time.
  await client.session('t01_head');
  await until('a second one is refused while the first is not finished', async () => {
    const replies = await Promise.all(Array.from({ length: 4 }, () => client.ask('t01_head', 'POST', at, { json: { list: 'tickets', format: 'csv' } })));
    return replies.some((reply) => reply.json.code === 'quota');
  });

  // Everybody's own, and what the list would refuse.
  const list = await t.get('clerk', at);
  t.holds(list.json.items.map((one) => one.id).join() === [long.json.id, csv.json.id].join(), 'newest first', list);
  await t.get('supervisor', `${at}/${csv.json.id}`, '404 not_found');
  await t.get('supervisor', csv.json.file, '404 not_found');
  for (const query of ['limit=5', 'cursor=r1-1', 'state=nonsense', 'unit=NOBODY', 'a=%', '&'])
    await t.post('clerk', at, { list: 'tickets', format: 'csv', query }, '400 http.query');
  await t.post('clerk', at, { list: 'tickets', format: 'csv', query: 'q=13800001234' }, '400 http.query_personal');
  await t.post('clerk', `${at}?list=tickets`, { list: 'tickets', format: 'csv' }, '400 http.query');
  await t.post('auditor', at, { list: 'tickets', format: 'csv' }, '403 forbidden');
};
