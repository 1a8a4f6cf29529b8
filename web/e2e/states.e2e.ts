// What a page shows when it is not what it should be: while the server does not answer, when it is
// gone, when it fails, when the session has ended, when one may not see it, when nothing is there,
// when somebody else was first.  A new page is a row here.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { pages } from '@/routes';
import { PASSWORD, Person, useStage } from './harness';
import { stops } from './walk';

const stage = useStage();

interface Shown {
  login: string;
  /** Where the page is, if its path has parameters: the stop of the walk that is there. */
  stop?: string;
  /** It asks the server for what it shows; a form that is there at once does not. */
  asks?: false;
  /** Stops of the walk where nothing is there, and where somebody else was first. */
  empty?: string;
  conflict?: string;
}
/** Every page of the table, and the states it can be in. */
const shown: Record<string, Shown> = {
  login: { login: 'clerk1', asks: false },
  home: { login: 'clerk1', asks: false }, // every page knows what waits: opened anew, below
  intake: { login: 'clerk1', asks: false },
  dispatch: { login: 'clerk1', empty: 'dispatch-empty' },
  review: { login: 'clerk1', empty: 'review-empty' },
  visit: { login: 'clerk1' },
  inbox: { login: 'd11', empty: 'inbox-empty' },
  instruct: { login: 'leader1', empty: 'instruct-empty' },
  tickets: { login: 'clerk1', empty: 'tickets-empty' },
  ticket: { login: 'clerk1', stop: 'ticket-handling', conflict: 'ticket-conflict' },
  imports: { login: 'clerk1' },
  overdue: { login: 'supervisor1' },
  supervise: { login: 'supervisor1' },
  desk: { login: 'supervisor1', empty: 'desk-empty' },
  assessment: { login: 'supervisor1' },
  'assessment-tickets': { login: 'supervisor1', stop: 'facts', empty: 'facts-empty' },
  reports: { login: 'supervisor1' },
  'reports-brief': { login: 'leader1' },
  'reports-bulletins': { login: 'leader1' },
  bulletin: { login: 'supervisor1', stop: 'bulletin' },
  'print-brief': { login: 'supervisor1' },
  'print-monthly': { login: 'supervisor1', stop: 'print-monthly' },
  'print-assessment': { login: 'supervisor1' },
  'print-bulletin': { login: 'supervisor1', stop: 'print-bulletin' },
  print: { login: 'clerk1', stop: 'print-assign' },
  admin: { login: 'admin', asks: false },
  'admin-units': { login: 'admin', empty: 'admin-units-none', conflict: 'admin-units-conflict' },
  'admin-users': { login: 'admin' },
  'admin-tokens': { login: 'admin', empty: 'admin-tokens-none' },
  'admin-categories': { login: 'admin' },
  'admin-areas': { login: 'admin' },
  'admin-channels': { login: 'admin' },
  'admin-phrases': { login: 'admin' },
  'admin-templates': { login: 'd11-head' },
  'admin-calendar': { login: 'admin' },
  'admin-limits': { login: 'admin' },
  'admin-settings': { login: 'admin', conflict: 'admin-settings-conflict' },
  'admin-audit': { login: 'auditor', empty: 'admin-audit-none' },
  me: { login: 'clerk1', asks: false },
  missing: { login: 'clerk1', asks: false },
};

test('every page of the table has its states here, and the walk has them', () => {
  expect(Object.keys(shown).sort()).toEqual(pages.map((page) => page.name).sort());
  const known = new Set(stops.map((stop) => stop.name));
  for (const { stop, empty, conflict } of Object.values(shown))
    for (const name of [stop, empty, conflict])
      if (name !== undefined) expect(known).toContain(name);
});

interface Tab {
  person: Person;
  ways: { name: string; path: string }[];
}
const turn = (page: Page, path: string) =>
  page.evaluate((to) => {
    history.pushState({}, '', to);
    dispatchEvent(new PopStateEvent('popstate', { state: {} }));
  }, path);

/** All parts of the pages are fetched, so that only what a page asks for is missing later. */
async function prepare(person: Person): Promise<void> {
  const manifest = JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../dist/.vite/manifest.json'), 'utf8'),
  ) as Record<string, { file: string; css?: string[] }>;
  const files = Object.values(manifest).flatMap((one) => [one.file, ...(one.css ?? [])]);
  await person.open('/me');
  await person.page.evaluate(
    (paths) => Promise.all(paths.map(async (path) => (await fetch(`/${path}`)).arrayBuffer())),
    [...new Set(files)],
  );
}

/** Each person's pages, at most five to a window: the windows go through theirs side by side. */
let open: Promise<Tab[]> | undefined;
const tabs = (): Promise<Tab[]> => (open ??= openTabs());
afterAll(async () => {
  for (const { person } of (await open) ?? []) await person.context.close().catch(() => undefined);
});
async function openTabs(): Promise<Tab[]> {
  const found: Tab[] = [];
  for (const [name, { login, stop, asks }] of Object.entries(shown)) {
    if (asks === false) continue;
    let tab = found.find((one) => one.person.login === login && one.ways.length < 5);
    if (tab === undefined) {
      tab = { person: await Person.signedIn(stage.browser(), stage.url(), login), ways: [] };
      await prepare(tab.person);
      found.push(tab);
    }
    const at = stops.find((one) => one.name === stop)?.path;
    const path =
      at === undefined
        ? (pages.find((page) => page.name === name)?.path ?? '')
        : typeof at === 'string'
          ? at
          : await at(tab.person);
    tab.ways.push({ name, path });
  }
  return found;
}

