// The stream of what changes: open while the page is looked at, closed half a minute after it was
// hidden (a browser has six connections for a server, and a seventh page must load), opened again
// where it was left.
import { useDocumentVisibility, useOnline } from '@vueuse/core';
import { computed, onScopeDispose, ref, watch, type Ref } from 'vue';
import { ticketEvents, type LiveCall, type LiveTicket, type TicketEvent } from '@/domain/live';

const HIDDEN_MS = 30_000;
const RETRY_MS = 3_000;
const AWAY_RETRY_MS = 60_000;
const FAILURES = 3;

export interface LiveGroup {
  todo: string;
  count: number;
  yellow: number;
  red: number;
}
interface Heard {
  ticket: (event: TicketEvent, about: LiveTicket) => void;
  call: (about: LiveCall) => void;
  counts: (groups: LiveGroup[]) => void;
  version: (version: string) => void;
  /** More happened than is told one by one. */
  reload: () => void;
  /** It broke; whoever listens asks the server itself, and learns of a session that is over. */
  failed: () => void;
}

/** It is told what happened after `begin`, where the page began to load, or after what it heard last. */
export function useLiveStream(
  isWanted: Ref<boolean>,
  begin: () => number | null | undefined,
  heard: Heard,
) {
  const visibility = useDocumentVisibility();
  const isOnline = useOnline();
  const isOpen = ref(false);
  const failures = ref(0);
  let source: EventSource | null = null;
  let lastId = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  const later = (ms: number, run: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };

  function close(): void {
    clearTimeout(timer);
    source?.close();
    source = null;
    isOpen.value = false;
  }

  function open(): void {
    clearTimeout(timer);
    if (source !== null || !isWanted.value || !isOnline.value) return;
    const opened = new EventSource(`/api/v1/stream?after=${lastId || (begin() ?? 0)}`);
    source = opened;
    const on = (name: string, run: (data: unknown) => void) =>
      opened.addEventListener(name, (event: MessageEvent<string>) => {
        if (event.lastEventId !== '') lastId = event.lastEventId;
        run(JSON.parse(event.data));
      });

    opened.onopen = () => {
      isOpen.value = true;
      failures.value = 0;
    };
    opened.onerror = () => {
      isOpen.value = false;
      failures.value += 1;
      heard.failed();
      // Refused for good, or too often: the next try is ours to make.
      if (opened.readyState !== EventSource.CLOSED && failures.value < FAILURES) return;
      close();
      later(failures.value < FAILURES ? RETRY_MS : AWAY_RETRY_MS, open);
    };
    for (const name of ticketEvents) on(name, (data) => heard.ticket(name, data as LiveTicket));
    on('call', (data) => heard.call(data as LiveCall));
    on('counts', (data) => heard.counts((data as { groups: LiveGroup[] }).groups));
    on('version', (data) => heard.version((data as { version: string }).version));
    on('reload', () => heard.reload());
  }

  watch(
    [isWanted, isOnline, visibility],
    () => {
      if (!isWanted.value || !isOnline.value) close();
      else if (visibility.value === 'visible') open();
      else later(HIDDEN_MS, close);
    },
    { immediate: true },
  );
  onScopeDispose(close);

  return { isOpen, isAway: computed(() => failures.value >= FAILURES) };
}
