/*
 * contract.mjs - api/openapi.yaml as something to ask: which operation is this,
 * is this body good, may this be answered, and what was never exercised?
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.CONTRACT_PACKAGES}/`);
const YAML = require('yaml');
const Ajv = require('ajv/dist/2020.js').default;
const addFormats = require('ajv-formats').default;

export const top = new URL('../../', import.meta.url);
export const source = readFileSync(new URL('api/openapi.yaml', top), 'utf8');

/* Error codes and statuses, from the registry itself. */
export const errors = new Map(
  readFileSync(new URL('api/errors.tsv', top), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'))
    .map(([code, status]) => [code, Number(status)]),
);

/* What stands below a ticket and is no action. */
/* Bodies that are files: by their type, one that is taken, and with which query. */
const FILES = {
  'application/octet-stream': { body: '现场情况', query: '?name=a.txt&kind=internal', most: 20971520, refusal: 'attachment.media_type' },
  'text/csv': { body: '渠道,受理时间,内容\n热线电话,2019-04-25,路灯不亮\n', query: '?dry_run=true', most: 67108864, refusal: 'import.media_type' },
};
const NO_ACTIONS = ['attachments', 'views'];

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const CONTRACT = 'contract:openapi';
const pointer = (...keys) =>
  `${CONTRACT}#/${keys
    .map((key) => encodeURIComponent(String(key).replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/')}`;

export class Contract {
  constructor() {
    this.doc = YAML.parse(source, { maxAliasCount: -1 });
    this.ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
    addFormats(this.ajv);
    this.ajv.addSchema(this.doc, CONTRACT);
    this.compiled = new Map();
    this.operations = [];
    for (const [path, item] of Object.entries(this.doc.paths))
      for (const method of METHODS)
        if (item[method] !== undefined) this.operations.push(this.operation(path, method));
    this.anywhere = new Set(this.doc['x-errors-anywhere']);
    this.nowhere = new Set(this.doc['x-errors-nowhere']);
  }

  operation(path, method) {
    const spec = this.doc.paths[path][method];
    const parameters = (spec.parameters ?? []).map((parameter) => this.deref(parameter));
    return {
      path,
      method: method.toUpperCase(),
      name: `${method.toUpperCase()} ${path}`,
      spec,
      errors: new Set(spec['x-errors']),
      statuses: Object.keys(spec.responses).filter((status) => status !== 'default').map(Number),
      parameters,
      body: spec.requestBody?.content?.['application/json']?.schema ?? null,
      /* A body that is a file: what is sent, and with which query. */
      file: Object.entries(FILES).map(([type, file]) => spec.requestBody?.content?.[type] && { type, ...file, ...(parameters.some((one) => one.name === 'kind') || type === 'text/csv' ? {} : { query: '?name=a.txt' }) }).find(Boolean) ?? null,
      isForm: spec.requestBody?.content?.['application/x-www-form-urlencoded'] !== undefined,
      action: NO_ACTIONS.includes(path.split('/').at(-1)) ? null : /^\/api\/v1\/tickets\/\{no\}\/([a-z-]+)$/.exec(path)?.[1] ?? null,
      regex: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '([^/]+)')}$`),
      /* Written segments win over {values}, as in the server. */
      values: (path.match(/\{/g) ?? []).length,
    };
  }

  deref(node) {
    if (node?.$ref === undefined) return node;
    const found = node.$ref.slice(2).split('/').reduce((at, key) => at[key], this.doc);
    const { $ref: _, ...beside } = node;
    return { ...this.deref(found), ...beside };
  }

  find(method, target) {
    const path = target.split('?')[0];
    return this.operations
      .filter((operation) => operation.method === method && operation.regex.test(path))
      .sort((a, b) => a.values - b.values)[0];
  }

  /* What is wrong with `value` by the schema at `keys`; [] when nothing is. */
  check(value, ...keys) {
    const ref = pointer(...keys);
    if (!this.compiled.has(ref)) this.compiled.set(ref, this.ajv.compile({ $ref: ref }));
    const validate = this.compiled.get(ref);
    if (validate(value)) return [];
    return validate.errors.map(
      (error) => `${error.instancePath || '(all of it)'} ${error.message} ${JSON.stringify(error.params)}`,
    );
  }

  checkBody(operation, value) {
    return this.check(withoutNulls(value), 'paths', operation.path, operation.method.toLowerCase(),
      'requestBody', 'content', 'application/json', 'schema');
  }

  /* Does this reply keep the contract?  The list of what does not. */
  checkReply(exchange) {
    const { operation, reply } = exchange;
    const wrong = [];
    const problem = reply.json?.code === undefined ? null : reply.json;
    if (operation === undefined || operation === null) {
      if (problem === null) return [`answered ${reply.status} where there is no operation`];
      if (!this.nowhere.has(problem.code) && !this.anywhere.has(problem.code) &&
          !['http.query', 'http.too_large', 'http.media_type', 'http.length_required',
            'session.required', 'session.csrf', 'forbidden'].includes(problem.code))
        wrong.push(`${problem.code} where there is no operation`);
      return wrong.concat(this.checkProblem(reply));
    }
    const declared = operation.spec.responses[String(reply.status)];
    const spec = this.deref(declared ?? operation.spec.responses.default);
    const method = operation.method.toLowerCase();
    if (declared === undefined && !(problem !== null && this.anywhere.has(problem.code)))
      wrong.push(`status ${reply.status} is not declared`);
    for (const [name, header] of Object.entries(spec.headers ?? {})) {
      const value = reply.headers[name.toLowerCase()];
      const rule = this.deref(header);
      const text = Array.isArray(value) ? value.join(', ') : value;
      if (text === undefined) {
        if (rule.required) wrong.push(`no header ${name}`);
      } else if (this.ajv.compile(this.absolute(rule.schema))(text) === false)
        wrong.push(`header ${name}: ${text}`);
    }
    const media = Object.keys(spec.content ?? {});
    const type = reply.headers['content-type'];
    if (media.length === 0 && reply.body.length > 0) wrong.push('a body that is not declared');
    if (media.length > 0 && !media.includes(type)) wrong.push(`Content-Type ${type}, not ${media}`);
    if (problem !== null && type === 'application/problem+json') {
      wrong.push(...this.checkProblem(reply));
      const codes = [problem.code, ...(problem.errors ?? []).map((error) => error.code)];
      for (const code of codes)
        if (!operation.errors.has(code) && !this.anywhere.has(code))
          wrong.push(`the error ${code} is not in x-errors`);
    } else if (media.length > 0) {
      const value = type?.startsWith('application/json') ? reply.json : reply.text;
      const keys = declared?.$ref === undefined
        ? ['paths', operation.path, method, 'responses', reply.status]
        : declared.$ref.slice(2).split('/');
      if (value === undefined) wrong.push('not JSON');
      else if (type === 'text/event-stream') wrong.push(...this.checkEvents(operation, method, value));
      else wrong.push(...this.check(value, ...keys, 'content', type, 'schema'));
    }
    return wrong;
  }

  /* OpenAPI 3.1 has no words for a stream's events: `x-events` names each with its data. */
  checkEvents(operation, method, text) {
    const wrong = [];
    for (const { event, data } of eventsOf(text)) {
      if (operation.spec['x-events']?.[event] === undefined) wrong.push(`the event ${event} is not in x-events`);
      else wrong.push(...this.check(data, 'paths', operation.path, method, 'x-events', event).map((one) => `${event}: ${one}`));
    }
    return wrong;
  }

  checkProblem(reply) {
    const wrong = this.check(reply.json, 'components', 'schemas', 'Problem');
    const problem = reply.json ?? {};
    if (errors.get(problem.code) !== reply.status)
      wrong.push(`${problem.code} has status ${errors.get(problem.code)} in errors.tsv, not ${reply.status}`);
    for (const error of problem.errors ?? [])
      if (!errors.has(error.code)) wrong.push(`${error.code} is not in errors.tsv`);
    if (problem.status !== reply.status) wrong.push('`status` is not the status');
    if (problem.request_id !== reply.headers['x-request-id'])
      wrong.push('`request_id` is not X-Request-Id');
    return wrong;
  }

  /* A schema whose references lead into the contract. */
  absolute(schema) {
    return JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${CONTRACT}#/`));
  }
}

/* The whole events of a stream's text: [{ id, event, data }]. */
export function eventsOf(text) {
  return text.split('\n\n').slice(0, -1).map((block) => {
    const of = (name) => block.split('\n').find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    return { id: of('id'), event: of('event'), data: of('data') === undefined ? undefined : JSON.parse(of('data')) };
  }).filter(({ data }) => data !== undefined);
}

/* A member that is null counts as absent in a request. */
export function withoutNulls(value) {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([key, member]) => [key, withoutNulls(member)]),
  );
}
