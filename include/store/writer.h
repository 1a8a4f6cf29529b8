#ifndef YIDAN_STORE_WRITER_H
#define YIDAN_STORE_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "store/job.h"

/*
 * writer.h - the one thread that writes, with group commit.
 *
 * Layer    store.
 * Threads  writer_reserve() and writer_submit() from any thread.
 */

struct arena;
struct db;
struct store;
struct writer;

/* A write transaction: only the writer makes one. */
struct txn {
    struct db *db;
    struct store *store;
    struct arena *arena;   /* scratch, emptied after each job */
    bool changes_rulebook; /* set by who writes a row that a rulebook holds */
};

MUST_CHECK enum err writer_open(struct store *store, struct writer **ret_writer);

/*
 * Keep a place in the queue.  The only step that can fail; every reservation
 * is followed by exactly one writer_submit() or writer_unreserve().
 * Errors   ERR_BUSY, ERR_SHUTTING_DOWN, ERR_STORE_READONLY, ERR_DISK_FULL
 */
MUST_CHECK enum err writer_reserve(struct writer *writer);
void writer_unreserve(struct writer *writer);
void writer_submit(struct writer *writer, struct job *job);

/*
 * Let whoever waits for this core go first.  The writer calls it between two jobs, a job
 * that runs for milliseconds between two of its steps: the kernel would look only at its
 * next tick, which is what a read then waits.
 */
void writer_give_way(void);

/* Reserve, submit and wait: for the command line, the timer and tests. Returns job->result. */
MUST_CHECK enum err writer_run(struct writer *writer, struct job *job);

/* From now on writer_reserve() refuses; returns when every submitted job is done. */
void writer_drain(struct writer *writer);
void writer_free(struct writer *writer); /* drains; NULL does nothing */

/*
 * From now on `tell` is called on the writer's thread after each commit; it must
 * not wait for anything.  Set once; not called any more when writer_drain() has
 * returned.
 */
void writer_on_commit(struct writer *writer, void (*tell)(void *context), void *context);

struct writer_stats {
    int64_t jobs, failed_jobs, batches, waiting;
    int64_t wait_us_total, commit_us_total, commit_us_max;
};
void writer_stats(struct writer *writer, struct writer_stats *ret_stats);

#endif
