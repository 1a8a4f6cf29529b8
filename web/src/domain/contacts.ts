// Whether the citizen was contacted: what a unit says of it beside what is on record.

type Assigned = { assignments: readonly { contacted_at: string | null }[] };

/** The units with a contact (联系群众) on record for this ticket, each round counted. */
export function contactsOf(ticket: Assigned): number {
  return ticket.assignments.filter((one) => one.contacted_at !== null).length;
}

/** The reply says that the citizen was contacted, and nothing on record bears it out. */
export function isContactUnrecorded(
  ticket: Assigned & { reply: { contacted: boolean } | null },
): boolean {
  return ticket.reply?.contacted === true && contactsOf(ticket) === 0;
}
