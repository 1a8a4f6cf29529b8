// A number of the board or of a report names its list under /api/v1/; the page that shows that
// list takes the same filters.
export interface ListPlace {
  name: 'tickets' | 'assessment-tickets';
  query: Record<string, string>;
}

const pagesOf: Record<string, ListPlace['name']> = {
  '/api/v1/tickets': 'tickets',
  '/api/v1/reports/assessment/tickets': 'assessment-tickets',
};

/** Null when no page shows it. */
export function placeOf(href: string | null): ListPlace | null {
  const [path = '', search = ''] = (href ?? '').split('?');
  const name = pagesOf[path];
  if (name === undefined) return null;
  return { name, query: Object.fromEntries(new URLSearchParams(search)) };
}
