// The supervisor's board: every number leads to exactly the tickets it counts, and it changes by
// itself.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { marks, NARROW, press, useStage } from './harness';

const stage = useStage();

interface Board {
  figures: { id: string; value: number; href: string }[];
  desk: { id: string; value: number; href: string }[];
  trend: Record<'received' | 'closed' | 'overdue', { value: number; href: string }>[];
  matrix: { unit: { code: string }; red: { value: number; href: string } }[];
}

/** Rows of the list, all its pages together. */
async function rowsOf(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    await page.locator('.list .table tbody tr, .list .state').first().waitFor();
    found.push(...(await page.locator('.list .ticket-sub .nowrap').allTextContents()));
    const next = page.getByRole('button', { name: '下一页' });
    if ((await next.count()) === 0 || (await next.getAttribute('aria-disabled')) === 'true')
      return found;
    const first = found.at(-1) ?? '';
    await next.click();
    await page.locator('.list .ticket-sub', { hasText: first }).waitFor({ state: 'detached' });
  }
}

test('each number opens the list that has as many tickets', async () => {
  const supervisor = await stage.person('supervisor1');
  const board = await supervisor.api<Board>('GET', '/dashboard');
  const page = await supervisor.open('/supervise');
  for (const figure of [...board.figures, ...board.desk]) {
    const link = page.locator(`[data-figure="${figure.id}"]`);
    expect(await link.locator('.figure-number').innerText()).toBe(String(figure.value));
    await link.click();
    await page.getByRole('heading', { level: 1, name: /^工单/ }).waitFor();
    await supervisor.settled();
    const rows = await rowsOf(page);
    expect([figure.id, rows.length]).toEqual([figure.id, figure.value]);
    expect(new Set(rows).size).toBe(rows.length);
    await supervisor.open('/supervise');
  }
});

test('each number of a day of the trend opens its list', async () => {
  const supervisor = await stage.person('supervisor1');
  const board = await supervisor.api<Board>('GET', '/dashboard');
  const page = await supervisor.open('/supervise');
  for (const what of ['received', 'closed', 'overdue'] as const) {
    const at = board.trend.findLastIndex((day) => day[what].value > 0);
    const day = board.trend[at];
    if (day === undefined) throw new Error(`nothing was ${what} in 30 days`);
    await page.locator('.chart-table summary').click();
    const column = ['received', 'closed', 'overdue'].indexOf(what);
    await page
      .locator('.chart-table tbody tr')
      .nth(at)
      .locator('td')
      .nth(column)
      .locator('a')
      .click();
    await page.getByRole('heading', { level: 1, name: /^工单/ }).waitFor();
    await supervisor.settled();
    expect([what, (await rowsOf(page)).length]).toEqual([what, day[what].value]);
    await supervisor.open('/supervise');
  }
});

test('a point of the trend opens the list of that day', async () => {
  const supervisor = await stage.person('supervisor1');
  const board = await supervisor.api<Board>('GET', '/dashboard');
  const at = board.trend.findLastIndex((day) => day.overdue.value > 0);
  const page = await supervisor.open('/supervise');
  const points = marks(page.locator('.chart-box').first(), 'red', 'points');
  await points.nth(at).waitFor();
  await press(page, points.nth(at));
  await page.getByRole('heading', { level: 1, name: /^工单/ }).waitFor();
  await supervisor.settled();
  expect((await rowsOf(page)).length).toBe(board.trend[at]?.overdue.value);
});

