/*
 * steps.mjs - what scenarios are written with: one line, one step.
 *
 * The first success of each action is led in by what must be refused then (a
 * stale version, each member that it must carry left out) and followed by its
 * replay under the same key, and by another body under that key.
 */
import { randomUUID } from 'node:crypto';
import { expect, show, StepFailed } from './client.mjs';

const STALE = 1_000_000;

export class Steps {
  constructor(client, place, county) {
    this.client = client;
    this.place = place;
    this.clock = place.clock;
    this.county = county;
    this.led = new Set(); /* actions whose first success was led in */
    this.rows = new Map(); /* rows of the table of actions that were exercised */
  }

  async begin() {
    this.meta = (await this.get('clerk', '/api/v1/meta')).json;
  }

  /* Another moment: nobody's session survives a long jump, so everybody signs in anew. */
  at(text) {
    this.clock.set(text);
    this.client.forget();
  }

  async get(actor, target, expected = '200') {
    return expect(await this.client.ask(actor, 'GET', target), expected);
  }

  async post(actor, target, json, expected = '200', options = {}) {
    return expect(await this.client.ask(actor, 'POST', target, { json, ...options }), expected);
  }

  async patch(actor, target, json, expected = '200', options = {}) {
    return expect(await this.client.ask(actor, 'PATCH', target, { json, ...options }), expected);
  }

  /* Settings or limits, upon what stands there now. */
  async set(list, change) {
    const at = `/api/v1/${list}`;
    const { version } = (await this.get('admin', at)).json;
    return this.patch('admin', at, { version, ...change });
  }

  async del(actor, target, expected = '204', options = {}) {
    return expect(await this.client.ask(actor, 'DELETE', target, options), expected);
  }

  async put(actor, target, json, expected = '200', options = {}) {
    return expect(await this.client.ask(actor, 'PUT', target, { json, ...options }), expected);
  }

  /* Another system: from now on an actor by the name of its token. */
  async system(name, scopes, more = {}) {
    const reply = await this.post('admin', '/api/v1/tokens', { name, scopes, ...more }, '201');
    this.client.tokens.set(name, reply.json.token);
    return reply.json;
  }

  /* What must be so beside the contract. */
  holds(is_so, what, reply) {
    if (!is_so) throw new StepFailed(`${what}${reply === undefined ? '' : `\n${show(reply.exchange)}`}`);
  }

  async create(draft = {}, actor = 'clerk') {
    const json = {
      channel: 'phone',
      kind: 'complaint',
      content: '村口道路积水，行人无法通过。请尽快处理。',
      petitioner: { name: '刘一', phone: '138 0000 1234' },
      ...draft,
    };
    return new Ticket(this, await this.post(actor, '/api/v1/tickets', json, '201'));
  }

  /* A citizen's message, from an address of its own: what its sender keeps. */
  async message(more = {}) {
    const { form } = (await this.get(null, '/api/v1/public/meta')).json;
    if (form.min_seconds > 0) this.clock.advance(form.min_seconds + 1);
    const json = { token: form.token, channel: 'web', content: '村口路灯坏了三天。', ...more };
    return (await this.post(null, '/api/v1/public/messages', json, '201', { headers: { 'X-Forwarded-For': '10.9.0.1' } })).json;
  }

  /* A ticket on its way: created, dispatched, signed, replied, approved … as far as asked. */
  async ticketIn(state, { draft = {}, unit = 'T01', co = [], reply = {} } = {}) {
    const ticket = await this.create(draft);
    const handler = `${unit.toLowerCase()}_handler`;
    const way = ['received', 'dispatched', 'handling', 'replied', 'feedback', 'closed'];
    const far = way.indexOf(state);
    if (far >= 1) await ticket.does('clerk', 'dispatch', { lead_unit: unit, ...(co.length > 0 && { co_units: co }) });
    if (far >= 2) await ticket.does(handler, 'sign');
    if (far >= 3) await ticket.does(handler, 'reply', this.reply(reply));
    if (far >= 4) await ticket.does('clerk', 'approve-reply');
    if (far >= 5) await ticket.does('clerk', 'call-back', this.callback());
    return ticket;
  }

  reply(more = {}) {
    return {
      contacted: true,
      finding: '现场查看，排水沟被落叶堵塞。',
      measures: '已清理排水沟。',
      reply_text: '您好，您反映的道路积水已经处理，现已恢复通行。',
      outcome: 'solved',
      told_at: this.clock.time(-60),
      told_way: 'phone',
      signed_off_by: '张镇长',
      override_reason: '情况简单，已当面说明。',
      ...more,
    };
  }

