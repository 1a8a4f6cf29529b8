// The lists of the desk: which filter of GET /tickets each is.
import { call, http } from '@/api/http';

export interface DeskList {
  id: 'should_urge' | 'urged' | 'supervised' | 'supervise' | 'criticism' | 'promise_broken';
  filter: 'desk' | 'todo';
  /** What is urged here; a prepared 督办单 is issued instead. */
  mayUrge: boolean;
}
export const deskLists: readonly DeskList[] = [
  { id: 'should_urge', filter: 'desk', mayUrge: true },
  { id: 'urged', filter: 'desk', mayUrge: true },
  { id: 'supervised', filter: 'desk', mayUrge: true },
  { id: 'supervise', filter: 'todo', mayUrge: false },
  { id: 'criticism', filter: 'desk', mayUrge: true },
  { id: 'promise_broken', filter: 'desk', mayUrge: true },
];

/** Something numbered that can be printed. */
export interface Paper {
  form: 'urge' | 'supervise';
  record: number;
  number: string;
}
const NEWEST = 200;

/** By ticket: the newest notice (催办通知书) and the newest 督办单 that is not settled. */
export async function papersOf(unit: string, signal: AbortSignal): Promise<Map<string, Paper[]>> {
  const where = { limit: NEWEST, ...(unit === '' ? {} : { unit }) };
  const [notices, orders] = await Promise.all([
    call(() =>
      http.GET('/api/v1/urges', { params: { query: { ...where, kind: 'notice' } }, signal }),
    ),
    call(() => http.GET('/api/v1/supervisions', { params: { query: where }, signal })),
  ]);
  const found = new Map<string, Paper[]>();
  const add = (form: Paper['form'], no: string | undefined, id: number, number: string | null) => {
    if (no === undefined || number === null) return;
    const papers = found.get(no) ?? [];
    if (papers.some((one) => one.form === form)) return;
    found.set(no, [...papers, { form, record: id, number }]);
  };
  for (const one of notices.items) add('urge', one.ticket?.no, one.id, one.number);
  for (const one of orders.items)
    if (one.state !== 'settled') add('supervise', one.ticket?.no, one.id, one.number);
  return found;
}
