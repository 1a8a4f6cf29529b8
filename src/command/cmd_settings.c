#include "command/cmd_settings.h"

#include <string.h>

#include "base/json.h"
#include "command_internal.h"
#include "store/rulebook.h"
#include "store/settings.h"
#include "store/writer.h"

/*
 * cmd_settings.c - changing limits and settings.
 *
 * 1. The limits are judged as a set, with what was not named as it is.
 * 2. What is as shipped has no row, so that a new default reaches it.
 */

/* The names of what changed, as a list for an event's facts. */
struct names {
    struct json_out out;
    size_t count;
};

static void
names_open(struct names *names, struct txn *txn)
{
    *names = (struct names){ 0 };
    json_out_init(&names->out, txn->arena);
    json_list_open(&names->out, NULL);
}

static void
name(struct names *names, const char *text)
{
    names->count++;
    json_text(&names->out, NULL, text);
}

/* Nothing changed: no event, and the rulebook stays. */
static enum err
names_tell(struct names *names, struct txn *txn, struct job *job,
           const struct actor *actor, int64_t now, const char *type)
{
    const char *list = NULL;
    size_t bytes = 0;

    json_list_close(&names->out);
    TRY(json_out_done(&names->out, &list, &bytes));
    if (names->count == 0)
        return OK;
    job->changes_rulebook = true;
    return command_tell(txn, actor, now, type,
                        arena_printf(txn->arena, "\"changed\":%s", list));
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

static enum err
save_cells(struct txn *txn, const struct limits *before, const struct limits *after,
           struct names *names)
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
            if (text == NULL)
                return ERR_NO_MEMORY;
            name(names, text);
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
    char wrong[LIMIT_NAME_BYTES];
    struct names names;

    rulebook_release(rulebook);
    apply(&cmd->draft, &after);
    if (!limits_check(&after, wrong))
        return command_field(&job->problem, wrong, ERR_FIELD_INVALID, NULL);
    names_open(&names, txn);
    TRY(save_cells(txn, &before, &after, &names));
    for (size_t i = 0; i < LIMIT_SCALAR_COUNT; i++) {
        int32_t value = *scalar_of(&after, i);

        if (value == *scalar_of(&before, i))
            continue;
        name(&names, limit_scalars[i].name);
        TRY(put_number(txn, limit_scalars[i].name, value, limit_scalars[i].fallback));
    }
    return names_tell(&names, txn, job, &cmd->actor, cmd->now, "limits_changed");
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
    struct names names;

    rulebook_release(rulebook);
    names_open(&names, txn);
    for (int i = 0; i < SETTING_COUNT; i++) {
        const struct setting *row = &settings_table[i];

        if (row->text != NULL) {
            const char *typed = cmd->draft.text[i];
            if (typed == NULL || strcmp(typed, setting_text(&before, row)) == 0)
                continue;
            TRY(settings_put(txn, row->name,
                             strcmp(typed, row->text) == 0 ? NULL : typed));
        } else {
            int64_t typed = cmd->draft.number[i];
            if (typed == NUMBER_ABSENT || typed == setting_number(&before, row))
                continue;
            TRY(put_number(txn, row->name, typed, row->number));
        }
        name(&names, row->name);
    }
    return names_tell(&names, txn, job, &cmd->actor, cmd->now, "settings_changed");
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
