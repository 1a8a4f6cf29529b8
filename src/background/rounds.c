/*
 * rounds.c - see the header.
 *
 * Invariants
 *  1. The lock is never held while a round runs.
 *  2. `begun` counts before a round looks, `done` after its last step: a round
 *     that begins after a moment has seen that moment.
 */
#include "rounds.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct rounds {
    rounds_do *run;
    void *context;
    pthread_t thread;

    pthread_mutex_t lock;   /* of all below */
    pthread_cond_t wake;    /* is_woken, is_stopping */
    pthread_cond_t settled; /* done, is_stopping */
    bool is_woken, is_stopping;
    int64_t begun, done;
};

/* Wait `ms` milliseconds of real time, or until somebody wakes or stops it; locked. */
static void
wait_locked(struct rounds *rounds, int64_t ms)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_MONOTONIC, &until); /* cannot fail */
    until.tv_sec += (time_t)(ms / 1000);
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    while (!rounds->is_woken && !rounds->is_stopping)
        if (ms == ROUNDS_UNTIL_WOKEN)
            (void)pthread_cond_wait(&rounds->wake, &rounds->lock);
        else if (pthread_cond_timedwait(&rounds->wake, &rounds->lock, &until) != 0)
            return; /* time is up */
}

static void *
rounds_main(void *context)
{
    struct rounds *rounds = context;

    (void)pthread_mutex_lock(&rounds->lock);
    while (!rounds->is_stopping) {
        rounds->is_woken = false;
        rounds->begun++;
        (void)pthread_mutex_unlock(&rounds->lock);
        int64_t ms = rounds->run(rounds->context);
        (void)pthread_mutex_lock(&rounds->lock);
        rounds->done++;
        (void)pthread_cond_broadcast(&rounds->settled);
        wait_locked(rounds, ms);
    }
    (void)pthread_cond_broadcast(&rounds->settled);
    (void)pthread_mutex_unlock(&rounds->lock);
    return NULL;
}

static bool
make_waits(struct rounds *rounds)
{
    pthread_condattr_t attributes;

    if (pthread_condattr_init(&attributes) != 0)
        return false;
    bool is_good = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
                   pthread_mutex_init(&rounds->lock, NULL) == 0 &&
                   pthread_cond_init(&rounds->wake, &attributes) == 0 &&
                   pthread_cond_init(&rounds->settled, NULL) == 0;
    (void)pthread_condattr_destroy(&attributes);
    return is_good;
}

enum err
rounds_start(rounds_do *run, void *context, struct rounds **ret_rounds)
{
    struct rounds *rounds = calloc(1, sizeof *rounds);

    if (rounds == NULL)
        return ERR_NO_MEMORY;
    rounds->run = run;
    rounds->context = context;
    if (!make_waits(rounds)) {
        free(rounds);
        return ERR_NO_MEMORY;
    }
    *ret_rounds = rounds; /* the thread may ask for it at once */
    if (pthread_create(&rounds->thread, NULL, rounds_main, rounds) != 0) {
        *ret_rounds = NULL;
        free(rounds);
        return ERR_NO_MEMORY;
    }
    return OK;
}

void
rounds_wake(struct rounds *rounds)
{
    (void)pthread_mutex_lock(&rounds->lock);
    rounds->is_woken = true;
    (void)pthread_cond_signal(&rounds->wake);
    (void)pthread_mutex_unlock(&rounds->lock);
}

void
rounds_settle(struct rounds *rounds)
{
    (void)pthread_mutex_lock(&rounds->lock);
    /* A round under way may have looked before this call. */
    int64_t wanted = rounds->begun + 1;
    rounds->is_woken = true;
    (void)pthread_cond_signal(&rounds->wake);
    while (rounds->done < wanted && !rounds->is_stopping)
        (void)pthread_cond_wait(&rounds->settled, &rounds->lock);
    (void)pthread_mutex_unlock(&rounds->lock);
}

bool
rounds_is_stopping(struct rounds *rounds)
{
    if (rounds == NULL)
        return false;
    (void)pthread_mutex_lock(&rounds->lock);
    bool answer = rounds->is_stopping;
    (void)pthread_mutex_unlock(&rounds->lock);
    return answer;
}

void
rounds_stop(struct rounds *rounds)
{
    if (rounds == NULL)
        return;
    (void)pthread_mutex_lock(&rounds->lock);
    rounds->is_stopping = true;
    (void)pthread_cond_signal(&rounds->wake);
    (void)pthread_mutex_unlock(&rounds->lock);
    (void)pthread_join(rounds->thread, NULL);
    (void)pthread_cond_destroy(&rounds->settled);
    (void)pthread_cond_destroy(&rounds->wake);
    (void)pthread_mutex_destroy(&rounds->lock);
    free(rounds);
}
