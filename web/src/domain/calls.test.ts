import { expect, test } from 'vitest';
import { talkTime, unrecorded, waitingCall, type Call } from './calls';

const call = (more: Partial<Call> = {}): Call => ({
  id: 7,
  state: 'ringing',
  caller: '13900001111',
  rang_at: '2026-11-23T10:00:00+08:00',
  answered_at: null,
  ticket: null,
  ...more,
});
const none = new Set<number>();

test('the newest call waits while it lasts', () => {
  expect(waitingCall([], none, '')).toBe(null);
  expect(waitingCall([call(), call({ id: 6 })], none, '')?.id).toBe(7);
  expect(waitingCall([call({ state: 'talking' })], none, '')?.id).toBe(7);
  expect(waitingCall([call({ state: 'ended' }), call({ id: 6 })], none, '')).toBe(null);
  expect(waitingCall([call({ state: 'missed' })], none, '')).toBe(null);
});

test('a call that was taken, put aside or recorded waits no more', () => {
  expect(waitingCall([call()], new Set([7]), '')).toBe(null);
  expect(waitingCall([call({ ticket: '20261123-R0001' })], none, '')).toBe(null);
  expect(waitingCall([call()], none, '139 0000 1111')).toBe(null);
  expect(waitingCall([call()], none, '13900002222')?.id).toBe(7);
  expect(waitingCall([call({ caller: null })], none, '')?.caller).toBe(null);
});

test('what nobody has recorded, as far as it has a number', () => {
  const calls = [call(), call({ id: 6, ticket: '20261123-R0001' }), call({ id: 5, caller: null })];
  expect(unrecorded(calls).map((one) => one.id)).toEqual([7]);
});

test('the time of a call counts from its answer and never backwards', () => {
  const at = Date.parse('2026-11-23T10:02:13.400+08:00');
  expect(talkTime('2026-11-23T10:00:00+08:00', at)).toBe('02:13');
  expect(talkTime('2026-11-23T10:05:00+08:00', at)).toBe('00:00');
  expect(talkTime('2026-11-23T08:00:00+08:00', at)).toBe('122:13');
  expect(talkTime(null, at)).toBe('');
});
