#ifndef YIDAN_BACKGROUND_INDEXER_H
#define YIDAN_BACKGROUND_INDEXER_H

#include "base/error.h"

/*
 * indexer.h - the thread that brings the full-text index up to date.
 *
 * Layer    background.
 * Threads  one of its own; all functions here may be called from any thread.
 * Lifetime indexer_start() .. indexer_stop(), inside those of store and writer.
 * Source   performance.md, "What follows" 6.
 *
 * It looks every index_wait_ms whether something was committed since, and has
 * what is pending indexed in jobs of index_batch tickets.  A search is exact
 * without it, only slower; so nobody ever waits for it.
 */

struct indexer; /* opaque */
struct store;
struct writer;

/* Errors: ERR_NO_MEMORY. */
MUST_CHECK enum err indexer_start(struct store *store, struct writer *writer,
                                  struct indexer **ret_indexer);

/* Look again now, and return when everything that was pending before is indexed or has failed. */
void indexer_settle(struct indexer *indexer);

/* Returns when the thread has ended; a job under way is finished. NULL does nothing. */
void indexer_stop(struct indexer *indexer);

#endif
