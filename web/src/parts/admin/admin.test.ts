import { describe, expect, test } from 'vitest';
import { theirChanges } from './oneForm';
import { searchKeyOf } from './pinyin';
import { bodyOf, changesOf, rebased, valuesOf, type FieldSpec } from './record';
import { branchesOf } from './tree';

const fields: FieldSpec[] = [
  { name: 'code', kind: 'text', once: true },
  { name: 'name', kind: 'text' },
  { name: 'short_name', kind: 'text', optional: true },
  { name: 'workdays', kind: 'int' },
  { name: 'areas', kind: 'texts' },
  { name: 'enabled', kind: 'bool', later: true },
];
const record = {
  code: 'D01',
  name: '县住建局',
  short_name: '住建',
  workdays: 5,
  areas: ['T01'],
  enabled: true,
  unit: null,
};

describe('what travels of a record', () => {
  test('a new one: what was filled in', () => {
    const values = { ...valuesOf(null, fields), code: 'D02', name: ' 县水务局 ', workdays: '3' };
    expect(bodyOf(values, fields)).toEqual({ code: 'D02', name: '县水务局', workdays: 3 });
  });
  test('a kept one: only what differs, emptied texts too', () => {
    const before = valuesOf(record, fields);
    expect(changesOf({ ...before }, before, fields)).toEqual({});
    const after = { ...before, name: '', short_name: '', areas: [], enabled: 'no', code: 'X' };
    expect(changesOf(after, before, fields)).toEqual({ name: '', areas: [], enabled: false });
  });
  test('what is no number goes as it is: the server names the field', () => {
    const before = valuesOf(record, fields);
    expect(changesOf({ ...before, workdays: '5 天' }, before, fields)).toEqual({
      workdays: '5 天',
    });
  });
  test('another person’s change comes in where nothing was typed', () => {
    const before = valuesOf(record, fields);
    const mine = { ...before, name: '我的' };
    const theirs = { ...before, name: '他的', workdays: '9' };
    const now = rebased(mine, before, theirs, fields);
    expect([now['name'], now['workdays']]).toEqual(['我的', '9']);
    expect(changesOf(now, theirs, fields)).toEqual({ name: '我的' });
  });
});

describe('what somebody else saved of one form', () => {
  const list = (values: Record<string, string>) =>
    Object.entries(values).map(([id, value]) => ({
      id,
      name: id.toUpperCase(),
      value,
      say: (text: string) => `${text} 天`,
    }));
  const before = list({ a: '1', b: '2', c: '3' });
  test('only what differs, beside what was typed where it was typed', () => {
    const typed: Record<string, string> = { a: '7', b: '2', c: '8' };
    const now = list({ a: '5', b: '4', c: '3' });
    expect(theirChanges(before, now, (id) => typed[id] ?? '')).toEqual([
      { id: 'a', name: 'A', now: '5 天', mine: '7 天' },
      { id: 'b', name: 'B', now: '4 天' },
    ]);
  });
  test('who typed the very same sees that it is so already', () => {
    expect(theirChanges(before, list({ a: '7', b: '2', c: '3' }), () => '7')).toEqual([
      { id: 'a', name: 'A', now: '7 天', mine: '7 天' },
    ]);
  });
});

describe('a tree', () => {
  const rows = [
    { code: 'b', parent: 'a' },
    { code: 'a', parent: null },
    { code: 'c', parent: 'b' },
    { code: 'lost', parent: 'nowhere' },
    { code: 'r1', parent: 'r2' },
    { code: 'r2', parent: 'r1' },
    { code: 'self', parent: 'self' },
  ];
  const shown = (closed: string[] = []) =>
    branchesOf(
      rows,
      (row) => row.code,
      (row) => row.parent,
      (key) => closed.includes(key),
    ).map((one) => `${one.depth}${one.row.code}`);
  test('children stand below their parent, and nothing is lost', () => {
    expect(shown()).toEqual(['0a', '1b', '2c', '0lost', '0self', '0r1', '1r2']);
  });
  test('what is below a closed one is not shown', () => {
    expect(shown(['a'])).toEqual(['0a', '0lost', '0self', '0r1', '1r2']);
  });
});

describe('what a name is found by', () => {
  test.each([
    [['道路破损'], 'daoluposun dlps'],
    [['住建', '县住建局'], 'zhujian zj xianzhujianju xzjj'],
    [['12345 热线', ''], '12345rexian 1rx'],
    [['绿化'], 'lvhua lh'],
    [['县住建局', '县住建局'], 'xianzhujianju xzjj'],
  ])('%s: %s', (names, key) => expect(searchKeyOf(names)).toBe(key));
  test('never longer than the server takes', () => {
    expect(searchKeyOf(['道路'.repeat(60)]).length).toBeLessThanOrEqual(200);
  });
});
