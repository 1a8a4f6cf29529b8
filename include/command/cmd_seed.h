#ifndef YIDAN_COMMAND_CMD_SEED_H
#define YIDAN_COMMAND_CMD_SEED_H

#include <stdbool.h>
#include <stdint.h>

#include "store/job.h"

/*
 * cmd_seed.h - what every new database has: the categories and the holidays
 *              that are shipped with the program.
 *
 * Layer    command.
 *
 * To be run at each start, before the socket listens: it does nothing where
 * there are categories and years already, so what an office changed stays.
 */
struct cmd_seed {
    struct job job;
    int64_t now; /* the caller fills it */

    bool did_categories, did_calendar; /* set by the run */
};
void cmd_seed_init(struct cmd_seed *cmd);

#endif
