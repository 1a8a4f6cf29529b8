// What is typed and not yet sent, kept in this browser: it survives a closed tab and a killed
// browser, and is erased when it is sent and at sign-out.  Only the one who typed it sees it.
import { useDebounceFn, useEventListener } from '@vueuse/core';
import { ref, watch, type Ref } from 'vue';

const PREFIX = 'yidan.draft.';
const KEEP_MS = 7 * 24 * 3600 * 1000;

interface Kept {
  at: number;
  value: unknown;
  /** When the server's copy was made that this one goes on from. */
  base?: string | undefined;
}

function read(key: string): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null;
    return kept !== null && Date.now() - kept.at < KEEP_MS ? kept : null;
  } catch {
    return null;
  }
}

export interface Draft {
  /** When it was kept last. */
  keptAt: Ref<number | null>;
  /** The server's time of the copy there that this one goes on from. */
  base: Ref<string | undefined>;
  erase: () => void;
  /** Now, not soon. */
  keep: () => void;
}

/**
 * Keep `values` under `name` for the user `login`, and bring back what was kept; `isWorth` says
 * whether there is anything to keep.
 */
export function useDraft<Values extends object>(
  login: string,
  name: string,
  values: Values,
  isWorth: (values: Values) => boolean,
): Draft {
  const key = `${PREFIX}${login}.${name}`;
  const kept = read(key);
  const keptAt = ref<number | null>(kept?.at ?? null);
  const base = ref(kept?.base);

  if (kept !== null && typeof kept.value === 'object') Object.assign(values, kept.value);

  function keep(): void {
    if (!isWorth(values)) {
      erase();
      return;
    }
    const at = Date.now();
    try {
      localStorage.setItem(
        key,
        JSON.stringify({ at, value: values, base: base.value } satisfies Kept),
      );
      keptAt.value = at;
    } catch {
      keptAt.value = null; // full or forbidden: the page says that nothing is kept
    }
  }
  function erase(): void {
    localStorage.removeItem(key);
    keptAt.value = null;
  }
  useEventListener(window, 'pagehide', keep);
  watch(values, useDebounceFn(keep, 300, { maxWait: 1000 }), { deep: true });
  return { keptAt, base, erase, keep };
}

export function eraseDrafts(login: string): void {
  for (const key of Object.keys(localStorage))
    if (key.startsWith(`${PREFIX}${login}.`)) localStorage.removeItem(key);
}
