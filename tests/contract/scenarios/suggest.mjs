/* Which unit a new ticket may belong to: each reason, their sum, and who may ask. */
export const title = 'the recommended unit (推荐承办单位)';

export default async (t) => {
  const ask = async (body) => (await t.post('clerk', '/api/v1/tickets/suggest-unit', body)).json.units;
  const reasons = (unit) => unit.reasons.map((one) => `${one.why} ${one.points} ${one.shown.join('+')}`).join(', ');
  const is = (units, ...expected) =>
    t.holds(units.map((unit) => `${unit.unit.code} ${unit.points}: ${reasons(unit)}`).join('; ') === expected.join('; '), `proposed ${JSON.stringify(units)}, not ${expected.join('; ')}`);

  is(await ask({}));
  is(await ask({ content: '鼋头渚的门票' }));
  is(await ask({ area: 'T0101' }), 'T01 25: area 25 云河镇');
  is(await ask({ address: '云河镇政府对面' }), 'T01 25: area 25 云河镇');

  /* Words of its duties, and of the categories it handles. */
  const [words] = await ask({ address: '路灯下的道路' });
  t.holds(words.unit.code === 'D02' && words.points === 30 && words.reasons[0].shown.join() === '道路,路灯', `by its duties: ${JSON.stringify(words)}`);

  /* A category's own unit, or that of the nearest above it. */
  const above = (await t.get('admin', '/api/v1/categories/0101')).json;
  const below = (await t.get('admin', '/api/v1/categories/010101')).json;
  const changed = await t.patch('admin', `/api/v1/categories/${above.code}`, { version: above.version, unit: 'D03', keywords: '鼋头渚 渡船' });
  is(await ask({ category: below.code }), `D03 50: category 50 ${above.name}`);
  is(await ask({ category: below.code, address: '鼋头渚渡船，云河镇' }),
    `D03 80: category 50 ${above.name}, duty 30 鼋头渚+渡船`, 'T01 25: area 25 云河镇');

  /* Who handled the like: closed tickets only. */
  const draft = { title: '鼋鼍桥栏杆断裂', content: '鼋鼍桥东侧栏杆断裂，行人有坠落危险。' };
  await t.ticketIn('handling', { draft, unit: 'T01' });
  is(await ask(draft));
  const closed = await t.ticketIn('closed', { draft, unit: 'D03' });
  const [likely] = await ask(draft);
  t.holds(likely.unit.code === 'D03' && likely.reasons.length === 1 && likely.reasons[0].why === 'similar' && likely.reasons[0].points === 40 && likely.reasons[0].shown.join() === closed.no && likely.complete, `by its like: ${JSON.stringify(likely)}`);
  await t.patch('admin', `/api/v1/categories/${above.code}`, { version: changed.json.version, unit: null, keywords: above.keywords });

  await t.post('clerk', '/api/v1/tickets/suggest-unit', { category: 'NOBODY' }, '422 field.not_found category');
  await t.post('clerk', '/api/v1/tickets/suggest-unit', { area: 'NOBODY' }, '422 field.not_found area');
  for (const actor of ['supervisor', 'leader', 't01_handler', 'admin']) await t.post(actor, '/api/v1/tickets/suggest-unit', {}, '403 forbidden');
};
