// What Chromium 87 to 92 lacks (browsers of offices that stay behind).
import 'core-js/actual/array/at';
import 'core-js/actual/object/has-own';
import 'core-js/actual/string/at';
import './styles/tokens.css';
import './styles/base.css';
import './styles/ui.css';
import './styles/shell.css';
import './styles/print.css';
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { Problem } from './api/errors';
import { i18n } from './i18n';
import { router } from './router';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What was refused stays refused; what failed in passing is tried again twice.
      retry: (count, cause) => cause instanceof Problem && cause.isPassing && count < 2,
    },
  },
});

createApp(App)
  .use(createPinia())
  .use(VueQueryPlugin, { queryClient: queries })
  .use(i18n)
  .use(router)
  .mount('#app');
