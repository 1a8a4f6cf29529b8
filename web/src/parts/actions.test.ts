import { expect, test } from 'vitest';
import { actionLooks } from '@/domain/actions';
import zh from '@/i18n/zh-CN.json';
import { actionIcons } from './actionIcons';

const files = Object.keys(import.meta.glob('../pages/ticket/actions/*.vue')).map((path) =>
  path.replace(/^.*\/(\w+)\.vue$/, '$1'),
);

test('every row of the table of actions has a form, and every form a row', () => {
  expect(actionLooks.map((look) => look.form).sort()).toEqual(files.sort());
});
test('every icon that the table names is there', () => {
  for (const look of actionLooks) expect(actionIcons).toHaveProperty(look.icon);
});
test('every field that a form names has a label', async () => {
  const sources = import.meta.glob<string>(
    ['../pages/ticket/actions/*.vue', '../pages/ticket/parts/*.vue'],
    { query: '?raw', import: 'default', eager: true },
  );
  for (const [path, source] of Object.entries(sources))
    for (const [, name] of source.matchAll(/<FormField[^>]*?\sname="([\w.]+)"/g))
      expect(zh.field, path).toHaveProperty(String(name).replace('changes.', '').replace('.', '_'));
});
