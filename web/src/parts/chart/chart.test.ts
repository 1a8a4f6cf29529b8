import { expect, test } from 'vitest';
import { isLink, nearest, type ChartData } from './chart';

const data: ChartData = {
  kind: 'line',
  labels: ['一', '二'],
  series: [
    { name: 'a', tone: 'brand', values: [3, 0], hrefs: ['/api/v1/tickets?a=1', null] },
    { name: 'b', tone: 'red', values: [5, 2], hrefs: ['/api/v1/tickets?b=1', null] },
    { name: 'c', tone: 'grey', values: [4, 1] },
  ],
};
const from = (place: number) => (value: number) => Math.abs(value - place);

test('a point leads to its list, where it has one', () => {
  const leads = data.series.map((one) => data.labels.map((_, at) => isLink(one, at)));
  expect(leads).toEqual([
    [true, false],
    [true, false],
    [false, false],
  ]);
});
test('a press means the nearest point that leads somewhere, and none that is far away', () => {
  expect(nearest(data, 0, from(3.4), 2)).toBe(0);
  expect(nearest(data, 0, from(4.2), 2)).toBe(1); // the one between them leads nowhere
  expect(nearest(data, 0, from(9), 2)).toBe(null);
  expect(nearest(data, 1, from(2), 2)).toBe(null);
});
