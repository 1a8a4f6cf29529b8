#ifndef YIDAN_COMMAND_CMD_ATTACHMENT_H
#define YIDAN_COMMAND_CMD_ATTACHMENT_H

#include "domain/ticket.h"
#include "store/idempotency.h"
#include "store/job.h"
#include "store/upload.h"

/*
 * cmd_attachment.h - a file is attached to a ticket.
 *
 * Layer    command.
 * Threads  fill on any thread; `prepare` on a worker, `run` on the writer.
 * Source   reliability.md 3 and 18.
 */

/*
 * Attach the finished `upload` as `name`.  `prepare` judges its type and puts
 * the file in its place; `run` writes event and row.  The idempotency's hash
 * is that of everything but the file; prepare adds the file's.  A citizen as
 * actor has proved elsewhere that the ticket is theirs.
 *
 * Errors   ERR_NOT_FOUND            no such ticket, or not visible
 *          ERR_FORBIDDEN            may not attach this kind (access_attach())
 *          ERR_ATTACHMENT_TYPE      by field `name`
 *          ERR_ATTACHMENT_TOO_MANY  value: how many there may be, or a citizen may add
 *          those of upload_place() and idempotency_find()
 */
struct cmd_attach {
    struct job job;
    struct idempotency idempotency;
    struct actor actor;
    int64_t now;
    char no[TICKET_NO_BYTES];
    int kind; /* enum attachment_kind */
    const char *name;
    struct upload *upload; /* borrowed; upload_close() is the caller's */

    int type; /* between prepare and run */

    char id[IDENT_UUID_BYTES]; /* out; of the first try on a replay */
};
void cmd_attach_init(struct cmd_attach *cmd);

#endif
