#include "report_data.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "api_internal.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "report_brief.h"
#include "store/reader.h"
#include "store/reports.h"
#include "store/rulebook.h"
#include "store/units.h"

/* report_data.c - see the header. */

int32_t
report_days(const struct report_period *period)
{
    return period->to - period->from + 1;
}

void
report_add(struct assessment_figures *figures, const struct assessment_figures *from)
{
    for (int i = 0; i < ASSESSMENT_MEASURE_COUNT; i++)
        figures->counts[i] += from->counts[i];
    figures->workdays += from->workdays;
}

/* Hotline and web together, and what follows. */
static void
work_out(struct report_data *data, struct report_unit *unit)
{
    const struct assessment_sums *sums = &unit->sums;

    for (int i = 0; i < ASSESSMENT_MEASURE_COUNT; i++)
        unit->figures.counts[i] = sums->counts[0][i] + sums->counts[1][i];
    unit->figures.workdays = sums->workdays[0] + sums->workdays[1];
    assessment_result(&unit->figures, report_days(&data->period), &data->terms,
                      &unit->result);
}

/* --- As it is now ----------------------------------------------------------------------- */

enum err
report_read(struct request *req, const struct report_period *period, int64_t unit_id,
            struct report_data *ret_data)
{
    struct report_data data = { .period = *period };
    struct assessment_sums *sums = NULL;
    size_t count = 0;

    data.terms = assessment_terms(&req->rulebook->settings);
    TRY(assessments_read(req->reader->db, req->arena, period->from, period->to, unit_id,
                         &sums, &count));
    data.units = arena_array(req->arena, struct report_unit, count + 1);
    struct report_unit *office = arena_make(req->arena, struct report_unit);
    if (data.units == NULL || office == NULL)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const struct unit_names *names = rulebook_unit(req->rulebook, sums[i].unit_id);
        struct report_unit *unit = names != NULL ? &data.units[data.unit_count] : office;
        if (names == NULL && sums[i].unit_id != 0)
            continue; /* made by a write that this snapshot is older than */
        unit->kind = sums[i].kind;
        unit->sums = sums[i];
        work_out(&data, unit);
        if (names == NULL) {
            data.office = office;
            continue;
        }
        unit->code = names->code;
        unit->name = names->name;
        unit->short_name = names->short_name;
        data.unit_count++;
    }
    *ret_data = data;
    return OK;
}

/* --- As it was frozen -------------------------------------------------------------------- */

static const char *
text_of(struct request *req, const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsString(item) ? arena_text(req->arena, item->valuestring) : NULL;
}

static int64_t
number_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : 0;
}

static void
thaw_terms(const cJSON *inputs, struct assessment_terms *terms)
{
    const cJSON *weights = cJSON_GetObjectItemCaseSensitive(inputs, "weights");
    const cJSON *thresholds = cJSON_GetObjectItemCaseSensitive(inputs, "thresholds");

    *terms = (struct assessment_terms){
        .version = (int32_t)number_of(inputs, "formula_version"),
        .volume_large = (int32_t)number_of(inputs, "volume_large"),
        .volume_medium = (int32_t)number_of(inputs, "volume_medium"),
    };
    for (int i = 0; i < ASSESSMENT_RATE_COUNT; i++) {
        const char *id = assessment_rates[i].id;
        terms->weights[i] = (int32_t)number_of(weights, id);
        terms->thresholds[i] = cJSON_HasObjectItem(thresholds, id)
                                   ? (int32_t)number_of(thresholds, id)
                                   : assessment_no_threshold((enum assessment_rate)i);
    }
}

static void
thaw_sums(const cJSON *frozen, struct assessment_sums *sums)
{
    static const char *const classes[] = { "hotline", "web" };

    for (int web = 0; web < 2; web++) {
        const cJSON *counts = cJSON_GetObjectItemCaseSensitive(frozen, classes[web]);
        for (int i = 0; i < ASSESSMENT_MEASURE_COUNT; i++)
            sums->counts[web][i] = number_of(counts, choice_word(&words_measure, i));
        sums->workdays[web] = number_of(counts, "workdays");
    }
}

static enum err
thaw(struct request *req, const cJSON *inputs, struct report_data *data)
{
    const cJSON *units = cJSON_GetObjectItemCaseSensitive(inputs, "units"), *frozen;
    struct report_unit *office = arena_make(req->arena, struct report_unit);

    data->units = arena_array(req->arena, struct report_unit,
                              (size_t)cJSON_GetArraySize(units) + 1);
    if (data->units == NULL || office == NULL)
        return ERR_NO_MEMORY;
    thaw_terms(inputs, &data->terms);
    cJSON_ArrayForEach(frozen, units)
    {
        const char *code = text_of(req, frozen, "code");
        const char *kind = text_of(req, frozen, "kind");
        struct report_unit *unit = code != NULL ? &data->units[data->unit_count] : office;
        unit->code = code;
        unit->name = text_of(req, frozen, "name");
        unit->short_name = text_of(req, frozen, "short_name");
        unit->kind = kind == NULL ? CHOICE_NONE : choice_find(&words_unit_kind, kind);
        thaw_sums(frozen, &unit->sums);
        work_out(data, unit);
        if (code != NULL)
            data->unit_count++;
        else
            data->office = office;
    }
    return OK;
}

