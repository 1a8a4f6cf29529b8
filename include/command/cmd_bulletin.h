#ifndef YIDAN_COMMAND_BULLETIN_H
#define YIDAN_COMMAND_BULLETIN_H

#include <stdint.h>

#include "domain/ticket.h"
#include "store/idempotency.h"
#include "store/job.h"
#include "store/reports.h"

/*
 * cmd_bulletin.h - a supervisor makes, edits and issues a special report (专报), a
 *                  circular (通报), a daily or weekly brief (日报, 周报).
 *
 * Layer    command.
 *
 * Issuing gives the next number of its kind and year and freezes text and figures.
 */
#define BULLETIN_TITLE_CHARACTERS 100
#define BULLETIN_TEXT_CHARACTERS 20000

struct cmd_bulletin {
    struct job job;
    struct actor actor;
    struct idempotency idempotency; /* of making and issuing */
    struct bulletin
        draft;       /* create: kind, days, title, text, figures; else title, text */
    int64_t id;      /* set by create */
    int64_t version; /* change, issue */
    int64_t now;
};

void cmd_bulletin_create_init(struct cmd_bulletin *cmd);
/*
 * Errors   ERR_NOT_FOUND         of change and issue
 *          ERR_BULLETIN_ISSUED   value: its number
 *          ERR_VERSION_CONFLICT  value: the present version
 */
void cmd_bulletin_change_init(struct cmd_bulletin *cmd);
void cmd_bulletin_issue_init(struct cmd_bulletin *cmd);

#endif
