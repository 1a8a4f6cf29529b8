// Asking the server, keeping the answer and asking again: for whoever is signed in, so the sign-in
// page does not carry it.
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query';
import type { App } from 'vue';
import { Problem } from './api/errors';

let isInstalled = false;

/** Once; a second call does nothing. */
export function install(app: App): void {
  if (isInstalled) return;
  isInstalled = true;
  app.use(VueQueryPlugin, {
    queryClient: new QueryClient({
      defaultOptions: {
        queries: {
          staleTime: 5_000,
          // What was refused stays refused; what failed in passing is tried again twice.
          retry: (count, cause) => cause instanceof Problem && cause.isPassing && count < 2,
        },
      },
    }),
  });
}
