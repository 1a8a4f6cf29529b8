#ifndef YIDAN_COMMAND_BELONGINGS_H
#define YIDAN_COMMAND_BELONGINGS_H

#include <stdint.h>

#include "domain/ticket.h"
#include "store/belongings.h"
#include "store/idempotency.h"
#include "store/job.h"

/*
 * cmd_belongings.h - keeping and dropping unsent forms and saved filters.
 *
 * Layer    command.
 *
 * These are nobody's business but their owner's: they make no events.
 */

/* Errors: ERR_QUOTA with the most there may be; ERR_NOT_FOUND when dropped. */
struct cmd_draft {
    struct job job;
    struct draft_key key;
    const char *content; /* kept as it is */
    int64_t now;
};
void cmd_draft_put_init(struct cmd_draft *cmd);
void cmd_draft_delete_init(struct cmd_draft *cmd);

/* Errors: ERR_FIELDS (list not valid, name taken), ERR_QUOTA, ERR_NOT_FOUND. */
struct cmd_view {
    struct job job;
    struct idempotency idempotency; /* of a new one */
    struct saved_view view;         /* `id` of a new one is set */
    int64_t user_id, now;
};
void cmd_view_create_init(struct cmd_view *cmd);
void cmd_view_delete_init(struct cmd_view *cmd);

#endif
