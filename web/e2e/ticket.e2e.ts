// One ticket from the office to the unit and back, all of it in the browser; and what happens when
// two are at it, when the session ends, and when the network does.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { NARROW, useStage } from './harness';
import { tell } from './walk';

/** The scripts of a page or form, by Vite's manifest. */
function scriptsOf(source: string): string[] {
  const path = resolve(import.meta.dirname, '../dist/.vite/manifest.json');
  const chunks = JSON.parse(readFileSync(path, 'utf8')) as Record<
    string,
    { file: string; imports?: string[] }
  >;
  const found = new Set<string>();
  const add = (name: string): void => {
    const chunk = chunks[name];
    if (chunk === undefined || name === 'index.html' || found.has(chunk.file)) return;
    found.add(chunk.file);
    chunk.imports?.forEach(add);
  };
  add(source);
  return [...found];
}

const stage = useStage();

interface Made {
  no: string;
  version: number;
}
/** A ticket as a clerk receives it, through the public interface. */
async function receive(title: string): Promise<string> {
  const clerk = await stage.resident('clerk2');
  const made = await clerk.api<Made>('POST', '/tickets', {
    channel: 'phone',
    title,
    content: `${title}，请尽快处理。`,
    petitioner: { name: '测试群众', phone: '13900001234' },
  });
  return made.no;
}
const dialog = (page: Page) => page.getByRole('dialog');
async function pick(page: Page, field: string, typed: string): Promise<void> {
  await dialog(page).getByRole('combobox', { name: field }).fill(typed);
  await page.locator('.combo-item').first().waitFor();
  await page.keyboard.press('Enter');
}
const send = (page: Page) => page.keyboard.press('Control+Enter');
const state = (page: Page, word: string) =>
  page.locator('.ticket-head .tag', { hasText: word }).first().waitFor();

/** Somebody else is quicker. */
async function amendFirst(no: string): Promise<void> {
  const page = await (await stage.person('clerk1')).open(`/tickets/${no}`);
  await page.keyboard.press('m');
  await dialog(page).getByLabel('地址').fill('河滩路 12 号');
  await send(page);
  await dialog(page).waitFor({ state: 'detached' });
}

