#ifndef YIDAN_COMMAND_VOCABULARY_H
#define YIDAN_COMMAND_VOCABULARY_H

#include <stdint.h>

#include "base/json.h"
#include "domain/ticket.h"
#include "store/idempotency.h"
#include "store/job.h"

/*
 * cmd_vocabulary.h - making, changing and removing categories and areas.
 *
 * Layer    command.
 *
 * What is retired (not enabled) stays readable on old tickets and cannot be
 * chosen for new ones.  A code, and with it the place in the tree, never
 * changes: tickets are counted by it.
 */

/*
 * What it is made of, or what changes: absent is NULL, ABSENT, NUMBER_ABSENT.
 * Areas have no keywords, unit and workdays.
 */
struct vocabulary_draft {
    const char *code, *parent; /* only for a new one; NULL: the first level */
    const char *name, *search_key, *keywords;
    const char *unit; /* a code; "" is none */
    int64_t position, workdays;
    enum tristate enabled;
    int64_t version; /* of what is changed */
};
void vocabulary_draft_init(struct vocabulary_draft *draft);

/*
 * One struct for the six commands; `draft.code` says which one is meant.
 *
 * Errors   ERR_FIELDS            code taken or not valid, no such parent or unit,
 *                                or a parent that may have nothing below it
 *          ERR_NOT_FOUND         change, delete: no such code
 *          ERR_VERSION_CONFLICT  change; value: the present version
 *          ERR_IN_USE            delete: something refers to it
 */
struct cmd_vocabulary {
    struct job job;
    struct actor actor;
    struct idempotency idempotency; /* of a new one */
    struct vocabulary_draft draft;
    int64_t now;
};
void cmd_category_create_init(struct cmd_vocabulary *cmd);
void cmd_category_change_init(struct cmd_vocabulary *cmd);
void cmd_category_delete_init(struct cmd_vocabulary *cmd);
void cmd_area_create_init(struct cmd_vocabulary *cmd);
void cmd_area_change_init(struct cmd_vocabulary *cmd);
void cmd_area_delete_init(struct cmd_vocabulary *cmd);

#endif
