// The page's language.  `t` knows every key of the dictionary: a key that is no more is an error
// of the compiler.  English is loaded when it is asked for.
import { createI18n } from 'vue-i18n';
import type adminZh from './admin/zh-CN.json';
import zh from './zh-CN.json';

export type Locale = 'zh-CN' | 'en';

type Keys<Tree, Prefix extends string = ''> = {
  [Key in keyof Tree & string]: Tree[Key] extends string
    ? `${Prefix}${Key}`
    : Keys<Tree[Key], `${Prefix}${Key}.`>;
}[keyof Tree & string];
export type TextKey = Keys<typeof zh> | Keys<typeof adminZh>;

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN' as string,
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh } as Record<string, typeof zh>,
});

const translate = i18n.global.t as (key: string, values: Record<string, unknown>) => string;

export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  return translate(key, values);
}

/** A text whose key is put together at run time; `fallback` where the dictionary has none. */
export function tMaybe(key: string, fallback: string): string {
  return i18n.global.te(key, 'zh-CN') ? translate(key, {}) : fallback;
}

export function locale(): Locale {
  return i18n.global.locale.value as Locale;
}

/** A value on the wire has its labels in both languages. */
export function label(word: { zh: string; en: string } | undefined): string {
  return word === undefined ? '' : locale() === 'en' ? word.en : word.zh;
}

const adminTexts = {
  'zh-CN': () => import('./admin/zh-CN.json'),
  en: () => import('./admin/en.json'),
};
const merged = new Set<Locale>();
let hasAdmin = false;
async function mergeAdmin(into: Locale): Promise<void> {
  if (merged.has(into)) return;
  i18n.global.mergeLocaleMessage(into, (await adminTexts[into]()).default);
  merged.add(into);
}

/** Texts of the administrator's pages: not carried by anybody else's. */
export async function loadAdminTexts(): Promise<void> {
  hasAdmin = true;
  await mergeAdmin('zh-CN');
  if (locale() === 'en') await mergeAdmin('en');
}

export async function setLocale(to: Locale): Promise<void> {
  if (to === 'en' && !i18n.global.availableLocales.includes('en'))
    i18n.global.setLocaleMessage('en', (await import('./en.json')).default as typeof zh);
  if (hasAdmin) await mergeAdmin(to);
  i18n.global.locale.value = to;
  document.documentElement.lang = to;
}
