// What stands on each printed form, as one table: rows by name, in the order of the paper.  The
// words of a form are Chinese whatever the language of the screen.
import type { Schema } from '@/api/http';
import { fullDay, fullTime } from '@/lib/dates';
import type { useMeta } from '@/stores/meta';
import { eventWord, official } from './words';

export type Print = Schema['Print'];
export interface Cell {
  label: string;
  text: string;
  /** Room for a hand and a seal. */
  isTall?: boolean;
}
/** One cell takes the width of the sheet, two share it. */
export type Row = [Cell] | [Cell, Cell];

type Meta = ReturnType<typeof useMeta>;
type Ticket = Schema['Ticket'];
type Records = {
  submit: Schema['Submission'];
  urge: Schema['Urge'];
  supervise: Schema['Supervision'];
  return: Schema['Return'];
  extend: Schema['Extension'];
};

/** These are filled in by hand, or hold what was decided on the screen. */
const TALL = new Set(['拟办意见', '领导批示', '办理结果', '审批意见']);
const CLIPPED = 360;

const rowNames = {
  assign: [
    'number',
    'people',
    'when',
    'kind',
    'place',
    'title',
    'content',
    'demand',
    'units',
    'lead',
  ],
  submit: ['number', 'people', 'when', 'kind', 'title', 'contentClipped', 'units', 'submission'],
  urge: ['number', 'when', 'title', 'units', 'lead', 'urge'],
  supervise: ['number', 'when', 'title', 'contentClipped', 'units', 'lead', 'supervision'],
  return: ['number', 'when', 'title', 'contentClipped', 'units', 'return'],
  extend: ['number', 'when', 'title', 'contentClipped', 'units', 'extension'],
  report: ['number', 'people', 'when', 'kind', 'title', 'content', 'demand', 'units', 'reply'],
  reply_letter: [],
  dossier: [
    'number',
    'people',
    'when',
    'kind',
    'place',
    'title',
    'content',
    'demand',
    'units',
    'lead',
    'instructions',
    'supervisions',
    'reply',
    'result',
    'callbacks',
  ],
} as const satisfies Record<Schema['PrintForm'], readonly string[]>;
type RowName = (typeof rowNames)[Schema['PrintForm']][number];

/** The answer without its own greeting: the letter has one. */
export const ungreeted = (text: string) =>
  text.replace(/^\s*(?:尊敬的[^，。！：:\n]{0,20}[：:，,]\s*)?(?:您好|你好)[！!，,。：:]\s*/, '');

/** Forms that show the way the ticket went, and its files. */
export const withProcess: readonly Schema['PrintForm'][] = ['report', 'dossier'];

