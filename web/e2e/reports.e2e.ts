// Assessment and reports: numbers as the server says them, each with its list; files; a month is
// published; a circular is made, edited, issued.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { marks, NARROW, press, useStage } from './harness';

const stage = useStage();
const month = (() => {
  const now = new Date(Date.now() + 8 * 3_600_000);
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1))
    .toISOString()
    .slice(0, 7);
})();
const days = `from=${month}-01&to=${month}-28`;

interface Rate {
  id: string;
  numerator: number;
  denominator: number;
}
interface Assessment {
  groups: {
    units: { unit: { code: string; short_name: string }; score: number | null; rates: Rate[] }[];
  }[];
}

async function factRows(page: Page): Promise<number> {
  let count = 0;
  for (;;) {
    await page.locator('.facts-list tbody tr').first().waitFor();
    count += await page.locator('.facts-list tbody tr').count();
    const next = page.getByRole('button', { name: '下一页' });
    if ((await next.getAttribute('aria-disabled')) === 'true') return count;
    const now = await page.locator('.pager > span').first().innerText();
    await next.click();
    await page.locator('.pager > span', { hasText: now }).waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  }
}

/** What a link with `download` brings. */
async function fileOf(page: Page, name: string): Promise<Buffer> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name }).click(),
  ]);
  return readFileSync(await download.path());
}

test('each number of a unit opens as many facts', async () => {
  const supervisor = await stage.person('supervisor1');
  const told = await supervisor.api<Assessment>('GET', `/reports/assessment?${days}&limit=100`);
  const unit = told.groups[0]?.units[0];
  const onTime = unit?.rates.find((rate) => rate.id === 'on_time');
  if (unit === undefined || onTime === undefined) throw new Error('nothing was assessed');
  const page = await supervisor.open(`/assessment?${days}`);
  const row = page.locator('.assess-table tbody tr').first();
  expect(await row.locator('th').innerText()).toBe(unit.unit.short_name);
  const cell = row.locator('.rate').first();
  expect((await cell.locator('.rate-parts').textContent())?.replace(/[^\d/]/g, '')).toContain('/');
  await cell.locator('a').last().click();
  await page.getByRole('heading', { level: 1, name: '指标明细' }).waitFor();
  await supervisor.settled();
  expect(await factRows(page)).toBe(onTime.denominator);
});

test('the score says what it is made of, and the formula stands in words', async () => {
  const supervisor = await stage.person('supervisor1');
  const page = await supervisor.open(`/assessment?${days}`);
  await page.locator('.link-button').first().focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('按期办结率').first().waitFor();
  // The same unit over twelve months, as numbers too.
  await dialog
    .getByText(/近 12 个月/)
    .first()
    .waitFor();
  await dialog.locator('.chart-table summary').click();
  expect(await dialog.locator('.chart-table tbody tr').count()).toBe(12);
  expect(await dialog.locator('.table-box').first().locator('tbody tr').count()).toBeGreaterThan(8);
  await page.keyboard.press('Escape');
  await page.getByText('公式第 1 版').click();
  await page.getByText('分母为零的不扣分').waitFor();
});

test('what passed its threshold is marked, and the change is said', async () => {
  const supervisor = await stage.person('supervisor1');
  interface Marked {
    groups: {
      units: {
        rates: { is_past_threshold: boolean; deduction: number | null }[];
      }[];
    }[];
  }
  const told = await supervisor.api<Marked>('GET', `/reports/assessment?${days}&limit=100`);
  const past = told.groups
    .flatMap((group) => group.units)
    .flatMap((unit) => unit.rates)
    .filter((rate) => rate.deduction !== null && rate.is_past_threshold).length;
  expect(past).toBeGreaterThan(0);
  const page = await supervisor.open(`/assessment?${days}`);
  expect(await page.locator('.assess-table .rate-past').count()).toBe(past);
  await page
    .locator('.assess-table')
    .getByText(/较上期 [+−0]/)
    .first()
    .waitFor();
});

test('files are spreadsheets', async () => {
  const supervisor = await stage.person('supervisor1');
  for (const path of [`/assessment?${days}`, `/reports?month=${month}`, `/reports/brief?${days}`]) {
    const page = await supervisor.open(path);
    const bytes = await fileOf(page, '下载 XLSX');
    expect(bytes.subarray(0, 2).toString(), path).toBe('PK');
    expect(bytes.length, path).toBeGreaterThan(3000);
  }
});

test('a unit sees itself and no other', async () => {
  const head = await stage.person('d11', NARROW);
  const page = await head.open(`/assessment?${days}`);
  const rows = page.locator('.assess-table tbody tr');
  await rows.first().waitFor();
  expect(await rows.count()).toBe(1);
  expect(await page.locator('.published-row, .published-form').count()).toBe(0);
});

test('the monthly table adds up and its numbers are links', async () => {
  const leader = await stage.person('leader1');
  const told = await leader.api<{
    tables: { rows: { dispatched: { count: number } }[]; sum: { dispatched: { count: number } } }[];
  }>('GET', `/reports/monthly?month=${month}`);
  const page = await leader.open(`/reports?month=${month}`);
  const tables = page.locator('.month-table');
  for (const [at, table] of told.tables.entries()) {
    expect(await tables.nth(at).locator('tbody tr').count()).toBe(table.rows.length + 1);
    const sum = tables.nth(at).locator('.month-sum td').nth(1);
    expect(Number((await sum.textContent())?.match(/\d+/)?.[0])).toBe(table.sum.dispatched.count);
  }
  await tables.first().locator('.month-sum a').first().click();
  await page.getByRole('heading', { level: 1, name: '指标明细' }).waitFor();
  await leader.settled();
});

