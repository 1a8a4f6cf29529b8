// THE table of pages: one row each.  The bar, the shortcut help, rights and titles read it.
import type { Component } from 'vue';
import type { Schema } from './api/http';
import { loadTexts, type TextKey, type TextsName } from './i18n';
import type { Role } from './stores/session';

export interface PageRow {
  path: string;
  name: string;
  title: TextKey;
  page: () => Promise<{ default: Component }>;
  /** Who may open it; nobody named: everybody who is signed in. */
  roles?: readonly Role[];
  /** Stands in the bar: of everybody who may open it, or of these. */
  inBar?: boolean | readonly Role[];
  /** Name of the page in whose list it stands. */
  under?: string;
  /** Its heading in that list. */
  group?: TextKey;
  /** Groups of the inbox whose counts the bar shows beside it. */
  todos?: readonly Schema['Todo'][];
  /** Opens it from anywhere. */
  shortcut?: string;
  /** Without the bar: signing in, printed sheets. */
  bare?: boolean;
  /** May be opened signed out. */
  isPublic?: boolean;
}

const OFFICE = ['clerk', 'supervisor'] as const;
const UNIT = ['handler', 'unit_head'] as const;
/** Who handles tickets. */
export const STAFF = [...OFFICE, ...UNIT, 'leader'] as const;

/** A page whose texts come with it. */
const withTexts =
  (name: TextsName) =>
  (page: PageRow['page']): PageRow['page'] =>
  async () => {
    await loadTexts(name);
    return page();
  };
const admin = withTexts('admin');
const office = withTexts('office');
const intake = withTexts('intake');

