// Somebody without a mouse: goes from thing to thing with Tab, and wherever the focus comes it must
// be seen.
import type { Page } from 'playwright-core';
import type { Person } from './harness';

interface Place {
  name: string;
  faults: string[];
  /** Of the things that can be clicked; -1 for none of them. */
  id: number;
}

/** In the page: what has the focus, and what is wrong with it.  Null when nothing has. */
function placeOfFocus(): Place | null {
  const at = document.activeElement;
  if (!(at instanceof HTMLElement) || at === document.body || at === document.documentElement)
    return null;
  const labels = 'labels' in at ? [...((at.labels as NodeListOf<HTMLElement> | null) ?? [])] : [];
  const described = (at.getAttribute('aria-labelledby') ?? '').split(' ');
  const name =
    at.getAttribute('aria-label') ??
    ([...labels, ...described.map((id) => document.getElementById(id)), at]
      .map((one) => one?.textContent?.replace(/\s+/g, ' ').trim() ?? '')
      .find((text) => text !== '') ||
      at.getAttribute('title') ||
      '');
  const faults: string[] = [];
  // A box that is drawn by its label: a file to choose, a mark to set.
  const label = at.closest('label') ?? labels[0];
  const isSmall = at.offsetWidth < 4 || at.offsetHeight < 4 || getComputedStyle(at).opacity === '0';
  const drawn = isSmall && label !== undefined ? label : at;
  const box = [...drawn.getClientRects()].find((one) => one.width > 0 && one.height > 0);
  const who = `${at.tagName.toLowerCase()}.${at.className} “${name.slice(0, 40)}”`;
  if (box === undefined) faults.push(`${who} has the focus and is not shown`);
  else {
    const left = Math.max(box.left, 0);
    const right = Math.min(box.right, innerWidth);
    const top = Math.max(box.top, 0);
    const bottom = Math.min(box.bottom, innerHeight);
    if (right - left < 2 || bottom - top < 2) faults.push(`${who} has the focus out of sight`);
    else {
      const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      const isThere =
        there !== null &&
        (drawn.contains(there) || there.contains(drawn) || label?.contains(there) === true);
      if (!isThere) faults.push(`${who} has the focus under ${there?.className ?? 'nothing'}`);
    }
  }
  const hasRing = [at, label, at.nextElementSibling].some((one) => {
    if (one === undefined || one === null) return false;
    const style = getComputedStyle(one);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  });
  if (at.tabIndex >= 0 && !hasRing) faults.push(`${who} has the focus and no ring`);
  const known = (window as unknown as { clickable?: Element[] }).clickable ?? [];
  return { name, faults, id: known.indexOf(at) };
}

/** In the page: all that a mouse can press, each with the others of its group. */
function clickables(inside: string): { name: string; group: string }[] {
  const hasListener = (element: Element): boolean =>
    Object.getOwnPropertySymbols(element).some((symbol) => {
      if (symbol.description !== '_vei') return false; // Vue's listeners
      const found = (element as unknown as Record<symbol, Record<string, unknown>>)[symbol];
      return found?.['onClick'] !== undefined;
    });
  const CONTROLS =
    'a[href], button:enabled, input:enabled:not([type="hidden"]), select:enabled, ' +
    'textarea:enabled, summary';
  const isReachedOtherwise = (element: Element): boolean =>
    // The arrow keys open the list, and what is typed over is gone.
    element.closest('.combo-buttons') !== null ||
    // Is not there for people.
    element.closest('[aria-hidden="true"]') !== null ||
    // Only tells a keeper of passwords whose they are.
    element.matches('input.sr[autocomplete="username"]') ||
    // The arrow keys move the mark from row to row.
    element.matches('.table tr') ||
    // Only stops the click, or hands it to its own control.
    element.tagName === 'LABEL' ||
    element.tagName === 'FORM';
  const around = [...document.querySelectorAll(inside)].at(-1); // the one on top
  const found = [...(around?.querySelectorAll<HTMLElement>('*') ?? [])].filter(
    (element) =>
      (element.matches(CONTROLS) || hasListener(element)) &&
      element.getClientRects().length > 0 &&
      element.checkVisibility({ checkVisibilityCSS: true }) &&
      !isReachedOtherwise(element),
  );
  (window as unknown as { clickable: Element[] }).clickable = found;
  // One of a group is enough: the arrow keys lead to the others.
  const groups: Element[] = [];
  return found.map((element) => {
    const name = `${element.tagName.toLowerCase()}.${element.className} “${(
      element.getAttribute('aria-label') ??
      element.textContent ??
      ''
    )
      .trim()
      .slice(0, 40)}”`;
    if (element instanceof HTMLInputElement && element.type === 'radio')
      return { name, group: `radio ${element.name}` };
    const composite =
      element.getAttribute('role') === 'tab'
        ? element.closest('[role="tablist"]')
        : element.matches('.day')
          ? document.body
          : null;
    if (composite === null) return { name, group: '' };
    if (!groups.includes(composite)) groups.push(composite);
    return { name, group: `group ${groups.indexOf(composite)}` };
  });
}

