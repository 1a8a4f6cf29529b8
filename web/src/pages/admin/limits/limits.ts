// The table of limits: one cell for each step and urgency.
import type { Schema } from '@/api/http';
import { t } from '@/i18n';

export type Step = Schema['Limits']['steps'][number];
export interface Cell {
  amount: string;
  unit: Schema['LimitUnit'];
}

export const cellOf = (limit: { amount: number; unit: Schema['LimitUnit'] }): Cell => ({
  amount: String(limit.amount),
  unit: limit.unit,
});

/** One text for what a cell says; a day has no amount. */
export const cellText = (cell: Cell) =>
  cell.unit === 'same_day' ? cell.unit : `${cell.amount.trim()} ${cell.unit}`;

export const keyOf = (step: Step) => `${step.step}.${step.urgency}`;

/** A day has no amount; anything else is counted in whole numbers. */
export const isWhole = (cell: Cell) => cell.unit === 'same_day' || /^\d+$/.test(cell.amount.trim());

/** What goes with the cell; a day has no amount. */
export function cellWire(cell: Cell): Schema['LimitCellChange'] {
  const text = cell.amount.trim();
  const amount = /^\d+$/.test(text) ? Number(text) : text;
  return { unit: cell.unit, amount: cell.unit === 'same_day' ? 0 : (amount as number) };
}

/** "2 小时", "当日"; of no time at all what it means in that row. */
export function say(step: string, limit: { amount: number; unit: Schema['LimitUnit'] }): string {
  if (limit.unit === 'same_day') return t('admin.limits.sameDay');
  if (limit.unit === 'minutes')
    return limit.amount >= 60 && limit.amount % 60 === 0
      ? t('admin.limits.hours', { count: limit.amount / 60 })
      : t('admin.limits.minutes', { count: limit.amount });
  if (limit.amount === 0 && step === 'handle') return t('admin.limits.byChannel');
  if (limit.amount === 0 && step === 'extension_max') return t('admin.limits.byLeader');
  return t('admin.workdays', { count: limit.amount });
}

/** The same of a cell's text; what is no number stays as it was typed. */
export function sayCell(step: string, text: string): string {
  if (text === 'same_day') return say(step, { amount: 0, unit: 'same_day' });
  const at = text.lastIndexOf(' ');
  const amount = text.slice(0, at);
  const unit = text.slice(at + 1) as Schema['LimitUnit'];
  return /^\d+$/.test(amount) ? say(step, { amount: Number(amount), unit }) : amount;
}
