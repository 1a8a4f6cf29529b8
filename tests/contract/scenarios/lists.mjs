/*
 * Reading: each parameter of each list with good and bad values, filters against
 * the whole list, pages against the whole, groups of the inbox against their lists.
 */
import { expect } from '../client.mjs';
import { pathOf, someoneFor } from '../who.mjs';

export const title = 'lists, filters, pages, the inbox';

const SOME = {
  channel: ['phone', 'web'], category: ['010101', '01'], area: ['T01'], unit: ['T01', 'D02'], cursor: [], month: ['2026-02', '2026-12'],
  ticket: [], limit: ['1', '200'], q: ['路', 'lu', '"*-', '２０２６'], parent: ['01'], actor: ['clerk'], type: ['note'],
};
const BAD = { month: ['', '2026', '2026-00', '2026-13', '2026-1x', '2026-001'], limit: ['0', '201', 'x', '1.5'], cursor: ['~'], unit: [' '], channel: [''], category: [''], area: [''], ticket: [''], q: ['', ' ', '\u3000', '路'.repeat(101)], parent: [''], actor: ['', 'x'.repeat(33)], type: ['', 'x'.repeat(41)] };

/* Values that the schema of a parameter allows, and some that it does not. */
function values(contract, parameter) {
  const schema = contract.deref(parameter.schema);
  const items = schema.type === 'array' ? contract.deref(schema.items) : schema;
  if (SOME[parameter.name] !== undefined) return [SOME[parameter.name], BAD[parameter.name] ?? ['']];
  if (items.enum !== undefined) return [schema.type === 'array' ? [...items.enum, items.enum.join(',')] : items.enum, ['nonsense', '', `${items.enum[0]},${items.enum[0]}`]];
  if (items.type === 'boolean') return [['true', 'false'], ['1', '', 'TRUE']];
  if (items.type === 'integer') return [[String(items.minimum), String(items.maximum)], [String(items.minimum - 1), String(items.maximum + 1), 'x', '1.5']];
  if (items.format === 'date-time') return [['2026-03-09T08:00:00+08:00'], ['2026-03-09', '2026-03-09T25:00:00Z', '']];
  if (items.format === 'date') return [['2026-03-09'], ['2026-02-30', '9.3.2026', '']];
  throw new Error(`what is ${parameter.name}?`);
}

async function everyParameter(t, readers) {
  for (const operation of t.client.contract.operations.filter((one) => one.method === 'GET')) {
    const query = operation.parameters.filter((parameter) => parameter.in === 'query');
    if (query.length === 0) continue;
    const path = pathOf(operation, { no: t.some.no });
    const actor = operation.path.includes('/users') ? 'admin' : someoneFor(operation, readers[0]);
    for (const parameter of query) {
      const [good, bad] = values(t.client.contract, parameter);
      /* Who sees all tickets has no part of their own: `role` is that of a unit. */
      const needed = query.filter((one) => one.required && one !== parameter).map((one) => `${one.name}=${values(t.client.contract, one)[0][0]}&`).join('');
      const beside = needed + (parameter.name === 'role' && operation.path.endsWith('/tickets') ? 'unit=T01&' : '');
      for (const value of good) await t.get(actor, `${path}?${beside}${parameter.name}=${encodeURIComponent(value)}`);
      for (const value of bad) await t.get(actor, `${path}?${needed}${parameter.name}=${encodeURIComponent(value)}`, /\/(units|categories|areas)$/.test(operation.path) && parameter.name === 'cursor' ? '200' : '400 http.query');
    }
    await t.get(actor, `${path}?nonsense=1`, '400 http.query');
  }
}

