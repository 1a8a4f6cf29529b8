// An old ledger comes in: checked row by row, its columns named, and the tickets are there.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { knownFields, otherNames } from '../src/pages/imports/columns';
import { useStage, type Person } from './harness';
import { FAULTY, gb18030, workbook } from './ledgers';

const stage = useStage();

interface Ticket {
  no: string;
  received_at: string;
  content: string;
  channel: string;
  state: string;
  lead_unit: { code: string } | null;
}
const ticketOf = (person: Person, no: string) => person.api<Ticket>('GET', `/tickets/${no}`);

async function choose(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.locator('#field-file').setInputFiles({ name, mimeType: 'text/csv', buffer });
  await page.getByRole('region', { name: '前几行' }).first().waitFor();
}
const result = (page: Page) => page.getByRole('region', { name: '结果', exact: true });

test('the usual names of columns are the server’s', () => {
  const header = readFileSync(
    resolve(import.meta.dirname, '../../include/domain/ledger.h'),
    'utf8',
  );
  const rows = [
    ...header.matchAll(/X\([A-Z_]+,\s+"(\w+)",\s+[A-Z]+,\s+\d+,\s+"[^"]+",\s+"([^"]*)"\)/g),
  ];
  expect(rows.map((row) => row[1])).toEqual(knownFields);
  for (const [, word, names] of rows) expect(otherNames(word ?? '').join('|'), word).toBe(names);
});

test('every bad row is named; the good ones come in only when one says so', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/tickets');
  await page.getByRole('link', { name: '台账导入' }).press('Enter');
  await page.getByRole('heading', { level: 1, name: '台账导入' }).waitFor();
  // Nothing chosen: it is said at the field.
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').getByText('请选择文件').waitFor();
  await choose(page, 'old.csv', Buffer.from(FAULTY));
  await page.keyboard.press('Control+Enter');
  await result(page).getByRole('heading', { name: '3 行有错，共 4 处' }).waitFor();
  const faults = result(page).getByRole('row');
  const lines = (await faults.allInnerTexts()).slice(1).map((line) => line.split(/\s+/));
  expect(lines.map((line) => `${line[0]} ${line[1]}`)).toEqual([
    '3 渠道',
    '4 受理时间',
    '6 电话',
    '6 内容',
  ]);
  expect(lines.every((line) => (line[2] ?? '').length > 1)).toBe(true);
  // Checking made nothing, and without a word about the bad rows nothing can be made.
  await expect(ticketOf(clerk, 'OLD-2')).rejects.toThrow('404');
  expect(await page.getByRole('button', { name: /正式导入|跳过有错的行/ }).count()).toBe(0);
  await page.getByLabel('跳过有错的 3 行').check();
  await page.getByRole('button', { name: '跳过有错的行，导入其余 3 行' }).press('Enter');
  await result(page).getByText('已生成 3 件工单').waitFor();
  expect((await ticketOf(clerk, 'OLD-5')).content).toBe('垃圾未清运,有异味');
  await expect(ticketOf(clerk, 'OLD-3')).rejects.toThrow('404');
});

test('columns of any name are assigned in GB18030 and kept for the next file', async () => {
  const clerk = await stage.person('clerk2');
  const page = await clerk.open('/imports');
  const head = '单号,日期,事由';
  await choose(page, 'gb.csv', gb18030(`${head}\r\nGB-1,2018-03-05 08:30,路面坑洼\r\n`));
  await page.getByRole('cell', { name: '路面坑洼' }).waitFor();
  await page.getByRole('button', { name: '试读' }).click();
  // Three are needed and none has a column: each is told at its field.
  const alert = page.getByRole('alert');
  await alert.getByRole('link', { name: /受理时间/ }).click();
  await page.waitForFunction(() => document.activeElement?.id === 'field-received_at');
  await page.locator('#field-received_at').selectOption('日期');
  await page.locator('#field-content').selectOption('事由');
  await page.locator('#field-set-channel').click();
  await page.keyboard.type('热线');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '试读' }).click();
  await result(page).getByText('没有发现错误').waitFor();
  // What is sent is what was checked: a change asks for another check.
  await page.locator('#field-title').selectOption('事由');
  await page.getByText('请重新试读后再正式导入').waitFor();
  await page.locator('#field-title').selectOption('');
  await page.getByRole('button', { name: '正式导入' }).click();
  await result(page).getByText('已生成 1 件工单').waitFor();
  const ticket = await ticketOf(clerk, 'GB-1');
  expect([ticket.content, ticket.channel, ticket.received_at]).toEqual([
    '路面坑洼',
    'phone',
    '2018-03-05T08:30:00+08:00',
  ]);
  const first = page.url();

  // Another clerk, the same kind of file: the columns are those of last time.
  const other = await stage.person('clerk1');
  const again = await other.open('/imports');
  await choose(again, 'gb.csv', gb18030(`${head}\r\nGB-1,2018-03-05 08:30,路面坑洼\r\n`));
  expect(await again.locator('#field-received_at').inputValue()).toBe('日期');
  await again.getByRole('button', { name: '试读' }).click();
  await result(again)
    .getByRole('heading', { name: /第 \d+ 号/ })
    .waitFor();
  const { items } = await other.api<{ items: { state: string }[] }>('GET', '/imports?limit=1');
  expect(items[0]?.state).toMatch(/reading|checked/);
  // Its row is a ticket already.
  await result(again).getByRole('heading', { name: '1 行有错，共 1 处' }).waitFor();
  await page.goto(first);
  await result(page).getByText('已生成 1 件工单').waitFor();
});

