// What a chart says, whatever draws it: the drawing and the table beside it are made of this.
export type ChartTone = 'brand' | 'green' | 'amber' | 'red' | 'grey';
export interface ChartSeries {
  name: string;
  tone: ChartTone;
  /** One for each label; null where there is nothing to draw. */
  values: (number | null)[];
  /** The list behind each value, where there is one: its point and its number lead there. */
  hrefs?: (string | null)[];
  /** What else a point leads to, where no list says what it is made of. */
  open?: (at: number) => void;
}
export interface ChartData {
  kind: 'bar' | 'line';
  labels: string[];
  series: ChartSeries[];
  /** Bars lie, each label on a line of its own. */
  isLying?: boolean;
  isStacked?: boolean;
  /** Values are shares, 0 to 1. */
  isShare?: boolean;
}

export const showValue = (data: ChartData, value: number | null): string =>
  value === null ? '–' : data.isShare ? `${(value * 100).toFixed(1)}%` : String(value);

/** Does a point lead anywhere? */
export const isLink = (one: ChartSeries, at: number): boolean =>
  Boolean(one.values[at]) && (one.open !== undefined || typeof one.hrefs?.[at] === 'string');

/** Of the values at a place, each so many pixels from where somebody pressed, the one that is meant. */
export function nearest(
  data: ChartData,
  at: number,
  distanceOf: (value: number) => number,
  most: number,
): number | null {
  let found: number | null = null;
  let least = most;
  data.series.forEach((one, series) => {
    const value = one.values[at];
    if (typeof value !== 'number' || !isLink(one, at)) return;
    const distance = distanceOf(value);
    if (distance > least) return;
    least = distance;
    found = series;
  });
  return found;
}

const LINE = 26;
/** Pixels: what is drawn keeps the place it was given. */
export const chartHeight = (data: ChartData): number =>
  data.isLying
    ? 64 + data.labels.length * LINE * (data.isStacked ? 1 : Math.max(1, data.series.length * 0.8))
    : 280;
