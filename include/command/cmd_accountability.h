#ifndef YIDAN_COMMAND_ACCOUNTABILITY_H
#define YIDAN_COMMAND_ACCOUNTABILITY_H

#include <stdint.h>

#include "domain/ticket.h"
#include "store/idempotency.h"
#include "store/job.h"

/*
 * cmd_accountability.h - a supervisor lays accountability (责任追究) on a late or
 *                        badly handled assignment (product.md, section 2).
 *
 * Layer    command.
 *
 * The ticket keeps its state and version; it gets an event that names unit and
 * date and only commits to the texts.
 */

/*
 * Errors   ERR_FIELDS  no such ticket; the unit has had no part in it; decided
 *                      later than today
 */
struct cmd_accountability {
    struct job job;
    struct actor actor;
    struct idempotency idempotency;
    const char *ticket, *unit; /* number, code */
    const char *person;        /* or post */
    const char *finding, *measure;
    int32_t decided_on;
    int64_t now;
    int64_t id; /* set: of the record */
};
void cmd_accountability_init(struct cmd_accountability *cmd);

#endif
