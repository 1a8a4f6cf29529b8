// The page's language.  `t` knows every key of the dictionary: a key that is no more is an error
// of the compiler.  English is loaded when it is asked for.
import { createI18n } from 'vue-i18n';
import type adminZh from './admin/zh-CN.json';
import type intakeZh from './intake/zh-CN.json';
import type officeZh from './office/zh-CN.json';
import zh from './zh-CN.json';

export type Locale = 'zh-CN' | 'en';

type Keys<Tree, Prefix extends string = ''> = {
  [Key in keyof Tree & string]: Tree[Key] extends string
    ? `${Prefix}${Key}`
    : Keys<Tree[Key], `${Prefix}${Key}.`>;
}[keyof Tree & string];
export type TextKey =
  Keys<typeof zh> | Keys<typeof adminZh> | Keys<typeof intakeZh> | Keys<typeof officeZh>;

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

/** A value on the wire has its labels in both languages; here they stand by themselves. */
export function label(word: { zh: string; en: string } | undefined): string {
  if (word === undefined) return '';
  return locale() === 'en' ? word.en.charAt(0).toUpperCase() + word.en.slice(1) : word.zh;
}

/** Texts that come with what shows them: the administrator's pages, intake with its calls, boards and reports. */
const textsOf = {
  admin: {
    'zh-CN': () => import('./admin/zh-CN.json'),
    en: () => import('./admin/en.json'),
  },
  intake: {
    'zh-CN': () => import('./intake/zh-CN.json'),
    en: () => import('./intake/en.json'),
  },
  office: {
    'zh-CN': () => import('./office/zh-CN.json'),
    en: () => import('./office/en.json'),
  },
};
export type TextsName = keyof typeof textsOf;
const wanted = new Set<TextsName>();
const merged = new Set<string>();
async function merge(name: TextsName, into: Locale): Promise<void> {
  if (merged.has(`${name} ${into}`)) return;
  i18n.global.mergeLocaleMessage(into, (await textsOf[name][into]()).default);
  merged.add(`${name} ${into}`);
}

export async function loadTexts(name: TextsName): Promise<void> {
  wanted.add(name);
  await merge(name, 'zh-CN');
  if (locale() === 'en') await merge(name, 'en');
}

export async function setLocale(to: Locale): Promise<void> {
  if (to === 'en' && !i18n.global.availableLocales.includes('en'))
    i18n.global.setLocaleMessage('en', (await import('./en.json')).default as typeof zh);
  for (const name of wanted) await merge(name, to);
  i18n.global.locale.value = to;
  document.documentElement.lang = to;
}
