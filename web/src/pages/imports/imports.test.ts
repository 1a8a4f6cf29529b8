import { expect, test } from 'vitest';
import { guess, isChoosable, readPairs, usualColumn, writePairs } from './columns';
import { charsetOf, readCsv, writeCsv } from './csv';
import { textOf } from './sheet';

const bytes = (...parts: (string | number[])[]) =>
  new Uint8Array(
    parts.flatMap((part) =>
      typeof part === 'string' ? [...new TextEncoder().encode(part)] : part,
    ),
  );

test('rows are read as a spreadsheet program writes them', () => {
  const text = '\ufeff编号, 内容 \r\n1,"两行\r\n和""引号"", 逗号"\r\n\n2,\n3,末行';
  expect(readCsv(text, 9)).toEqual([
    ['编号', '内容'],
    ['1', '两行\r\n和"引号", 逗号'],
    [''],
    ['2', ''],
    ['3', '末行'],
  ]);
  expect(readCsv(text, 1)).toEqual([['编号', '内容']]);
  expect(readCsv('', 3)).toEqual([]);
});

test('what is written is read again', () => {
  const rows = [
    ['a', 'b'],
    ['x,"y"', ' z\n'.trim() + '\nq'],
    ['', '末'],
  ];
  expect(readCsv(writeCsv(rows), 9)).toEqual(rows);
});

test('the header tells the encoding', () => {
  expect(charsetOf(bytes('编号,内容\n'))).toBe('utf-8');
  expect(charsetOf(bytes([0xb1, 0xe0, 0xba, 0xc5], ',a\n'))).toBe('gb18030');
  expect(charsetOf(bytes('no,text\n1,', [0xb1, 0xe0, 0xba, 0xc5]))).toBe('gb18030');
  expect(charsetOf(bytes('no,text\n1,x\n'))).toBeNull();
  // Cut inside a character.
  expect(charsetOf(bytes('编号').slice(0, 5))).toBe('utf-8');
});

test('columns are guessed, and those chosen before come first', () => {
  const fields = [
    { word: 'no', zh: '工单编号' },
    { word: 'received_at', zh: '受理时间' },
    { word: 'content', zh: '内容' },
  ];
  const heads = ['单号', 'posted_at', 'content'];
  expect(guess(fields, heads, {})).toEqual({ no: '单号', received_at: '', content: 'content' });
  expect(guess(fields, heads, readPairs('received_at:posted_at,content:gone'))).toEqual({
    no: '单号',
    received_at: 'posted_at',
    content: 'content',
  });
  expect(usualColumn({ word: 'no', zh: '工单编号' }, ['x'])).toBe('');
});

test('pairs are written and read; a comma in a name cannot be', () => {
  const pairs = { received_at: 'at: local', content: 'text' };
  expect(writePairs({ ...pairs, title: '' })).toBe('received_at:at: local,content:text');
  expect(readPairs(writePairs(pairs))).toEqual(pairs);
  expect(readPairs('')).toEqual({});
  expect(isChoosable('a,b')).toBe(false);
  expect(isChoosable('')).toBe(false);
});

test('cells of a sheet become the texts that the server reads', () => {
  expect(textOf(new Date('2019-04-25T09:30:00Z'))).toBe('2019-04-25 09:30:00');
  expect(textOf(new Date('2019-04-25T00:00:00Z'))).toBe('2019-04-25');
  expect(textOf(13800001234)).toBe('13800001234');
  expect(textOf(null)).toBe('');
});
