// The README's pictures, into docs/pictures: `make pictures`.  The made-up county at a fixed moment,
// so that the same code makes the same pictures on any day.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, Person, Server } from './harness';
import { tell } from './walk';

const FOLDER = resolve(import.meta.dirname, '../../docs/pictures');
const MADE = '2026-11-24 02:20:00'; // a Tuesday, UTC
const NOW = '2026-11-24 02:30:00';
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 720 };

/** The environment of a program whose clock begins at this moment. */
function clockAt(moment: string): NodeJS.ProcessEnv {
  const library = readdirSync('/usr/lib')
    .map((one) => `/usr/lib/${one}/faketime/libfaketimeMT.so.1`)
    .find((one) => existsSync(one));
  if (library === undefined) throw new Error('install the Debian package faketime');
  return {
    LD_PRELOAD: library,
    FAKETIME: `@${moment}`,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_FORCE_MONOTONIC_FIX: '0',
    TZ: 'UTC',
  };
}

let server: Server;
let browser: Browser;
beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'yidan-e2e-'));
  execFileSync(process.env['YIDAN'] ?? '', ['init', '--data', join(folder, 'data'), '--demo'], {
    env: { ...process.env, ...clockAt(MADE) },
    stdio: 'pipe',
  });
  server = await Server.start({ folder, environment: clockAt(NOW) });
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

async function person(login: string, viewport = DESK): Promise<Person> {
  const one =
    login === ''
      ? await Person.at(browser, server.url, login, viewport)
      : await Person.signedIn(browser, server.url, login, viewport);
  await one.context.clock.setFixedTime(`${NOW.replace(' ', 'T')}Z`);
  return one;
}
/** What the window shows; neither a caret nor a pointer is in it. */
async function picture(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  const bytes = await page.screenshot({ path: join(FOLDER, `${name}.png`), caret: 'hide' });
  expect(bytes.length).toBeLessThan(200_000);
}

interface Line {
  no: string;
  title: string;
  lead_unit: { code: string } | null;
}
const lines = async (one: Person, query: string): Promise<Line[]> =>
  (await one.api<{ items: Line[] }>('GET', `/tickets?limit=100&${query}`)).items;

test('dispatch: what waits, and the marked ticket beside it', async () => {
  const clerk = await person('clerk1', { width: 1280, height: 640 });
  const page = await clerk.open('/dispatch');
  await page.locator('.queue-side').getByRole('button').first().waitFor();
  await picture(page, 'dispatch');
  await clerk.context.close();
});

test('intake: the caller is known, the unit proposed, the deadline told', async () => {
  const clerk = await person('clerk1');
  for (const content of ['东街垃圾桶满了没有人清运。', '东街中段路灯有三盏不亮，请派人维修。'])
    await clerk.api('POST', '/tickets', {
      channel: 'phone',
      kind: 'help',
      content,
      address: '云河镇东街',
      petitioner: { name: '张三', phone: '13900000000' },
    });
  const page = await clerk.open('/intake');
  const field = (name: string) => page.locator(`[id="field-${name}"]`);
  await field('petitioner.phone').fill('13900000000');
  await field('petitioner.name').fill('张三');
  await field('title').fill('东街路灯不亮');
  await field('content').fill(
    '东街中段的路灯已有一周不亮，老人孩子晚上出行很不方便。上周反映过一次，至今没有人来修。',
  );
  await field('address').fill('云河镇东街中段');
  await field('lead_unit').fill('县城管');
  await page.locator('.combo-item').first().click();
  await field('content').focus();
  await page.locator('#beside-history a').nth(1).waitFor();
  await page.getByText('12-01 23:59').first().waitFor();
  await clerk.settled();
  await picture(page, 'intake');
  await clerk.context.close();
});

test('a ticket and its timeline', async () => {
  const clerk = await person('clerk1');
  const [line] = await lines(clerk, 'state=closed&channel=phone&sort=received');
  await clerk.context.close();
  // Its unit's view: the office's shows the query code, which is another one each time.
  const unit = await person((line?.lead_unit?.code ?? '').toLowerCase(), {
    width: 1200,
    height: 900,
  });
  const page = await unit.open(`/tickets/${line?.no ?? ''}`);
  await page.locator('.timeline li').nth(2).waitFor();
  await picture(page, 'ticket');
  await unit.context.close();
});

test('a unit replies on a phone', async () => {
  const clerk = await person('clerk1');
  const units = await clerk.api<{ items: { code: string; sign_off: string }[] }>(
    'GET',
    '/units?limit=200',
  );
  const onPaper = new Set(
    units.items.filter((one) => one.sign_off === 'recorded').map((one) => one.code),
  );
  const found = (await lines(clerk, 'state=handling&light=green&sort=due')).find((one) =>
    onPaper.has(one.lead_unit?.code ?? ''),
  );
  await clerk.context.close();
  const unit = await person((found?.lead_unit?.code ?? '').toLowerCase(), PHONE);
  const page = await unit.open('/inbox?todo=handle');
  await page.locator('.queue-card').first().waitFor();
  await picture(page, 'inbox-phone');
  await unit.open(`/tickets/${found?.no ?? ''}?do=reply`);
  await page.getByRole('dialog').locator('form').waitFor();
  await tell(page);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('已解决').check();
  await dialog
    .getByLabel('调查核实')
    .fill('11月24日上午到现场查看，情况属实，系前一日运输车辆漏撒所致。');
  await dialog.locator('.dialog-body').evaluate((box) => box.scrollTo(0, 0));
  await picture(page, 'reply-phone');
  await unit.context.close();
});

test('the supervisor’s board', async () => {
  const supervisor = await person('supervisor1');
  const page = await supervisor.open('/supervise');
  await page.locator('.figure').first().waitFor();
  await picture(page, 'board');
  await supervisor.context.close();
});

test('a citizen follows a message', async () => {
  const clerk = await person('clerk1');
  const found = (await lines(clerk, 'channel=web&state=closed&sort=received'))[0];
  const ticket = await clerk.api<{ query_code: string }>('GET', `/tickets/${found?.no ?? ''}`);
  await clerk.context.close();
  const citizen = await person('', PHONE);
  const page = await citizen.open('/public/progress');
  await page.locator('input[name="no"]').fill(found?.no ?? '');
  await page
    .locator('input[name="query_code"], input[name="code"]')
    .first()
    .fill(ticket.query_code);
  await page.getByRole('button', { name: '查询' }).click();
  await page
    .getByText(found?.title ?? '')
    .first()
    .waitFor();
  await picture(page, 'citizen-phone');
  await citizen.context.close();
});
