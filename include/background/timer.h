#ifndef YIDAN_BACKGROUND_TIMER_H
#define YIDAN_BACKGROUND_TIMER_H

#include <stdint.h>

#include "base/error.h"

/*
 * timer.h - the thread that does what is due when it is due.
 *
 * Layer    background.
 * Threads  one of its own; all functions here may be called from any thread.
 * Lifetime timer_start() .. timer_stop(), inside those of store and writer.
 * Source   product.md, section 4 "The timer"; reliability.md 9 and 20.
 *
 * It waits on the monotonic clock, at most timer_max_wait_ms, and works by the
 * wall clock; so a clock that was set or a machine that slept is noticed within
 * that time.  What has been done is known by its key in the database: neither
 * a restart nor a clock set back does it twice.
 */

struct store;
struct timer; /* opaque */
struct writer;

/* Where the timer reads the time; both are called on its thread. */
struct timer_clock {
    int64_t (*wall)(void *context);         /* UTC seconds */
    int64_t (*monotonic_ms)(void *context); /* only differences count */
    void *context;
};

/* Errors: ERR_NO_MEMORY. */
MUST_CHECK enum err timer_start(struct store *store, struct writer *writer,
                                struct timer **ret_timer);
/* The same by another clock, for tests: they move it and then call timer_settle(). */
MUST_CHECK enum err timer_start_by(struct store *store, struct writer *writer,
                                   const struct timer_clock *clock,
                                   struct timer **ret_timer);

/* Look again now: a write may have made an earlier moment. Never blocks for long. */
void timer_wake(struct timer *timer);

/* Wake it and return when everything that was due by then is done (or failed and is logged). */
void timer_settle(struct timer *timer);

/* Returns when the thread has ended; a job under way is finished. NULL does nothing. */
void timer_stop(struct timer *timer);

#endif
