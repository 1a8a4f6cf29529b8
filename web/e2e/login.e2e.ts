import { expect, test } from 'vitest';
import { faultsOf, isTooWide } from './axe';
import { NARROW, PASSWORD, useStage, WIDE } from './harness';

const stage = useStage();

test('a clerk signs in by the keyboard and comes to where they wanted to go', async () => {
  const { page } = await stage.stranger();
  await page.goto(`${stage.url()}/tickets?state=received`);
  await page.getByLabel('用户名').waitFor();
  await page.keyboard.type('clerk1');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: '工单' }).waitFor();
  expect(new URL(page.url()).search).toBe('?state=received');
});

test('a wrong password says so in a message that has the focus, and five lock the account', async () => {
  const { page } = await stage.stranger();
  await page.goto(`${stage.url()}/login`);
  await page.getByLabel('用户名').fill('clerk4');
  for (let i = 0; i < 5; i++) {
    await page.getByLabel('密码').fill(`wrong ${i}`);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'alert');
    if (i === 0) expect(await page.getByRole('alert').innerText()).toContain('用户名或密码不对');
  }
  await page.getByLabel('密码').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByText('分钟后可以再试').waitFor();
  expect(await page.getByRole('alert').innerText()).toContain('登录失败次数过多');
});

test('the caps-lock key is pointed out', async () => {
  const { page } = await stage.stranger();
  await page.goto(`${stage.url()}/login`);
  await page.getByLabel('密码').focus();
  // The browser knows the lock by a key event's modifiers only.
  const session = await page.context().newCDPSession(page);
  await page.evaluate(() => {
    const input = document.querySelector('input[type=password]');
    const event = new KeyboardEvent('keydown', { key: 'A', modifierCapsLock: true } as never);
    input?.dispatchEvent(event);
  });
  await page.getByText('大写锁定已打开').waitFor();
  await session.detach();
});

test('the page says where to go next when the session is not known', async () => {
  const { page } = await stage.stranger();
  await page.goto(`${stage.url()}/login?next=//elsewhere.example/`);
  await page.getByLabel('用户名').fill('clerk1');
  await page.getByLabel('密码').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /您好/ }).waitFor();
  expect(new URL(page.url()).origin).toBe(stage.url());
});

test.each([WIDE, NARROW])('the page is accessible at $width px', async (viewport) => {
  const { page } = await stage.stranger(viewport);
  await page.goto(`${stage.url()}/login`);
  await page.getByLabel('用户名').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
  await page.getByLabel('用户名').fill('nobody');
  await page.getByLabel('密码').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  expect(await faultsOf(page)).toEqual([]);
});