test('dispatched, signed, replied, approved and called back', async () => {
  const no = await receive('河滩路路灯不亮');
  const clerk = await stage.person('clerk1');
  let page = await clerk.open(`/tickets/${no}`);
  await page.keyboard.press('d');
  await dialog(page).waitFor();
  await pick(page, '主办单位', 'xianzhujian');
  await send(page);
  await state(page, '已交办');
  await page.getByText('县住建局').first().waitFor();

  // On a phone, in the unit.
  const handler = await stage.person('d11', NARROW);
  page = await handler.open(`/tickets/${no}`);
  await page.getByRole('button', { name: '签收' }).click();
  await dialog(page).getByRole('button', { name: '签收' }).click();
  await state(page, '办理中');
  await page.getByRole('button', { name: '联系群众' }).click();
  await dialog(page).getByLabel('说明').fill('已电话了解情况。');
  await dialog(page).getByRole('button', { name: '联系群众' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  const reply = page.getByRole('button', { name: /^(回复|呈签)/ });
  const isOnline = (await reply.innerText()).includes('呈签');
  await reply.click();
  // A contact is on record; that the citizen was told nobody has said yet.
  const contacted = dialog(page).getByRole('group', { name: '办理中已与群众联系' });
  expect(await contacted.getByLabel('是').isChecked()).toBe(true);
  expect(await dialog(page).getByLabel('告知群众时间').inputValue()).toBe('');
  const told = await tell(page);
  await dialog(page).getByLabel('已解决', { exact: true }).check();
  await dialog(page).getByLabel('调查核实').fill('当日到现场核查，三盏路灯损坏。');
  await dialog(page).getByLabel('处理措施').fill('已更换灯泡并检修线路，现场拍照留存。');
  const text =
    '您好！河滩路三盏损坏的路灯已于当日更换，线路已检修，夜间照明恢复正常。如再有问题，请随时拨打热线与我们联系。';
  await dialog(page).getByLabel('答复内容').fill(text);
  if (!isOnline) await dialog(page).getByLabel('签批人').fill('住建局分管负责人');
  await dialog(page)
    .getByRole('button', { name: isOnline ? '呈签' : '回复', exact: false })
    .click();
  await dialog(page).waitFor({ state: 'detached' });
  if (isOnline) {
    await state(page, '待签发');
    expect(await reply.evaluate((one) => one.classList.contains('button-main'))).toBe(false);
    const head = await stage.person('d11-head', NARROW);
    page = await head.open(`/tickets/${no}`);
    await page.getByRole('button', { name: /^回复/ }).click();
    // What the handler proposed is there, and only sent.
    expect(await dialog(page).getByLabel('答复内容').inputValue()).toBe(text);
    expect(await dialog(page).getByLabel('告知群众时间').inputValue()).toBe(told);
    await dialog(page).getByRole('button', { name: '回复' }).click();
  }
  await state(page, '已回复');

  page = await clerk.open(`/tickets/${no}`);
  await page.keyboard.press('a');
  await dialog(page).getByText(text).waitFor();
  await send(page);
  await state(page, '待回访');
  await page.keyboard.press('v');
  await dialog(page).getByRole('group', { name: '电话已接通' }).getByLabel('是').check();
  await dialog(page).getByRole('group', { name: '承办单位联系过群众' }).getByLabel('是').check();
  await dialog(page).getByRole('group', { name: '问题已解决' }).getByLabel('是').check();
  await dialog(page).getByLabel('满意', { exact: true }).check();
  await send(page);
  await state(page, '已办结');
  await page.getByText('满意', { exact: true }).first().waitFor();
});

test('who comes second is told who was first, and keeps what was typed', async () => {
  const no = await receive('两人同时办理');
  const second = await stage.person('clerk3');
  const page = await second.open(`/tickets/${no}`);
  await page.keyboard.press('d');
  await pick(page, '主办单位', 'xianzhujian');
  await dialog(page).getByLabel('说明').fill('第二个人写的说明');

  await amendFirst(no);

  await send(page);
  await dialog(page).getByText('已被 受理员甲').waitFor();
  expect(await dialog(page).getByLabel('说明').inputValue()).toBe('第二个人写的说明');
  await send(page); // on the version that is shown now
  await state(page, '已交办');
});

test('letters typed right after a key stand in what it opens, also on a slow line', async () => {
  const clerk = await stage.person('clerk1');
  const { items } = await clerk.api<{ items: { no: string }[] }>('GET', '/tickets?state=received');
  const page = await clerk.open(`/tickets/${items[0]?.no}`);
  // What the keys open is fetched while nothing else is to be done.
  await page.waitForFunction(
    (files) => {
      const there = performance
        .getEntriesByType('resource')
        .map((one) => new URL(one.name).pathname);
      return files.every((file) => there.includes(`/${file}`));
    },
    [...scriptsOf('src/pages/ticket/actions/Note.vue'), ...scriptsOf('src/pages/intake/Page.vue')],
  );
  const line = await clerk.context.newCDPSession(page);
  await line.send('Network.enable');
  await line.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 3_000,
    downloadThroughput: 10_000,
    uploadThroughput: 10_000,
  });
  await page.keyboard.press('n');
  await page.keyboard.type('dsm');
  const note = page.getByRole('dialog').getByRole('textbox');
  expect(await note.inputValue()).toBe('dsm');
  await note.fill('');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('F2', { delay: 60 }); // as long as a finger lies on it
  await page.keyboard.type('1390');
  expect(await page.locator('[id="field-petitioner.phone"]').inputValue()).toBe('1390');
});

