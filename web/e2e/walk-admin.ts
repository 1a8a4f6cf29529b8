// The administrator's pages, for the walk.
import type { Page } from 'playwright-core';
import { changeFromElsewhere, type Stop } from './walk';

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
  {
    name: 'admin-units-conflict',
    login: 'admin',
    path: '/admin/units?q=D16',
    then: async (page) => {
      await page.getByRole('main').locator('table button').first().click();
      await page.getByRole('dialog').locator('form').waitFor();
      await page.getByRole('dialog').getByLabel('职责关键词').fill('供水 排水');
      await changeFromElsewhere(page, '/units/D16', 'PATCH', '/units/D16', {
        night_phone: '09330000000',
      });
      await page.keyboard.press('Control+s');
      await page.getByRole('dialog').getByRole('alert').waitFor();
    },
  },
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
  { name: 'admin-categories', login: 'admin', path: '/admin/categories' },
  {
    name: 'admin-categories-edit',
    login: 'admin',
    path: '/admin/categories',
    then: record('路灯照明'),
  },
  { name: 'admin-areas', login: 'admin', path: '/admin/areas' },
  { name: 'admin-areas-new', login: 'admin', path: '/admin/areas', then: fresh('新建区域') },
  { name: 'admin-channels', login: 'admin', path: '/admin/channels' },
  {
    name: 'admin-channels-new',
    login: 'admin',
    path: '/admin/channels',
    then: refused('新建渠道'),
  },
  { name: 'admin-phrases', login: 'admin', path: '/admin/phrases' },
  { name: 'admin-phrases-edit', login: 'admin', path: '/admin/phrases', then: record('高度重视') },
  { name: 'admin-templates', login: 'admin', path: '/admin/templates' },
  {
    name: 'admin-templates-read',
    login: 'd11-head',
    path: '/admin/templates',
    then: record('一般答复'),
  },
  { name: 'admin-tokens-none', login: 'admin', path: '/admin/tokens' },
  {
    name: 'admin-tokens-slip',
    login: 'admin',
    path: '/admin/tokens',
    then: async (page) => {
      await fresh('新建令牌')(page);
      await page.locator('#field-name').fill('短信网关');
      await page.getByRole('dialog').getByLabel('短信网关').check();
      await page.keyboard.press('Control+s');
      await page.getByRole('dialog', { name: '新令牌' }).waitFor();
    },
  },
  { name: 'admin-tokens', login: 'admin', path: '/admin/tokens' },
  {
    name: 'admin-limits',
    login: 'admin',
    path: '/admin/limits',
    then: (page) => page.getByLabel('签收 一般：数量').fill('2'),
  },
  {
    name: 'admin-limits-refused',
    login: 'admin',
    path: '/admin/limits',
    then: async (page) => {
      await page.getByLabel('签收 一般：数量').fill('900');
      await page.getByRole('button', { name: '保存' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'admin-calendar', login: 'admin', path: '/admin/calendar' },
  {
    name: 'admin-calendar-notice',
    login: 'admin',
    path: '/admin/calendar?year=2031',
    then: async (page) => {
      await page.getByRole('button', { name: '录入放假通知' }).click();
      await page
        .getByLabel('通知原文或表格行')
        .fill('元旦：1月1日至3日放假，1月5日上班。\n6月再定：6月31日放假');
      await page.getByText('识别出放假 3 天、上班 1 天。').waitFor();
    },
  },
  {
    name: 'admin-calendar-preview',
    login: 'admin',
    path: '/admin/calendar',
    then: async (page) => {
      await page.locator('.day[tabindex="0"]').focus();
      for (let i = 0; i < 6; i++) {
        await page.keyboard.press('ArrowRight');
        await page.keyboard.press('Enter');
      }
      await page.keyboard.press('Control+s');
      await page.getByRole('dialog', { name: '预览影响' }).waitFor();
    },
  },
  { name: 'admin-audit', login: 'admin', path: '/admin/audit' },
  { name: 'admin-audit-auditor', login: 'auditor', path: '/admin/audit?type=dispatch' },
  { name: 'admin-audit-none', login: 'auditor', path: '/admin/audit?actor=nobody' },
  { name: 'admin-settings', login: 'admin', path: '/admin/settings' },
  {
    name: 'admin-settings-conflict',
    login: 'admin',
    path: '/admin/settings',
    then: async (page) => {
      await page.locator('#field-hotline').fill('12345-2');
      await changeFromElsewhere(page, '/settings', 'PATCH', '/settings', { hotline: '12345-1' });
      await page.keyboard.press('Control+s');
      await page.getByRole('alert').waitFor();
    },
  },
];
