#include "command/cmd_vocabulary.h"

#include <string.h>

#include "command/cmd_unit.h"
#include "command_internal.h"
#include "store/units.h"
#include "store/vocabulary.h"
#include "store/writer.h"

/*
 * cmd_vocabulary.c - making, changing and removing categories and areas.
 *
 * 1. A category has at most CATEGORY_LEVELS levels, an area two.
 * 2. Nothing is removed that a ticket, a unit or something below it refers to.
 */

void
vocabulary_draft_init(struct vocabulary_draft *draft)
{
    *draft =
        (struct vocabulary_draft){ .position = NUMBER_ABSENT, .workdays = NUMBER_ABSENT };
}

/* A retry of a create is answered; otherwise the code must be plain. */
static enum err
begin_create(struct txn *txn, struct cmd_vocabulary *cmd)
{
    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (!cmd->idempotency.is_replay && !unit_code_is_valid(cmd->draft.code))
        return command_field(&cmd->job.problem, "code", ERR_FIELD_INVALID, NULL);
    return OK;
}

static enum err
tell(struct txn *txn, const struct cmd_vocabulary *cmd, const char *type,
     const struct command_changes *changes)
{
    return command_tell_changes(txn, &cmd->actor, cmd->now, type,
                                command_facts(txn, "code", cmd->draft.code), changes,
                                NULL);
}

/* --- Categories ------------------------------------------------------------------ */

static enum err
change_category(struct txn *txn, const struct vocabulary_draft *draft,
                struct category *category, struct command_changes *changes,
                struct problem *problem)
{
    command_change_text(draft->name, &category->name, "name", changes);
    command_change_text(draft->search_key, &category->search_key, "search_key", changes);
    command_change_text(draft->keywords, &category->keywords, "keywords", changes);
    command_change_number(draft->position, &category->position, "position", changes);
    command_change_number(draft->workdays, &category->workdays, "workdays", changes);
    command_change_flag(draft->enabled, &category->is_enabled, "enabled", changes);
    if (draft->unit != NULL &&
        strcmp(draft->unit, category->unit == NULL ? "" : category->unit) != 0) {
        const char *before = category->unit;
        struct unit unit;
        category->unit = draft->unit[0] == '\0' ? NULL : draft->unit;
        enum err err = category->unit == NULL
                           ? OK
                           : units_by_code(txn->db, txn->arena, draft->unit, &unit);
        if (err == ERR_NOT_FOUND)
            return command_field(problem, "unit", ERR_FIELD_NOT_FOUND, draft->unit);
        TRY(err);
        command_changed_word(changes, "unit", before, category->unit);
    }
    return OK;
}

static enum err
category_create_run(struct txn *txn, struct job *job)
{
    struct cmd_vocabulary *cmd = job_as(job, struct cmd_vocabulary);
    const struct vocabulary_draft *draft = &cmd->draft;
    struct command_changes ignored = { 0 };
    struct category category, parent = { .level = 0 };

    TRY(begin_create(txn, cmd));
    if (cmd->idempotency.is_replay)
        return OK;
    enum err err = categories_by_code(txn->db, txn->arena, draft->code, &category);
    if (err == OK)
        return command_field(&job->problem, "code", ERR_FIELD_TAKEN, draft->code);
    if (err != ERR_NOT_FOUND)
        return err;
    if (draft->parent != NULL) {
        err = categories_by_code(txn->db, txn->arena, draft->parent, &parent);
        if (err == ERR_NOT_FOUND)
            return command_field(&job->problem, "parent", ERR_FIELD_NOT_FOUND,
                                 draft->parent);
        TRY(err);
        if (parent.level == CATEGORY_LEVELS)
            return command_field(&job->problem, "parent", ERR_FIELD_INVALID, NULL);
    }
    category = (struct category){
        .code = draft->code,
        .parent = draft->parent,
        .level = parent.level + 1,
        .name = "",
        .is_enabled = true,
        .search_key = "",
        .keywords = "",
    };
    TRY(change_category(txn, draft, &category, &ignored, &job->problem));
    TRY(categories_insert(txn, &category));
    TRY(tell(txn, cmd, "category_created", NULL));
    return idempotency_save(txn, &cmd->idempotency, draft->code, cmd->now);
}

static enum err
category_change_run(struct txn *txn, struct job *job)
{
    struct cmd_vocabulary *cmd = job_as(job, struct cmd_vocabulary);
    struct command_changes changes = { 0 };
    struct category category;

    TRY(categories_by_code(txn->db, txn->arena, cmd->draft.code, &category));
    if (cmd->draft.version != category.version)
        return command_stale(&job->problem, category.version);
    TRY(change_category(txn, &cmd->draft, &category, &changes, &job->problem));
    if (changes.bytes == 0)
        return OK; /* nothing is different: no new version, no event */
    TRY(categories_update(txn, &category));
    return tell(txn, cmd, "category_changed", &changes);
}

