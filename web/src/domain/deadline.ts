// How long is left, in words that a person would use.
export interface TimeLeft {
  isOver: boolean;
  /** Two units at most, the second left out when it is nothing. */
  days: number;
  hours: number;
  minutes: number;
}

const MINUTE_MS = 60_000;

/** Calendar time between `now` and `due` (ms since 1970), in whole minutes. */
export function timeLeft(due: number, now: number): TimeLeft {
  const minutes = Math.floor(Math.abs(due - now) / MINUTE_MS);
  return {
    isOver: due < now,
    days: Math.floor(minutes / 1440),
    hours: Math.floor((minutes % 1440) / 60),
    minutes: minutes % 60,
  };
}

/** The moment a ticket is measured by: its unit's while that clock runs, else the office's own. */
export const dueShown = (
  light: 'none' | 'green' | 'yellow' | 'red',
  due: string | null,
  officeDue: string | null | undefined,
): string | null => (light !== 'none' ? due : (officeDue ?? null));

/** Those that are alike keep their order. */
export const sortedBy = <Item>(items: readonly Item[], by: (item: Item) => number): Item[] =>
  [...items].sort((one, other) => {
    const [a, b] = [by(one), by(other)];
    return a === b ? 0 : a - b;
  });
