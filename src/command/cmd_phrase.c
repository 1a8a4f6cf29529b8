#include "command/cmd_phrase.h"

#include <stdlib.h>
#include <string.h>

#include "command_internal.h"
#include "store/phrases.h"
#include "store/units.h"
#include "store/writer.h"

/* cmd_phrase.c - making, changing and removing phrases and templates. */

static enum err
tell(struct txn *txn, const struct cmd_phrase *cmd, const char *type, const char *what,
     const struct command_changes *changes)
{
    return command_tell_changes(
        txn, &cmd->actor, cmd->now, type,
        arena_printf(txn->arena, "\"%s\":%lld", what, (long long)cmd->draft.id), changes,
        NULL);
}

/* Was it made before?  Then `draft.id` says which one. */
static enum err
find_replay(struct txn *txn, struct cmd_phrase *cmd)
{
    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay)
        cmd->draft.id = strtoll(cmd->idempotency.result, NULL, 10);
    return OK;
}

static enum err
save_replay(struct txn *txn, struct cmd_phrase *cmd)
{
    const char *id = arena_printf(txn->arena, "%lld", (long long)cmd->draft.id);

    return id == NULL ? ERR_NO_MEMORY
                      : idempotency_save(txn, &cmd->idempotency, id, cmd->now);
}

static void
change_kind(const struct choices *kinds, int typed, int *member,
            struct command_changes *changes)
{
    if (typed == CHOICE_NONE || typed == *member)
        return;
    command_changed_word(changes, "kind", choice_word(kinds, *member),
                         choice_word(kinds, typed));
    *member = typed;
}

/* --- Phrases ----------------------------------------------------------------------- */

static enum err
change_phrase(struct txn *txn, const struct phrase_draft *draft, struct phrase *phrase,
              struct command_changes *changes, struct problem *problem)
{
    struct phrase other;

    change_kind(&words_phrase_kind, draft->kind, &phrase->kind, changes);
    command_change_text(draft->text, &phrase->text, "text", changes);
    command_change_flag(draft->enabled, &phrase->is_enabled, "enabled", changes);
    enum err err =
        phrases_by_text(txn->db, txn->arena, phrase->kind, phrase->text, &other);
    if (err == OK && other.id != phrase->id)
        return command_field(problem, "text", ERR_FIELD_TAKEN, NULL);
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
phrase_create_run(struct txn *txn, struct job *job)
{
    struct cmd_phrase *cmd = job_as(job, struct cmd_phrase);
    struct phrase phrase = { .kind = CHOICE_NONE, .text = "", .is_enabled = true };
    struct command_changes ignored = { 0 };

    TRY(find_replay(txn, cmd));
    if (cmd->idempotency.is_replay)
        return OK;
    TRY(change_phrase(txn, &cmd->draft, &phrase, &ignored, &job->problem));
    TRY(phrases_insert(txn, &phrase, &cmd->draft.id));
    TRY(tell(txn, cmd, "phrase_created", "phrase", NULL));
    return save_replay(txn, cmd);
}

static enum err
phrase_change_run(struct txn *txn, struct job *job)
{
    struct cmd_phrase *cmd = job_as(job, struct cmd_phrase);
    struct command_changes changes = { 0 };
    struct phrase phrase;

    TRY(phrases_by_id(txn->db, txn->arena, cmd->draft.id, &phrase));
    if (cmd->draft.version != phrase.version)
        return command_stale(&job->problem, phrase.version);
    TRY(change_phrase(txn, &cmd->draft, &phrase, &changes, &job->problem));
    if (changes.bytes == 0)
        return OK;
    TRY(phrases_update(txn, &phrase));
    return tell(txn, cmd, "phrase_changed", "phrase", &changes);
}

static enum err
phrase_delete_run(struct txn *txn, struct job *job)
{
    struct cmd_phrase *cmd = job_as(job, struct cmd_phrase);
    struct phrase phrase;

    TRY(phrases_by_id(txn->db, txn->arena, cmd->draft.id, &phrase));
    TRY(phrases_delete(txn, phrase.id));
    return tell(txn, cmd, "phrase_deleted", "phrase", NULL);
}

/* --- Templates --------------------------------------------------------------------- */

static bool
is_admin(const struct cmd_phrase *cmd)
{
    return (cmd->actor.roles & ROLE_BIT(ROLE_ADMIN)) != 0;
}

/* The unit of the actor, who may write only there. */
static enum err
own_unit(struct txn *txn, const struct cmd_phrase *cmd, struct unit *ret_unit)
{
    return units_by_id(txn->db, txn->arena, cmd->actor.unit_id, ret_unit);
}

static enum err
find_template(struct txn *txn, const struct cmd_phrase *cmd, struct text_template *one)
{
    struct unit unit;

    TRY(templates_by_id(txn->db, txn->arena, cmd->draft.id,
                        is_admin(cmd) ? 0 : cmd->actor.unit_id, one));
    if (is_admin(cmd))
        return OK;
    TRY(own_unit(txn, cmd, &unit));
    return one->unit != NULL && strcmp(one->unit, unit.code) == 0 ? OK : ERR_FORBIDDEN;
}

/* A template stays in the unit of a head who writes it. */
static enum err
change_unit(struct txn *txn, const struct cmd_phrase *cmd, struct text_template *one,
            struct command_changes *changes, struct problem *problem)
{
    const char *typed = cmd->draft.unit, *before = one->unit;
    struct unit unit;

