/*
 * indexer.c - see the header.
 *
 * Invariants
 *  1. The lock is never held while a job runs or anything is logged.
 *  2. `rounds_begun` counts before a round looks, `rounds_done` after its last job:
 *     a round that begins after a commit sees it.
 *  3. Nothing is remembered here: what is pending stands in the database, so a
 *     restart or a failed job loses nothing.
 */
#include "background/indexer.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "command/cmd_index.h"
#include "store/store.h"
#include "store/writer.h"

struct indexer {
    struct store *store;
    struct writer *writer;
    int64_t wait_ms;
    int batch;
    pthread_t thread;

    pthread_mutex_t lock;
    pthread_cond_t wake;    /* is_woken, is_stopping */
    pthread_cond_t settled; /* rounds_done, is_stopping */
    bool is_woken, is_stopping;
    int64_t rounds_begun, rounds_done;

    int64_t seen_commits; /* the thread's own; -1: never looked */
};

static bool
is_stopping(struct indexer *indexer)
{
    (void)pthread_mutex_lock(&indexer->lock);
    bool answer = indexer->is_stopping;
    (void)pthread_mutex_unlock(&indexer->lock);
    return answer;
}

/* Have everything indexed that is pending; what fails is tried again in the next round. */
static void
do_round(struct indexer *indexer)
{
    int64_t commits = store_commits(indexer->store);
    struct cmd_index cmd;

    if (commits == indexer->seen_commits)
        return;
    do {
        cmd_index_init(&cmd, indexer->batch);
        enum err err = writer_run(indexer->writer, &cmd.job);
        if (err != OK) {
            if (err != ERR_SHUTTING_DOWN)
                log_event(LOG_ERROR, "indexer_failed", log_text("code", err_code(err)));
            return;
        }
        if (cmd.indexed == 0)
            indexer->seen_commits = commits;
    } while (cmd.indexed > 0 && !is_stopping(indexer));
}

/* Wait `ms` milliseconds of real time, or until somebody wakes or stops it; locked. */
static void
wait_locked(struct indexer *indexer, int64_t ms)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(ms / 1000);
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    while (!indexer->is_woken && !indexer->is_stopping)
        if (pthread_cond_timedwait(&indexer->wake, &indexer->lock, &until) != 0)
            return; /* time is up */
}

static void *
indexer_main(void *context)
{
    struct indexer *indexer = context;

    (void)pthread_mutex_lock(&indexer->lock);
    while (!indexer->is_stopping) {
        indexer->is_woken = false;
        indexer->rounds_begun++;
        (void)pthread_mutex_unlock(&indexer->lock);
        do_round(indexer);
        (void)pthread_mutex_lock(&indexer->lock);
        indexer->rounds_done++;
        (void)pthread_cond_broadcast(&indexer->settled);
        wait_locked(indexer, indexer->wait_ms);
    }
    (void)pthread_cond_broadcast(&indexer->settled);
    (void)pthread_mutex_unlock(&indexer->lock);
    return NULL;
}

static bool
make_waits(struct indexer *indexer)
{
    pthread_condattr_t attributes;

    if (pthread_condattr_init(&attributes) != 0)
        return false;
    bool is_good = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
                   pthread_mutex_init(&indexer->lock, NULL) == 0 &&
                   pthread_cond_init(&indexer->wake, &attributes) == 0 &&
                   pthread_cond_init(&indexer->settled, NULL) == 0;
    (void)pthread_condattr_destroy(&attributes);
    return is_good;
}

enum err
indexer_start(struct store *store, struct writer *writer, struct indexer **ret_indexer)
{
    const struct config *config = store_config(store);
    struct indexer *indexer = calloc(1, sizeof *indexer);

    if (indexer == NULL)
        return ERR_NO_MEMORY;
    indexer->store = store;
    indexer->writer = writer;
    indexer->wait_ms = config->index_wait_ms;
    indexer->batch = (int)config->index_batch;
    indexer->seen_commits = -1;
    if (!make_waits(indexer) ||
        pthread_create(&indexer->thread, NULL, indexer_main, indexer) != 0) {
        free(indexer);
        return ERR_NO_MEMORY;
    }
    *ret_indexer = indexer;
    return OK;
}

void
indexer_settle(struct indexer *indexer)
{
    (void)pthread_mutex_lock(&indexer->lock);
    int64_t wanted = indexer->rounds_begun + 1;
    indexer->is_woken = true;
    (void)pthread_cond_broadcast(&indexer->wake);
    while (indexer->rounds_done < wanted && !indexer->is_stopping)
        (void)pthread_cond_wait(&indexer->settled, &indexer->lock);
    (void)pthread_mutex_unlock(&indexer->lock);
}

void
indexer_stop(struct indexer *indexer)
{
    if (indexer == NULL)
        return;
    (void)pthread_mutex_lock(&indexer->lock);
    indexer->is_stopping = true;
    (void)pthread_cond_broadcast(&indexer->wake);
    (void)pthread_mutex_unlock(&indexer->lock);
    (void)pthread_join(indexer->thread, NULL);
    (void)pthread_cond_destroy(&indexer->settled);
    (void)pthread_cond_destroy(&indexer->wake);
    (void)pthread_mutex_destroy(&indexer->lock);
    free(indexer);
}
