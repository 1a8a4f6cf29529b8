/*
 * access.c - who sees what (product.md, section 7).  Default deny: every
 * function ends with `return false`.
 */
#include "domain/access.h"

#include <string.h>

bool
access_all_tickets(const struct actor *actor)
{
    switch (actor->kind) {
    case ACTOR_USER:
        return (actor->roles & ROLES_ALL_TICKETS) != 0;
    case ACTOR_TIMER:
    case ACTOR_CLI:
        return true;
    case ACTOR_TOKEN:
    case ACTOR_CITIZEN:
    case ACTOR_KIND_COUNT:
        break;
    }
    return false;
}

bool
access_ticket(const struct ticket_case *ticket_case, const struct actor *actor)
{
    if (access_all_tickets(actor))
        return true;
    if (actor->kind != ACTOR_USER || (actor->roles & ROLES_UNIT_TICKETS) == 0)
        return false;
    for (size_t i = 0; i < ticket_case->assignment_count; i++) {
        const struct assignment *assignment = &ticket_case->assignments[i];
        if (assignment->unit_id == actor->unit_id && assignment->is_visible)
            return true;
    }
    return false;
}

bool
access_reveal(const struct ticket_case *ticket_case, const struct actor *actor)
{
    if (actor->kind != ACTOR_USER)
        return false;
    if ((actor->roles & (ROLE_BIT(ROLE_CLERK) | ROLE_BIT(ROLE_SUPERVISOR))) != 0)
        return true;
    if ((actor->roles & ROLES_UNIT_TICKETS) == 0 || ticket_case->ticket.confidential)
        return false;
    return ticket_case_active(ticket_case, actor->unit_id) != NULL;
}

bool
access_petitioner(const struct actor *actor, bool from_confidential)
{
    return !from_confidential || access_all_tickets(actor);
}

bool
access_notes(const struct ticket_case *ticket_case, const struct actor *actor)
{
    return access_ticket(ticket_case, actor);
}

bool
access_attachment(const struct ticket_case *ticket_case, const struct actor *actor,
                  int kind)
{
    if (!access_ticket(ticket_case, actor))
        return false;
    return kind != ATTACHMENT_CITIZEN || !ticket_case->ticket.confidential ||
           access_all_tickets(actor);
}

bool
access_attach(const struct ticket_case *ticket_case, const struct actor *actor, int kind)
{
    if (actor->kind == ACTOR_CITIZEN)
        return kind == ATTACHMENT_CITIZEN;
    if (actor->kind != ACTOR_USER || !access_attachment(ticket_case, actor, kind))
        return false;
    if (kind == ATTACHMENT_INTERNAL ||
        (actor->roles & (ROLE_BIT(ROLE_CLERK) | ROLE_BIT(ROLE_SUPERVISOR))) != 0)
        return true;
    return (actor->roles & ROLES_UNIT_TICKETS) != 0 &&
           ticket_case_active(ticket_case, actor->unit_id) != NULL;
}

struct access_audit
access_audit(const struct actor *actor)
{
    struct access_audit scope = { .all = false };

    if (actor->kind != ACTOR_USER)
        return scope;
    scope.all = (actor->roles & ROLE_BIT(ROLE_AUDITOR)) != 0;
    scope.tickets = (actor->roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0;
    scope.settings = (actor->roles & ROLE_BIT(ROLE_ADMIN)) != 0;
    return scope;
}
