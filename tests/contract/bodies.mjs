/*
 * bodies.mjs - good bodies made from the contract's schemas, and the same ones
 * spoilt in every way that the server must refuse by name.
 */
const VALUES = {
  month: '2026-01',
  login: 'new.login', password: 'a long password', lead_unit: 'T01', co_units: ['D02'], suggested_unit: 'D02',
  leader: 'leader', into: '20260101-R9998', no: '20260101-R9998', channel: 'phone', category: '010101', unit: 'T01', code: 'NEW001',
  phone: '13800001234', version: 1_000_000, parent: 'D02', area: 'T01', repeat_of: '20260101-R9998',
  csv: '2032-01-01,holiday,元旦', extension: '8001', call_id: 'call-1',
};

export function sampleOf(contract, operation) {
  return sample(contract, operation.body, '', true);
}

/* Only what is required, or, for a whole one, everything. */
export function sample(contract, node, name, onlyRequired) {
  const schema = contract.deref(node);
  if (VALUES[name] !== undefined && schema.type !== 'object' && (schema.enum?.includes(VALUES[name]) ?? true)) return VALUES[name];
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.const !== undefined) return schema.const;
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties)
          .filter(([key]) => !onlyRequired || (schema.required ?? []).includes(key) || schema.minProperties > 0 && key === 'title')
          .map(([key, member]) => [key, sample(contract, member, key, onlyRequired)]),
      );
    case 'array':
      return schema.items === undefined ? [] : [sample(contract, schema.items, '', onlyRequired)];
    case 'integer':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    case 'string':
      if (schema.format === 'date') return '2026-03-20';
      if (schema.format === 'date-time') return '2026-03-09T01:00:00Z';
      return '文字'.repeat(Math.max(1, Math.ceil((schema.minLength ?? 1) / 2))).slice(0, schema.maxLength);
    default:
      throw new Error(`what is ${JSON.stringify(schema)}?`);
  }
}

const isDate = (schema) => schema.format === 'date';
const isTime = (schema) => schema.format === 'date-time';

/* [value, code, path below the member] that one member must not be. */
function* badValues(contract, node) {
  const schema = contract.deref(node);
  switch (schema.type) {
    case 'object':
      yield [7, 'field.type', ''];
      yield [{ nonsense: 1 }, 'field.unknown', '.nonsense'];
      for (const [key, member] of Object.entries(schema.properties))
        for (const [value, code, below] of badValues(contract, member)) yield [{ [key]: value }, code, `.${key}${below}`];
      break;
    case 'array': {
      yield ['x', 'field.type', ''];
      const one = sample(contract, schema.items, '', true);
      yield [Array.from({ length: schema.maxItems + 1 }, () => one), 'field.range', ''];
      if (schema.minItems > 0) yield [[], 'field.range', ''];
      if (schema.uniqueItems) yield [[one, one], 'field.duplicate', '[1]'];
      for (const [value, code, below] of badValues(contract, schema.items)) yield [[value], code, `[0]${below}`];
      break;
    }
    case 'integer':
      yield ['1', 'field.type', ''];
      yield [1.5, 'field.type', ''];
      yield [schema.minimum - 1, 'field.range', ''];
      yield [schema.maximum + 1, 'field.range', ''];
      break;
    case 'boolean':
      yield ['true', 'field.type', ''];
      yield [1, 'field.type', ''];
      break;
    case 'string':
      yield [7, 'field.type', ''];
      if (schema.enum !== undefined) {
        yield ['nonsense', 'field.choice', ''];
        const shouted = schema.enum[0].toUpperCase();
        if (!schema.enum.includes(shouted)) yield [shouted, 'field.choice', ''];
      } else if (isDate(schema)) {
        for (const text of ['2026-02-30', '2026-3-9', '09.03.2026', '1969-12-31']) yield [text, 'field.date', ''];
      } else if (isTime(schema)) {
        for (const text of ['2026-03-09', '2026-03-09T10:00:00', '2026-03-09T25:00:00Z', 'today']) yield [text, 'field.time', ''];
      } else {
        yield ['x'.repeat(schema.maxLength + 1), 'field.too_long', ''];
        yield ['字'.repeat(schema.maxLength + 1), 'field.too_long', ''];
        if (/\\S|\[\^ /.test(schema.pattern ?? '') || schema.minLength > 0) yield [' \u3000\t'.slice(0, 3), 'field.too_short', ''];
        else if (schema.pattern !== undefined) yield ['', 'field.too_short', ''];
        if (schema.minLength > 1) yield ['x'.repeat(schema.minLength - 1), 'field.too_short', ''];
        if (schema.pattern !== undefined && schema.not === undefined) yield ['!@', 'field.invalid', ''];
        else for (const control of ['\u0007', '\u007f', '\u0085']) yield [`${'文字文字文字'.slice(0, schema.maxLength - 1)}${control}文字文字文字`.slice(0, schema.maxLength), 'field.invalid', ''];
      }
      break;
    default:
      throw new Error(`what is ${JSON.stringify(schema)}?`);
  }
}

/* Of an action, what is missing is told only after its state: a step of its own says so. */
export function* spoil(contract, operation, isAction) {
  const good = sampleOf(contract, operation);
  const schema = contract.deref(operation.body);
  yield { body: { ...good, nonsense: 1 }, code: 'field.unknown', field: 'nonsense' };
  if (!isAction)
    for (const name of schema.required ?? []) {
      const { [name]: _, ...rest } = good;
      yield { body: rest, code: 'field.missing', field: name };
      yield { body: { ...good, [name]: null }, code: 'field.missing', field: name };
    }
  for (const [name, member] of Object.entries(schema.properties))
    for (const [value, code, below] of badValues(contract, member))
      yield { body: { ...good, [name]: value }, code, field: `${name}${below}` };
}
