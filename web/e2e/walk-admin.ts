// The administrator's pages, for the walk.
import type { Page } from 'playwright-core';
import type { Stop } from './walk';

/** Opens the form of the record whose name stands in the list. */
export function record(name: string) {
  return async (page: Page): Promise<void> => {
    await page.getByRole('main').getByRole('button', { name, exact: true }).click();
    await page.getByRole('dialog').locator('form').waitFor();
  };
}
/** Opens the form of a new record. */
export function fresh(label: string) {
  return async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: label }).first().click();
    await page.getByRole('dialog').locator('form').waitFor();
  };
}
/** Saves it as it is: what is missing is named. */
export function refused(label: string) {
  return async (page: Page): Promise<void> => {
    await fresh(label)(page);
    await page.keyboard.press('Control+s');
    await page.getByRole('dialog').getByRole('alert').waitFor();
  };
}

export const adminStops: readonly Stop[] = [
  { name: 'admin', login: 'admin', path: '/admin' },
  { name: 'admin-forbidden', login: 'clerk1', path: '/admin' },
  { name: 'admin-units', login: 'admin', path: '/admin/units' },
  { name: 'admin-units-none', login: 'admin', path: '/admin/units?q=nowhere' },
  { name: 'admin-units-edit', login: 'admin', path: '/admin/units', then: record('县住建局') },
  { name: 'admin-units-refused', login: 'admin', path: '/admin/units', then: refused('新建单位') },
  { name: 'admin-users', login: 'admin', path: '/admin/users' },
  { name: 'admin-users-edit', login: 'admin', path: '/admin/users', then: record('受理员甲') },
  { name: 'admin-users-refused', login: 'admin', path: '/admin/users', then: refused('新建用户') },
  {
    name: 'admin-users-slip',
    login: 'admin',
    path: '/admin/users',
    then: async (page) => {
      await record('受理员丁')(page);
      await page.getByRole('button', { name: '重置密码' }).click();
      await page.getByRole('dialog', { name: '一次性密码' }).waitFor();
    },
  },
];
