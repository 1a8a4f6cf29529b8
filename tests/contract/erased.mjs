/*
 * erased.mjs - a ticket whose personal data were taken away is still a ticket: all
 * that is answered about it keeps the contract, and nothing of what it held is in it.
 */
export const title = 'an erased ticket (清除)';

export async function run(t, options) {
  const { no, word, attachment } = t.erasable;
  const foretold = t.place.run(['erase', no, '--dry-run']);
  const done = t.place.run(['erase', no, '--all-files', '--reason', '应当事人要求']);
  t.holds(/^would be erased: 1 people, \d+ texts, \d+ records, 0 files/.test(foretold), foretold);
  t.holds(/^erased: 1 people, \d+ texts, \d+ records, 1 files/.test(done), done);
  const server = await t.place.start(options);
  t.client.attach(server);
  try {
    for (const actor of ['clerk', 't01_handler', 'leader'])
      for (const path of [`tickets/${no}`, `tickets/${no}/events?limit=200`, `tickets/${no}/attachments`, 'tickets?limit=200', `callbacks?ticket=${no}`]) {
        const reply = await t.get(actor, `/api/v1/${path}`);
        t.holds(!reply.text.includes(word), `${path} still has it`, reply);
      }
    await t.get('clerk', `/api/v1/attachments/${attachment}`, '404 not_found');
    const trail = await t.get('auditor', `/api/v1/audit?ticket=${no}&limit=1`);
    t.holds(trail.json.items[0].type === 'erased', 'erasure is an event', trail);
    const who = await t.post('clerk', `/api/v1/tickets/${no}/reveal`, { reason: '核对' });
    t.holds(who.json.petitioners.every((one) => one.name === null && one.phone === null), 'nobody is known', who);
  } finally {
    await server.stop();
  }
}