static enum err
category_delete_run(struct txn *txn, struct job *job)
{
    struct cmd_vocabulary *cmd = job_as(job, struct cmd_vocabulary);
    struct category category;
    bool is_used = false;

    TRY(categories_by_code(txn->db, txn->arena, cmd->draft.code, &category));
    TRY(categories_is_used(txn->db, category.code, &is_used));
    if (is_used)
        return ERR_IN_USE;
    TRY(categories_delete(txn, category.code));
    return tell(txn, cmd, "category_deleted", NULL);
}

/* --- Areas ------------------------------------------------------------------------- */

static void
change_area(const struct vocabulary_draft *draft, struct area *area,
            struct command_changes *changes)
{
    command_change_text(draft->name, &area->name, "name", changes);
    command_change_text(draft->search_key, &area->search_key, "search_key", changes);
    command_change_number(draft->position, &area->position, "position", changes);
    command_change_flag(draft->enabled, &area->is_enabled, "enabled", changes);
}

static enum err
area_create_run(struct txn *txn, struct job *job)
{
    struct cmd_vocabulary *cmd = job_as(job, struct cmd_vocabulary);
    const struct vocabulary_draft *draft = &cmd->draft;
    struct command_changes ignored = { 0 };
    struct area area, parent;

    TRY(begin_create(txn, cmd));
    if (cmd->idempotency.is_replay)
        return OK;
    enum err err = areas_by_code(txn->db, txn->arena, draft->code, &area);
    if (err == OK)
        return command_field(&job->problem, "code", ERR_FIELD_TAKEN, draft->code);
    if (err != ERR_NOT_FOUND)
        return err;
    if (draft->parent != NULL) {
        err = areas_by_code(txn->db, txn->arena, draft->parent, &parent);
        if (err == ERR_NOT_FOUND)
            return command_field(&job->problem, "parent", ERR_FIELD_NOT_FOUND,
                                 draft->parent);
        TRY(err);
        if (parent.parent != NULL) /* a village has nothing below it */
            return command_field(&job->problem, "parent", ERR_FIELD_INVALID, NULL);
    }
    area = (struct area){
        .code = draft->code,
        .parent = draft->parent,
        .name = "",
        .is_enabled = true,
        .search_key = "",
    };
    change_area(draft, &area, &ignored);
    TRY(areas_insert(txn, &area));
    TRY(tell(txn, cmd, "area_created", NULL));
    return idempotency_save(txn, &cmd->idempotency, draft->code, cmd->now);
}

static enum err
area_change_run(struct txn *txn, struct job *job)
{
    struct cmd_vocabulary *cmd = job_as(job, struct cmd_vocabulary);
    struct command_changes changes = { 0 };
    struct area area;

    TRY(areas_by_code(txn->db, txn->arena, cmd->draft.code, &area));
    if (cmd->draft.version != area.version)
        return command_stale(&job->problem, area.version);
    change_area(&cmd->draft, &area, &changes);
    if (changes.bytes == 0)
        return OK;
    TRY(areas_update(txn, &area));
    return tell(txn, cmd, "area_changed", &changes);
}

static enum err
area_delete_run(struct txn *txn, struct job *job)
{
    struct cmd_vocabulary *cmd = job_as(job, struct cmd_vocabulary);
    struct area area;
    bool is_used = false;

    TRY(areas_by_code(txn->db, txn->arena, cmd->draft.code, &area));
    TRY(areas_is_used(txn->db, area.code, &is_used));
    if (is_used)
        return ERR_IN_USE;
    TRY(areas_delete(txn, area.code));
    return tell(txn, cmd, "area_deleted", NULL);
}

/* --- The commands ------------------------------------------------------------------ */

static void
init(struct cmd_vocabulary *cmd, const char *name,
     enum err (*run)(struct txn *txn, struct job *job))
{
    *cmd = (struct cmd_vocabulary){ .job = { .name = name, .run = run } };
    vocabulary_draft_init(&cmd->draft);
}

void
cmd_category_create_init(struct cmd_vocabulary *cmd)
{
    init(cmd, "category_create", category_create_run);
}

void
cmd_category_change_init(struct cmd_vocabulary *cmd)
{
    init(cmd, "category_change", category_change_run);
}

void
cmd_category_delete_init(struct cmd_vocabulary *cmd)
{
    init(cmd, "category_delete", category_delete_run);
}

void
cmd_area_create_init(struct cmd_vocabulary *cmd)
{
    init(cmd, "area_create", area_create_run);
}

void
cmd_area_change_init(struct cmd_vocabulary *cmd)
{
    init(cmd, "area_change", area_change_run);
}

void
cmd_area_delete_init(struct cmd_vocabulary *cmd)
{
    init(cmd, "area_delete", area_delete_run);
}
