// Events of the server's stream: which are there, and which of them a person is told of.

/** What one event says of a ticket; see GET /api/v1/stream. */
export interface LiveTicket {
  no: string;
  /** Code of the unit that did it; null: a citizen or the clock. */
  unit: string | null;
  own: boolean;
}

/** A call for this clerk: GET /calls says who it is. */
export interface LiveCall {
  call: number;
}

export const ticketEvents = [
  'ticket.created',
  'ticket.assigned',
  'ticket.signed',
  'ticket.replied',
  'ticket.returned',
  'ticket.urged',
  'ticket.supervised',
  'ticket.instructed',
  'ticket.rated',
  'ticket.closed',
  'ticket.changed',
  'deadline.yellow',
  'deadline.red',
] as const;
export type TicketEvent = (typeof ticketEvents)[number];

/** The texts there are, under `live` in the dictionaries. */
export type LiveText =
  | 'received'
  | 'assigned'
  | 'replied'
  | 'returned'
  | 'urged'
  | 'supervised'
  | 'instructed'
  | 'rated'
  | 'yellow'
  | 'red';

const ofClerk: Partial<Record<TicketEvent, LiveText>> = {
  'ticket.replied': 'replied',
  'ticket.returned': 'returned',
  'ticket.rated': 'rated',
  'ticket.instructed': 'instructed',
};
const ofUnit: Partial<Record<TicketEvent, LiveText>> = {
  'ticket.assigned': 'assigned',
  'ticket.urged': 'urged',
  'ticket.supervised': 'supervised',
  'ticket.instructed': 'instructed',
  'deadline.yellow': 'yellow',
  'deadline.red': 'red',
};
const ofSupervisor: Partial<Record<TicketEvent, LiveText>> = {
  'ticket.instructed': 'instructed',
  'ticket.rated': 'rated',
};

/** The text a person with these roles is told; null: the counts and lists say enough. */
export function toldText(
  event: TicketEvent,
  about: LiveTicket,
  roles: readonly string[],
): LiveText | null {
  if (about.own) return null;
  if (roles.includes('clerk')) {
    // What colleagues receive is their work; what citizens send waits for somebody.
    if (event === 'ticket.created' && about.unit === null) return 'received';
    const found = ofClerk[event];
    if (found !== undefined) return found;
  }
  if (roles.includes('handler') || roles.includes('unit_head')) {
    const found = ofUnit[event];
    if (found !== undefined) return found;
  }
  return (roles.includes('supervisor') ? ofSupervisor[event] : undefined) ?? null;
}

/** "…R0042": enough to know a ticket of today by. */
export const shortNo = (no: string): string => `…${no.slice(no.lastIndexOf('-') + 1)}`;
