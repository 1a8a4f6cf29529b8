// Where the focus goes when a dialog opens and closes: the keyboard alone must do.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { NARROW, useStage } from './harness';

const stage = useStage();

async function receive(title: string): Promise<string> {
  const clerk = await stage.resident('clerk2');
  const made = await clerk.api<{ no: string }>('POST', '/tickets', {
    channel: 'phone',
    title,
    content: `${title}，请处理。`,
  });
  return made.no;
}
const dialog = (page: Page) => page.getByRole('dialog');
const focusIsIn = (page: Page, place: string) =>
  page.waitForFunction((css) => document.activeElement?.closest(css) !== null, place);

test('a dialog that a key opened takes the first field, and gives the focus to the buttons', async () => {
  const no = await receive('焦点测试一');
  const clerk = await stage.person('clerk1');
  const page = await clerk.open(`/tickets/${no}`);
  await page.locator('.action-bar button').first().waitFor();
  await page.keyboard.press('d');
  await page.waitForFunction(() => document.activeElement?.id === 'field-lead_unit');
  await page.keyboard.type('xianzhujian');
  await page.locator('.combo-item').first().waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Enter');
  await dialog(page).waitFor({ state: 'detached' });
  await focusIsIn(page, '.action-bar');
});

test('a button that opened a dialog has the focus again', async () => {
  const no = await receive('焦点测试二');
  const clerk = await stage.person('clerk1');
  const page = await clerk.open(`/tickets/${no}`);
  await page.getByRole('button', { name: '交办' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.id === 'field-lead_unit');
  await dialog(page).getByRole('button', { name: '取消' }).press('Enter');
  await dialog(page).waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement?.textContent?.includes('交办') === true);
});

test('in a queue the next line has the focus when one is done', async () => {
  await receive('焦点测试三');
  await receive('焦点测试四');
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/dispatch');
  await page.locator('.queue-side .action-bar button').first().waitFor();
  const before = await page.locator('.queue-card[aria-current]').innerText();
  await page.keyboard.press('d');
  await page.waitForFunction(() => document.activeElement?.id === 'field-lead_unit');
  await page.keyboard.type('xianzhujian');
  await page.locator('.combo-item').first().waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Enter');
  await dialog(page).waitFor({ state: 'detached' });
  await page.waitForFunction(
    (text) => (document.activeElement as HTMLElement | null)?.innerText !== text,
    before,
  );
  await focusIsIn(page, '.queue-card[aria-current]');
});

test('a message does not cover the buttons of a dialog on a phone', async () => {
  const no = await receive('焦点测试五');
  const clerk = await stage.person('clerk1', NARROW);
  const page = await clerk.open(`/tickets/${no}`);
  await page.locator('.action-bar button').first().waitFor();
  const open = async () => {
    await page.keyboard.press('n');
    await dialog(page).getByLabel('内容').waitFor();
  };
  await open();
  await dialog(page).getByLabel('内容').fill('第一条');
  await page.keyboard.press('Control+Enter');
  await dialog(page).waitFor({ state: 'detached' });
  await page.locator('.toast').waitFor();
  await open();
  const [toast, foot] = await Promise.all([
    page.locator('.toast').boundingBox(),
    page.locator('.dialog-foot').boundingBox(),
  ]);
  expect(toast).not.toBeNull();
  expect((toast?.y ?? 0) + (toast?.height ?? 0)).toBeLessThan(foot?.y ?? 0);
});
