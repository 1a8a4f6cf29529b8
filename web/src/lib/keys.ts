// Keys of a page.  Single letters work outside of fields only, never while an input method
// composes, and can be switched off; function keys and Ctrl+Enter work everywhere.
import { useEventListener } from '@vueuse/core';
import { usePrefs } from '@/stores/prefs';
import { isComposing } from '@/ui/ime';

export type KeyName = string; // "F2", "Ctrl+Enter", "U", "/", "ArrowDown"

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

export function nameOf(event: KeyboardEvent): KeyName {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${key}`;
}

/**
 * Do `keys[name]` when the key is pressed.  A handler that returns false lets the key pass.
 * Nothing is done while a dialog is open unless `inDialogs`.
 */
export function useKeys(
  keys: () => Record<KeyName, (event: KeyboardEvent) => unknown>,
  options: { inDialogs?: boolean } = {},
): void {
  const prefs = usePrefs();

  useEventListener(document, 'keydown', (event: KeyboardEvent) => {
    if (event.defaultPrevented || isComposing(event)) return;
    const name = nameOf(event);
    const isPlain = !/^(F\d+|Ctrl\+|Alt\+)/.test(name);
    if (isPlain && (isTyping(event.target) || (!prefs.shortcuts && name.length === 1))) return;
    if (options.inDialogs !== true && document.querySelector('[role="dialog"]') !== null) return;
    if (isPlain && event.target instanceof Element && event.target.closest('[role="menu"]')) return;
    const handler = keys()[name];
    if (handler !== undefined && handler(event) !== false) event.preventDefault();
  });
}
