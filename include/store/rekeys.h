#ifndef YIDAN_STORE_REKEYS_H
#define YIDAN_STORE_REKEYS_H

#include <stdint.h>

#include "base/crypt.h"
#include "base/error.h"

/*
 * rekeys.h - everything that is sealed, sealed anew with other keys.
 *
 * Layer    store.
 * Source   reliability.md 13.
 */

struct txn;

struct rekey_counts {
    int64_t people, texts, others; /* rows; others: drafts, second factors, staged rows */
};

/*
 * Open with the store's keys and seal with `fresh`: people, texts of events,
 * drafts, second factors, rows on their way in; indexes of phones; and the mark
 * by which the database knows its keys.  All of it or, on an error, nothing.
 * Errors   ERR_SEAL_BROKEN  something cannot be opened: see `yidan verify`
 */
MUST_CHECK enum err rekeys_run(struct txn *txn, const struct keys *fresh,
                               struct rekey_counts *ret_counts);

#endif
