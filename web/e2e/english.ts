// The walk in English: its steps name things in Chinese, here they are found by the English words
// of the dictionaries and of /meta; and what Chinese is left on a page.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Locator, Page, Request } from 'playwright-core';

type Tree = { [key: string]: Tree | string };
const dictionary = (folder: string, language: string) =>
  JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../src/i18n', folder, `${language}.json`), 'utf8'),
  ) as Tree;

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A Chinese text, possibly with named values in it, and what it is in English. */
interface Pair {
  zh: RegExp;
  names: string[];
  en: string;
}

/** What is said in English instead of a Chinese text. */
export class Words {
  private readonly exact = new Map<string, Set<string>>();
  private readonly patterns: Pair[] = [];

  constructor() {
    for (const folder of ['', 'admin', 'intake', 'office'])
      this.addTree(dictionary(folder, 'zh-CN'), dictionary(folder, 'en'));
  }

  private add(zh: string, en: string): void {
    const names = [...zh.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '');
    if (names.length === 0) {
      const known = this.exact.get(zh) ?? new Set();
      this.exact.set(zh, known.add(en).add(en.charAt(0).toUpperCase() + en.slice(1)));
      return;
    }
    if (!/[\u4e00-\u9fff]/.test(zh.replace(/\{\w+\}/g, ''))) return;
    const source = zh
      .split(/\{\w+\}/)
      .map(escape)
      .join('(.+?)');
    this.patterns.push({ zh: new RegExp(`^${source}$`), names, en });
  }

  private addTree(zh: Tree, en: Tree): void {
    for (const [key, text] of Object.entries(zh)) {
      const other = en[key];
      if (typeof text === 'string' && typeof other === 'string') this.add(text, other);
      else if (typeof text === 'object' && typeof other === 'object') this.addTree(text, other);
    }
  }

  /** Every label in an answer that stands in both languages. */
  addLabels(answer: unknown): void {
    if (typeof answer !== 'object' || answer === null) return;
    const { zh, en } = answer as { zh?: unknown; en?: unknown };
    if (typeof zh === 'string' && typeof en === 'string') this.add(zh, en);
    for (const part of Object.values(answer)) this.addLabels(part);
  }

  /** All that it may be in English; itself where it is nobody's word but a person's. */
  private of(text: string): string[] {
    const found = [...(this.exact.get(text) ?? [])];
    for (const { zh, names, en } of this.patterns) {
      const values = zh.exec(text)?.slice(1);
      if (values === undefined) continue;
      let said = [en];
      for (const [at, name] of names.entries())
        said = said.flatMap((so) =>
          this.of(values[at] ?? '').map((value) => so.replace(`{${name}}`, value)),
        );
      found.push(...said);
    }
    if (found.length > 0) return found;
    // Words side by side.
    const [first, ...others] = text.split(' ');
    if (others.length === 0) return [text];
    return this.of(first ?? '').flatMap((so) =>
      this.of(others.join(' ')).map((rest) => `${so} ${rest}`),
    );
  }

  named(text: string, isExact: boolean): RegExp {
    const any = this.of(text).map(escape).join('|');
    return isExact ? new RegExp(`^\\s*(?:${any})\\s*$`) : new RegExp(any, 'i');
  }

  pattern(text: RegExp): RegExp {
    const plain = text.source.replace(/[\^$()]/g, '');
    return new RegExp(
      plain
        .split('|')
        .flatMap((one) => this.of(one))
        .map(escape)
        .join('|'),
    );
  }
}

type Finder = Page | Locator;
const FINDS_BY_TEXT = new Set(['getByText', 'getByLabel', 'getByPlaceholder', 'getByTitle']);

/** The same page, where a step that says 保存 finds "Save". */
export function inEnglish<Thing extends Finder>(thing: Thing, words: Words, own: OwnWords): Thing {
  const turn = (text: unknown, isExact: boolean): unknown =>
    typeof text === 'string'
      ? words.named(text, isExact)
      : text instanceof RegExp
        ? words.pattern(text)
        : text;
  const isFinder = (value: unknown): value is Locator =>
    typeof value === 'object' && value !== null && 'getByRole' in value && 'count' in value;
  return new Proxy(thing, {
    get(target, name): unknown {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]): unknown => {
        const [first, options] = given as [unknown, Record<string, unknown> | undefined];
        const isExact = options?.['exact'] === true;
        if (FINDS_BY_TEXT.has(String(name))) given[0] = turn(first, isExact);
        for (const part of given)
          if (typeof part === 'object' && part !== null)
            for (const key of ['name', 'hasText'])
              if (key in part && (name === 'getByRole' || name === 'locator' || name === 'filter'))
                (part as Record<string, unknown>)[key] = turn(
                  (part as Record<string, unknown>)[key],
                  isExact,
                );
        if (name === 'fill' || name === 'setInputFiles') own.add(first);
        const answer: unknown = Reflect.apply(member, target, given);
        return isFinder(answer) ? inEnglish(answer, words, own) : answer;
      };
    },
  });
}

// Chinese signs, and the stops and brackets that stand among them.
const CHINESE = /[\u3001-\u303f\u3400-\u9fff\uff01-\uff5e]/;

