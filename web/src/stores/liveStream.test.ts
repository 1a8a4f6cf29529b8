import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { effectScope, nextTick, ref, type EffectScope } from 'vue';
import { useLiveStream } from './liveStream';

/** What the browser's own does, as far as it is used; the real one is in e2e/live.e2e.ts. */
class Source extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly CLOSED = 2;
  static all: Source[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    super();
    Source.all.push(this);
  }
  close(): void {
    this.readyState = Source.CLOSED;
  }
  tell(name: string, data: unknown, lastEventId = ''): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data), lastEventId }));
  }
  fail(isForGood: boolean): void {
    if (isForGood) this.readyState = Source.CLOSED;
    this.onerror?.();
  }
}
const open = () => Source.all.filter((one) => one.readyState !== Source.CLOSED);

let scope: EffectScope;
let visibility = 'visible';
const heard: string[] = [];
const isWanted = ref(true);

async function look(at: 'visible' | 'hidden'): Promise<void> {
  visibility = at;
  document.dispatchEvent(new Event('visibilitychange'));
  await nextTick();
}
function start() {
  return scope.run(() =>
    useLiveStream(isWanted, () => 12, {
      ticket: (event, about) => heard.push(`${event} ${about.no}`),
      call: (about) => heard.push(`call ${about.call}`),
      counts: (groups) => heard.push(`counts ${groups.length}`),
      version: (version) => heard.push(version),
      reload: () => heard.push('reload'),
      failed: () => heard.push('failed'),
    }),
  );
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', Source);
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(
    () => visibility as DocumentVisibilityState,
  );
  Source.all = [];
  heard.length = 0;
  isWanted.value = true;
  visibility = 'visible';
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('a page that was hidden for half a minute lets go, and goes on where it was', async () => {
  const stream = start();
  expect(open().map((one) => one.url)).toEqual(['/api/v1/stream?after=12']);
  Source.all[0]?.onopen?.();
  Source.all[0]?.tell('ticket.signed', { no: 'A', unit: null, own: false }, '17');
  expect(heard).toEqual(['ticket.signed A']);
  expect(stream?.isOpen.value).toBe(true);
  await look('hidden');
  vi.advanceTimersByTime(29_000);
  expect(open()).toHaveLength(1);
  vi.advanceTimersByTime(1_000);
  expect(open()).toHaveLength(0);
  await look('visible');
  expect(open().map((one) => one.url)).toEqual(['/api/v1/stream?after=17']);
});

test('a call is heard by its number', () => {
  start();
  Source.all[0]?.tell('call', { call: 7 }, '18');
  expect(heard).toEqual(['call 7']);
});

test('who looks again within half a minute is still listening', async () => {
  start();
  await look('hidden');
  vi.advanceTimersByTime(20_000);
  await look('visible');
  vi.advanceTimersByTime(60_000);
  expect(Source.all).toHaveLength(1);
  expect(open()).toHaveLength(1);
});

test('after three failures it is away, and tries again in a minute', () => {
  const stream = start();
  for (let i = 0; i < 2; i += 1) Source.all[0]?.fail(false);
  expect(stream?.isAway.value).toBe(false);
  Source.all[0]?.fail(false);
  expect(stream?.isAway.value).toBe(true);
  expect(open()).toHaveLength(0);
  expect(heard).toEqual(['failed', 'failed', 'failed']);
  vi.advanceTimersByTime(60_000);
  expect(open()).toHaveLength(1);
  Source.all[1]?.onopen?.();
  expect(stream?.isAway.value).toBe(false);
});

test('a refusal is tried again, and nobody listens without a session', async () => {
  start();
  Source.all[0]?.fail(true);
  expect(open()).toHaveLength(0);
  vi.advanceTimersByTime(3_000);
  expect(open()).toHaveLength(1);
  isWanted.value = false;
  await nextTick();
  expect(open()).toHaveLength(0);
  vi.advanceTimersByTime(600_000);
  expect(open()).toHaveLength(0);
});