export const pages: readonly PageRow[] = [
  {
    path: '/login',
    name: 'login',
    title: 'page.login',
    page: () => import('./pages/login/Page.vue'),
    bare: true,
    isPublic: true,
  },
  { path: '/', name: 'home', title: 'page.home', page: () => import('./pages/home/Page.vue') },
  {
    path: '/intake',
    name: 'intake',
    title: 'page.intake',
    page: intake(() => import('./pages/intake/Page.vue')),
    roles: ['clerk'],
    inBar: true,
    shortcut: 'F2',
  },
  {
    path: '/dispatch',
    name: 'dispatch',
    title: 'page.dispatch',
    page: () => import('./pages/dispatch/Page.vue'),
    roles: ['clerk'],
    inBar: true,
    todos: ['dispatch', 'suspect', 'return', 'submit', 'unsatisfied', 'alarm'],
  },
  {
    path: '/review',
    name: 'review',
    title: 'page.review',
    page: () => import('./pages/review/Page.vue'),
    roles: ['clerk', 'supervisor'],
    inBar: true,
    todos: ['review', 'tell', 'extension', 'settle', 'repeated'],
  },
  {
    path: '/visit',
    name: 'visit',
    title: 'page.visit',
    page: () => import('./pages/visit/Page.vue'),
    roles: ['clerk'],
    inBar: true,
    todos: ['callback'],
  },
  {
    path: '/inbox',
    name: 'inbox',
    title: 'page.inbox',
    page: () => import('./pages/inbox/Page.vue'),
    roles: ['handler', 'unit_head'],
    inBar: true,
    todos: ['sign', 'contact', 'handle', 'draft', 'co', 'supervision', 'urge', 'promise', 'alarm'],
  },
  {
    path: '/instruct',
    name: 'instruct',
    title: 'page.instruct',
    page: () => import('./pages/instruct/Page.vue'),
    roles: ['leader'],
    inBar: true,
    todos: ['instruct', 'extension', 'alarm'],
  },
  {
    path: '/tickets',
    name: 'tickets',
    title: 'page.tickets',
    page: () => import('./pages/tickets/Page.vue'),
    roles: STAFF,
    inBar: true,
  },
  {
    path: '/tickets/:no',
    name: 'ticket',
    title: 'page.ticket',
    page: () => import('./pages/ticket/Page.vue'),
    roles: STAFF,
  },
  {
    path: '/imports',
    name: 'imports',
    title: 'page.imports',
    page: office(() => import('./pages/imports/Page.vue')),
    roles: ['clerk'],
  },
  {
    path: '/overdue',
    name: 'overdue',
    title: 'page.overdue',
    page: () => import('./pages/overdue/Page.vue'),
    roles: ['clerk', 'supervisor', 'leader'],
    inBar: true,
  },
  {
    path: '/supervise',
    name: 'supervise',
    title: 'page.supervise',
    page: office(() => import('./pages/supervise/Page.vue')),
    roles: ['clerk', 'supervisor', 'leader'],
    inBar: true,
  },
  {
    path: '/supervise/desk',
    name: 'desk',
    title: 'page.desk',
    page: office(() => import('./pages/desk/Page.vue')),
    roles: ['clerk', 'supervisor'],
    inBar: ['supervisor'],
    todos: ['supervise'],
  },
  {
    path: '/assessment',
    name: 'assessment',
    title: 'page.assessment',
    page: office(() => import('./pages/assessment/Page.vue')),
    roles: ['supervisor', 'leader', 'handler', 'unit_head'],
    inBar: true,
  },
  {
    path: '/assessment/tickets',
    name: 'assessment-tickets',
    title: 'page.facts',
    page: office(() => import('./pages/facts/Page.vue')),
    roles: ['supervisor', 'leader', 'handler', 'unit_head'],
    under: 'assessment',
  },
  {
    path: '/reports',
    name: 'reports',
    title: 'page.reports',
    page: office(() => import('./pages/reports/Page.vue')),
    roles: ['supervisor', 'leader'],
    inBar: true,
  },
  {
    path: '/reports/brief',
    name: 'reports-brief',
    title: 'page.reports',
    page: office(() => import('./pages/reports/brief/Page.vue')),
    roles: ['supervisor', 'leader'],
    under: 'reports',
  },
  {
    path: '/reports/bulletins',
    name: 'reports-bulletins',
    title: 'page.reports',
    page: office(() => import('./pages/reports/bulletins/Page.vue')),
    roles: ['supervisor', 'leader'],
    under: 'reports',
  },
  {
    path: '/reports/bulletins/:id',
    name: 'bulletin',
    title: 'page.bulletin',
    page: office(() => import('./pages/reports/bulletin/Page.vue')),
    roles: ['supervisor', 'leader'],
    under: 'reports',
  },
  {
    path: '/print/monthly/:month',
    name: 'print-monthly',
    title: 'page.print',
    page: office(() => import('./pages/print/monthly/Page.vue')),
    roles: ['supervisor', 'leader'],
    bare: true,
  },
  {
    path: '/print/brief',
    name: 'print-brief',
    title: 'page.print',
    page: office(() => import('./pages/print/brief/Page.vue')),
    roles: ['supervisor', 'leader'],
    bare: true,
  },
  {
    path: '/print/assessment',
    name: 'print-assessment',
    title: 'page.print',
    page: office(() => import('./pages/print/assessment/Page.vue')),
    roles: ['supervisor', 'leader'],
    bare: true,
  },
  {
    path: '/print/bulletin/:id',
    name: 'print-bulletin',
    title: 'page.print',
    page: office(() => import('./pages/print/bulletin/Page.vue')),
    roles: ['supervisor', 'leader'],
    bare: true,
  },
  {
    path: '/admin',
    name: 'admin',
    title: 'page.admin',
    page: admin(() => import('./pages/admin/home/Page.vue')),
    roles: ['admin'],
    inBar: true,
    under: 'admin',
  },
  {
    path: '/admin/units',
    name: 'admin-units',
    title: 'page.units',
    page: admin(() => import('./pages/admin/units/Page.vue')),
    roles: ['admin'],
    under: 'admin',
    group: 'page.groupPeople',
  },
  {
    path: '/admin/users',
    name: 'admin-users',
    title: 'page.users',
    page: admin(() => import('./pages/admin/users/Page.vue')),
    roles: ['admin'],
    under: 'admin',
    group: 'page.groupPeople',
  },
  {
    path: '/admin/tokens',
    name: 'admin-tokens',
    title: 'page.tokens',
    page: admin(() => import('./pages/admin/tokens/Page.vue')),
    roles: ['admin'],
    under: 'admin',
    group: 'page.groupPeople',
  },
  {
    path: '/admin/categories',
    name: 'admin-categories',
    title: 'page.categories',
    page: admin(() => import('./pages/admin/categories/Page.vue')),
    roles: ['admin'],
    under: 'admin',
    group: 'page.groupWords',
  },
  {
    path: '/admin/areas',
    name: 'admin-areas',
    title: 'page.areas',
    page: admin(() => import('./pages/admin/areas/Page.vue')),
    roles: ['admin'],
    under: 'admin',
    group: 'page.groupWords',
  },
  {
    path: '/admin/channels',
    name: 'admin-channels',
    title: 'page.channels',
    page: admin(() => import('./pages/admin/channels/Page.vue')),
    roles: ['admin'],
    under: 'admin',
    group: 'page.groupWords',
  },
  {
    path: '/admin/phrases',
    name: 'admin-phrases',
    title: 'page.phrases',
    page: admin(() => import('./pages/admin/phrases/Page.vue')),
    roles: ['admin'],
    under: 'admin',
    group: 'page.groupWords',
  },
  {
    path: '/admin/templates',
    name: 'admin-templates',
    title: 'page.templates',
    page: admin(() => import('./pages/admin/templates/Page.vue')),
    roles: ['admin', 'unit_head'],
    under: 'admin',
    group: 'page.groupWords',
    inBar: ['unit_head'],
  },
  {
    path: '/admin/calendar',
    name: 'admin-calendar',
    title: 'page.calendar',
    page: admin(() => import('./pages/admin/calendar/Page.vue')),
    roles: ['admin'],
    under: 'admin',
    group: 'page.groupRules',
  },
  {
    path: '/admin/limits',
    name: 'admin-limits',
    title: 'page.limits',
    page: admin(() => import('./pages/admin/limits/Page.vue')),
    roles: ['admin'],
    under: 'admin',
    group: 'page.groupRules',
  },
  {
    path: '/admin/settings',
    name: 'admin-settings',
    title: 'page.settings',
    page: admin(() => import('./pages/admin/settings/Page.vue')),
    roles: ['admin'],
    under: 'admin',
    group: 'page.groupRules',
  },
  {
    path: '/admin/audit',
    name: 'admin-audit',
    title: 'page.audit',
    page: admin(() => import('./pages/admin/audit/Page.vue')),
    inBar: ['auditor', 'supervisor'],
    under: 'admin',
    group: 'page.groupWatch',
  },
  {
    path: '/print/:form/:no',
    name: 'print',
    title: 'page.print',
    page: () => import('./pages/print/Page.vue'),
    roles: STAFF,
    bare: true,
  },
  {
    path: '/me',
    name: 'me',
    title: 'page.me',
    page: () => import('./pages/me/Page.vue'),
  },
  {
    path: '/:path(.*)*',
    name: 'missing',
    title: 'page.missing',
    page: () => import('./pages/missing/Page.vue'),
  },
];
