/*
 * access.mjs - who sees what: every route × who asks × whose ticket it is, and
 * every parameter that names something.
 *
 * The rights are those of product.md, sections 2 and 7, written down here once
 * more: nothing of them is asked of the server.  Where somebody may not know of a
 * ticket, the answer is that of a ticket that does not exist, byte for byte but
 * for the request's id.  Each personal and each free text that is planted is a
 * word of its own (a canary), looked for in everything that is ever answered,
 * in the log and in the figures.
 */
import { Client, show, StepFailed } from './client.mjs';
import { Contract } from './contract.mjs';
import { County } from './county.mjs';
import { sample, sampleOf } from './bodies.mjs';
import { nameIn } from './who.mjs';
import { Place } from './server.mjs';
import { Steps } from './steps.mjs';

const MONDAY = '2026-03-09 10:00';
const STALE = 1_000_000; /* a version nobody has: what is allowed is a conflict */
const MISSING = '20260101-R9999';
const CELLS_MIN = 3000;
const SHOWN = 20;

/* --- The rights, by hand ------------------------------------------------------- */

const ACTORS = {
  clerk: { unit: 'office', roles: ['clerk'] },
  supervisor: { unit: 'office', roles: ['supervisor'] },
  leader: { unit: 'office', roles: ['leader'] },
  admin: { unit: 'office', roles: ['admin'] },
  auditor: { unit: 'office', roles: ['auditor'] },
  t01_clerk: { unit: 'T01', roles: ['clerk', 'handler'] },
  t01_handler: { unit: 'T01', roles: ['handler'] },
  t01_head: { unit: 'T01', roles: ['unit_head'] },
  d02_handler: { unit: 'D02', roles: ['handler'] },
  d02_head: { unit: 'D02', roles: ['unit_head'] },
  d03_handler: { unit: 'D03', roles: ['handler'] },
  d03_head: { unit: 'D03', roles: ['unit_head'] },
  nobody: { unit: null, roles: [] },
  /* Other systems; no role, and each its scope. */
  ...Object.fromEntries(['intake', 'import', 'switchboard', 'sms', 'upstream'].map((scope) => [`system-${scope}`, { unit: null, roles: [], scope }])),
};
/* The only doors that are open to them. */
const OPEN_TO = { intake: ['POST /api/v1/tickets'], import: ['GET /api/v1/imports', 'POST /api/v1/imports', 'GET /api/v1/imports/{id}', 'DELETE /api/v1/imports/{id}'], switchboard: ['POST /api/v1/calls'], sms: ['POST /api/v1/sms'], upstream: ['POST /api/v1/upstream/{platform}/tickets', 'GET /api/v1/upstream/{platform}/answered'] };
const STAFF = ['clerk', 'handler', 'unit_head', 'supervisor', 'leader'];
const EVERYBODY = [...STAFF, 'admin', 'auditor'];
const SEES_ALL = ['clerk', 'supervisor', 'leader'];

