// A record of the office as a form holds it, and what of it travels: all of a new one, of a kept
// one only what was changed.
import type { Value, Values } from '@/forms/form';
import { t } from '@/i18n';
import { fromField } from '@/lib/dates';
import type { FormField } from '@/stores/meta';
import type { Option } from '@/ui/options';

export interface FieldSpec {
  name: string;
  kind: FormField['kind'];
  /** Of a text its characters, of a number its value, of a list its length. */
  max?: number;
  min?: number;
  required?: boolean;
  /** Only when it is made: it never changes afterwards. */
  once?: boolean;
  /** Only of one that is there. */
  later?: boolean;
  /** Enumeration of /meta. */
  choices?: string;
  options?: () => Option[];
  /** Few choices: all in sight. */
  radios?: boolean;
  label?: string;
  hint?: string;
  rows?: number;
  /** Half as wide. */
  half?: boolean;
  /** A heading above it. */
  section?: string;
  placeholder?: string;
  /** Pinyin of these fields, kept while nobody writes something else. */
  pinyinOf?: string[];
  /** Left out of the body when it is empty, instead of sent empty. */
  optional?: boolean;
}

export type Body = Record<string, unknown>;
type Plain = Record<string, unknown>;

export const asFormField = (spec: FieldSpec): FormField => ({
  name: spec.name,
  kind: spec.kind,
  ...(spec.max === undefined ? {} : { max: spec.max }),
  ...(spec.min === undefined ? {} : { min: spec.min }),
  ...(spec.choices === undefined ? {} : { choices: spec.choices }),
});

function valueOf(spec: FieldSpec, value: unknown): Value {
  if (spec.kind === 'texts' || spec.kind === 'choices')
    return Array.isArray(value) ? value.map(String) : [];
  if (spec.kind === 'bool') return value === true ? 'yes' : value === false ? 'no' : '';
  return value === null || value === undefined ? '' : String(value);
}

/** What the form holds of `record`. */
export function valuesOf(record: object | null, fields: FieldSpec[]): Values {
  return Object.fromEntries(
    fields.map((spec) => [spec.name, valueOf(spec, (record as Plain | null)?.[spec.name])]),
  );
}

function wireOf(spec: FieldSpec, value: Value): unknown {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string') return value;
  if (spec.kind === 'bool') return value === 'yes';
  if (spec.kind === 'time') return fromField(value);
  const text = value.trim();
  // What is no number is sent as it is typed: the server says what is wrong with it.
  if (spec.kind === 'int') return /^-?\d+$/.test(text) ? Number(text) : text;
  return text;
}

const isSame = (one: Value, other: Value) => JSON.stringify(one) === JSON.stringify(other);
const isEmpty = (value: Value) =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** The body of a new one: what is empty is left out, and missed by name when it is required. */
export function bodyOf(values: Values, fields: FieldSpec[]): Body {
  return Object.fromEntries(
    fields
      .filter((spec) => spec.later !== true)
      .filter((spec) => !isEmpty(values[spec.name]))
      .map((spec) => [spec.name, wireOf(spec, values[spec.name])]),
  );
}

/** Names of the fields in which `values` differs from `before`. */
export function changedNames(values: Values, before: Values, fields: FieldSpec[]): string[] {
  return fields
    .filter((spec) => spec.once !== true && !isSame(values[spec.name], before[spec.name]))
    .map((spec) => spec.name);
}

/** The members of a change. */
export function changesOf(values: Values, before: Values, fields: FieldSpec[]): Body {
  const names = new Set(changedNames(values, before, fields));
  return Object.fromEntries(
    fields
      .filter((spec) => names.has(spec.name))
      .filter((spec) => spec.optional !== true || !isEmpty(values[spec.name]))
      .map((spec) => [spec.name, wireOf(spec, values[spec.name])]),
  );
}

/**
 * Somebody else has saved `theirs` since `before` was read: what this person has not touched takes
 * theirs, what was typed stays.
 */
export function rebased(
  values: Values,
  before: Values,
  theirs: Values,
  fields: FieldSpec[],
): Values {
  const mine = new Set(changedNames(values, before, fields));
  return Object.fromEntries(
    fields.map((spec) => [spec.name, mine.has(spec.name) ? values[spec.name] : theirs[spec.name]]),
  );
}

/** What every list of records that can be retired is filtered by. */
export const stateFilter = () => ({
  name: 'state',
  label: t('admin.state'),
  options: [
    { value: 'enabled', label: t('admin.enabled') },
    { value: 'disabled', label: t('admin.disabled') },
  ],
  fits: (row: { enabled: boolean }, value: string) => row.enabled === (value === 'enabled'),
});
