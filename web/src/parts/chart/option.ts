// The chart as ECharts wants it: colours with enough contrast, hatches beside colours, values on
// bars.  The tooltip is drawn, since one of HTML would carry styles that the policy forbids.
import { showValue, type ChartData, type ChartTone } from './chart';

const colours: Record<ChartTone, string> = {
  brand: '#0b5cad',
  green: '#2f9e62',
  amber: '#b07d00',
  red: '#c22f27',
  grey: '#55606e',
};
const TEXT = '#1b2430';
const MUTED = '#55606e';
const LINE = '#dfe4ea';
/** Bars that are too thin for a number on them have it in the table. */
const MOST_LABELLED = 40;
/** Of the longest bar: a shorter piece has no room for its number. */
const LEAST_LABELLED = 0.06;

export function optionOf(data: ChartData, isNarrow: boolean) {
  const show = (value: unknown) => showValue(data, value === null ? null : Number(value));
  const text = { color: TEXT, fontSize: 12, fontFamily: 'inherit' };
  const names = {
    type: 'category' as const,
    data: data.labels,
    axisLabel: { ...text, hideOverlap: true },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: MUTED } },
    ...(data.isLying ? { inverse: true } : {}),
  };
  const numbers = {
    type: 'value' as const,
    min: 0,
    ...(data.isShare ? { max: 1 } : { minInterval: 1 }),
    axisLabel: { ...text, color: MUTED, formatter: (value: number) => show(value) },
    splitLine: { lineStyle: { color: LINE } },
  };
  const longest = Math.max(
    1,
    ...data.labels.map((_, at) => data.series.reduce((sum, one) => sum + (one.values[at] ?? 0), 0)),
  );
  const hasRoom = (value: unknown) =>
    Number(value) >= longest * LEAST_LABELLED * (isNarrow ? 2 : 1);
  const isLabelled =
    data.kind === 'bar' &&
    data.labels.length * (data.isStacked ? 1 : data.series.length) <=
      (isNarrow && !data.isLying ? 8 : MOST_LABELLED);
  return {
    animation: false,
    aria: { enabled: true, label: { enabled: false }, decal: { show: data.kind === 'bar' } },
    color: data.series.map((one) => colours[one.tone]),
    grid: {
      left: data.isLying ? 20 : 4,
      right: data.isLying ? 44 : 12,
      top: 40,
      bottom: 4,
      containLabel: true,
    },
    legend: { top: 0, left: 0, icon: 'roundRect', textStyle: text, show: data.series.length > 1 },
    tooltip: {
      trigger: 'axis' as const,
      renderMode: 'richText' as const,
      confine: true,
      axisPointer: { type: data.kind === 'bar' ? ('shadow' as const) : ('line' as const) },
      valueFormatter: show,
    },
    xAxis: data.isLying ? numbers : names,
    yAxis: data.isLying ? names : numbers,
    series: data.series.map((one, at) => ({
      type: data.kind,
      name: one.name,
      data: one.values,
      cursor: one.hrefs === undefined && one.open === undefined ? 'default' : 'pointer',
      ...(data.isStacked ? { stack: 'all' } : {}),
      ...(data.kind === 'bar'
        ? {
            barMaxWidth: 28,
            label: {
              show: isLabelled,
              position: data.isStacked
                ? ('inside' as const)
                : data.isLying
                  ? ('right' as const)
                  : ('top' as const),
              formatter: ({ value }: { value: unknown }) =>
                data.isStacked && !hasRoom(value) ? '' : show(value),
              color: data.isStacked ? '#fff' : TEXT,
              ...(data.isStacked ? { textBorderColor: colours[one.tone], textBorderWidth: 3 } : {}),
              fontSize: 12,
            },
          }
        : {
            symbol: ['circle', 'rect', 'triangle', 'diamond'][at % 4] ?? 'circle',
            symbolSize: 6,
            lineStyle: { width: 2, type: (['solid', 'dashed', 'dotted'] as const)[at % 3] },
          }),
    })),
  };
}
