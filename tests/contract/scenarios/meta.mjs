/* The contract says what the server prints of its own tables: actions, forms, words, routes. */
import { readFileSync } from 'node:fs';
import { top } from '../contract.mjs';

export const title = 'the contract equals the tables of the server';

/* A member as GET /meta prints it, from its schema. */
function printed(contract, name, node) {
  const schema = contract.deref(node);
  const field = { name };
  const words = (ref) => contract.deref(ref)['x-words'];
  if (schema.type === 'object') return { ...field, kind: 'object', members: members(contract, schema) };
  if (schema.type === 'array') {
    const items = contract.deref(schema.items);
    if (items.enum === undefined)
      return { ...field, kind: 'texts', item_max: items.maxLength, min: schema.minItems ?? 0, max: schema.maxItems };
    return { ...field, kind: 'choices', choices: words(schema.items), min: schema.minItems ?? 0, max: schema.maxItems };
  }
  if (schema.type === 'boolean') return { ...field, kind: 'bool' };
  if (schema.type === 'integer') return { ...field, kind: 'int', min: schema.minimum, max: schema.maximum };
  if (schema.enum !== undefined) return { ...field, kind: 'choice', choices: schema['x-words'] };
  if (schema.format === 'date') return { ...field, kind: 'date' };
  if (schema.format === 'date-time') return { ...field, kind: 'time' };
  return { ...field, kind: 'text', min: schema.minLength ?? (schema.pattern === undefined ? 0 : 1), max: schema.maxLength };
}

function members(contract, schema) {
  return Object.entries(schema.properties).map(([name, node]) => ({
    ...printed(contract, name, node),
    ...((schema.required ?? []).includes(name) && { required: true }),
  }));
}

const byName = (fields) => [...fields].sort((a, b) => (a.name < b.name ? -1 : 1));
const canonical = (value) =>
  Array.isArray(value) ? value.map(canonical)
  : value !== null && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, canonical(one)]))
    : value;

function same(t, ours, theirs, what) {
  const [a, b] = [JSON.stringify(canonical(ours)), JSON.stringify(canonical(theirs))];
  t.holds(a === b, `${what}\n  contract ${a}\n  server   ${b}`);
}

export default async (t) => {
  const { contract } = t.client;
  const { schemas } = contract.doc.components;
  const { meta } = t;
  const bare = (field) => {
    const { required: _, ...rest } = field;
    return rest;
  };

  // Actions: one path each, with exactly the members its rules know.
  const actions = new Map();
  for (const rule of meta.actions) {
    if (rule.who.every((who) => who === 'citizen')) continue; /* done on the public side */
    t.holds(rule.path === rule.word.replaceAll('_', '-'), `the path of ${rule.word}`);
    if (!actions.has(rule.path)) actions.set(rule.path, []);
    actions.get(rule.path).push(rule);
  }
  const paths = contract.operations.filter((one) => one.action !== null && !['events', 'reveal'].includes(one.action)).map((one) => one.action);
  same(t, [...paths].sort(), [...actions.keys()].sort(), 'actions');
  same(t, schemas.Action.enum, [...new Set(meta.actions.map((rule) => rule.word))], 'the words of actions');
  for (const [path, rules] of actions) {
    const operation = contract.find('POST', `/api/v1/tickets/x/${path}`);
    const schema = contract.deref(operation.body);
    const fields = new Map(rules.flatMap((rule) => [...rule.must, ...rule.may]).map((field) => [field.name, bare(field)]));
    const must = new Set(rules[0].must.map((field) => field.name).filter((name) => rules.every((rule) => rule.must.some((field) => field.name === name))));
    if (rules.some((rule) => rule.versioned)) must.add('version');
    fields.set('version', { name: 'version', kind: 'int', min: 1, max: 2147483647 });
    same(t, byName(members(contract, schema).map(bare)), byName([...fields.values()]), `the body of ${path}`);
    same(t, [...(schema.required ?? [])].sort(), [...must].sort(), `what ${path} must carry`);
    t.holds(schema.additionalProperties === false, `${path} knows no other member`);
  }

  // Forms and words.
  same(t, members(contract, schemas.TicketDraft), meta.create, 'the form of a new ticket');
  same(t, members(contract, schemas.Changes), meta.amend, 'the form of amend');
  same(t, schemas.State.enum, meta.states.map((state) => state.word), 'states');
  const used = new Set();
  for (const [name, schema] of Object.entries(schemas)) {
    const key = schema['x-words'];
    if (key === undefined) continue;
    used.add(key);
    same(t, schema.enum, meta.enumerations[key]?.map((word) => word.word), `the words of ${name}`);
  }
  for (const word of Object.values(meta.enumerations).flat())
    t.holds((/[\u4e00-\u9fff]/.test(word.zh) || word.zh === word.en) && word.en !== '', `the labels of ${word.word}`); /* UTF-8 is called so everywhere */

  // Which scopes of tokens open a route.
  const golden = readFileSync(new URL('tests/golden/routes.txt', top), 'utf8').split('\n').map((line) => line.split(/\s+/));
  for (const operation of contract.operations) {
    const line = golden.find(([method, path]) => method === operation.method && path === operation.path) ?? [];
    const scopes = (operation.spec.security ?? contract.doc.security).flatMap((one) => one.token ?? []);
    same(t, scopes.sort(), line.filter((word) => word.startsWith('token:')).map((word) => word.slice(6)).sort(), `the scopes of ${operation.name}`);
  }

  // Routes, as tests/unit/test_routes.c prints them.
  const routes = readFileSync(new URL('tests/golden/routes.txt', top), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/\s+/).slice(0, 2).join(' '));
  const expanded = routes.flatMap((route) =>
    route.includes('{action}') ? [...actions.keys()].map((path) => route.replace('{action}', path)) : [route]);
  same(t, contract.operations.map((one) => one.name).sort(), expanded.sort(), 'paths and methods are the routes');
};
