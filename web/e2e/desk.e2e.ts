// The desk of urging: many with one text, each with its own result; a prepared order is issued and
// printed.
import { expect, test } from 'vitest';
import { useStage } from './harness';

const stage = useStage();
interface Lines {
  items: { no: string; urge_count: number; state: string }[];
}

test('two are urged by keyboard with one text, and wait for their answer then', async () => {
  const supervisor = await stage.person('supervisor1');
  const page = await supervisor.open('/supervise/desk');
  const before = (
    await supervisor.api<Lines>('GET', '/tickets?desk=should_urge&sort=due&limit=100')
  ).items;
  const [one, two] = before;
  if (one === undefined || two === undefined) throw new Error('nobody should be urged');
  const ticks = page.locator('.desk-row input[type="checkbox"]');
  await ticks.first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.getByLabel('催办内容').fill(' ');
  await page.keyboard.press('Control+Enter');
  await page.getByText('请写明催办内容').waitFor();
  await page.getByLabel('催办内容').fill('请今天下班前报送办理情况。');
  await page.keyboard.press('Control+Enter');
  await page.getByText('已催办 2 件').first().waitFor();
  await page.getByRole('link', { name: /^已催待复/ }).click();
  const rows = page.locator('.desk-row');
  for (const { no } of [one, two]) await rows.filter({ hasText: no }).waitFor();
  const urges = await supervisor.api<{ items: { text: string | null }[] }>(
    'GET',
    `/urges?ticket=${one.no}&kind=manual`,
  );
  expect(urges.items[0]?.text).toBe('请今天下班前报送办理情况。');
});

test('each gets its own values, seen before sending; an unknown word is refused at the field', async () => {
  const supervisor = await stage.person('supervisor1');
  const page = await supervisor.open('/supervise/desk?list=should_urge');
  const { items } = await supervisor.api<{
    items: { no: string; lead_unit: { short_name: string } | null; state: string }[];
  }>('GET', '/tickets?desk=should_urge&sort=due&limit=100');
  const two = items.filter((one) => one.state === 'handling').slice(0, 2);
  expect(two.length).toBe(2);
  for (const { no } of two) await page.getByLabel(`选择 ${no}`).check();
  const note = page.getByLabel('催办内容');
  await note.fill('请{局长}尽快办理');
  await page.getByRole('button', { name: '预览' }).click();
  await page.locator('.urge-bar .field-error').waitFor();
  await note.fill('请抓紧办理');
  await page.getByRole('button', { name: '{单位}' }).click();
  await page.getByRole('button', { name: '{编号}' }).click();
  expect(await note.inputValue()).toBe('请抓紧办理{单位}{编号}');
  await page.getByRole('button', { name: '预览' }).click();
  const texts = two.map((one) => `请抓紧办理${one.lead_unit?.short_name}${one.no}`);
  for (const text of texts) await page.locator('.urge-shown').getByText(text).waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText('已催办 2 件').first().waitFor();
  for (const [at, { no }] of two.entries()) {
    const urges = await supervisor.api<{ items: { text: string | null }[] }>(
      'GET',
      `/urges?ticket=${no}&kind=manual`,
    );
    expect(urges.items[0]?.text).toBe(texts[at]);
  }
});

test('one that was closed meanwhile is named and stops no other', async () => {
  const [supervisor, clerk] = [await stage.person('supervisor1'), await stage.person('clerk1')];
  const page = await supervisor.open('/supervise/desk?list=should_urge');
  const { items } = await supervisor.api<Lines>(
    'GET',
    '/tickets?desk=should_urge&sort=due&limit=100',
  );
  const open = items.find((line) => line.state === 'dispatched');
  const other = items.find((line) => line.no !== open?.no);
  if (open === undefined || other === undefined) throw new Error('nothing to urge');
  for (const { no } of [open, other]) await page.getByLabel(`选择 ${no}`).check();
  const { version } = await clerk.api<{ version: number }>('GET', `/tickets/${open.no}`);
  const recalled = await clerk.api<{ version: number }>('POST', `/tickets/${open.no}/recall`, {
    version,
    reason: '群众已自行撤回。',
  });
  await clerk.api('POST', `/tickets/${open.no}/answer`, {
    version: recalled.version,
    reply_text: '群众来电说明问题已经解决，不再需要办理。',
    told_at: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    told_way: 'phone',
  });
  await page.getByRole('button', { name: /2 件/ }).click();
  await page.getByRole('alert').getByText(open.no).waitFor();
  await page.getByText('已催办 1 件').first().waitFor();
});

test('a prepared order is issued over the list and can be printed', async () => {
  const supervisor = await stage.person('supervisor1');
  const page = await supervisor.open('/supervise/desk?list=supervise');
  const row = page.locator('.desk-row').first();
  const no = (await row.locator('.muted.small').first().innerText()).trim();
  await row.getByRole('button', { name: '签发督办单' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('督办要求').fill('请两日内办结并书面报告。');
  const due = new Date(Date.now() + 3 * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);
  await dialog.locator('#field-answer_due_on').fill(due);
  await page.keyboard.press('Control+Enter');
  await page.getByText('督办单已签发').first().waitFor();
  const orders = await supervisor.api<{ items: { state: string; number: string | null }[] }>(
    'GET',
    `/supervisions?ticket=${no}`,
  );
  expect(orders.items[0]?.state).toBe('issued');
  await page.getByRole('link', { name: /^督办待答复/ }).click();
  await page.getByRole('link', { name: `督办单 ${orders.items[0]?.number}` }).click();
  await page.locator('.sheet').getByText('请两日内办结并书面报告。').waitFor();
});

test('the unit filter leaves that unit, and a clerk issues nothing', async () => {
  const clerk = await stage.person('clerk1');
  const { items } = await clerk.api<{
    items: { no: string; lead_unit: { code: string; short_name: string } | null }[];
  }>('GET', '/tickets?desk=should_urge&limit=100');
  const unit = items.find((one) => one.lead_unit !== null)?.lead_unit;
  const page = await clerk.open(`/supervise/desk?list=should_urge&unit=${unit?.code}`);
  await page.locator('.desk-row').first().waitFor();
  expect(await page.locator('.desk-row').count()).toBe(
    items.filter((one) => one.lead_unit?.code === unit?.code).length,
  );
  expect(await page.getByRole('link', { name: /^拟发督办单/ }).count()).toBe(0);
});
