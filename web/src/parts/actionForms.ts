// The forms of actions, each in a chunk of its own.  Those that a key opens are fetched while nothing
// else is to be done: what is typed right after the key belongs into the form.
import { defineAsyncComponent, type Component } from 'vue';
import { lookOf } from '@/domain/actions';

const files = import.meta.glob<{ default: Component }>('../pages/ticket/actions/*.vue');
const ready = new Map<string, Component>();
const pathOf = (action: string) => `../pages/ticket/actions/${lookOf(action)?.form}.vue`;

async function load(path: string): Promise<Component | null> {
  const found = (await files[path]?.())?.default ?? null;
  if (found !== null) ready.set(path, found);
  return found;
}

/** The form itself when it is at hand, else one that comes; null: there is none. */
export function formOf(action: string): Component | null {
  const path = pathOf(action);
  if (files[path] === undefined) return null;
  return (
    ready.get(path) ?? defineAsyncComponent(async () => (await load(path)) ?? Promise.reject())
  );
}

/** One after the other; what does not come now is asked for again when it is opened. */
export async function makeReady(actions: readonly string[]): Promise<void> {
  try {
    for (const path of actions.map(pathOf)) if (!ready.has(path)) await load(path);
  } catch {
    // The line is down, which is told where it matters.
  }
}
