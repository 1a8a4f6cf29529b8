#include "command/cmd_unit.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "command_internal.h"
#include "store/events.h"
#include "store/units.h"
#include "store/vocabulary.h"
#include "store/writer.h"

/*
 * cmd_unit.c - making, changing and removing units.
 *
 * 1. The parents of a unit end at the top: no unit is above itself.
 */

#define DEPTH_MAX 20

bool
unit_code_is_valid(const char *code)
{
    size_t length =
        strspn(code, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    return length > 0 && length <= UNIT_CODE_CHARACTERS && code[length] == '\0';
}

void
unit_draft_init(struct unit_draft *draft)
{
    *draft = (struct unit_draft){ .kind = CHOICE_NONE, .sign_off = CHOICE_NONE };
}

static enum err
tell(struct txn *txn, const struct actor *actor, int64_t now, const char *type,
     int64_t unit_id, const char *code, const struct command_changes *changes)
{
    return command_tell_changes(txn, actor, now, type,
                                arena_printf(txn->arena, "\"unit\":%lld,\"code\":\"%s\"",
                                             (long long)unit_id, code),
                                changes, NULL);
}

/* The unit above: it exists, and `unit_id` (0: a new one) is not above it. */
static enum err
find_parent(struct txn *txn, const char *code, int64_t unit_id, int64_t *ret_id,
            struct problem *problem)
{
    struct unit above;
    enum err err = units_by_code(txn->db, txn->arena, code, &above);

    if (err == ERR_NOT_FOUND)
        return command_field(problem, "parent", ERR_FIELD_NOT_FOUND, code);
    if (err != OK)
        return err;
    int64_t parent_id = above.id;
    for (int depth = 0; above.id != unit_id && above.parent_id != 0; depth++) {
        if (depth == DEPTH_MAX)
            return command_field(problem, "parent", ERR_FIELD_INVALID, NULL);
        TRY(units_by_id(txn->db, txn->arena, above.parent_id, &above));
    }
    if (above.id == unit_id)
        return command_field(problem, "parent", ERR_FIELD_INVALID, NULL);
    *ret_id = parent_id;
    return OK;
}

/* Each area exists and may be chosen, and none stands there twice. */
static enum err
check_areas(struct txn *txn, const struct text_list *areas, struct problem *problem)
{
    const char *name; /* nobody asks for it */
    char field[32];

    for (size_t i = 0; i < areas->count; i++) {
        (void)text_format(field, sizeof field, "areas[%zu]", i); /* fits */
        for (size_t before = 0; before < i; before++)
            if (strcmp(areas->items[before], areas->items[i]) == 0)
                return command_field(problem, field, ERR_FIELD_DUPLICATE,
                                     areas->items[i]);
        enum err err = areas_check(txn->db, txn->arena, areas->items[i], &name);
        if (err == ERR_NOT_FOUND)
            return command_field(problem, field, ERR_FIELD_NOT_FOUND, areas->items[i]);
        if (err != OK)
            return err;
    }
    return OK;
}

/* --- What a draft changes -------------------------------------------------------- */

/* A code that may be none: "" takes it away. */
static bool
is_other_code(const char *typed, const char *present)
{
    return typed != NULL && strcmp(typed, present == NULL ? "" : present) != 0;
}

/* Put what the draft names into `unit`, and note what that changes. */
static enum err
change_unit(struct txn *txn, const struct unit_draft *draft, struct unit *unit,
            struct command_changes *changes, struct problem *problem)
{
    command_change_text(draft->name, &unit->name, "name", changes);
    command_change_text(draft->short_name, &unit->short_name, "short_name", changes);
    command_change_text(draft->duty_keywords, &unit->duty_keywords, "duty_keywords",
                        changes);
    command_change_person(draft->head, &unit->head, "head", changes);
    command_change_person(draft->deputy, &unit->deputy, "deputy", changes);
    command_change_person(draft->contact, &unit->contact, "contact", changes);
    command_change_person(draft->phone, &unit->phone, "phone", changes);
    command_change_person(draft->night_phone, &unit->night_phone, "night_phone", changes);
    command_change_text(draft->search_key, &unit->search_key, "search_key", changes);
    if (draft->kind != CHOICE_NONE && draft->kind != unit->kind) {
        command_changed_word(changes, "kind", choice_word(&words_unit_kind, unit->kind),
                             choice_word(&words_unit_kind, draft->kind));
        unit->kind = draft->kind;
    }
    if (draft->sign_off != CHOICE_NONE && draft->sign_off != unit->sign_off) {
        command_changed_word(changes, "sign_off",
                             choice_word(&words_sign_off, unit->sign_off),
                             choice_word(&words_sign_off, draft->sign_off));
        unit->sign_off = draft->sign_off;
    }
    command_change_flag(draft->enabled, &unit->is_enabled, "enabled", changes);
    if (is_other_code(draft->parent, unit->parent)) {
        unit->parent_id = 0;
        if (draft->parent[0] != '\0')
            TRY(find_parent(txn, draft->parent, unit->id, &unit->parent_id, problem));
        command_changed_word(changes, "parent", unit->parent,
                             draft->parent[0] != '\0' ? draft->parent : NULL);
    }
    if (draft->areas.items != NULL) {
        TRY(check_areas(txn, &draft->areas, problem));
        command_changed(changes, "areas");
    }
    return OK;
}

/* --- The commands -------------------------------------------------------------- */

static enum err
create_run(struct txn *txn, struct job *job)
{
    struct cmd_unit_create *cmd = job_as(job, struct cmd_unit_create);
    const struct unit_draft *draft = &cmd->draft;
    struct command_changes ignored = { 0 };
    struct unit unit;
    int64_t id = 0;

    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay)
        return OK;
    if (!unit_code_is_valid(draft->code))
        return command_field(&job->problem, "code", ERR_FIELD_INVALID, NULL);
    enum err err = units_by_code(txn->db, txn->arena, draft->code, &unit);
    if (err == OK)
        return command_field(&job->problem, "code", ERR_FIELD_TAKEN, draft->code);
    if (err != ERR_NOT_FOUND)
        return err;

    unit = (struct unit){
        .code = draft->code,
        .name = "",
        .short_name = draft->name, /* when no shorter one is given */
        .kind = draft->kind,
        .duty_keywords = "",
        .head = "",
        .deputy = "",
        .contact = "",
        .phone = "",
        .night_phone = "",
        .sign_off = SIGN_OFF_RECORDED,
        .search_key = "",
        .is_enabled = true,
    };
    TRY(change_unit(txn, draft, &unit, &ignored, &job->problem));
    TRY(units_insert(txn, &unit, &id));
    TRY(units_set_areas(txn, id, &draft->areas));
    TRY(tell(txn, &cmd->actor, cmd->now, "unit_created", id, draft->code, NULL));
    return idempotency_save(txn, &cmd->idempotency, draft->code, cmd->now);
}

