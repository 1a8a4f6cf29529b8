// Calls of the own telephone: which of them is waiting to be taken, and how long one talks.
import { plainPhone } from './phone';

export interface Call {
  id: number;
  state: 'ringing' | 'talking' | 'ended' | 'missed';
  /** In clear, as on the telephone; null: withheld. */
  caller: string | null;
  rang_at: string;
  answered_at: string | null;
  /** What was recorded of the caller since. */
  ticket: string | null;
}

/**
 * The call whose card stands open: the newest one, while it lasts.  Not one that was taken or put
 * aside (`seen`), that somebody has recorded, or whose number (`phone`) stands in the form.
 */
export function waitingCall<One extends Call>(
  calls: readonly One[],
  seen: ReadonlySet<number>,
  phone: string,
): One | null {
  const newest = calls[0];
  if (newest === undefined || seen.has(newest.id) || newest.ticket !== null) return null;
  if (newest.state !== 'ringing' && newest.state !== 'talking') return null;
  const isInForm = newest.caller !== null && plainPhone(newest.caller) === plainPhone(phone);
  return isInForm ? null : newest;
}

/** Calls of which nothing is recorded yet. */
export const unrecorded = <One extends Call>(calls: readonly One[]): One[] =>
  calls.filter((call) => call.ticket === null && call.caller !== null);

/** "02:13" since the answer; of a call that lasts. */
export function talkTime(answeredAt: string | null, now: number): string {
  if (answeredAt === null) return '';
  const seconds = Math.max(0, Math.floor((now - Date.parse(answeredAt)) / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}
