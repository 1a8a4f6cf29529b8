#ifndef YIDAN_STORE_URGE_VALUES_H
#define YIDAN_STORE_URGE_VALUES_H

#include "base/arena.h"
#include "base/error.h"
#include "domain/urge_text.h"

/*
 * urge_values.h - what an urging text says of one ticket.
 *
 * Layer    store.
 *
 * Asks nobody's rights: for those who see every ticket.
 */

struct db;
struct rulebook;

/*
 * The values lie in the arena.  The unit is the one whose turn it is, the office
 * before dispatch and after the reply.
 * Errors   ERR_NOT_FOUND, ERR_NO_MEMORY
 */
MUST_CHECK enum err urge_values_read(struct db *db, struct arena *arena,
                                     const struct rulebook *rulebook, const char *no,
                                     struct urge_values *ret_values);

#endif
