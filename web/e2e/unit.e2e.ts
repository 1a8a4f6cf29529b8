// A unit's work on a phone: photos that arrive in spite of the network, a reply that is written on
// one device and gone on with on another, and a server that is away for a while.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { NARROW, useStage, type Person } from './harness';
import { act, photoOf, tell } from './walk';

const stage = useStage();
const UNIT = 'D11';
const HANDLER = 'd11';
const HEAD = 'd11-head';

interface Ticket {
  no: string;
  version: number;
}
/** A ticket that the unit has signed for, through the public interface. */
async function given(title: string, isSigned = true): Promise<string> {
  const clerk = await stage.resident('clerk2');
  const { no, version } = await clerk.api<Ticket>('POST', '/tickets', {
    channel: 'phone',
    title,
    content: `${title}，请尽快处理。`,
    demand: '修复路灯',
    petitioner: { name: '测试群众', phone: '13900001234' },
  });
  const sent = await clerk.api<Ticket>('POST', `/tickets/${no}/dispatch`, {
    version,
    lead_unit: UNIT,
  });
  if (isSigned) {
    const handler = await stage.resident(HANDLER);
    await handler.api('POST', `/tickets/${no}/sign`, { version: sent.version });
  }
  return no;
}
const dialog = (page: Page) => page.getByRole('dialog');
const openReply = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /^(回复|呈签)/ }).click();
  await dialog(page).getByLabel('答复内容').waitFor();
};

/** How wide the attachment is that this link leads to. */
async function widthOf(person: Person, name: string): Promise<number> {
  const address = await person.page.getByRole('link', { name }).getAttribute('href');
  return person.page.evaluate(async (path) => {
    const image = await createImageBitmap(await (await fetch(path ?? '')).blob());
    return image.width;
  }, address);
}

test('signed for in one tap, and answered from its card', async () => {
  const no = await given('收件箱里一键签收', false);
  const handler = await stage.person(HANDLER, NARROW);
  const page = await handler.open('/inbox?todo=sign');
  await page.getByRole('button', { name: `签收 ${no}` }).click();
  await page.getByText(`签收：${no} 已完成`).first().waitFor();
  await page.getByRole('button', { name: `签收 ${no}` }).waitFor({ state: 'detached' });
  const ticket = await handler.api<{ state: string }>('GET', `/tickets/${no}`);
  expect(ticket.state).toBe('handling');
  await handler.open('/inbox?todo=handle');
  const card = page.getByRole('listitem').filter({ hasText: no });
  await card.getByRole('link', { name: /^(回复|呈签) / }).click();
  await dialog(page).getByLabel('答复内容').waitFor();
  await handler.open('/inbox?todo=reported');
  await page.getByRole('link', { name: '已报', exact: true }).waitFor();
});

test('a leader instructs on a phone, and sees what came of it', async () => {
  const no = await given('请领导批示的工单');
  const clerk = await stage.resident('clerk2');
  const { version } = await clerk.api<Ticket>('GET', `/tickets/${no}`);
  await clerk.api('POST', `/tickets/${no}/submit`, {
    version,
    leader: 'leader1',
    note: '建议由住建局牵头三日内办结。',
  });
  const leader = await stage.person('leader1', NARROW);
  const page = await leader.open('/instruct?todo=instruct');
  const card = page.getByRole('listitem').filter({ hasText: no });
  await card.getByText('建议由住建局牵头三日内办结。').waitFor();
  await card.getByRole('button', { name: `批示 ${no}` }).click();
  await dialog(page).getByRole('button', { name: '请抓紧核实办理，并答复来信人。' }).click();
  await dialog(page).getByRole('group', { name: '要求反馈办理情况' }).getByLabel('是').check();
  await dialog(page).getByRole('textbox', { name: '反馈期限' }).fill('+7');
  await page.keyboard.press('Tab');
  await dialog(page).getByRole('button', { name: '批示', exact: true }).click();
  await dialog(page).waitFor({ state: 'detached' });
  const done = page.locator('.instructed li').filter({ hasText: '请领导批示的工单' });
  await done.getByText('请抓紧核实办理，并答复来信人。').waitFor();
  await done.getByText('答复期限').waitFor(); // it is a supervision now
});

test('a photo is made smaller and stands with the reply', async () => {
  const no = await given('照片随答复上报');
  const handler = await stage.person(HANDLER, NARROW);
  const page = await handler.open(`/tickets/${no}`);
  await openReply(page);
  await dialog(page).getByLabel('已解决', { exact: true }).check();
  await dialog(page).getByLabel('答复内容').fill('已修。');
  await dialog(page).getByText('没有上传照片').waitFor();
  await dialog(page).getByText('答复只有 3 字').waitFor();
  await dialog(page).getByText('没有提到群众的诉求').waitFor();
  const file = await photoOf(page, '修复后.jpg');
  await dialog(page).getByLabel('拍照').setInputFiles(file);
  await dialog(page).getByRole('link', { name: '修复后.jpg' }).waitFor();
  await dialog(page).getByText('没有上传照片').waitFor({ state: 'detached' });
  expect(await widthOf(handler, '修复后.jpg')).toBe(1600);
});

