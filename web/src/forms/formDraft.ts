// What is typed into a form and not yet sent is kept twice: in this browser at once, and on the
// server soon after, where another browser of the same person finds it.  Neither stands in the
// way: without the server the copy of the browser is enough.
import { useDebounceFn, useEventListener } from '@vueuse/core';
import { onBeforeUnmount, ref, watch, type Ref } from 'vue';
import { callSignedOut, http } from '@/api/http';
import { useDraft, type Draft } from '@/lib/draft';
import type { Values } from './form';

const SOON_MS = 2000;
const AT_LATEST_MS = 8000;

export interface FormDraft extends Pick<Draft, 'keep' | 'erase'> {
  /** Something from before is in the fields. */
  isBroughtBack: Ref<boolean>;
}

/** `form` and `subject` are the names of the draft in GET /drafts; `isWorth` as of useDraft(). */
export function useFormDraft(
  login: string,
  form: string,
  subject: string,
  values: Values,
  isWorth: (values: Values) => boolean,
): FormDraft {
  const draft = useDraft(login, `${form}.${subject}`, values, isWorth);
  const isBroughtBack = ref(draft.keptAt.value !== null);
  const path = { form, subject };
  // One after the other, so that what is erased does not come back.
  let turn: Promise<void> = Promise.resolve();
  let isThere = draft.base.value !== undefined;
  let isNew = false;
  let isOver = false;

  function next(step: () => Promise<void>): void {
    // Not through call(): a copy asks nobody to sign in again.
    turn = turn.then(step).catch(() => undefined);
  }
  function put(): void {
    if (!isNew || isOver) return;
    isNew = false;
    if (!isWorth(values)) {
      drop();
      return;
    }
    const content = JSON.stringify(values);
    next(async () => {
      const kept = await callSignedOut(() =>
        http.PUT('/api/v1/drafts/{form}/{subject}', { params: { path }, body: { content } }),
      ).catch((cause: unknown) => {
        isNew = true;
        throw cause;
      });
      isThere = true;
      draft.base.value = kept.saved_at;
      if (!isOver) draft.keep();
    });
  }
  function drop(): void {
    next(async () => {
      if (!isThere) return;
      await callSignedOut(() =>
        http.DELETE('/api/v1/drafts/{form}/{subject}', { params: { path } }),
      );
      isThere = false;
    });
  }
  function erase(): void {
    isOver = true;
    draft.erase();
    drop();
  }

  // What was typed elsewhere, later than here.
  next(async () => {
    const list = await callSignedOut(() => http.GET('/api/v1/drafts'));
    const found = list.items.find((one) => one.form === form && one.subject === subject);
    isThere = found !== undefined;
    if (found === undefined || found.saved_at === draft.base.value || isNew) return;
    if (draft.keptAt.value !== null && draft.keptAt.value > Date.parse(found.saved_at)) return;
    const kept = await callSignedOut(() =>
      http.GET('/api/v1/drafts/{form}/{subject}', { params: { path } }),
    );
    const content: unknown = JSON.parse(kept.content);
    if (typeof content !== 'object' || content === null || isNew) return;
    draft.base.value = kept.saved_at;
    Object.assign(values, content);
    isBroughtBack.value = true;
  });

  const soon = useDebounceFn(put, SOON_MS, { maxWait: AT_LATEST_MS });
  watch(
    values,
    () => {
      isNew = true;
      void soon();
    },
    { deep: true },
  );
  useEventListener(window, 'online', put);
  onBeforeUnmount(() => {
    if (!isOver && isNew) draft.keep();
    put();
  });
  return { isBroughtBack, erase, keep: draft.keep };
}
