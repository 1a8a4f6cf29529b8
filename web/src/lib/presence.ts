// Is somebody at this page?  What it asks by itself must not keep a session alive, so requests made
// while nobody has touched it for a while say so (api/http.ts).
import { useEventListener } from '@vueuse/core';

const ALONE_MS = 60_000;

let touchedAt = Date.now();
const touch = () => (touchedAt = Date.now());
for (const event of ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const)
  useEventListener(window, event, touch, { capture: true, passive: true });

export const isAttended = (): boolean => Date.now() - touchedAt < ALONE_MS;
