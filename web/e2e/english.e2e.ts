// The interface in English: how one comes to it, and the citizens' pages.  All others are read in
// stops.e2e.ts.
import { expect, test } from 'vitest';
import { chineseOn, OwnWords, Words } from './english';
import { useStage } from './harness';

const stage = useStage(['--public-form-min-s', '0']);
const words = new Words();
const own = new OwnWords();
// What a walk brings about on purpose: a request that is refused is noted by the browser.
const EXPECTED =
  /Failed to load resource: (the server responded with a status of (400|401|403|404|409|422)|net::ERR_INTERNET_DISCONNECTED)/;

test('the language is changed in the menu, in every window, and stays', async () => {
  const clerk = await stage.person('clerk1');
  const other = await clerk.context.newPage();
  await other.goto(`${stage.url()}/me`);
  await other.getByRole('heading', { level: 1, name: '我的设置' }).waitFor();
  const page = await clerk.open('/tickets');
  await page.locator('.shell-user').last().click();
  await page.getByRole('menuitem', { name: 'English' }).click();
  await page.getByRole('heading', { level: 1, name: 'Tickets' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
  await other.getByRole('heading', { level: 1, name: 'My settings' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Tickets' }).waitFor();
});

test('what was refused in the other language does not stay in it', async () => {
  const clerk = await stage.person('clerk1');
  // What could not be read is asked again, and said in the language of now.
  const page = await clerk.open('/tickets?q=13900001234');
  await page.getByText('电话和证件号码不得写在网址里').waitFor();
  const turn = async (to: string) => {
    await page.locator('.shell-user').last().click();
    await page.getByRole('menuitem', { name: to }).click();
  };
  await turn('English');
  await page.getByText('must not stand in a URL').waitFor();
  expect(await page.getByText('不得写在网址里').count()).toBe(0);
  await turn('中文');
  await page.getByText('电话和证件号码不得写在网址里').waitFor();

  // What was to be written is not repeated for that: it waits to be sent again as it was typed.
  await clerk.open('/me');
  const present = page.locator('#field-password');
  await present.fill('wrong');
  await page.locator('#field-new_password').fill('another long one 1');
  await page.locator('#field-again').fill('another long one 1');
  await page.locator('#field-again').press('Enter');
  await page.getByText('密码不对').first().waitFor();
  await turn('English');
  await page.getByRole('heading', { level: 1, name: 'My settings' }).waitFor();
  expect(await page.getByText('密码不对').count()).toBe(0);
  expect(await present.inputValue()).toBe('wrong');
  await page.locator('#field-again').press('Enter');
  await page.getByText('wrong password').first().waitFor();
});

test("a citizen's page says nothing in Chinese that nobody wrote", async () => {
  const clerk = await stage.person('clerk1');
  own.listen(clerk.page, words); // categories have the office's names
  await clerk.open('/me');
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