void
cmd_unit_create_init(struct cmd_unit_create *cmd)
{
    *cmd =
        (struct cmd_unit_create){ .job = { .name = "unit_create", .run = create_run } };
    unit_draft_init(&cmd->draft);
}

static enum err
change_run(struct txn *txn, struct job *job)
{
    struct cmd_unit_change *cmd = job_as(job, struct cmd_unit_change);
    struct command_changes changes = { 0 };
    struct unit unit;

    TRY(units_by_code(txn->db, txn->arena, cmd->draft.code, &unit));
    if (cmd->draft.version != 0 && cmd->draft.version != unit.version)
        return command_stale(&job->problem, unit.version);
    TRY(change_unit(txn, &cmd->draft, &unit, &changes, &job->problem));
    if (changes.bytes == 0)
        return OK; /* nothing is different: no new version, no event */
    TRY(units_update(txn, &unit));
    if (cmd->draft.areas.items != NULL)
        TRY(units_set_areas(txn, unit.id, &cmd->draft.areas));
    return tell(txn, &cmd->actor, cmd->now, "unit_changed", unit.id, unit.code, &changes);
}

void
cmd_unit_change_init(struct cmd_unit_change *cmd)
{
    *cmd =
        (struct cmd_unit_change){ .job = { .name = "unit_change", .run = change_run } };
    unit_draft_init(&cmd->draft);
}

static enum err
delete_run(struct txn *txn, struct job *job)
{
    struct cmd_unit_delete *cmd = job_as(job, struct cmd_unit_delete);
    struct unit unit;
    bool is_used = false;

    TRY(units_by_code(txn->db, txn->arena, cmd->code, &unit));
    TRY(units_is_used(txn->db, unit.id, &is_used));
    if (is_used)
        return ERR_IN_USE;
    TRY(units_delete(txn, unit.id));
    return tell(txn, &cmd->actor, cmd->now, "unit_deleted", unit.id, unit.code, NULL);
}

void
cmd_unit_delete_init(struct cmd_unit_delete *cmd)
{
    *cmd =
        (struct cmd_unit_delete){ .job = { .name = "unit_delete", .run = delete_run } };
}
