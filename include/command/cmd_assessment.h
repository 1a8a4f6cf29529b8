#ifndef YIDAN_COMMAND_ASSESSMENT_H
#define YIDAN_COMMAND_ASSESSMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "store/job.h"

/*
 * cmd_assessment.h - facts of tickets that a program before this one wrote.
 *
 * Layer    command.
 *
 * What a measure counts is this program's; a database remembers by which version
 * its facts were derived.  When that is another one, they are derived anew,
 * `batch` tickets a write, from the first one on; whoever was interrupted begins
 * again, and what is right already is not written.
 */
struct cmd_assessment_rebuild {
    struct job job;
    int batch;
    int64_t after;   /* set: the last ticket that was done */
    bool is_done;    /* set */
    int64_t tickets; /* set: so many were done, over all runs of this job */
};
void cmd_assessment_rebuild_init(struct cmd_assessment_rebuild *cmd, int batch);

#endif
