// calendar.mjs - workdays worked out a second time, from the shipped list of
// holidays, so that the server is not its own judge.
import { readFileSync } from 'node:fs';

const DAY_S = 86400;
const ZONE_S = 8 * 3600;

/** "2026-10-09 09:00:00" in the service's zone to seconds since 1970. */
export const at = (text) => Date.parse(`${text.replace(' ', 'T')}+08:00`) / 1000;
export const dayOf = (moment) => Math.floor((moment + ZONE_S) / DAY_S);
export const dayStart = (day) => day * DAY_S - ZONE_S;
export const show = (moment) =>
  new Date((moment + ZONE_S) * 1000).toISOString().slice(0, 19).replace('T', ' ');

const exceptions = new Map(
  readFileSync('sql/seed/holidays.csv', 'utf8').trim().split('\n').slice(1)
    .map((line) => line.split(','))
    .map(([date, type]) => [Math.floor(Date.parse(`${date}T00:00Z`) / 1000 / DAY_S), type]));

/** Say something about a day that the shipped list does not. */
export const say = (date, type) => exceptions.set(Math.floor(Date.parse(`${date}T00:00Z`) / 1000 / DAY_S), type);

export const isWorkday = (day) => {
  const type = exceptions.get(day);
  if (type !== undefined) return type === 'workday';
  return ![0, 6].includes(new Date(day * DAY_S * 1000).getUTCDay());
};

/** The `count`-th workday strictly after `day`, strictly before for a negative count. */
export function workday(day, count) {
  const step = count < 0 ? -1 : 1;
  for (let left = Math.abs(count); left > 0;) {
    day += step;
    if (isWorkday(day)) left--;
  }
  return day;
}

/** The workday at or before `day`. */
export const lastWorkday = (day) => (isWorkday(day) ? day : workday(day, -1));
