// How a ticket's actions look: one row each.  Whether an action is possible and what it must carry
// the server says, ticket by ticket; this table only gives it a face.
export type ActionId =
  | 'amend'
  | 'answer'
  | 'decline'
  | 'merge'
  | 'unmerge'
  | 'dispatch'
  | 'recall'
  | 'submit'
  | 'instruct'
  | 'sign'
  | 'return'
  | 'accept_return'
  | 'refuse_return'
  | 'contact'
  | 'progress'
  | 'co_reply'
  | 'propose_reply'
  | 'hand_back'
  | 'extend'
  | 'grant_extension'
  | 'refuse_extension'
  | 'reply'
  | 'approve_reply'
  | 'reject_reply'
  | 'call_back'
  | 'exclude'
  | 'reopen'
  | 'urge'
  | 'supervise'
  | 'answer_supervision'
  | 'settle_supervision'
  | 'note'
  | 'publish'
  | 'unpublish'
  | 'keep_promise';

export interface ActionLook {
  id: ActionId;
  /** Of the icons in parts/actionIcons.ts. */
  icon: string;
  /** A single letter, outside of fields; on the ticket's page and in boards. */
  shortcut?: string;
  /** The form: pages/ticket/actions/<form>.vue */
  form: string;
  /** `main`: what most often comes next; `risk`: ends or undoes something. */
  tone: 'main' | 'plain' | 'risk';
}

// In the order in which buttons stand.
export const actionLooks: readonly ActionLook[] = [
  { id: 'dispatch', icon: 'send', shortcut: 'D', form: 'Dispatch', tone: 'main' },
  { id: 'sign', icon: 'pen', shortcut: 'S', form: 'Sign', tone: 'main' },
  { id: 'reply', icon: 'reply', shortcut: 'R', form: 'Reply', tone: 'main' },
  { id: 'propose_reply', icon: 'reply', shortcut: 'R', form: 'ProposeReply', tone: 'main' },
  { id: 'approve_reply', icon: 'check', shortcut: 'A', form: 'ApproveReply', tone: 'main' },
  { id: 'call_back', icon: 'phone', shortcut: 'V', form: 'CallBack', tone: 'main' },
  { id: 'accept_return', icon: 'undo', shortcut: 'A', form: 'AcceptReturn', tone: 'main' },
  { id: 'instruct', icon: 'stamp', shortcut: 'I', form: 'Instruct', tone: 'main' },
  { id: 'co_reply', icon: 'reply', form: 'CoReply', tone: 'main' },
  { id: 'grant_extension', icon: 'calendar', form: 'GrantExtension', tone: 'main' },
  { id: 'answer_supervision', icon: 'reply', form: 'AnswerSupervision', tone: 'main' },
  { id: 'settle_supervision', icon: 'check', form: 'SettleSupervision', tone: 'main' },
  { id: 'contact', icon: 'phone', shortcut: 'C', form: 'Contact', tone: 'plain' },
  { id: 'progress', icon: 'progress', shortcut: 'G', form: 'Progress', tone: 'plain' },
  { id: 'answer', icon: 'reply', form: 'Answer', tone: 'plain' },
  { id: 'refuse_return', icon: 'cross', form: 'RefuseReturn', tone: 'plain' },
  { id: 'refuse_extension', icon: 'cross', form: 'RefuseExtension', tone: 'plain' },
  { id: 'reject_reply', icon: 'undo', shortcut: 'X', form: 'RejectReply', tone: 'plain' },
  { id: 'hand_back', icon: 'undo', form: 'HandBack', tone: 'plain' },
  { id: 'urge', icon: 'bell', shortcut: 'U', form: 'Urge', tone: 'plain' },
  { id: 'supervise', icon: 'eye', shortcut: 'W', form: 'Supervise', tone: 'plain' },
  { id: 'submit', icon: 'upload', form: 'Submit', tone: 'plain' },
  { id: 'extend', icon: 'calendar', shortcut: 'E', form: 'Extend', tone: 'plain' },
  { id: 'keep_promise', icon: 'check', form: 'KeepPromise', tone: 'plain' },
  { id: 'note', icon: 'note', shortcut: 'N', form: 'Note', tone: 'plain' },
  { id: 'amend', icon: 'edit', shortcut: 'M', form: 'Amend', tone: 'plain' },
  { id: 'publish', icon: 'globe', form: 'Publish', tone: 'plain' },
  { id: 'unpublish', icon: 'lock', form: 'Unpublish', tone: 'plain' },
  { id: 'merge', icon: 'merge', form: 'Merge', tone: 'plain' },
  { id: 'unmerge', icon: 'undo', form: 'Unmerge', tone: 'plain' },
  { id: 'return', icon: 'undo', shortcut: 'B', form: 'Return', tone: 'risk' },
  { id: 'recall', icon: 'undo', form: 'Recall', tone: 'risk' },
  { id: 'decline', icon: 'cross', form: 'Decline', tone: 'risk' },
  { id: 'exclude', icon: 'lock', form: 'Exclude', tone: 'risk' },
  { id: 'reopen', icon: 'undo', form: 'Reopen', tone: 'risk' },
];

export function lookOf(id: string): ActionLook | undefined {
  return actionLooks.find((look) => look.id === id);
}

type Waiting = {
  reply: { state: string } | null;
  supervisions: readonly { state: string }[];
};

/** What waits for somebody else first does not come next, though it may be done. */
const waitsFor: Partial<Record<ActionId, (ticket: Waiting) => boolean>> = {
  propose_reply: ({ reply }) => reply?.state === 'proposed',
  settle_supervision: ({ supervisions }) => !supervisions.some((one) => one.state === 'answered'),
};

/** As looksOf(), and what waits for somebody else stands behind the likely ones. */
export function looksFor<Possible extends { action: string }>(
  ticket: Waiting & { actions: readonly Possible[] },
): { look: ActionLook; possible: Possible }[] {
  const all = looksOf(ticket.actions).map(({ look, possible }) =>
    waitsFor[look.id]?.(ticket) === true
      ? { look: { ...look, tone: 'plain' as const }, possible }
      : { look, possible },
  );
  const tones = ['main', 'plain', 'risk'];
  return all.sort((a, b) => tones.indexOf(a.look.tone) - tones.indexOf(b.look.tone));
}

/** The looks of what is possible, in the table's order; `possible` is the ticket's `actions`. */
export function looksOf<Possible extends { action: string }>(
  possible: readonly Possible[],
): { look: ActionLook; possible: Possible }[] {
  return actionLooks.flatMap((look) => {
    const found = possible.find((one) => one.action === look.id);
    return found === undefined ? [] : [{ look, possible: found }];
  });
}
