#include "api_internal.h"
#include "base/timeutil.h"
#include "report_brief.h"
#include "report_json.h"
#include "report_sheet.h"
#include "store/reader.h"
#include "store/reports.h"
#include "store/ticket_lists.h"

/*
 * api_reports.c - GET /reports/monthly, GET /reports/brief.  Supervisors and
 * leaders read them; a month that was published is answered as it was.
 */

/* --- Monthly ------------------------------------------------------------------------------ */

struct monthly_query {
    const char *month;
};
static const struct json_field monthly_fields[] = {
    JSON_TEXT("month", struct monthly_query, month, 7, 7, JSON_REQUIRED),
    JSON_END,
};

static enum err
read_monthly(struct request *req, const char **ret_month, struct report_data *ret_data,
             struct report_published *ret_published, bool *ret_is_published)
{
    struct monthly_query asked = { .month = NULL };
    struct report_period period;

    TRY(request_query_read(req, monthly_fields, &asked, NULL));
    if (!report_month_parse(asked.month, &period))
        return problem_value(&req->problem, ERR_HTTP_QUERY, "month");
    *ret_month = asked.month;
    enum err err =
        reports_published(req->reader->db, req->arena, asked.month, ret_published);
    *ret_is_published = err == OK;
    if (err == OK)
        return report_thaw(req, &period, ret_published->inputs, ret_data);
    if (err != ERR_NOT_FOUND)
        return err;
    return report_read(req, &period, CHOICE_NONE, ret_data);
}

