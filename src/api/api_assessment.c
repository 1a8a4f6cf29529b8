#include <stdlib.h>
#include <string.h>

#include "api_internal.h"
#include "base/timeutil.h"
#include "list_cursor.h"
#include "report_json.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/units.h"
#include "ticket_json.h"

/*
 * api_assessment.c - GET /reports/assessment: the rates and the score of each
 * unit over a period; GET /reports/assessment/tickets: the facts behind a figure.
 *
 * Whoever is of a unit, and neither supervisor nor leader, gets that unit alone.
 */

#define CURSOR_UNITS 'u'
#define CURSOR_FACTS 'm'
#define UNITS_PER_PAGE 100 /* about 8 KiB each */
#define UNIT_BYTES 8000
/* A cursor has two numbers: a unit and a day share one. */
#define DAYS_MAX (1 << 22)

enum report_group { GROUP_BY_VOLUME, GROUP_BY_KIND };
static const struct choice group_items[] = {
    { "volume", "按办件量", "by volume" },
    { "kind", "按单位类别", "by kind of unit" },
};
static const struct choices words_report_group = { "report_group", group_items, 2 };

static const struct choice channels_items[] = {
    { "hotline", "热线", "hotline" },
    { "web", "网站留言", "web messages" },
};
static const struct choices words_channels = { "channels", channels_items, 2 };

/* --- Who sees what --------------------------------------------------------------------- */

static bool
sees_county(const struct request *req)
{
    return (api_actor(req)->actor.roles &
            (ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_LEADER))) != 0;
}

/* The unit that is asked about: CHOICE_NONE for all of them. */
static enum err
read_unit(struct request *req, const char *code, int64_t *ret_unit_id)
{
    int64_t own = api_actor(req)->actor.unit_id;
    struct unit unit;

    *ret_unit_id = sees_county(req) ? CHOICE_NONE : own;
    if (code == NULL)
        return OK;
    enum err err = units_by_code(req->reader->db, req->arena, code, &unit);
    if (err == ERR_NOT_FOUND)
        return problem_value(&req->problem, ERR_HTTP_QUERY, "unit");
    TRY(err);
    if (!sees_county(req) && unit.id != own)
        return ERR_FORBIDDEN;
    *ret_unit_id = unit.id;
    return OK;
}

/* From the first of the month, and to today, when nothing is said. */
static enum err
read_period(struct request *req, int32_t from, int32_t to, struct report_period *period)
{
    struct civil_date first = time_date_of_day(time_day(req->now));

    first.mday = 1;
    period->from = from != 0 ? from : time_day_of_date(first);
    period->to = to != 0 ? to : time_day(req->now);
    if (period->to < period->from)
        return problem_value(&req->problem, ERR_HTTP_QUERY, "to");
    return OK;
}

/* --- GET /reports/assessment ------------------------------------------------------------ */

struct assessment_query {
    const char *unit, *cursor;
    int32_t from, to;
    int group;
    int64_t limit;
};
#define Q struct assessment_query
static const struct json_field assessment_fields[] = {
    JSON_DATE("from", Q, from, JSON_OPTIONAL),
    JSON_DATE("to", Q, to, JSON_OPTIONAL),
    JSON_CHOICE("group", Q, group, &words_report_group, JSON_OPTIONAL),
    JSON_TEXT("unit", Q, unit, 1, UNIT_CODE_CHARACTERS, JSON_OPTIONAL),
    JSON_INT("limit", Q, limit, 1, LIST_LIMIT_MAX, JSON_OPTIONAL),
    JSON_TEXT("cursor", Q, cursor, 1, LIST_CURSOR_CHARACTERS, JSON_OPTIONAL),
    JSON_END,
};
#undef Q

/* A unit with its result; `group` is a volume or a kind. */
struct unit_result {
    const struct assessment_sums *sums;
    struct assessment_figures figures;
    struct assessment_result result;
    int group;
};

/* Best first in each group; units without a score last. */
static int
compare_results(const void *left, const void *right)
{
    const struct unit_result *a = left, *b = right;

    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    if (a->result.has_score != b->result.has_score)
        return a->result.has_score ? -1 : 1;
    if (a->result.score < b->result.score || a->result.score > b->result.score)
        return a->result.score > b->result.score ? -1 : 1;
    return a->sums->unit_id < b->sums->unit_id ? -1 : 1;
}

struct assessment {
    struct report_period period;
    struct assessment_terms terms;
    const struct assessment_sums *office; /* NULL: nothing, or not to be seen */
    struct unit_result *units;
    size_t unit_count;
    enum report_group group;
};

