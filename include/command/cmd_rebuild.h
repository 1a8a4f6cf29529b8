#ifndef YIDAN_COMMAND_REBUILD_H
#define YIDAN_COMMAND_REBUILD_H

#include <stdbool.h>
#include <stdint.h>

#include "store/job.h"

/*
 * cmd_rebuild.h - everything that is counted is counted anew: summaries, desks,
 *                 repeat callers, facts and sums of the assessment.
 *
 * Layer    command.
 * Source   performance.md: "verify recounts them; a rebuild is an offline command".
 *
 * The functions are those that keep the tables and those that verify recounts with.
 * One write, which holds the writer as long as it takes: nobody ever reads half of
 * it, and cut short it has not happened.  Of summary_day only what was received is
 * counted again (summaries.h).
 */
struct cmd_rebuild {
    struct job job;
    bool is_asked;   /* by a person: also when an earlier one is still good; it is told */
    int64_t now;     /* only when asked */
    bool is_done;    /* set: there was something to do */
    int64_t tickets; /* set */
};
void cmd_rebuild_init(struct cmd_rebuild *cmd);

#endif
