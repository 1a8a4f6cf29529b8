// From what fields hold to what a request carries: what is empty is left out.
import { fromField } from '@/lib/dates';
import type { FormField } from '@/stores/meta';
import type { Value, Values } from './form';

function one(field: FormField | undefined, value: Value): unknown {
  if (value === undefined || value === '') return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  if (typeof value === 'boolean') return value;
  switch (field?.kind) {
    case 'bool':
      return value === 'yes';
    case 'int':
      return Number(value);
    case 'time':
      return fromField(value);
    case 'text':
      return value.trim() === '' ? undefined : value.trim();
    default:
      return value;
  }
}

/** `names` with a dot ("petitioner.phone") become members of an object. */
export function toWire(
  values: Values,
  names: Iterable<string>,
  fieldOf: (name: string) => FormField | undefined,
): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const name of names) {
    const value = one(fieldOf(name), values[name]);
    if (value === undefined) continue;
    const [outer, inner] = name.split('.') as [string, string | undefined];
    if (inner === undefined) body[outer] = value;
    else body[outer] = { ...(body[outer] as object | undefined), [inner]: value };
  }
  return body;
}

/** `body` without the members that its form does not show. */
export function without(
  body: Record<string, unknown>,
  ...names: string[]
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}