async function all(t, actor, path, limit = 200) {
  const items = [];
  for (let cursor = null, pages = 0; ; pages++) {
    t.holds(pages < 1000, 'a list without end');
    const reply = await t.get(actor, `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
    items.push(...reply.json.items);
    cursor = reply.json.next;
    if (cursor === null) return items;
    t.holds(reply.json.items.length === limit, 'a page that has a next one is full', reply);
  }
}

const day = (time) => time?.slice(0, 10);

/* filter -> what a line of the whole list must be */
const FILTERS = {
  'state=received': (line) => line.state === 'received',
  'state=handling,closed': (line) => ['handling', 'closed'].includes(line.state),
  'channel=web': (line) => line.channel === 'web',
  'kind=report': (line) => line.kind === 'report',
  'urgency=urgent': (line) => line.urgency === 'urgent',
  'category=0101': (line) => line.category?.startsWith('0101') === true,
  'unit=D01&role=lead': (line) => line.lead_unit?.code === 'D01',
  'light=green': (line) => line.light === 'green',
  'light=none': (line) => line.light === 'none',
  'overdue=false': (line) => line.overdue_at === null,
  'sensitive=true': (line) => line.sensitive,
  'suspect=false': (line) => !line.suspect,
  'received_from=2026-03-09&received_to=2026-03-09': (line) => day(line.received_at) === '2026-03-09',
  'received_from=2026-03-10': () => false,
  'received_since=2026-03-09T12:00:00Z': (line) => Date.parse(line.received_at) >= Date.parse('2026-03-09T12:00:00Z'),
  'due_from=2026-03-16&due_to=2026-03-16': (line) => day(line.effective_due_at) === '2026-03-16',
  'closed_from=2026-03-09&closed_to=2026-03-09': (line) => line.state === 'closed',
  'closed_to=2026-03-09': (line) => line.state === 'closed',
  'closed_from=2026-03-10': () => false,
  'overdue_to=2026-12-31': (line) => line.overdue_at !== null,
  'kind=complaint&state=closed&urgency=normal': (line) => line.kind === 'complaint' && line.state === 'closed' && line.urgency === 'normal',
};

export default async (t) => {
  t.some = await t.ticketIn('handling', { co: ['D02'] });
  await t.create({ channel: 'web', category: '010101', sensitive: true, sensitive_reason: '涉及学校', urgency: 'urgent' });
  await everyParameter(t, ['clerk']);

  await t.get('clerk', '/api/v1/tickets?role=lead', '400 http.query');
  const leads = await t.get('t01_handler', '/api/v1/tickets?role=lead');
  t.holds(leads.json.items.length > 0 && leads.json.items.every((line) => line.lead_unit.code === 'T01'), 'the own unit\'s', leads);

  for (const actor of ['clerk', 't01_handler', 'd02_head', 'supervisor', 'leader']) {
    const whole = await all(t, actor, '/api/v1/tickets');
    for (const [filter, fits] of Object.entries(FILTERS)) {
      const found = (await all(t, actor, `/api/v1/tickets?${filter}`)).map((line) => line.no);
      const wanted = whole.filter(fits).map((line) => line.no);
      t.holds(JSON.stringify(found) === JSON.stringify(wanted), `${actor}: ${filter} has ${found.length} tickets, not ${wanted.length}:\n${found}\n${wanted}`);
    }
    const paged = await all(t, actor, '/api/v1/tickets', 7);
    t.holds(JSON.stringify(paged) === JSON.stringify(whole), `${actor}: the pages are the list`);
    const byDue = await all(t, actor, '/api/v1/tickets?sort=due', 7);
    t.holds(byDue.length === whole.length, `${actor}: another order has the same tickets`);
    const due = byDue.map((line) => line.effective_due_at ?? '9999');
    t.holds(due.every((one, i) => i === 0 || due[i - 1] <= one), `${actor}: least time left first, none last`);
    const inbox = await t.get(actor, '/api/v1/inbox');
    t.holds(inbox.json.groups.length > 0, 'groups', inbox);
    for (const group of inbox.json.groups) {
      const list = await all(t, actor, `/api/v1/tickets?todo=${group.todo}`);
      t.holds(list.length === group.count, `${actor}: ${group.todo} counts ${group.count}, its list has ${list.length}`, inbox);
      const first = await t.get(actor, `/api/v1/tickets?todo=${group.todo}&sort=due&limit=5`);
      t.holds(JSON.stringify(group.items.map((line) => line.no)) === JSON.stringify(first.json.items.map((line) => line.no)), 'the first five, least time left first', inbox);
      const ends = group.items.map((line) => Date.parse((line.light === 'none' ? (line.state === 'merged' ? null : line.state_due_at) : line.effective_due_at) ?? '9999-01-01'));
      t.holds(ends.every((one, i) => i === 0 || ends[i - 1] <= one), 'by the clock that runs', inbox);
    }
  }

  // Records: all, of a ticket, of a unit; pages against the whole.
  for (const kind of ['urges', 'supervisions', 'instructions', 'extensions', 'returns', 'promises', 'callbacks']) {
    const path = `/api/v1/${kind}`;
    const whole = await all(t, 'supervisor', path);
    t.holds(whole.length > 0, `there are ${kind}`);
    /* By their numbers: who has read one may be noted meanwhile. */
    const ids = (items) => JSON.stringify(items.map((one) => one.id));
    t.holds(ids(await all(t, 'supervisor', path, 3)) === ids(whole), `${kind}: the pages are the list`);
    const { no } = whole[0].ticket;
    const mine = await all(t, 'supervisor', `${path}?ticket=${no}`);
    t.holds(ids(mine) === ids(whole.filter((one) => one.ticket.no === no)), `${kind} of a ticket`);
    const unit = await all(t, 'supervisor', `${path}?unit=T01`);
    t.holds(ids(unit) === ids(whole.filter((one) => one.unit?.code === 'T01')), `${kind} of a unit`);
    t.holds((await all(t, 'supervisor', `${path}?from=2026-03-10`)).length === 0, `${kind} of tomorrow`);
    t.holds((await all(t, 'supervisor', `${path}?from=2026-03-09&to=2026-03-09`)).length === whole.length, `${kind} of today`);
    for (const one of await all(t, 't01_handler', path)) {
      const reply = await t.client.ask('t01_handler', 'GET', `/api/v1/tickets/${one.ticket.no}`);
      expect(reply, '200', `a record in the list of somebody who cannot see its ticket`);
    }
    expect(await t.client.ask('supervisor', 'GET', `${path}?cursor=r1-1`), '400 http.query');
    expect(await t.client.ask('supervisor', 'GET', `${path}?unit=NOBODY`), '400 http.query');
  }
};
