/* Limits, settings, phrases, templates; drafts and saved filters. */
export const title = 'limits, settings, phrases, templates, drafts, saved filters, accountability';

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

async function limits(t) {
  const at = '/api/v1/limits';
  const cell = (reply, step, urgency) => reply.json.steps.find((one) => one.step === step && one.urgency === urgency);
  const scalar = (reply, name) => reply.json.scalars.find((one) => one.name === name);
  const before = await t.get('t01_handler', at);
  t.holds(before.json.steps.length === 24 && before.json.steps.every((one) => one.amount === one.default.amount && one.unit === one.default.unit), 'as shipped', before);
  const { version } = before.json;
  const changed = await t.patch('admin', at, {
    version, steps: { sign: { urgent: { amount: 60 } }, review: { normal: { unit: 'same_day' } } }, scalars: { unopened_minutes: 90, circular_workdays: 7 },
  });
  t.holds(cell(changed, 'sign', 'urgent').amount === 60 && cell(changed, 'sign', 'urgent').default.amount === 120, 'beside its default', changed);
  t.holds(cell(changed, 'review', 'normal').amount === 0, 'the same day has no amount', changed);
  t.holds(scalar(changed, 'circular_workdays').value === 7, 'a scalar', changed);
  const meta = await t.get('clerk', '/api/v1/meta');
  t.holds(meta.json.limits.scalars.unopened_minutes === 90, 'it counts at once', meta);
  const again = await t.get('clerk', at);
  t.holds(again.text === changed.text, 'as answered', again);
  /* As a set: the stages of what is overdue rise, and nothing of the rest is changed. */
  await t.patch('admin', at, { version: version + 1, scalars: { supervision_workdays: 7, unopened_minutes: 5 } }, '422 field.invalid scalars.circular_workdays');
  await t.patch('admin', at, { version: version + 1, steps: { extension_max: { normal: { unit: 'minutes' } } } }, '422 field.invalid steps.extension_max.normal');
  /* Somebody who saw the limits before that change is told, and overwrites nothing. */
  await t.patch('admin', at, { version, scalars: { unopened_minutes: 5 } }, '409 version_conflict');
  await t.patch('admin', at, { scalars: { unopened_minutes: 5 } }, '422 field.missing version');
  t.holds((await t.get('clerk', at)).text === changed.text, 'a refused change changes nothing');
  const back = await t.set('limits', {
    steps: { sign: { urgent: { amount: 120 } }, review: { normal: { amount: 1, unit: 'workdays' } } }, scalars: { unopened_minutes: 120, circular_workdays: 5 },
  });
  t.holds(same({ ...back.json, version }, before.json), 'as shipped again', back);
}

async function settings(t) {
  const at = '/api/v1/settings';
  const of = (reply, name) => reply.json.items.find((one) => one.name === name);
  const shipped = await t.get('clerk', at);
  const { version } = shipped.json;
  const changed = await t.patch('admin', at, { version, county_name: '云溪县', document_word: '云', public_phone_daily: 7, draft_days: 60 });
  t.holds(of(changed, 'county_name').value === '云溪县' && of(changed, 'public_phone_daily').value === 7 && of(changed, 'draft_days').default === 30, 'as changed', changed);
  t.holds((await t.get('t01_head', at)).text === changed.text, 'as answered');
  await t.patch('admin', at, { version, county_name: '云水县' }, '409 version_conflict');
  await t.patch('admin', at, { county_name: '云水县' }, '422 field.missing version');
  t.holds((await t.get('clerk', at)).text === changed.text, 'a refused change changes nothing');
  const back = await t.set('settings', Object.fromEntries(shipped.json.items.map((one) => [one.name, one.default])));
  t.holds(same({ ...back.json, version }, shipped.json), 'as shipped again', back);
  await t.patch('clerk', at, { version }, '403 forbidden');
}

