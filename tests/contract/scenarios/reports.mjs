/*
 * Reports: each number has its list, whoever asks, however it is grouped and paged.
 */
import { expect } from '../client.mjs';

export const title = 'reports and the lists behind their numbers';

const PERIOD = 'from=2026-01-01&to=2026-12-31';
const ASSESSMENT = `/api/v1/reports/assessment?${PERIOD}`;

/* Every page of a list. */
export async function pages(t, actor, path, limit = 200) {
  const items = [];
  for (let cursor = null; ;) {
    const reply = await t.get(actor, `${path}&limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`);
    items.push(...(reply.json.items ?? reply.json.groups.flatMap((group) => group.units)));
    cursor = reply.json.next;
    if (cursor === null) return items;
  }
}

/* [number, href] of everything a part of a report says. */
export const numbersOf = (part) => [
  ...part.measures.map((one) => [one.count, one.href]),
  ...part.rates.flatMap((one) => [[one.numerator, one.numerator_href], [one.denominator, one.denominator_href]]),
];

async function everyNumberHasItsList(t, actor) {
  const { json } = await t.get(actor, `${ASSESSMENT}&limit=200`);
  const parts = [json.office, json.total, ...json.groups.flatMap((group) => group.units)].filter((part) => part !== null);
  let asked = 0;
  for (const part of parts)
    for (const [count, href] of numbersOf(part)) {
      t.holds((href === null) === (count === 0), `${href} for ${count}`);
      if (href === null) continue;
      t.holds((await pages(t, actor, href)).length === count, `${actor}: ${href} has not ${count} facts`);
      asked++;
    }
  t.holds(asked > (json.total === null ? 5 : 100), `${actor}: only ${asked} numbers`);
  return json;
}

/* Every {count, href} of a report, wherever it stands in it. */
async function everyCountHasItsList(t, part) {
  if (part === null || typeof part !== 'object') return 0;
  if ('href' in part) {
    t.holds((part.href === null) === (part.count === 0), `${part.href} for ${part.count}`);
    if (part.href !== null) t.holds((await pages(t, 'supervisor', part.href)).length === part.count, `${part.href} has not ${part.count} facts`);
    return 1;
  }
  let asked = 0;
  for (const member of Object.values(part)) asked += await everyCountHasItsList(t, member);
  return asked;
}

async function tables(t) {
  const monthly = (await t.get('supervisor', '/api/v1/reports/monthly?month=2026-03')).json;
  t.holds(await everyCountHasItsList(t, monthly) > 20, 'a monthly table has numbers');
  const rows = monthly.tables.flatMap((table) => table.rows);
  const sum = (pick) => rows.reduce((total, row) => total + pick(row), 0);
  t.holds(sum((row) => row.dispatched.count) === monthly.sum.dispatched.count, 'the sum of the rows');
  for (const row of [...rows, monthly.sum, ...monthly.tables.map((table) => table.sum)]) {
    for (const column of ['on_time', 'late', 'open']) t.holds(row.hotline[column].count + row.web[column].count === row.total[column].count, `${column} is hotline and web`);
    t.holds(row.total.on_time.count + row.total.late.count + row.total.open.count === row.dispatched.count, 'each dispatched one is on time, late or open');
  }
  const brief = (await t.get('supervisor', '/api/v1/reports/brief?from=2026-03-09')).json;
  t.holds(await everyCountHasItsList(t, brief) > 20, 'a brief has numbers');
  t.holds(brief.before_from === '2026-03-08' && brief.before_to === '2026-03-08', 'the day before');
  await t.get('leader', '/api/v1/reports/brief');
  await t.get('supervisor', '/api/v1/reports/brief?from=2026-03-09&to=2026-03-08', '400 http.query');
  for (const path of [`assessment.xlsx?${PERIOD}`, 'assessment.xlsx?group=kind', 'monthly.xlsx?month=2026-03', 'brief.xlsx'])
    t.holds((await t.get('supervisor', `/api/v1/reports/${path}`)).text.startsWith('PK'), `${path} is a file`);
  await t.get('t01_handler', `/api/v1/reports/assessment.xlsx?${PERIOD}`);
  for (const path of ['monthly', 'monthly.xlsx']) await t.get('supervisor', `/api/v1/reports/${path}`, '400 http.query');
}

