#ifndef YIDAN_COMMAND_CMD_SWEEP_H
#define YIDAN_COMMAND_CMD_SWEEP_H

#include <stdint.h>

#include "store/job.h"
#include "store/sweeps.h"

/*
 * cmd_sweep.h - the timer's work as an ordinary job.
 *
 * Layer    command.
 * Threads  submitted by the timer (background/timer.h), run by the writer.
 * Units    `_at` UTC seconds.
 * Source   product.md, section 4 "The timer"; reliability.md 20.
 */

/*
 * Do what is due before `now`, at most `batch` moments: each exactly once by
 * its key (ticket, kind, subject, due moment), whatever the clock did
 * meanwhile.  Run it again while next_due_at < now.
 */
struct cmd_sweep {
    struct job job;
    int64_t now;
    int batch;

    /* Set by the run. */
    int handled;         /* moments taken off the list */
    int64_t next_due_at; /* the earliest one left; it is due the second after; 0: none */
    struct chain_head head; /* the last event after the work */
};
void cmd_sweep_init(struct cmd_sweep *cmd, int64_t now, int batch);

#endif