export function useSheet(meta: Meta) {
  const word = (enumeration: string, value: string | null | undefined) =>
    meta.meta?.enumerations[enumeration]?.find((one) => one.word === value)?.zh ?? value ?? '';
  const join = (parts: (string | null | undefined)[], by = '，') => parts.filter(Boolean).join(by);
  const wide = (label: string, text: string | null | undefined, isTall = false): Row[] =>
    text || isTall ? [[{ label, text: text ?? '', ...(isTall ? { isTall } : {}) }]] : [];
  const pair = (
    a: string,
    textA: string | null | undefined,
    b: string,
    textB: string | null | undefined,
  ): Row[] => [
    [
      { label: a, text: textA ?? '' },
      { label: b, text: textB ?? '' },
    ],
  ];

  function people(print: Print): { name: string; phone: string } {
    const shown =
      print.petitioners ?? (print.ticket.petitioner === null ? [] : [print.ticket.petitioner]);
    return {
      name: join(
        shown.map((one) => one.name),
        '、',
      ),
      phone: join(
        shown.map((one) => one.phone),
        '、',
      ),
    };
  }
  const clipped = (text: string) =>
    [...text].length > CLIPPED ? `${[...text].slice(0, CLIPPED).join('')}……` : text;
  const channel = (ticket: Ticket) =>
    meta.channels.find((one) => one.code === ticket.channel)?.zh ?? ticket.channel;
  const record = <Name extends keyof Records>(print: Print) => print.record as Records[Name] | null;

  const rows: Record<RowName, (print: Print) => Row[]> = {
    number: ({ ticket }) => pair(official('no'), ticket.no, official('channel'), channel(ticket)),
    people: (print) => {
      const { name, phone } = people(print);
      return pair(official('who'), name, official('phone'), phone);
    },
    when: ({ ticket }) =>
      pair(
        official('receivedAt'),
        fullTime(ticket.received_at),
        official('dueAt'),
        fullTime(ticket.effective_due_at),
      ),
    kind: ({ ticket }) =>
      pair(
        official('kind'),
        join([word('kind', ticket.kind), ticket.category_name], ' / '),
        official('urgency'),
        word('urgency', ticket.urgency),
      ),
    place: ({ ticket }) => wide(official('place'), join([ticket.area_name, ticket.address], ' ')),
    title: ({ ticket }) => wide(official('title'), ticket.title),
    content: ({ ticket }) => wide(official('content'), ticket.content),
    contentClipped: ({ ticket }) => wide(official('content'), clipped(ticket.content)),
    demand: ({ ticket }) => wide(official('demand'), ticket.demand),
    units: ({ ticket, lead_unit: lead }) =>
      pair(
        official('leadUnit'),
        lead?.name ?? ticket.lead_unit?.short_name,
        official('coUnits'),
        join(
          ticket.co_units.map((unit) => unit.short_name),
          '、',
        ) || official('none'),
      ),
    lead: ({ lead_unit: lead }) =>
      lead === null
        ? []
        : [
            ...pair(official('head'), lead.head, official('deputy'), lead.deputy),
            ...pair(official('contact'), lead.contact, official('unitPhone'), lead.phone),
          ],
    submission: (print) => {
      const one = record<'submit'>(print);
      return one === null
        ? []
        : pair(
            official('submittedTo'),
            one.leader_name,
            official('submittedBy'),
            join([one.submitted_by, fullTime(one.submitted_at)], '\n'),
          );
    },
    urge: (print) => {
      const one = record<'urge'>(print);
      if (one === null) return [];
      return [
        ...pair(
          official('urgedCount'),
          official('times', { count: print.ticket.urge_count }),
          official('issuedAt'),
          fullTime(one.issued_at),
        ),
        ...wide(official('urgeText'), one.text ?? official('urgePlain'), true),
      ];
    },
    supervision: (print) => {
      const one = record<'supervise'>(print);
      if (one === null) return [];
      return [
        ...pair(
          official('superviseReason'),
          word('supervise_reason', one.reason_code),
          official('answerBy'),
          fullTime(one.answer_due_at),
        ),
        ...wide(official('superviseDemand'), one.demand, true),
        ...wide(official('superviseAnswer'), one.answer),
      ];
    },
    return: (print) => {
      const one = record<'return'>(print);
      if (one === null) return [];
      return [
        ...pair(
          official('returnReason'),
          word('return_reason', one.reason_code),
          official('suggested'),
          one.suggested_unit_name ?? one.suggested_unit,
        ),
        ...wide(official('returnBasis'), one.basis),
        ...pair(
          official('returnedBy'),
          one.returned_by,
          official('returnedAt'),
          fullTime(one.returned_at),
        ),
      ];
    },
    extension: (print) => {
      const one = record<'extend'>(print);
      if (one === null) return [];
      return [
        ...pair(
          official('extendReason'),
          word('extend_reason', one.reason_code),
          official('extendTo'),
          fullDay(one.promised_on),
        ),
        ...wide(official('extendWhy'), one.reason),
        ...wide(official('interim'), one.interim_reply),
        ...pair(
          official('told'),
          join([word('way', one.told_way), fullTime(one.told_at)], '\n'),
          official('askedBy'),
          join([one.asked_by, fullTime(one.asked_at)], '\n'),
        ),
      ];
    },
    reply: ({ ticket: { reply } }) =>
      reply === null
        ? []
        : [
            ...pair(
              official('outcome'),
              join([word('outcome', reply.outcome), fullDay(reply.promised_on)]),
              official('told'),
              reply.told_at
                ? join([word('way', reply.told_way), fullTime(reply.told_at)], '\n')
                : official('officeTells'),
            ),
            ...wide(official('finding'), reply.finding),
            ...wide(official('measures'), reply.measures),
            ...wide(official('basis'), reply.basis),
            ...wide(official('replyText'), reply.reply_text),
            ...pair(
              official('writtenBy'),
              join([reply.written_by, fullTime(reply.at)], '\n'),
              official('signedOff'),
              reply.signed_off_by,
            ),
          ],
    instructions: ({ ticket }) =>
      ticket.instructions.flatMap((one) =>
        wide(
          official('instruction'),
          join([one.text, join([one.leader, fullTime(one.at)], ' ')], '\n'),
        ),
      ),
    supervisions: ({ ticket }) =>
      ticket.supervisions.flatMap((one) =>
        wide(
          join([official('supervision'), one.number], ' '),
          join([one.demand, one.answer && `${official('superviseAnswer')}：${one.answer}`], '\n'),
        ),
      ),
    result: ({ ticket }) =>
      ticket.closed_at === null
        ? []
        : pair(
            official('closedAt'),
            fullTime(ticket.closed_at),
            official('satisfaction'),
            word('satisfaction', ticket.satisfaction_final ?? ticket.satisfaction_first),
          ),
    callbacks: ({ ticket }) =>
      ticket.callbacks.flatMap((one) =>
        wide(
          official('callback'),
          join([
            fullTime(one.at),
            one.connected ? word('satisfaction', one.satisfaction) : official('notConnected'),
            one.comment,
          ]),
        ),
      ),
  };

  /** What a cell to be filled by hand already holds. */
  function known(print: Print, label: string): string {
    if (label === '拟办意见') return record<'submit'>(print)?.note ?? '';
    if (label === '领导批示')
      return join(
        print.ticket.instructions.map((one) =>
          join([one.text, join([one.leader, fullDay(one.at)], ' ')], '\n'),
        ),
        '\n',
      );
    if (label === '审批意见') {
      const one = print.form === 'return' ? record<'return'>(print) : record<'extend'>(print);
      return one?.decided_at
        ? join(
            [
              official(`state_${one.state}`),
              one.decision_note,
              join([one.decided_by, fullTime(one.decided_at)], ' '),
            ],
            '\n',
          )
        : '';
    }
    return '';
  }

  function body(print: Print): Row[] {
    return (rowNames[print.form] as readonly RowName[]).flatMap((name) => rows[name](print));
  }
  /** Cells to be filled by hand: tall ones across the sheet, the rest two by two. */
  function hands(print: Print): Row[] {
    const cells = print.signatures.map((label): Cell => ({
      label,
      text: known(print, label),
      isTall: TALL.has(label),
    }));
    const found: Row[] = cells.filter((cell) => cell.isTall).map((cell): Row => [cell]);
    const small = cells.filter((cell) => !cell.isTall);
    for (let at = 0; at < small.length; at += 2) {
      const [a, b] = [small[at], small[at + 1]];
      if (a !== undefined) found.push(b === undefined ? [a] : [a, b]);
    }
    // On the sheet that goes to the unit its result is written by hand.
    if (print.form === 'assign')
      found.unshift([{ label: official('result'), text: '', isTall: true }]);
    return found;
  }

  /** The steps of the process in words. */
  function steps(print: Print): { at: string; what: string; who: string }[] {
    return print.process.map((one) => {
      const moment = /^timer\.(.+)$/.exec(one.type)?.[1];
      const action = meta.meta?.actions.find((rule) => rule.word === one.type);
      return {
        at: fullTime(one.at),
        what: moment !== undefined ? word('moment', moment) : (action?.zh ?? eventWord(one.type)),
        who: join([one.unit, one.actor], ' ') || official('system'),
      };
    });
  }
  const file = (one: Print['attachments'][number]) =>
    `${one.name}（${word('attachment_kind', one.kind)}，${fullDay(one.added_at)}）`;
  return { body, hands, steps, people, file };
}
