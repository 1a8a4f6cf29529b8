#include "command/cmd_settings.h"

#include <string.h>

#include "base/arena.h"
#include "command_internal.h"
#include "store/rulebook.h"
#include "store/settings.h"
#include "store/writer.h"

/*
 * cmd_settings.c - changing limits and settings.
 *
 * 1. The limits are judged as a set, with what was not named as it is.
 * 2. What is as shipped has no row, so that a new default reaches it.
 * 3. Two who change the same list never overwrite each other unseen: the second one's
 *    version is old.
 */

_Static_assert(STEP_COUNT *URGENCY_COUNT + LIMIT_SCALAR_COUNT <= COMMAND_VALUES_MAX,
               "limits that change at once");
_Static_assert(SETTING_COUNT <= COMMAND_VALUES_MAX, "settings that change at once");

/* Nothing changed: no event, and version and rulebook stay. */
static enum err
tell(struct txn *txn, struct job *job, const struct actor *actor, int64_t now,
     const char *type, const char *list, int64_t version,
     const struct command_changes *changes)
{
    if (changes->bytes == 0)
        return OK;
    TRY(settings_count_change(txn, list, version));
    job->changes_rulebook = true;
    return command_tell_changes(txn, actor, now, type, "", changes, NULL);
}

/* --- Limits ------------------------------------------------------------------------ */

static int32_t *
scalar_of(struct limits *limits, size_t index)
{
    return (int32_t *)(void *)((char *)limits + limit_scalars[index].offset);
}

/* What the limits would be. "Same day" has no amount, so it need not be named. */
static void
apply(const struct limits_draft *draft, struct limits *limits)
{
    for (int step = 0; step < STEP_COUNT; step++)
        for (int urgency = 0; urgency < URGENCY_COUNT; urgency++) {
            const struct limit_draft *typed = &draft->steps.step[step].urgency[urgency];
            struct limit *limit = &limits->cell[step][urgency];

            if (typed->unit != CHOICE_NONE)
                limit->unit = (enum limit_unit)typed->unit;
            if (typed->amount != NUMBER_ABSENT)
                limit->amount = (int32_t)typed->amount;
            else if (typed->unit == LIMIT_SAME_DAY)
                limit->amount = 0;
        }
    for (size_t i = 0; i < LIMIT_SCALAR_COUNT; i++)
        if (draft->scalars.value[i] != NUMBER_ABSENT)
            *scalar_of(limits, i) = (int32_t)draft->scalars.value[i];
}

static bool
is_same(const struct limit *a, const struct limit *b)
{
    return a->amount == b->amount && a->unit == b->unit;
}

/* "5 workdays", "same_day" */
static const char *
limit_text(struct arena *arena, const struct limit *limit)
{
    const char *unit = choice_word(&words_limit_unit, (int)limit->unit);

    return limit->unit == LIMIT_SAME_DAY
               ? unit
               : arena_printf(arena, "%d %s", (int)limit->amount, unit);
}

static enum err
save_cells(struct txn *txn, const struct limits *before, const struct limits *after,
           struct command_changes *changes)
{
    const struct limits shipped = limits_defaults();

    for (int step = 0; step < STEP_COUNT; step++)
        for (int urgency = 0; urgency < URGENCY_COUNT; urgency++) {
            const struct limit *limit = &after->cell[step][urgency];

            if (is_same(limit, &before->cell[step][urgency]))
                continue;
            const char *text =
                arena_printf(txn->arena, "%s.%s", choice_word(&words_step, step),
                             choice_word(&words_urgency, urgency));
            const char *was = limit_text(txn->arena, &before->cell[step][urgency]);
            const char *is = limit_text(txn->arena, limit);

            if (text == NULL || was == NULL || is == NULL)
                return ERR_NO_MEMORY;
            command_changed_word(changes, text, was, is);
            TRY(settings_put_limit(txn, (enum step)step, (enum urgency)urgency,
                                   is_same(limit, &shipped.cell[step][urgency]) ? NULL
                                                                                : limit));
        }
    return OK;
}

