#ifndef YIDAN_BACKGROUND_EXPORTER_H
#define YIDAN_BACKGROUND_EXPORTER_H

#include <stdint.h>

#include "base/error.h"
#include "store/exports.h"

/*
 * exporter.h - the thread that makes files of lists, and removes them in time.
 *
 * Layer    background.
 * Threads  one of its own; exporter_wake() from any thread.
 * Lifetime exporter_start() .. exporter_stop(), inside those of store, readers
 *          and writer.
 *
 * It makes one after the other, oldest first, each from one snapshot.  What a
 * stop or a kill interrupted is made again from the beginning.
 */

struct exporter; /* opaque */
struct reader_pool;
struct store;
struct writer;

/*
 * `make` knows the lists; it runs on this thread.  `clock` is what `now` is read
 * from; NULL: time_now().  Errors: ERR_NO_MEMORY.
 */
MUST_CHECK enum err exporter_start(struct store *store, struct reader_pool *readers,
                                   struct writer *writer, export_make *make,
                                   int64_t (*clock)(void),
                                   struct exporter **ret_exporter);

/* There may be work. */
void exporter_wake(struct exporter *exporter);

/* Wake it, and return when everything asked for before is ready or has failed. */
void exporter_settle(struct exporter *exporter);

/* Returns when the thread has ended; a file under way is given up. NULL does nothing. */
void exporter_stop(struct exporter *exporter);

#endif
