#ifndef YIDAN_COMMAND_REPORT_H
#define YIDAN_COMMAND_REPORT_H

#include <stdint.h>

#include "domain/ticket.h"
#include "store/idempotency.h"
#include "store/job.h"

/*
 * cmd_report.h - a supervisor publishes a month (product.md, section 9: "the
 *                formula has a version, is stored with each published month, and
 *                re-computing a published month gives the same numbers").
 *
 * Layer    command.
 *
 * Kept is what the numbers are made of: each unit's names and sums, the weights,
 * where groups of volume begin, and the version of the formulas.
 *
 * Errors   ERR_FIELDS  month: not over yet (field.future), or published already
 *                      (field.taken)
 */
struct cmd_report_publish {
    struct job job;
    struct actor actor;
    struct idempotency idempotency;
    const char *month; /* "2026-11" */
    int32_t from, to;  /* its days, both in */
    int64_t now;
};
void cmd_report_publish_init(struct cmd_report_publish *cmd);

#endif
