#ifndef YIDAN_ROUNDS_H
#define YIDAN_ROUNDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/*
 * rounds.h - a thread that looks, works, waits, and looks again.
 *
 * Layer    background: the one loop of timer, indexer, importer and exporter.
 * Threads  rounds_wake() and rounds_settle() from any.
 */

struct rounds; /* opaque */

#define ROUNDS_UNTIL_WOKEN (-1)

/* One round; how many milliseconds to wait then, or ROUNDS_UNTIL_WOKEN. */
typedef int64_t rounds_do(void *context);

/*
 * Start it.  `*ret_rounds` is set before the first round begins.
 * Errors   ERR_NO_MEMORY
 */
MUST_CHECK enum err rounds_start(rounds_do *run, void *context,
                                 struct rounds **ret_rounds);

/* The next round begins at once; one under way is followed by another. */
void rounds_wake(struct rounds *rounds);

/* Wake it, and return when a round has ended that began after this call. */
void rounds_settle(struct rounds *rounds);

/* Does somebody wait for the end?  A long round asks between two steps. NULL: no. */
bool rounds_is_stopping(struct rounds *rounds);

/* No round begins any more; wait for the one under way, end the thread, free. NULL does nothing. */
void rounds_stop(struct rounds *rounds);

#endif
