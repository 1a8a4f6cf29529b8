// Asking the server, keeping the answer and asking again: for whoever is signed in, so the sign-in
// page does not carry it.
import { QueryClient, VueQueryPlugin, type Query } from '@tanstack/vue-query';
import { watch, type App } from 'vue';
import { Problem } from './api/errors';
import { locale } from './i18n';

let isInstalled = false;

/** Once; a second call does nothing. */
export function install(app: App): void {
  if (isInstalled) return;
  isInstalled = true;
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // What was refused stays refused; what failed in passing is tried again twice.
        retry: (count, cause) => cause instanceof Problem && cause.isPassing && count < 2,
      },
    },
  });
  app.use(VueQueryPlugin, { queryClient });
  // Why something is not there was said in the other language: asked again, it is said in this one.
  watch(locale, () => {
    const predicate = ({ state }: Query) => state.status === 'error';
    void queryClient.refetchQueries({ type: 'active', predicate });
  });
}
