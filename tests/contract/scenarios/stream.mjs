/* Live updates: each event of the contract, who is told, and until when. */
import { expect } from '../client.mjs';

export const title = 'live updates';

const PER_USER = 4;

export default async (t) => {
  const { client } = t;
  const about = (event, ticket) => (one) => one.event === event && one.data.no === ticket.no;
  const office = await client.listen('clerk');
  const town = await client.listen('t01_handler');
  const other = await client.listen('d03_handler');
  for (const listener of [office, town, other]) await listener.until('counts', (one) => one.event === 'counts');
  const begun = office.events.find((one) => one.event === 'counts');
  t.holds(office.events[0].event === 'version' && Number(begun.id) > 0, 'version first, and where it stands');

  // A life, step by step, as its unit hears it.
  const ticket = await t.create({ kind: 'help' });
  await office.until('created', about('ticket.created', ticket));
  await ticket.does('clerk', 'dispatch', { lead_unit: 'T01' });
  t.holds((await town.until('assigned', about('ticket.assigned', ticket))).data.unit === 'office', 'by whom');
  await ticket.does('clerk', 'urge', { note: '请抓紧' });
  await town.until('urged', about('ticket.urged', ticket));
  await ticket.does('supervisor', 'supervise', { reason_code: 'media', demand: '请答复', answer_due_on: t.clock.date(2) });
  await town.until('supervised', about('ticket.supervised', ticket));
  await ticket.does('t01_handler', 'sign');
  t.holds((await town.until('signed', about('ticket.signed', ticket))).data.own, 'one’s own doing is marked');
  t.holds(!(await office.until('signed', about('ticket.signed', ticket))).data.own, 'somebody else’s is not');
  await ticket.does('leader', 'instruct', { text: '请尽快办理' });
  await town.until('instructed', about('ticket.instructed', ticket));
  await ticket.does('t01_handler', 'answer-supervision', { text: '正在办理' });
  await ticket.does('supervisor', 'settle-supervision', { note: '可' });
  await town.until('changed', about('ticket.changed', ticket));
  const mark = [...town.events].reverse().find((one) => one.id !== undefined).id;
  await ticket.does('t01_handler', 'reply', t.reply());
  await office.until('replied', about('ticket.replied', ticket));
  await ticket.does('clerk', 'approve-reply');
  await ticket.does('clerk', 'call-back', t.callback());
  await town.until('closed', about('ticket.closed', ticket));

  // A citizen's rating, and a return.  (A deadline: the clock's scenario.)
  const rated = await t.ticketIn('feedback', { draft: { kind: 'help' } });
  await t.post(null, '/api/v1/public/rating', { no: rated.no, code: rated.view.query_code, satisfaction: 'unsatisfied', comment: '没修好' }, '200');
  t.holds((await office.until('rated', about('ticket.rated', rated))).data.unit === null, 'a citizen is no unit');
  const returned = await t.ticketIn('dispatched', { draft: { kind: 'help' } });
  await returned.does('t01_handler', 'return', { reason_code: 'not_our_duty', basis: '三定方案', suggested_unit: 'D03' });
  await office.until('returned', about('ticket.returned', returned));

  // Nobody else heard a word of it; who comes back hears what it missed.
  const foreign = await t.create({ kind: 'help' });
  await foreign.does('clerk', 'dispatch', { lead_unit: 'D03' });
  await other.until('assigned', about('ticket.assigned', foreign));
  await other.until('counted', (one) => one.event === 'counts' && one.data.groups.some(({ todo, count }) => todo === 'sign' && count > 0));
  t.holds(other.events.every((one) => one.data.no === undefined || one.data.no === foreign.no), `a foreign unit heard ${other.text}`);
  t.holds(!town.text.includes(foreign.no), 'and the town not of the other');
  for (const listener of [office, town, other]) listener.close();
  const back = await client.listen('t01_handler', '/api/v1/stream?after=1', { 'Last-Event-ID': mark });
  await back.until('counts', (one) => one.event === 'counts');
  t.holds(back.events.some(about('ticket.closed', ticket)) && !back.text.includes(foreign.no), `what was missed: ${back.text}`);
  back.close();
  // What happens while a page loads, from the session's answer on.
  const { stream_after: since } = (await t.get('t01_handler', '/api/v1/session')).json;
  const meanwhile = await t.create({ kind: 'help' });
  await meanwhile.does('clerk', 'dispatch', { lead_unit: 'T01' });
  const loaded = await client.listen('t01_handler', `/api/v1/stream?after=${since}`);
  await loaded.until('assigned', about('ticket.assigned', meanwhile));
  t.holds(!loaded.text.includes(ticket.no), `only that: ${loaded.text}`);
  loaded.close();
  const far = await client.listen('clerk', '/api/v1/stream?after=99999999');
  await far.until('reload', (one) => one.event === 'reload');
  far.close();

  // Four pages of one user, and no more; the end of a session is the end of its streams.
  const many = [];
  for (let i = 0; i < PER_USER; i++) many.push(await client.listen('clerk2'));
  const refused = expect(await client.ask('clerk2', 'GET', '/api/v1/stream'), '429 stream.too_many');
  t.holds(refused.headers['retry-after'] === '60', 'told how long', refused);
  await t.del('clerk2', '/api/v1/session');
  client.sessions.delete('clerk2');
  for (const one of many) await one.untilEnd();
};
