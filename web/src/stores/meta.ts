// What forms and lists are drawn from: GET /meta and the units, asked for once.
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { call, http, type Schema } from '@/api/http';
import { label } from '@/i18n';
import type { Option } from '@/ui/options';
import { useSession } from './session';

export type Meta = Schema['Meta'];
export type FormField = Schema['FormField'];
export type Unit = Schema['Unit'];

async function allUnits(): Promise<Unit[]> {
  const units: Unit[] = [];
  for (let cursor: string | undefined; ;) {
    const query = cursor === undefined ? { limit: 200 } : { limit: 200, cursor };
    const page = await call(() => http.GET('/api/v1/units', { params: { query } }));
    units.push(...page.items);
    if (page.next === null) return units;
    cursor = page.next;
  }
}

export const useMeta = defineStore('meta', () => {
  const meta = shallowRef<Meta | null>(null);
  const units = shallowRef<Unit[]>([]);
  let loading: Promise<void> | null = null;

  /** Once; a failure is not kept. */
  function load(): Promise<void> {
    // Who only reads the trail is told of no units.
    const seesUnits = useSession().roles.some((role) => role !== 'auditor');
    loading ??= Promise.all([
      call(() => http.GET('/api/v1/meta')),
      seesUnits ? allUnits() : Promise.resolve([]),
    ])
      .then(([found, list]) => {
        meta.value = found;
        units.value = list;
      })
      .catch((cause: unknown) => {
        loading = null;
        throw cause;
      });
    return loading;
  }

  /** What is kept was changed by this person: asked for again; the old stays until the new is there. */
  function refresh(): void {
    loading = null;
    void load().catch(() => undefined); // the next page asks again
  }

  function forget(): void {
    loading = null;
    meta.value = null;
    units.value = [];
  }

  const words = (name: string) => meta.value?.enumerations[name] ?? [];
  const word = (name: string, value: string | null | undefined) =>
    value === null || value === undefined
      ? ''
      : label(words(name).find((one) => one.word === value)) || value;
  const options = (name: string): Option[] =>
    words(name).map((one) => ({ value: one.word, label: label(one) }));

  const channels = computed(() => meta.value?.channels ?? []);
  const channelName = (code: string) =>
    label(channels.value.find((channel) => channel.code === code)) || code;
  const channelOptions = computed<Option[]>(() =>
    channels.value
      .filter((channel) => channel.enabled)
      .map((channel) => ({ value: channel.code, label: label(channel) })),
  );

  const unitOptions = computed<Option[]>(() =>
    units.value
      .filter((unit) => unit.enabled)
      .map((unit) => ({
        value: unit.code,
        label: unit.short_name || unit.name,
        note: unit.name === unit.short_name ? '' : unit.name,
        keys: `${unit.search_key} ${unit.code} ${unit.name}`,
      })),
  );

  /** "供暖 / 温度不达标" for the codes of a tree. */
  function pathOf(items: { code: string; parent: string | null; name: string }[]) {
    const byCode = new Map(items.map((item) => [item.code, item]));
    return (code: string): string => {
      const names: string[] = [];
      for (let at = byCode.get(code); at !== undefined;) {
        names.unshift(at.name);
        at = at.parent === null ? undefined : byCode.get(at.parent);
      }
      return names.join(' / ');
    };
  }
  const categoryPath = computed(() => pathOf(meta.value?.categories ?? []));
  const areaPath = computed(() => pathOf(meta.value?.areas ?? []));
  const treeOptions = (
    items: { code: string; name: string; parent: string | null; search_key?: string }[],
    path: (code: string) => string,
  ): Option[] =>
    items.map((item) => ({
      value: item.code,
      label: item.name,
      note: item.parent === null ? '' : path(item.parent),
      keys: `${item.search_key ?? ''} ${path(item.code)}`,
    }));
  const categoryOptions = computed<Option[]>(() =>
    treeOptions(
      (meta.value?.categories ?? []).filter((category) => category.enabled),
      categoryPath.value,
    ),
  );
  const areaOptions = computed<Option[]>(() =>
    treeOptions(meta.value?.areas ?? [], areaPath.value),
  );

  /** What a field of a request may hold; the rules of the server's own table. */
  function fieldOf(action: string, name: string): FormField | undefined {
    for (const rule of meta.value?.actions ?? []) {
      if (rule.word !== action) continue;
      const found = [...rule.must, ...rule.may].find((field) => field.name === name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const draftField = (name: string): FormField | undefined => {
    const [outer, inner] = name.split('.');
    const found = meta.value?.create.find((field) => field.name === outer);
    return inner === undefined ? found : found?.members?.find((field) => field.name === inner);
  };

  const amendField = (name: string): FormField | undefined =>
    meta.value?.amend.find((field) => field.name === name);

  return {
    meta,
    units,
    load,
    refresh,
    forget,
    word,
    options,
    channels,
    channelName,
    channelOptions,
    unitOptions,
    categoryPath,
    areaPath,
    categoryOptions,
    areaOptions,
    fieldOf,
    draftField,
    amendField,
  };
});
