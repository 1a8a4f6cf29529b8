// What waits for this user and what changes, as it changes: the server's stream tells it while the
// page is looked at, and GET /inbox each minute when it does not.
import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { useDocumentVisibility, useOnline } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { call, http } from '@/api/http';
import { shortNo, toldText, type LiveTicket, type TicketEvent } from '@/domain/live';
import { t } from '@/i18n';
import { toast } from '@/ui/toasts';
import { useLiveStream, type LiveGroup } from './liveStream';
import { useMeta } from './meta';
import { usePrefs } from './prefs';
import { useSession } from './session';

const POLL_MS = 60_000;
const NEWS_MAX = 200;
const LOG_MAX = 20;
const INTAKE = '/intake';

/** A ticket that somebody else has changed, and when that was heard. */
interface News {
  no: string;
  at: number;
}
export interface Told {
  id: number;
  no: string;
  text: string;
}

export const useLive = defineStore('live', () => {
  const session = useSession();
  const meta = useMeta();
  const prefs = usePrefs();
  const queries = useQueryClient();
  const visibility = useDocumentVisibility();
  const isOnline = useOnline();
  const isStaff = computed(
    () =>
      session.isSignedIn &&
      !session.mustChangePassword &&
      session.has('clerk', 'handler', 'unit_head', 'supervisor', 'leader'),
  );

  // --- What changes ---
  const told = shallowRef<LiveGroup[] | null>(null);
  /** When the counts were told last. */
  const countsAt = ref(0);
  const news = shallowRef<News[]>([]);
  const reloadAt = ref(0);
  const log = shallowRef<Told[]>([]);
  const isLogRead = ref(true);
  const version = ref('');
  let lastCall = 0;

  const callAgain = () => void queries.invalidateQueries({ queryKey: ['calls'] });
  /** As long as the person wants to hear it. */
  const chime = () => {
    if (prefs.sound) void import('@/lib/tone').then((tone) => tone.play());
  };
  const isOutdated = ref(false);

  function say(event: TicketEvent, about: LiveTicket): void {
    const key = toldText(event, about, session.roles);
    if (key === null) return;
    const unit = meta.units.find((one) => one.code === about.unit);
    const text = t(`live.${key}`, {
      unit: unit?.short_name ?? unit?.name ?? t('live.somebody'),
      no: shortNo(about.no),
    });
    const entry = { id: (log.value[0]?.id ?? 0) + 1, no: about.no, text };
    log.value = [entry, ...log.value].slice(0, LOG_MAX);
    isLogRead.value = false;
    if (event === 'deadline.red' || key === 'assigned' || key === 'received') chime();
    toast(text, {
      isBad: event === 'deadline.red',
      link: { to: `/tickets/${about.no}`, label: t('live.look') },
    });
  }

  const stream = useLiveStream(
    computed(() => isStaff.value && !session.isExpired),
    () => session.streamAfter,
    {
      ticket(event, about) {
        if (!about.own)
          news.value = [{ no: about.no, at: Date.now() }, ...news.value].slice(0, NEWS_MAX);
        void queries.invalidateQueries({ queryKey: ['ticket', about.no] });
        void queries.invalidateQueries({ queryKey: ['dashboard'] });
        say(event, about);
      },
      call({ call: id }) {
        callAgain();
        if (id === lastCall) return; // it rang, and now it was answered
        lastCall = id;
        chime();
        if (window.location.pathname !== INTAKE)
          toast(t('live.call'), { link: { to: INTAKE, label: t('live.record') } });
      },
      counts(groups) {
        told.value = groups;
        countsAt.value = Date.now();
      },
      version(now) {
        callAgain(); // what rang before it listened
        if (version.value !== '' && version.value !== now) isOutdated.value = true;
        if (version.value === '') version.value = now;
      },
      reload() {
        reloadAt.value = Date.now();
        void queries.invalidateQueries({ queryKey: ['ticket'] });
        void queries.invalidateQueries({ queryKey: ['inbox'] });
        void queries.invalidateQueries({ queryKey: ['dashboard'] });
      },
      failed() {
        void inbox.refetch(); // a session that is over asks to sign in again
      },
    },
  );

  // --- What waits ---
  const inbox = useQuery({
    queryKey: ['inbox'],
    queryFn: async () => {
      const answer = await call(() => http.GET('/api/v1/inbox'));
      told.value = null; // it is as new as what was told
      return answer;
    },
    enabled: isStaff,
    refetchInterval: () => (stream.isOpen.value || session.isExpired ? false : POLL_MS),
    refetchIntervalInBackground: true, // a hidden page counts on, in its title
  });
  watch(visibility, (now) => {
    if (now === 'visible' && isStaff.value && !stream.isOpen.value)
      void queries.invalidateQueries({ queryKey: ['inbox'] });
  });

  const groups = computed(() =>
    (inbox.data.value?.groups ?? []).map((group) => {
      const now = told.value?.find((one) => one.todo === group.todo);
      return now === undefined
        ? group
        : { ...group, count: now.count, yellow: now.yellow, red: now.red };
    }),
  );
  const count = (todo: string) => groups.value.find((group) => group.todo === todo)?.count ?? 0;
  /** To be done; what is only to be read does not count. */
  const total = computed(() =>
    groups.value
      .filter((group) => group.todo !== 'alarm')
      .reduce((sum, group) => sum + group.count, 0),
  );
  const isOffline = computed(() => !isOnline.value || inbox.error.value !== null);
  /** Changes are told as they happen; otherwise each minute. */
  const isAway = computed(() => isOffline.value || stream.isAway.value);

  /** Tickets changed by others since a list was asked for; Infinity: too many to be told. */
  function changedSince(at: number): number {
    if (reloadAt.value > at) return Infinity;
    return new Set(news.value.filter((one) => one.at > at).map((one) => one.no)).size;
  }

  /** Something was done: what is shown may be old. */
  function changed(no?: string): void {
    void queries.invalidateQueries({ queryKey: ['inbox'] });
    void queries.invalidateQueries({ queryKey: ['tickets'] });
    if (no !== undefined) void queries.invalidateQueries({ queryKey: ['ticket', no] });
  }
  return {
    inbox,
    groups,
    count,
    countsAt,
    total,
    isOffline,
    isAway,
    isOutdated,
    log,
    isLogRead,
    changedSince,
    changed,
  };
});
