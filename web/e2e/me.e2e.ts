// One's own account: a password that somebody else has set is changed first, a second factor is
// set up with a real authenticator's code, other sessions end.
import { expect, test } from 'vitest';
import { faultsOf } from './axe';
import { PASSWORD, useStage } from './harness';
import { codeOf } from './totp';

const stage = useStage();
const MINE = 'lantern-48-river';

test('a password that was set is changed first, by the keyboard, and leads on', async () => {
  const admin = await stage.person('admin');
  const user = await admin.api<{ version: number }>('GET', '/users/clerk3');
  await admin.api('PATCH', '/users/clerk3', { version: user.version, password: 'handed-over-77' });
  const { page } = await stage.stranger();
  await page.goto(`${stage.url()}/tickets`);
  await page.getByLabel('用户名').waitFor();
  await page.keyboard.type('clerk3');
  await page.keyboard.press('Tab');
  await page.keyboard.type('handed-over-77');
  await page.keyboard.press('Enter');
  await page.getByText('请先改成自己的密码').waitFor();
  // No other page opens before.
  await page.goto(`${stage.url()}/dispatch`);
  await page.getByText('请先改成自己的密码').waitFor();
  await page.locator('#field-password').focus();
  await page.keyboard.type('handed-over-77');
  await page.keyboard.press('Tab');
  await page.keyboard.type(MINE);
  await page.keyboard.press('Tab');
  await page.keyboard.type(`${MINE}x`);
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await page.locator('#field-again').fill(MINE);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: '派单' }).waitFor();
});

test('a second factor is set up and asked for at sign-in', async () => {
  const clerk = await stage.person('clerk2');
  const page = await clerk.open('/me');
  const card = page.getByRole('heading', { name: '动态验证码' }).locator('..');
  await card.locator('#field-totp-password').fill(PASSWORD);
  await card.getByRole('button', { name: '启用' }).click();
  await card.getByRole('img', { name: '验证器二维码' }).waitFor();
  const secret = (await card.locator('.totp-secret').innerText()).trim();
  await card.locator('#field-totp-code').fill(codeOf(secret));
  await card.getByRole('button', { name: '确认启用' }).click();
  await card.getByText('已启用').waitFor();

  // Another password asks for a code too, and says so beside its field.
  const own = page.getByRole('heading', { name: '密码', exact: true }).locator('..');
  await own.locator('#field-password').fill(PASSWORD);
  await own.locator('#field-new_password').fill(MINE);
  await own.locator('#field-again').fill(MINE);
  await own.getByLabel('动态码').fill('000000');
  await own.getByRole('button', { name: '修改密码' }).click();
  await own.getByRole('link', { name: /^动态码：动态验证码不对或已用过/ }).click();
  await page.waitForFunction(() => document.activeElement?.id === 'field-code');
  expect(await faultsOf(page)).toEqual([]);

  const { page: other } = await stage.stranger();
  await other.goto(`${stage.url()}/login`);
  await other.getByLabel('用户名').fill('clerk2');
  await other.getByLabel('密码').fill(PASSWORD);
  await other.keyboard.press('Enter');
  await other.getByLabel('动态码').waitFor();
  await other.waitForFunction(
    () => document.activeElement?.getAttribute('autocomplete') === 'one-time-code',
  );
  // A code counts once: the next one, which is good half a minute early.
  await other.keyboard.type(codeOf(secret, Date.now() + 30_000));
  await other.keyboard.press('Enter');
  await other.getByRole('heading', { level: 1, name: /受理员乙/ }).waitFor();
});

test('other sessions are seen and ended', async () => {
  const one = await stage.person('leader2');
  const other = await stage.person('leader2');
  const page = await one.open('/me');
  await page.getByText('本机', { exact: true }).waitFor();
  await page.getByRole('button', { name: '退出其他所有设备' }).click();
  await page.getByRole('button', { name: '退出其他所有设备' }).waitFor({ state: 'detached' });
  await expect(other.api('GET', '/session')).rejects.toThrow('401');
  await one.api('GET', '/session');
});
