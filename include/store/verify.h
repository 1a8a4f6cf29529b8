#ifndef YIDAN_STORE_VERIFY_H
#define YIDAN_STORE_VERIFY_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * verify.h - is everything in a data directory what its trail says?
 *
 * Layer    store.
 * Threads  reads only, in the caller's read transaction.
 * Source   reliability.md 9.
 *
 * Looked at: the schema with its triggers, SQLite's own integrity, foreign
 * keys, the chain, each ticket's moves against the table of actions and its
 * state and version, counters, deadlines against what the events told last and, where
 * nothing they rest on has changed, against calendar and limits, summaries, repeat callers, the facts
 * and sums of the assessment, the texts against their commitments,
 * and the files of attachments against the hashes in the chain.
 */

struct reader;

struct verify_finding {
    const char *check; /* "chain", "moves", "texts" … */
    int64_t seq;       /* the first event that does not fit; 0: not about one */
    const char *what;  /* a ticket's number, a table's or an attachment's name */
};

struct verify_result {
    int64_t events, tickets, texts, files; /* looked at */
    int64_t findings;
    char head[65]; /* the last hash, in hexadecimal: compare it with the logged heads */
};

/*
 * Look at everything; `tell` (with `context`) is called for each finding.  OK
 * says that all was looked at, not that it is good.
 */
MUST_CHECK enum err verify_run(struct reader *reader, struct arena *arena,
                               void (*tell)(void *context,
                                            const struct verify_finding *finding),
                               void *context, struct verify_result *ret_result);

#endif
