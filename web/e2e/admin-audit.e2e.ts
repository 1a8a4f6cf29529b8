// The trail: each sees their part of it, page by page, and no texts.
import { expect, test } from 'vitest';
import { useStage } from './harness';

const stage = useStage();

test('an auditor finds what one person did, and goes on page by page', async () => {
  const auditor = await stage.person('auditor');
  const page = await auditor.open('/admin/audit');
  const newest = async () => (await page.getByRole('row').nth(1).innerText()).trim();
  const first = await newest();
  await page.getByRole('button', { name: '下一页' }).click();
  await page.getByText('第 2 页').waitFor();
  await expect.poll(newest).not.toBe(first); // its lines come when they are there
  await page.getByRole('button', { name: '上一页' }).click();
  await page.getByText('第 1 页').waitFor();
  await page.getByLabel('操作人用户名').fill('clerk1');
  await page.getByRole('search').getByLabel('操作', { exact: true }).selectOption('dispatch');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '查询' }).click();
  await page.waitForFunction(() => location.search.includes('type=dispatch'));
  await auditor.settled();
  const texts = await page.getByRole('row').allInnerTexts();
  expect(texts.length).toBeGreaterThan(1);
  for (const text of texts.slice(1)) expect(text).toMatch(/受理员甲[\s\S]*交办/);
});

test('an administrator sees people and settings, with who changed what', async () => {
  const admin = await stage.person('admin');
  const call = async (hotline: string) => {
    const { version } = await admin.api<{ version: number }>('GET', '/settings');
    await admin.api('PATCH', '/settings', { version, hotline });
  };
  await call('0000-12345');
  const page = await admin.open('/admin/audit?type=settings_changed');
  await page.getByRole('cell', { name: '修改设置' }).first().waitFor();
  await page
    .getByRole('cell', { name: /系统管理员/ })
    .first()
    .waitFor();
  expect(await page.getByLabel('工单编号').count()).toBe(0);
  // Before and after; of a person only that something changed.
  await call('0000-54321');
  await admin.open('/admin/audit?type=settings_changed');
  await page.getByText('0000-12345 → 0000-54321').waitFor();
  const { version } = await admin.api<{ version: number }>('GET', '/units/D12');
  await admin.api('PATCH', '/units/D12', { version, head: '换了人' });
  await admin.open('/admin/audit?type=unit_changed');
  await page.getByText('主要负责人').first().waitFor();
  expect(await page.getByText('换了人').count()).toBe(0);
});

test('who fails to sign in is in the trail; what a stranger typed is not', async () => {
  const stranger = await stage.stranger();
  for (const login of ['clerk3', 'typed-by-mistake'])
    await stranger.context.request.post(`${stage.url()}/api/v1/session`, {
      data: { login, password: 'not-the-password' },
    });
  const auditor = await stage.person('auditor');
  const page = await auditor.open('/admin/audit?type=login_failed');
  await page.getByRole('cell', { name: '登录失败' }).first().waitFor();
  await page.getByRole('cell', { name: 'clerk3' }).waitFor();
  expect(await page.getByText(/typed-by-mistake|not-the-password/).count()).toBe(0);
});

test('somebody else sees the own doing alone', async () => {
  const handler = await stage.person('d11');
  const page = await handler.open('/admin/audit');
  await page.getByText('您自己的操作记录').waitFor();
  const cells = await page.locator('tbody tr td:nth-child(2)').allInnerTexts();
  expect(cells.length).toBeGreaterThan(0);
  for (const cell of cells) expect(cell).toContain('县住建局');
});
