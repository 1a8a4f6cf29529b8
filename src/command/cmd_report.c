#include "command/cmd_report.h"

#include "base/timeutil.h"
#include "command_internal.h"
#include "domain/assessment_score.h"
#include "store/assessments.h"
#include "store/reports.h"
#include "store/rulebook.h"
#include "store/writer.h"

/* cmd_report.c - see the header. */

/* --- What is frozen ------------------------------------------------------------------- */

static void
write_terms(struct json_out *out, const struct assessment_terms *terms)
{
    json_int(out, "formula_version", terms->version);
    json_int(out, "volume_large", terms->volume_large);
    json_int(out, "volume_medium", terms->volume_medium);
    json_object_open(out, "weights");
    for (int i = 0; i < ASSESSMENT_RATE_COUNT; i++)
        if (assessment_is_weighed((enum assessment_rate)i))
            json_int(out, assessment_rates[i].id, terms->weights[i]);
    json_object_close(out);
    json_object_open(out, "thresholds");
    for (int i = 0; i < ASSESSMENT_RATE_COUNT; i++)
        if (assessment_is_weighed((enum assessment_rate)i))
            json_int(out, assessment_rates[i].id, terms->thresholds[i]);
    json_object_close(out);
}

static void
write_unit(struct json_out *out, const struct rulebook *rulebook,
           const struct assessment_sums *sums)
{
    static const char *const classes[] = { "hotline", "web" };
    const struct unit_names *names = rulebook_unit(rulebook, sums->unit_id);

    json_object_open(out, NULL);
    json_text(out, "code", names == NULL ? NULL : names->code);
    json_text(out, "name", names == NULL ? NULL : names->name);
    json_text(out, "short_name", names == NULL ? NULL : names->short_name);
    json_word(out, "kind", choice_word(&words_unit_kind, sums->kind));
    for (int web = 0; web < 2; web++) {
        json_object_open(out, classes[web]);
        for (int i = 0; i < ASSESSMENT_MEASURE_COUNT; i++)
            if (sums->counts[web][i] != 0)
                json_int(out, choice_word(&words_measure, i), sums->counts[web][i]);
        json_int(out, "workdays", sums->workdays[web]);
        json_object_close(out);
    }
    json_object_close(out);
}

static enum err
freeze(struct txn *txn, const struct cmd_report_publish *cmd,
       const struct rulebook *rulebook, const char **ret_inputs)
{
    struct assessment_terms terms = assessment_terms(&rulebook->settings);
    struct assessment_sums *sums = NULL;
    struct json_out out;
    size_t count = 0, bytes;

    TRY(assessments_read(txn->db, txn->arena, cmd->from, cmd->to, CHOICE_NONE, &sums,
                         &count));
    json_out_init(&out, txn->arena);
    json_object_open(&out, NULL);
    write_terms(&out, &terms);
    json_list_open(&out, "units");
    for (size_t i = 0; i < count; i++)
        if (sums[i].unit_id == 0 || rulebook_unit(rulebook, sums[i].unit_id) != NULL)
            write_unit(&out, rulebook, &sums[i]);
    json_list_close(&out);
    json_object_close(&out);
    return json_out_done(&out, ret_inputs, &bytes);
}

/* --- The job ---------------------------------------------------------------------------- */

static enum err
publish(struct txn *txn, struct cmd_report_publish *cmd, const struct rulebook *rulebook)
{
    struct report_published before;
    const char *inputs = NULL;

    if (cmd->to >= time_day(cmd->now))
        return command_field(&cmd->job.problem, "month", ERR_FIELD_FUTURE, NULL);
    enum err err = reports_published(txn->db, txn->arena, cmd->month, &before);
    if (err == OK)
        return command_field(&cmd->job.problem, "month", ERR_FIELD_TAKEN, cmd->month);
    if (err != ERR_NOT_FOUND)
        return err;
    TRY(freeze(txn, cmd, rulebook, &inputs));
    TRY(reports_publish(txn, cmd->month, ASSESSMENT_FORMULA_VERSION, inputs,
                        cmd->actor.id, cmd->now));
    return command_tell(txn, &cmd->actor, cmd->now, "report_published",
                        arena_printf(txn->arena,
                                     "\"month\":\"%s\",\"formula_version\":%d",
                                     cmd->month, ASSESSMENT_FORMULA_VERSION));
}

static enum err
cmd_report_publish_run(struct txn *txn, struct job *job)
{
    struct cmd_report_publish *cmd = job_as(job, struct cmd_report_publish);

    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay)
        return OK;
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    enum err err = publish(txn, cmd, rulebook);
    rulebook_release(rulebook);
    TRY(err);
    return idempotency_save(txn, &cmd->idempotency, cmd->month, cmd->now);
}

void
cmd_report_publish_init(struct cmd_report_publish *cmd)
{
    *cmd = (struct cmd_report_publish){
        .job = { .name = "report_publish", .run = cmd_report_publish_run },
    };
}
