#include "http_internal.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/timeutil.h"

/*
 * sweeper.c - total deadlines for clients that send or read too slowly.
 *
 * libmicrohttpd's own timeout begins anew with each byte; a byte every few
 * seconds would hold a connection for ever (reliability.md 6).
 *
 * 1. A peer is in the list exactly as long as its descriptor is open: it is
 *    removed before the descriptor is closed, under the lock that shutdown()
 *    is called under, so a descriptor used again is never hit.
 * 2. The sweeper only shuts down; the pool thread sees the end of the stream
 *    and closes.
 * 3. A peer that waits for us has no deadline.
 */

struct sweeper {
    pthread_mutex_t lock; /* "peers": of all below */
    pthread_cond_t is_stopping_now;
    struct peer *newest;
    bool is_stopping;
    int64_t interval_ms;
    atomic_llong swept;
    pthread_t thread;
};

static void
sweep(struct sweeper *sweeper, int64_t now_ms)
{
    for (struct peer *peer = sweeper->newest; peer != NULL; peer = peer->older) {
        int64_t deadline_at_ms =
            atomic_load_explicit(&peer->deadline_at_ms, memory_order_relaxed);

        if (deadline_at_ms == 0 || deadline_at_ms > now_ms || peer->is_swept)
            continue;
        peer->is_swept = true;
        count_up(&sweeper->swept);
        (void)shutdown(peer->fd, SHUT_RDWR); /* may be gone already, which is as good */
    }
}

static void *
work(void *context)
{
    struct sweeper *sweeper = context;

    (void)pthread_mutex_lock(&sweeper->lock); /* ours, initialised */
    while (!sweeper->is_stopping) {
        int64_t now_ms = time_monotonic_ms();
        int64_t until_ms = now_ms + sweeper->interval_ms;
        struct timespec until = { .tv_sec = (time_t)(until_ms / 1000),
                                  .tv_nsec = (long)(until_ms % 1000) * 1000000 };

        sweep(sweeper, now_ms);
        (void)pthread_cond_timedwait(&sweeper->is_stopping_now, &sweeper->lock,
                                     &until); /* however it ends, we look again */
    }
    (void)pthread_mutex_unlock(&sweeper->lock);
    return NULL;
}

enum err
sweeper_start(int64_t shortest_ms, struct sweeper **ret_sweeper)
{
    struct sweeper *sweeper = calloc(1, sizeof *sweeper);
    pthread_condattr_t monotonic;

    if (sweeper == NULL)
        return ERR_NO_MEMORY;
    /* Late by an eighth at most, and never busy. */
    sweeper->interval_ms = shortest_ms / 8;
    if (sweeper->interval_ms < 20)
        sweeper->interval_ms = 20;
    if (sweeper->interval_ms > 500)
        sweeper->interval_ms = 500;
    /* These fail for want of memory only, which Linux does not have here. */
    (void)pthread_mutex_init(&sweeper->lock, NULL);
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&sweeper->is_stopping_now, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    if (pthread_create(&sweeper->thread, NULL, work, sweeper) != 0) {
        (void)pthread_cond_destroy(&sweeper->is_stopping_now);
        (void)pthread_mutex_destroy(&sweeper->lock);
        free(sweeper);
        return ERR_NO_MEMORY;
    }
    *ret_sweeper = sweeper;
    return OK;
}

void
sweeper_stop(struct sweeper *sweeper)
{
    if (sweeper == NULL)
        return;
    (void)pthread_mutex_lock(&sweeper->lock);
    sweeper->is_stopping = true;
    (void)pthread_cond_signal(&sweeper->is_stopping_now);
    (void)pthread_mutex_unlock(&sweeper->lock);
    (void)pthread_join(sweeper->thread, NULL); /* ours, joined once */
    (void)pthread_cond_destroy(&sweeper->is_stopping_now);
    (void)pthread_mutex_destroy(&sweeper->lock);
    free(sweeper);
}

void
sweeper_add(struct sweeper *sweeper, struct peer *peer)
{
    (void)pthread_mutex_lock(&sweeper->lock);
    peer->newer = NULL;
    peer->older = sweeper->newest;
    if (peer->older != NULL)
        peer->older->newer = peer;
    sweeper->newest = peer;
    (void)pthread_mutex_unlock(&sweeper->lock);
}

void
sweeper_remove(struct sweeper *sweeper, struct peer *peer)
{
    (void)pthread_mutex_lock(&sweeper->lock);
    if (peer->newer != NULL)
        peer->newer->older = peer->older;
    else
        sweeper->newest = peer->older;
    if (peer->older != NULL)
        peer->older->newer = peer->newer;
    (void)pthread_mutex_unlock(&sweeper->lock);
}

int64_t
sweeper_count(const struct sweeper *sweeper)
{
    return atomic_load_explicit(&sweeper->swept, memory_order_relaxed);
}
