// Days of a year as the grid draws them.  A day is "2026-11-28"; no zone is involved.
export type Mark = 'plain' | 'holiday' | 'workday';
export interface Day {
  mark: Mark;
  name: string;
}

const MS = 86_400_000;
const at = (day: string) => Date.parse(`${day}T00:00:00Z`);
export const nextDay = (day: string, count: number) =>
  new Date(at(day) + count * MS).toISOString().slice(0, 10);
/** 0 is Monday. */
export const weekdayOf = (day: string) => (new Date(at(day)).getUTCDay() + 6) % 7;
export const isWeekend = (day: string) => weekdayOf(day) >= 5;

/** Weeks of a month, Monday first; null where another month is. */
export function weeksOf(year: number, month: number): (string | null)[][] {
  const first = `${year}-${String(month).padStart(2, '0')}-01`;
  const days: (string | null)[] = Array.from({ length: weekdayOf(first) }, () => null);
  for (let day = first; Number(day.slice(5, 7)) === month; day = nextDay(day, 1)) days.push(day);
  while (days.length % 7 !== 0) days.push(null);
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
}

/** What a press makes of it: a weekday is off or not; a weekend may be worked, too. */
export function turned(day: string, mark: Mark): Mark {
  if (!isWeekend(day)) return mark === 'holiday' ? 'plain' : 'holiday';
  return mark === 'plain' ? 'workday' : mark === 'workday' ? 'holiday' : 'plain';
}

/** The day a key leads to; null when it leads nowhere. */
export function reached(day: string, key: string): string | null {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -7,
    ArrowDown: 7,
    Home: -weekdayOf(day),
    End: 6 - weekdayOf(day),
  };
  const step = steps[key];
  if (step !== undefined) return nextDay(day, step);
  if (key !== 'PageUp' && key !== 'PageDown') return null;
  const month = Number(day.slice(5, 7)) + (key === 'PageUp' ? -1 : 1);
  if (month < 1 || month > 12) return null;
  const [year = '', , date = ''] = day.split('-');
  const last = new Date(Date.UTC(Number(year), month, 0)).getUTCDate();
  return `${year}-${String(month).padStart(2, '0')}-${String(Math.min(Number(date), last)).padStart(2, '0')}`;
}

const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);

/** The file the server reads. */
export function csvOf(days: ReadonlyMap<string, Day>): string {
  const rows = [...days]
    .filter(([, day]) => day.mark !== 'plain')
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([date, day]) => `${date},${day.mark},${quoted(day.name)}`);
  return `date,type,name\n${rows.join('\n')}\n`;
}
