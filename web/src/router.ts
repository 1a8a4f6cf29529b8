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
  if (from.matched.length > 0 && to.path !== from.path)
    requestAnimationFrame(() => {
      // A page that knows where one begins has put the focus there itself.
      if (document.activeElement?.closest('main form') == null)
        document.querySelector<HTMLElement>('h1')?.focus();
    });
});
