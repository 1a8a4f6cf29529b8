#ifndef YIDAN_COMMAND_CHANNEL_H
#define YIDAN_COMMAND_CHANNEL_H

#include <stdint.h>

#include "base/json.h"
#include "domain/ticket.h"
#include "store/idempotency.h"
#include "store/job.h"

/*
 * cmd_channel.h - making, changing and removing channels.
 *
 * Layer    command.
 *
 * Channels are data: each has a letter of its own, which stands in the numbers of
 * its tickets, and a limit (product.md, section 3).  A letter may change as long
 * as no ticket has it in its number.
 */

/* What it is made of, or what changes: absent is NULL, CHOICE_NONE, ABSENT, NUMBER_ABSENT. */
struct channel_draft {
    const char *code, *zh, *en;
    int letter; /* 0: A … 25: Z */
    int64_t workdays, position;
    enum tristate enabled;
    int64_t version;
};

/*
 * One struct for the three commands; `draft.code` says which one is meant.
 *
 * Errors   ERR_FIELDS            code taken or not valid, letter taken
 *          ERR_NOT_FOUND         change, delete
 *          ERR_VERSION_CONFLICT  change; value: the present version
 *          ERR_IN_USE            a ticket came through it: it is not deleted, and
 *                                its letter stays
 */
struct cmd_channel {
    struct job job;
    struct actor actor;
    struct idempotency idempotency; /* of a new one */
    struct channel_draft draft;
    int64_t now;
};
void cmd_channel_create_init(struct cmd_channel *cmd);
void cmd_channel_change_init(struct cmd_channel *cmd);
void cmd_channel_delete_init(struct cmd_channel *cmd);

#endif
