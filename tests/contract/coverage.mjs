/*
 * coverage.mjs - what of the contract was never exercised: operations, their
 * statuses and errors, codes of the registry, rows of the table of actions.
 */
import { errors, eventsOf } from './contract.mjs';

/* Errors that no request can bring about here, each with its reason. */
const UNREACHABLE = {
  'form.malformed': 'told on a page, never as a problem; the scenario of the pages looks for it',
  no_memory: 'memory does not run out; tests/crash fails malloc',
  internal: 'a mistake of ours by definition',
  store: 'needs a failing disk; tests/crash has one',
  store_readonly: 'needs a failing disk; tests/crash has one',
  seal_broken: 'needs a tampered database; test_crypt and the crash tests have one',
  store_newer: 'told by the command line at start, never by HTTP',
  store_locked: 'told by the command line at start, never by HTTP',
  'restore.empty': 'told by the command line, never by HTTP',
  'restore.unfinished': 'told by the command line, never by HTTP',
  key_file: 'told by the command line at start, never by HTTP',
  'config.unknown': 'told by the command line at start, never by HTTP',
  'config.value': 'told by the command line at start, never by HTTP',
  'import.too_many': 'needs a file of more than a million rows',
  'export.rows': 'told as the reason of an export that failed; the scenario of exports has one',
  deadline: 'needs a query of more than 10 ms, the shortest deadline; test_reader has one',
};

/* Rows of the table whose action nobody can do from that state, with the reason. */
const NO_WAY = {
  'answer_supervision received': 'it is the lead\'s, and a received ticket has none',
  'keep_promise received': 'it is the lead\'s, and a received ticket has none',
  'keep_promise dispatched': 'what was promised in a round is dropped with it',
  'keep_promise declined': 'declined comes from received: no lead',
};

/* Of an import the faults of its rows are codes of the registry too. */
export function codesOf(reply) {
  if (Array.isArray(reply.json?.items)) return reply.json.items.map((item) => item.code).filter((code) => errors.has(code));
  if (reply.headers['content-type'] !== 'application/problem+json') return [];
  return [reply.json?.code, ...(reply.json?.errors ?? []).map((error) => error.code)];
}

export function report(contract, exchanges, steps) {
  const gaps = [];
  const seen = new Map(contract.operations.map((operation) => [operation.name, { statuses: new Set(), codes: new Set() }]));
  const everywhere = new Set();
  for (const { operation, reply } of exchanges) {
    for (const code of codesOf(reply)) everywhere.add(code);
    const at = seen.get(operation?.name);
    if (at === undefined) continue;
    at.statuses.add(reply.status);
    for (const code of codesOf(reply)) at.codes.add(code);
  }
  let statusCount = 0;
  let codeCount = 0;
  for (const operation of contract.operations) {
    const { statuses, codes } = seen.get(operation.name);
    if (statuses.size === 0) gaps.push(`${operation.name} was never called`);
    for (const status of operation.statuses) {
      statusCount++;
      /* A status whose every error is unreachable. */
      const causes = [...operation.errors].filter((code) => errors.get(code) === status);
      const isExempt = causes.length > 0 && causes.every((code) => code in UNREACHABLE);
      if (!statuses.has(status) && !isExempt) gaps.push(`${operation.name} never answered ${status}`);
    }
    for (const code of operation.errors) {
      codeCount++;
      if (!codes.has(code) && !(code in UNREACHABLE)) gaps.push(`${operation.name} never answered ${code}`);
    }
  }
  for (const operation of contract.operations) {
    const told = new Set(exchanges.filter((one) => one.operation === operation && one.reply.headers['content-type'] === 'text/event-stream')
      .flatMap(({ reply }) => eventsOf(reply.text).map(({ event }) => event)));
    for (const event of Object.keys(operation.spec['x-events'] ?? {}))
      if (!told.has(event)) gaps.push(`${operation.name} never told ${event}`);
  }
  for (const code of errors.keys())
    if (!everywhere.has(code) && !(code in UNREACHABLE)) gaps.push(`the error ${code} was never answered`);
  for (const code of Object.keys(UNREACHABLE))
    if (!errors.has(code)) gaps.push(`${code} is excused, but no error`);
    else if (everywhere.has(code)) gaps.push(`${code} is excused, but was answered`);
  for (const [index, rule] of steps.meta.actions.entries())
    for (const from of rule.from)
      if (!steps.rows.get(index)?.has(from) && !(`${rule.word} ${from}` in NO_WAY))
        gaps.push(`the row "${rule.word}" (${rule.who}) was never exercised from ${from}`);

  const pairs = [...steps.rows.values()].reduce((sum, from) => sum + from.size, 0);
  const allPairs = steps.meta.actions.reduce((sum, rule) => sum + rule.from.length, 0);
  console.log(`coverage: ${contract.operations.length} operations, ${statusCount} statuses, ${codeCount} errors of operations, ` +
    `${everywhere.size} of ${errors.size} codes (${Object.keys(UNREACHABLE).length} excused), ` +
    `${steps.rows.size} of ${steps.meta.actions.length} rows of the table, ${pairs} of ${allPairs} with their state (${Object.keys(NO_WAY).length} excused)`);
  for (const gap of gaps) console.log(`GAP  ${gap}`);
  return gaps.length;
}
