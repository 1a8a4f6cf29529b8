#ifndef YIDAN_COMMAND_CALENDAR_H
#define YIDAN_COMMAND_CALENDAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "domain/calendar_csv.h"
#include "domain/ticket.h"
#include "store/job.h"

/*
 * cmd_calendar.h - a file of holidays takes effect.
 *
 * Layer    command.
 * Source   product.md, section 4.
 */

struct db;

/* What a file without faults would change now, in the arena. */
MUST_CHECK enum err cmd_calendar_diff(struct db *db, struct arena *arena,
                                      const struct calendar_csv *csv,
                                      struct calendar_change **ret_changes,
                                      size_t *ret_count);

/*
 * Enter the years of the file and its days; the rulebook changes with it.
 * Open tickets keep their due moments until they are recomputed.
 */
struct cmd_calendar_import {
    struct job job;
    struct actor actor;
    const struct calendar_csv *csv; /* without faults */
    const char *source;             /* "shipped", a file's name */
    int64_t now;
    size_t change_count; /* how many days are different now */
};
void cmd_calendar_import_init(struct cmd_calendar_import *cmd);

#endif
