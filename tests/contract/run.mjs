/*
 * run.mjs - runs the scenarios against the real server, judges every exchange by
 * api/openapi.yaml, and fails when something of the contract was never exercised.
 *
 *     run.mjs          everything
 *     run.mjs life …   only scenarios whose file has one of the words; no coverage
 */
import { Client, StepFailed, show } from './client.mjs';
import { Contract } from './contract.mjs';
import { County } from './county.mjs';
import { report } from './coverage.mjs';
import { Place } from './server.mjs';
import { Steps } from './steps.mjs';
import { board } from './board.mjs';
import * as demo from './demo.mjs';
import * as erased from './erased.mjs';
import * as pressure from './pressure.mjs';

const MONDAY = '2026-03-09 10:00';
const SHOWN_FAULTS = 20;

/* In this order: the lists want what the others made, and time only goes on. */
const NAMES = [
  'health',
  'intake',
  'dispatch',
  'handling',
  'feedback',
  'above',
  'files',
  'ledger',
  'audit',
  'print',
  'every_state',
  'wrong_state',
  'people',
  'account',
  'totp',
  'office',
  'belongings',
  'tokens',
  'systems',
  'calls',
  'meta',
  'stream',
  'lists',
  'search',
  'exports',
  'board',
  'quality',
  'suggest',
  'reports',
  'manners',
  'calendar',
  'clock',
  'public',
  'pages',
];

const words = process.argv.slice(2);
const contract = new Contract();
const exchanges = [];
const faults = [];
const keep = (exchange) => {
  exchanges.push(exchange);
  if (exchange.wrong.length > 0) faults.push(`${exchange.wrong.join('\n')}\n${show(exchange)}`);
};

const place = new Place(MONDAY);
const client = new Client(contract, keep);
const county = new County();
const steps = new Steps(client, place, county);
let failures = 0;
let server = null;

async function attempt(title, run) {
  const before = exchanges.length;
  const began = performance.now();
  try {
    await run();
    console.log(`ok   ${title} (${exchanges.length - before} exchanges, ${Math.round(performance.now() - began)} ms)`);
  } catch (error) {
    failures++;
    console.log(`FAIL ${title}\n${error instanceof StepFailed ? error.message : error.stack}`);
  }
}

try {
  County.bootstrap(place);
  const options = { 'timer-max-wait-ms': 50, 'monitor-token': 'token of the monitor', 'trusted-proxy': '127.0.0.1', 'export-rows-max': 20 };
  server = await place.start(options);
  client.attach(server);
  await county.build(steps);
  await steps.begin();
  for (const name of NAMES.filter((one) => words.length === 0 || words.some((word) => one.includes(word)))) {
    const scenario = await import(`./scenarios/${name}.mjs`);
    await attempt(scenario.title, () => scenario.default(steps));
    await attempt(`  the board after ${name}`, () => board(client, 'supervisor'));
  }
  await server.stop();
  server = null;
  if (steps.erasable !== undefined) await attempt(erased.title, () => erased.run(steps, options));
  await attempt('yidan verify finds nothing in all of it', () => console.log(`  ${place.run(['verify']).trim()}`));
  if (words.length === 0 || words.includes('demo')) await attempt(demo.title, () => demo.run(client));
  if (words.length === 0 || words.includes('pressure'))
    for (const part of pressure.parts)
      await attempt(part.title, async () => {
        server = await place.start({ ...options, ...(typeof part.options === 'function' ? part.options(place) : part.options) });
        client.attach(server);
        try {
          await part.run(steps, server);
        } finally {
          if (!server.isEnded) await server.stop();
          server = null;
        }
      });
} catch (error) {
  failures++;
  console.log(error instanceof StepFailed ? error.message : error.stack);
} finally {
  if (server !== null && !server.isEnded) await server.stop().catch((error) => console.log(error.message));
  if (failures > 0 || faults.length > 0) console.log(`the server's log: ${place.log}`);
  else place.remove();
}

for (const fault of faults.slice(0, SHOWN_FAULTS)) console.log(`BREACH ${fault}`);
if (faults.length > SHOWN_FAULTS) console.log(`… ${faults.length} in all`);
const gaps = words.length === 0 ? report(contract, exchanges, steps) : 0;
console.log(`contract: ${exchanges.length} exchanges, ${faults.length} breaches, ${failures} failed scenarios, ${gaps} never exercised`);
process.exitCode = failures + faults.length + gaps === 0 ? 0 : 1;
