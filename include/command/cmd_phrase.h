#ifndef YIDAN_COMMAND_PHRASE_H
#define YIDAN_COMMAND_PHRASE_H

#include <stdint.h>

#include "base/json.h"
#include "domain/ticket.h"
#include "store/idempotency.h"
#include "store/job.h"

/*
 * cmd_phrase.h - making, changing and removing phrases and templates.
 *
 * Layer    command.
 *
 * The administrator writes all of them, a unit head the templates of the own unit.
 * They are texts about work; still, an event tells only which one it was.
 */

/* Absent is NULL, CHOICE_NONE, ABSENT. A phrase has neither title nor unit. */
struct phrase_draft {
    int64_t id; /* of what is changed or removed */
    int kind;
    const char *title, *text;
    const char *unit; /* a code; "" is all units */
    enum tristate enabled;
    int64_t version;
};

/*
 * One struct for the six commands; of a new one `draft.id` is set.
 *
 * Errors   ERR_FIELDS            the phrase is there already, no such unit
 *          ERR_FORBIDDEN         a unit head and a template not of the own unit
 *          ERR_NOT_FOUND         none with this id, or of another unit
 *          ERR_VERSION_CONFLICT  change; value: the present version
 */
struct cmd_phrase {
    struct job job;
    struct actor actor;
    struct idempotency idempotency; /* of a new one */
    struct phrase_draft draft;
    int64_t now;
};
void cmd_phrase_create_init(struct cmd_phrase *cmd);
void cmd_phrase_change_init(struct cmd_phrase *cmd);
void cmd_phrase_delete_init(struct cmd_phrase *cmd);
void cmd_template_create_init(struct cmd_phrase *cmd);
void cmd_template_change_init(struct cmd_phrase *cmd);
void cmd_template_delete_init(struct cmd_phrase *cmd);

#endif