  callback(more = {}) {
    return { connected: true, contacted_by_unit: true, solved: true, satisfaction: 'satisfied', ...more };
  }

  told(more = {}) {
    return { told_at: this.clock.time(-60), told_way: 'phone', ...more };
  }

  extension(more = {}) {
    return {
      reason_code: 'coordination',
      reason: '需要与相邻乡镇协调施工。',
      promised_on: '2026-03-20',
      interim_reply: '正在协调，预计本月二十日前完成。',
      ...this.told(),
      ...more,
    };
  }

  /* A ticket that came by another way. */
  async adopt(no, actor = 'clerk') {
    return new Ticket(this, await this.get(actor, `/api/v1/tickets/${no}`));
  }

  /* The citizen's row of the table. */
  noteCitizen(word, from) {
    const index = this.meta.actions.findIndex((rule) => rule.word === word && rule.from.includes(from) && isCitizens(rule));
    if (!this.rows.has(index)) this.rows.set(index, new Set());
    this.rows.get(index).add(from);
  }

  /* The row of the table that allowed this. */
  note(word, from, actor, before) {
    const unit = this.county.unitOf(actor);
    const isCo = before.co_units.some((co) => co.code === unit) && before.lead_unit?.code !== unit;
    for (const [index, rule] of this.meta.actions.entries()) {
      if (rule.word !== word || !rule.from.includes(from) || isCitizens(rule)) continue;
      const wantsCo = rule.who.some((who) => who.startsWith('co_')) && !rule.who.some((who) => who.startsWith('lead_'));
      if (wantsCo !== isCo && this.meta.actions.filter((other) => other.word === word).length > 1) continue;
      if (!this.rows.has(index)) this.rows.set(index, new Set());
      this.rows.get(index).add(from);
    }
  }
}

const isCitizens = (rule) => rule.who.every((who) => who === 'citizen');

export class Ticket {
  constructor(steps, reply) {
    this.steps = steps;
    this.take(reply);
  }

  take(reply) {
    this.view = reply.json;
    this.no = reply.json.no;
    this.version = reply.json.version;
    this.state = reply.json.state;
    return reply;
  }

  target(action) {
    return `/api/v1/tickets/${this.no}${action === undefined ? '' : `/${action}`}`;
  }

  rules(action) {
    return this.steps.meta.actions.filter((rule) => rule.path === action && !isCitizens(rule));
  }

  body(action, body) {
    const isVersioned = this.rules(action).some((rule) => rule.versioned);
    return isVersioned ? { version: this.version, ...body } : { ...body };
  }

  async does(actor, action, body = {}) {
    const { steps } = this;
    const json = this.body(action, body);
    const isFirst = !steps.led.has(action);
    const key = randomUUID();
    const before = this.view;
    if (isFirst) {
      steps.led.add(action);
      await this.leadIn(actor, action, json);
    }
    const reply = await steps.post(actor, this.target(action), json, '200', { key });
    this.take(reply);
    steps.note(this.rules(action)[0].word, before.state, actor, before);
    if (isFirst) await this.leadOut(actor, action, json, key);
    return reply;
  }

  async leadIn(actor, action, json) {
    const { steps } = this;
    await steps.post(actor, this.target(action), { ...json, version: this.version + STALE }, '409 ticket.version_conflict');
    const must = new Set(this.rules(action).flatMap((rule) => rule.must.map((field) => field.name)));
    for (const name of this.rules(action).some((rule) => rule.versioned) ? ['version', ...must] : must) {
      const { [name]: _, ...rest } = json;
      await steps.post(actor, this.target(action), rest, `422 field.missing ${name}`);
      await steps.post(actor, this.target(action), { ...json, [name]: null }, `422 field.missing ${name}`);
    }
  }

  async leadOut(actor, action, json, key) {
    const { steps } = this;
    const again = await steps.post(actor, this.target(action), json, '200', { key });
    steps.holds(again.json.version === this.version, 'a replay did it again', again);
    await steps.post(actor, this.target(action), { ...json, version: this.version + STALE }, '422 idempotency.mismatch', { key });
  }

  /* It is refused like that, and nothing changes. */
  async fails(actor, action, expected, body = {}) {
    return this.steps.post(actor, this.target(action), this.body(action, body), expected);
  }

  async seen(actor = 'clerk') {
    return this.take(await this.steps.get(actor, this.target()));
  }
}
