#include "command/cmd_channel.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "command/cmd_unit.h"
#include "command_internal.h"
#include "store/channels.h"
#include "store/writer.h"

/*
 * cmd_channel.c - making, changing and removing channels.
 *
 * 1. No two channels have one letter, and no number changes its meaning.
 * 2. Whatever changes here changes the rulebook.
 */

/* A text of the channel, in its place; the bounds of the form fit the place. */
static enum err
change_text(struct txn *txn, const char *typed, char *member, size_t room,
            const char *name, struct command_changes *changes)
{
    if (typed == NULL || strcmp(typed, member) == 0)
        return OK;
    const char *before = arena_text(txn->arena, member);

    if (before == NULL)
        return ERR_NO_MEMORY;
    if (!text_format(member, room, "%s", typed))
        return ERR_INTERNAL;
    command_changed_text(changes, name, before, typed);
    return OK;
}

static enum err
change_letter(struct txn *txn, int letter, struct channel *channel, bool is_new,
              struct command_changes *changes, struct problem *problem)
{
    char owner[CHANNEL_CODE_BYTES];
    char typed[2] = { (char)('A' + letter), '\0' };
    bool is_used = false;

    if (letter == CHOICE_NONE || typed[0] == channel->letter)
        return OK;
    if (!is_new)
        TRY(channels_is_used(txn->db, channel->code, &is_used));
    if (is_used)
        return ERR_IN_USE;
    TRY(channels_of_letter(txn->db, typed[0], owner));
    if (owner[0] != '\0')
        return command_field(problem, "letter", ERR_FIELD_TAKEN, typed);
    const char *before = is_new ? NULL : arena_printf(txn->arena, "%c", channel->letter);
    const char *after = arena_text(txn->arena, typed);

    if (after == NULL || (before == NULL && !is_new))
        return ERR_NO_MEMORY;
    channel->letter = typed[0];
    command_changed_word(changes, "letter", before, after);
    return OK;
}

static enum err
change(struct txn *txn, const struct channel_draft *draft, struct channel_row *row,
       bool is_new, struct command_changes *changes, struct problem *problem)
{
    struct channel *channel = &row->channel;
    int64_t workdays = channel->workdays;

    TRY(change_letter(txn, draft->letter, channel, is_new, changes, problem));
    TRY(change_text(txn, draft->zh, channel->zh, sizeof channel->zh, "zh", changes));
    TRY(change_text(txn, draft->en, channel->en, sizeof channel->en, "en", changes));
    command_change_number(draft->workdays, &workdays, "workdays", changes);
    channel->workdays = (int32_t)workdays;
    command_change_number(draft->position, &row->position, "position", changes);
    command_change_flag(draft->enabled, &channel->is_enabled, "enabled", changes);
    return OK;
}

static enum err
tell(struct txn *txn, struct cmd_channel *cmd, const char *type,
     const struct command_changes *changes)
{
    cmd->job.changes_rulebook = true;
    return command_tell_changes(txn, &cmd->actor, cmd->now, type,
                                command_facts(txn, "code", cmd->draft.code), changes,
                                NULL);
}

static enum err
create_run(struct txn *txn, struct job *job)
{
    struct cmd_channel *cmd = job_as(job, struct cmd_channel);
    struct command_changes ignored = { 0 };
    struct channel_row row;

    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay)
        return OK;
    if (!unit_code_is_valid(cmd->draft.code))
        return command_field(&job->problem, "code", ERR_FIELD_INVALID, NULL);
    enum err err = channels_by_code(txn->db, cmd->draft.code, &row);
    if (err == OK)
        return command_field(&job->problem, "code", ERR_FIELD_TAKEN, cmd->draft.code);
    if (err != ERR_NOT_FOUND)
        return err;
    row = (struct channel_row){ .channel = { .is_enabled = true } };
    if (!text_format(row.channel.code, sizeof row.channel.code, "%s", cmd->draft.code))
        return ERR_INTERNAL; /* the form's bounds fit */
    TRY(change(txn, &cmd->draft, &row, true, &ignored, &job->problem));
    TRY(channels_insert(txn, &row));
    TRY(tell(txn, cmd, "channel_created", NULL));
    return idempotency_save(txn, &cmd->idempotency, cmd->draft.code, cmd->now);
}

static enum err
change_run(struct txn *txn, struct job *job)
{
    struct cmd_channel *cmd = job_as(job, struct cmd_channel);
    struct command_changes changes = { 0 };
    struct channel_row row;

    TRY(channels_by_code(txn->db, cmd->draft.code, &row));
    if (cmd->draft.version != row.version)
        return command_stale(&job->problem, row.version);
    TRY(change(txn, &cmd->draft, &row, false, &changes, &job->problem));
    if (changes.bytes == 0)
        return OK;
    TRY(channels_update(txn, &row));
    return tell(txn, cmd, "channel_changed", &changes);
}

static enum err
delete_run(struct txn *txn, struct job *job)
{
    struct cmd_channel *cmd = job_as(job, struct cmd_channel);
    struct channel_row row;
    bool is_used = false;

    TRY(channels_by_code(txn->db, cmd->draft.code, &row));
    TRY(channels_is_used(txn->db, row.channel.code, &is_used));
    if (is_used)
        return ERR_IN_USE;
    TRY(channels_delete(txn, row.channel.code));
    return tell(txn, cmd, "channel_deleted", NULL);
}

static void
init(struct cmd_channel *cmd, const char *name,
     enum err (*run)(struct txn *txn, struct job *job))
{
    *cmd = (struct cmd_channel){
        .job = { .name = name, .run = run },
        .draft = { .letter = CHOICE_NONE,
                   .workdays = NUMBER_ABSENT,
                   .position = NUMBER_ABSENT },
    };
}

void
cmd_channel_create_init(struct cmd_channel *cmd)
{
    init(cmd, "channel_create", create_run);
}

void
cmd_channel_change_init(struct cmd_channel *cmd)
{
    init(cmd, "channel_change", change_run);
}

void
cmd_channel_delete_init(struct cmd_channel *cmd)
{
    init(cmd, "channel_delete", delete_run);
}
