/* What the administrator keeps: categories, areas, channels. */
export const title = 'categories, areas, channels';

/* One of a tree or table: made, made again, changed, in use, gone. */
async function life(t, path, { draft, change, taken, used }) {
  const at = `/api/v1/${path}`;
  const made = await t.post('admin', at, draft, '201', { key: `${path}-1` });
  t.holds(made.headers.location === `${at}/${draft.code}` && made.json.version === 1, 'made', made);
  await t.post('admin', at, draft, '201', { key: `${path}-1` });
  await t.post('admin', at, { ...draft, code: 'OTHER' }, '422 idempotency.mismatch', { key: `${path}-1` });
  await t.post('admin', at, { ...draft, ...taken }, '422 field.taken code');
  await t.post('admin', at, { ...draft, code: '编码' }, '422 field.invalid code');
  const changed = await t.patch('admin', `${at}/${draft.code}`, { version: 1, ...change });
  t.holds(changed.json.version === 2, 'a new version', changed);
  const same = await t.patch('admin', `${at}/${draft.code}`, { version: 2, ...change });
  t.holds(same.json.version === 2, 'nothing is different, nothing is new', same);
  await t.patch('admin', `${at}/${draft.code}`, { version: 1, ...change }, '409 version_conflict');
  await t.patch('admin', `${at}/NOBODY`, { version: 1 }, '404 not_found');
  await t.get('clerk', `${at}/NOBODY`, '404 not_found');
  const shown = await t.get('t01_handler', `${at}/${draft.code}`);
  for (const [name, value] of Object.entries(change)) t.holds(JSON.stringify(shown.json[name]) === JSON.stringify(value), `${name} as changed`, shown);
  await t.del('admin', `${at}/${used}`, '409 in_use');
  await t.del('clerk', `${at}/${draft.code}`, '403 forbidden');
  await t.del('admin', `${at}/${draft.code}`);
  await t.del('admin', `${at}/${draft.code}`, '404 not_found');
}

export default async (t) => {
  t.holds((await t.get('clerk', '/api/v1/channels')).json.items.length === 7, 'the shipped channels');
  const all = async (path) => (await t.get('clerk', `/api/v1/${path}`)).json.items;

  await life(t, 'categories', {
    draft: { code: 'X9', name: '新类别', search_key: 'xinleibie xlb', keywords: '新 事', unit: 'D02', workdays: 2, position: 7 },
    change: { name: '改名', enabled: false, unit: 'D03', workdays: 0 },
    taken: { code: '010101' }, used: '01',
  });
  await t.post('admin', '/api/v1/categories', { code: 'X8', parent: 'NOBODY', name: '无上级' }, '422 field.not_found parent');
  await t.post('admin', '/api/v1/categories', { code: 'X8', parent: '010101', name: '第四级' }, '422 field.invalid parent');
  await t.post('admin', '/api/v1/categories', { code: 'X8', name: '无单位', unit: 'NOBODY' }, '422 field.not_found unit');
  await t.patch('admin', '/api/v1/categories/010102', { version: 1, unit: 'NOBODY' }, '422 field.not_found unit');
  await t.patch('admin', '/api/v1/categories/010102', { version: 1, search_key: 'ludeng ld', keywords: '路灯 照明', unit: 'D02' });
  for (const q of ['照明', 'LUDENG', 'ld'])
    t.holds((await all(`categories?q=${encodeURIComponent(q)}`)).some((one) => one.code === '010102'), `found by ${q}`);

  await life(t, 'areas', {
    draft: { code: 'A9', name: '新镇', search_key: 'xinzhen' }, change: { name: '老镇', enabled: false, position: 3 },
    taken: { code: 'T01' }, used: 'T01',
  });
  await t.post('admin', '/api/v1/areas', { code: 'A8', parent: 'NOBODY', name: '某村' }, '422 field.not_found parent');
  await t.post('admin', '/api/v1/areas', { code: 'A8', parent: 'T0101', name: '某组' }, '422 field.invalid parent');
  t.holds((await all('areas?parent=T01')).map((one) => one.code).join() === 'T0101', 'the villages of a township');
  t.holds((await all('areas?q=yunhe')).some((one) => one.code === 'T01' && one.units.join() === 'T01'), 'who is responsible');

  await life(t, 'channels', {
    draft: { code: 'radio', zh: '广播热线', en: 'Radio', letter: 'B', workdays: 4 },
    change: { zh: '电台', letter: 'C', workdays: 3, enabled: false }, taken: { code: 'phone', letter: 'D' }, used: 'phone',
  });
  await t.post('admin', '/api/v1/channels', { code: 'tv', zh: '电视', en: 'TV', letter: 'R', workdays: 3 }, '422 field.taken letter');
  await t.patch('admin', '/api/v1/channels/visit', { version: 1, letter: 'R' }, '422 field.taken letter');
  await t.patch('admin', '/api/v1/channels/phone', { version: 1, letter: 'P' }, '409 in_use');

  // What is retired is not chosen any more, and what is new is at once.
  await t.post('admin', '/api/v1/channels', { code: 'tv', zh: '电视问政', en: 'TV', letter: 'T', workdays: 2 }, '201');
  const first = await t.create({ channel: 'tv', category: '010102', area: 'T0101' });
  t.holds(/-T0001$/.test(first.no), `the letter stands in ${first.no}`);
  await first.does('clerk', 'dispatch', { lead_unit: 'T01' });
  const due = first.view.due_at;
  const shorter = await t.patch('admin', '/api/v1/categories/010102', { version: 2, workdays: 1, enabled: true });
  const second = await t.create({ channel: 'tv', category: '010102' });
  await second.does('clerk', 'dispatch', { lead_unit: 'T01' });
  t.holds(second.view.due_at < due, `a category's own limit is shorter: ${second.view.due_at} < ${due}`);
  await t.patch('admin', '/api/v1/channels/tv', { version: 1, enabled: false });
  await t.patch('admin', '/api/v1/categories/010102', { version: shorter.json.version, enabled: false });
  await t.patch('admin', '/api/v1/areas/T0101', { version: 1, enabled: false });
  const draft = { channel: 'phone', kind: 'help', content: '内容' };
  await t.post('clerk', '/api/v1/tickets', { ...draft, channel: 'tv' }, '422 field.not_found channel');
  await t.post('clerk', '/api/v1/tickets', { ...draft, category: '010102' }, '422 field.not_found category');
  await t.post('clerk', '/api/v1/tickets', { ...draft, area: 'T0101' }, '422 field.not_found area');
  const old = await first.seen();
  t.holds(old.json.category === '010102' && old.json.area === 'T0101', 'an old ticket keeps what is retired', old);
};
