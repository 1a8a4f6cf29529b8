// What waits for this user, kept fresh.  Asked again each minute while the tab is looked at, and
// at once when it is looked at again; pages invalidate ['inbox'] after what they do.
import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { useDocumentVisibility, useOnline } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, watch } from 'vue';
import { call, http } from '@/api/http';
import { useSession } from './session';

const POLL_MS = 60_000;

export const useLive = defineStore('live', () => {
  const session = useSession();
  const queries = useQueryClient();
  const visibility = useDocumentVisibility();
  const isOnline = useOnline();
  const isWanted = computed(
    () =>
      session.isSignedIn && session.has('clerk', 'handler', 'unit_head', 'supervisor', 'leader'),
  );

  const inbox = useQuery({
    queryKey: ['inbox'],
    queryFn: () => call(() => http.GET('/api/v1/inbox')),
    enabled: isWanted,
    refetchInterval: () => (visibility.value === 'visible' && !session.isExpired ? POLL_MS : false),
  });
  watch(visibility, (now) => {
    if (now === 'visible' && isWanted.value)
      void queries.invalidateQueries({ queryKey: ['inbox'] });
  });

  const groups = computed(() => inbox.data.value?.groups ?? []);
  const count = (todo: string) => groups.value.find((group) => group.todo === todo)?.count ?? 0;
  /** To be done; what is only to be read does not count. */
  const total = computed(() =>
    groups.value
      .filter((group) => group.todo !== 'alarm')
      .reduce((sum, group) => sum + group.count, 0),
  );
  const isOffline = computed(() => !isOnline.value || inbox.error.value !== null);

  /** Something was done: what is shown may be old. */
  function changed(no?: string): void {
    void queries.invalidateQueries({ queryKey: ['inbox'] });
    void queries.invalidateQueries({ queryKey: ['tickets'] });
    if (no !== undefined) void queries.invalidateQueries({ queryKey: ['ticket', no] });
  }
  return { inbox, groups, count, total, isOffline, changed };
});
