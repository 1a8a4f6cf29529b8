/*
 * cmd_ticket_print.c - a form with name and phone in clear is an event, committed
 * before it is answered (product.md, section 7).
 */
#include "base/arena.h"
#include "command/cmd_ticket.h"
#include "domain/access.h"
#include "domain/print_form.h"
#include "ticket_internal.h"

static enum err
cmd_ticket_print_run(struct txn *txn, struct job *job)
{
    struct cmd_ticket_print *cmd = job_as(job, struct cmd_ticket_print);
    struct ticket_case ticket_case;

    TRY(tickets_case_by_no(txn->db, cmd->no, &ticket_case));
    if (!access_ticket(&ticket_case, &cmd->actor))
        return ERR_NOT_FOUND;
    if (!print_rules[cmd->form].may_reveal || !access_reveal(&ticket_case, &cmd->actor))
        return ERR_FORBIDDEN;
    struct event event = {
        .ticket_id = ticket_case.ticket.id,
        .at = cmd->now,
        .actor = &cmd->actor,
        .type = "print",
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
        .facts = arena_printf(txn->arena, "\"form\":\"%s\"",
                              choice_word(&words_print_form, cmd->form)),
    };
    if (event.facts == NULL)
        return ERR_NO_MEMORY;
    event_add_text(&event, "reason", cmd->reason);
    return events_append(txn, &event, NULL);
}

void
cmd_ticket_print_init(struct cmd_ticket_print *cmd)
{
    *cmd = (struct cmd_ticket_print){
        .job = { .name = "ticket_print", .run = cmd_ticket_print_run },
    };
}
