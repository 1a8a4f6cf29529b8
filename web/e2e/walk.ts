// Every page in every state that can be come by: what axe, the policy and a person's eye go over.
// A new page is a row here.
import type { Page } from 'playwright-core';
import type { Person } from './harness';

export interface Stop {
  name: string;
  login: string;
  path: string | ((person: Person) => Promise<string>);
  /** Brings the page into the state that is meant. */
  then?: (page: Page) => Promise<void>;
}

interface Lines {
  items: { no: string }[];
}
/** The path of the first ticket of a list that this person sees. */
const ticket = (query: string) => async (person: Person) => {
  const { items } = await person.api<Lines>('GET', `/tickets?limit=1&${query}`);
  const first = items[0];
  if (first === undefined) throw new Error(`${person.login}: no ticket for ${query}`);
  return `/tickets/${first.no}`;
};

export const stops: readonly Stop[] = [
  { name: 'home-clerk', login: 'clerk1', path: '/' },
  { name: 'home-handler', login: 'd11', path: '/' },
  { name: 'home-leader', login: 'leader1', path: '/' },
  { name: 'home-admin', login: 'admin', path: '/' },
  { name: 'tickets', login: 'clerk1', path: '/tickets' },
  { name: 'tickets-due', login: 'supervisor1', path: '/tickets?sort=due&light=red' },
  { name: 'tickets-empty', login: 'clerk1', path: '/tickets?channel=letter&state=merged' },
  { name: 'tickets-refused', login: 'clerk1', path: '/tickets?kind=nonsense' },
  {
    name: 'tickets-list-open',
    login: 'clerk1',
    path: '/tickets',
    then: async (page) => {
      await page.getByRole('combobox', { name: '承办单位' }).click();
      await page.locator('.combo-item').first().waitFor();
    },
  },
  { name: 'tickets-forbidden', login: 'auditor', path: '/tickets' },
  { name: 'ticket-handling', login: 'clerk1', path: ticket('state=handling') },
  { name: 'ticket-missing', login: 'clerk1', path: '/tickets/20200101-R0001' },
  { name: 'me', login: 'clerk1', path: '/me' },
  {
    name: 'menu-open',
    login: 'clerk1',
    path: '/me',
    then: async (page) => {
      await page.locator('.shell-user').click();
      await page.getByRole('menuitem').first().waitFor();
    },
  },
  {
    name: 'shortcuts',
    login: 'clerk1',
    path: '/me',
    then: async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'missing', login: 'clerk1', path: '/no/such/page' },
];

export async function goTo(person: Person, stop: Stop): Promise<Page> {
  await person.open(typeof stop.path === 'string' ? stop.path : await stop.path(person));
  await stop.then?.(person.page);
  return person.page;
}
