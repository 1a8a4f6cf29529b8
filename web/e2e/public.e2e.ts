// A citizen's message with photos: the form works without a script, and with one the files follow
// the message, which is safe with its number by then.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { faultsOf, isTooWide } from './axe';
import { NARROW, useStage, WIDE } from './harness';
import { photoOf } from './walk';

const stage = useStage(['--public-form-min-s', '0']);

interface Files {
  items: { name: string; kind: string; added_by: string | null; bytes: number }[];
}
const text = (name: string, words = '现场情况') => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(words),
});
async function write(page: Page): Promise<void> {
  await page.getByLabel('详细情况').fill('村口的路灯坏了三天，晚上看不见路。');
  await page.getByLabel('电话').fill('13900001234');
}
const number = async (page: Page) =>
  (await page.locator('.receipt .big').first().innerText()).trim();

test('photos follow the message, made smaller, and belong to it', async () => {
  const citizen = await stage.stranger(NARROW);
  const page = await citizen.open('/public/message?door=web');
  await write(page);
  const large = await photoOf(page, '路灯.jpg');
  await page.getByLabel('照片或文件').setInputFiles([large, text('说明.txt'), text('多余.txt')]);
  await page.getByRole('button', { name: '移除 多余.txt' }).click();
  expect(await faultsOf(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
  await page.setViewportSize(WIDE);
  expect(await faultsOf(page)).toEqual([]);
  await page.setViewportSize(NARROW);
  await page.getByRole('button', { name: '提交' }).press('Enter');
  await page.getByText('附件已全部上传').waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  expect(page.url()).toBe(`${stage.url()}/public/message?door=web`);
  expect(await faultsOf(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
  const clerk = await stage.resident('clerk2');
  const { items } = await clerk.api<Files>('GET', `/tickets/${await number(page)}/attachments`);
  expect(items.map((one) => [one.name, one.kind, one.added_by])).toEqual([
    ['路灯.jpg', 'citizen', null],
    ['说明.txt', 'citizen', null],
  ]);
  expect(items[0]?.bytes).toBeLessThan(large.buffer.length);
  expect(citizen.complaints).toEqual([]);
});

test('what the server refuses is said at the file, and only that one is missing', async () => {
  const citizen = await stage.stranger(NARROW);
  const page = await citizen.open('/public/message?door=mailbox&lang=en');
  await page.getByLabel('Details').fill('The lamp at the gate has been out for three days.');
  const six = ['1', '2', '3', '4', '5', '6'].map((name) => text(`${name}.txt`));
  await page.getByLabel('Photos or files').setInputFiles([text('bad.pdf'), ...six]);
  await page.getByText('At most 5; the others were left out.').waitFor();
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Some files were not sent').waitFor();
  await page.getByRole('button', { name: 'Try again bad.pdf' }).click();
  await page.getByText('Some files were not sent').waitFor();
  expect(await page.getByText(/· Sent$/).count()).toBe(4);
  expect(await faultsOf(page)).toEqual([]);
  const clerk = await stage.resident('clerk2');
  const { items } = await clerk.api<Files>('GET', `/tickets/${await number(page)}/attachments`);
  expect(items.map((one) => one.name)).toEqual(['1.txt', '2.txt', '3.txt', '4.txt']);
});

test('without a network nothing typed or chosen is lost, and one message arrives', async () => {
  const citizen = await stage.stranger(NARROW);
  const page = await citizen.open('/public/message');
  await write(page);
  await page.getByLabel('电话').fill('不知道');
  await page.getByLabel('照片或文件').setInputFiles(text('说明.txt'));
  await citizen.context.setOffline(true);
  await page.getByRole('button', { name: '提交' }).click();
  await page.getByText('没有连上').waitFor();
  await citizen.context.setOffline(false);
  await page.getByRole('button', { name: '提交' }).click();
  // The server's own page comes back with the error, and the file is still chosen.
  await page.getByRole('link', { name: /电话/ }).waitFor();
  await page.getByText('说明.txt').waitFor();
  await page.getByLabel('电话').fill('13900001234');
  await page.getByRole('button', { name: '提交' }).click();
  await page.getByText('附件已全部上传').waitFor();
});

test('without a script the message arrives, and no file is offered', async () => {
  const context = await stage
    .browser()
    .newContext({ javaScriptEnabled: false, viewport: NARROW, locale: 'zh-CN' });
  const page = await context.newPage();
  await page.goto(`${stage.url()}/public/message`);
  expect(await page.getByLabel('照片或文件').isVisible()).toBe(false);
  await write(page);
  await page.getByRole('button', { name: '提交' }).click();
  expect(await number(page)).toMatch(/^\d{8}-W\d{4}$/);
  await page.getByRole('button', { name: '现在就看进度' }).click();
  expect(await page.getByText('已受理').first().isVisible()).toBe(true);
  expect(page.url()).toBe(`${stage.url()}/public/progress`);
  await context.close();
});

test.each(['', 'message', 'progress', 'rate', 'replies', 'help'])(
  'the public page "%s" has no fault in either language',
  async (name) => {
    const citizen = await stage.stranger();
    for (const language of ['zh', 'en'])
      for (const size of [WIDE, NARROW]) {
        const page = await citizen.open(`/public/${name}?lang=${language}`);
        await page.setViewportSize(size);
        expect(await faultsOf(page)).toEqual([]);
        expect(await isTooWide(page)).toBe(false);
      }
    expect(citizen.complaints).toEqual([]);
  },
);

test('what was not accepted never was in anybody’s hands, and its page says so', async () => {
  const clerk = await stage.resident('clerk2');
  const { no } = await clerk.api<{ no: string }>('POST', '/tickets', {
    channel: 'phone',
    kind: 'complaint',
    content: '法院判下来的案子我不服，请政府重新处理。',
    petitioner: { phone: '13900001235' },
  });
  await clerk.api('POST', `/tickets/${no}/decline`, {
    version: 1,
    reason_code: 'court_or_arbitration',
    guidance: '请依法向人民法院提出上诉或申诉。',
    told_at: new Date(Date.now() - 60_000).toISOString().replace('Z', '+00:00'),
    told_way: 'phone',
  });
  const { query_code } = await clerk.api<{ query_code: string }>('GET', `/tickets/${no}`);
  const citizen = await stage.stranger(NARROW);
  const page = await citizen.open('/public/progress');
  await page.getByLabel('编号').fill(no);
  await page.getByLabel('查询码').fill(query_code);
  await page.getByRole('button', { name: '查询' }).click();
  await page.getByText('请依法向人民法院提出上诉或申诉。').waitFor();
  expect(await page.locator('.steps .what').allInnerTexts()).toEqual(['已受理', '已办结']);
});

test('a phone that looks mistyped is asked about once, without a script too', async () => {
  const context = await stage.browser().newContext({ javaScriptEnabled: false, locale: 'zh-CN' });
  const page = await context.newPage();
  await page.goto(`${stage.url()}/public/message?door=web`);
  await page.getByLabel('详细情况').fill('村口的路灯坏了三天。');
  await page.getByLabel('电话').fill('139000012');
  await page.getByRole('button', { name: '提交' }).click();
  await page.locator('#e-phone', { hasText: '共 9 位' }).waitFor();
  expect(await page.getByLabel('详细情况').inputValue()).toBe('村口的路灯坏了三天。');
  expect(await page.getByLabel('电话').inputValue()).toBe('139000012');
  await page.getByRole('button', { name: '提交' }).click(); // it is right
  await page.locator('.receipt .big').first().waitFor();
  const clerk = await stage.resident('clerk2');
  const ticket = await clerk.api<{ has_phone: boolean }>('GET', `/tickets/${await number(page)}`);
  expect(ticket.has_phone).toBe(true);
  await context.close();
});
