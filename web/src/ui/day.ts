// Days as a clerk types them.  All days are those of Asia/Shanghai.
import { CalendarDate, today as todayIn } from '@internationalized/date';

export function today(): CalendarDate {
  return todayIn('Asia/Shanghai');
}

/** "20261123", "1123", "2026-11-23", "今天", "明天", "+3" as "2026-11-23"; null when it is none. */
export function readDay(text: string, from: CalendarDate): string | null {
  const typed = text.trim();
  if (typed === '今天' || typed === 'today') return from.toString();
  if (typed === '明天' || typed === 'tomorrow') return from.add({ days: 1 }).toString();
  const later = /^\+(\d{1,3})$/.exec(typed);
  if (later !== null) return from.add({ days: Number(later[1]) }).toString();
  const parts =
    /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?$/.exec(typed) ??
    /^()(\d{1,2})[-/.月]?(\d{2})日?$/.exec(typed);
  if (parts === null) return null;
  const year = parts[1] === '' ? from.year : Number(parts[1]);
  const [month, day] = [Number(parts[2]), Number(parts[3])];
  const made = new CalendarDate(year, month, day); // brings a 31st of June into June
  return made.month === month && made.day === day && year >= 1970 ? made.toString() : null;
}
