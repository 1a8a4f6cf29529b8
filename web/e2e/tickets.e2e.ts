// The list: its filters are its address, may be kept under a name and made a file; ticked lines
// are urged together.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultsOf, isTooWide } from './axe';
import { NARROW, useStage, WIDE } from './harness';

const stage = useStage();

test('filters are kept under a name, chosen again, and removed', async () => {
  const clerk = await stage.person('clerk2');
  const page = await clerk.open('/tickets?state=handling');
  await page.getByRole('button', { name: '保存筛选' }).press('Enter');
  await page.getByRole('dialog').getByLabel('名称').fill('办理中的');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '清除筛选' }).click();
  await page.waitForURL((url) => url.search === '');
  const view = page.getByRole('button', { name: '办理中的', exact: true });
  await view.click();
  await page.waitForURL((url) => url.searchParams.get('state') === 'handling');
  expect(await page.getByLabel('状态').inputValue()).toBe('handling');
  expect(await view.getAttribute('aria-pressed')).toBe('true');
  // The same name again is refused at its field.
  await page.getByRole('button', { name: '保存筛选' }).click();
  await page.getByRole('dialog').getByLabel('名称').fill('办理中的');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').locator('.field-error').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '移除 办理中的' }).click();
  await view.waitFor({ state: 'detached' });
});

test('the list becomes a file with its filters', async () => {
  const clerk = await stage.person('clerk2');
  const page = await clerk.open('/tickets?state=handling');
  await page.getByRole('button', { name: '导出' }).click();
  await page.getByRole('menuitem', { name: 'CSV' }).click();
  const link = page.getByRole('link', { name: /^下载/ });
  await link.waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const text = readFileSync(await download.path(), 'utf8');
  expect(text.match(/\d{8}-[A-Z]\d{4}/g)?.length).toBeGreaterThan(0);
  expect(text).toContain('办理中');
  expect(text).not.toContain('已办结');
});

test('ticked lines are urged with one text', async () => {
  const supervisor = await stage.person('supervisor1');
  const page = await supervisor.open('/tickets?state=handling');
  const boxes = page.getByRole('checkbox', { name: /^选中 / });
  await boxes.nth(0).check();
  await boxes.nth(1).press('Space');
  await page.getByText('已选 2 件').waitFor();
  for (const size of [WIDE, NARROW]) {
    await page.setViewportSize(size);
    await page.evaluate(() => window.scrollTo(0, 0)); // what the bar covers is no target
    expect(await faultsOf(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
  }
  await page.setViewportSize(WIDE);
  const number = (await boxes.nth(0).getAttribute('value')) ?? '';
  await page.getByRole('button', { name: '一并催办' }).click();
  await page.getByRole('dialog').getByLabel('催办内容').fill('请今天内到现场。');
  await page.getByRole('dialog').getByRole('button', { name: '一并催办' }).click();
  await page.getByText('已催办 2 件').first().waitFor();
  const urges = await supervisor.api<{ items: { text: string | null }[] }>(
    'GET',
    `/urges?ticket=${number}&limit=5`,
  );
  expect(urges.items.some((one) => one.text === '请今天内到现场。')).toBe(true);
});

test('words, a number and a phone are looked for in one field, and no phone stands in an address', async () => {
  const clerk = await stage.person('clerk1');
  const made = await clerk.api<{ no: string }>('POST', '/tickets', {
    channel: 'phone',
    title: '查找测试紫藤架倒了',
    content: '公园紫藤架倒了，请修。',
    petitioner: { phone: '13655554321' },
  });
  const page = await clerk.open('/tickets');
  const line = page.getByRole('link', { name: '查找测试紫藤架倒了' });
  const rows = page.locator('.ticket-link');
  const look = async (text: string) => {
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill(text);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelectorAll('.ticket-link').length === 1);
    await line.waitFor();
    expect(await rows.count()).toBe(1);
    await page.getByRole('heading', { level: 1 }).click();
  };
  await look('紫藤架');
  expect(new URL(page.url()).searchParams.get('q')).toBe('紫藤架');
  await look(made.no);
  await look('136 5555 4321');
  expect(page.url()).not.toContain('4321');
  expect(stage.server().tail()).not.toContain('4321');
  await page.getByRole('searchbox').fill('11010119900307123X');
  await page.getByRole('searchbox').press('Enter');
  await page.getByText('不能用身份证号查找').waitFor();
  expect(page.url()).not.toContain('11010119900307');
});
