// What Chromium 87 to 92 lacks (browsers of offices that stay behind).
import 'core-js/actual/array/at';
import 'core-js/actual/object/has-own';
import 'core-js/actual/string/at';
import './styles/tokens.css';
import './styles/base.css';
import './styles/ui.css';
import './styles/shell.css';
import './styles/print.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { i18n } from './i18n';
import { router } from './router';

const app = createApp(App).use(createPinia()).use(i18n);

// Before the first page that asks the server anything.
router.beforeResolve(async (to) => {
  if (to.meta.row.isPublic !== true) (await import('./queries')).install(app);
});
app.use(router).mount('#app');
