// The server is killed while somebody types, and comes back: they are told, nothing typed is lost,
// and what they send then is there once.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { NARROW, useStage } from './harness';
import { photoOf, tell } from './walk';

const stage = useStage();
const dialog = (page: Page) => page.getByRole('dialog');
const away = (page: Page) => page.getByText('连不上服务器').first();
/** Above the page, as soon as the stream has ended. */
const strip = (page: Page) => page.locator('.shell-strip', { hasText: '网络中断' });

interface Lines {
  items: { no: string; title: string }[];
}
const made = (page: Page) => page.getByText(/已登记.*\d{8}-R\d{4}/).first();

test('while a call is received: the ticket is there once', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/intake');
  await page.getByLabel('来电号码').fill('13700008888');
  await page.getByLabel('标题').fill('服务器断电时的来电');
  await page.getByLabel('诉求内容').pressSequentially('楼下水管');
  await stage.kill();
  await page.getByLabel('诉求内容').pressSequentially('爆裂，正在漫水。');
  await strip(page).waitFor();
  await page.getByText('草稿已存').waitFor();
  await page.getByRole('button', { name: '仅登记' }).click();
  await page.getByRole('alert').getByText('连不上服务器').waitFor();
  expect(await page.getByLabel('诉求内容').inputValue()).toBe('楼下水管爆裂，正在漫水。');
  expect(await page.getByLabel('来电号码').inputValue()).toBe('13700008888');
  await stage.startAgain();
  await page.getByRole('button', { name: '仅登记' }).click();
  await made(page).waitFor();
  await strip(page).waitFor({ state: 'detached' });
  const { items } = await clerk.api<Lines>('GET', '/tickets?limit=20');
  expect(items.filter((one) => one.title === '服务器断电时的来电').length).toBe(1);
});

test('while the ticket is on its way: whether it had arrived or not, it is there once', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/intake');
  await page.getByLabel('标题').fill('提交途中服务器断电');
  await page.getByLabel('诉求内容').fill('按下登记的同时断电。');
  await page.keyboard.press('Control+Enter');
  await stage.kill();
  await page
    .getByText(/已登记.*\d{8}-R\d{4}|连不上服务器/)
    .first()
    .waitFor();
  const isUnsure = await away(page).isVisible();
  await stage.startAgain();
  if (isUnsure) {
    await page.getByRole('button', { name: '仅登记' }).click();
    await made(page).waitFor();
  }
  const { items } = await clerk.api<Lines>('GET', '/tickets?limit=20');
  expect(items.filter((one) => one.title === '提交途中服务器断电').length).toBe(1);
});

test('while a reply is written on a phone and its photo is half way: both are there once', async () => {
  const clerk = await stage.resident('clerk2');
  const head = await stage.resident('d11-head');
  const { no, version } = await clerk.api<{ no: string; version: number }>('POST', '/tickets', {
    channel: 'phone',
    title: '断电时正在答复',
    content: '小区路灯不亮，请尽快处理。',
    petitioner: { name: '测试群众', phone: '13900001234' },
  });
  await clerk.api('POST', `/tickets/${no}/dispatch`, { version, lead_unit: 'D11' });
  await head.api('POST', `/tickets/${no}/sign`, { version: version + 1 });

  const phone = await stage.person('d11-head', NARROW);
  const page = await phone.open(`/tickets/${no}`);
  await page.getByRole('button', { name: /^回复/ }).click();
  await dialog(page).getByLabel('答复内容').waitFor();
  await dialog(page).getByLabel('已解决', { exact: true }).check();
  await dialog(page).getByLabel('调查核实').fill('现场核查属实。');
  // A slow link, so that the photo is still on its way.
  const link = await phone.context.newCDPSession(page);
  const speed = (bytes: number) =>
    link.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 20,
      downloadThroughput: -1,
      uploadThroughput: bytes,
    });
  await speed(40_000);
  await dialog(page)
    .getByLabel('拍照')
    .setInputFiles(await photoOf(page, '修复后.jpg'));
  await page.waitForFunction(() => {
    const bar = document.querySelector<HTMLProgressElement>('[role="dialog"] progress');
    return bar !== null && bar.value > 0 && bar.value < 1;
  });
  await dialog(page).getByLabel('处理措施').pressSequentially('已更换');
  await stage.kill();
  await dialog(page).getByLabel('处理措施').pressSequentially('灯泡。');
  await dialog(page).getByText('恢复后自动继续').waitFor();
  await speed(-1);
  await dialog(page)
    .getByLabel('答复内容')
    .fill('您好！小区路灯已于当日更换灯泡，恢复照明，感谢您的反映与监督，祝生活愉快。');
  await dialog(page).getByRole('group', { name: '办理中已与群众联系' }).getByLabel('是').check();
  await tell(page);
  const reply = dialog(page).getByRole('button', { name: /^回复/ });
  await reply.click();
  await away(page).waitFor();
  expect(await dialog(page).getByLabel('处理措施').inputValue()).toBe('已更换灯泡。');
  await stage.startAgain();
  await dialog(page).getByRole('link', { name: '修复后.jpg' }).waitFor({ timeout: 40_000 });
  const reason = dialog(page).getByLabel('仍按此提交的理由');
  await reply.click();
  await Promise.race([reason.waitFor(), dialog(page).waitFor({ state: 'detached' })]);
  if (await reason.isVisible()) {
    await reason.fill('当面已经说明。');
    await reply.click();
    await dialog(page).waitFor({ state: 'detached' });
  }
  const { items } = await clerk.api<{ items: { type: string }[] }>('GET', `/tickets/${no}/events`);
  expect(items.filter((one) => one.type === 'reply').length).toBe(1);
  const files = await clerk.api<{ items: { name: string }[] }>('GET', `/tickets/${no}/attachments`);
  expect(files.items.map((one) => one.name)).toEqual(['修复后.jpg']);
});

test("while an administrator's form is filled: the record is there once", async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/phrases');
  await page.getByRole('button', { name: '新建用语' }).first().click();
  await dialog(page).getByRole('textbox', { name: '用语' }).pressSequentially('停电');
  await stage.kill();
  await dialog(page).getByRole('textbox', { name: '用语' }).pressSequentially('时写的用语');
  await page.keyboard.press('Control+s');
  await away(page).waitFor();
  expect(await dialog(page).getByRole('textbox', { name: '用语' }).inputValue()).toBe(
    '停电时写的用语',
  );
  await stage.startAgain();
  await page.keyboard.press('Control+s');
  await dialog(page).waitFor({ state: 'detached' });
  await page.getByRole('main').getByText('停电时写的用语').first().waitFor();
  const { items } = await admin.api<{ items: { text: string }[] }>('GET', '/phrases?limit=200');
  expect(items.filter((one) => one.text === '停电时写的用语').length).toBe(1);
});
