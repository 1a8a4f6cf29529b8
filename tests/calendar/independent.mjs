// independent.mjs - compute due dates a second and a third time, and compare
// (product.md, section 4; reliability.md: 0 differences).
//
//   node independent.mjs PROGRAM HOLIDAYS PACKAGES [--corrupt DATE]
//
// PROGRAM   tests/calendar/deadlines.c, linked with the program under test
// HOLIDAYS  sql/seed/holidays.csv
// PACKAGES  the folder that holds node_modules/chinese-days
//
// Three opinions: PROGRAM's (bits per day since 1970); this file's (sets of ISO
// date strings, walked with Date.UTC, from the notices' days alone); the npm
// package chinese-days' (its own data).  They share no code and no algorithm.
//
// With --corrupt, PROGRAM gets the holidays without DATE, and now every proof
// must find differences: a proof that cannot fail proves nothing.
//
// YIDAN_MESSAGES may name a CSV of real messages (posted_at, replied_at); without it,
// times are made up.  Only their times are read, and only counts are printed.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const FIRST = '2014-01-01'
const LAST = '2026-12-31'
const MADE_UP = 752

const [program, holidaysPath, packages, flag, corruptDate] = process.argv.slice(2)
if (!packages || (flag !== undefined && (flag !== '--corrupt' || !corruptDate))) {
  console.error('usage: independent.mjs PROGRAM HOLIDAYS PACKAGES [--corrupt DATE]')
  process.exit(2)
}
const chineseDays = createRequire(resolve(packages, 'package.json'))('chinese-days')

// --- Days as ISO strings ------------------------------------------------------------

const DAY_MS = 86_400_000
const utc = (iso) => Date.UTC(+iso.slice(0, 4), +iso.slice(5, 7) - 1, +iso.slice(8, 10))
const nextDay = (iso) => new Date(utc(iso) + DAY_MS).toISOString().slice(0, 10)

function readHolidays(text) {
  const days = { holiday: new Set(), workday: new Set() }
  for (const line of text.split('\n').slice(1).filter(Boolean)) {
    const [date, type] = line.trim().split(',')
    days[type].add(date)
  }
  return days
}

const holidaysText = readFileSync(holidaysPath, 'utf8')
const notices = readHolidays(holidaysText)
const lastYear = [...notices.holiday].sort().at(-1).slice(0, 4)

