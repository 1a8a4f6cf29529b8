/* The office's calendar: a day, a file, what open tickets make of it. */
export const title = 'the calendar (工作日历): days, a file, what it moves';

export default async (t) => {
  const year = await t.get('clerk', '/api/v1/calendar');
  t.holds(year.json.year === 2026 && year.json.entered && year.json.days.some((day) => day.date === '2026-10-01' && day.mark === 'holiday'), 'this year', year);
  t.holds(year.json.missing_year === null, 'nothing is missing in March', year);
  const unknown = await t.get('admin', '/api/v1/calendar?year=2031');
  t.holds(!unknown.json.entered && unknown.json.days.length === 0, 'a year nobody has entered', unknown);
  await t.get('admin', '/api/v1/calendar?year=1969', '400 http.query');

  // One day: first asked, then done, then taken back.
  const ticket = await t.ticketIn('handling');
  const due = ticket.view.effective_due_at;
  const day = '/api/v1/calendar/2026-03-12';
  const asked = await t.put('admin', `${day}?dry_run=true`, { mark: 'holiday', name: '演练' });
  const line = asked.json.tickets.find((one) => one.no === ticket.no);
  t.holds(asked.json.dry_run && asked.json.changed_days === 1 && line?.due_before === due && line.due_after > due, 'what would move', asked);
  t.holds((await ticket.seen()).json.effective_due_at === due, 'asking changes nothing');
  const done = await t.put('admin', day, { mark: 'holiday', name: '演练' });
  t.holds(done.json.moved_tickets === asked.json.moved_tickets && done.json.changes === undefined, 'the effect is the preview', done);
  t.holds((await ticket.seen()).json.effective_due_at === line.due_after, 'the deadline moved');
  const events = await t.get('t01_handler', ticket.target('events'));
  t.holds(events.json.items.filter((event) => event.type === 'deadline_recomputed').length === 1, 'one event', events);
  t.holds((await t.put('admin', day, { mark: 'holiday' })).json.changed_days === 0, 'the same again is no change');
  await t.put('admin', day, { mark: 'plain' });
  t.holds((await ticket.seen()).json.effective_due_at === due, 'taken back');
  await t.put('admin', day, { mark: 'workday' }, '422 calendar.row mark');
  await t.put('admin', '/api/v1/calendar/2026-02-30', { mark: 'plain' }, '404 not_found');

  // A file: bad rows by name, a preview without a key, then once and never twice.
  const target = '/api/v1/calendar/import';
  const file = (csv) => ({ source: '2031.csv', csv });
  const bad = await t.post('admin', `${target}?dry_run=true`, file('date,type,name\n2031-01-01,holiday,元旦\n2031-02-30,holiday,x\n2031-01-06,workday,x\n'), '422 calendar.row csv.3');
  t.holds(bad.json.errors.map((error) => error.field).join() === 'csv.3,csv.4', 'every bad row', bad);
  const good = file('2031-01-01,holiday,元旦\n2031-01-04,workday,元旦\n');
  const preview = await t.post('admin', `${target}?dry_run=true`, good);
  t.holds(preview.json.changed_days === 2 && preview.json.changes.length === 2, 'a preview', preview);
  await t.client.ask('admin', 'POST', target, { json: good, key: null });
  const first = await t.post('admin', target, good, '200', { key: 'calendar-1' });
  t.holds(first.json.changed_days === 2, 'entered', first);
  const again = await t.post('admin', target, good, '200', { key: 'calendar-1' });
  t.holds(again.json.changed_days === 2, 'the same key answers the same', again);
  await t.post('admin', target, file('2031-05-01,holiday,劳动节\n'), '422 idempotency.mismatch', { key: 'calendar-1' });
  t.holds((await t.get('admin', '/api/v1/calendar?year=2031')).json.entered, 'the year is entered');
};
