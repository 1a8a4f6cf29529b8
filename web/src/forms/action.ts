import type { Schema } from '@/api/http';

/** What every form of pages/ticket/actions/ is given. */
export interface ActionProps {
  ticket: Schema['Ticket'];
  /** The row of the ticket's `actions`: what it must and may carry. */
  possible: Schema['PossibleAction'];
}
