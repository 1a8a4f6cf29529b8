// Rates as people read them.
export const showRate = (rate: number | null): string =>
  rate === null ? '–' : `${(rate * 100).toFixed(1)}%`;

/** Points, at most two places: "3.5", "12". */
export const showPoints = (points: number | null): string =>
  points === null ? '–' : String(Math.round(points * 100) / 100);

/** The same with both places, so that numbers of a column stand under each other. */
export const showFixed = (points: number | null): string =>
  points === null ? '–' : points.toFixed(2);

/** "+3.2", in percentage points; nothing where one of them is none. */
export function changeOfRate(now: number | null, before: number | null): string {
  if (now === null || before === null) return '';
  const change = Math.round((now - before) * 1000) / 10;
  return change > 0 ? `+${change}` : change < 0 ? `−${-change}` : '0';
}

/** "+3.25", in points; nothing where one of them is none. */
export function changeOfPoints(now: number | null, before: number | null): string {
  if (now === null || before === null) return '';
  const change = Math.round((now - before) * 100) / 100;
  return change > 0 ? `+${change}` : change < 0 ? `−${-change}` : '0';
}

export const changeOfCount = (now: number, before: number): string =>
  now > before ? `+${now - before}` : now < before ? `−${before - now}` : '0';