/* Which roles get past the door of a route; null: no session is needed. */
function door(operation) {
  const { method, path } = operation;
  if (/^\/(healthz|readyz|metrics)|openapi\.yaml$/.test(path)) return null;
  if (path === '/api/v1/session') return method === 'POST' ? null : EVERYBODY;
  if (/^(\/api\/v1)?\/public\//.test(path)) return null;
  if (path === '/api/v1/calls') return method === 'GET' ? ['clerk'] : [];
  if (/^\/api\/v1\/(sms|upstream)/.test(path)) return []; /* of no user */
  if (path === '/api/v1/meta' || path.startsWith('/api/v1/me/')) return EVERYBODY;
  if (path === '/api/v1/users' || /^\/api\/v1\/(units|categories|areas|channels|calendar|phrases|limits|settings)/.test(path)) return method === 'GET' ? [...STAFF, 'admin'] : ['admin'];
  if (path.startsWith('/api/v1/users') || path.startsWith('/api/v1/tokens')) return ['admin'];
  if (path === '/api/v1/accountability' && method === 'POST') return ['supervisor'];
  if (path.startsWith('/api/v1/urges') && method === 'POST') return ['clerk', 'supervisor'];
  if (path === '/api/v1/tickets' && method === 'POST' || ['/api/v1/tickets/similar', '/api/v1/tickets/suggest-unit'].includes(path)) return ['clerk'];
  if (path === '/api/v1/tickets/preview-due') return ['clerk'];
  if (path === '/api/v1/tickets/check-reply') return ['handler', 'unit_head'];
  if (path === '/api/v1/audit') return EVERYBODY;
  if (path.startsWith('/api/v1/templates')) return method === 'GET' ? [...STAFF, 'admin'] : ['unit_head', 'admin'];
  if (path.endsWith('{no}/views')) return ['clerk', 'supervisor', 'auditor'];
  if (path.endsWith('/reveal') || path.includes('/print/') && method === 'POST') return ['clerk', 'handler', 'unit_head', 'supervisor'];
  if (path.startsWith('/api/v1/imports')) return ['clerk'];
  if (path.startsWith('/api/v1/reports/assessment')) return ['supervisor', 'leader', 'handler', 'unit_head'];
  if (/^\/api\/v1\/(reports\/published|bulletins)/.test(path) && method !== 'GET') return ['supervisor'];
  if (path.startsWith('/api/v1/bulletins')) return ['supervisor', 'leader'];
  if (path.startsWith('/api/v1/reports')) return ['supervisor', 'leader'];
  if (path === '/api/v1/dashboard') return SEES_ALL;
  return STAFF;
}

/* Who does what: a role, or a role of the lead or co-unit. */
const LEAD = ['lead handler', 'lead unit_head'];
const CO = ['co handler', 'co unit_head'];
const WHO = {
  amend: ['clerk'], answer: ['clerk'], decline: ['clerk'], merge: ['clerk'], unmerge: ['clerk'], dispatch: ['clerk'],
  recall: ['clerk'], submit: ['clerk', 'supervisor'], instruct: ['leader'], sign: [...LEAD, ...CO], return: LEAD,
  'accept-return': ['clerk'], 'refuse-return': ['clerk'], contact: ['lead handler'], progress: ['lead handler', 'co handler'],
  'co-reply': CO, 'propose-reply': ['lead handler'], 'hand-back': ['lead unit_head'], extend: LEAD,
  'grant-extension': ['supervisor', 'leader'], 'refuse-extension': ['supervisor', 'leader'], reply: LEAD,
  'approve-reply': ['clerk'], 'reject-reply': ['clerk'], 'call-back': ['clerk'], exclude: ['supervisor'], reopen: ['supervisor'],
  urge: ['clerk', 'supervisor'], supervise: ['supervisor', 'leader'], 'answer-supervision': LEAD, 'settle-supervision': ['supervisor'],
  note: STAFF, publish: ['clerk'], unpublish: ['clerk'], 'keep-promise': LEAD,
};

const has = (actor, roles) => actor.roles.some((role) => roles.includes(role));
const sees = (actor, ticket) =>
  has(actor, SEES_ALL) || (has(actor, ['handler', 'unit_head']) && ticket.units.includes(actor.unit));

function titles(actor, ticket) {
  const part = ticket.lead === actor.unit ? 'lead' : ticket.co.includes(actor.unit) ? 'co' : null;
  return [...actor.roles, ...(part === null ? [] : actor.roles.map((role) => `${part} ${role}`))];
}

function does(actor, action, ticket) {
  /* Confidential: the clerk speaks with the citizen, the unit does not. */
  const who = action === 'contact' && ticket.confidential ? ['clerk'] : WHO[action];
  return titles(actor, ticket).some((title) => who.includes(title));
}

const reveals = (actor, ticket) =>
  has(actor, ['clerk', 'supervisor']) ||
  (has(actor, ['handler', 'unit_head']) && !ticket.confidential && ticket.active && ticket.units.includes(actor.unit));

/* What the citizen gave may say who they are. */
const mayFetch = (actor, ticket, kind) =>
  sees(actor, ticket) && (kind !== 'citizen' || !ticket.confidential || has(actor, SEES_ALL));

/* --- Canaries -------------------------------------------------------------------- */

const canaries = []; /* { word, ticket, field, kind: personal | text | code | number } */
const leaks = [];
let cells = 0;
let searched = 0;
let nextPhone = 13_955_500_001;

function plant(ticket, field, kind = 'text') {
  /* A tag is short; a phone has digits only. */
  const word = kind === 'phone' ? String(nextPhone++)
    : field === 'tag' ? `CNRY${ticket.name}TQ`
    : `CNRY${ticket.name}${field}QZ`.replaceAll(/[^A-Za-z0-9]/g, '');
  if (!canaries.some((one) => one.word === word)) canaries.push({ word, ticket, field, kind: kind === 'phone' ? 'personal' : kind });
  return word;
}

/* May `actor` read this canary in an answer that is not a reveal of its ticket? */
function mayRead(actor, canary) {
  if (canary.kind === 'personal') return false;
  if (canary.kind === 'file') return mayFetch(actor, canary.ticket, 'citizen');
  if (canary.kind === 'code') return has(actor, ['clerk', 'supervisor']);
  return sees(actor, canary.ticket);
}

/* A merge takes the petitioner along, who is then one of the target's. */
const isOf = (ticket, target) =>
  target.includes(`/${ticket.no}/`) || ticket.into !== undefined && target.includes(`/${ticket.into.no}/`);

/* But nobody gets to know through a merge who a confidential one is from. */
const mayKnow = (actor, ticket) =>
  ticket.into === undefined ? reveals(actor, ticket)
  : reveals(actor, ticket.into) && (!ticket.confidential || has(actor, ['clerk', 'supervisor']));

/* Whoever has number and code reads the visible answer of that ticket, or of the one it follows. */
function isShown(exchange, canary) {
  if (!exchange.target.startsWith('/api/v1/public/') || exchange.json?.no === undefined) return false;
  const asked = canaries.find((one) => one.word === exchange.json.no)?.ticket;
  if (canary.kind === 'number') return canary.ticket === asked;
  return ['reply_text', 'interim_reply2', 'guidance'].includes(canary.field) && [asked, asked?.into].includes(canary.ticket);
}

function search(exchange) {
  const actor = ACTORS[exchange.actor ?? 'nobody'];
  if (actor === undefined) return;
  searched++;
  const text = exchange.reply.text + JSON.stringify(exchange.reply.headers);
  const isReveal = (exchange.target.endsWith('/reveal') || exchange.method === 'POST' && exchange.target.endsWith('/print/assign')) && exchange.reply.status === 200;
  for (const canary of canaries) {
    if (!text.includes(canary.word) || mayRead(actor, canary) || isShown(exchange, canary)) continue;
    /* The trail names tickets to an auditor, and nothing of them. */
    if (canary.kind === 'number' && exchange.target.startsWith('/api/v1/stream')) continue; /* live() looks */
    if (canary.kind === 'number' && has(actor, ['auditor']) && /\/(audit|views)(\?|$)/.test(exchange.target)) continue;
    if (isReveal && canary.kind === 'personal' && isOf(canary.ticket, exchange.target) && mayKnow(actor, canary.ticket)) continue;
    leaks.push(`${exchange.actor ?? 'nobody'} reads ${canary.field} of "${canary.ticket.name}" (${canary.word})\n${show(exchange)}`);
  }
}

/* --- Tickets ------------------------------------------------------------------------ */

function draftOf(ticket, more = {}) {
  const word = (field) => `${plant(ticket, field)} 文字。`;
  return {
    channel: 'phone', kind: 'complaint', title: plant(ticket, 'title'), content: word('content'), demand: word('demand'),
    respondent: word('respondent'), address: word('address'), tags: [plant(ticket, 'tag')],
    sensitive: true, sensitive_reason: word('sensitive_reason'),
    petitioner: { name: `李${plant(ticket, 'name', 'personal')}`, phone: plant(ticket, 'phone', 'phone'), contact_note: plant(ticket, 'contact_note', 'personal') },
    ...more,
  };
}

async function make(t, ticket, more) {
  ticket.units ??= [];
  ticket.co ??= [];
  ticket.lead ??= null;
  ticket.active ??= true;
  ticket.confidential ??= false;
  ticket.it = await t.create(draftOf(ticket, more));
  ticket.no = ticket.it.no;
  canaries.push({ word: ticket.no, ticket, field: 'the number', kind: 'number' });
  canaries.push({ word: ticket.it.view.query_code, ticket, field: 'query_code', kind: 'code' });
  return ticket;
}

async function dispatched(t, ticket) {
  await ticket.it.does('clerk', 'dispatch', { lead_unit: ticket.lead, co_units: ticket.co, note: plant(ticket, 'dispatch') });
  ticket.units = [ticket.lead, ...ticket.co];
  return ticket;
}

/* Everything that can be written about a ticket that is being handled. */
async function talkedAbout(t, ticket) {
  const { it, lead, co } = ticket;
  const word = (field) => plant(ticket, field);
  const handler = `${lead.toLowerCase()}_handler`;
  await it.does('clerk', 'amend', {
    changes: { title: word('title2'), petitioner: { name: `王${plant(ticket, 'name2', 'personal')}`, phone: plant(ticket, 'phone2', 'phone'), contact_note: plant(ticket, 'contact_note2', 'personal') } },
    reason: word('amend'),
  });
  await it.does(handler, 'sign');
  await it.does(handler, 'return', { reason_code: 'not_our_duty', basis: word('return'), suggested_unit: 'D04' });
  await it.does('clerk', 'refuse-return', { reason: word('refuse_return') });
  if (ticket.confidential) await it.does('clerk', 'contact', { way: 'phone', at: t.clock.time(-60), note: word('contact') });
  else await it.does(handler, 'contact', { way: 'phone', at: t.clock.time(-60), note: word('contact') });
  await it.does(handler, 'progress', { note: word('progress') });
  for (const unit of co) await it.does(`${unit.toLowerCase()}_head`, 'co-reply', { text: word('co_reply') });
  await it.does(handler, 'extend', t.extension({ reason: word('extend'), interim_reply: word('interim_reply') }));
  await it.does('supervisor', 'refuse-extension', { note: word('refuse_extension') });
  await it.does(handler, 'extend', t.extension({ reason: word('extend2'), interim_reply: word('interim_reply2') }));
  await it.does('supervisor', 'grant-extension', { note: word('grant_extension') });
  await it.does('clerk', 'urge', { note: word('urge') });
  await it.does('supervisor', 'supervise', { reason_code: 'media', demand: word('supervise'), answer_due_on: t.clock.date(2) });
  await it.does(handler, 'answer-supervision', { text: word('answer_supervision') });
  await it.does('supervisor', 'settle-supervision', { note: word('settle') });
  await it.does('leader', 'supervise', { reason_code: 'leader_concern', demand: word('supervise2'), answer_due_on: t.clock.date(2) });
  await it.does('clerk', 'submit', { leader: 'leader', note: word('submit') });
  await it.does('leader', 'instruct', { text: word('instruct') });
  await it.does('clerk', 'note', { text: word('note_clerk') });
  await it.does(handler, 'note', { text: word('note_unit') });
  await it.does(handler, 'reply', t.reply({
    finding: word('finding'), measures: word('measures'), basis: word('basis'), reply_text: word('reply_text'),
    signed_off_by: word('signed_off_by'), override_reason: word('override'), ...(ticket.confidential && { office_tells: true }),
  }));
  await t.post('supervisor', '/api/v1/accountability', {
    ticket: ticket.no, unit: lead, person: word('person'), finding: word('acc_finding'), measure: word('acc_measure'), decided_on: t.clock.date(0),
  }, '201');
  await it.does('clerk', 'reject-reply', { reason_codes: ['off_topic'], note: word('reject') });
  await t.post('clerk', it.target('reveal'), { reason: word('reveal') });
  ticket.promise = it.view.promises[0].id;
  ticket.supervision = it.view.supervisions.find((one) => one.state === 'issued').id;
  await it.seen();
  return ticket;
}

async function tickets(t) {
  const own = await talkedAbout(t, await dispatched(t, await make(t, { name: 'own', lead: 'T01', co: ['D02'] })));
  const foreign = await talkedAbout(t, await dispatched(t, await make(t, { name: 'foreign', lead: 'D03' })));
  const confidential = await talkedAbout(t, await dispatched(t, await make(t, { name: 'confidential', lead: 'T01', co: ['D02'], confidential: true }, { kind: 'report' })));
  const fresh = await make(t, { name: 'fresh' });
  const recalled = await dispatched(t, await make(t, { name: 'recalled', lead: 'T01', co: ['D02'] }));
  await recalled.it.does('clerk', 'recall', { reason: plant(recalled, 'recall') });
  Object.assign(recalled, { units: [], co: [], lead: null });

  /* Merged both ways across what two units see. */
  const mergedAway = await dispatched(t, await make(t, { name: 'mergedaway', lead: 'T01' }));
  await mergedAway.it.does('clerk', 'merge', { into: foreign.no, note: plant(mergedAway, 'merge') });
  Object.assign(mergedAway, { active: false, into: foreign });
  const mergedIn = await dispatched(t, await make(t, { name: 'mergedin', lead: 'D03' }));
  await mergedIn.it.does('clerk', 'merge', { into: own.no, note: plant(mergedIn, 'merge') });
  Object.assign(mergedIn, { active: false, into: own });
  const mergedSecret = await make(t, { name: 'mergedsecret', confidential: true }, { confidential: true });
  await mergedSecret.it.does('clerk', 'merge', { into: own.no, note: plant(mergedSecret, 'merge') });
  mergedSecret.into = own;
  /* A ticket that others were merged into stays where it is: no merge comes in two steps. */
  const between = await make(t, { name: 'between' });
  const deepSecret = await make(t, { name: 'deepsecret', confidential: true }, { confidential: true });
  await between.it.does('clerk', 'merge', { into: own.no, note: plant(between, 'merge') });
  Object.assign(between, { into: own, active: false });
  await deepSecret.it.does('clerk', 'merge', { into: own.no, note: plant(deepSecret, 'merge') });
  deepSecret.into = own;
  await foreign.it.seen();
  await own.it.seen();

  const repeat = await dispatched(t, await make(t, { name: 'repeat', lead: 'T01', co: ['D02'] }, { repeat_of: foreign.no, repeat_relation: '同一件事' }));
  const closed = await dispatched(t, await make(t, { name: 'closed', lead: 'T01', co: ['D02'] }, { may_publish: true }));
  await closed.it.does('t01_head', 'sign');
  await closed.it.does('t01_head', 'reply', t.reply({ co_waived_reason: plant(closed, 'co_waived'), outcome: 'promised', promised_on: '2026-03-27' }));
  await closed.it.does('clerk', 'approve-reply', { note: plant(closed, 'approve') });
  await closed.it.does('clerk', 'call-back', t.callback({ comment: plant(closed, 'comment') }));
  await closed.it.does('supervisor', 'exclude', { class: 'abuse', evidence: plant(closed, 'exclude') });
  await closed.it.does('t01_head', 'keep-promise', { evidence: plant(closed, 'keep_promise') });
  /* A closed ticket's co-unit has no part any more, but still sees it. */
  Object.assign(closed, { active: false, co: [] });
  return { own, foreign, confidential, fresh, recalled, mergedAway, mergedIn, mergedSecret, between, deepSecret, repeat, closed };
}

/* --- The cells ---------------------------------------------------------------------- */

/* All of an answer but what is the request's own. */
function essence(reply) {
  const headers = Object.entries(reply.headers)
    .filter(([name]) => !['date', 'x-request-id'].includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([reply.status, headers, reply.text.replace(reply.json?.request_id ?? '-', '')]);
}

function cell(is_so, what, reply) {
  cells++;
  if (!is_so) leaks.push(`${what}\n${show(reply.exchange)}`);
}

/* Past the door: by role, or with a token of the scope. */
const isAt = (actor, operation) => {
  const roles = door(operation);
  return roles === null || has(actor, roles) || actor.scope !== undefined && OPEN_TO[actor.scope].includes(operation.name);
};
const isNobody = (actor) => actor.roles.length === 0 && actor.scope === undefined;

const login = (name) => (name === 'nobody' ? null : name);

/* --- Live updates ----------------------------------------------------------------- */

/* Everybody who may, listening from before the first ticket. */
async function listenAll(t) {
  const listeners = new Map();
  for (const [name, actor] of Object.entries(ACTORS)) {
    if (!has(actor, STAFF)) continue;
    const listener = await t.client.listen(name);
    await listener.until('counts', (one) => one.event === 'counts');
    listeners.set(name, listener);
  }
  return listeners;
}

/*
 * A stream tells numbers, and no word that anybody wrote; and of whose tickets is
 * what the lists show.  What was recalled from a unit it knew of for a while.
 */
async function live(t, all, listeners) {
  const last = await dispatched(t, await make(t, { name: 'last', lead: 'T01', co: ['D02', 'D03'] }));
  all.last = last;
  for (const [name, listener] of listeners) {
    const actor = ACTORS[name];
    await listener.until('the last ticket', (one) => one.data.no === last.no);
    const back = await t.client.listen(name, '/api/v1/stream?after=1');
    await back.until('counts', (one) => one.event === 'counts');
    for (const [what, one, knew] of [['hears', listener, ['recalled']], ['is told later', back, []]]) {
      const reply = one.close();
      const told = new Set(one.events.map(({ data }) => data.no));
      const isReload = one.events.some(({ event }) => event === 'reload');
      for (const ticket of Object.values(all)) {
        const mayHear = sees(actor, ticket) || knew.includes(ticket.name) && ['T01', 'D02'].includes(actor.unit);
        cell(!told.has(ticket.no) || mayHear, `${name} ${what} of "${ticket.name}"`, reply);
        cell(told.has(ticket.no) || isReload || !sees(actor, ticket), `${name} never ${what} of "${ticket.name}"`, reply);
      }
      for (const canary of canaries.filter(({ kind }) => kind !== 'number'))
        cell(!one.text.includes(canary.word), `${name} ${what} ${canary.field} of "${canary.ticket.name}"`, reply);
    }
  }
}

/* Every route that names a ticket. */
async function ticketRoutes(t, all) {
  const { client } = t;
  for (const operation of client.contract.operations.filter((one) => one.path.includes('{no}'))) {
    const json = operation.body === null ? undefined : { ...sampleOf(client.contract, operation), ...(WHO[operation.action] && { version: STALE }) };
    for (const [name, actor] of Object.entries(ACTORS)) {
      const ask = (no) => client.ask(login(name), operation.method, operation.path.replace('{no}', no).replace('{form}', 'dossier') + (operation.file?.query ?? ''), { json, body: operation.file?.body });
      const none = await ask(MISSING);
      const isIn = isAt(actor, operation);
      const wanted = isNobody(actor) ? 401 : isIn ? 404 : 403;
      cell(none.status === wanted, `${name}: ${operation.name} of no ticket is ${wanted}`, none);
      for (const ticket of Object.values(all)) {
        const reply = await ask(ticket.no);
        const what = `${name}: ${operation.name} of "${ticket.name}"`;
        const isAudited = operation.path.endsWith('/views') && has(actor, ['auditor']);
        if (!isIn || !sees(actor, ticket) && !isAudited) {
          cell(essence(reply) === essence(none), `${what} must be as of no ticket`, reply);
          continue;
        }
        const { action } = operation;
        const expected = operation.method === 'GET' ? '200'
          : operation.file !== null ? '201'
          : operation.path.includes('/print/') ? '403 forbidden' /* never in clear on this form */
          : action === 'reveal' ? (reveals(actor, ticket) ? '200' : '403 forbidden')
          : does(actor, action, ticket) ? '409 ticket.version_conflict' : '403 forbidden';
        cell(`${reply.status} ${reply.json?.code ?? ''}`.trim() === expected, `${what} must be ${expected}`, reply);
      }
    }
  }
}

/* Of these each has its own: what all of them ask for is not there. */
const isOnes = ({ path }) => /\/(drafts|views|tokens|phrases|templates|sessions|exports)\/\{/.test(path);

/* One ledger that is in effect. */
async function bringLedger(t) {
  const body = '工单编号,渠道,受理时间,内容\nOLD-1,热线电话,2019-04-25,台账旧事\n';
  const sent = await t.client.ask('clerk', 'POST', '/api/v1/imports', { body });
  cell(sent.status === 201, 'clerk: a ledger is taken', sent);
  for (let now = sent; now.json.state !== 'done';) {
    now = await t.client.ask('clerk', 'GET', sent.headers.location);
    if (!['reading', 'done'].includes(now.json.state)) throw new Error(`the ledger is ${now.json.state}`);
  }
}

/* Every other route, with a name that exists and one that does not. */
async function otherRoutes(t) {
  const { client } = t;
  await bringLedger(t);
  for (const operation of client.contract.operations.filter((one) => !one.isForm && !one.path.includes('{no}') && !/\/attachments(\/|$)/.test(one.path))) {
    if (operation.path === '/api/v1/session' && operation.method !== 'GET') continue; /* no right to it but one's own */
    const roles = door(operation);
    const json = operation.body === null ? undefined : { ...sampleOf(client.contract, operation), nonsense: 1 };
    const asked = operation.parameters.filter((one) => one.in === 'query' && one.required).map((one) => `${one.name}=${sample(client.contract, one.schema, one.name, true)}`);
    if (operation.path === '/api/v1/users' && operation.method === 'GET') asked.push('role=leader');
    const query = asked.length === 0 ? '' : `?${asked.join('&')}`;
    for (const [name, actor] of Object.entries(ACTORS)) {
      const ask = (id) => client.ask(login(name), operation.method, operation.path.replace(/\{\w+\}(\/\{\w+\})?/, id) + (operation.file?.query ?? query), { json, body: operation.file?.body });
      const isIn = isAt(actor, operation);
      const expected = isNobody(actor) && roles !== null ? 401 : !isIn ? 403 : json !== undefined ? 422 : operation.errors.has('in_use') || operation.errors.has('import.over') ? 409 : operation.file !== null ? 201 : isOnes(operation) ? 404 : operation.method === 'DELETE' ? 204 : 200;
      const reply = await ask(nameIn(operation));
      cell(reply.status === expected, `${name}: ${operation.name} must be ${expected}`, reply);
      if (!operation.path.includes('{')) continue;
      const none = await ask(operation.path.includes('{subject}') ? 'NO.BODY/x' : 'NOBODY');
      if (isIn) cell([404, 422].includes(none.status), `${name}: ${operation.name} of nobody`, none);
      else cell(essence(none) === essence(reply), `${name}: ${operation.name} tells who exists`, none);
    }
  }
}

/* A file of each kind at each ticket: who lists it, who fetches it, who may add one. */
async function files(t, all) {
  const { client } = t;
  const KINDS = ['citizen', 'reply', 'internal'];
  const missing = '/api/v1/attachments/00000000-0000-4000-8000-000000000000';
  for (const ticket of Object.values(all)) {
    const ids = {};
    for (const kind of KINDS) {
      const word = plant(ticket, `file_${kind}`, kind === 'citizen' ? 'file' : 'text');
      const reply = await client.ask('clerk', 'POST', `${ticket.it.target('attachments')}?name=${word}.txt&kind=${kind}`, { body: `${word} 内容` });
      cell(reply.status === 201, `clerk: attach ${kind} to "${ticket.name}"`, reply);
      ids[kind] = reply.json.id;
    }
    for (const [name, actor] of Object.entries(ACTORS)) {
      const none = await client.ask(login(name), 'GET', missing);
      const isIn = has(actor, STAFF);
      const list = await client.ask(login(name), 'GET', ticket.it.target('attachments'));
      for (const kind of KINDS) {
        const what = `${name}: the ${kind} file of "${ticket.name}"`;
        const may = isIn && mayFetch(actor, ticket, kind);
        const reply = await client.ask(login(name), 'GET', `/api/v1/attachments/${ids[kind]}`);
        if (may) cell(reply.status === 200 && reply.text.includes('内容'), what, reply);
        else cell(essence(reply) === essence(none), `${what} must be as none`, reply);
        cell((list.json?.items ?? []).some((one) => one.id === ids[kind]) === may, `${what} in the list`, list);
        if (!isIn || !sees(actor, ticket) || kind === 'internal') continue;
        const works = has(actor, ['clerk', 'supervisor']) ||
          has(actor, ['handler', 'unit_head']) && ticket.active && ticket.units.includes(actor.unit);
        const added = await client.ask(name, 'POST', `${ticket.it.target('attachments')}?name=a.txt&kind=${kind}`, { body: '文字' });
        cell(added.status === (works && may ? 201 : 403), `${name}: attach ${kind} to "${ticket.name}"`, added);
      }
    }
  }
}

/* The trail: everybody's own doing, and what the role reads; whatever it is asked by. */
async function trail(t, all) {
  const { client } = t;
  for (const [name, actor] of Object.entries(ACTORS)) {
    if (actor.roles.length === 0) continue;
    const scope = (item) =>
      has(actor, ['auditor']) || item.actor?.login === name ||
      item.ticket !== null && has(actor, ['supervisor']) || item.ticket === null && has(actor, ['admin']);
    const none = await client.ask(name, 'GET', `/api/v1/audit?ticket=${MISSING}`);
    for (const query of ['', ...['reveal', 'note', 'user_created', 'dispatch', 'sign', 'signed_in'].map((type) => `type=${type}`), ...Object.keys(ACTORS).map((one) => `actor=${one}`)]) {
      const reply = await client.ask(name, 'GET', `/api/v1/audit?limit=200&${query}`.replace(/&$/, ''));
      cell(reply.status === 200 && reply.json.items.every(scope), `${name}: /audit?${query} has what is not theirs`, reply);
    }
    for (const ticket of Object.values(all)) {
      const reply = await client.ask(name, 'GET', `/api/v1/audit?ticket=${ticket.no}`);
      cell(reply.json.items.every((item) => item.ticket === ticket.no && scope(item)), `${name}: the trail of "${ticket.name}"`, reply);
      if (!has(actor, ['auditor']) && !sees(actor, ticket)) cell(essence(reply) === essence(none), `${name}: the trail of "${ticket.name}" must be as of no ticket`, reply);
    }
  }
}

/* The fields whose canaries are still in the texts that are searched. */
const SEARCHED = /^(title2|content|address|respondent|finding|measures|basis|reply_text)$/;

/* The form for the lead unit in clear: for who may reveal, when there is one. */
async function prints(t, all) {
  const { client } = t;
  for (const [name, actor] of Object.entries(ACTORS))
    for (const ticket of Object.values(all)) {
      const ask = (no) => client.ask(login(name), 'POST', `/api/v1/tickets/${no}/print/assign`, { json: { reason: '打印' } });
      const reply = await ask(ticket.no);
      const isIn = has(actor, ['clerk', 'handler', 'unit_head', 'supervisor']);
      if (!isIn || !sees(actor, ticket)) {
        cell(essence(reply) === essence(await ask(MISSING)), `${name}: print "${ticket.name}" must be as of no ticket`, reply);
        continue;
      }
      const wanted = ticket.it.view.dispatched_at === null ? '409 print.nothing' : reveals(actor, ticket) ? '200' : '403 forbidden';
      cell(`${reply.status} ${reply.json?.code ?? ''}`.trim() === wanted, `${name}: print "${ticket.name}" must be ${wanted}`, reply);
    }
}

/* A citizen with the right code, and with that of another ticket. */
async function citizens(t, all) {
  const list = Object.values(all);
  const code = (ticket) => canaries.find((one) => one.ticket === ticket && one.kind === 'code').word;
  const look = (no, word) => t.client.ask(null, 'POST', '/api/v1/public/lookup', { json: { no, code: word } });
  for (const ticket of list) {
    const reply = await look(ticket.no, code(ticket));
    cell(reply.status === 200 && reply.json.no === ticket.no, `a citizen looks "${ticket.name}" up`, reply);
  }
  const none = await look(MISSING, '00000000');
  for (const ticket of list) {
    const reply = await look(ticket.no, code(list.find((other) => other !== ticket)));
    cell(essence(reply) === essence(none), `the code of another ticket opens "${ticket.name}"`, reply);
  }
}

/* Files come to a message from whoever has its token, and to no other; who they are does not matter. */
async function citizensFiles(t, all) {
  const [message, other] = [await t.message(), await t.message()];
  const send = (name, token) => t.client.ask(login(name), 'POST', '/api/v1/public/attachments?name=a.txt', { body: '文字', headers: { 'X-Upload-Token': token } });
  const swapped = (no) => message.upload_token.replace(message.no, no);
  for (const name of Object.keys(ACTORS))
    for (const token of [null, swapped(other.no), ...Object.values(all).map((ticket) => swapped(ticket.no))])
    {
      const reply = await send(name, token);
      cell(reply.status === 403, `${name}: a file without the message's own token`, reply);
    }
  for (const name of ['nobody', 'auditor']) {
    const reply = await send(name, message.upload_token);
    cell(reply.status === 201, `${name}: a file with the token`, reply);
  }
  for (const [{ no }, count] of [[message, 2], [other, 0]]) {
    const list = await t.get('clerk', `/api/v1/tickets/${no}/attachments`);
    cell(list.json.items.length === count && list.json.items.every((one) => one.kind === 'citizen' && one.added_by === null), `files of ${no}`, list);
  }
}

/* The numbers of tickets in a file of the list; no title here has a line end. */
async function exported(t, name, list, format = 'csv') {
  const { client } = t;
  let now = await client.ask(name, 'POST', '/api/v1/exports', { json: { list, format } });
  cell(now.status === 201, `${name}: a file of ${list}`, now);
  const target = now.headers.location;
  while (['waiting', 'making'].includes(now.json.state)) now = await client.ask(name, 'GET', target);
  const file = await client.ask(name, 'GET', `${target}/file`);
  for (const other of ['clerk', 'd03_head', 'auditor', 'nobody'].filter((one) => one !== name))
    for (const path of ['', '/file']) {
      const [reply, none] = await Promise.all([`${target}${path}`, `/api/v1/exports/nothing${path}`].map((one) => client.ask(login(other), 'GET', one)));
      cell(essence(reply) === essence(none), `${other}: ${name}'s file of ${list} must be as none`, reply);
    }
  return { file, numbers: file.text.split('\r\n').slice(2, -2).map((line) => line.split(',')[0].replaceAll('"', '')) };
}

/* Every list holds exactly what its reader sees, whatever it is asked by. */
async function lists(t, all) {
  const { client } = t;
  const numbers = Object.values(all).map((ticket) => ticket.no);
  const visible = (actor) => Object.values(all).filter((ticket) => sees(actor, ticket)).map((ticket) => ticket.no);
  const paths = client.contract.operations.filter((one) => one.method === 'GET' && one.spec['x-errors'].includes('forbidden') && !one.path.includes('/reports/') && /\/(tickets|urges|supervisions|instructions|extensions|returns|promises|callbacks|accountability)$/.test(one.path));
  for (const operation of paths) {
    const inTickets = operation.path.endsWith('/tickets');
    const no = (item) => (inTickets ? item.no : item.ticket.no);
    /* Cursors as somebody who sees everything gets them. */
    const first = (await t.get('clerk', `${operation.path}?limit=1`)).json;
    for (const [name, actor] of Object.entries(ACTORS)) {
      if (!has(actor, STAFF)) continue;
      const seen = visible(actor);
      const get = (query) => client.ask(name, 'GET', `${operation.path}?limit=200${query}`);
      const check = async (query) => {
        const reply = await get(query);
        const found = reply.json?.items?.map(no) ?? [];
        cell(reply.status === 200 && found.every((one) => seen.includes(one)), `${name}: ${operation.path}?${query} has foreign tickets`, reply);
        return found;
      };
      const whole = await check('');
      if (inTickets) cell(numbers.filter((one) => whole.includes(one)).sort().join() === seen.sort().join(), `${name}: the list is what ${name} sees`, await get(''));
      const { file, numbers: lines } = await exported(t, name, operation.path.split('/').at(-1));
      cell(lines.join() === whole.join(), `${name}: the file of ${operation.path} is not the list`, file);
      for (const unit of ['office', 'T01', 'D02', 'D03', 'CO01']) {
        await check(`&unit=${unit}`);
        if (inTickets) for (const role of ['lead', 'co']) await check(`&unit=${unit}&role=${role}`);
      }
      if (first.next !== null) await check(`&cursor=${first.next}`);
      const filters = operation.parameters.filter((one) => one.in === 'query' && !['unit', 'role', 'cursor', 'limit', 'ticket'].includes(one.name));
      for (const parameter of filters) {
        const schema = client.contract.deref(parameter.schema);
        const words = schema.enum ?? client.contract.deref(schema.items ?? {}).enum ?? (schema.type === 'boolean' ? ['true', 'false'] : [sample(client.contract, schema, parameter.name, true)]);
        for (const word of words) {
          const query = `&${parameter.name}=${encodeURIComponent(word)}`;
          /* What the office looks after is not for units. */
          if (parameter.name === 'desk' && !has(actor, SEES_ALL)) cell((await get(query)).status === 403, `${name} asks for the desk ${word}`, await get(query));
          else await check(query);
        }
      }
      if (inTickets) {
        /* A search finds a word in what its reader sees, and a name or phone nowhere. */
        for (const canary of canaries.filter((one) => SEARCHED.test(one.field) || one.kind === 'personal')) {
          const reply = await get(`&q=${encodeURIComponent(canary.word)}`);
          const isPhone = /^\d+$/.test(canary.word);
          const found = reply.json?.items?.map(no) ?? [];
          const wanted = canary.kind !== 'personal' && sees(actor, canary.ticket) ? [canary.ticket.no] : [];
          cell(isPhone ? reply.json.code === 'http.query_personal' : found.join() === wanted.join(), `${name}: q=${canary.word} finds ${found}, not ${wanted}`, reply);
        }
        continue;
      }
      const none = await get(`&ticket=${MISSING}`);
      for (const ticket of Object.values(all)) {
        const reply = await get(`&ticket=${ticket.no}`);
        if (sees(actor, ticket)) cell(reply.json.items.every((item) => no(item) === ticket.no), `${name}: records of "${ticket.name}"`, reply);
        else cell(essence(reply) === essence(none), `${name}: records of "${ticket.name}" must be as of no ticket`, reply);
      }
    }
  }
  for (const [name, actor] of Object.entries(ACTORS)) {
    if (!has(actor, STAFF)) continue;
    const reply = await client.ask(name, 'GET', '/api/v1/inbox');
    const found = reply.json.groups.flatMap((group) => group.items.map((item) => item.no));
    cell(found.every((one) => visible(actor).includes(one)), `${name}: the inbox has foreign tickets`, reply);
  }
}

/* Figures: the county's to supervisors and leaders, a unit's own to its people; each with its list. */
async function reports(t, all) {
  const { client } = t;
  const period = 'from=2026-01-01&to=2026-12-31';
  await t.post('supervisor', '/api/v1/reports/published', { month: '2026-02' }, '201');
  /* A draft is the supervisors' alone; what is issued, the leaders' too. */
  const draft = (await t.post('supervisor', '/api/v1/bulletins', { kind: 'circular', from: '2026-03-01', to: '2026-03-09' }, '201')).json;
  cell((await client.ask('leader', 'GET', `/api/v1/bulletins/${draft.id}`)).status === 404, 'leader: a draft', await client.ask('leader', 'GET', '/api/v1/bulletins/999999'));
  cell((await client.ask('leader', 'GET', '/api/v1/bulletins')).json.items.length === 0, 'leader: no drafts in the list', await client.ask('leader', 'GET', '/api/v1/bulletins'));
  await t.post('supervisor', `/api/v1/bulletins/${draft.id}/issue`, { version: draft.version });
  for (const [name, actor] of Object.entries(ACTORS)) {
    if (!has(actor, ['supervisor', 'leader', 'handler', 'unit_head'])) continue;
    const seesCounty = has(actor, ['supervisor', 'leader']);
    const report = await client.ask(name, 'GET', `/api/v1/reports/assessment?${period}`);
    const units = report.json.groups.flatMap((group) => group.units);
    cell(seesCounty ? units.length > 1 : units.length === 1 && units[0].unit.code === actor.unit && report.json.total === null && report.json.office === null, `${name}: whose figures`, report);
    for (const code of ['T01', 'D02', 'D03']) {
      const isIn = seesCounty || actor.unit === code;
      for (const path of [`/api/v1/reports/assessment?${period}&unit=${code}`, `/api/v1/reports/assessment/tickets?${period}&unit=${code}&measure=dispatched`]) {
        const reply = await client.ask(name, 'GET', path);
        cell(reply.status === (isIn ? 200 : 403), `${name}: the figures of ${code}`, reply);
      }
    }
    for (const unit of units)
      for (const { count, href } of [...unit.measures, ...unit.rates.map((rate) => ({ count: rate.numerator, href: rate.numerator_href })), ...unit.rates.map((rate) => ({ count: rate.denominator, href: rate.denominator_href }))]) {
        if (href === null) continue;
        const list = await client.ask(name, 'GET', href);
        const lines = list.json.items.filter((item) => item.ticket !== null);
        cell(list.json.items.length === count && lines.every((item) => Object.values(all).every((ticket) => ticket.no !== item.ticket.no || sees(actor, ticket))), `${name}: ${href} has ${count} facts and no foreign ticket`, list);
      }
  }
}

/* Members of bodies, keys and cursors that name what the actor may not know of. */
async function names(t, all) {
  const { client } = t;
  const { own, foreign, fresh } = all;
  const alike = async (what, actor, method, pathOf, bodyOf, known, unknown, options = {}) => {
    const replies = [];
    for (const id of [known, unknown]) {
      const reply = await client.ask(actor, method, pathOf(id), { json: bodyOf?.(id), ...options });
      /* What was typed may be said again, and has its own length. */
      const said = typeof id === 'string' ? essence(reply).replaceAll(id, '…').replace(/"content-length","\d+"/, '') : essence(reply);
      replies.push([reply, said]);
    }
    cell(replies[0][1] === replies[1][1], `${actor}: ${what} tells what exists`, replies[0][0]);
  };
  const act = (ticket, action) => () => ticket.it.target(action);
  for (const actor of ['d03_handler', 'd03_head']) {
    await alike('the number of a ticket whose notices are read', actor, 'POST', () => '/api/v1/inbox/read', (no) => ({ todo: 'urge', tickets: [no] }), own.no, MISSING);
    await alike('the number of a ticket whose reply is checked', actor, 'POST', () => '/api/v1/tickets/check-reply', (no) => ({ no, reply_text: '您好' }), own.no, MISSING);
  }
  await own.it.seen();
  const version = own.it.version;
  for (const actor of ['t01_handler', 't01_head']) {
    await alike('the number of a foreign supervision', actor, 'POST', act(own, 'answer-supervision'), (id) => ({ version, text: '答复', supervision: id }), foreign.supervision, 999_999);
    await alike('the number of a foreign promise', actor, 'POST', act(own, 'keep-promise'), (id) => ({ version, evidence: '证据', promise: id }), foreign.promise, 999_999);
    await alike('events after a foreign one', actor, 'GET', (id) => `${own.it.target('events')}?cursor=e0-${id.toString(16)}`, null, 9_000_000, 9_000_001);
    for (const path of ['urges', 'supervisions', 'tickets'])
      for (const cursor of ['n0-1', 'r1-1', 'x']) {
        const reply = await client.ask(actor, 'GET', `/api/v1/${path}?cursor=${cursor}`);
        cell([200, 400].includes(reply.status), `${actor}: a made-up cursor of ${path}`, reply);
      }
  }
  await fresh.it.seen();
  const freshVersion = fresh.it.version;
  await alike('the login of somebody who is no leader', 'supervisor', 'POST', act(fresh, 'submit'), (id) => ({ version: freshVersion, leader: id, note: '请阅' }), 'd03_head', 'nobody33');
  await alike('the login of an administrator', 'clerk', 'POST', act(fresh, 'submit'), (id) => ({ version: freshVersion, leader: id, note: '请阅' }), 'admin', 'admix');

  /* Somebody else's Idempotency-Key opens nothing. */
  const key = 'a-key-of-the-clerk';
  await t.post('clerk', fresh.it.target('note'), { text: plant(fresh, 'note') }, '200', { key });
  for (const actor of ['t01_handler', 'd03_head']) {
    const reply = await client.ask(actor, 'POST', fresh.it.target('note'), { json: { text: plant(fresh, 'note') }, key });
    const none = await client.ask(actor, 'POST', `/api/v1/tickets/${MISSING}/note`, { json: { text: plant(fresh, 'note') }, key: `${key}-2` });
    cell(essence(reply) === essence(none), `${actor}: the clerk's key`, reply);
  }
  /* Nor does one's own, when the ticket has gone. */
  const gone = await dispatched(t, await make(t, { name: 'gone', lead: 'T01' }));
  await client.ask('t01_handler', 'POST', gone.it.target('note'), { json: { text: 'x' }, key: 'before' });
  await gone.it.does('clerk', 'recall', { reason: '改派' });
  Object.assign(gone, { units: [], lead: null });
  const replay = await client.ask('t01_handler', 'POST', gone.it.target('note'), { json: { text: 'x' }, key: 'before' });
  const none = await client.ask('t01_handler', 'GET', `/api/v1/tickets/${MISSING}`);
  cell(essence(replay) === essence(none), 't01_handler: a replay on a ticket that has been recalled', replay);

  /* Sessions: one is not another's, and what is wrong with one is not told. */
  const required = await client.ask(null, 'GET', '/api/v1/session');
  for (const cookie of ['yidan_session=', `yidan_session=${'A'.repeat(43)}`, 'yidan_session=short', 'other=1']) {
    const reply = await client.ask(null, 'GET', '/api/v1/session', { headers: { Cookie: cookie } });
    cell(essence(reply) === essence(required), `the cookie ${cookie}`, reply);
  }
  const own_sessions = await client.ask('supervisor', 'GET', '/api/v1/me/sessions');
  await alike('the number of a foreign session', 'clerk', 'DELETE', (id) => `/api/v1/me/sessions/${id}`, null, own_sessions.json.items[0].id, 999_999);
  const csrf = (await client.session('clerk')).csrf;
  const crossed = await client.ask('t01_handler', 'POST', own.it.target('note'), { json: { text: 'x' }, headers: { 'X-CSRF-Token': csrf } });
  cell(crossed.status === 403 && crossed.json.code === 'session.csrf', 'a token of another session', crossed);
}

/* The log and the figures: ids only. */
async function logAndFigures(t, place) {
  for (const path of ['/healthz', '/readyz', '/metrics']) await t.client.ask(null, 'GET', path); /* searched as nobody's */
  const log = place.readLog();
  const secrets = [...t.client.sessions.values()].flatMap(({ cookie, csrf }) => [cookie.split('=')[1], csrf]).concat([...t.client.tokens.values()].map((token) => token.slice(-43)));
  for (const word of [...canaries.map((canary) => canary.word), ...secrets, 'password of', '李', '王']) {
    cells++;
    if (log.includes(word)) leaks.push(`the log has ${word}: ${log.split('\n').find((line) => line.includes(word))}`);
  }
  return log.length;
}

/* --- All of it ------------------------------------------------------------------------ */

const place = new Place(MONDAY);
const client = new Client(new Contract(), search);
const county = new County();
const steps = new Steps(client, place, county);
let server = null;
let failed = false;
const count = async (title, run) => {
  const before = cells;
  await run();
  console.log(`  ${title}: ${cells - before} cells`);
};

try {
  County.bootstrap(place);
  server = await place.start({ 'attachments-per-ticket': 200, 'public-wrong-hourly': 1000 });
  client.attach(server);
  await county.build(steps);
  await steps.begin();
  const listeners = await listenAll(steps);
  const all = await tickets(steps);
  await count('live updates', () => live(steps, all, listeners));
  await count('routes that name a ticket', () => ticketRoutes(steps, all));
  await count('files of tickets', () => files(steps, all));
  await count('forms in clear', () => prints(steps, all));
  await count('the trail', () => trail(steps, all));
  await count('lists and their filters', () => lists(steps, all));
  await count('figures of reports', () => reports(steps, all));
  await count('what bodies, keys and cursors name', () => names(steps, all));
  await count('what a citizen is shown', () => citizens(steps, all));
  await count('files of citizens', () => citizensFiles(steps, all));
  await count('other routes', () => otherRoutes(steps)); /* last: its ledger makes a ticket that no list above knows */
  await count('the log', () => logAndFigures(steps, place));
  await server.stop();
} catch (error) {
  failed = true;
  console.log(error instanceof StepFailed ? error.message : error.stack);
  if (server !== null && !server.isEnded) await server.stop().catch(() => {});
}

for (const leak of leaks.slice(0, SHOWN)) console.log(`LEAK ${leak}`);
if (leaks.length > SHOWN) console.log(`… ${leaks.length} in all`);
if (cells < CELLS_MIN) console.log(`fewer than ${CELLS_MIN} cells`);
if (failed || leaks.length > 0) console.log(`the server's log: ${place.log}`);
else place.remove();
console.log(`access: ${cells} cells, ${canaries.length} canaries sought in ${searched} answers and the log, ${leaks.length} leaks`);
process.exitCode = failed || leaks.length > 0 || cells < CELLS_MIN ? 1 : 0;
