#ifndef YIDAN_COMMAND_CMD_URGE_H
#define YIDAN_COMMAND_CMD_URGE_H

#include <stdint.h>

#include "base/json.h"
#include "domain/ticket.h"
#include "store/idempotency.h"
#include "store/job.h"

/*
 * cmd_urge.h - one text urges many tickets (product.md, section 5).
 *
 * Layer    command.
 * Lifetime texts of the request are borrowed until the job is done.
 *
 * Each ticket is urged as the action `urge` does it.  One that refuses (not there,
 * not open) is told of and stops no other; all that were urged are so in one
 * transaction.
 */

#define URGE_TICKETS_MAX 100

/* `refusals[i]`: OK, or why `tickets.items[i]` was not urged. */
struct cmd_urge {
    struct job job;
    struct actor actor;
    struct idempotency idempotency;
    struct text_list tickets; /* numbers, 1..URGE_TICKETS_MAX, none twice */
    const char *note;         /* each ticket gets its own values (domain/urge_text.h) */
    int64_t now;
    enum err refusals[URGE_TICKETS_MAX]; /* set */
};
void cmd_urge_init(struct cmd_urge *cmd);

#endif
