// The administrator's units and users, against the real server.
import { expect, test } from 'vitest';
import { PASSWORD, useStage } from './harness';

const stage = useStage();

interface Unit {
  code: string;
  name: string;
  search_key: string;
  head: string;
  phone: string;
  enabled: boolean;
  version: number;
}
interface User {
  login: string;
  roles: string[];
  enabled: boolean;
}

test('a unit is made, changed and deleted by the keyboard alone', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/units');
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog');
  await dialog.locator('form').waitFor();
  // Sent as it is, the form says which fields are missing and leads there.
  await page.keyboard.press('Control+s');
  await dialog.getByRole('alert').waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'alert');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.id === 'field-code');
  await page.keyboard.type('D99');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('县图书局');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('云溪县图书管理局');
  await page.waitForFunction(
    () =>
      (document.getElementById('field-search_key') as HTMLInputElement | null)?.value.includes(
        'xtsj',
      ) === true,
  );
  await page.keyboard.press('Control+s');
  await page.getByText('已新建：县图书局').first().waitFor();
  const made = await admin.api<Unit>('GET', '/units/D99');
  expect(made.name).toBe('云溪县图书管理局');
  expect(made.search_key.split(' ')).toContain('xiantushuju');

  // Found by its initials, opened with the arrows and Enter.
  await page.keyboard.press('/');
  await page.keyboard.type('xtsj');
  await page.getByText('条中的 1 条').waitFor();
  await page.keyboard.press('Tab');
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await dialog.locator('form').waitFor();
  await page.getByLabel('主要负责人').focus();
  await page.keyboard.type('王主任');
  await page.keyboard.press('Control+s');
  await page.getByText('已保存：县图书局').first().waitFor();
  expect((await admin.api<Unit>('GET', '/units/D99')).head).toBe('王主任');

  // Nothing refers to it: it goes.
  await page.getByRole('button', { name: '县图书局', exact: true }).press('Enter');
  await dialog.getByRole('button', { name: '删除' }).press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('已删除：县图书局').first().waitFor();
  await expect(admin.api('GET', '/units/D99')).rejects.toThrow('404');
});

test('a unit that is in use is not deleted, and can be disabled', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/units');
  await page.getByRole('button', { name: '县信访局', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '删除' }).click();
  await dialog.getByRole('button', { name: '删除' }).click();
  await dialog.getByText('可以改为停用').waitFor();
  await dialog.getByRole('group', { name: '是否启用' }).getByLabel('否').check();
  await dialog.getByRole('button', { name: '保存' }).click();
  await page.getByText('已保存：县信访局').first().waitFor();
  await page.getByLabel('状态').selectOption('disabled');
  await page.getByRole('button', { name: '县信访局', exact: true }).waitFor();
});

test('somebody else was first: their change comes in and what was typed stays', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/units?q=D05');
  await page.getByRole('button', { name: '县民政局', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('主要负责人').fill('李局长');
  const before = await admin.api<Unit>('GET', '/units/D05');
  await admin.api('PATCH', '/units/D05', { version: before.version, phone: '0000-7654321' });
  await page.keyboard.press('Control+s');
  await dialog.getByText('别人改了：电话').waitFor();
  await dialog.getByText('打开之后别人改过，您的修改还没有保存').waitFor();
  expect(await dialog.getByText('请刷新').count()).toBe(0);
  await dialog.getByRole('button', { name: '载入最新内容' }).click();
  expect(await dialog.getByLabel('主要负责人').inputValue()).toBe('李局长');
  expect(await dialog.locator('#field-phone').inputValue()).toBe('0000-7654321');
  await page.keyboard.press('Control+s');
  await page.getByText('已保存：县民政局').first().waitFor();
  const after = await admin.api<Unit>('GET', '/units/D05');
  expect([after.head, after.phone]).toEqual(['李局长', '0000-7654321']);
});

test('changes that are not saved are not lost by Escape', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/units?q=D06');
  const name = page.getByRole('button', { name: '县司法局', exact: true });
  await name.click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('#field-phone').fill('1');
  await page.keyboard.press('Escape');
  await dialog.getByText('修改还没有保存').waitFor();
  await dialog.getByRole('button', { name: '放弃修改' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement?.textContent?.trim() === '县司法局');
});

test('an account is made with a one-time password, which opens it', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/users');
  await page.getByRole('button', { name: '新建用户' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('姓名').fill('赵经办');
  await dialog.getByLabel('用户名').fill('zhao.d11');
  await dialog.getByRole('combobox').click();
  await page.keyboard.type('zhujian');
  await page.locator('.combo-item[data-highlighted]', { hasText: '县住建局' }).waitFor();
  await page.keyboard.press('Tab');
  await dialog.getByRole('checkbox', { name: /^经办人/ }).check();
  await dialog.getByRole('button', { name: '保存' }).click();
  const slip = page.getByRole('dialog', { name: '一次性密码' });
  await slip.waitFor();
  const password = (await slip.locator('.slip-secret').last().innerText()).trim();
  await slip.getByRole('button', { name: '已交给本人' }).click();
  expect(await page.content()).not.toContain(password);
  const { page: other } = await stage.stranger();
  await other.goto(`${stage.url()}/login`);
  await other.getByLabel('用户名').fill('zhao.d11');
  await other.getByLabel('密码').fill(password);
  await other.keyboard.press('Enter');
  await other.getByText('请先改成自己的密码').waitFor();
});

test('a reset ends the old password, and a disabled account is shut', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/users?role=clerk');
  await page.getByRole('button', { name: '受理员丁', exact: true }).click();
  await page.getByRole('button', { name: '重置密码' }).click();
  const slip = page.getByRole('dialog', { name: '一次性密码' });
  const password = (await slip.locator('.slip-secret').last().innerText()).trim();
  await slip.getByRole('button', { name: '已交给本人' }).click();
  const signIn = (with_: string) =>
    admin.context.request.post(`${stage.url()}/api/v1/session`, {
      data: { login: 'clerk4', password: with_ },
    });
  const { page: other } = await stage.stranger();
  const tried = async (with_: string) => {
    await other.goto(`${stage.url()}/login`);
    await other.getByLabel('用户名').fill('clerk4');
    await other.getByLabel('密码').fill(with_);
    await other.keyboard.press('Enter');
  };
  await tried(PASSWORD);
  await other.getByText('用户名或密码不对').waitFor();
  await tried(password);
  await other.getByText('请先改成自己的密码').waitFor();

  // The form was opened before the reset: it goes on from what is there now.
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('group', { name: '账号状态' }).getByLabel('否').check();
  await dialog.getByRole('button', { name: '保存' }).click();
  await page.getByText('已保存：受理员丁').first().waitFor();
  const users = await admin.api<{ items: User[] }>('GET', '/users?role=clerk&enabled=false');
  expect(users.items.map((user) => user.login)).toEqual(['clerk4']);
  expect((await signIn(password)).status()).toBe(401);
});

test('the last administrator cannot shut the door behind them', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/users?role=admin');
  const main = page.getByRole('main');
  await main.getByRole('button', { name: '系统管理员', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: /^管理员/ }).uncheck();
  await dialog.getByRole('checkbox', { name: /^审计员/ }).check();
  await dialog.getByRole('button', { name: '保存' }).click();
  await dialog.getByRole('alert').waitFor();
  expect((await admin.api<User>('GET', '/users/admin')).roles).toEqual(['admin']);
});