function isWorkdayByNotice(iso) {
  if (notices.holiday.has(iso)) return false
  if (notices.workday.has(iso)) return true
  const weekday = new Date(utc(iso)).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

const isWorkdayByPackage = (iso) => chineseDays.isWorkday(iso)

// The 1st to the n-th workday after a date.
function workdaysAfter(iso, n, isWorkday) {
  const found = []
  for (let day = nextDay(iso); found.length < n; day = nextDay(day)) {
    if (isWorkday(day)) found.push(day)
  }
  return found
}

// --- The program under test ----------------------------------------------------------

const scratch = mkdtempSync(join(tmpdir(), 'yidan-calendar-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))

let programHolidays = holidaysPath
if (corruptDate) {
  const lines = holidaysText.split('\n')
  const kept = lines.filter((line) => !line.startsWith(corruptDate + ','))
  if (kept.length !== lines.length - 1) {
    console.error(`${corruptDate} is not in ${holidaysPath}`)
    process.exit(2)
  }
  programHolidays = join(scratch, 'holidays.csv')
  writeFileSync(programHolidays, kept.join('\n'))
}

function run(mode, input) {
  const result = spawnSync(program, [mode, programHolidays], {
    input, encoding: 'utf8', maxBuffer: 1 << 28,
  })
  if (result.status !== 0) {
    console.error(`${program} ${mode}: ${result.error ?? result.stderr}`)
    process.exit(2)
  }
  return result.stdout.split('\n').filter(Boolean)
}

// --- Counting -------------------------------------------------------------------------

let failed = false

function report(name, compared, differences, note = '') {
  const ok = corruptDate ? differences.length > 0 : differences.length === 0
  const wanted = corruptDate ? `; ${corruptDate} left out, so some are wanted` : ''
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}: ${compared} compared, ` +
    `${differences.length} differences${note}${wanted}`)
  if (!ok) {
    failed = true
    for (const line of differences.slice(0, 10)) console.log(`     ${line}`)
  }
}

// --- 1, 2: every start day, 1 to 30 workdays ---------------------------------------------

function* gridOf(isWorkday) {
  for (let start = FIRST; start <= LAST; start = nextDay(start)) {
    const due = workdaysAfter(start, 30, isWorkday)
    for (let n = 1; n <= 30; n++) {
      const day = due[n - 1]
      const isProvisional = day.slice(0, 4) > lastYear ? 1 : 0
      yield `${start},${n},${day}T23:59:59+08:00,${isProvisional}`
    }
  }
}

const grid = run('grid')

function compareGrid(name, isWorkday) {
  const differences = []
  let i = 0
  for (const expected of gridOf(isWorkday)) {
    if (grid[i] !== expected) differences.push(`program ${grid[i]} other ${expected}`)
    i++
  }
  if (i !== grid.length) differences.push(`program has ${grid.length} lines, other ${i}`)
  const provisional = grid.filter((line) => line.endsWith(',1')).length
  report(name, i, differences, `, ${provisional} provisional`)
}

compareGrid('deadlines, day by day from the notices', isWorkdayByNotice)
compareGrid('deadlines, package chinese-days', isWorkdayByPackage)

// --- 3: messages ----------------------------------------------------------------------

function parseCsv(text) {
  const rows = [[]]
  // A field, quoted or not, and what ends it.
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g
  for (const [, quoted, plain, end] of text.matchAll(field)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end !== ',') rows.push([])
  }
  return rows.filter((row) => row.length > 1)
}

function realTimes(path) {
  const [header, ...rows] = parseCsv(readFileSync(path, 'utf8').replace(/^\ufeff/, ''))
  const posted = header.indexOf('posted_at')
  const replied = header.indexOf('replied_at')
  return rows.map((row) => [row[posted], row[replied]]).filter(([at]) => at >= FIRST)
}

// The same times in every run: a linear congruential generator.  Every other one lies in
// the week before a day off, where a wrong calendar shows.
function madeUpTimes() {
  let state = 20261123
  const below = (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
  const text = (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
  const days = (utc(LAST) - utc(FIRST)) / DAY_MS - 31 // the last must not be provisional
  const holidays = [...notices.holiday]
  return Array.from({ length: MADE_UP }, (_, i) => {
    const day = i % 2 === 0 ? utc(FIRST) + below(days) * DAY_MS
      : Math.max(utc(FIRST), utc(holidays[below(holidays.length)]) - below(7) * DAY_MS)
    const posted = day + below(86400) * 1000
    return [text(posted), text(posted + below(14 * 86400) * 1000)]
  })
}

const path = process.env.YIDAN_MESSAGES
const times = path ? realTimes(path) : madeUpTimes()
const isTime = (text) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text ?? '')
const bad = times.filter((pair) => !pair.every(isTime))
if (times.length === 0 || bad.length > 0) {
  console.error(`${path}: ${times.length} messages, ${bad.length} with unreadable times`)
  process.exit(2)
}

const rfc3339 = (local) => local.replace(' ', 'T') + '+08:00'
const lines = times.map((pair) => pair.map(rfc3339).join(' ') + '\n')
const verdicts = run('moments', lines.join(''))
const source = path ? 'messages with real times' : 'messages with made-up times'

function compareMoments(name, isWorkday) {
  const late = { web: 0, others: 0 }
  const differences = []
  times.forEach(([posted, replied], i) => {
    const due = workdaysAfter(posted.slice(0, 10), 5, isWorkday)
    const [web, others] = [due[2], due[4]].map((day) => `${day} 23:59:59`)
    const isLate = [web, others].map((limit) => (replied > limit ? 1 : 0)) // local texts
    const expected = [rfc3339(web), rfc3339(others), ...isLate].join(',')
    if (verdicts[i] !== expected) {
      differences.push(`program ${verdicts[i]} other ${expected}`)
    }
    late.web += isLate[0]
    late.others += isLate[1]
  })
  if (verdicts.length !== times.length) {
    differences.push(`program has ${verdicts.length} lines`)
  }
  report(name, times.length, differences,
    `, late ${late.web} by 3 workdays, ${late.others} by 5`)
}

compareMoments(`${source}, day by day from the notices`, isWorkdayByNotice)
compareMoments(`${source}, package chinese-days`, isWorkdayByPackage)

process.exit(failed ? 1 : 0)