test('a bar of the monthly chart opens its tickets; so does Enter on its number', async () => {
  const leader = await stage.person('leader1');
  const { tables } = await leader.api<{
    tables: { rows: { total: { late: { count: number } } }[] }[];
  }>('GET', `/reports/monthly?month=${month}`);
  const table = tables.findIndex((one) => one.rows.some((row) => row.total.late.count > 0));
  const rows = tables[table]?.rows ?? [];
  const row = rows.findIndex((one) => one.total.late.count > 0);
  const late = rows[row]?.total.late.count;
  const page = await leader.open(`/reports?month=${month}`);
  const figure = page.locator('.chart-figure').nth(table);
  const bars = marks(figure.locator('.chart-box'), 'red', 'bars');
  await bars.nth(row).waitFor();
  await press(page, bars.nth(row));
  await page.getByRole('heading', { level: 1, name: '指标明细' }).waitFor();
  await leader.settled();
  expect(await factRows(page)).toBe(late);

  await leader.open(`/reports?month=${month}`);
  await figure.locator('summary').press('Enter');
  await figure.locator('tbody tr').nth(row).locator('a').last().press('Enter');
  await page.getByRole('heading', { level: 1, name: '指标明细' }).waitFor();
  await leader.settled();
  expect(await factRows(page)).toBe(late);
});

test('a bar of the scores opens what it is made of, and a point of the months its tickets', async () => {
  interface Months {
    months: { rates: Rate[] }[];
  }
  const supervisor = await stage.person('supervisor1');
  const told = await supervisor.api<Assessment>('GET', `/reports/assessment?${days}&limit=100`);
  const group = told.groups.findIndex(
    (one) => one.units.filter((unit) => unit.score !== null).length > 1,
  );
  const unit = told.groups[group]?.units.find((one) => one.score !== null)?.unit;
  if (unit === undefined) throw new Error('no group has two scores');
  const { months } = await supervisor.api<Months>(
    'GET',
    `/reports/assessment/months?unit=${unit.code}&month=${month}`,
  );
  const due = months
    .map((one) => one.rates.find((rate) => rate.id === 'on_time')?.denominator ?? 0)
    .filter((count) => count > 0);
  const page = await supervisor.open(`/assessment?${days}`);
  const chart = page.locator('.score-chart').first();
  await chart.locator('summary').first().click();
  const bar = marks(chart.locator('.chart-box'), 'brand', 'bars').first();
  await bar.waitFor();
  await press(page, bar);
  const dialog = page.getByRole('dialog');
  await dialog.getByText(`${unit.short_name}近 12 个月`).first().waitFor();
  const points = marks(dialog.locator('.chart-box'), 'green', 'points');
  await points.last().waitFor();
  expect(await points.count()).toBe(due.length);
  await press(page, points.last());
  await page.getByRole('heading', { level: 1, name: '指标明细' }).waitFor();
  await supervisor.settled();
  expect(await factRows(page)).toBe(due.at(-1));
});

test('a month is published, once, and shown as it was', async () => {
  const supervisor = await stage.person('supervisor1');
  const page = await supervisor.open('/assessment');
  expect(await page.getByLabel('月份').inputValue()).toBe(month);
  await page.getByRole('button', { name: `发布 ${month}` }).click();
  const row = page.locator('.published-row', { hasText: month });
  await row.waitFor();
  await page.getByRole('button', { name: `发布 ${month}` }).click();
  await page.locator('.field-error').waitFor(); // it is published already
  await row.getByRole('link', { name: /^考核/ }).click();
  await page.getByText('督查员甲于').waitFor();
  await supervisor.settled();
  expect(await page.locator('.assess-table tbody tr').count()).toBeGreaterThan(0);
  expect(await page.locator('.assess-table .count-link').count()).toBe(0);
  await supervisor.open(`/reports?month=${month}`);
  await page.getByText(/发布，公式第 1 版/).waitFor();
});

test('a circular is made, edited, issued, and stays', async () => {
  const supervisor = await stage.person('supervisor1');
  const page = await supervisor.open('/reports/bulletins');
  await page.getByLabel('种类').selectOption('circular');
  await page.getByRole('button', { name: '生成草稿' }).click();
  const text = page.getByLabel('正文');
  await text.waitFor();
  const made = await text.inputValue();
  expect(made.length).toBeGreaterThan(50);
  await text.fill(`${made}\n请各单位认真整改。`);
  await page.keyboard.press('Control+s');
  await page.getByText('已保存').first().waitFor();
  await page.getByRole('button', { name: '签发', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: '签发', exact: true }).click();
  await page
    .getByText(/已签发：.*〔\d{4}〕\d+号/)
    .first()
    .waitFor();
  await page.locator('.bulletin-text').getByText('请各单位认真整改。').waitFor();
  expect(await page.getByLabel('正文').count()).toBe(0);
  const leader = await stage.person('leader1');
  await leader.open('/reports/bulletins');
  await leader.page.getByRole('link', { name: /通报/ }).first().waitFor();
});
