// Receiving a call: by the keyboard alone, in Chinese, and so that nothing is lost or made twice.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useStage, type Person } from './harness';

const stage = useStage();

interface Lines {
  items: { no: string; title: string; state: string; lead_unit: { short_name: string } | null }[];
}
const newest = async (person: Person) => (await person.api<Lines>('GET', '/tickets?limit=5')).items;
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('id') ?? '');
const made = (page: Page) => page.getByText(/已登记.*\d{8}-R\d{4}/).first();

/** As an input method does it: composing first, then the text at once. */
async function compose(page: Page, text: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  for (let end = 1; end <= text.length; end++)
    await devtools.send('Input.imeSetComposition', {
      text: text.slice(0, end),
      selectionStart: end,
      selectionEnd: end,
    });
  await devtools.send('Input.insertText', { text });
  await devtools.detach();
}

test('a call is received and dispatched without touching the mouse', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/');
  await page.keyboard.press('F2');
  await page.getByRole('heading', { level: 1, name: '登记' }).waitFor();
  await page.waitForFunction(() => document.activeElement?.id === 'field-petitioner.phone');
  await page.keyboard.type('13909331234');
  await page.keyboard.press('Tab');
  await page.keyboard.insertText('李建国');
  await page.getByLabel('标题').focus();
  await page.keyboard.insertText('暖气不热');
  await page.getByLabel('诉求内容').focus();
  await page.keyboard.insertText('家里暖气一直不热，老人受不了。');
  await page.getByRole('combobox', { name: '拟转单位' }).focus();
  await page.keyboard.type('xianzhujian');
  await page.locator('.combo-item').first().waitFor();
  await page.keyboard.press('Tab'); // takes the row that was typed for
  await page.getByText('5 个工作日').waitFor();
  await page.keyboard.press('Control+Enter');
  await made(page).waitFor();
  // Ready for the next call.
  await page.waitForFunction(() => document.activeElement?.id === 'field-petitioner.phone');
  expect(await page.getByLabel('标题').inputValue()).toBe('');
  const [ticket] = await newest(clerk);
  expect(ticket).toMatchObject({ title: '暖气不热', state: 'dispatched' });
  expect(ticket?.lead_unit?.short_name).toBe('县住建局');
});

test('a sensitive word proposes the mark, and why', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/intake');
  await page.getByLabel('诉求内容').focus();
  await page.keyboard.insertText('工地拖欠工资，工人准备集体上访。');
  await page.getByRole('button', { name: '标为敏感' }).click();
  const reason = page.locator('[id="field-sensitive_reason"]');
  await reason.waitFor();
  expect(await reason.inputValue()).toBe('出现敏感词：集体上访、拖欠工资');
  await page.getByText('30 分钟内必须呈送领导').waitFor();
});

test('a unit is proposed with its reason, and chosen with one key', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/intake');
  await page.getByLabel('诉求内容').focus();
  await page.keyboard.insertText('青石镇主街路灯不亮，请尽快修。');
  const proposed = page.getByRole('region', { name: '推荐单位' });
  await proposed
    .getByText(/青石镇/)
    .first()
    .waitFor();
  const first = proposed.getByRole('button').first();
  const name = ((await first.textContent()) ?? '').replace('Alt+1', '').trim();
  await page.keyboard.press('Alt+1');
  await page.waitForFunction(
    (unit) => (document.getElementById('field-lead_unit') as HTMLInputElement).value.includes(unit),
    name,
  );
  expect(await first.getAttribute('aria-pressed')).toBe('true');
});

test('earlier tickets of the caller stand beside the form, and one of them is named', async () => {
  const clerk = await stage.person('clerk1');
  await clerk.api('POST', '/tickets', {
    channel: 'phone',
    title: '第一次反映井盖松动',
    content: '主街井盖松动，车过有响声。',
    petitioner: { phone: '13700007777' },
  });
  const page = await clerk.open('/intake');
  await page.getByLabel('来电号码').fill('137 0000 7777');
  const card = page.locator('#beside-history li', { hasText: '第一次反映井盖松动' });
  await card.waitFor();
  await page.keyboard.press('F4');
  expect(
    await page.evaluate(() => document.activeElement?.closest('#beside-history') !== null),
  ).toBe(true);
  await card.getByRole('button', { name: '本次为重复反映' }).click();
  expect(await page.getByLabel('重复于工单').inputValue()).toMatch(/^\d{8}-R\d{4}$/);
  await page.getByLabel('诉求内容').fill('井盖还是松动。');
  await page.getByRole('button', { name: '仅登记' }).click();
  await made(page).waitFor();
  expect(stage.server().tail()).not.toContain('7777');
});

test('a unit typed by an input method is the unit that is taken', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/intake');
  await page.getByLabel('诉求内容').fill('输入法测试：道路积水。');
  await page.getByRole('combobox', { name: '拟转单位' }).focus();
  await compose(page, '住建');
  await page.waitForFunction(() => document.querySelectorAll('.combo-item').length === 1);
  await page.keyboard.press('Enter');
  expect(await page.getByRole('combobox', { name: '拟转单位' }).inputValue()).toBe('县住建局');
});