test('a reply with findings goes out with a reason that the reviewer sees', async () => {
  const no = await given('答复有提示也要说明理由');
  const handler = await stage.person(HANDLER, NARROW);
  const page = await handler.open(`/tickets/${no}`);
  await openReply(page);
  await dialog(page).getByLabel('已解决', { exact: true }).check();
  await dialog(page).getByLabel('调查核实').fill('现场核查属实。');
  await dialog(page).getByLabel('处理措施').fill('已更换灯泡。');
  await dialog(page).getByLabel('答复内容').fill('路灯已修。');
  if ((await dialog(page).getByLabel('签批人').count()) > 0)
    await dialog(page).getByLabel('签批人').fill('分管负责人');
  // Nobody has said that the citizen was contacted or told.
  const contacted = dialog(page).getByRole('group', { name: '办理中已与群众联系' });
  expect(await dialog(page).locator('[name]:checked').count()).toBe(1); // the outcome
  await contacted.getByLabel('是').check();
  await tell(page);
  const reason = dialog(page).getByLabel('仍按此提交的理由');
  await reason.waitFor();
  await dialog(page)
    .getByRole('button', { name: /^(回复|呈签)/ })
    .click();
  await dialog(page).getByRole('alert').waitFor();
  await reason.fill('当面已经说明。');
  await dialog(page)
    .getByRole('button', { name: /^(回复|呈签)/ })
    .click();
  await dialog(page).waitFor({ state: 'detached' });

  const clerk = await stage.person('clerk1');
  const reviewed = await clerk.open(`/tickets/${no}`);
  await reviewed.getByText('提交时的质量提示').first().waitFor();
  await reviewed.getByText('当面已经说明。').first().waitFor();
  await reviewed.locator('.timeline').getByText('仍按此提交的理由').first().waitFor();
});

test('a template is the beginning of an answer', async () => {
  const no = await given('套用模板答复');
  const handler = await stage.person(HANDLER, NARROW);
  const page = await handler.open(`/tickets/${no}`);
  const { items } = await handler.api<{ items: { title: string; text: string }[] }>(
    'GET',
    '/templates?kind=reply&enabled=true',
  );
  const first = items[0];
  if (first === undefined) {
    // The county has no templates: then nothing is offered.
    await openReply(page);
    expect(await dialog(page).getByLabel('套用模板').count()).toBe(0);
    return;
  }
  await openReply(page);
  await dialog(page).getByLabel('套用模板').selectOption({ label: first.title });
  expect(await dialog(page).getByLabel('答复内容').inputValue()).toBe(first.text);
});

test('a photo taken without a network arrives by itself, and once', async () => {
  const no = await given('断网时拍的照片');
  const handler = await stage.person(HANDLER, NARROW);
  const page = await handler.open(`/tickets/${no}`);
  const file = await photoOf(page, '现场.jpg');
  await handler.context.setOffline(true);
  await page.getByLabel('拍照').setInputFiles(file);
  await page.getByText('恢复后自动继续').waitFor();
  await handler.context.setOffline(false);
  await page.getByRole('link', { name: '现场.jpg' }).waitFor();
  const list = await handler.api<{ items: unknown[] }>('GET', `/tickets/${no}/attachments`);
  expect(list.items.length).toBe(1);
});

test('a reply begun on the phone is gone on with at the desk', async () => {
  const no = await given('换一台设备接着写');
  const phone = await stage.person(HANDLER, NARROW);
  let page = await phone.open(`/tickets/${no}`);
  await openReply(page);
  await dialog(page).getByLabel('调查核实').fill('在现场用手机写的核实情况');
  await dialog(page).getByRole('button', { name: '取消' }).click();
  await dialog(page).waitFor({ state: 'detached' });
  const kept = page.waitForResponse(
    (answer) => answer.request().postData()?.includes('更换灯泡') === true,
  );
  await openReply(page);
  await dialog(page).getByLabel('处理措施').fill('更换灯泡');
  expect((await kept).status()).toBe(200);

  const desk = await stage.person(HANDLER);
  page = await desk.open(`/tickets/${no}`);
  await openReply(page);
  await dialog(page).getByText('已恢复上次未提交的内容').waitFor();
  expect(await dialog(page).getByLabel('调查核实').inputValue()).toBe('在现场用手机写的核实情况');
  expect(await dialog(page).getByLabel('处理措施').inputValue()).toBe('更换灯泡');
});

