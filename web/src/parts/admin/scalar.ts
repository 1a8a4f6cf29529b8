// A single number or text the office has set, as its field holds it.
import { t, tMaybe } from '@/i18n';

export interface Scalar {
  name: string;
  value: string | number;
  default: string | number;
  min: number;
  max: number;
  /** "s" seconds since midnight, "0|1" no or yes, else said behind the number. */
  unit: string;
  zh: string;
  en: string;
  kind?: 'text' | 'int';
}

/** "17:30" of seconds since midnight. */
export function clockOf(seconds: number): string {
  const two = (count: number) => String(count).padStart(2, '0');
  const rest = seconds % 60;
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}${rest === 0 ? '' : `:${two(rest)}`}`;
}

export function fieldValue(scalar: Scalar, value: string | number = scalar.value): string {
  if (typeof value === 'string') return value;
  if (scalar.unit === 's') return clockOf(value);
  if (scalar.unit === '0|1') return value === 1 ? 'yes' : 'no';
  return String(value);
}

/** What the field holds as one reads it: "7 天", "是". */
export function sayScalar(scalar: Scalar, field: string): string {
  if (scalar.unit === '0|1') return field === 'yes' ? t('common.yes') : t('common.no');
  const unit = tMaybe(`admin.unitOf.${scalar.unit}`, '');
  if (field.trim() === '') return t('admin.empty');
  return unit === '' ? field.trim() : `${field.trim()} ${unit}`;
}

/** What travels; what is no number goes as it is typed, and the server names the field. */
export function scalarWire(scalar: Scalar, field: string): string | number {
  const text = field.trim();
  if (scalar.kind === 'text') return text;
  if (scalar.unit === '0|1') return text === 'yes' ? 1 : 0;
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (scalar.unit === 's' && clock !== null)
    return Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0);
  return /^-?\d+$/.test(text) ? Number(text) : text;
}