/* GET /reports/monthly */
enum err
monthly_show(struct request *req)
{
    struct report_published published = { .at = 0 };
    struct report_data data = { .unit_count = 0 };
    const char *month = NULL;
    bool is_published = false;
    struct json_out out;

    TRY(read_monthly(req, &month, &data, &published, &is_published));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_text(&out, "month", month);
    json_date(&out, "from", data.period.from);
    json_date(&out, "to", data.period.to);
    json_time(&out, "published_at", is_published ? published.at : 0);
    report_monthly_json(&out, req->arena, &data);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* GET /reports/monthly.xlsx */
enum err
monthly_sheet(struct request *req)
{
    struct report_published published = { .at = 0 };
    struct report_data data = { .unit_count = 0 };
    const char *month = NULL;
    bool is_published = false;

    TRY(read_monthly(req, &month, &data, &published, &is_published));
    return report_sheet_monthly(req, &data, month);
}

/* --- Brief -------------------------------------------------------------------------------- */

const enum assessment_measure brief_measures[] = {
    MEASURE_RECEIVED,       MEASURE_REPEATED,
    MEASURE_DIRECT_ANSWERS, MEASURE_DECLINED,
    MEASURE_DISPATCHED,     MEASURE_REPLIED,
    MEASURE_CLOSED,         MEASURE_DUE,
    MEASURE_ON_TIME,        MEASURE_LATE_CLOSED,
    MEASURE_LATE_OPEN,      MEASURE_EXTENDED,
    MEASURE_RETURNS,        MEASURE_REWORKED,
    MEASURE_SATISFIED,      MEASURE_BASIC,
    MEASURE_UNSATISFIED,    MEASURE_SUPERVISIONS_DUE,
    MEASURE_PROMISES_DUE,   MEASURE_ACCOUNTABILITIES,
};
const size_t brief_measure_count = sizeof brief_measures / sizeof *brief_measures;

const enum assessment_measure brief_unit_measures[] = {
    MEASURE_DISPATCHED,  MEASURE_CLOSED,    MEASURE_ON_TIME,
    MEASURE_LATE_CLOSED, MEASURE_LATE_OPEN, MEASURE_UNSATISFIED,
};
const size_t brief_unit_measure_count =
    sizeof brief_unit_measures / sizeof *brief_unit_measures;

void
brief_sum_up(const struct report_data *data, struct brief_sum *ret_sum)
{
    *ret_sum = (struct brief_sum){ .figures = { .workdays = 0 } };
    if (data->office != NULL)
        report_add(&ret_sum->figures, &data->office->figures);
    for (size_t i = 0; i < data->unit_count; i++)
        report_add(&ret_sum->figures, &data->units[i].figures);
    assessment_result(&ret_sum->figures, report_days(&data->period), &data->terms,
                      &ret_sum->result);
}

struct report_period
brief_before(const struct report_period *period)
{
    struct report_period before = *period;

    before.to = period->from - 1;
    before.from = period->from - report_days(period);
    if (before.from < 0) /* there is no day before the first one */
        before.from = 0;
    if (before.to < before.from)
        before.to = before.from;
    return before;
}

struct brief_query {
    int32_t from, to;
};
static const struct json_field brief_fields[] = {
    JSON_DATE("from", struct brief_query, from, JSON_OPTIONAL),
    JSON_DATE("to", struct brief_query, to, JSON_OPTIONAL),
    JSON_END,
};

/* Today, when nothing is said; up to today from a day on. */
static enum err
read_brief(struct request *req, struct report_data *ret_data,
           struct report_data *ret_before)
{
    struct brief_query asked = { .from = 0 };
    struct report_period period, before;

    TRY(request_query_read(req, brief_fields, &asked, NULL));
    if (asked.from == 0)
        asked.from = asked.to != 0 ? asked.to : time_day(req->now);
    TRY(report_period_read(req, asked.from, asked.to, &period));
    TRY(report_read(req, &period, CHOICE_NONE, ret_data));
    before = brief_before(&period);
    return report_read(req, &before, CHOICE_NONE, ret_before);
}

static void
write_figures(struct json_out *out, struct arena *arena, const struct report_data *data,
              const struct brief_sum *sum, const struct brief_sum *before)
{
    json_list_open(out, "figures");
    for (size_t i = 0; i < brief_measure_count; i++) {
        enum assessment_measure measure = brief_measures[i];
        int64_t count = sum->figures.counts[measure];
        json_object_open(out, NULL);
        json_word(out, "id", choice_word(&words_measure, (int)measure));
        json_text(out, "zh", words_measure.items[measure].zh);
        json_text(out, "en", words_measure.items[measure].en);
        json_int(out, "count", count);
        report_href_json(out, "href", arena, &data->period, MEASURE_BIT(measure), count);
        json_int(out, "before", before->figures.counts[measure]);
        json_object_close(out);
    }
    json_list_close(out);
    json_list_open(out, "rates");
    for (int i = 0; i < ASSESSMENT_RATE_COUNT; i++) {
        const struct assessment_ratio *now = &sum->result.ratios[i];
        const struct assessment_ratio *then = &before->result.ratios[i];
        json_object_open(out, NULL);
        json_word(out, "id", assessment_rates[i].id);
        json_text(out, "zh", assessment_rates[i].zh);
        json_text(out, "en", assessment_rates[i].en);
        json_int(out, "numerator", now->numerator);
        json_int(out, "denominator", now->denominator);
        report_number_json(out, "rate", now->denominator != 0, now->rate);
        report_number_json(out, "before", then->denominator != 0, then->rate);
        report_href_json(out, "numerator_href", arena, &data->period,
                         assessment_rates[i].numerator, now->numerator);
        report_href_json(out, "denominator_href", arena, &data->period,
                         assessment_rates[i].denominator, now->denominator);
        json_object_close(out);
    }
    json_list_close(out);
}

static void
write_units(struct json_out *out, struct arena *arena, const struct report_data *data)
{
    json_list_open(out, "units");
    for (size_t i = 0; i < data->unit_count; i++) {
        const struct report_unit *unit = &data->units[i];
        struct report_period period = data->period;
        int64_t all = 0;
        for (size_t k = 0; k < brief_unit_measure_count; k++)
            all += unit->figures.counts[brief_unit_measures[k]];
        if (all == 0)
            continue;
        period.unit = unit->code;
        json_object_open(out, NULL);
        report_unit_json(out, "unit", unit);
        for (size_t k = 0; k < brief_unit_measure_count; k++)
            report_count_json(out,
                              choice_word(&words_measure, (int)brief_unit_measures[k]),
                              arena, &period, MEASURE_BIT(brief_unit_measures[k]),
                              unit->figures.counts[brief_unit_measures[k]]);
        json_object_close(out);
    }
    json_list_close(out);
}

static void
write_brief(struct json_out *out, struct arena *arena, const struct report_data *data,
            const struct report_data *before)
{
    struct brief_sum sum, sum_before;

    brief_sum_up(data, &sum);
    brief_sum_up(before, &sum_before);
    json_object_open(out, NULL);
    json_date(out, "from", data->period.from);
    json_date(out, "to", data->period.to);
    json_date(out, "before_from", before->period.from);
    json_date(out, "before_to", before->period.to);
    write_figures(out, arena, data, &sum, &sum_before);
    write_units(out, arena, data);
    json_object_close(out);
}

enum err
report_brief_frozen(struct arena *arena, const struct report_data *data,
                    const struct report_data *before, const char **ret_json)
{
    struct report_data frozen = *data;
    struct json_out out;
    size_t bytes;

    frozen.period.is_frozen = true;
    json_out_init(&out, arena);
    write_brief(&out, arena, &frozen, before);
    return json_out_done(&out, ret_json, &bytes);
}

/* GET /reports/brief */
enum err
brief_show(struct request *req)
{
    struct report_data data, before;
    struct json_out out;

    TRY(read_brief(req, &data, &before));
    json_out_init(&out, req->arena);
    write_brief(&out, req->arena, &data, &before);
    return reply_json(req, 200, &out);
}

/* GET /reports/brief.xlsx */
enum err
brief_sheet(struct request *req)
{
    struct report_data data, before;

    TRY(read_brief(req, &data, &before));
    return report_sheet_brief(req, &data, &before);
}
