#include "api_internal.h"
#include "command/cmd_settings.h"
#include "store/rulebook.h"

/*
 * api_settings.c - /limits and /settings: staff read them, the administrator
 * writes.  Both are answered from the present rulebook.
 */

/* --- Limits ------------------------------------------------------------------------ */

static const void *
scalar_in(const struct limits *limits, size_t index)
{
    return (const char *)limits + limit_scalars[index].offset;
}

static void
write_limit(struct json_out *out, const struct limit *limit)
{
    json_int(out, "amount", limit->amount);
    api_choice(out, "unit", &words_limit_unit, (int)limit->unit);
}

static enum err
reply_limits(struct request *req, const struct rulebook *rulebook)
{
    const struct limits *limits = &rulebook->limits;
    const struct limits shipped = limits_defaults();
    struct json_out out;

    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "steps");
    for (int step = 0; step < STEP_COUNT; step++)
        for (int urgency = 0; urgency < URGENCY_COUNT; urgency++) {
            json_object_open(&out, NULL);
            api_choice(&out, "step", &words_step, step);
            api_choice(&out, "urgency", &words_urgency, urgency);
            write_limit(&out, &limits->cell[step][urgency]);
            json_object_open(&out, "default");
            write_limit(&out, &shipped.cell[step][urgency]);
            json_object_close(&out);
            json_object_close(&out);
        }
    json_list_close(&out);
    json_list_open(&out, "scalars");
    for (size_t i = 0; i < LIMIT_SCALAR_COUNT; i++) {
        json_object_open(&out, NULL);
        json_text(&out, "name", limit_scalars[i].name);
        json_int(&out, "value", *(const int32_t *)scalar_in(limits, i));
        json_int(&out, "default", limit_scalars[i].fallback);
        json_int(&out, "min", limit_scalars[i].min);
        json_int(&out, "max", limit_scalars[i].max);
        json_text(&out, "unit", limit_scalars[i].unit);
        json_text(&out, "zh", limit_scalars[i].zh);
        json_text(&out, "en", limit_scalars[i].en);
        json_object_close(&out);
    }
    json_list_close(&out);
    json_int(&out, "version", rulebook->limits_version);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* GET /limits */
enum err
limits_show(struct request *req)
{
    return reply_limits(req, req->rulebook);
}

static const struct json_field cell_fields[] = {
    JSON_INT("amount", struct limit_draft, amount, 0, LIMIT_MINUTES_MAX, JSON_OPTIONAL),
    JSON_CHOICE("unit", struct limit_draft, unit, &words_limit_unit, JSON_OPTIONAL),
    JSON_END
};
static const struct json_field urgency_fields[] = {
    JSON_OBJECT("normal", struct limit_row_draft, urgency[URGENCY_NORMAL], cell_fields,
                JSON_OPTIONAL),
    JSON_OBJECT("urgent", struct limit_row_draft, urgency[URGENCY_URGENT], cell_fields,
                JSON_OPTIONAL),
    JSON_OBJECT("critical", struct limit_row_draft, urgency[URGENCY_CRITICAL],
                cell_fields, JSON_OPTIONAL),
    JSON_END
};
static const struct json_field step_fields[] = {
#define X(NAME, word, zh, en, normal, urgent, critical)                                  \
    JSON_OBJECT(word, struct limit_steps_draft, step[STEP_##NAME], urgency_fields,       \
                JSON_OPTIONAL),
    STEPS(X)
#undef X
        JSON_END
};
static const struct json_field scalar_fields[] = {
#define X(member, fallback, min, max, unit, zh, en)                                      \
    JSON_INT(#member, struct limit_scalars_draft, value[LIMIT_SCALAR_##member], min,     \
             max, JSON_OPTIONAL),
    LIMIT_SCALARS(X)
#undef X
        JSON_END
};
static const struct json_field limits_fields[] = {
    JSON_INT("version", struct limits_draft, version, 1, INT32_MAX, JSON_REQUIRED),
    JSON_OBJECT("steps", struct limits_draft, steps, step_fields, JSON_OPTIONAL),
    JSON_OBJECT("scalars", struct limits_draft, scalars, scalar_fields, JSON_OPTIONAL),
    JSON_END
};

/* PATCH /limits */
enum err
limits_change_begin(struct request *req, struct job **ret_job)
{
    struct cmd_limits_change *cmd = arena_make(req->arena, struct cmd_limits_change);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_limits_change_init(cmd);
    TRY(request_body(req, limits_fields, &cmd->draft, NULL));
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

/* The request holds the rulebook it began with; the answer is the present one. */
enum err
limits_change_end(struct request *req, struct job *job)
{
    const struct rulebook *rulebook = rulebook_acquire(req->store);
    enum err err = reply_limits(req, rulebook);

    (void)job; /* what it did is in the rulebook */
    rulebook_release(rulebook);
    return err;
}

/* --- Settings ---------------------------------------------------------------------- */

static void
write_setting(struct json_out *out, const struct settings *settings,
              const struct setting *row)
{
    json_object_open(out, NULL);
    json_text(out, "name", row->name);
    if (row->text != NULL) {
        json_text(out, "kind", "text");
        json_text(out, "value", setting_text(settings, row));
        json_text(out, "default", row->text);
    } else {
        json_text(out, "kind", "int");
        json_int(out, "value", setting_number(settings, row));
        json_int(out, "default", row->number);
    }
    json_int(out, "min", row->min);
    json_int(out, "max", row->max);
    json_text(out, "unit", row->unit);
    json_text(out, "zh", row->zh);
    json_text(out, "en", row->en);
    json_object_close(out);
}

static enum err
reply_settings(struct request *req, const struct rulebook *rulebook)
{
    struct json_out out;

    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (int i = 0; i < SETTING_COUNT; i++)
        write_setting(&out, &rulebook->settings, &settings_table[i]);
    json_list_close(&out);
    json_null(&out, "next");
    json_int(&out, "version", rulebook->settings_version);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* GET /settings */
enum err
settings_show(struct request *req)
{
    return reply_settings(req, req->rulebook);
}

static const struct json_field settings_fields[] = {
    JSON_INT("version", struct settings_draft, version, 1, INT32_MAX, JSON_REQUIRED),
#define X(member, fallback, min, max, zh, en)                                            \
    JSON_TEXT(#member, struct settings_draft, text[SETTING_##member], min, max,          \
              JSON_OPTIONAL),
    SETTING_TEXTS(X)
#undef X
#define X(member, fallback, min, max, unit, zh, en)                                      \
    JSON_INT(#member, struct settings_draft, number[SETTING_##member], min, max,         \
             JSON_OPTIONAL),
        SETTING_NUMBERS(X)
#undef X
            JSON_END
};

/* PATCH /settings */
enum err
settings_change_begin(struct request *req, struct job **ret_job)
{
    struct cmd_settings_change *cmd = arena_make(req->arena, struct cmd_settings_change);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_settings_change_init(cmd);
    TRY(request_body(req, settings_fields, &cmd->draft, NULL));
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
settings_change_end(struct request *req, struct job *job)
{
    const struct rulebook *rulebook = rulebook_acquire(req->store);
    enum err err = reply_settings(req, rulebook);

    (void)job; /* what it did is in the rulebook */
    rulebook_release(rulebook);
    return err;
}