/* Store a number under its name, unless it is as shipped. */
static enum err
put_number(struct txn *txn, const char *name_, int64_t value, int64_t shipped)
{
    const char *text = arena_printf(txn->arena, "%lld", (long long)value);

    if (text == NULL)
        return ERR_NO_MEMORY;
    return settings_put(txn, name_, value == shipped ? NULL : text);
}

static enum err
limits_run(struct txn *txn, struct job *job)
{
    struct cmd_limits_change *cmd = job_as(job, struct cmd_limits_change);
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    struct limits before = rulebook->limits, after = rulebook->limits;
    int64_t version = rulebook->limits_version;
    char wrong[LIMIT_NAME_BYTES];
    struct command_changes changes = { 0 };

    rulebook_release(rulebook);
    if (cmd->draft.version != version)
        return command_stale(&job->problem, version);
    apply(&cmd->draft, &after);
    if (!limits_check(&after, wrong))
        return command_field(&job->problem, wrong, ERR_FIELD_INVALID, NULL);
    TRY(save_cells(txn, &before, &after, &changes));
    for (size_t i = 0; i < LIMIT_SCALAR_COUNT; i++) {
        int32_t value = *scalar_of(&after, i);

        if (value == *scalar_of(&before, i))
            continue;
        command_changed_number(&changes, limit_scalars[i].name, *scalar_of(&before, i),
                               value);
        TRY(put_number(txn, limit_scalars[i].name, value, limit_scalars[i].fallback));
    }
    return tell(txn, job, &cmd->actor, cmd->now, "limits_changed", SETTINGS_LIST_LIMITS,
                version, &changes);
}

void
cmd_limits_change_init(struct cmd_limits_change *cmd)
{
    *cmd = (struct cmd_limits_change){
        .job = { .name = "limits_change", .run = limits_run },
    };
    for (int step = 0; step < STEP_COUNT; step++)
        for (int urgency = 0; urgency < URGENCY_COUNT; urgency++)
            cmd->draft.steps.step[step].urgency[urgency] =
                (struct limit_draft){ .amount = NUMBER_ABSENT, .unit = CHOICE_NONE };
    for (size_t i = 0; i < LIMIT_SCALAR_COUNT; i++)
        cmd->draft.scalars.value[i] = NUMBER_ABSENT;
}

/* --- Settings ---------------------------------------------------------------------- */

static enum err
settings_run(struct txn *txn, struct job *job)
{
    struct cmd_settings_change *cmd = job_as(job, struct cmd_settings_change);
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    struct settings before = rulebook->settings;
    int64_t version = rulebook->settings_version;
    struct command_changes changes = { 0 };

    rulebook_release(rulebook);
    if (cmd->draft.version != version)
        return command_stale(&job->problem, version);
    for (int i = 0; i < SETTING_COUNT; i++) {
        const struct setting *row = &settings_table[i];

        if (row->text != NULL) {
            const char *typed = cmd->draft.text[i];
            if (typed == NULL || strcmp(typed, setting_text(&before, row)) == 0)
                continue;
            TRY(settings_put(txn, row->name,
                             strcmp(typed, row->text) == 0 ? NULL : typed));
            command_changed_text(&changes, row->name, setting_text(&before, row), typed);
        } else {
            int64_t typed = cmd->draft.number[i];
            if (typed == NUMBER_ABSENT || typed == setting_number(&before, row))
                continue;
            TRY(put_number(txn, row->name, typed, row->number));
            command_changed_number(&changes, row->name, setting_number(&before, row),
                                   typed);
        }
    }
    return tell(txn, job, &cmd->actor, cmd->now, "settings_changed",
                SETTINGS_LIST_SETTINGS, version, &changes);
}

void
cmd_settings_change_init(struct cmd_settings_change *cmd)
{
    *cmd = (struct cmd_settings_change){
        .job = { .name = "settings_change", .run = settings_run },
    };
    for (int i = 0; i < SETTING_COUNT; i++)
        cmd->draft.number[i] = NUMBER_ABSENT;
}