/** Members of an answer that hold what people or the office have written; all others are ours. */
const OWN = new Set(
  (
    'actor address answer answered_by area_name basis category category_name closed_by contact content ' +
    'county comment created_by default demand deputy duty_keywords finding head interim_reply issued_by leader ' +
    'leader_name map measures name note number_line office read_by reason received_by reply_text report ' +
    'returned_by reviewed_by sensitive_reason settle_note settled_by short_name shown ' +
    'signed_off_by submitted_by suggested_unit_name text title unit value written_by'
  ).split(' '),
);

/** An answer that a page has asked for and that is not read yet. */
interface Waited {
  by: Page;
  ended: Promise<void>;
  end: () => void;
}

/** What somebody has written: in the answers for a page, or on the way to it. */
export class OwnWords {
  private readonly texts = new Set<string>();
  private readonly typed = new Set<string>();
  private readonly waiting = new Map<Request, Waited>();

  listen(page: Page, words: Words): void {
    // A stream has no end.
    const isOfUse = (request: Request) => /\/api\/v1\/(?!stream)/.test(request.url());
    const end = (request: Request) => {
      this.waiting.get(request)?.end();
      this.waiting.delete(request);
    };
    page.on('request', (request) => {
      // Another page comes: what this one asked for is nobody's any more.
      if (request.isNavigationRequest())
        for (const [asked, { by }] of this.waiting) if (by === page) end(asked);
      if (!isOfUse(request)) return;
      let whole = () => {};
      const ended = new Promise<void>((done) => (whole = done));
      this.waiting.set(request, { by: page, ended, end: whole });
    });
    page.on('requestfailed', end);
    // Whole answers only: the network may go before one is.
    page.on('requestfinished', (request) => {
      if (isOfUse(request)) void this.read(request, words).finally(() => end(request));
    });
  }

  /** A text that was typed, or a file with its cells; pages may quote from it. */
  add(given: unknown): void {
    if (typeof given === 'string') {
      for (const text of [given, ...given.split(/["\r\n]+/), ...given.split(/[",\r\n]+/)])
        if (CHINESE.test(text)) this.texts.add(text.trim());
      this.typed.add(given);
    } else if (typeof given === 'object' && given !== null && 'buffer' in given)
      this.add(String((given as { buffer: Buffer }).buffer));
  }

  private async read(request: Request, words: Words): Promise<void> {
    const answer = await request.response();
    if (!(answer?.headers()['content-type'] ?? '').includes('json')) return;
    const body: unknown = await answer?.json().catch(() => null); // the page may be gone
    if (request.url().endsWith('/meta')) words.addLabels(body);
    this.collect(body, '');
  }

  private collect(part: unknown, key: string): void {
    if (typeof part === 'string') {
      if (OWN.has(key) && CHINESE.test(part)) this.texts.add(part.trim());
    } else if (Array.isArray(part)) for (const one of part) this.collect(one, key);
    else if (typeof part === 'object' && part !== null)
      for (const [name, value] of Object.entries(part)) this.collect(value, name);
  }

  /** What is left of `text` without them; they are known when every answer was read. */
  async without(texts: string[]): Promise<string[]> {
    while (this.waiting.size > 0)
      await Promise.all([...this.waiting.values()].map(({ ended }) => ended));
    const longestFirst = [...this.texts].sort((a, b) => b.length - a.length);
    const isQuoted = (text: string) => [...this.typed].some((one) => one.includes(text));
    return texts.map((text) =>
      isQuoted(text)
        ? ''
        : longestFirst.reduce((rest, one) => rest.replaceAll(one, ''), text.replace(/\s+/g, ' ')),
    );
  }
}

interface Found {
  where: string;
  text: string;
}
/** Every Chinese text that somebody who looks, points or listens meets, but what is marked as such. */
function textsOf(page: Page): Promise<Found[]> {
  return page.evaluate((chinese) => {
    const found: { where: string; text: string }[] = [];
    const note = (where: string, text: string | null) => {
      if (text !== null && new RegExp(chinese).test(text)) found.push({ where, text: text.trim() });
    };
    note('title', document.title);
    for (const element of document.querySelectorAll<HTMLElement>('body, body *')) {
      const isShown = element.getClientRects().length > 0 || element.tagName === 'OPTION';
      // A printed document is Chinese, and so is the name of that language.
      if (!isShown || element.closest('body [lang|="zh"]') !== null) continue;
      const where = [element.tagName.toLowerCase(), ...element.classList].join('.');
      for (const name of ['title', 'aria-label', 'aria-description', 'placeholder', 'alt'])
        note(`${where} ${name}`, element.getAttribute(name));
      for (const pseudo of ['::before', '::after'])
        note(where + pseudo, getComputedStyle(element, pseudo).content);
      for (const child of element.childNodes)
        if (child.nodeType === Node.TEXT_NODE) note(where, child.textContent);
    }
    return found;
  }, CHINESE.source);
}

/** Where Chinese stands that nobody wrote. */
export async function chineseOn(page: Page, own: OwnWords): Promise<string[]> {
  const found = await textsOf(page);
  const rest = await own.without(found.map(({ text }) => text));
  return found
    .filter((_, at) => CHINESE.test(rest[at] ?? ''))
    .map(({ where, text }) => `${where}: ${text.slice(0, 80)}`);
}
