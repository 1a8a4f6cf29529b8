// What a reader of a reply will stumble over; said while it is written, and never in the way.
export interface ReplyDraft {
  text: string;
  outcome: string;
  basis: string;
  /** What the citizen wants, where that is known. */
  demand: string;
  /** Files that the unit has attached to its reply. */
  evidence: number;
}
export type ReplyHint =
  | { code: 'tooShort'; count: number }
  | { code: 'evasive'; phrase: string }
  | { code: 'personal'; text: string }
  | { code: 'noDemand'; text: string }
  | { code: 'noBasis' }
  | { code: 'noEvidence' };

const SHORT = 50; // characters; product.md, section 6
const PERSONAL = /(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx]|0\d{2,3}-\d{7,8})(?!\d)/;

/** Two neighbouring characters of Chinese, or words: enough of them in common is a mention. */
function pieces(text: string): Set<string> {
  const found = new Set<string>();
  for (const run of text.match(/[\u4e00-\u9fff]{2,}/g) ?? [])
    for (let at = 0; at + 2 <= run.length; at += 1) found.add(run.slice(at, at + 2));
  for (const word of text.match(/[a-z0-9]{3,}/gi) ?? []) found.add(word.toLowerCase());
  return found;
}

/** Does `text` speak of `demand`?  Nothing to speak of counts as mentioned. */
export function mentions(text: string, demand: string): boolean {
  const wanted = pieces(demand);
  if (wanted.size === 0) return true;
  const there = pieces(text);
  return [...wanted].some((piece) => there.has(piece));
}

/** product.md, section 6.  `evasive` are the office's empty phrases.  An empty reply has no hints. */
export function replyHints(draft: ReplyDraft, evasive: readonly string[]): ReplyHint[] {
  const text = draft.text.trim();
  if (text === '') return [];
  const hints: ReplyHint[] = [];
  const count = [...text].length;
  if (count < SHORT) hints.push({ code: 'tooShort', count });
  const phrase = evasive.find((one) => text.includes(one));
  if (phrase !== undefined) hints.push({ code: 'evasive', phrase });
  const personal = PERSONAL.exec(text)?.[0];
  if (personal !== undefined) hints.push({ code: 'personal', text: personal });
  if (!mentions(text, draft.demand)) hints.push({ code: 'noDemand', text: draft.demand });
  if (draft.outcome === 'explained' && draft.basis.trim() === '') hints.push({ code: 'noBasis' });
  if (draft.outcome === 'solved' && draft.evidence === 0) hints.push({ code: 'noEvidence' });
  return hints;
}
