/*
 * demo.mjs - the made-up county that the program ships: its lists and tickets, in
 * all states and with years of history, keep the contract too.
 */
import { board } from './board.mjs';
import { expect } from './client.mjs';
import { Place } from './server.mjs';

const PASSWORD = 'yunxi-demo-2026';
const ACTORS = ['clerk1', 'supervisor1', 'leader1', 't01', 'd01-head'];
const TICKETS = 60; /* looked at whole, of each who asks */

export const title = 'the demonstration county, read by five of its people';

export async function run(client) {
  const before = client.sessions;
  const passwords = client.passwords;
  const place = new Place(new Date().toISOString().slice(0, 16).replace('T', ' '));
  place.run(['init', '--demo']);
  const server = await place.start();
  client.attach(server);
  client.sessions = new Map();
  client.passwords = new Map();
  try {
    for (const actor of [...ACTORS, 'admin']) client.passwords.set(actor, PASSWORD);
    const get = async (actor, path) => expect(await client.ask(actor, 'GET', path), '200');
    for (const actor of ACTORS) {
      await get(actor, '/api/v1/inbox');
      for (const kind of ['urges', 'supervisions', 'instructions', 'extensions', 'returns', 'promises', 'callbacks'])
        await get(actor, `/api/v1/${kind}?limit=200`);
      const lines = (await get(actor, '/api/v1/tickets?limit=200')).json.items;
      await get(actor, '/api/v1/tickets?limit=200&area=T01&sort=due');
      const step = Math.max(1, Math.floor(lines.length / TICKETS));
      for (let i = 0; i < lines.length; i += step) {
        await get(actor, `/api/v1/tickets/${lines[i].no}`);
        await get(actor, `/api/v1/tickets/${lines[i].no}/events?limit=200`);
      }
    }
    for (const actor of ['clerk1', 'supervisor1', 'leader1']) await board(client, actor);
    await get('admin', '/api/v1/users?limit=200');
    await get('admin', '/api/v1/units?limit=200');
  } finally {
    client.passwords = passwords;
    client.sessions = before;
    await server.stop();
    place.remove();
  }
}
