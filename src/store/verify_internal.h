#ifndef YIDAN_VERIFY_INTERNAL_H
#define YIDAN_VERIFY_INTERNAL_H

#include "store/query.h"
#include "store/verify.h"

/*
 * verify_internal.h - a verification on its way, shared by the files of its checks.
 *
 * Layer    store.
 */

struct verify {
    struct db *db;
    struct store *store;
    struct arena *arena;
    void (*tell)(void *context, const struct verify_finding *finding);
    void *context;
    struct verify_result *result;
};

/* Count and tell one finding; `seq` of an event or 0, `what` may be NULL. */
void verify_find(struct verify *verify, const char *check, int64_t seq, const char *what);

/* Each row of a statement is one finding: a name, or a seq. */
MUST_CHECK enum err verify_find_rows(struct verify *verify, enum query which,
                                     const char *check, bool is_seq);

/* The checks of verify_texts.c: texts of events; files of attachments. */
MUST_CHECK enum err verify_texts(struct verify *verify);
MUST_CHECK enum err verify_files(struct verify *verify);

#endif
