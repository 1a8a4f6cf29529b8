// Whoever works by the keyboard keeps their place: when the thing that has the focus is gone, because
// it has done its work, what stands there now has it.  Dialogs and menus see to it themselves.
import { useEventListener } from '@vueuse/core';
import { onUnmounted } from 'vue';
import { homeOf, isShown, successorOf, trailOf, type Trail } from './dialogFocus';

/** `forget` when another page comes, which has its own beginning. */
export function useFocusKeeper(): { forget: () => void } {
  let last: HTMLElement | null = null;
  let trail: Trail = [];
  let isByKeyboard = false;

  function forget(): void {
    last = null;
    trail = [];
  }
  function keep(): void {
    const now = document.activeElement;
    if (last === null || !isByKeyboard || (now !== null && now !== document.body)) return;
    if (last.isConnected && isShown(last) && !last.matches(':disabled')) return;
    const next = successorOf(trail) ?? homeOf();
    forget();
    next?.focus();
  }
  useEventListener(document, 'focusin', (event: FocusEvent) => {
    forget();
    if (!(event.target instanceof HTMLElement)) return;
    if (event.target.closest('[role="dialog"], [role="menu"]') !== null) return;
    last = event.target;
    trail = trailOf(last);
  });
  useEventListener(document, 'keydown', () => (isByKeyboard = true), { capture: true });
  // On a phone a field that takes the focus brings up its keys.
  useEventListener(document, 'pointerdown', () => (isByKeyboard = false), { capture: true });
  const watching = new MutationObserver(keep);
  watching.observe(document.body, { childList: true, subtree: true });
  onUnmounted(() => watching.disconnect());
  return { forget };
}
