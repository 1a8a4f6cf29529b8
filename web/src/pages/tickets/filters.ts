// The filters of the list are its address: shared, gone back to, kept by a bookmark.
import type { LocationQuery } from 'vue-router';
import type { paths } from '@/api/schema';

export type TicketQuery = NonNullable<paths['/api/v1/tickets']['get']['parameters']['query']>;

/** What may stand in the address; anything else in it is not sent. */
export const filterNames = [
  'q',
  'todo',
  'desk',
  'state',
  'light',
  'unit',
  'role',
  'channel',
  'kind',
  'urgency',
  'category',
  'area',
  'overdue',
  'sensitive',
  'supervised',
  'suspect',
  'received_from',
  'received_to',
  'received_since',
  'due_from',
  'due_to',
  'closed_from',
  'closed_to',
  'overdue_from',
  'overdue_to',
  'sort',
] as const;
export type FilterName = (typeof filterNames)[number];
export type Filters = Record<FilterName, string>;

export function filtersOf(query: LocationQuery): Filters {
  const one = (name: FilterName) => {
    const value = query[name];
    return typeof value === 'string' ? value : '';
  };
  return Object.fromEntries(filterNames.map((name) => [name, one(name)])) as Filters;
}

/** The address of `filters`, without what is empty. */
export function queryOf(filters: Filters): Record<string, string> {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''));
}

/** The filters as the server takes them. */
export function wireOf(filters: Filters, cursor: string, limit: number): TicketQuery {
  const { state, sort, ...rest } = queryOf(filters) as Partial<Filters>;
  return {
    ...(rest as TicketQuery),
    // What is found comes newest first.
    ...(sort === undefined || rest.q !== undefined ? {} : { sort: sort as TicketQuery['sort'] }),
    ...(state === undefined ? {} : { state: state.split(',') as TicketQuery['state'] }),
    ...(cursor === '' ? {} : { cursor }),
    limit,
  } as TicketQuery;
}

export function countFilters(filters: Filters): number {
  return filterNames.filter((name) => name !== 'sort' && filters[name] !== '').length;
}
