// Every stop of the walk.  It is built in English: nothing is Chinese there but people's and the
// office's own words, no page does what the server's policy forbids, and the browser complains of
// nothing.  Then another window of the same person asks for Chinese, and axe goes over the page
// (WCAG 2.2 AA), wide and narrow.
//     STOPS='^ticket' npm run e2e -- stops
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { faultsOf, isTooWide } from './axe';
import { chineseOn, inEnglish, OwnWords, Words } from './english';
import { NARROW, useStage, WIDE, type Person } from './harness';
import { goTo, stops } from './walk';

const stage = useStage();
const only = process.env['STOPS'];
const words = new Words();
const own = new OwnWords();
// What a walk brings about on purpose: a request that is refused is noted by the browser.
const EXPECTED =
  /Failed to load resource: (the server responded with a status of (400|401|403|404|409|422)|net::ERR_INTERNET_DISCONNECTED)/;

interface Reader {
  person: Person;
  /** Another window of theirs. */
  other: Page;
}
const readers = new Map<string, Reader>();
/** Who reads English; stays signed in from test to test. */
async function reader(login: string): Promise<Person> {
  const known = readers.get(login);
  if (known !== undefined) return known.person;
  const resident = await stage.resident(login);
  const other = await resident.context.newPage();
  await other.goto(`${stage.url()}/public/help`);
  await resident.page.addInitScript(() => localStorage.setItem('yidan.locale', 'en'));
  own.listen(resident.page, words);
  const person = Object.create(resident, {
    page: { value: inEnglish(resident.page, words, own) },
  }) as Person;
  readers.set(login, { person, other });
  return person;
}

/** The language is another in one window, and so it is in all: nothing is loaded again. */
async function inChinese(person: Person): Promise<void> {
  const { other } = [...readers.values()].find((one) => one.person === person) ?? {};
  if (other === undefined) throw new Error(`${person.login} has no other window`);
  await other.evaluate(() => localStorage.setItem('yidan.locale', 'zh-CN'));
  await person.page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    while (document.documentElement.lang !== 'zh-CN') await frame();
    await frame();
  });
}

test('the walk finds a Chinese word that nobody wrote', async () => {
  const clerk = await reader('clerk1');
  const page = await clerk.open('/me');
  expect(await chineseOn(page, own)).toEqual([]);
  await page.locator('h1').evaluate((heading) => heading.setAttribute('title', '本机设置'));
  expect(await chineseOn(page, own)).toEqual(['h1 title: 本机设置']);
  await inChinese(clerk);
  expect(await page.locator('h1').innerText()).toBe('我的设置');
});

test.each(stops.filter((stop) => only === undefined || new RegExp(only).test(stop.name)))(
  '$name: no Chinese in English, no complaint, and no fault at 1366 and at 360 px',
  async (stop) => {
    const person = await goTo(reader, stop);
    const { page } = person;
    expect(await chineseOn(page, own)).toEqual([]);
    expect(person.complaints.splice(0).filter((text) => !EXPECTED.test(text))).toEqual([]);
    await inChinese(person);
    expect(await faultsOf(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await page.setViewportSize(NARROW);
    expect(await faultsOf(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await page.setViewportSize(WIDE);
  },
);