static enum err
make_assessment(struct request *req, int64_t unit_id, struct assessment *ret)
{
    struct assessment_sums *sums = NULL;
    size_t count = 0;

    ret->terms = assessment_terms(&req->rulebook->settings);
    TRY(assessments_read(req->reader->db, req->arena, ret->period.from, ret->period.to,
                         unit_id, &sums, &count));
    ret->units = arena_array(req->arena, struct unit_result, count);
    if (ret->units == NULL)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        if (sums[i].unit_id == 0) {
            ret->office = &sums[i];
            continue;
        }
        struct unit_result *unit = &ret->units[ret->unit_count++];
        unit->sums = &sums[i];
        report_add(&unit->figures, &sums[i]);
        assessment_result(&unit->figures, report_days(&ret->period), &ret->terms,
                          &unit->result);
        unit->group =
            ret->group == GROUP_BY_KIND ? sums[i].kind : (int)unit->result.group;
    }
    if (ret->unit_count > 1)
        qsort(ret->units, ret->unit_count, sizeof *ret->units, compare_results);
    return OK;
}

static void
write_number(struct json_out *out, const char *key, bool is_known, double number)
{
    if (is_known)
        json_real(out, key, number);
    else
        json_null(out, key);
}

static void
write_unit(struct request *req, struct json_out *out, const struct assessment *assessment,
           const struct unit_result *unit)
{
    const struct unit_names *names = rulebook_unit(req->rulebook, unit->sums->unit_id);
    const struct assessment_result *result = &unit->result;
    struct report_period period = assessment->period;

    period.unit = names == NULL ? NULL : names->code;
    json_object_open(out, NULL);
    unit_names_json(out, "unit", req->rulebook, unit->sums->unit_id);
    json_word(out, "kind", choice_word(&words_unit_kind, unit->sums->kind));
    json_int(out, "volume", result->volume);
    json_word(out, "group", choice_word(&words_volume, (int)result->group));
    write_number(out, "score", result->has_score, result->score);
    write_number(out, "mean_workdays", unit->figures.counts[MEASURE_ACCEPTED] > 0,
                 result->mean_workdays);
    report_figures_json(out, req->arena, &period, &unit->figures, result, false);
    json_object_close(out);
}

/* The county as a whole: its units together, or the office alone; no score. */
static void
write_together(struct request *req, struct json_out *out, const char *key,
               const struct assessment *assessment, bool of_office)
{
    struct assessment_figures figures = { .workdays = 0 };
    struct assessment_result result;

    if (of_office && assessment->office != NULL)
        report_add(&figures, assessment->office);
    for (size_t i = 0; i < assessment->unit_count && !of_office; i++)
        report_add(&figures, assessment->units[i].sums);
    if (of_office)
        figures.counts[MEASURE_CLOSED] = 0; /* the county's, said with the units */
    else if (assessment->office != NULL)
        figures.counts[MEASURE_CLOSED] += assessment->office->counts[0][MEASURE_CLOSED] +
                                          assessment->office->counts[1][MEASURE_CLOSED];
    assessment_result(&figures, report_days(&assessment->period), &assessment->terms,
                      &result);
    json_object_open(out, key);
    write_number(out, "mean_workdays", figures.counts[MEASURE_ACCEPTED] > 0,
                 result.mean_workdays);
    report_figures_json(out, req->arena, &assessment->period, &figures, &result,
                        of_office);
    json_object_close(out);
}

static void
write_groups(struct request *req, struct json_out *out,
             const struct assessment *assessment, size_t from, size_t to)
{
    const struct choices *words =
        assessment->group == GROUP_BY_KIND ? &words_unit_kind : &words_volume;
    int open = CHOICE_NONE;

    json_list_open(out, "groups");
    for (size_t i = from; i < to; i++) {
        const struct unit_result *unit = &assessment->units[i];
        if (unit->group != open) {
            if (open != CHOICE_NONE) {
                json_list_close(out);
                json_object_close(out);
            }
            open = unit->group;
            json_object_open(out, NULL);
            json_word(out, "id", choice_word(words, open));
            json_text(out, "zh", words->items[open].zh);
            json_text(out, "en", words->items[open].en);
            json_list_open(out, "units");
        }
        write_unit(req, out, assessment, unit);
    }
    if (open != CHOICE_NONE) {
        json_list_close(out);
        json_object_close(out);
    }
    json_list_close(out);
}

