#include "api_internal.h"
#include "base/timeutil.h"
#include "report_json.h"
#include "store/reports.h"
#include "store/rulebook.h"
#include "store/units.h"
#include "ticket_json.h"

/*
 * api_assessment_months.c - GET /reports/assessment/months: the score and the weighed
 * rates of a unit, or the county's rates, over twelve months, each with its lists.  A
 * month that was published is said as it was, without them.
 */

#define MONTHS 12

struct months_query {
    const char *unit, *month;
};
static const struct json_field months_fields[] = {
    JSON_TEXT("unit", struct months_query, unit, 1, UNIT_CODE_CHARACTERS, JSON_OPTIONAL),
    JSON_TEXT("month", struct months_query, month, REPORT_MONTH_CHARACTERS,
              REPORT_MONTH_CHARACTERS, JSON_OPTIONAL),
    JSON_END,
};

/* The month that has `day`. */
static struct report_period
month_of(int32_t day)
{
    struct civil_date first = time_date_of_day(day), next;

    first.mday = 1;
    next = first;
    next.year += first.month == 12;
    next.month = first.month % 12 + 1;
    return (struct report_period){ .from = time_day_of_date(first),
                                   .to = time_day_of_date(next) - 1 };
}

/* The unit's figures of a month; all together without one. */
static void
figures_of(const struct report_data *data, const char *code,
           struct assessment_figures *ret_figures, struct assessment_result *ret_result)
{
    *ret_figures = (struct assessment_figures){ .workdays = 0 };
    for (size_t i = 0; i < data->unit_count; i++)
        if (code == NULL || report_find(data, code) == &data->units[i])
            report_add(ret_figures, &data->units[i].figures);
    assessment_result(ret_figures, report_days(&data->period), &data->terms, ret_result);
}

static void
write_rate(struct arena *arena, struct json_out *out, const struct report_period *period,
           enum assessment_rate rate, const struct assessment_ratio *ratio)
{
    const struct assessment_rate_row *row = &assessment_rates[rate];

    json_object_open(out, NULL);
    json_word(out, "id", row->id);
    json_int(out, "numerator", ratio->numerator);
    json_int(out, "denominator", ratio->denominator);
    report_number_json(out, "rate", ratio->denominator != 0, ratio->rate);
    json_bool(out, "is_past_threshold", ratio->is_past);
    report_href_json(out, "numerator_href", arena, period, row->numerator,
                     ratio->numerator);
    report_href_json(out, "denominator_href", arena, period, row->denominator,
                     ratio->denominator);
    json_object_close(out);
}

static void
write_month(struct arena *arena, struct json_out *out, const struct report_data *data,
            const char *code, bool is_published)
{
    struct civil_date first = time_date_of_day(data->period.from);
    struct report_period period = data->period;
    struct assessment_figures figures;
    struct assessment_result result;

    period.unit = code;
    figures_of(data, code, &figures, &result);
    json_object_open(out, NULL);
    json_text(out, "month", arena_printf(arena, "%04d-%02d", first.year, first.month));
    json_bool(out, "is_published", is_published);
    json_int(out, "formula_version", data->terms.version);
    json_int(out, "volume", result.volume);
    report_number_json(out, "score", code != NULL && result.has_score, result.score);
    report_number_json(out, "mean_workdays", figures.counts[MEASURE_ACCEPTED] > 0,
                       result.mean_workdays);
    json_list_open(out, "rates");
    for (int i = 0; i < ASSESSMENT_RATE_COUNT; i++)
        if (assessment_is_weighed((enum assessment_rate)i))
            write_rate(arena, out, &period, (enum assessment_rate)i, &result.ratios[i]);
    json_list_close(out);
    json_object_close(out);
}

/* The last month asked for: this one, when nothing is said. */
static enum err
read_last(struct request *req, const char *month, struct report_period *ret_last)
{
    *ret_last = month_of(time_day(req->now));
    if (month != NULL && !report_month_parse(month, ret_last))
        return problem_value(&req->problem, ERR_HTTP_QUERY, "month");
    return OK;
}

/* GET /reports/assessment/months */
enum err
assessment_months(struct request *req)
{
    struct months_query asked = { .unit = NULL };
    struct report_period months[MONTHS];
    const char *code = NULL;
    struct json_out out;
    int64_t unit_id;

    TRY(request_query_read(req, months_fields, &asked, NULL));
    TRY(report_unit_read(req, asked.unit, &unit_id));
    TRY(read_last(req, asked.month, &months[MONTHS - 1]));
    for (int i = MONTHS - 2; i >= 0; i--)
        months[i] = month_of(months[i + 1].from - 1);
    const struct unit_names *names = rulebook_unit(req->rulebook, unit_id);
    if (unit_id != CHOICE_NONE) /* the office has no units' figures: none, not all */
        code = names == NULL ? "" : names->code;
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    unit_names_json(&out, "unit", req->rulebook, unit_id);
    json_list_open(&out, "months");
    for (int i = 0; i < MONTHS; i++) {
        struct report_data data;
        bool is_published;
        TRY(report_read_month(req, &months[i], unit_id, &data, &is_published));
        write_month(req->arena, &out, &data, code, is_published);
    }
    json_list_close(&out);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
