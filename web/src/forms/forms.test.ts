import { afterEach, describe, expect, test } from 'vitest';
import { nextTick, reactive } from 'vue';
import { eraseDrafts, useDraft } from '@/lib/draft';
import { fromField, localDay, toField } from '@/lib/dates';
import type { FormField } from '@/stores/meta';
import { toWire } from './wire';

const kinds: Record<string, FormField['kind']> = {
  reason: 'text',
  told_at: 'time',
  solved: 'bool',
  promise: 'int',
  co_units: 'texts',
  way: 'choice',
  'petitioner.phone': 'text',
  'petitioner.name': 'text',
};
const fieldOf = (name: string): FormField | undefined =>
  kinds[name] === undefined ? undefined : { name, kind: kinds[name] };

describe('what a form sends', () => {
  test('leaves out what is empty and keeps what is said', () => {
    const values = {
      reason: '  因雨 ',
      told_at: '2026-11-23T10:32',
      solved: 'no',
      promise: '7',
      co_units: ['d11'],
      way: '',
      unknown: 'x',
    };
    expect(toWire(values, Object.keys(kinds), fieldOf)).toEqual({
      reason: '因雨',
      told_at: '2026-11-23T10:32:00+08:00',
      solved: false,
      promise: 7,
      co_units: ['d11'],
    });
  });
  test('a text of blanks is nothing, and so is an empty list', () => {
    expect(toWire({ reason: ' \n', co_units: [] }, Object.keys(kinds), fieldOf)).toEqual({});
  });
  test('a name with a dot becomes a member', () => {
    const values = { 'petitioner.phone': '139', 'petitioner.name': '' };
    expect(toWire(values, Object.keys(kinds), fieldOf)).toEqual({ petitioner: { phone: '139' } });
  });
});

describe('times', () => {
  test('are those of Shanghai in a field and on the wire, wherever the computer stands', () => {
    const at = new Date('2026-11-23T16:30:00Z');
    expect(toField(at)).toBe('2026-11-24T00:30');
    expect(localDay(at)).toBe('2026-11-24');
    expect(fromField(toField(at))).toBe('2026-11-24T00:30:00+08:00');
    expect(fromField('')).toBe('');
  });
});

describe('a draft', () => {
  afterEach(() => localStorage.clear());
  const isWorth = (values: { text: string }) => values.text !== '';

  test('comes back to who typed it, and to nobody else', async () => {
    const values = reactive({ text: '' });
    const draft = useDraft('wang', 'intake', values, isWorth);
    values.text = '暖气不热';
    await nextTick();
    draft.keep();
    expect(draft.keptAt.value).not.toBeNull();
    const again = reactive({ text: '' });
    useDraft('wang', 'intake', again, isWorth);
    expect(again.text).toBe('暖气不热');
    const other = reactive({ text: '' });
    useDraft('li', 'intake', other, isWorth);
    expect(other.text).toBe('');
  });
  test('is gone when it is sent, when it is emptied, and at sign-out', () => {
    const values = reactive({ text: 'a' });
    const draft = useDraft('wang', 'intake', values, isWorth);
    draft.keep();
    draft.erase();
    expect(localStorage.length).toBe(0);
    draft.keep();
    values.text = '';
    draft.keep();
    expect(localStorage.length).toBe(0);
    values.text = 'b';
    draft.keep();
    eraseDrafts('li');
    expect(localStorage.length).toBe(1);
    eraseDrafts('wang');
    expect(localStorage.length).toBe(0);
  });
  test('what cannot be read is no draft', () => {
    localStorage.setItem('yidan.draft.wang.intake', '{broken');
    const values = reactive({ text: 'kept' });
    useDraft('wang', 'intake', values, isWorth);
    expect(values.text).toBe('kept');
  });
});
