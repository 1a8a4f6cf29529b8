// The yearly notice of holidays, as it is published or as a CSV file, read into days.
import { nextDay, type Day } from './days';

export interface Read {
  days: Map<string, Day>;
  /** Lines that name days and could not be understood. */
  unread: string[];
}

const DATE =
  /(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})[日号](?:\s*[（(][^）)]*[）)])?\s*(至|到|—|–|-|~|～)?/g;
const RANGE_MAX = 15;

function isReal(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === day;
}

/** The days named in `text`; null when one of them does not exist or a stretch makes no sense. */
function datesIn(text: string, year: number): string[] | null {
  const found: string[] = [];
  let from: string | null = null;
  let [atYear, atMonth] = [year, 0];
  for (const match of text.matchAll(DATE)) {
    if (match[1] !== undefined) atYear = Number(match[1]);
    if (match[2] !== undefined) atMonth = Number(match[2]);
    const two = (count: number | string) => String(count).padStart(2, '0');
    const day = `${atYear}-${two(atMonth)}-${two(match[3] ?? '')}`;
    if (!isReal(day)) return null;
    if (from !== null) {
      const first = from;
      let count = 0;
      for (let at = nextDay(first, 1); at <= day; at = nextDay(at, 1)) {
        found.push(at);
        if (++count > RANGE_MAX) return null;
      }
      if (count === 0) return null;
      from = null;
    } else found.push(day);
    if (match[4] !== undefined) from = day;
  }
  return from === null ? found : null;
}

function readCsv(lines: string[]): Read {
  const read: Read = { days: new Map(), unread: [] };
  for (const line of lines) {
    const [date = '', type = '', ...rest] = line.split(/[,，\t]/).map((one) => one.trim());
    const mark = { holiday: 'holiday', 休: 'holiday', workday: 'workday', 班: 'workday' }[type];
    if (/^date$/i.test(date) || date === '日期') continue;
    if (mark === undefined || !isReal(date)) read.unread.push(line);
    else
      read.days.set(date, {
        mark: mark as Day['mark'],
        name: rest.join(',').replace(/^"|"$/g, ''),
      });
  }
  return read;
}

/**
 * "一、元旦：1月1日（周五）至3日（周日）放假，共3天。1月4日（周一）上班。" and the like; days without a
 * year are those of `year`, or of the year in the heading ("2027年…").
 */
export function readNotice(text: string, year: number): Read {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.some((line) => /^\d{4}-\d{2}-\d{2}\s*[,，\t]/.test(line))) return readCsv(lines);

  const heading = /(\d{4})\s*年[^\d月]{0,12}(?:节假日|放假)/.exec(text);
  const base = heading === null ? year : Number(heading[1]);
  const read: Read = { days: new Map(), unread: [] };
  let name = '';
  for (const line of lines) {
    const named =
      /^(?:[（(]?[一二三四五六七八九十\d]+[）)]?[、.．]?\s*)?([^\d：:，,。]{1,12})[：:]/.exec(line);
    if (named?.[1] !== undefined) name = named[1].trim();
    const body = named === null ? line : line.slice(named[0].length);
    for (const sentence of body.split(/[。；;]/)) {
      // "…放假" and "…上班" may stand in one sentence: each verb takes the days before it.
      for (const part of sentence.matchAll(/(.*?)(放假|休息|调休|上班|$)/g)) {
        const [, before = '', verb = ''] = part;
        if (!/\d{1,2}[日号]/.test(before)) continue;
        const dates = verb === '' ? null : datesIn(before, base);
        if (dates === null) {
          // A heading's own date is no day of the list.
          if (!/通知|办公厅|发布/.test(line)) read.unread.push(sentence.trim());
          continue;
        }
        for (const date of dates)
          read.days.set(date, { mark: verb === '上班' ? 'workday' : 'holiday', name });
      }
    }
  }
  return read;
}
