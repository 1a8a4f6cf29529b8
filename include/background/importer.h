#ifndef YIDAN_BACKGROUND_IMPORTER_H
#define YIDAN_BACKGROUND_IMPORTER_H

#include <stdint.h>

#include "base/error.h"

/*
 * importer.h - the thread that reads ledgers and stages their rows.
 *
 * Layer    background.
 * Threads  one of its own; importer_wake() from any thread.
 * Lifetime importer_start() .. importer_stop(), inside those of store, readers
 *          and writer.
 *
 * It takes one import after the other, oldest first, in writes of the setting
 * import_batch.  How far it came is in the database with each of them, so after
 * a stop or a kill it goes on where it was, by itself.
 */

struct importer; /* opaque */
struct reader_pool;
struct store;
struct writer;

/* `clock` is what `now` is read from; NULL: time_now(). Errors: ERR_NO_MEMORY. */
MUST_CHECK enum err importer_start(struct store *store, struct reader_pool *readers,
                                   struct writer *writer, int64_t (*clock)(void),
                                   struct importer **ret_importer);

/* There may be work. */
void importer_wake(struct importer *importer);

/* Returns when the thread has ended, after the write under way. NULL does nothing. */
void importer_stop(struct importer *importer);

/* Do all the work there is, on this thread: for the command line and tests. */
MUST_CHECK enum err importer_run(struct store *store, struct reader_pool *readers,
                                 struct writer *writer, int64_t (*clock)(void));

#endif
