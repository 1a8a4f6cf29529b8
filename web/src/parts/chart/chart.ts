// What a chart says, whatever draws it: the drawing and the table beside it are made of this.
export type ChartTone = 'brand' | 'green' | 'amber' | 'red' | 'grey';
export interface ChartSeries {
  name: string;
  tone: ChartTone;
  /** One for each label; null where there is nothing to draw. */
  values: (number | null)[];
  /** The list behind each value, where there is one; it stands in the table. */
  hrefs?: (string | null)[];
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

const LINE = 26;
/** Pixels: what is drawn keeps the place it was given. */
export const chartHeight = (data: ChartData): number =>
  data.isLying
    ? 64 + data.labels.length * LINE * (data.isStacked ? 1 : Math.max(1, data.series.length * 0.8))
    : 280;
