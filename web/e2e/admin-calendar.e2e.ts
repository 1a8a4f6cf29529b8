// The calendar: nothing counts before one has seen what it moves.
import { expect, test } from 'vitest';
import { useStage, type Person } from './harness';

const stage = useStage();

interface Year {
  entered: boolean;
  missing_year: number | null;
  days: { date: string; mark: string; name: string }[];
}
const yearOf = (person: Person, year: number | string) =>
  person.api<Year>('GET', `/calendar?year=${year}`);
const shanghai = (days: number) =>
  new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);

test('a day is turned by the keyboard, its effects are seen, and tickets move as it was said', async () => {
  const admin = await stage.person('admin');
  const clerk = await stage.person('clerk1');
  // The next plain weekday of this year after tomorrow: open tickets wait beyond it.
  let ahead = 2;
  const { days } = await yearOf(admin, shanghai(0).slice(0, 4));
  const marked = new Set(days.map((day) => day.date));
  const isPlain = (day: string) =>
    !marked.has(day) && new Date(`${day}T00:00:00Z`).getUTCDay() % 6 !== 0;
  while (!isPlain(shanghai(ahead))) ahead += 1;
  const day = shanghai(ahead);

  const page = await admin.open(`/admin/calendar?year=${day.slice(0, 4)}`);
  await page.locator('.day[tabindex="0"]').focus();
  for (let i = 0; i < ahead; i++) await page.keyboard.press('ArrowRight');
  await page.waitForFunction((id) => document.activeElement?.id === id, `day-${day}`);
  await page.keyboard.press('Enter');
  await page.getByText('1 天未保存').waitFor();
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog', { name: '预览影响' });
  await dialog.waitFor();
  const row = dialog
    .getByRole('row')
    .filter({ hasText: /\d{8}-[A-Z]\d{4}/ })
    .first();
  const no = (await row.getByRole('cell').nth(0).innerText()).trim();
  const after = (await row.getByRole('cell').nth(3).innerText()).trim();
  // Looking has changed nothing.
  expect((await yearOf(admin, day.slice(0, 4))).days.some((one) => one.date === day)).toBe(false);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+s');
  await dialog.waitFor();
  await dialog.getByRole('button', { name: '确认保存' }).press('Enter');
  await page.getByText('日历已保存').first().waitFor();
  const now = (await yearOf(admin, day.slice(0, 4))).days.find((one) => one.date === day);
  expect(now?.mark).toBe('holiday');
  const ticket = await clerk.api<{ due_at: string }>('GET', `/tickets/${no}`);
  expect(ticket.due_at.slice(0, 16).replace('T', ' ')).toBe(after);
  expect(await page.locator(`#day-${day}`).getAttribute('data-mark')).toBe('休');
});

// Before November nobody is warned.
const warned = test.skipIf(Number(shanghai(0).slice(5, 7)) < 11);
warned('next year’s notice is pasted, looked at and entered, and the warning goes', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin');
  const year = Number(shanghai(0).slice(0, 4)) + 1;
  expect((await yearOf(admin, year)).missing_year).toBe(year);
  await page.getByRole('link', { name: '现在录入' }).click();
  await page.getByRole('heading', { level: 2, name: `${year} 年` }).waitFor();
  await page.getByRole('button', { name: '录入放假通知' }).click();
  await page
    .getByLabel('通知原文或表格行')
    .fill(
      `${year}年节假日\n一、元旦：1月1日至2日放假。\n二、劳动节：5月1日至5日放假调休。\n三、待定：6月31日放假。`,
    );
  await page.getByText('识别出放假 7 天').waitFor();
  await page.getByText('没有看懂').waitFor();
  await page.getByRole('button', { name: '画到日历上' }).click();
  await page.getByText('7 天未保存').waitFor();
  // The next year cannot be left with something unsaved.
  await page.getByRole('button', { name: '下一年' }).click();
  await page.getByText('请先保存或撤销').first().waitFor();
  await page.getByRole('button', { name: '预览影响' }).click();
  await page.getByText('视为已录入全年安排').waitFor();
  await page.getByRole('button', { name: '确认保存' }).click();
  await page.getByText('日历已保存').first().waitFor();
  const entered = await yearOf(admin, year);
  expect(entered.entered).toBe(true);
  expect(entered.days.length).toBe(7);
  expect(entered.days.find((day) => day.date === `${year}-05-03`)?.name).toBe('劳动节');
  await page.getByText('已录入', { exact: true }).waitFor();
  expect(await page.getByText('还没有录入').count()).toBe(0);
});

test('a file of rows is read, and another year’s is not mixed in', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/calendar?year=2030');
  await page.getByRole('button', { name: '录入放假通知' }).click();
  await page.locator('input[type=file]').setInputFiles({
    name: 'days-2030.csv',
    mimeType: 'text/csv',
    // As office programs write it in China: GB18030.
    buffer: Buffer.from([
      ...Buffer.from('date,type,name\r\n2030-01-01,holiday,'),
      0xd4,
      0xaa,
      0xb5,
      0xa9,
      ...Buffer.from('\r\n'),
    ]),
  });
  await page.getByText('识别出放假 1 天').waitFor();
  await page.getByRole('button', { name: '画到日历上' }).click();
  await page.getByRole('button', { name: /1月1日.*元旦/ }).waitFor();
  await page.getByRole('button', { name: '撤销改动' }).click();
  await page.getByText('没有改动').waitFor();
});
