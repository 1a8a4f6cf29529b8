/* The switchboard's calls open the caller's card on the screen of the clerk whose telephone rings. */
export const title = 'calls of the switchboard (来电)';

export default async (t) => {
  const caller = '13977771234';
  const { version } = (await t.get('admin', '/api/v1/users/clerk')).json;
  await t.patch('admin', '/api/v1/users/clerk', { version, extension: '80a' }, '422 field.invalid extension');
  const changed = await t.patch('admin', '/api/v1/users/clerk', { version, extension: '801' });
  t.holds(changed.json.extension === '801', 'set by the administrator', changed);
  await t.post('admin', '/api/v1/users', { login: 'by.phone', name: '话务', unit: 'office', roles: ['clerk'], password: 'given at first', extension: '8x' }, '422 field.invalid extension');

  const tell = (event, more = {}, expected = '204') =>
    t.post('system-switchboard', '/api/v1/calls', { event, call_id: 'call-1', caller, extension: '801', at: t.clock.time(), ...more }, expected);
  const desk = await t.client.listen('clerk');
  const neighbour = await t.client.listen('clerk2');
  for (const listener of [desk, neighbour]) await listener.until('counts', (one) => one.event === 'counts');
  await tell('ring', { at: t.clock.time(-60) });
  const heard = await desk.until('the call', (one) => one.event === 'call');
  const ringing = await t.get('clerk', '/api/v1/calls');
  t.holds(ringing.json.items[0].state === 'ringing' && ringing.json.items[0].caller === caller, 'the clerk sees who rings', ringing);
  t.holds(heard.data.call === ringing.json.items[0].id && !desk.text.includes(caller), `a call by its number alone: ${desk.text}`);
  const taken = await t.create({ petitioner: { phone: caller } }, 'clerk');
  await neighbour.until('what came of it', (one) => one.data.no === taken.no);
  t.holds(neighbour.events.every(({ event }) => event !== 'call'), `nobody else hears it ring: ${neighbour.text}`);
  for (const listener of [desk, neighbour]) listener.close();
  await tell('ring');
  await tell('answer');
  await tell('hangup');
  await tell('ring', { call_id: 'call-2', caller: undefined });
  const over = await t.get('clerk', '/api/v1/calls');
  t.holds(over.json.items.length === 2 && over.json.items[0].caller === null && over.json.items[1].state === 'ended', 'the newest first', over);
  t.holds(over.json.items[1].ticket === taken.no && over.json.items[0].ticket === null, 'what was recorded of it', over);
  t.holds((await t.get('clerk2', '/api/v1/calls')).json.items.length === 0, 'nobody else\'s');
  await tell('ring', { extension: 'ab' }, '422 field.invalid extension');
  await tell('ring', { caller: 'nobody' }, '422 field.phone caller');
  await tell('ring', { at: t.clock.time(3600) }, '422 field.future at');
  await t.get('t01_handler', '/api/v1/calls', '403 forbidden');
  const card = await t.post('clerk', '/api/v1/tickets/similar', { phone: ringing.json.items[0].caller });
  t.holds(card.status === 200, 'the card', card);
  const trail = await t.get('auditor', '/api/v1/audit?type=call_shown');
  t.holds(trail.json.items.length === 3 && !trail.text.includes(caller), 'who was shown a caller, without the number', trail);
};
