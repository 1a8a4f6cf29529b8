/* Printed forms: each when there is something to print, masked by GET, in clear only by POST. */
export const title = 'printed forms (打印)';

const NAME = '欧阳打印';
const PHONE = '13800007777';

export default async (t) => {
  const draft = { petitioner: { name: NAME, phone: PHONE } };
  const fresh = await t.create(draft);
  for (const form of ['assign', 'submit', 'urge', 'supervise', 'return', 'extend', 'report', 'reply_letter'])
    await t.get('clerk', fresh.target(`print/${form}`), '409 print.nothing');
  await t.get('clerk', fresh.target('print/dossier'));
  await t.get('clerk', fresh.target('print/nonsense'), '404 not_found');
  await t.post('clerk', fresh.target('print/assign'), { reason: '送承办单位' }, '409 print.nothing');

  const ticket = await t.ticketIn('dispatched', { draft });
  await ticket.does('clerk', 'submit', { leader: 'leader', note: '请阅示' });
  await ticket.does('leader', 'instruct', { text: '请抓紧' });
  await ticket.does('t01_handler', 'return', { reason_code: 'not_our_duty', basis: '三定方案', suggested_unit: 'D02' });
  await ticket.does('clerk', 'refuse-return', { reason: '属你单位' });
  await ticket.does('supervisor', 'supervise', { reason_code: 'media', demand: '请报告', answer_due_on: t.clock.date(2) });
  await ticket.does('supervisor', 'supervise', { reason_code: 'repeated', demand: '再报告', answer_due_on: t.clock.date(2) });
  await ticket.does('t01_handler', 'extend', t.extension());
  for (const form of ['assign', 'submit', 'supervise', 'return', 'extend', 'dossier'])
    for (const actor of ['clerk', 't01_handler', 'leader']) {
      const page = await t.get(actor, ticket.target(`print/${form}`));
      t.holds(!page.text.includes(NAME) && !page.text.includes(PHONE), 'masked', page);
      t.holds(page.json.petitioners === null && page.json.signatures.length > 0, 'nobody in clear', page);
    }
  const newest = await t.get('supervisor', ticket.target('print/supervise'));
  t.holds(/^督〔2026〕\d+号$/.test(newest.json.number_line) && newest.json.record.demand === '再报告', 'the newest', newest);
  const older = ticket.view.supervisions.at(-1);
  const first = await t.get('supervisor', ticket.target(`print/supervise?record=${older.id}`));
  t.holds(first.json.record.id === older.id, 'the one asked for', first);
  await t.get('supervisor', ticket.target('print/supervise?record=999999'), '409 print.nothing');
  await t.get('supervisor', ticket.target('print/supervise?record=x'), '400 http.query');

  // In clear: for the lead unit and the letter, with a reason, and it is an event.
  const clear = await t.post('t01_handler', ticket.target('print/assign'), { reason: '联系群众' });
  t.holds(clear.json.petitioners[0].name === NAME && clear.json.petitioners[0].phone === PHONE, 'in clear', clear);
  await t.post('t01_handler', ticket.target('print/dossier'), { reason: '归档' }, '403 forbidden');
  await t.post('leader', ticket.target('print/assign'), { reason: '看看' }, '403 forbidden');
  await t.post('d03_handler', ticket.target('print/assign'), { reason: '看看' }, '404 not_found');
  const views = await t.get('supervisor', ticket.target('views'));
  t.holds(views.json.items.length === 1 && views.json.items[0].form === 'assign' && views.json.items[0].reason === '联系群众', 'noted once', views);

  const closed = await t.ticketIn('closed', { draft });
  for (const form of ['report', 'reply_letter']) await t.get('t01_head', closed.target(`print/${form}`));
  await t.post('clerk', closed.target('print/reply_letter'), { reason: '寄送答复函' });
};
