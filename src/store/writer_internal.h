#ifndef YIDAN_WRITER_INTERNAL_H
#define YIDAN_WRITER_INTERNAL_H

#include <pthread.h>
#include <time.h>

#include "store/writer.h"
#include "store_internal.h"

/*
 * writer_internal.h - what the writer's queue and thread (writer.c) and its batches
 *                     (writer_batch.c) share.
 *
 * Layer    store.
 */

/* The savepoint statements, prepared once; indexes of writer->control. */
enum writer_control {
    WRITER_BEGIN,
    WRITER_COMMIT,
    WRITER_ROLLBACK,
    WRITER_SAVEPOINT,
    WRITER_RELEASE,
    WRITER_ROLLBACK_TO,
    WRITER_CONTROL_COUNT
};

struct writer {
    struct store *store;
    struct db *db;
    struct arena *arena;
    sqlite3_stmt *control[WRITER_CONTROL_COUNT];
    bool rulebook_is_old; /* it could not be loaded after a commit */
    pthread_t thread;
    bool has_thread;

    pthread_mutex_t lock; /* of all below */
    pthread_cond_t has_work;
    pthread_cond_t is_idle;
    struct job *first, **last; /* the queue */
    int64_t places;            /* reserved or in the queue: bounded by writer_queue */
    int64_t running;           /* taken from the queue, `done` has not returned */
    bool is_draining, is_stopping;
    void (*tell)(void *context); /* of each commit; NULL: nobody */
    void *tell_context;
    int64_t queue_seen_us; /* when `waiting` last changed */
    struct writer_stats stats;
};

static inline int64_t
writer_now_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline void
writer_lock(struct writer *writer)
{
    (void)pthread_mutex_lock(&writer->lock); /* ours, initialised */
}

static inline void
writer_unlock(struct writer *writer)
{
    (void)pthread_mutex_unlock(&writer->lock); /* ours, locked */
}

/* Under the lock: the first job that waits, now running; NULL: none. */
struct job *writer_queue_take(struct writer *writer);
/* Under the lock: tell writer_drain() when nothing is left. */
void writer_signal_when_idle(struct writer *writer);

/* Take what waits, write it, and tell.  Nothing waits: return at once. */
void writer_run_batch(struct writer *writer);

#endif