async function phrases(t) {
  const at = '/api/v1/phrases';
  t.holds((await t.get('t01_handler', `${at}?kind=evasive`)).json.items.some((one) => one.text === '高度重视'), 'the shipped ones');
  const made = await t.post('admin', at, { kind: 'quick', text: '请速办' }, '201', { key: 'phrase-1' });
  const again = await t.post('admin', at, { kind: 'quick', text: '请速办' }, '201', { key: 'phrase-1' });
  t.holds(again.text === made.text, 'once', again);
  await t.post('admin', at, { kind: 'spam', text: '请速办' }, '422 idempotency.mismatch', { key: 'phrase-1' });
  await t.post('admin', at, { kind: 'quick', text: '请速办' }, '422 field.taken text');
  const one = `${at}/${made.json.id}`;
  await t.patch('admin', one, { version: 1, text: '请尽速办理', enabled: false });
  await t.patch('admin', one, { version: 1, text: '旧的' }, '409 version_conflict');
  await t.patch('admin', one, { version: 2, kind: 'evasive', text: '高度重视' }, '422 field.taken text');
  t.holds((await t.get('clerk', `${at}?kind=quick&enabled=false`)).json.items.map((item) => item.text).join() === '请尽速办理', 'filtered');
  await t.del('admin', one);
  await t.del('admin', one, '404 not_found');
}

async function templates(t) {
  const at = '/api/v1/templates';
  const text = '您好，您反映的问题已收悉。';
  const all = (await t.post('admin', at, { kind: 'reply', title: '通用', text }, '201', { key: 'template-1' })).json;
  await t.post('admin', at, { kind: 'reply', title: '别的', text }, '422 idempotency.mismatch', { key: 'template-1' });
  await t.post('admin', at, { kind: 'reply', title: '无单位', text, unit: 'NOBODY' }, '422 field.not_found unit');
  const own = (await t.post('t01_head', at, { kind: 'reply', title: '本镇', text }, '201')).json;
  t.holds(own.unit === 'T01', 'a head writes for the own unit');
  const titles = async (who) => (await t.get(who, at)).json.items.map((one) => one.title).join();
  t.holds((await titles('t01_handler')) === '通用,本镇' && (await titles('d02_handler')) === '通用' && (await titles('admin')) === '通用,本镇', 'who offers what');
  await t.post('t01_head', at, { kind: 'reply', title: '别镇', text, unit: 'D02' }, '403 forbidden');
  await t.patch('t01_head', `${at}/${all.id}`, { version: 1, title: '改' }, '403 forbidden');
  await t.patch('d02_head', `${at}/${own.id}`, { version: 1, title: '改' }, '404 not_found');
  await t.del('d02_head', `${at}/${own.id}`, '404 not_found');
  await t.patch('t01_head', `${at}/${own.id}`, { version: 1, title: '本镇答复', enabled: false });
  await t.patch('t01_head', `${at}/${own.id}`, { version: 1, title: '旧的' }, '409 version_conflict');
  await t.patch('admin', `${at}/${own.id}`, { version: 2, unit: 'NOBODY' }, '422 field.not_found unit');
  await t.del('t01_head', `${at}/${own.id}`);
  await t.del('admin', `${at}/${all.id}`);
}

async function drafts(t) {
  const at = '/api/v1/drafts';
  const content = JSON.stringify({ phone: '13800001234', text: '说到一半' });
  const put = (actor, name, json = { content }, expected = '200') => t.put(actor, `${at}/${name}`, json, expected);
  await t.get('clerk', `${at}/intake/new`, '404 not_found');
  const kept = await put('clerk', 'intake/new');
  t.holds(kept.json.content === content, 'as it was sent', kept);
  await put('clerk', 'intake/new', { content: '新的' });
  t.holds((await t.get('clerk', `${at}/intake/new`)).json.content === '新的', 'the last one');
  const list = await t.get('clerk', at);
  t.holds(list.json.items.length === 1 && !list.text.includes('新的'), 'without contents', list);
  await t.get('clerk2', `${at}/intake/new`, '404 not_found');
  t.holds((await t.get('clerk2', at)).json.items.length === 0, 'nobody else\'s');
  await put('clerk', 'intake/new', { content: '字'.repeat(21_846) }, '422 field.too_long content');
  await t.set('settings', { drafts_per_user: 1 });
  await put('clerk', 'intake/other', { content }, '409 quota');
  await put('clerk', 'intake/new');
  await t.set('settings', { drafts_per_user: 50 });
  await t.del('clerk', `${at}/intake/new`);
  await t.del('clerk', `${at}/intake/new`, '404 not_found');
}

