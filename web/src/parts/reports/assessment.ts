// The assessment of a period with all its units.
import { call, http, type Schema } from '@/api/http';

type Body = Schema['AssessmentBody'];

/** All units of the period; a page holds a hundred. */
export async function wholeAssessment(
  query: { from: string; to: string; group: 'volume' | 'kind' },
  signal: AbortSignal,
): Promise<Body> {
  const first = await call(() =>
    http.GET('/api/v1/reports/assessment', { params: { query: { ...query, limit: 100 } }, signal }),
  );
  let cursor = first.next;
  while (cursor !== null) {
    const next = cursor;
    const page = await call(() =>
      http.GET('/api/v1/reports/assessment', {
        params: { query: { ...query, limit: 100, cursor: next } },
        signal,
      }),
    );
    for (const more of page.groups) {
      const known = first.groups.find((one) => one.id === more.id);
      if (known === undefined) first.groups.push(more);
      else known.units.push(...more.units);
    }
    cursor = page.next;
  }
  return first;
}