/* A month that is over is published once, and stays. */
async function published(t) {
  const path = '/api/v1/reports/published';
  await t.post('supervisor', path, { month: '2026-03' }, '422 field.future month');
  await t.post('supervisor', path, { month: '2026-13' }, '422 field.invalid month');
  const first = await t.post('supervisor', path, { month: '2026-02' }, '201', { key: 'february' });
  const again = await t.post('supervisor', path, { month: '2026-02' }, '201', { key: 'february' });
  t.holds(again.text === first.text, 'the same key, the same month', again);
  await t.post('supervisor', path, { month: '2026-01' }, '422 idempotency.mismatch', { key: 'february' });
  await t.post('supervisor', path, { month: '2026-02' }, '422 field.taken month');
  await t.post('leader', path, { month: '2026-01' }, '403 forbidden');
  t.holds((await t.get('leader', path)).json.items.some((item) => item.month === '2026-02'), 'it is in the list');
  t.holds((await t.get('leader', `${path}/2026-02`)).text === first.text, 'as it was published');
  t.holds((await t.get('leader', '/api/v1/reports/monthly?month=2026-02')).json.published_at !== null, 'the table says so');
  for (const month of ['2026-01', '2026-13', 'x']) await t.get('leader', `${path}/${month}`, '404 not_found');
}

/* Twelve months, each as the assessment of that month says it. */
async function months(t, units) {
  const path = '/api/v1/reports/assessment/months';
  for (const { unit } of units) {
    const year = (await t.get('supervisor', `${path}?unit=${unit.code}&month=2026-03`)).json;
    t.holds(year.unit.code === unit.code && year.months.map((one) => one.month).join() === '2025-04,2025-05,2025-06,2025-07,2025-08,2025-09,2025-10,2025-11,2025-12,2026-01,2026-02,2026-03', 'twelve months', { json: year });
    const month = (await t.get('supervisor', `/api/v1/reports/assessment?from=2026-03-01&to=2026-03-31&unit=${unit.code}`)).json;
    const whole = month.groups[0]?.units[0];
    const last = year.months.at(-1);
    t.holds(last.score === (whole?.score ?? null) && last.volume === (whole?.volume ?? 0), `${unit.code}: the score of the month`, { json: last });
    for (const rate of last.rates)
      for (const [count, href] of [[rate.numerator, rate.numerator_href], [rate.denominator, rate.denominator_href]]) {
        t.holds((href === null) === (count === 0), `${href} for ${count}`);
        if (href !== null) t.holds((await pages(t, 'supervisor', href)).length === count, `${href} has not ${count} facts`);
      }
    t.holds(year.months.every((one) => !one.is_published || one.rates.every((rate) => rate.numerator_href === null && rate.denominator_href === null)), 'what is published has no lists', { json: year });
    for (const rate of last.rates) t.holds((whole?.rates.find((one) => one.id === rate.id)?.rate ?? null) === rate.rate, `${unit.code}: ${rate.id} of the month`);
    t.holds(month.before_from === '2026-02-01' && month.before_to === '2026-02-28', 'beside the whole month before', { json: month });
    t.holds((whole?.score_before ?? null) === year.months.at(-2).score, `${unit.code}: the score of the month before`, { json: month });
  }
  const own = (await t.get('t01_handler', path)).json;
  t.holds(own.unit.code === 'T01', 'a unit has its own', { json: own });
  t.holds((await t.get('leader', path)).json.months.every((one) => one.score === null), 'all together have no score');
  await t.get('t01_handler', `${path}?unit=D02`, '403 forbidden');
  for (const bad of ['unit=NOBODY', 'month=2026-13', 'month=2026']) await t.get('supervisor', `${path}?${bad}`, '400 http.query');
}

