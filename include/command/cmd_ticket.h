#ifndef YIDAN_COMMAND_CMD_TICKET_H
#define YIDAN_COMMAND_CMD_TICKET_H

#include "domain/ticket.h"
#include "store/idempotency.h"
#include "store/job.h"
#include "store/tickets.h"

/*
 * cmd_ticket.h - the writes a ticket knows: received, acted upon, revealed.
 *
 * Layer    command.
 * Threads  fill on any thread, run on the writer.
 * Lifetime texts of the request are borrowed until the job is done.
 */

/* A ticket as it was received, with the names of what it names. */
struct ticket_received {
    struct ticket_case ticket_case;
    struct ticket_text text;
    const char *category_name, *area_name; /* NULL: none */
};

/* Receive a ticket (接收). */
struct cmd_ticket_create {
    struct job job;
    struct idempotency idempotency;
    struct actor actor;
    int64_t now;
    struct ticket_draft draft;
    uint64_t draft_present; /* bits of enum draft_field */

    struct arena *arena; /* for `received`, which is made when there is one */

    char no[TICKET_NO_BYTES]; /* out */
    /*
     * Out: what there is to tell without a reader; NULL of a replay, and of a ticket that
     * names an earlier one, of which not everybody may know.
     */
    const struct ticket_received *received;
};
/* Zeroes `cmd`, names the job; the caller fills the rest. */
void cmd_ticket_create_init(struct cmd_ticket_create *cmd);

/* Do one action of the table on one ticket. */
struct cmd_ticket_act {
    struct job job;
    struct idempotency idempotency;
    struct actor actor;
    int64_t now;
    char no[TICKET_NO_BYTES];
    struct ticket_act act;
};
void cmd_ticket_act_init(struct cmd_ticket_act *cmd, enum ticket_action action);

/* Note that the actor read name and phone, with the reason, before they are shown. */
struct cmd_ticket_reveal {
    struct job job;
    struct actor actor;
    int64_t now;
    char no[TICKET_NO_BYTES];
    const char *reason;
};
void cmd_ticket_reveal_init(struct cmd_ticket_reveal *cmd);

/*
 * Note that the actor printed a form with name and phone, with the reason.
 * Errors   ERR_NOT_FOUND, ERR_FORBIDDEN (may not reveal, or not on this form)
 */
struct cmd_ticket_print {
    struct job job;
    struct actor actor;
    int64_t now;
    char no[TICKET_NO_BYTES];
    int form; /* enum print_form */
    const char *reason;
};
void cmd_ticket_print_init(struct cmd_ticket_print *cmd);

#endif
