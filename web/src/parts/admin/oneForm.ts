// A page that is one form over one list: what it was opened with, what was typed into it, and what
// somebody else saved meanwhile, which is never overwritten unseen.
import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { computed, nextTick, ref, shallowRef, watch } from 'vue';
import { asProblem, type Problem } from '@/api/errors';
import { locale } from '@/i18n';

/** A field of the form: what it holds is one text, whatever it is drawn with. */
export interface Entry {
  id: string;
  name: string;
  value: string;
  /** A value of this field as one reads it. */
  say: (value: string) => string;
}
/** What somebody else made of a field; of one that was typed into here, that too. */
export interface TheirChange {
  id: string;
  name: string;
  now: string;
  mine?: string;
}

/** Entries that somebody else has changed since `before`; `typed` is what the form holds. */
export function theirChanges(
  before: Entry[],
  now: Entry[],
  typed: (id: string) => string,
): TheirChange[] {
  const known = new Map(before.map((one) => [one.id, one.value]));
  return now
    .filter((one) => one.value !== known.get(one.id))
    .map((one) => {
      const held = typed(one.id);
      return {
        id: one.id,
        name: one.name,
        now: one.say(one.value),
        ...(held === known.get(one.id) ? {} : { mine: one.say(held) }),
      };
    });
}

export function useOneForm<List extends { version: number }>(of: {
  key: readonly string[];
  load: () => Promise<List>;
  entries: (list: List) => Entry[];
  /** What the form holds of an entry, as its value is written. */
  typed: (id: string) => string;
  /** Brings the values of `list` into the form; of all entries, or of those that are named. */
  take: (list: List, ids?: Set<string>) => void;
  /** Saves what was changed of `list`, upon its version. */
  send: (list: List, changed: Set<string>) => Promise<List>;
  saved: (now: List) => void;
}) {
  const queries = useQueryClient();
  const query = useQuery({ queryKey: of.key, queryFn: of.load, refetchOnWindowFocus: false });
  const base = shallowRef<List>();
  const entries = computed(() => (base.value === undefined ? [] : of.entries(base.value)));
  const changed = computed(
    () =>
      new Set(entries.value.filter((one) => of.typed(one.id) !== one.value).map((one) => one.id)),
  );

  const isBusy = ref(false);
  const problem = shallowRef<Problem | null>(null);
  watch(locale, () => (problem.value = null)); // said in the other language
  const turn = ref(0);
  const newer = shallowRef<List | null>(null);
  const theirs = computed(() =>
    newer.value === null ? [] : theirChanges(entries.value, of.entries(newer.value), of.typed),
  );
  /** After a conflict: what was brought in, and that what was typed is here or is given up. */
  const came = shallowRef<{ changes: TheirChange[]; isKept: boolean } | null>(null);

  function begin(list: List): void {
    base.value = list;
    of.take(list);
    problem.value = null;
    newer.value = null;
    came.value = null;
  }
  function undo(): void {
    if (base.value !== undefined) begin(base.value);
  }
  // What comes while something is typed waits until it is saved: then it is shown first.
  watch(
    () => query.data.value as List | undefined,
    (now) => {
      if (now === undefined || now.version === base.value?.version) return;
      if (changed.value.size === 0) begin(now);
    },
    { immediate: true },
  );

  async function save(): Promise<void> {
    if (isBusy.value || base.value === undefined || changed.value.size === 0) return;
    isBusy.value = true;
    problem.value = null;
    newer.value = null;
    came.value = null;
    try {
      const now = await of.send(base.value, changed.value);
      begin(now);
      queries.setQueryData(of.key, now);
      of.saved(now);
    } catch (cause) {
      const found = asProblem(cause);
      if (found.isConflict) newer.value = await of.load().catch(() => null); // the refusal is shown
      problem.value = found;
      turn.value += 1;
    } finally {
      isBusy.value = false;
    }
  }
  function settle(isKept: boolean): void {
    const now = newer.value;
    if (now === null) return;
    const changes = theirs.value;
    const untouched = new Set(
      entries.value.map((one) => one.id).filter((id) => !changed.value.has(id)),
    );
    of.take(now, isKept ? untouched : undefined);
    base.value = now;
    problem.value = null;
    newer.value = null;
    came.value = { changes, isKept };
    queries.setQueryData(of.key, now);
    void nextTick(() => document.getElementById('came')?.focus());
  }
  return {
    query,
    base,
    entries,
    changed,
    isBusy,
    problem,
    turn,
    theirs,
    hasNewer: computed(() => newer.value !== null),
    came,
    save,
    undo,
    /** Theirs where nothing was typed; what was typed stays, to be saved upon theirs. */
    goOn: () => settle(true),
    /** Theirs everywhere. */
    giveUp: () => settle(false),
  };
}
