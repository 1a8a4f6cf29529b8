// Where the focus goes when a dialog opens, and where when it has closed: never to a cross, which
// Enter would press at once, and never to nothing, from where the keyboard starts all over.
import { onUnmounted, ref, watch, type Ref } from 'vue';

/** How many dialogs are open: what floats over the page makes room for them. */
export const openDialogs = ref(0);

const FIELDS =
  'input:not([type="hidden"]):not([type="file"]):not([readonly]):enabled, select:enabled, textarea:enabled';
const FOCUSABLE = `a[href], button:enabled, ${FIELDS}`;
/** A list may be asked again after the dialog has closed, and the line in focus be gone by then. */
const SETTLED_MS = 5000;

export const isShown = (element: HTMLElement) => element.getClientRects().length > 0;

/** The first field, else the button that sends; null while the form is still on its way. */
export function entryOf(dialog: HTMLElement): HTMLElement | null {
  const fields = [...dialog.querySelectorAll<HTMLElement>(FIELDS)].filter(isShown);
  const first = fields[0];
  if (first instanceof HTMLInputElement && first.type === 'radio')
    return fields.find((one) => one.matches(`[name="${first.name}"]:checked`)) ?? first;
  return (
    first ??
    dialog.querySelector<HTMLElement>('.dialog-foot [type="submit"], .dialog-foot .button-main')
  );
}

/** A field far down is not jumped to: what stands before it is to be read first. */
function placeOf(entry: HTMLElement): HTMLElement {
  const body = entry.closest<HTMLElement>('.dialog-body[tabindex]');
  const isBelow =
    body !== null && entry.getBoundingClientRect().top > body.getBoundingClientRect().bottom;
  return isBelow ? body : entry;
}

/** A place and those around it, each with its position: what stands there later succeeds it. */
export type Trail = { around: Element; at: number }[];

export function trailOf(element: HTMLElement): Trail {
  const trail: Trail = [];
  for (let one: Element = element; one.parentElement !== null; one = one.parentElement) {
    if (one.parentElement === document.body) break;
    trail.push({ around: one.parentElement, at: [...one.parentElement.children].indexOf(one) });
  }
  return trail;
}

/** What stands where `trail` led: the next line of a list when the line is gone. */
export function successorOf(trail: Trail): HTMLElement | null {
  for (const { around, at } of trail) {
    if (!around.isConnected || around.id === 'page') continue;
    const there = around.children[Math.min(at, around.children.length - 1)];
    for (const place of [there, around]) {
      if (place === undefined) continue;
      if (place instanceof HTMLElement && place.matches(FOCUSABLE) && isShown(place)) return place;
      const inside = [...place.querySelectorAll<HTMLElement>(FOCUSABLE)].find(isShown);
      if (inside !== undefined) return inside;
    }
  }
  return null;
}

/** Where a page's work is: the marked line, the buttons of its ticket, else its heading. */
export function homeOf(): HTMLElement | null {
  const home = document.querySelector<HTMLElement>('[data-dialog-home]');
  if (home?.matches(FOCUSABLE)) return home;
  return (
    home?.querySelector<HTMLElement>(FOCUSABLE) ?? document.querySelector<HTMLElement>('main h1')
  );
}

/** Who opened it; of a menu, which is closed by now, the menu's own button. */
function openerNow(): HTMLElement | null {
  const now = document.activeElement;
  const menu = now?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  const opener = menu ? document.getElementById(menu) : now;
  return opener instanceof HTMLElement && opener !== document.body ? opener : null;
}

export function useDialogFocus(open: Ref<boolean>): { enter: (event: Event) => void } {
  let opener: HTMLElement | null = null;
  let trail: Trail = [];
  let isCounted = false;
  let arriving: MutationObserver | null = null;

  function begin(): void {
    opener = openerNow();
    trail = opener === null ? [] : trailOf(opener);
    isCounted = true;
    openDialogs.value += 1;
  }
  function end(): void {
    if (!isCounted) return;
    isCounted = false;
    openDialogs.value -= 1;
    arriving?.disconnect();
    window.setTimeout(giveBack); // after the dialog has let go of the focus
  }

  /** Until the page has settled, a focus that is lost is given back; whoever acts has it. */
  function giveBack(): void {
    const give = (): void => {
      const now = document.activeElement;
      if (now !== null && now !== document.body && now.isConnected) return;
      if (document.querySelector('[role="dialog"]') !== null) return;
      (opener?.isConnected && isShown(opener) ? opener : (successorOf(trail) ?? homeOf()))?.focus();
    };
    const watching = new MutationObserver(give);
    const stop = (): void => {
      window.clearTimeout(timer);
      watching.disconnect();
      document.removeEventListener('keydown', stop, true);
      document.removeEventListener('pointerdown', stop, true);
    };
    const timer = window.setTimeout(stop, SETTLED_MS);
    watching.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('keydown', stop, true);
    document.addEventListener('pointerdown', stop, true);
    give();
  }

  function enter(event: Event): void {
    event.preventDefault();
    const dialog = event.target as HTMLElement;
    dialog.focus();
    const arrive = (): void => {
      if (document.activeElement !== dialog && dialog.contains(document.activeElement)) {
        arriving?.disconnect();
        return;
      }
      const entry = entryOf(dialog);
      if (entry === null) return;
      arriving?.disconnect();
      placeOf(entry).focus();
    };
    arriving = new MutationObserver(arrive);
    arriving.observe(dialog, { childList: true, subtree: true });
    arrive();
  }

  watch(open, (isOpen) => (isOpen ? begin() : end()), { immediate: true, flush: 'sync' });
  onUnmounted(end);
  return { enter };
}