test('a workbook is read in the browser: dates, phones, commas', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/imports');
  await choose(
    page,
    'old.xlsx',
    workbook([
      ['工单编号', '来源', '受理时间', '诉求内容', '联系电话', '承办单位', '交办时间'],
      [
        'XL-1',
        '热线电话',
        new Date('2017-06-01T09:15:00Z'),
        '噪声，"夜里"',
        13800000011,
        'D11',
        new Date('2017-06-01T10:00:00Z'),
      ],
      [null, null, null, null, null, null, null],
      [
        'XL-2',
        '热线电话',
        new Date('2017-06-02T00:00:00Z'),
        '停水',
        13800000012,
        'D11',
        '2017-06-02 08:00',
      ],
    ]),
  );
  await page.getByRole('cell', { name: '2017-06-01 09:15:00' }).waitFor();
  await page.getByRole('button', { name: '试读' }).click();
  await result(page).getByText('没有发现错误').waitFor();
  await page.getByRole('button', { name: '正式导入' }).click();
  await result(page).getByText('已生成 2 件工单').waitFor();
  const ticket = await ticketOf(clerk, 'XL-1');
  expect([ticket.content, ticket.received_at, ticket.lead_unit?.code]).toEqual([
    '噪声，"夜里"',
    '2017-06-01T09:15:00+08:00',
    'D11',
  ]);
  expect(clerk.complaints).toEqual([]);

  await page.locator('#field-file').setInputFiles({
    name: 'old.xls',
    mimeType: 'application/vnd.ms-excel',
    buffer: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
  });
  await page.locator('#field-file-error').getByText('旧版 Excel').waitFor();
  await page.locator('#field-file').setInputFiles({
    name: 'broken.xlsx',
    mimeType: 'application/zip',
    buffer: Buffer.from('PK\x03\x04 and nothing of a workbook'),
  });
  await page.locator('#field-file-error').getByText('文件打不开').waitFor();
});

test('the same file again is the import that was', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/imports');
  const file = Buffer.from('渠道,受理时间,内容\n热线电话,2015-07-01 08:00,没有编号的旧事\n');
  const bring = async (): Promise<void> => {
    await choose(page, 'same.csv', file);
    await page.getByRole('button', { name: '试读' }).click();
    await result(page).getByText('没有发现错误').waitFor();
    await page.getByRole('button', { name: '正式导入' }).click();
    await result(page).getByText('已生成 1 件工单').waitFor();
  };
  await bring();
  const first = new URL(page.url()).searchParams.get('id') ?? '';
  await bring();
  expect(new URL(page.url()).searchParams.get('id')).toBe(first);
  await page.getByText(`这个文件以前导入过，就是第 ${first} 号`).first().waitFor();
});

test('it goes on when the page is closed and the server stops, and is found again', async () => {
  const clerk = await stage.person('clerk1');
  const page = await clerk.open('/imports');
  const rows = Array.from(
    { length: 20_000 },
    (_, i) => `热线电话,2016-05-0${(i % 9) + 1} 08:00,第${i}件旧事`,
  );
  await choose(page, 'many.csv', Buffer.from(['渠道,受理时间,内容', ...rows].join('\n')));
  await page.getByRole('button', { name: '试读' }).click();
  await result(page).waitFor();
  const path = new URL(page.url()).search;
  await page.close();
  await stage.stop();
  await stage.startAgain();
  const later = await stage.person('clerk1');
  const found = await later.open('/imports');
  const id = new URLSearchParams(path).get('id') ?? '';
  await found.getByRole('link', { name: `第 ${id} 号` }).click();
  await result(found).getByText('没有发现错误').waitFor({ timeout: 60_000 });
  expect(await result(found).getByText('20000').count()).toBeGreaterThan(0);
  // The browser has no file of it any more.
  await found.getByText('文件不留在浏览器里').waitFor();
  expect(await found.getByRole('button', { name: '正式导入' }).count()).toBe(0);
}, 120_000);

test('who is no clerk finds no way in', async () => {
  const supervisor = await stage.person('supervisor1');
  const page = await supervisor.open('/tickets');
  expect(await page.getByRole('link', { name: '台账导入' }).count()).toBe(0);
  await page.goto(`${stage.url()}/imports`);
  await page.getByRole('heading', { name: '您没有权限打开这一页' }).waitFor();
});
