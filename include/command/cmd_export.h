#ifndef YIDAN_COMMAND_CMD_EXPORT_H
#define YIDAN_COMMAND_CMD_EXPORT_H

#include "domain/ticket.h"
#include "store/exports.h"
#include "store/idempotency.h"
#include "store/job.h"

/*
 * cmd_export.h - lists as files: asked for, begun, ended, forgotten.
 *
 * Layer    command.
 * Source   product.md, section 7: every export is an event.
 */

/*
 * Ask for one.
 * Errors   ERR_QUOTA  the user has one that is not finished
 */
struct cmd_export_create {
    struct job job;
    struct idempotency idempotency;
    struct export export; /* without id and state; the id is set */
    const char *filters;  /* names of the query's parameters: ["state","q"] */
    struct actor actor;
    int64_t now;
};
void cmd_export_create_init(struct cmd_export_create *cmd);

/* It is being made. */
struct cmd_export_begin {
    struct job job;
    const char *id;
};
void cmd_export_begin_init(struct cmd_export_begin *cmd, const char *id);

/* It is ready, or has failed: state, rows, bytes and reason of `export` say so. */
struct cmd_export_end {
    struct job job;
    struct export export;
    int64_t now;
};
void cmd_export_end_init(struct cmd_export_end *cmd, const struct export *export,
                         int64_t now);

/* Forget those that were kept long enough. */
struct cmd_export_expire {
    struct job job;
    int64_t now;
};
void cmd_export_expire_init(struct cmd_export_expire *cmd, int64_t now);

#endif
