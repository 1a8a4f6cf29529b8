#ifndef YIDAN_COMMAND_CMD_IMPORT_H
#define YIDAN_COMMAND_CMD_IMPORT_H

#include "store/idempotency.h"
#include "store/imports.h"
#include "store/job.h"

/*
 * cmd_import.h - an old ledger (台账) comes in: the file is taken, its rows are
 * staged by many small writes, and one write makes them take effect.
 *
 * Layer    command.
 * Source   product.md, section 12.
 */

struct upload;

/* Take a file that lies in the folder of uploads. */
struct cmd_import_create {
    struct job job;
    struct idempotency idempotency;
    struct import import; /* what is asked for; state and counts are not looked at */
    struct upload *upload;
    int64_t now;

    int64_t id;       /* out */
    bool is_the_same; /* out: the file was brought before; `id` is that import */
};
void cmd_import_create_init(struct cmd_import_create *cmd);

/* Stage rows that were read, good and bad. */
struct cmd_import_stage {
    struct job job;
    int64_t import_id;
    bool is_dry;
    int charset;                /* enum charset, told once; else CHOICE_NONE */
    struct import_ready *rows;  /* faults in `row` are those found before */
    struct ledger_row *checked; /* the rows, as many */
    size_t count;
    int64_t rows_read; /* the last row of the file that these rows settle */

    bool is_over; /* out: it was cancelled meanwhile; nothing was staged */
};
void cmd_import_stage_init(struct cmd_import_stage *cmd);

/*
 * All rows are read: check, refuse, or let them take effect.  `reason` (a
 * code, NULL without) is why the file could not be read.
 */
struct cmd_import_finish {
    struct job job;
    int64_t import_id;
    const char *reason;
    int64_t now;

    int state;       /* out: enum import_state */
    int64_t tickets; /* out */
};
void cmd_import_finish_init(struct cmd_import_finish *cmd, int64_t import_id,
                            int64_t now);

/* Give up what has not taken effect. Errors: ERR_NOT_FOUND, ERR_IMPORT_OVER. */
struct cmd_import_cancel {
    struct job job;
    int64_t import_id;
    struct actor actor;
    int64_t now;
};
void cmd_import_cancel_init(struct cmd_import_cancel *cmd);

/* Remove some staged rows of an import that is over. */
struct cmd_import_clean {
    struct job job;
    int64_t import_id;
    int batch;

    bool has_more; /* out */
};
void cmd_import_clean_init(struct cmd_import_clean *cmd, int64_t import_id, int batch);

#endif
