// What init fills an office with is found by the same keys that the editor makes.
import { describe, expect, test } from 'vitest';
import areas from '../../../../sql/demo/areas.csv?raw';
import units from '../../../../sql/demo/units.csv?raw';
import categories from '../../../../sql/seed/categories.csv?raw';
import { searchKeyOf } from './pinyin';

function rows(text: string): string[][] {
  return text
    .split('\n')
    .slice(1)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(','));
}

describe('search keys of what init brings', () => {
  test.each([
    ['categories', categories],
    ['areas', areas],
  ])('%s', (_name, text) => {
    expect(rows(text).length).toBeGreaterThan(50);
    for (const [, , name = '', key] of rows(text)) expect(key).toBe(searchKeyOf([name]));
  });
  test('units', () => {
    expect(rows(units).length).toBeGreaterThan(50);
    for (const [, , name = '', short = '', , , , key] of rows(units))
      expect(key).toBe(searchKeyOf([name, short]));
  });
});