/* Made from figures, edited, issued, and then as it is. */
async function bulletins(t) {
  const path = '/api/v1/bulletins';
  const week = { from: '2026-03-09', to: '2026-03-15' };
  const circular = { kind: 'circular', ...week };
  const first = await t.post('supervisor', path, circular, '201', { key: 'circular' });
  const again = await t.post('supervisor', path, circular, '201', { key: 'circular' });
  t.holds(again.json.id === first.json.id, 'the same key makes one', again);
  await t.post('supervisor', path, { ...circular, kind: 'special' }, '422 idempotency.mismatch', { key: 'circular' });
  const special = (await t.post('supervisor', path, { kind: 'special', ...week }, '201')).json;
  const received = (await t.get('supervisor', '/api/v1/reports/brief?from=2026-03-09&to=2026-03-15')).json.figures.find((one) => one.id === 'received').count;
  for (const { text } of [first.json, special]) t.holds(text.includes(`受理群众诉求${received}件`), `${received} received is said in ${text}`);
  const laid = (await t.get('supervisor', '/api/v1/accountability')).json.items.filter((one) => one.decided_on >= week.from && one.decided_on <= week.to);
  for (const one of laid) t.holds(first.json.text.includes(one.person), 'accountability stands in the circular', first);
  await t.post('supervisor', path, { kind: 'special', from: '2026-03-10', to: '2026-03-09' }, '422 field.invalid to');

  const one = `${path}/${first.json.id}`;
  await t.get('leader', one, '404 not_found');
  t.holds((await t.get('leader', path)).json.items.every((item) => item.state === 'issued'), 'leaders see what was issued');
  await t.put('supervisor', one, { version: 9, title: '通报', text: '正文' }, '409 version_conflict');
  const edited = await t.put('supervisor', one, { version: 1, title: '通报', text: '第一段。\n第二段。' });
  await t.post('supervisor', `${one}/issue`, { version: 1 }, '409 version_conflict');
  const issued = await t.post('supervisor', `${one}/issue`, { version: edited.json.version }, '200', { key: 'issue' });
  t.holds(issued.json.text === '第一段。\n第二段。' && /督通〔2026〕\d+号$/.test(issued.json.number), 'it has a number', issued);
  t.holds((await t.post('supervisor', `${one}/issue`, { version: edited.json.version }, '200', { key: 'issue' })).json.number === issued.json.number, 'one number');
  await t.post('supervisor', `${one}/issue`, { version: 7 }, '422 idempotency.mismatch', { key: 'issue' });
  await t.post('supervisor', `${one}/issue`, { version: issued.json.version }, '409 bulletin.issued');
  await t.put('supervisor', one, { version: issued.json.version, title: '改', text: '改' }, '409 bulletin.issued');
  t.holds((await t.get('leader', one)).text === issued.text, 'as it was issued');
  for (const id of ['999999', '0', 'x', '1x']) {
    await t.get('supervisor', `${path}/${id}`, '404 not_found');
    await t.put('supervisor', `${path}/${id}`, { version: 1, title: '通报', text: '正文' }, '404 not_found');
    await t.post('supervisor', `${path}/${id}/issue`, { version: 1 }, '404 not_found');
  }
  /* A brief keeps its figures, whatever happens afterwards. */
  for (const [kind, days, wrong] of [['daily', { from: '2026-03-09', to: '2026-03-09' }, { from: '2026-03-09', to: '2026-03-10' }], ['weekly', week, { from: '2026-03-09', to: '2026-03-14' }]]) {
    await t.post('supervisor', path, { kind, ...wrong }, '422 field.invalid to');
    const told = (await t.get('supervisor', `/api/v1/reports/brief?from=${days.from}&to=${days.to}`)).json;
    const made = (await t.post('supervisor', path, { kind, ...days }, '201')).json;
    const numbers = (brief) => JSON.stringify([brief.figures.map((figure) => [figure.id, figure.count, figure.before]), brief.rates.map((rate) => [rate.id, rate.rate, rate.before]), brief.units.map((row) => [row.unit.code, row.dispatched.count, row.late_open.count])]);
    t.holds(numbers(made.figures) === numbers(told), `${kind}: the figures of the brief`, { json: made });
    t.holds(!JSON.stringify(made.figures).includes('/api/v1/'), `${kind}: a frozen number has no list`, { json: made });
    await t.create({ content: '日报之后才受理的诉求。' });
    const done = (await t.post('supervisor', `${path}/${made.id}/issue`, { version: made.version })).json;
    t.holds(numbers(done.figures) === numbers(told) && done.text === made.text, `${kind}: as it was made`, { json: done });
    t.holds(new RegExp(`${kind === 'daily' ? '督日' : '督周'}〔2026〕1号$`).test(done.number), `${kind}: a number of its kind`, { json: done });
  }
  const office = (await t.get('supervisor', one)).json.office;
  await t.set('settings', { office_name: '信访局' });
  t.holds((await t.get('supervisor', one)).json.office === office, 'what is issued keeps the name of its office');
  await t.set('settings', { office_name: '人民政府办公室' });
  const kinds = (await pages(t, 'supervisor', `${path}?kind=special`, 1)).map((item) => item.kind);
  t.holds(kinds.length > 0 && kinds.every((kind) => kind === 'special'), 'by kind');
}