test('text that is no unit ends the earlier choice, says so, and is not sent', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/intake');
  const before = (await newest(clerk)).map((one) => one.no);
  await page.getByLabel('诉求内容').fill('单位填错测试。');
  const combo = page.getByRole('combobox', { name: '拟转单位' });
  const pick = async (typed: string) => {
    await combo.focus();
    await page.keyboard.insertText(typed);
    await page.waitForFunction(() => document.querySelectorAll('.combo-item').length === 1);
    await page.keyboard.press('Enter');
  };
  await pick('县住建');
  await page.waitForFunction(
    () => (document.getElementById('field-lead_unit') as HTMLInputElement).value === '县住建局',
  );
  await combo.focus();
  await combo.fill('没有这个局');
  await page.keyboard.press('Tab');
  await page.getByText('没有符合的 “没有这个局”').waitFor();
  expect(await combo.getAttribute('aria-invalid')).toBe('true');
  expect(await combo.inputValue()).not.toBe('县住建局');
  await page.keyboard.press('Control+Enter');
  await page
    .getByRole('alert')
    .getByText(/没有符合的/)
    .first()
    .waitFor();
  expect((await newest(clerk)).map((one) => one.no)).toEqual(before);
  // A choice puts it right.
  await pick('县住建');
  await page.keyboard.press('Control+Enter');
  await made(page).waitFor();
  expect((await newest(clerk))[0]?.lead_unit?.short_name).toBe('县住建局');
});

test('Enter and arrows of the input method choose and send nothing', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/intake');
  const before = (await newest(clerk)).map((one) => one.no);
  await page.getByLabel('诉求内容').fill('输入法按键测试。');
  const combo = page.getByRole('combobox', { name: '拟转单位' });
  await combo.click();
  await page.locator('.combo-item').first().waitFor();
  await combo.evaluate((input) => {
    for (const key of ['ArrowDown', 'Enter', 'Process'])
      input.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, isComposing: true }),
      );
    input.dispatchEvent(
      new KeyboardEvent('keydown', {
        key: 'Enter',
        keyCode: 229,
        ctrlKey: true,
        bubbles: true,
      } as KeyboardEventInit),
    );
  });
  expect(await combo.inputValue()).toBe('');
  expect((await newest(clerk)).map((one) => one.no)).toEqual(before);
});

test('Enter in a field sends nothing', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/intake');
  const before = (await newest(clerk)).map((one) => one.no);
  await page.getByLabel('诉求内容').fill('回车不应提交。');
  await page.getByLabel('标题').fill('回车不应提交');
  await page.getByLabel('标题').press('Enter');
  expect((await newest(clerk)).map((one) => one.no)).toEqual(before);
  expect(await page.getByLabel('标题').inputValue()).toBe('回车不应提交');
});

test('pressed twice, it is received once', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/intake');
  await page.getByLabel('标题').fill('只登记一次');
  await page.getByLabel('诉求内容').fill('连按两次也只登记一次。');
  await page.evaluate(() => {
    for (let i = 0; i < 3; i++)
      document.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true }),
      );
  });
  await made(page).waitFor();
  expect((await newest(clerk)).filter((one) => one.title === '只登记一次').length).toBe(1);
});

test('what is refused is named, with the way to the field', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/intake');
  await page.getByLabel('来电号码').fill('abc');
  await page.getByRole('button', { name: '仅登记' }).click();
  const alert = page.getByRole('alert');
  await alert.getByText('诉求内容：必填').click();
  expect(await focused(page)).toBe('field-content');
  await page.getByLabel('诉求内容').fill('电话写错了。');
  await page.getByRole('button', { name: '登记并转办' }).click();
  await alert.getByRole('link', { name: '拟转单位' }).waitFor();
  await page.getByRole('button', { name: '仅登记' }).click();
  await alert.getByText('来电号码：').waitFor();
});

test('a draft outlives a killed browser and a restarted server', async () => {
  const clerk = await stage.person('clerk2');
  let page = await clerk.open('/intake');
  await page.getByLabel('标题').fill('没有登记完的电话');
  await page.getByLabel('诉求内容').fill('说到一半浏览器关了。');
  await page.getByText('草稿已存').waitFor();
  await page.close({ runBeforeUnload: false });
  page = await clerk.context.newPage();
  await page.goto(`${stage.url()}/intake`);
  await page.getByText('草稿已存').waitFor();
  expect(await page.getByLabel('诉求内容').inputValue()).toBe('说到一半浏览器关了。');
  await page.getByRole('button', { name: '清空' }).click();
  expect(await page.getByLabel('诉求内容').inputValue()).toBe('');
});

test('signing out erases what was kept in the browser', async () => {
  const clerk = await stage.person('clerk3');
  const page = await clerk.open('/intake');
  await page.getByLabel('诉求内容').fill('退出后不应留在本机。');
  await page.getByText('草稿已存').waitFor();
  await page.locator('.shell-user').last().click();
  await page.getByRole('menuitem', { name: '退出登录' }).click();
  await page.getByLabel('密码').waitFor();
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('退出后');
});

test('a soft-phone hands over the number behind #, which the server never sees', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/intake#phone=13800001111');
  expect(await page.getByLabel('来电号码').inputValue()).toBe('13800001111');
  expect(stage.server().tail()).not.toContain('13800001111');
});