test('what was sent leaves no draft behind', async () => {
  const no = await given('发送后草稿消失');
  const handler = await stage.person(HANDLER);
  const page = await handler.open(`/tickets/${no}`);
  await page.keyboard.press('g');
  const kept = page.waitForResponse((answer) => answer.request().method() === 'PUT');
  await dialog(page).getByLabel('说明').fill('已联系施工队');
  await kept;
  const gone = page.waitForResponse((answer) => answer.request().method() === 'DELETE');
  await page.keyboard.press('Control+Enter');
  expect((await gone).status()).toBe(204);
  const list = await handler.api<{ items: { subject: string }[] }>('GET', '/drafts');
  expect(list.items.filter((one) => one.subject === no)).toEqual([]);
});

test('returned on a phone, with the unit it belongs to', async () => {
  const no = await given('不属于本单位的工单');
  const handler = await stage.person(HANDLER, NARROW);
  const page = await handler.open(`/tickets/${no}`);
  await act('退单')(page);
  await dialog(page).getByRole('button', { name: '退单' }).click();
  await dialog(page).getByRole('alert').waitFor(); // what is missing is named
  await dialog(page).getByRole('radio').first().check();
  await dialog(page).getByLabel('退单依据').fill('按三定方案，路灯维护不属于我局职责。');
  await dialog(page).getByRole('combobox', { name: '建议承办单位' }).fill('zhen');
  await page.locator('.combo-item').first().click();
  await dialog(page).getByRole('button', { name: '退单' }).click();
  await page.locator('.ticket-head .tag', { hasText: '退单待审' }).first().waitFor();
});

test('more time is asked for, after the citizen was told', async () => {
  const no = await given('需要延期的工单');
  const handler = await stage.person(HANDLER, NARROW);
  const page = await handler.open(`/tickets/${no}`);
  await act('申请延期')(page);
  await dialog(page).getByRole('radio').first().check();
  await dialog(page).getByLabel('理由').fill('需要采购配件。');
  await dialog(page).getByRole('textbox', { name: '承诺办结日期' }).fill('+14');
  await page.keyboard.press('Tab');
  await dialog(page)
    .getByLabel('告知群众的阶段性答复')
    .fill('您好，路灯配件正在采购，预计两周内修好，特此告知。');
  await dialog(page).getByRole('button', { name: '申请延期' }).click();
  await page.getByText('申请延期').first().waitFor();
  await dialog(page).waitFor({ state: 'detached' });
  const ticket = await handler.api<{ extensions: { state: string }[] }>('GET', `/tickets/${no}`);
  expect(ticket.extensions.map((one) => one.state)).toEqual(['pending']);
});

test('the server is away while one types, and nothing is lost', async () => {
  const no = await given('服务器重启时的工单');
  const handler = await stage.person(HEAD, NARROW);
  const page = await handler.open(`/tickets/${no}`);
  await act('内部备注')(page);
  await dialog(page).getByLabel('内容').fill('重启前写的，');
  await stage.stop();
  await dialog(page).getByLabel('内容').pressSequentially('重启时写的');
  await dialog(page).getByRole('button', { name: '内部备注' }).click();
  await dialog(page).getByText('连不上服务器').waitFor();
  // The browser is ended as well.
  await page.close();
  await stage.startAgain();
  const again = await handler.context.newPage();
  await again.goto(`${stage.url()}/tickets/${no}`);
  await act('内部备注')(again);
  expect(await dialog(again).getByLabel('内容').inputValue()).toBe('重启前写的，重启时写的');
  await dialog(again).getByRole('button', { name: '内部备注' }).click();
  await again.locator('.timeline').getByText('重启前写的，重启时写的').waitFor();
});

test('urges are read one by one on a phone, and all at once by the keyboard', async () => {
  const clerk = await stage.resident('clerk2');
  const numbers = [await given('催一'), await given('催二'), await given('催三')];
  await clerk.api('POST', '/urges', { tickets: numbers, note: '请抓紧办理。' });
  const readAt = async (no: string | undefined) =>
    (await clerk.api<{ items: { read_at: string | null }[] }>('GET', `/urges?ticket=${no}`))
      .items[0]?.read_at ?? null;

  const phone = await stage.person(HANDLER, NARROW);
  const small = await phone.open('/inbox?todo=urge');
  await small.getByRole('button', { name: `这条已读 ${numbers[0]}` }).click();
  await small
    .getByRole('link', { name: new RegExp(numbers[0] ?? '') })
    .waitFor({ state: 'detached' });
  expect(await readAt(numbers[0])).not.toBe(null);
  expect(await readAt(numbers[1])).toBe(null);

  const desk = await stage.person(HANDLER);
  const page = await desk.open('/inbox?todo=urge');
  await page.getByRole('button', { name: '全部标为已读' }).waitFor();
  await page.locator('h1').focus();
  await page.keyboard.press('m');
  await page.getByText('这里没有待办').waitFor();
  expect(await readAt(numbers[1])).not.toBe(null);
  expect(await readAt(numbers[2])).not.toBe(null);
});
