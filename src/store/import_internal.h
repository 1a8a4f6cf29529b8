#ifndef YIDAN_IMPORT_INTERNAL_H
#define YIDAN_IMPORT_INTERNAL_H

#include <stdint.h>

#include "store/query.h"

/*
 * import_internal.h - where an import's staged rows lie.
 *
 * Layer    store.
 */

#define IMPORT_ROW_BITS 24

/* The range of an import's staged rows: row 0 … */
static inline int64_t
import_first_row(int64_t import_id)
{
    return import_id << IMPORT_ROW_BITS;
}

/* … and as parameters of a statement. */
static inline void
import_bind_range(struct stmt *stmt, int64_t import_id)
{
    bind_int(stmt, ":first", import_first_row(import_id));
    bind_int(stmt, ":last",
             import_first_row(import_id) + ((INT64_C(1) << IMPORT_ROW_BITS) - 1));
}

#endif
