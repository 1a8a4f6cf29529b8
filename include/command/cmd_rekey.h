#ifndef YIDAN_COMMAND_CMD_REKEY_H
#define YIDAN_COMMAND_CMD_REKEY_H

#include "store/job.h"
#include "store/rekeys.h"

/*
 * cmd_rekey.h - seal everything anew, in one write.
 *
 * Layer    command; only for the command line, with no server beside it.
 */

struct cmd_rekey {
    struct job job;
    const struct keys *fresh;
    int64_t now;

    struct rekey_counts counts; /* out */
};
void cmd_rekey_init(struct cmd_rekey *cmd, const struct keys *fresh, int64_t now);

#endif
