// A search key that follows its name until somebody writes another.
import { watchDebounced } from '@vueuse/core';
import type { Values } from '@/forms/form';
import type { FieldSpec } from './record';

export const loadPinyin = () => import('./pinyin');

export function usePinyin(values: Values, fields: () => FieldSpec[]): void {
  const textOf = (name: string) => (typeof values[name] === 'string' ? values[name] : '');
  /** What was filled in here, by the field's name. */
  const filled = new Map<string, string>();
  const sources = () => fields().flatMap((spec) => (spec.pinyinOf ?? []).map(textOf));

  watchDebounced(
    sources,
    async () => {
      for (const spec of fields()) {
        if (spec.pinyinOf === undefined) continue;
        const present = textOf(spec.name);
        if (present !== '' && present !== filled.get(spec.name)) continue;
        const { searchKeyOf } = await loadPinyin();
        const key = searchKeyOf(spec.pinyinOf.map(textOf));
        filled.set(spec.name, key);
        values[spec.name] = key;
      }
    },
    { debounce: 250 },
  );
}