test('who comes second may give up: nothing of theirs is sent, and what was typed waits', async () => {
  const no = await receive('晚了一步的工单');
  const second = await stage.person('clerk3');
  const page = await second.open(`/tickets/${no}`);
  await page.keyboard.press('m');
  await dialog(page).getByLabel('地址').fill('第二个人写的地址');

  await amendFirst(no);

  await send(page);
  await dialog(page).getByText('已被 受理员甲').waitFor();
  await dialog(page).getByRole('button', { name: '取消' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  await page.getByText('河滩路 12 号').first().waitFor();
  expect(await page.getByText('第二个人写的地址').count()).toBe(0);
  const { address, version } = await second.api<{ address: string; version: number }>(
    'GET',
    `/tickets/${no}`,
  );
  expect([address, version]).toEqual(['河滩路 12 号', 2]);

  // Opened again upon what is there now, it is brought back, and whoever wants it sends it.
  await page.keyboard.press('m');
  await dialog(page).getByText('已恢复上次未提交的内容').waitFor();
  expect(await dialog(page).getByLabel('地址').inputValue()).toBe('第二个人写的地址');
});

test('a step that somebody else has taken cannot be taken again: one reads it and gives up', async () => {
  const no = await receive('已经交办的工单');
  const first = await stage.person('clerk1');
  const second = await stage.person('clerk3');
  const page = await second.open(`/tickets/${no}`);
  await page.keyboard.press('d');
  await pick(page, '主办单位', 'xianshuiwu');
  await first.api('POST', `/tickets/${no}/dispatch`, { version: 1, lead_unit: 'D11' });
  await send(page);
  await dialog(page).getByText('这一步现在已不能再做').waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  await state(page, '已交办');
  await page.getByText('县住建局').first().waitFor();
  expect(await page.getByText('县水务局').count()).toBe(0);
});

test('a session that has ended asks for the password over the page, and the work goes on', async () => {
  const no = await receive('登录过期时的工单');
  const clerk = await stage.person('clerk4');
  const page = await clerk.open(`/tickets/${no}`);
  await page.keyboard.press('n');
  await dialog(page).getByLabel('内容').fill('过期前写的备注');
  await clerk.context.clearCookies();
  await send(page);
  await page.getByRole('dialog', { name: '请重新登录' }).waitFor();
  await page.getByLabel('密码').fill('yunxi-demo-2026');
  await page.keyboard.press('Enter');
  await page.locator('.timeline').getByText('过期前写的备注').waitFor();
});

test('what was typed outlives a closed tab, and a lost network says so', async () => {
  const no = await receive('断网时的工单');
  const clerk = await stage.person('clerk1');
  let page = await clerk.open(`/tickets/${no}`);
  await page.keyboard.press('n');
  await dialog(page).getByLabel('内容').fill('断网前写的备注');
  await clerk.context.setOffline(true);
  await send(page);
  await dialog(page).getByText('连不上服务器').waitFor();
  await clerk.context.setOffline(false);
  await page.close();
  page = await clerk.context.newPage();
  await page.goto(`${stage.url()}/tickets/${no}`);
  await page.getByRole('heading', { level: 1, name: '断网时的工单' }).waitFor();
  await page.locator('.action-bar button').first().waitFor();
  await page.keyboard.press('n');
  await dialog(page).getByText('已恢复上次未提交的内容').waitFor();
  expect(await dialog(page).getByLabel('内容').inputValue()).toBe('断网前写的备注');
  await send(page);
  await page.locator('.timeline').getByText('断网前写的备注').waitFor();
});

test('the name and phone are shown for a reason, and the reason is noted', async () => {
  const no = await receive('查看群众信息');
  const clerk = await stage.person('clerk1');
  const page = await clerk.open(`/tickets/${no}`);
  expect(await page.getByText('13900001234').count()).toBe(0);
  await page.getByRole('button', { name: '查看完整信息' }).click();
  await dialog(page).getByLabel('查看理由').fill('电话核实地址');
  await dialog(page).getByRole('button', { name: '查看完整信息' }).click();
  await page.getByRole('link', { name: '13900001234' }).waitFor();
  await page.locator('.timeline').getByText('查看群众信息').waitFor();
});

test('a file is attached and can be fetched', async () => {
  const no = await receive('有附件的工单');
  const clerk = await stage.person('clerk1');
  const page = await clerk.open(`/tickets/${no}`);
  await page.locator('input[type=file]').setInputFiles({
    name: '说明.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('附件里的字\n'),
  });
  const link = page.getByRole('link', { name: '说明.txt' });
  await link.waitFor();
  const answer = await clerk.context.request.get(stage.url() + (await link.getAttribute('href')));
  expect(await answer.text()).toBe('附件里的字\n');
});