test('a finger sees the numbers of a day first, and goes there with the next press', async () => {
  const leader = await stage.person('leader1', NARROW);
  const board = await leader.api<Board>('GET', '/dashboard');
  const at = board.trend.findLastIndex((day) => day.overdue.value > 0);
  const page = await leader.open('/supervise');
  // Not each day has a mark on so narrow a page: the place is worked out from the line.
  const line = page.locator('.chart-box svg path[stroke="#c22f27"]').first();
  await line.scrollIntoViewIfNeeded();
  const box = await line.boundingBox();
  if (box === null) throw new Error('nothing is drawn there');
  const counts = board.trend.map((day) => day.overdue.value);
  const tap = () =>
    page.touchscreen.tap(
      box.x + (box.width * at) / (counts.length - 1),
      box.y + box.height * (1 - (counts[at] ?? 0) / Math.max(...counts)),
    );
  await tap();
  await page.locator('.chart-box svg text', { hasText: '逾期' }).nth(1).waitFor();
  expect(new URL(page.url()).pathname).toBe('/supervise');
  // To the chart a press of 300 ms is none, and on a busy machine one that is drawn lasts as long.
  const heading = page.getByRole('heading', { level: 1, name: /^工单/ });
  const isThere = () =>
    heading.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    );
  for (let presses = 0; presses < 3; presses += 1) {
    await tap();
    if (await isThere()) break;
  }
  await heading.waitFor();
  await leader.settled();
  expect((await rowsOf(page)).length).toBe(board.trend[at]?.overdue.value);
});

test('what waits for dispatch says since when', async () => {
  const supervisor = await stage.person('supervisor1');
  const page = await supervisor.open('/supervise');
  await page.locator('[data-figure="dispatch"]').getByText('最久已等').waitFor();
});

test('a cell of the matrix opens that unit and light', async () => {
  const leader = await stage.person('leader1');
  const board = await leader.api<Board>('GET', '/dashboard');
  const most = Math.max(...board.matrix.map((one) => one.red.value));
  expect(most).toBeGreaterThan(0);
  const page = await leader.open('/supervise');
  await page.locator('.matrix-red').first().click();
  await page.waitForURL(/\/tickets\?/);
  await leader.settled();
  expect(new URL(page.url()).searchParams.get('light')).toBe('red');
  expect((await rowsOf(page)).length).toBe(most); // who has most stands first
});

test('by keyboard: from the bar to a number and into its list', async () => {
  const supervisor = await stage.person('supervisor1');
  const page = await supervisor.open('/supervise');
  await page.locator('[data-figure="red"]').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /^工单/ }).waitFor();
  expect(page.url()).toContain('light=red');
});

test('it changes by itself when something happens', async () => {
  const [supervisor, clerk] = [await stage.person('supervisor1'), await stage.person('clerk1')];
  const page = await supervisor.open('/supervise');
  const number = page.locator('[data-figure="received_today"] .figure-number');
  const before = Number(await number.innerText());
  await clerk.api('POST', '/tickets', { channel: 'phone', content: '路口红绿灯不亮。' });
  await page.waitForFunction(
    (was) =>
      Number(document.querySelector('[data-figure="received_today"] .figure-number')?.textContent) >
      was,
    before,
    { timeout: 5_000 },
  );
});

test('three of one kind in one place are a warning', async () => {
  const [supervisor, clerk] = [await stage.person('supervisor1'), await stage.person('clerk1')];
  const { categories, areas } = await clerk.api<{
    categories: { code: string; name: string; parent: string | null }[];
    areas: { code: string; name: string; parent: string | null }[];
  }>('GET', '/meta');
  const leaf = categories.find((one) => !categories.some((two) => two.parent === one.code));
  const area = areas.filter((one) => one.parent !== null).at(-1);
  for (let count = 0; count < 3; count += 1)
    await clerk.api('POST', '/tickets', {
      channel: 'phone',
      content: `第${count + 1}个人反映同一件事。`,
      category: leaf?.code,
      area: area?.code,
    });
  const page = await supervisor.open('/supervise');
  await page
    .getByRole('link', { name: new RegExp(`${area?.name}.*${leaf?.name}：24 小时内 3 件`) })
    .click();
  await page.getByRole('heading', { level: 1, name: /^工单/ }).waitFor();
  await supervisor.settled();
  expect((await rowsOf(page)).length).toBe(3);
});

test('a unit has no board, and a failure says what to do', async () => {
  const handler = await stage.person('d11', NARROW);
  const page = await handler.open('/supervise');
  await page.getByText('谁可以开通').or(page.getByRole('alert')).first().waitFor();
  expect(await page.locator('.figure').count()).toBe(0);
});
