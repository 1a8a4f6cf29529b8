/*
 * board.mjs - every number of the board against the list that it links to.
 */
import { StepFailed, expect } from './client.mjs';

const PAGE = 200;

/* All of a list, page by page. */
async function count(client, actor, href) {
  let tickets = 0;
  const seen = new Set();
  for (let cursor = null; ;) {
    const page = expect(await client.ask(actor, 'GET', `${href}&limit=${PAGE}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`), '200');
    tickets += page.json.items.length;
    for (const line of page.json.items) seen.add(line.no);
    cursor = page.json.next;
    if (cursor === null) break;
  }
  if (seen.size !== tickets) throw new StepFailed(`${href} names a ticket twice`);
  return tickets;
}

/* The board as `actor` has it, after each of its numbers was compared. */
export async function board(client, actor) {
  const reply = expect(await client.ask(actor, 'GET', '/api/v1/dashboard'), '200');
  const it = reply.json;
  const numbers = [
    ...it.figures.map((one) => [one.id, one]),
    ...it.desk.map((one) => [one.id, one]),
    ...it.matrix.flatMap((row) => ['green', 'yellow', 'red'].map((light) => [`${row.unit.code} ${light}`, row[light]])),
    ...it.categories.items.map((one) => [`category ${one.category}`, one]),
    ...it.trend.flatMap((day) => ['received', 'closed', 'overdue'].map((what) => [`${what} on ${day.date}`, day[what]])),
    ...it.bursts.map((one) => [`burst of ${one.category} in ${one.area}`, one]),
  ];
  for (const [name, { value, href }] of numbers) {
    const tickets = await count(client, actor, href);
    if (tickets !== value) throw new StepFailed(`the board says ${value} for ${name}, its list ${href} has ${tickets}`);
  }
  const waiting = it.figures.find((one) => one.id === 'dispatch');
  if ((waiting.oldest_at === null) !== (waiting.value === 0)) throw new StepFailed('the oldest that waits is there exactly when one waits');
  const today = it.trend.at(-1);
  if (today.received.value !== it.figures.find((one) => one.id === 'received_today').value) throw new StepFailed('the trend ends with what came today');
  const left = it.time_left.items.map((line) => line.effective_due_at);
  if (left.some((due, i) => i > 0 && left[i - 1] > due)) throw new StepFailed('least time left stands first');
  return it;
}
