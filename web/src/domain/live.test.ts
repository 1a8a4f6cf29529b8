import { expect, test } from 'vitest';
import { shortNo, toldText, type LiveTicket } from './live';

const about = (more: Partial<LiveTicket> = {}): LiveTicket => ({
  no: '20261123-R0042',
  unit: 'D11',
  own: false,
  ...more,
});

test('nobody is told of what they did themselves', () => {
  expect(toldText('ticket.replied', about({ own: true }), ['clerk'])).toBe(null);
});

test('a clerk is told what comes back, and what citizens send', () => {
  expect(toldText('ticket.replied', about(), ['clerk'])).toBe('replied');
  expect(toldText('ticket.created', about({ unit: null }), ['clerk'])).toBe('received');
  expect(toldText('ticket.created', about(), ['clerk'])).toBe(null);
  expect(toldText('ticket.assigned', about(), ['clerk'])).toBe(null);
});

test('a unit is told what is laid upon it', () => {
  expect(toldText('ticket.assigned', about(), ['handler'])).toBe('assigned');
  expect(toldText('deadline.red', about({ unit: null }), ['unit_head'])).toBe('red');
  expect(toldText('ticket.signed', about(), ['handler'])).toBe(null);
  expect(toldText('ticket.assigned', about(), ['clerk', 'handler'])).toBe('assigned');
});

test('a supervisor is told what leaders and citizens say', () => {
  expect(toldText('ticket.rated', about({ unit: null }), ['supervisor'])).toBe('rated');
  expect(toldText('ticket.replied', about(), ['supervisor'])).toBe(null);
  expect(toldText('ticket.replied', about(), ['leader'])).toBe(null);
});

test('a number is shortened to what tells it from others of the day', () => {
  expect(shortNo('20261123-R0042')).toBe('…R0042');
});
