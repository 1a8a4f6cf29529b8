// Periods that people ask for, as days in Shanghai; `today` is "2026-11-27".
export type PeriodName =
  'day' | 'yesterday' | 'week' | 'lastWeek' | 'month' | 'lastMonth' | 'quarter' | 'year';
export interface Period {
  from: string;
  to: string;
}

const DAY_MS = 86_400_000;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const at = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** "2026-10" before "2026-11". */
export function monthBefore(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return dayOf(Date.UTC(year, number - 2, 1)).slice(0, 7);
}

/** The first and the last day of "2026-11". */
export function daysOfMonth(month: string): Period {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return { from: `${month}-01`, to: dayOf(Date.UTC(year, number, 0)) };
}

/** A week begins on Monday.  What is not over ends today. */
export function periodOf(name: PeriodName, today: string): Period {
  const [year = 0, month = 1] = today.split('-').map(Number);
  const monday = at(today) - ((new Date(at(today)).getUTCDay() + 6) % 7) * DAY_MS;
  switch (name) {
    case 'day':
      return { from: today, to: today };
    case 'yesterday':
      return { from: dayOf(at(today) - DAY_MS), to: dayOf(at(today) - DAY_MS) };
    case 'week':
      return { from: dayOf(monday), to: today };
    case 'lastWeek':
      return { from: dayOf(monday - 7 * DAY_MS), to: dayOf(monday - DAY_MS) };
    case 'month':
      return { from: `${today.slice(0, 7)}-01`, to: today };
    case 'lastMonth':
      return daysOfMonth(monthBefore(today.slice(0, 7)));
    case 'quarter':
      return { from: dayOf(Date.UTC(year, month - 1 - ((month - 1) % 3), 1)), to: today };
    case 'year':
      return { from: `${year}-01-01`, to: today };
  }
}

/** A daily brief is of one day, a weekly one of seven. */
export function briefKind(period: Period): 'daily' | 'weekly' | undefined {
  const days = (at(period.to) - at(period.from)) / DAY_MS + 1;
  return days === 1 ? 'daily' : days === 7 ? 'weekly' : undefined;
}

/** Which of `names` these days are. */
export const nameOfPeriod = (
  period: Period,
  names: readonly PeriodName[],
  today: string,
): PeriodName | undefined =>
  names.find((name) => {
    const one = periodOf(name, today);
    return one.from === period.from && one.to === period.to;
  });
