// Signing in, one's own account, and what comes over any page: for the walk.
import type { Page } from 'playwright-core';
import { PASSWORD } from './harness';
import type { Stop } from './walk';
import { codeOf } from './totp';

const HANDED = 'handed-over-77';

function signIn(login: string, password: string) {
  return async (page: Page): Promise<void> => {
    await page.locator('[autocomplete="username"]').fill(login);
    await page.locator('[autocomplete="current-password"]').fill(password);
    await page.keyboard.press('Enter');
  };
}

export const accountStops: readonly Stop[] = [
  { name: 'login', login: 'stranger', path: '/login' },
  {
    name: 'login-refused',
    login: 'stranger',
    path: '/login',
    then: async (page) => {
      await signIn('nobody', 'not the password')(page);
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'login-code',
    login: 'clerk4',
    path: '/login',
    as: async (helper) => {
      const { secret } = await helper.api<{ secret: string }>('POST', '/me/totp', {
        password: PASSWORD,
      });
      await helper.api('POST', '/me/totp/confirm', { code: codeOf(secret) });
      return { login: 'stranger', path: '/login' };
    },
    then: async (page) => {
      await signIn('clerk4', PASSWORD)(page);
      await page.locator('[autocomplete="one-time-code"]').waitFor();
    },
  },
  {
    name: 'me-forced',
    login: 'admin',
    path: '/login',
    as: async (helper) => {
      const user = await helper.api<{ version: number }>('GET', '/users/clerk3');
      await helper.api('PATCH', '/users/clerk3', { version: user.version, password: HANDED });
      return { login: 'stranger-forced', path: '/login' };
    },
    then: async (page) => {
      await signIn('clerk3', HANDED)(page);
      await page.locator('.me-forced').waitFor();
    },
  },
  { name: 'me', login: 'clerk1', path: '/me' },
  {
    name: 'me-refused',
    login: 'clerk1',
    path: '/me',
    then: async (page) => {
      await page.getByRole('button', { name: '修改密码' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'me-code',
    login: 'd14',
    path: '/me',
    then: async (page) => {
      const card = page.locator('section', {
        has: page.getByRole('heading', { name: '动态验证码' }),
      });
      await card.locator('input[type="password"]').fill(PASSWORD);
      await card.getByRole('button', { name: '启用' }).click();
      await page.getByRole('img', { name: '验证器二维码' }).waitFor();
    },
  },
  {
    name: 'expired',
    login: 'd12',
    path: '/me',
    then: async (page) => {
      await page.context().clearCookies();
      // The page may have found out by itself already: its dialog lies over this link then.
      await page.locator('.shell-nav a').last().dispatchEvent('click');
      await page.getByRole('dialog', { name: '请重新登录' }).waitFor();
    },
  },
  {
    name: 'offline',
    login: 'd13',
    path: '/inbox',
    then: async (page) => {
      await page.context().setOffline(true);
      await page.locator('.shell-strip').waitFor();
    },
  },
];
