// The interface in English: no Chinese but people's and the office's own words.  The policy is
// walked with it: no page does what the server forbids, and the browser complains of nothing.
//     STOPS='^ticket' npm run e2e -- english
import { expect, test } from 'vitest';
import { chineseOn, inEnglish, OwnWords, Words } from './english';
import { Person, useStage } from './harness';
import { goTo, stops } from './walk';

const stage = useStage(['--public-form-min-s', '0']);
const only = process.env['STOPS'];
const words = new Words();
const own = new OwnWords();
// What a walk brings about on purpose: a request that is refused is noted by the browser.
const EXPECTED =
  /Failed to load resource: (the server responded with a status of (400|401|403|404|409|422)|net::ERR_INTERNET_DISCONNECTED)/;

const people = new Map<string, Person>();
/** Who reads English; stays signed in from test to test. */
async function reader(login: string): Promise<Person> {
  const known = people.get(login);
  if (known !== undefined) return known;
  const person = await stage.resident(login);
  await person.context.addInitScript(() => localStorage.setItem('yidan.locale', 'en'));
  own.listen(person.page, words);
  const english = Object.create(person, {
    page: { value: inEnglish(person.page, words, own) },
  }) as Person;
  people.set(login, english);
  return english;
}

test('the language is changed in the menu, and stays', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/tickets');
  await page.locator('.shell-user').last().click();
  await page.getByRole('menuitem', { name: 'English' }).click();
  await page.getByRole('heading', { level: 1, name: 'Tickets' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Tickets' }).waitFor();
});

test('the walk finds a Chinese word that nobody wrote', async () => {
  const clerk = await reader('clerk1');
  const page = await clerk.open('/me');
  expect(await chineseOn(page, own)).toEqual([]);
  await page.locator('h1').evaluate((heading) => heading.setAttribute('title', '本机设置'));
  expect(await chineseOn(page, own)).toEqual(['h1 title: 本机设置']);
});

test('no page says anything in Chinese that nobody wrote, and nobody complains', async () => {
  const faults: string[] = [];
  for (const stop of stops) {
    if (only !== undefined && !new RegExp(only).test(stop.name)) continue;
    const person = await goTo(reader, stop);
    for (const fault of await chineseOn(person.page, own)) faults.push(`${stop.name} ${fault}`);
    for (const text of person.complaints.splice(0))
      if (!EXPECTED.test(text)) faults.push(`${stop.name} ${text}`);
  }
  expect(faults).toEqual([]);
}, 240_000);

test("nor does a citizen's page", async () => {
  const citizen = await stage.stranger();
  const { page } = citizen;
  own.listen(page, words);
  const faults: string[] = [];
  const look = async (name: string) => {
    for (const fault of await chineseOn(page, own)) faults.push(`${name} ${fault}`);
  };
  // What these pages are filled with: places and answers, from the interface for programs.
  await page.goto(`${stage.url()}/public/help?lang=en`);
  await page.evaluate(async () => {
    for (const path of ['meta', 'replies']) await (await fetch(`/api/v1/public/${path}`)).text();
  });
  await own.without([]); // read before the page is left
  for (const name of ['', 'message', 'progress', 'rate', 'replies', 'help']) {
    await citizen.open(`/public/${name}?lang=en`);
    await look(name);
  }
  await citizen.open('/public/message?lang=en');
  await page.getByRole('button', { name: 'Send' }).click(); // nothing is written yet
  await page.waitForFunction(() => document.title.length > 0);
  await look('message, empty');
  const text = 'The lamp at the gate has been out for three days.';
  await citizen.open('/public/message?lang=en');
  await page.getByLabel('Details').fill(text);
  await page.getByLabel('Phone').fill('what?');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('.errors, [role=alert]').first().waitFor();
  await look('message, refused');
  await page.getByLabel('Phone').fill('13900001234');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('.receipt .big').first().waitFor();
  await look('done');
  await page.getByRole('button', { name: 'See where it stands' }).click();
  await page.locator('.steps').waitFor();
  await look('progress, found');
  expect(faults).toEqual([]);
  expect(citizen.complaints.filter((text) => !EXPECTED.test(text))).toEqual([]);
});
