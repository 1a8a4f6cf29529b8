#include "command/cmd_bulletin.h"

#include <stdlib.h>

#include "base/text.h"
#include "base/timeutil.h"
#include "command_internal.h"
#include "store/rulebook.h"
#include "store/tickets.h"
#include "store/writer.h"

/* cmd_bulletin.c - see the header. */

static enum err
tell(struct txn *txn, const struct cmd_bulletin *cmd, const char *type, int kind)
{
    return command_tell(txn, &cmd->actor, cmd->now, type,
                        arena_printf(txn->arena, "\"bulletin\":%lld,\"kind\":\"%s\"",
                                     (long long)cmd->id,
                                     choice_word(&words_bulletin_kind, kind)));
}

/* Was it done before?  Then `id` says of which one. */
static enum err
find_replay(struct txn *txn, struct cmd_bulletin *cmd)
{
    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay)
        cmd->id = strtoll(cmd->idempotency.result, NULL, 10);
    return OK;
}

static enum err
save_replay(struct txn *txn, struct cmd_bulletin *cmd)
{
    const char *id = arena_printf(txn->arena, "%lld", (long long)cmd->id);

    return id == NULL ? ERR_NO_MEMORY
                      : idempotency_save(txn, &cmd->idempotency, id, cmd->now);
}

static enum err
create_run(struct txn *txn, struct job *job)
{
    struct cmd_bulletin *cmd = job_as(job, struct cmd_bulletin);

    TRY(find_replay(txn, cmd));
    if (cmd->idempotency.is_replay)
        return OK;
    TRY(bulletins_insert(txn, &cmd->draft, cmd->actor.id, cmd->now, &cmd->id));
    TRY(tell(txn, cmd, "bulletin_created", cmd->draft.kind));
    return save_replay(txn, cmd);
}

/* The draft that is meant, in the version that was seen. */
static enum err
load_draft(struct txn *txn, struct cmd_bulletin *cmd, struct bulletin *ret_bulletin)
{
    struct problem *problem = &cmd->job.problem;

    TRY(bulletins_by_id(txn->db, txn->arena, cmd->id, ret_bulletin));
    if (ret_bulletin->state == BULLETIN_ISSUED)
        return problem_value(problem, ERR_BULLETIN_ISSUED, "%s", ret_bulletin->number);
    if (ret_bulletin->version != cmd->version)
        return command_stale(problem, ret_bulletin->version);
    return OK;
}

static enum err
change_run(struct txn *txn, struct job *job)
{
    struct cmd_bulletin *cmd = job_as(job, struct cmd_bulletin);
    struct bulletin bulletin;

    TRY(load_draft(txn, cmd, &bulletin));
    TRY(bulletins_change(txn, cmd->id, cmd->version, cmd->draft.title, cmd->draft.text));
    return tell(txn, cmd, "bulletin_changed", bulletin.kind);
}

static const char *
kind_word(const struct settings *settings, int kind)
{
    const char *const words[] = {
        [BULLETIN_SPECIAL] = settings->special_word,
        [BULLETIN_CIRCULAR] = settings->circular_word,
        [BULLETIN_DAILY] = settings->daily_word,
        [BULLETIN_WEEKLY] = settings->weekly_word,
    };

    return words[kind];
}

/*
 * 静督通〔2026〕3号: the county's word, the kind's, and a number of the year; and what
 * the office is called now.
 */
static enum err
next_number(struct txn *txn, const struct cmd_bulletin *cmd, int kind,
            const char **ret_number, const char **ret_office)
{
    char office[SETTING_OFFICE_BYTES];
    int year = time_date_of_day(time_day(cmd->now)).year;
    char series[40];
    int64_t value;

    if (!text_format(series, sizeof series, "bulletin %s %d",
                     choice_word(&words_bulletin_kind, kind), year))
        return ERR_INTERNAL;
    TRY(sequences_next(txn, series, &value));
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    const struct settings *settings = &rulebook->settings;
    *ret_number = arena_printf(txn->arena, "%s%s〔%d〕%lld号", settings->document_word,
                               kind_word(settings, kind), year, (long long)value);
    setting_office(settings, office);
    *ret_office = arena_text(txn->arena, office);
    rulebook_release(rulebook);
    return *ret_number == NULL || *ret_office == NULL ? ERR_NO_MEMORY : OK;
}

static enum err
issue_run(struct txn *txn, struct job *job)
{
    struct cmd_bulletin *cmd = job_as(job, struct cmd_bulletin);
    struct bulletin bulletin;
    const char *number = NULL, *office = NULL;

    TRY(find_replay(txn, cmd));
    if (cmd->idempotency.is_replay)
        return OK;
    TRY(load_draft(txn, cmd, &bulletin));
    TRY(next_number(txn, cmd, bulletin.kind, &number, &office));
    TRY(bulletins_issue(txn, cmd->id, cmd->version, number, office, cmd->actor.id,
                        cmd->now));
    TRY(tell(txn, cmd, "bulletin_issued", bulletin.kind));
    return save_replay(txn, cmd);
}

void
cmd_bulletin_create_init(struct cmd_bulletin *cmd)
{
    *cmd =
        (struct cmd_bulletin){ .job = { .name = "bulletin_create", .run = create_run } };
}

void
cmd_bulletin_change_init(struct cmd_bulletin *cmd)
{
    *cmd =
        (struct cmd_bulletin){ .job = { .name = "bulletin_change", .run = change_run } };
}

void
cmd_bulletin_issue_init(struct cmd_bulletin *cmd)
{
    *cmd = (struct cmd_bulletin){ .job = { .name = "bulletin_issue", .run = issue_run } };
}