export default async (t) => {
  await t.create({ repeat_of: t.some.no, repeat_relation: '同一路段' });
  const county = await everyNumberHasItsList(t, 'supervisor');
  await everyNumberHasItsList(t, 't01_handler');
  t.holds(JSON.stringify((await t.get('leader', `${ASSESSMENT}&limit=200`)).json) === JSON.stringify(county), 'a leader reads the same');

  /* What a fact is, and hotline and web together are all. */
  const known = county.formula.measures.map((one) => one.id);
  for (const measure of known) {
    const path = `/api/v1/reports/assessment/tickets?${PERIOD}&measure=${measure}`;
    const whole = await pages(t, 'supervisor', path);
    const parts = await Promise.all(['hotline', 'web'].map((channels) => pages(t, 'supervisor', `${path}&channels=${channels}`)));
    t.holds(parts[0].length + parts[1].length === whole.length, `${measure} by channels`);
    t.holds(JSON.stringify(await pages(t, 'supervisor', path, 3)) === JSON.stringify(whole), `${measure}: the pages are the list`);
  }

  /* Groups and pages move units about, and lose none. */
  const units = county.groups.flatMap((group) => group.units);
  const byCode = (list) => JSON.stringify([...list].sort((a, b) => (a.unit.code < b.unit.code ? -1 : 1)));
  t.holds(byCode(await pages(t, 'supervisor', `${ASSESSMENT}&group=kind`)) === byCode(units), 'by kind');
  t.holds(byCode(await pages(t, 'supervisor', ASSESSMENT, 1)) === byCode(units), 'one by one');
  for (const group of county.groups) t.holds(group.units.every((unit, i) => i === 0 || (group.units[i - 1].score ?? -1) >= (unit.score ?? -1)), 'best first');

  /* A weight is a setting. */
  const before = units.find((unit) => unit.rates.some((rate) => rate.deduction > 0));
  await t.set('settings', Object.fromEntries(county.formula.rates.filter((rate) => rate.weight !== null).map((rate) => [`weight_${rate.id}`, 0])));
  const free = (await t.get('supervisor', `${ASSESSMENT}&unit=${before.unit.code}`)).json;
  t.holds(free.groups[0].units[0].score === 100, 'nothing weighs anything');
  await t.set('settings', Object.fromEntries(county.formula.rates.filter((rate) => rate.weight !== null).map((rate) => [`weight_${rate.id}`, rate.weight])));

  /* A threshold is a setting; it marks and takes no points. */
  const marked = (one) => one.rates.filter((rate) => rate.is_past_threshold).map((rate) => rate.id);
  const ids = county.formula.rates.filter((rate) => rate.weight !== null).map((rate) => [`threshold_${rate.id}`, rate]);
  await t.set('settings', Object.fromEntries(ids.map(([name, rate]) => [name, rate.is_harm ? 100 : 0])));
  const unmarked = (await t.get('supervisor', `${ASSESSMENT}&limit=200`)).json;
  t.holds(unmarked.groups.flatMap((group) => group.units).every((unit) => marked(unit).length === 0), 'nothing passes a threshold that is none');
  await t.set('settings', Object.fromEntries(ids.map(([name, rate]) => [name, rate.is_harm ? 0 : 100])));
  const strict = (await t.get('supervisor', `${ASSESSMENT}&limit=200`)).json;
  for (const unit of strict.groups.flatMap((group) => group.units))
    for (const rate of unit.rates) t.holds(rate.is_past_threshold === (rate.deduction > 0), `${unit.unit.code} ${rate.id} is marked exactly when it is not perfect`);
  await t.set('settings', Object.fromEntries(ids.map(([name, rate]) => [name, rate.threshold])));

  await months(t, units);
  await tables(t);
  await published(t);
  await bulletins(t);

  await t.get('clerk', ASSESSMENT, '403 forbidden');
  await t.get('t01_handler', `${ASSESSMENT}&unit=D02`, '403 forbidden');
  await t.get('t01_handler', `/api/v1/reports/assessment/tickets?${PERIOD}&measure=due&unit=D02`, '403 forbidden');
  for (const bad of ['from=2026-03-10&to=2026-03-09', `${PERIOD}&unit=NOBODY`]) {
    expect(await t.client.ask('supervisor', 'GET', `/api/v1/reports/assessment?${bad}`), '400 http.query');
    expect(await t.client.ask('supervisor', 'GET', `/api/v1/reports/assessment/tickets?measure=due&${bad}`), '400 http.query');
  }
  await t.get('supervisor', `/api/v1/reports/assessment/tickets?${PERIOD}`, '400 http.query');
};
