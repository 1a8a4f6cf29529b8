#ifndef YIDAN_COMMAND_SETTINGS_H
#define YIDAN_COMMAND_SETTINGS_H

#include <stdint.h>

#include "domain/deadline.h"
#include "domain/settings.h"
#include "domain/ticket.h"
#include "store/job.h"

/*
 * cmd_settings.h - changing the limits of product.md, section 4, and the
 *                  settings of the office.
 *
 * Layer    command.
 *
 * The limits have one version as a whole, and the settings another: a draft carries the
 * one it saw.  Only what is named changes, and what is named as it is changes neither the
 * list nor its version.  Every change is an event with the names of what
 * changed, and counts from the commit on: the rulebook is loaded anew.  Deadlines
 * that are running keep the moment they were given.
 */

/* A cell: amount NUMBER_ABSENT, unit CHOICE_NONE when not named. */
struct limit_draft {
    int64_t amount;
    int unit;
};
struct limit_row_draft {
    struct limit_draft urgency[URGENCY_COUNT];
};
struct limits_draft {
    struct limit_steps_draft {
        struct limit_row_draft step[STEP_COUNT];
    } steps;
    struct limit_scalars_draft {
        int64_t value[LIMIT_SCALAR_COUNT]; /* NUMBER_ABSENT: not named */
    } scalars;
    int64_t version; /* of the limits it was made upon */
};

/*
 * Errors   ERR_VERSION_CONFLICT  value: the present version
 *          ERR_FIELDS            the first limit that may not be so beside the others
 */
struct cmd_limits_change {
    struct job job;
    struct actor actor;
    struct limits_draft draft;
    int64_t now;
};
void cmd_limits_change_init(struct cmd_limits_change *cmd);

/* Texts NULL and numbers NUMBER_ABSENT: not named; within the bounds of the table. */
struct settings_draft {
    const char *text[SETTING_TEXT_COUNT];
    int64_t number[SETTING_COUNT]; /* by index of the table */
    int64_t version;               /* of the settings it was made upon */
};

/* Errors: ERR_VERSION_CONFLICT, value: the present version. */
struct cmd_settings_change {
    struct job job;
    struct actor actor;
    struct settings_draft draft;
    int64_t now;
};
void cmd_settings_change_init(struct cmd_settings_change *cmd);

#endif
