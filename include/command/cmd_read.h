#ifndef YIDAN_COMMAND_CMD_READ_H
#define YIDAN_COMMAND_CMD_READ_H

#include <stdint.h>

#include "base/json.h"
#include "domain/ticket.h"
#include "store/idempotency.h"
#include "store/job.h"

/*
 * cmd_read.h - many notices are read at once, without a look at each ticket.
 *
 * Layer    command.
 * Source   product.md, section 5: urges have a read mark; ui.md, the inbox.
 * Lifetime texts of the request are borrowed until the job is done.
 */

/* The groups of the inbox that are there to be read. */
#define NOTICE_GROUPS(X)                                                                 \
    X(URGE, "urge", "催办", "urges")                                                     \
    X(ALARM, "alarm", "提醒", "alarms")

#define X(NAME, word, zh, en) NOTICE_##NAME,
enum notice_group { NOTICE_GROUPS(X) NOTICE_GROUP_COUNT };
#undef X
extern const struct choices words_notice_group;

#define READ_TICKETS_MAX 200

/*
 * What waits for the actor in `group` is read: of the tickets named, or of all that
 * the actor sees (`tickets.items` NULL).  A number that is not there, or waits for
 * somebody else, is passed over: nothing is learnt from it.
 */
struct cmd_read {
    struct job job;
    struct actor actor;
    struct idempotency idempotency;
    int group; /* enum notice_group */
    struct text_list tickets;
    int64_t now;

    int64_t read_count; /* set: notices that were not read before */
};
void cmd_read_init(struct cmd_read *cmd);

#endif
