#ifndef YIDAN_STORE_JOB_H
#define YIDAN_STORE_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * job.h - one write, on its way to the writer thread and back.
 *
 * Layer    store; http carries jobs without looking inside.
 * Threads  from writer_submit() until `done` the job and all it points to
 *          belong to the writer (before that to a worker, if it has `prepare`).
 * Lifetime the submitter's: mostly the arena of the request that waits.
 */

struct txn;

struct job {
    const char *name; /* labels logs, metrics and errors; a literal */

    /*
     * Slow work before the write (a password, a file): runs on a worker
     * thread, without a database.  May be NULL.  An error ends the job.
     */
    enum err (*prepare)(struct job *job);

    /* The write itself, on the writer thread; what it writes is undone when it fails. */
    enum err (*run)(struct txn *txn, struct job *job);

    /*
     * run() may be called again after what it wrote was undone, and then comes to the
     * same: it reads nothing in its command that it has put there itself.  Such a job is
     * cheaper among others, so those that come often should be.
     */
    bool is_repeatable;

    /* Called exactly once, after COMMIT has returned or the job has failed. */
    void (*done)(struct job *job);
    void *context; /* for `done` */

    /* Set when run() changed what a rulebook holds: the batch ends after it. */
    bool changes_rulebook;

    /*
     * A rehearsal: what run() wrote is undone before the commit, so what it
     * found out is exactly what it would do.  It never changes the rulebook.
     */
    bool is_rehearsal;

    /* Set when run() left all that its answer tells in the command itself. */
    bool needs_no_reader;

    enum err result;
    struct problem problem;
    struct job *next;
};

/* The command that holds `job` as its member `job`. */
#define job_as(job_, type) ((type *)(void *)((char *)(job_)-offsetof(type, job)))

#endif
