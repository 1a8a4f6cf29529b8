// Times as they are shown and sent: always those of Asia/Shanghai (+08:00, no summer time).
import { locale } from '@/i18n';

const ZONE = 'Asia/Shanghai';
const OFFSET_MS = 8 * 3600 * 1000;

function shown(at: string | number | Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), { timeZone: ZONE, hourCycle: 'h23', ...options }).format(
    new Date(at),
  );
}

/** "11-23 10:32", with the year when it is not this one. */
export function showTime(at: string | null | undefined): string {
  if (!at) return '';
  const day = localDay(new Date(at));
  const time = shown(at, { hour: '2-digit', minute: '2-digit' });
  return `${day.slice(0, 4) === localDay(new Date()).slice(0, 4) ? day.slice(5) : day} ${time}`;
}

/** "11-23" or "2025-11-23"; of a day or a moment. */
export function showDay(at: string | null | undefined): string {
  if (!at) return '';
  const day = at.length === 10 ? at : localDay(new Date(at));
  return day.slice(0, 4) === localDay(new Date()).slice(0, 4) ? day.slice(5) : day;
}

/** "2026年11月30日星期一" */
export function showLongDay(at: string | null | undefined): string {
  if (!at) return '';
  return shown(at.length === 10 ? `${at}T12:00:00+08:00` : at, { dateStyle: 'full' });
}

/** On paper: "2026年11月23日"; of a day or a moment. */
export function fullDay(at: string | null | undefined): string {
  if (!at) return '';
  const [year, month, day] = (at.length === 10 ? at : localDay(new Date(at)))
    .split('-')
    .map(Number);
  return `${year}年${month}月${day}日`;
}

/** On paper: "2026-11-23 10:32". */
export function fullTime(at: string | null | undefined): string {
  return at ? toField(new Date(at)).replace('T', ' ') : '';
}

/** The day in Shanghai, "2026-11-23". */
export function localDay(at: Date): string {
  return new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 10);
}

/** What a datetime-local field holds: "2026-11-23T10:32". */
export function toField(at: Date): string {
  return new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 16);
}

/** The field's value on the wire. */
export function fromField(text: string): string {
  return text === '' ? '' : `${text.length === 16 ? `${text}:00` : text}+08:00`;
}
