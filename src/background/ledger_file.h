#ifndef YIDAN_LEDGER_FILE_H
#define YIDAN_LEDGER_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/charset.h"
#include "base/error.h"
#include "domain/ledger.h"

/*
 * ledger_file.h - a ledger's file, read row by row.
 *
 * Layer    background.
 * Threads  one.
 */

struct ledger_file; /* opaque */

/*
 * Begin to read `fd`, which is taken.  `charset` CHOICE_NONE: found out by
 * looking at the header and, when that is plain ASCII, at all of the file.  `mapping` and `fixed` as in the table import.
 * Errors   ERR_STORE, ERR_NO_MEMORY
 */
MUST_CHECK enum err ledger_file_open(int fd, int charset, const char *mapping,
                                     const char *fixed, struct ledger_file **ret_file);
void ledger_file_close(struct ledger_file *file); /* NULL does nothing */

/* The encoding that it is read in. */
enum charset ledger_file_charset(const struct ledger_file *file);

/*
 * The next row that says anything, after the header; its texts are copied into
 * `arena`.  What is wrong with the header is the fault of row 1, and the last.
 * `*ret_end`: there is none any more.
 */
MUST_CHECK enum err ledger_file_next(struct ledger_file *file, struct arena *arena,
                                     const char *area_code, int64_t now,
                                     struct ledger_row *ret_row, bool *ret_end);

#endif
