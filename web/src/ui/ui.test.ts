import { CalendarDate } from '@internationalized/date';
import { describe, expect, test, vi } from 'vitest';
import { readDay } from './day';
import { isComposing, keepForInputMethod } from './ime';
import { findOptions, type Option } from './options';

describe('a day as it is typed', () => {
  const from = new CalendarDate(2026, 11, 23);
  test.each([
    ['20261130', '2026-11-30'],
    ['2026-11-30', '2026-11-30'],
    ['2026/1/3', '2026-01-03'],
    ['2026年11月3日', '2026-11-03'],
    ['1130', '2026-11-30'],
    ['今天', '2026-11-23'],
    ['明天', '2026-11-24'],
    ['+8', '2026-12-01'],
    [' +0 ', '2026-11-23'],
  ])('%s is %s', (typed, day) => {
    expect(readDay(typed, from)).toBe(day);
  });
  test.each(['', '2026', '20261131', '1332', 'soon', '+', '20260229', '18991231'])(
    '%s is none',
    (typed) => expect(readDay(typed, from)).toBeNull(),
  );
});

describe('finding by typing', () => {
  const options: Option[] = [
    { value: 't01', label: '城关镇', keys: 'cgz chengguanzhen' },
    { value: 'd11', label: '县住建局', keys: 'xzjj zjj xianzhujianju' },
    { value: 'd12', label: '县交通局', keys: 'xjtj jtj xianjiaotongju' },
  ];
  test('pinyin initials find the unit', () => {
    expect(findOptions(options, 'zjj').map((one) => one.value)).toEqual(['d11']);
    expect(findOptions(options, 'XJ').map((one) => one.value)).toEqual(['d12']);
  });
  test('a part of the name does, and what begins with it comes first', () => {
    expect(findOptions(options, '住建').map((one) => one.value)).toEqual(['d11']);
    expect(findOptions(options, '县').map((one) => one.value)).toEqual(['d11', 'd12']);
  });
  test('nothing typed is everything, up to the limit', () => {
    expect(findOptions(options, ' ').length).toBe(3);
    expect(findOptions(options, '', 2).length).toBe(2);
  });
});

describe('keys of an input method', () => {
  const key = (init: KeyboardEventInit & { keyCode?: number }) =>
    new KeyboardEvent('keydown', init);
  test('are known by each of their three marks', () => {
    expect(isComposing(key({ key: 'Enter', isComposing: true }))).toBe(true);
    expect(isComposing(key({ key: 'Process' }))).toBe(true);
    expect(isComposing(key({ key: 'Enter', keyCode: 229 } as KeyboardEventInit))).toBe(true);
    expect(isComposing(key({ key: 'Enter' }))).toBe(false);
  });
  test('go no further than the field', () => {
    const event = key({ key: 'Enter', isComposing: true });
    const stop = vi.spyOn(event, 'stopPropagation');
    keepForInputMethod(event);
    expect(stop).toHaveBeenCalledOnce();
  });
});
