import { describe, expect, test } from 'vitest';
import { actionLooks, lookOf, looksFor, looksOf } from './actions';
import { contactsOf, isContactUnrecorded } from './contacts';
import { dueShown, timeLeft } from './deadline';
import { placeOf } from './hrefs';
import { monthBefore, nameOfPeriod, periodOf } from './periods';
import { changeOfCount, changeOfRate, showFixed, showPoints, showRate } from './rates';
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

describe('what waits for somebody else', () => {
  const actions = ['propose_reply', 'settle_supervision', 'contact', 'recall'].map((action) => ({
    action,
  }));
  const tones = (reply: string | null, ...supervisions: string[]) =>
    Object.fromEntries(
      looksFor({
        actions,
        reply: reply === null ? null : { state: reply },
        supervisions: supervisions.map((state) => ({ state })),
      }).map(({ look }) => [look.id, look.tone]),
    );
  test('a proposed reply waits for the head, a supervision for its answer', () => {
    expect(tones('proposed', 'issued')).toMatchObject({
      propose_reply: 'plain',
      settle_supervision: 'plain',
      recall: 'risk',
    });
    expect(tones('handed_back', 'issued', 'answered')).toMatchObject({
      propose_reply: 'main',
      settle_supervision: 'main',
    });
  });
  test('and stands behind what comes next', () => {
    const ids = looksFor({
      actions,
      reply: null,
      supervisions: [{ state: 'issued' }],
    }).map(({ look }) => look.id);
    expect(ids).toEqual(['propose_reply', 'settle_supervision', 'contact', 'recall']);
    // The table's own rows are as they were.
    expect(lookOf('settle_supervision')?.tone).toBe('main');
  });
});

describe('a contact', () => {
  const without = { assignments: [{ contacted_at: null }] };
  const withOne = {
    assignments: [{ contacted_at: null }, { contacted_at: '2026-11-23T10:00:00Z' }],
  };
  test('is on record, or the reply says something that nothing bears out', () => {
    expect([contactsOf(without), contactsOf(withOne)]).toEqual([0, 1]);
    expect(isContactUnrecorded({ ...without, reply: { contacted: true } })).toBe(true);
    expect(isContactUnrecorded({ ...without, reply: { contacted: false } })).toBe(false);
    expect(isContactUnrecorded({ ...withOne, reply: { contacted: true } })).toBe(false);
    expect(isContactUnrecorded({ ...without, reply: null })).toBe(false);
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

describe('periods', () => {
  test('a week begins on Monday, a quarter with its first month', () => {
    expect(periodOf('week', '2026-11-29')).toEqual({ from: '2026-11-23', to: '2026-11-29' });
    expect(periodOf('lastWeek', '2026-11-23')).toEqual({ from: '2026-11-16', to: '2026-11-22' });
    expect(periodOf('quarter', '2026-11-27').from).toBe('2026-10-01');
    expect(periodOf('lastMonth', '2026-03-31')).toEqual({ from: '2026-02-01', to: '2026-02-28' });
    expect(periodOf('yesterday', '2026-01-01').from).toBe('2025-12-31');
    expect(monthBefore('2026-01')).toBe('2025-12');
  });
  test('the name of what was asked for', () => {
    const today = '2026-11-27';
    expect(nameOfPeriod(periodOf('year', today), ['month', 'year'], today)).toBe('year');
    expect(
      nameOfPeriod({ from: '2026-11-03', to: today }, ['month', 'year'], today),
    ).toBeUndefined();
    expect(periodOf('day', today)).toEqual({ from: today, to: today });
    expect(periodOf('month', today).from).toBe('2026-11-01');
  });
});

describe('rates', () => {
  test('a share, points and a change', () => {
    expect(showRate(0.9642)).toBe('96.4%');
    expect(showRate(null)).toBe('–');
    expect(showPoints(3.456)).toBe('3.46');
    expect(showPoints(null)).toBe('–');
    expect(showFixed(1)).toBe('1.00');
    expect(showFixed(null)).toBe('–');
    expect(changeOfRate(0.95, 0.9)).toBe('+5');
    expect(changeOfRate(0.9, 0.95)).toBe('−5');
    expect(changeOfRate(0.9, 0.9)).toBe('0');
    expect(changeOfRate(null, 1)).toBe('');
    expect([changeOfCount(3, 1), changeOfCount(1, 3), changeOfCount(2, 2)]).toEqual([
      '+2',
      '−2',
      '0',
    ]);
  });
});

test("a ticket is measured by its unit's clock while that runs, else by the office's own", () => {
  expect(dueShown('green', '2026-12-04', null)).toBe('2026-12-04');
  expect(dueShown('none', '2026-11-20', '2026-12-05')).toBe('2026-12-05'); // replied
  expect(dueShown('none', null, '2026-11-27')).toBe('2026-11-27'); // to be dispatched
  expect(dueShown('none', '2026-11-20', null)).toBe(null); // closed
});
