/*
 * cmd_ticket_reveal.c - every look at a petitioner's name and phone is an
 * event, committed before the data is shown (product.md, section 7).
 */
#include "command/cmd_ticket.h"
#include "domain/access.h"
#include "ticket_internal.h"

static enum err
cmd_ticket_reveal_run(struct txn *txn, struct job *job)
{
    struct cmd_ticket_reveal *cmd = job_as(job, struct cmd_ticket_reveal);
    struct ticket_case ticket_case;

    TRY(tickets_case_by_no(txn->db, cmd->no, &ticket_case));
    if (!access_ticket(&ticket_case, &cmd->actor))
        return ERR_NOT_FOUND;
    if (!access_reveal(&ticket_case, &cmd->actor))
        return ERR_FORBIDDEN;
    struct event event = {
        .ticket_id = ticket_case.ticket.id,
        .at = cmd->now,
        .actor = &cmd->actor,
        .type = "reveal",
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
    };
    event_add_text(&event, "reason", cmd->reason);
    return events_append(txn, &event, NULL);
}

void
cmd_ticket_reveal_init(struct cmd_ticket_reveal *cmd)
{
    *cmd = (struct cmd_ticket_reveal){
        .job = { .name = "ticket_reveal", .run = cmd_ticket_reveal_run },
    };
}
