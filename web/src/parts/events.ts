// What happened to a ticket, in words: the action's own word, or the dictionary's for the rest.
import type { Schema } from '@/api/http';
import { label, t, tMaybe } from '@/i18n';
import { showDay, showTime } from '@/lib/dates';
import { useMeta } from '@/stores/meta';

export type TicketEvent = Schema['Event'];

/** For the chips above the timeline. */
export type EventGroup = 'flow' | 'talk' | 'watch';

const TALK = new Set(['contact', 'progress', 'note', 'reveal', 'opened', 'attached', 'urge']);
const WATCH = new Set([
  'supervise',
  'answer_supervision',
  'settle_supervision',
  'submit',
  'instruct',
  'urge',
]);

export function groupsOf(event: TicketEvent): EventGroup[] {
  if (event.type.startsWith('timer.')) return ['watch'];
  const groups: EventGroup[] = [];
  if (TALK.has(event.type)) groups.push('talk');
  if (WATCH.has(event.type)) groups.push('watch');
  return groups.length > 0 ? groups : ['flow'];
}

/** Facts that a reader of the timeline wants; the rest is for the trail. */
const SHOWN = [
  'lead_unit',
  'co_units',
  'suggested_unit',
  'leader',
  'into',
  'reason_code',
  'reason_codes',
  'class',
  'way',
  'at',
  'told_way',
  'told_at',
  'outcome',
  'promised_on',
  'answer_due_on',
  'report_on',
  'effective_due_at',
  'connected',
  'solved',
  'satisfaction',
  'changes',
] as const;

const PLAIN = new Set(['note', 'text', 'comment', 'demand', 'reason']);

/** Sent in spite of what was found in them; `override_reason` of a dispatch is another. */
const REPLIES = new Set(['reply', 'propose_reply']);

/** Enumerations of the codes in an event. */
const WORDS: Record<string, string> = {
  way: 'way',
  told_way: 'way',
  outcome: 'outcome',
  satisfaction: 'satisfaction',
  class: 'exclude_class',
  reason_codes: 'reject_reason',
};
const REASONS: Record<string, string> = {
  decline: 'decline_reason',
  return: 'return_reason',
  extend: 'extend_reason',
  supervise: 'supervise_reason',
};

/** `nameOf` says who a login is. */
export function useEvents(nameOf: (login: string) => string | undefined = () => undefined) {
  const meta = useMeta();
  const unitName = (code: string) =>
    meta.units.find((unit) => unit.code === code)?.short_name ?? code;

  function title(event: TicketEvent): string {
    const moment = /^timer\.(.+)$/.exec(event.type)?.[1];
    if (moment !== undefined) return meta.word('moment', moment);
    const action = meta.meta?.actions.find((rule) => rule.word === event.type);
    return action === undefined ? tMaybe(`event.${event.type}`, event.type) : label(action);
  }

  function say(event: TicketEvent, name: string, value: unknown): string {
    if (Array.isArray(value))
      return value.map((one) => say(event, name, one)).join(t('common.comma'));
    if (typeof value === 'boolean') return value ? t('common.yes') : t('common.no');
    const text = String(value);
    if (/unit/.test(name)) return unitName(text);
    if (name === 'leader') return nameOf(text) || text;
    if (name === 'reason_code') return meta.word(REASONS[event.type] ?? '', text);
    if (name === 'changes') return tMaybe(`field.${text}`, text);
    if (WORDS[name] !== undefined) return meta.word(WORDS[name], text);
    if (/_at$|^at$/.test(name)) return showTime(text);
    if (/_on$/.test(name)) return showDay(text);
    return text;
  }

  function facts(event: TicketEvent): { label: string; text: string }[] {
    return SHOWN.flatMap((name) => {
      const value = event.facts[name];
      if (value === undefined || value === null || (Array.isArray(value) && value.length === 0))
        return [];
      return [{ label: tMaybe(`field.${name}`, name), text: say(event, name, value) }];
    });
  }

  /** What was written; what the event's name does not say already has a label. */
  function texts(event: TicketEvent): { label: string; text: string }[] {
    return Object.entries(event.texts).map(([name, text]) => ({
      label: PLAIN.has(name)
        ? ''
        : name === 'override_reason' && REPLIES.has(event.type)
          ? t('reply.override')
          : tMaybe(`field.${name}`, name),
      text,
    }));
  }

  function who(event: TicketEvent): string {
    if (event.actor_kind === 'timer') return t('event.byTimer');
    if (event.actor_kind === 'citizen') return t('event.byCitizen');
    return [event.actor, event.unit].filter(Boolean).join(' · ');
  }
  return { title, facts, texts, who };
}
