import { describe, expect, test } from 'vitest';
import { csvOf, reached, turned, weeksOf, type Day } from './days';
import { readNotice } from './notice';

const said = (text: string, year = 2027) =>
  [...readNotice(text, year).days].map(([date, day]) => `${date} ${day.mark} ${day.name}`).sort();

describe('a notice of holidays', () => {
  test('stretches, single days and make-up days, with the name before the colon', () => {
    expect(
      said('关于2027年部分节假日安排\n一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n'),
    ).toEqual(['2027-01-01 holiday 元旦', '2027-01-02 holiday 元旦', '2027-01-03 holiday 元旦']);
    expect(said('二、春节：2月5日至7日放假调休。1月31日（周日）、2月20日（周六）上班。')).toEqual([
      '2027-01-31 workday 春节',
      '2027-02-05 holiday 春节',
      '2027-02-06 holiday 春节',
      '2027-02-07 holiday 春节',
      '2027-02-20 workday 春节',
    ]);
  });
  test('the heading’s year counts, and a year in the text more', () => {
    expect(said('2028年节假日\n元旦：2027年12月31日至2028年1月1日放假', 2027)).toEqual([
      '2027-12-31 holiday 元旦',
      '2028-01-01 holiday 元旦',
    ]);
  });
  test('a stretch over the end of a month', () => {
    expect(said('清明节：4月30日到5月1日放假')).toEqual([
      '2027-04-30 holiday 清明节',
      '2027-05-01 holiday 清明节',
    ]);
  });
  test.each([
    '劳动节：2月30日放假',
    '劳动节：5月5日至3日放假',
    '劳动节：1月1日至6月1日放假',
    '5月9日再议',
  ])('%s is not guessed at', (text) => {
    const read = readNotice(text, 2027);
    expect(read.days.size).toBe(0);
    expect(read.unread.length).toBe(1);
  });
  test('rows of a file', () => {
    const read = readNotice(
      '\uFEFFdate,type,name\r\n2027-01-01,holiday,元旦\r\n2027-01-02,off,\r\n',
      2026,
    );
    expect([...read.days]).toEqual([['2027-01-01', { mark: 'holiday', name: '元旦' }]]);
    expect(read.unread).toEqual(['2027-01-02,off,']);
  });
});

describe('days of the grid', () => {
  test('weeks begin on Monday', () => {
    const weeks = weeksOf(2026, 11);
    expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-11-01']);
    expect(weeks.flat().filter((day) => day !== null).length).toBe(30);
    expect(
      weeksOf(2024, 2)
        .flat()
        .filter((day) => day !== null).length,
    ).toBe(29);
  });
  test('a press turns a weekday off and on, a weekend to work, off, nothing', () => {
    expect(turned('2026-11-27', 'plain')).toBe('holiday');
    expect(turned('2026-11-27', 'holiday')).toBe('plain');
    expect(turned('2026-11-28', 'plain')).toBe('workday');
    expect(turned('2026-11-28', 'workday')).toBe('holiday');
    expect(turned('2026-11-28', 'holiday')).toBe('plain');
  });
  test('keys lead from day to day', () => {
    expect(reached('2026-11-28', 'ArrowDown')).toBe('2026-12-05');
    expect(reached('2026-11-28', 'Home')).toBe('2026-11-23');
    expect(reached('2026-01-31', 'PageDown')).toBe('2026-02-28');
    expect(reached('2026-12-31', 'PageDown')).toBeNull();
    expect(reached('2026-11-28', 'x')).toBeNull();
  });
  test('the file has the marked days in order', () => {
    const days = new Map<string, Day>([
      ['2026-02-01', { mark: 'holiday', name: '春节, 除夕' }],
      ['2026-01-04', { mark: 'workday', name: '' }],
      ['2026-01-05', { mark: 'plain', name: '' }],
    ]);
    expect(csvOf(days)).toBe(
      'date,type,name\n2026-01-04,workday,\n2026-02-01,holiday,"春节, 除夕"\n',
    );
  });
});
