// From the table of pages to the router: who may go where, titles, and the focus.
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { t } from './i18n';
import { pages, STAFF, type PageRow } from './routes';
import { useSession } from './stores/session';

declare module 'vue-router' {
  interface RouteMeta {
    row: PageRow;
  }
}

export const router = createRouter({
  history: createWebHistory(),
  routes: pages.map((row): RouteRecordRaw => ({
    path: row.path,
    name: row.name,
    component: row.page,
    meta: { row },
  })),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

router.beforeEach(async (to) => {
  const session = useSession();
  if (!session.isSignedIn) {
    // Whoever cannot be asked now sees the page's own failure, not the sign-in form.
    const isFound = await session.find().catch(() => null);
    if (isFound !== true && to.meta.row.isPublic !== true)
      return { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
  }
  if (session.mustChangePassword && to.name !== 'me' && to.meta.row.isPublic !== true)
    return { name: 'me', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
  // Who handles no tickets begins with what is theirs to do.
  if (to.name === 'home' && session.isSignedIn && !session.has(...STAFF))
    return { name: session.has('admin') ? 'admin' : 'admin-audit' };
  return true;
});

router.afterEach((to, from) => {
  document.title = `${t(to.meta.row.title)} · ${t('app.name')}`;
  if (from.matched.length > 0 && to.path !== from.path) requestAnimationFrame(focusHeading);
});

/** A heading may come with the page's data, or another one with them: so long it is looked for. */
const HEADING_MS = 5000;

/** To the page's heading, and to it again while the page is filled and whoever acts has not begun. */
function focusHeading(): void {
  const give = (isFirst: boolean): void => {
    const now = document.activeElement;
    // A page that knows where one begins has put the focus there itself.
    if (now?.closest('main form, [role="dialog"]') != null) return;
    if (isFirst || now === null || now === document.body)
      document.querySelector<HTMLElement>('h1')?.focus();
  };
  const waiting = new MutationObserver(() => give(false));
  const stop = (): void => {
    window.clearTimeout(timer);
    waiting.disconnect();
    document.removeEventListener('keydown', stop, true);
    document.removeEventListener('pointerdown', stop, true);
  };
  const timer = window.setTimeout(stop, HEADING_MS);
  waiting.observe(document.body, { childList: true, subtree: true });
  document.addEventListener('keydown', stop, true);
  document.addEventListener('pointerdown', stop, true);
  give(true);
}