async function views(t) {
  const at = '/api/v1/views';
  const view = { name: '我的急件', list: 'tickets', query: 'urgency=urgent&state=handling' };
  const made = await t.post('t01_handler', at, view, '201', { key: 'view-1' });
  t.holds((await t.post('t01_handler', at, view, '201', { key: 'view-1' })).text === made.text, 'once');
  await t.post('t01_handler', at, { ...view, name: '别的' }, '422 idempotency.mismatch', { key: 'view-1' });
  await t.post('t01_handler', at, view, '422 field.taken name');
  const names = async (who) => (await t.get(who, at)).json.items.map((one) => one.name).join();
  t.holds((await names('t01_head')) === '', 'not shared');
  const shared = (await t.post('t01_handler', at, { ...view, name: '本镇急件', shared: true }, '201')).json;
  t.holds((await names('t01_head')) === '本镇急件' && (await names('d02_head')) === '', 'shared with the unit');
  await t.del('t01_head', `${at}/${shared.id}`, '404 not_found');
  await t.set('settings', { views_per_user: 2 });
  await t.post('t01_handler', at, { ...view, name: '第三个' }, '409 quota');
  await t.set('settings', { views_per_user: 50 });
  await t.del('t01_handler', `${at}/${shared.id}`);
  await t.del('t01_handler', `${at}/${made.json.id}`);
}

async function accountability(t) {
  const at = '/api/v1/accountability';
  const ticket = await t.ticketIn('handling', { co: ['D02'] });
  const record = { ticket: ticket.no, unit: 'T01', person: '分管副镇长', finding: '逾期未办', measure: '约谈', decided_on: '2026-03-09' };
  const made = await t.post('supervisor', at, record, '201', { key: 'laid-1' });
  t.holds(made.json.ticket.no === ticket.no && made.json.unit.code === 'T01', 'laid', made);
  t.holds((await t.post('supervisor', at, record, '201', { key: 'laid-1' })).text === made.text, 'once');
  await t.post('supervisor', at, { ...record, person: '别人' }, '422 idempotency.mismatch', { key: 'laid-1' });
  await t.post('supervisor', at, { ...record, ticket: '20260101-R9999' }, '422 field.not_found ticket');
  await t.post('supervisor', at, { ...record, unit: 'D03' }, '422 field.not_found unit');
  await t.post('supervisor', at, { ...record, unit: 'NOBODY' }, '422 field.not_found unit');
  await t.post('supervisor', at, { ...record, decided_on: '2099-01-01' }, '422 field.future decided_on');
  await t.post('clerk', at, record, '403 forbidden');
  const seenBy = async (who) => (await t.get(who, `${at}?ticket=${ticket.no}`)).json.items.length;
  for (const [who, count] of [['leader', 1], ['clerk', 1], ['t01_head', 1], ['d02_head', 0], ['d03_head', 0]])
    t.holds((await seenBy(who)) === count, `${who} sees ${count}`);
  const events = await t.get('d02_head', `${ticket.target('events')}`);
  t.holds(events.json.items.some((one) => one.type === 'accountability') && !events.text.includes('约谈'), 'the event tells no text', events);
  const { version } = ticket;
  await ticket.seen();
  t.holds(ticket.version === version, 'the ticket keeps its version');
}

export default async (t) => {
  for (const part of [limits, settings, phrases, templates, drafts, views, accountability]) await part(t);
};
