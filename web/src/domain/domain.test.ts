import { describe, expect, test } from 'vitest';
import { actionLooks, lookOf, looksOf } from './actions';
import { timeLeft } from './deadline';
import { placeOf } from './hrefs';
import { isWholePhone, plainPhone } from './phone';
import { stateLook, stepOf, steps } from './status';

describe('the looks of actions', () => {
  test('each has one row, and each shortcut one meaning where both may be possible', () => {
    const ids = actionLooks.map((look) => look.id);
    expect(new Set(ids).size).toBe(ids.length);
    const forms = actionLooks.map((look) => look.form);
    expect(new Set(forms).size).toBe(forms.length);
  });
  test('what is possible stands in the order of the table', () => {
    const found = looksOf([{ action: 'recall' }, { action: 'note' }, { action: 'dispatch' }]);
    expect(found.map((one) => one.look.id)).toEqual(['dispatch', 'note', 'recall']);
  });
  test('an action that the table does not know has no look', () => {
    expect(lookOf('juggle')).toBeUndefined();
    expect(lookOf('sign')?.form).toBe('Sign');
  });
});

describe('the time left', () => {
  const now = Date.parse('2026-11-23T10:00:00+08:00');
  test('is in days, hours and minutes', () => {
    expect(timeLeft(now + (26 * 60 + 5) * 60_000, now)).toEqual({
      isOver: false,
      days: 1,
      hours: 2,
      minutes: 5,
    });
  });
  test('is over from the first millisecond after', () => {
    expect(timeLeft(now, now).isOver).toBe(false);
    expect(timeLeft(now - 1, now).isOver).toBe(true);
  });
});

describe('a telephone number', () => {
  test.each([
    ['139 0933 1234', '13909331234'],
    ['+86-13909331234', '13909331234'],
    ['0086 13909331234', '13909331234'],
    ['（0933）1234567', '09331234567'],
  ])('%s is the same however typed', (typed, plain) => {
    expect(plainPhone(typed)).toBe(plain);
    expect(isWholePhone(typed)).toBe(true);
  });
  test.each(['', '139093', '139093312345', 'abc'])('%s is not a whole one', (typed) => {
    expect(isWholePhone(typed)).toBe(false);
  });
});

describe('a state', () => {
  test('that is unknown still has a look', () => {
    expect(stateLook('juggled')).toEqual({ tone: 'neutral', shape: 'ring' });
    expect(stateLook('returned').tone).toBe('warn');
  });
  test.each([
    ['received', 'receive'],
    ['dispatched', 'dispatch'],
    ['returned', 'dispatch'],
    ['handling', 'handle'],
    ['replied', 'reply'],
    ['feedback', 'feedback'],
    ['closed', 'close'],
    ['declined', 'close'],
  ])('%s stands at the step %s', (state, step) => {
    expect(stepOf(state)).toBe(step);
    expect(steps).toContain(step);
  });
});

describe('the list behind a number', () => {
  test('is the page with the same filters', () => {
    expect(placeOf('/api/v1/tickets?state=dispatched,handling&due_from=2026-11-27')).toEqual({
      name: 'tickets',
      query: { state: 'dispatched,handling', due_from: '2026-11-27' },
    });
    expect(placeOf('/api/v1/reports/assessment/tickets?measure=due,on_time')?.name).toBe(
      'assessment-tickets',
    );
  });
  test('what no page shows is no link', () => {
    expect(placeOf(null)).toBeNull();
    expect(placeOf('/api/v1/urges?unit=D11')).toBeNull();
  });
});
