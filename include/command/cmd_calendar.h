#ifndef YIDAN_COMMAND_CALENDAR_H
#define YIDAN_COMMAND_CALENDAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "domain/calendar_csv.h"
#include "domain/ticket.h"
#include "store/idempotency.h"
#include "store/job.h"

/*
 * cmd_calendar.h - the calendar changes, and open tickets with it.
 *
 * Layer    command.
 * Source   product.md, section 4: a file or a single day is shown as a
 *          difference before it takes effect; loading a year or changing a day
 *          recomputes open tickets, with one event and one notice for each.
 *
 * Rehearsed (job.is_rehearsal) it finds out exactly what it would do, and does
 * nothing.
 */

/* What became of one ticket. */
struct recomputed {
    char no[TICKET_NO_BYTES];
    int64_t lead_unit_id;
    int64_t due_before, due_after; /* effective */
    bool is_provisional;           /* still */
    bool was_provisional;
};

struct cmd_calendar {
    struct job job;
    struct actor actor;
    struct idempotency idempotency; /* without a key: none is wanted */
    int64_t now;

    /* A file without faults, or one day. */
    const struct calendar_csv *csv;
    const char *source; /* "shipped", a file's name */
    struct {
        int32_t day;
        enum calendar_mark mark; /* CALENDAR_PLAIN: nothing is said about it any more */
        const char *name;
    } day; /* when `csv` is NULL */

    /* Where the lists below live: the caller's, as long as the job. */
    struct arena *arena;

    struct calendar_change *changes;
    size_t change_count;
    struct recomputed *tickets; /* by state and due moment */
    size_t ticket_count;
};

/* Enter the years of the file and its days. */
void cmd_calendar_import_init(struct cmd_calendar *cmd);

/* Say something else about one day. */
void cmd_calendar_put_init(struct cmd_calendar *cmd);

#endif
