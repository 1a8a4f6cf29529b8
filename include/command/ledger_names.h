#ifndef YIDAN_COMMAND_LEDGER_NAMES_H
#define YIDAN_COMMAND_LEDGER_NAMES_H

#include "base/arena.h"
#include "base/error.h"
#include "domain/ledger.h"

/*
 * ledger_names.h - units, areas, categories and channels, found by the code or
 * the name that a ledger has for them.
 *
 * Layer    command.
 * Threads  never changes after it was made.
 * Lifetime in the arena it was made in.
 */

struct db;
struct rulebook;
struct ledger_names;

MUST_CHECK enum err ledger_names_make(struct db *db, struct arena *arena,
                                      const struct rulebook *rulebook,
                                      const struct ledger_names **ret_names);

/*
 * Look up what the row names; what is not there, or there twice, becomes a
 * fault of the row.  A switched-off channel, category or unit is still found:
 * a ledger tells of former times.
 */
void ledger_names_find(const struct ledger_names *names, struct ledger_row *row);

#endif
