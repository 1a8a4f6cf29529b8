// The present minute, shared by everything that counts down: one clock for a page.
import { createSharedComposable, useNow } from '@vueuse/core';

export const useMinute = createSharedComposable(() => useNow({ interval: 60_000 }));