const SKIP = '跳到正文';

export class Keyboard {
  readonly faults = new Set<string>();
  readonly page: Page;

  constructor(readonly person: Person) {
    this.page = person.page;
  }

  /** What has the focus now; what is wrong with that is noted. */
  async place(): Promise<Place | null> {
    let place = await this.page.evaluate(placeOfFocus);
    // What moves in when it has the focus, or is scrolled to, is there some pictures later.
    for (let looks = 0; looks < 10 && place !== null && place.faults.length > 0; looks += 1) {
      await this.page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      place = await this.page.evaluate(placeOfFocus);
    }
    for (const fault of place?.faults ?? []) this.faults.add(fault);
    return place;
  }

  /** Through the whole page, or the open dialog, and round: all that can be clicked is met. */
  async sweep(inside = 'body'): Promise<void> {
    let missed = await this.round(inside);
    // A part that was drawn anew meanwhile is another thing than the one that was looked for.
    if (missed.length > 0) missed = await this.round(inside);
    for (const name of missed) this.faults.add(`${name} can be clicked and Tab never comes to it`);
  }

  /** Once round; what can be clicked and was not met. */
  private async round(inside: string): Promise<string[]> {
    const known = await this.page.evaluate(clickables, inside);
    const met = new Set<number>();
    const isDialog = inside !== 'body';
    let first: number | null = null;
    for (let i = 0; ; i += 1) {
      if (i > known.length + 60) {
        this.faults.add(`Tab goes round in ${inside} and comes to no end`);
        break;
      }
      await this.page.keyboard.press('Tab');
      const place = await this.place();
      if (place === null) {
        if (isDialog) this.faults.add('Tab leads out of the dialog');
        continue; // the end of the page: it begins anew
      }
      if (place.id >= 0 && met.size > 1 && place.id === first) break;
      if (place.id >= 0) first ??= place.id;
      met.add(place.id);
    }
    const groups = new Set([...met].map((id) => known[id]?.group ?? ''));
    return known
      .filter(({ group }, id) => !met.has(id) && (group === '' || !groups.has(group)))
      .map(({ name }) => name);
  }

  /** Tab, until the thing of that name has the focus. */
  async to(name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    const names: string[] = [];
    for (let i = 0; i < 250; i += 1) {
      await this.page.keyboard.press(key);
      const place = await this.place();
      if (place === null) continue; // the end of the page: it begins anew
      names.push(place.name.slice(0, 20));
      if (typeof name === 'string' ? place.name.includes(name) : name.test(place.name)) return;
    }
    throw new Error(
      `${this.person.login}: Tab never comes to ${name}: ${names.slice(-60).join('|')}`,
    );
  }

  press = (key: string): Promise<void> => this.page.keyboard.press(key);
  /** Into the field that has the focus, or is about to: a form may still be on its way. */
  async type(text: string): Promise<void> {
    await this.page.waitForFunction(
      () => document.activeElement?.matches('input, textarea') === true,
    );
    await this.page.keyboard.insertText(text);
  }

  /** A key that does something; whatever comes of it, the focus is somewhere afterwards. */
  async act(key: string): Promise<void> {
    await this.page.keyboard.press(key);
    await this.page
      .waitForFunction(
        () =>
          document.querySelectorAll('[aria-busy="true"]').length === 0 &&
          document.activeElement !== null &&
          document.activeElement !== document.body,
        null,
        { timeout: 4000 },
      )
      .catch(() => this.faults.add(`after ${key} nothing has the focus`));
    await this.place();
  }

  /** Goes to the thing of that name and presses it. */
  async use(name: string | RegExp, key = 'Enter'): Promise<void> {
    await this.to(name);
    await this.act(key);
  }

  /** Past the bar, to what the page is about. */
  async skip(): Promise<void> {
    if ((await this.place())?.name !== SKIP) await this.to(SKIP);
    await this.act('Enter');
  }

  /** The focus: a part of the page that is gone has not taken it along. */
  private async isSomewhere(when: string): Promise<void> {
    await this.page
      .waitForFunction(() => document.activeElement !== document.body, null, { timeout: 4000 })
      .catch(() => this.faults.add(`after ${when} nothing has the focus`));
  }

  async see(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
    if (!new URL(this.page.url()).pathname.startsWith('/public'))
      await this.isSomewhere(`“${text}”`);
  }
  /** A page of that heading is there, and the focus is on it or in it. */
  async arrive(title: string | RegExp): Promise<void> {
    await this.page.getByRole('heading', { level: 1, name: title }).waitFor();
    await this.page.waitForFunction(() => document.activeElement?.closest('main') !== null);
  }
  async dialog(): Promise<void> {
    await this.page.getByRole('dialog').waitFor();
    await this.page.waitForFunction(
      () => document.activeElement?.closest('[role="dialog"]') !== null,
    );
  }
  async closed(): Promise<void> {
    await this.page.getByRole('dialog').waitFor({ state: 'detached' });
    await this.isSomewhere('the dialog');
  }
}