enum err
report_thaw(struct request *req, const struct report_period *period, const char *inputs,
            struct report_data *ret_data)
{
    struct report_data data = { .period = *period };
    cJSON *parsed = cJSON_Parse(inputs);

    data.period.is_frozen = true;
    if (parsed == NULL)
        return ERR_INTERNAL;
    enum err err = thaw(req, parsed, &data);
    cJSON_Delete(parsed);
    TRY(err);
    *ret_data = data;
    return OK;
}

/* --- Beside the time before ---------------------------------------------------------------- */

enum err
report_read_month(struct request *req, const struct report_period *period,
                  int64_t unit_id, struct report_data *ret_data, bool *ret_is_published)
{
    char first[TIME_TEXT_BYTES], month[REPORT_MONTH_CHARACTERS + 1];
    struct report_published published;

    time_format_day(period->from, first);
    (void)text_format(month, sizeof month, "%.*s", REPORT_MONTH_CHARACTERS, first);
    enum err err = reports_published(req->reader->db, req->arena, month, &published);
    *ret_is_published = err == OK;
    if (err == OK)
        return report_thaw(req, period, published.inputs, ret_data);
    return err != ERR_NOT_FOUND ? err : report_read(req, period, unit_id, ret_data);
}

/* The whole month before a whole month; else as long, and ending the day before. */
static struct report_period
before_of(const struct report_period *period, bool *ret_is_month)
{
    struct civil_date first = time_date_of_day(period->from);
    struct civil_date next = time_date_of_day(period->to + 1);
    struct report_period before = brief_before(period);

    *ret_is_month = first.mday == 1 && next.mday == 1 && report_days(period) <= 31;
    if (*ret_is_month) {
        struct civil_date date = time_date_of_day(period->from - 1);
        before.to = period->from - 1;
        date.mday = 1;
        before.from = time_day_of_date(date);
    }
    return before;
}

const struct report_unit *
report_find(const struct report_data *data, const char *code)
{
    for (size_t i = 0; i < data->unit_count; i++)
        if (strcmp(data->units[i].code, code) == 0)
            return &data->units[i];
    return NULL;
}

enum err
report_compare(struct request *req, int64_t unit_id, struct report_data *data)
{
    bool is_month, is_published;
    struct report_data before;
    struct report_period period = before_of(&data->period, &is_month);

    if (is_month)
        TRY(report_read_month(req, &period, unit_id, &before, &is_published));
    else
        TRY(report_read(req, &period, unit_id, &before));
    data->before_from = period.from;
    data->before_to = period.to;
    for (size_t i = 0; i < data->unit_count; i++) {
        const struct report_unit *unit = report_find(&before, data->units[i].code);
        struct assessment_result *result =
            arena_make(req->arena, struct assessment_result);
        if (result == NULL)
            return ERR_NO_MEMORY;
        if (unit != NULL)
            *result = unit->result;
        data->units[i].before = unit == NULL ? NULL : result;
    }
    return OK;
}

/* --- Asking ------------------------------------------------------------------------------ */

bool
report_sees_county(const struct request *req)
{
    return (api_actor(req)->actor.roles &
            (ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_LEADER))) != 0;
}

enum err
report_period_read(struct request *req, int32_t from, int32_t to,
                   struct report_period *ret_period)
{
    struct civil_date first = time_date_of_day(time_day(req->now));

    first.mday = 1;
    *ret_period = (struct report_period){
        .from = from != 0 ? from : time_day_of_date(first),
        .to = to != 0 ? to : time_day(req->now),
    };
    if (ret_period->to < ret_period->from)
        return problem_value(&req->problem, ERR_HTTP_QUERY, "to");
    return OK;
}

enum err
report_unit_read(struct request *req, const char *code, int64_t *ret_unit_id)
{
    int64_t own = api_actor(req)->actor.unit_id;
    struct unit unit;

    *ret_unit_id = report_sees_county(req) ? CHOICE_NONE : own;
    if (code == NULL)
        return OK;
    enum err err = units_by_code(req->reader->db, req->arena, code, &unit);
    if (err == ERR_NOT_FOUND)
        return problem_value(&req->problem, ERR_HTTP_QUERY, "unit");
    TRY(err);
    if (!report_sees_county(req) && unit.id != own)
        return ERR_FORBIDDEN;
    *ret_unit_id = unit.id;
    return OK;
}

bool
report_month_parse(const char *text, struct report_period *ret_period)
{
    char date[TIME_TEXT_BYTES];
    int32_t first;

    if (strlen(text) != sizeof "2026-11" - 1)
        return false;
    (void)snprintf(date, sizeof date, "%s-01", text); /* fits */
    if (!time_parse_day(date, &first))
        return false;
    struct civil_date next = time_date_of_day(first);
    next.year += next.month == 12;
    next.month = next.month % 12 + 1;
    *ret_period =
        (struct report_period){ .from = first, .to = time_day_of_date(next) - 1 };
    return true;
}