/**
 * What waits is asked for by the first page of a window, whichever it is.  On a slow line the home
 * page is that one, and has just been told who is there: nothing else is answered before the pause.
 */
async function homeBegins(): Promise<{ person: Person; hurry: () => Promise<unknown> }> {
  const person = await stage.person('clerk1');
  await prepare(person);
  const line = await person.context.newCDPSession(person.page);
  const wait = (latency: number) =>
    line.send('Network.emulateNetworkConditions', {
      offline: false,
      latency,
      downloadThroughput: -1,
      uploadThroughput: -1,
    });
  await line.send('Network.enable');
  await wait(1000);
  const asked = person.page.waitForRequest((one) => one.url().endsWith('/api/v1/session'));
  void person.page.goto(`${stage.url()}/`, { waitUntil: 'commit' });
  await asked;
  await person.context.request.get(`${stage.url()}/api/v1/session`); // answered by now, too
  return { person, hurry: () => wait(0) };
}

test('while there is no answer it is being loaded; without a server that is said, with a way to try again', async () => {
  const all = await tabs();
  const faults: string[] = [];
  const home = await homeBegins();
  stage.pause();
  const main = home.person.page.locator('main');
  await main.locator('[aria-busy="true"]').first().waitFor();
  await home.hurry();
  await Promise.all(
    all.map(async ({ person: { page }, ways }) => {
      for (const { name, path } of ways) {
        await turn(page, path);
        await page
          .locator('main [aria-busy="true"]')
          .first()
          .waitFor({ timeout: 5000 })
          .catch(() => faults.push(`${name}: nothing says that it is being loaded`));
        if ((await page.locator('main').innerText()).trim() === '') faults.push(`${name}: blank`);
      }
    }),
  );
  await stage.kill();
  await Promise.all(
    all.map(async ({ person: { page }, ways }) => {
      for (const { name, path } of ways) {
        await turn(page, '/me');
        await turn(page, path);
        await page
          .locator('main .state', { hasText: '连不上服务器' })
          .getByRole('button', { name: '重试' })
          .first()
          .waitFor()
          .catch(() => faults.push(`${name}: nothing says that the server is away`));
      }
    }),
  );
  const again = main.locator('.state').getByRole('button', { name: '重试' });
  await again.waitFor();
  await stage.startAgain();
  await again.press('Enter');
  await main.locator('.home-tickets li').first().waitFor();
  await Promise.all(
    all.map(async ({ person, ways }) => {
      const again = person.page.locator('main .state').getByRole('button', { name: '重试' });
      await again.first().press('Enter');
      await again
        .first()
        .waitFor({ state: 'detached' })
        .catch(() => faults.push(`${ways.at(-1)?.name}: trying again does not help`));
    }),
  );
  expect(faults).toEqual([]);
}, 120_000);

test('when the session has ended one signs in over any page, and it goes on', async () => {
  const all = await tabs();
  const faults: string[] = [];
  await Promise.all(
    all.map(async ({ person, ways }) => {
      const { page } = person;
      // A window of its own: it has asked for nothing yet.
      await person.open('/me');
      await person.api('DELETE', '/session');
      const dialog = page.getByRole('dialog', { name: '请重新登录' });
      for (const { name, path } of ways) {
        await turn(page, path);
        await dialog.waitFor().catch(() => faults.push(`${name}: nobody asks to sign in again`));
        await page.waitForFunction((to) => location.pathname + location.search === to, path);
        await page
          .locator('main [aria-busy="true"]')
          .first()
          .waitFor({ timeout: 5000 })
          .catch(() => faults.push(`${name}: it does not wait for that`));
      }
      await dialog.getByLabel('密码').fill(PASSWORD);
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
      for (const { name, path } of [...ways].reverse()) {
        await turn(page, path);
        await person.settled();
        if ((await page.locator('main .state').getByRole('button', { name: '重试' }).count()) > 0)
          faults.push(`${name}: it does not go on`);
      }
    }),
  );
  expect(faults).toEqual([]);
}, 120_000);

test('who may not see a page is told so, and who can give the right', async () => {
  const strangers = ['auditor', 'clerk1', 'leader1'];
  const people = await Promise.all(strangers.map((login) => stage.resident(login)));
  for (const person of people) await person.open('/me');
  const roles: Record<string, string> = { auditor: 'auditor', clerk1: 'clerk', leader1: 'leader' };
  for (const row of pages) {
    if (row.roles === undefined) continue;
    const person = people.find((one) => !row.roles?.some((role) => role === roles[one.login]));
    if (person === undefined) throw new Error(`everybody may open ${row.name}`);
    await turn(person.page, row.path.replace(/:\w+/g, '1'));
    await person.page.waitForFunction(
      (path) => location.pathname === path,
      row.path.replace(/:\w+/g, '1'),
    );
    await person.page.locator('main .state', { hasText: '没有权限' }).waitFor();
  }
});

test('when the server fails that is said, with the number of the request and a way to try again', async () => {
  const all = await tabs();
  const faults: string[] = [];
  await Promise.all(all.map(({ person }) => person.open('/me')));
  stage.damage();
  await Promise.all(
    all.map(async ({ person: { page }, ways }) => {
      for (const { name, path } of ways) {
        await turn(page, path);
        const state = page.locator('main .state', { hasText: /请求编号 [0-9a-f]{32}/ }).first();
        await state
          .getByRole('button', { name: '重试' })
          .waitFor()
          .catch(() => faults.push(`${name}: nothing says that the server failed`));
        if ((await page.locator('main h1').count()) !== 1) faults.push(`${name}: no heading`);
      }
    }),
  );
  expect(faults).toEqual([]);
}, 120_000);
