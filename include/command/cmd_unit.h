#ifndef YIDAN_COMMAND_UNIT_H
#define YIDAN_COMMAND_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "domain/ticket.h"
#include "store/idempotency.h"
#include "store/job.h"

/*
 * cmd_unit.h - making, changing and removing units.
 *
 * Layer    command.
 */

/* Letters, digits, `_` and `-`, up to UNIT_CODE_CHARACTERS. */
bool unit_code_is_valid(const char *code);

/* What a unit is made of, or what changes: absent is NULL, CHOICE_NONE, ABSENT. */
struct unit_draft {
    const char *code, *name, *short_name;
    int kind;
    const char *parent; /* a code; "" is none */
    const char *duty_keywords;
    struct text_list areas; /* codes; items NULL: not named */
    const char *head, *deputy, *contact, *phone, *night_phone;
    int sign_off;
    const char *search_key;
    enum tristate enabled;
    int64_t version;
};
void unit_draft_init(struct unit_draft *draft);

/* Errors: ERR_FIELDS (code taken or not valid, no such parent or area). */
struct cmd_unit_create {
    struct job job;
    struct actor actor;
    struct idempotency idempotency;
    struct unit_draft draft;
    int64_t now;
};
void cmd_unit_create_init(struct cmd_unit_create *cmd);

/*
 * Errors   ERR_NOT_FOUND         no such unit
 *          ERR_VERSION_CONFLICT  value: the present version
 *          ERR_FIELDS            no such parent or area, or a parent below it
 */
struct cmd_unit_change {
    struct job job;
    struct actor actor;
    struct unit_draft draft; /* `code` says which */
    int64_t now;
};
void cmd_unit_change_init(struct cmd_unit_change *cmd);

/* Only a unit that nothing has ever referred to.  Errors: ERR_NOT_FOUND, ERR_IN_USE. */
struct cmd_unit_delete {
    struct job job;
    struct actor actor;
    const char *code;
    int64_t now;
};
void cmd_unit_delete_init(struct cmd_unit_delete *cmd);

#endif