    if (!is_admin(cmd)) {
        TRY(own_unit(txn, cmd, &unit));
        one->unit = unit.code;
        return typed == NULL || strcmp(typed, unit.code) == 0 ? OK : ERR_FORBIDDEN;
    }
    if (typed == NULL || strcmp(typed, one->unit == NULL ? "" : one->unit) == 0)
        return OK;
    one->unit = typed[0] == '\0' ? NULL : typed;
    if (one->unit != NULL) {
        enum err err = units_by_code(txn->db, txn->arena, typed, &unit);
        if (err == ERR_NOT_FOUND)
            return command_field(problem, "unit", ERR_FIELD_NOT_FOUND, typed);
        TRY(err);
    }
    command_changed_word(changes, "unit", before, one->unit);
    return OK;
}

static enum err
change_template(struct txn *txn, const struct cmd_phrase *cmd, struct text_template *one,
                struct command_changes *changes, struct problem *problem)
{
    change_kind(&words_template_kind, cmd->draft.kind, &one->kind, changes);
    command_change_text(cmd->draft.title, &one->title, "title", changes);
    command_change_text(cmd->draft.text, &one->text, "text", changes);
    command_change_flag(cmd->draft.enabled, &one->is_enabled, "enabled", changes);
    return change_unit(txn, cmd, one, changes, problem);
}

static enum err
template_create_run(struct txn *txn, struct job *job)
{
    struct cmd_phrase *cmd = job_as(job, struct cmd_phrase);
    struct text_template one = {
        .kind = CHOICE_NONE, .title = "", .text = "", .is_enabled = true
    };
    struct command_changes ignored = { 0 };

    TRY(find_replay(txn, cmd));
    if (cmd->idempotency.is_replay)
        return OK;
    TRY(change_template(txn, cmd, &one, &ignored, &job->problem));
    TRY(templates_insert(txn, &one, &cmd->draft.id));
    TRY(tell(txn, cmd, "template_created", "template", NULL));
    return save_replay(txn, cmd);
}

static enum err
template_change_run(struct txn *txn, struct job *job)
{
    struct cmd_phrase *cmd = job_as(job, struct cmd_phrase);
    struct command_changes changes = { 0 };
    struct text_template one;

    TRY(find_template(txn, cmd, &one));
    if (cmd->draft.version != one.version)
        return command_stale(&job->problem, one.version);
    TRY(change_template(txn, cmd, &one, &changes, &job->problem));
    if (changes.bytes == 0)
        return OK;
    TRY(templates_update(txn, &one));
    return tell(txn, cmd, "template_changed", "template", &changes);
}

static enum err
template_delete_run(struct txn *txn, struct job *job)
{
    struct cmd_phrase *cmd = job_as(job, struct cmd_phrase);
    struct text_template one;

    TRY(find_template(txn, cmd, &one));
    TRY(templates_delete(txn, one.id));
    return tell(txn, cmd, "template_deleted", "template", NULL);
}

/* --- The commands ------------------------------------------------------------------ */

static void
init(struct cmd_phrase *cmd, const char *name,
     enum err (*run)(struct txn *txn, struct job *job))
{
    *cmd = (struct cmd_phrase){ .job = { .name = name, .run = run },
                                .draft = { .kind = CHOICE_NONE } };
}

void
cmd_phrase_create_init(struct cmd_phrase *cmd)
{
    init(cmd, "phrase_create", phrase_create_run);
}

void
cmd_phrase_change_init(struct cmd_phrase *cmd)
{
    init(cmd, "phrase_change", phrase_change_run);
}

void
cmd_phrase_delete_init(struct cmd_phrase *cmd)
{
    init(cmd, "phrase_delete", phrase_delete_run);
}

void
cmd_template_create_init(struct cmd_phrase *cmd)
{
    init(cmd, "template_create", template_create_run);
}

void
cmd_template_change_init(struct cmd_phrase *cmd)
{
    init(cmd, "template_change", template_change_run);
}

void
cmd_template_delete_init(struct cmd_phrase *cmd)
{
    init(cmd, "template_delete", template_delete_run);
}
