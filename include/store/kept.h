#ifndef YIDAN_STORE_KEPT_H
#define YIDAN_STORE_KEPT_H

#include <stddef.h>
#include <stdint.h>

/*
 * kept.h - what was read or made of rows, kept with a reader until one of the rows
 *          changes.
 *
 * Layer    store.
 * Threads  of whoever holds the reader.
 *
 * What is found is what the reader's own snapshot would give; so a caller may use
 * it in place of reading.  The database itself tells which rows change (changes.c),
 * nobody has to remember to.  Something kept may be gone at any time.
 */

struct reader;

/* X(NAME, places, rows): how many are kept, and on which rows each depends. */
#define KEPT_KINDS(X)                                                                    \
    X(LINE, 2048, TICKET) /* a ticket's line of a list, as JSON */                       \
    X(NUMBER, 1024,                                                                      \
      NONE)              /* which ticket has a number: one that was given never moves */ \
    X(CASE, 256, TICKET) /* its case */                                                  \
    X(TEXTS, 256, TICKET)   /* what the citizen wrote, as JSON */                        \
    X(PEOPLE, 256, TICKET)  /* its petitioner behind the mask, as JSON */                \
    X(NAMES, 256, TICKET)   /* the names beside it, as JSON */                           \
    X(SEEN, 256, TICKET)    /* that a unit has seen all that is laid upon it */          \
    X(SESSION, 256, PEOPLE) /* a session with its user and unit */

#define X(NAME, places, rows) KEPT_##NAME,
enum kept_kind { KEPT_KINDS(X) KEPT_KIND_COUNT };
#undef X

/* What something was made of; both numbers are the caller's. */
struct kept_key {
    enum kept_kind kind;
    int64_t id;      /* of the ticket, where it depends on one */
    int64_t edition; /* of whatever else it was made with */
};

/* The bytes kept under the key, borrowed until the next kept_put(); NULL: none. */
const void *kept_find(const struct reader *reader, const struct kept_key *key,
                      size_t *ret_bytes);

/* Keep a copy of bytes made of rows that were read in the reader's transaction. */
void kept_put(struct reader *reader, const struct kept_key *key, const void *bytes,
              size_t count);

#endif
