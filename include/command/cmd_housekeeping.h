#ifndef YIDAN_COMMAND_CMD_HOUSEKEEPING_H
#define YIDAN_COMMAND_CMD_HOUSEKEEPING_H

#include <stdbool.h>
#include <stdint.h>

#include "store/job.h"

/*
 * cmd_housekeeping.h - what the timer does beside the sweep.
 *
 * Layer    command.
 * Units    `now` UTC seconds.
 * Source   reliability.md 14 and 20.
 */

/*
 * Forget what is over: idempotency keys, expired sessions, old wrong
 * passwords.  A limited number each time, so that the job stays short.
 */
struct cmd_housekeeping {
    struct job job;
    int64_t now;
    bool is_daily;
};
/* `is_daily`: also what is done once a day, store_optimize(). */
void cmd_housekeeping_init(struct cmd_housekeeping *cmd, int64_t now, bool is_daily);

/* The wall clock moved by `seconds` against the monotonic one: an event about no ticket. */
struct cmd_clock_jump {
    struct job job;
    int64_t now, seconds;
};
void cmd_clock_jump_init(struct cmd_clock_jump *cmd, int64_t now, int64_t seconds);

#endif
