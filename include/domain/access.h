#ifndef YIDAN_DOMAIN_ACCESS_H
#define YIDAN_DOMAIN_ACCESS_H

#include <stdbool.h>

#include "domain/ticket.h"

/*
 * access.h - who sees what (product.md, section 7).  Default deny.
 *
 * Layer    domain.
 */

/* Roles that see every ticket; roles that see those of their unit. */
#define ROLES_ALL_TICKETS                                                                \
    (ROLE_BIT(ROLE_CLERK) | ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_LEADER))
#define ROLES_UNIT_TICKETS (ROLE_BIT(ROLE_HANDLER) | ROLE_BIT(ROLE_UNIT_HEAD))
#define ROLES_STAFF (ROLES_ALL_TICKETS | ROLES_UNIT_TICKETS)

/* May the actor know of this ticket at all? */
bool access_ticket(const struct ticket_case *ticket_case, const struct actor *actor);

/* Does the actor see all tickets (true), or those of `unit_id` alone? */
bool access_all_tickets(const struct actor *actor);

/* May the actor read the petitioner's name and phone, once, with a reason (reveal)? */
bool access_reveal(const struct ticket_case *ticket_case, const struct actor *actor);

/*
 * May the actor see this person at all, masked or revealed?  A merge takes the
 * petitioner along, but no unit gets to know through it who a confidential
 * ticket (`from_confidential`) is from.
 */
bool access_petitioner(const struct actor *actor, bool from_confidential);

/* May the actor read internal notes of a ticket that is visible to them? */
bool access_notes(const struct ticket_case *ticket_case, const struct actor *actor);

/* Which events of the trail the actor may read beside those of their own doing. */
struct access_audit {
    bool all;
    bool tickets;  /* those about tickets */
    bool settings; /* those about people and settings */
};
struct access_audit access_audit(const struct actor *actor);

/*
 * May the actor read an attachment of this `kind` (enum attachment_kind)?  What
 * the citizen gave may say who they are, so that no unit gets it on a
 * confidential ticket.
 */
bool access_attachment(const struct ticket_case *ticket_case, const struct actor *actor,
                       int kind);

/*
 * May the actor attach a file of this `kind`?  Whoever sees the ticket may add
 * internal ones; the others are the office's and the units' that work on it.
 * A citizen (who proved that the ticket is theirs) adds what is the citizen's.
 */
bool access_attach(const struct ticket_case *ticket_case, const struct actor *actor,
                   int kind);

#endif