/* GET /reports/assessment */
enum err
assessment_show(struct request *req)
{
    struct assessment_query asked = { .group = GROUP_BY_VOLUME,
                                      .limit = LIST_LIMIT_DEFAULT };
    struct assessment assessment = { .unit_count = 0 };
    int64_t unit_id, start = 0, unused = 0;
    struct json_out out;

    TRY(request_query_read(req, assessment_fields, &asked, NULL));
    TRY(read_period(req, asked.from, asked.to, &assessment.period));
    TRY(read_unit(req, asked.unit, &unit_id));
    if (asked.limit > UNITS_PER_PAGE)
        asked.limit = UNITS_PER_PAGE;
    if (asked.cursor != NULL)
        TRY(list_cursor_read(req, asked.cursor, CURSOR_UNITS, &start, &unused));
    assessment.group = (enum report_group)asked.group;
    TRY(make_assessment(req, unit_id, &assessment));
    size_t count = assessment.unit_count;
    size_t first = start < (int64_t)count ? (size_t)start : count;
    size_t last =
        first + (size_t)asked.limit < count ? first + (size_t)asked.limit : count;

    json_out_init(&out, req->arena);
    json_out_expect(&out, (last - first + 3) * UNIT_BYTES);
    json_object_open(&out, NULL);
    json_date(&out, "from", assessment.period.from);
    json_date(&out, "to", assessment.period.to);
    json_word(&out, "group", choice_word(&words_report_group, asked.group));
    report_formula_json(&out, "formula", &assessment.terms);
    if (sees_county(req) && unit_id == CHOICE_NONE) {
        write_together(req, &out, "office", &assessment, true);
        write_together(req, &out, "total", &assessment, false);
    } else {
        json_null(&out, "office");
        json_null(&out, "total");
    }
    write_groups(req, &out, &assessment, first, last);
    TRY(list_cursor_write(req, &out, last < count, CURSOR_UNITS, (int64_t)last, 0));
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* --- GET /reports/assessment/tickets ------------------------------------------------------ */

struct tickets_query {
    const char *unit, *cursor;
    uint64_t measures;
    int32_t from, to;
    int channels;
    int64_t limit;
};
#define Q struct tickets_query
static const struct json_field tickets_fields[] = {
    JSON_CHOICES("measure", Q, measures, &words_measure, 1, ASSESSMENT_MEASURE_COUNT,
                 JSON_REQUIRED),
    JSON_DATE("from", Q, from, JSON_REQUIRED),
    JSON_DATE("to", Q, to, JSON_REQUIRED),
    JSON_TEXT("unit", Q, unit, 1, UNIT_CODE_CHARACTERS, JSON_OPTIONAL),
    JSON_CHOICE("channels", Q, channels, &words_channels, JSON_OPTIONAL),
    JSON_INT("limit", Q, limit, 1, LIST_LIMIT_MAX, JSON_OPTIONAL),
    JSON_TEXT("cursor", Q, cursor, 1, LIST_CURSOR_CHARACTERS, JSON_OPTIONAL),
    JSON_END,
};
#undef Q

struct fact_lines {
    struct request *req;
    struct json_out *out;
};

/* A ticket that has left the unit still counts, but is not shown any more. */
static void
write_fact(void *context, int64_t unit_id, int32_t day, const struct ticket_line *line)
{
    struct fact_lines *lines = context;
    struct json_out *out = lines->out;

    json_object_open(out, NULL);
    unit_names_json(out, "unit", lines->req->rulebook, unit_id);
    json_date(out, "day", day);
    if (line == NULL)
        json_null(out, "ticket");
    else
        ticket_json_line(out, "ticket", lines->req->rulebook, line);
    json_object_close(out);
}

/* GET /reports/assessment/tickets */
enum err
assessment_tickets(struct request *req)
{
    struct tickets_query asked = { .channels = CHOICE_NONE, .limit = LIST_LIMIT_DEFAULT };
    struct ticket_viewer viewer = request_viewer(req);
    struct assessment_cursor last;
    struct assessment_filter filter;
    struct report_period period;
    struct json_out out;
    int64_t place = 0;
    bool has_more = false;

    TRY(request_query_read(req, tickets_fields, &asked, NULL));
    TRY(read_period(req, asked.from, asked.to, &period));
    filter = (struct assessment_filter){
        .measures = asked.measures,
        .from = period.from,
        .to = period.to,
        .is_web = asked.channels,
    };
    TRY(read_unit(req, asked.unit, &filter.unit_id));
    if (asked.cursor != NULL) {
        TRY(list_cursor_read(req, asked.cursor, CURSOR_FACTS, &place, &filter.after.id));
        filter.after.unit_id = place / DAYS_MAX;
        filter.after.day = (int32_t)(place % DAYS_MAX);
    }
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    TRY(assessments_each(req->reader->db, req->rulebook, &viewer, &filter,
                         (int)asked.limit, write_fact, &(struct fact_lines){ req, &out },
                         &last, &has_more));
    json_list_close(&out);
    TRY(list_cursor_write(req, &out, has_more, CURSOR_FACTS,
                          last.unit_id * DAYS_MAX + last.day, last.id));
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
