#include <stdlib.h>
#include <string.h>

#include "api_internal.h"
#include "list_cursor.h"
#include "report_json.h"
#include "report_sheet.h"
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

static const struct choice group_items[] = {
    [REPORT_BY_VOLUME] = { "volume", "按办件量", "by volume" },
    [REPORT_BY_KIND] = { "kind", "按单位类别", "by kind of unit" },
};
static const struct choices words_report_group = { "report_group", group_items, 2 };

static const struct choice channels_items[] = {
    { "hotline", "热线", "hotline" },
    { "web", "网站留言", "web messages" },
};
static const struct choices words_channels = { "channels", channels_items, 2 };

static const struct choice table_items[] = {
    { "departments", "部门", "departments" },
    { "towns", "乡镇", "towns" },
};
static const struct choices words_table = { "table", table_items, 2 };

/* --- GET /reports/assessment ------------------------------------------------------------ */

struct assessment_query {
    const char *unit, *cursor;
    int32_t from, to;
    int group;
    int64_t limit;
};
#define Q struct assessment_query
#define ASSESSMENT_FIELDS                                                                \
    JSON_DATE("from", Q, from, JSON_OPTIONAL), JSON_DATE("to", Q, to, JSON_OPTIONAL),    \
        JSON_CHOICE("group", Q, group, &words_report_group, JSON_OPTIONAL),              \
        JSON_TEXT("unit", Q, unit, 1, UNIT_CODE_CHARACTERS, JSON_OPTIONAL)
static const struct json_field assessment_fields[] = {
    ASSESSMENT_FIELDS,
    JSON_INT("limit", Q, limit, 1, LIST_LIMIT_MAX, JSON_OPTIONAL),
    JSON_TEXT("cursor", Q, cursor, 1, LIST_CURSOR_CHARACTERS, JSON_OPTIONAL),
    JSON_END,
};
/* A spreadsheet has no pages. */
static const struct json_field sheet_fields[] = { ASSESSMENT_FIELDS, JSON_END };
#undef Q

/* Best first in each group; units without a score last; else as they stood. */
static int
compare_units(const void *left, const void *right)
{
    const struct report_unit *a = *(const struct report_unit *const *)left;
    const struct report_unit *b = *(const struct report_unit *const *)right;

    if (a->result.has_score != b->result.has_score)
        return a->result.has_score ? -1 : 1;
    if (a->result.score < b->result.score || a->result.score > b->result.score)
        return a->result.score > b->result.score ? -1 : 1;
    return a < b ? -1 : a > b;
}

int
report_group_of(const struct report_unit *unit, enum report_group group)
{
    return group == REPORT_BY_KIND ? unit->kind : (int)unit->result.group;
}

enum err
report_ranked(struct arena *arena, const struct report_data *data,
              enum report_group group, const struct report_unit ***ret_units)
{
    const struct report_unit **units =
        arena_array(arena, const struct report_unit *, data->unit_count + 1);
    int groups = group == REPORT_BY_KIND ? UNIT_KIND_COUNT : ASSESSMENT_VOLUME_COUNT;
    size_t count = 0;

    if (units == NULL)
        return ERR_NO_MEMORY;
    for (int of = 0; of < groups; of++) {
        size_t first = count;
        for (size_t i = 0; i < data->unit_count; i++)
            if (report_group_of(&data->units[i], group) == of)
                units[count++] = &data->units[i];
        if (count - first > 1)
            qsort(units + first, count - first, sizeof *units, compare_units);
    }
    *ret_units = units;
    return OK;
}

static void
write_unit(struct arena *arena, struct json_out *out, const struct report_data *data,
           const struct report_unit *unit)
{
    const struct assessment_result *result = &unit->result;
    struct report_period period = data->period;

    period.unit = unit->code;
    json_object_open(out, NULL);
    report_unit_json(out, "unit", unit);
    json_word(out, "kind", choice_word(&words_unit_kind, unit->kind));
    json_int(out, "volume", result->volume);
    json_word(out, "group", choice_word(&words_volume, (int)result->group));
    report_number_json(out, "score", result->has_score, result->score);
    report_number_json(out, "mean_workdays", unit->figures.counts[MEASURE_ACCEPTED] > 0,
                       result->mean_workdays);
    report_number_json(out, "score_before",
                       unit->before != NULL && unit->before->has_score,
                       unit->before == NULL ? 0.0 : unit->before->score);
    report_figures_json(out, arena, &period, &unit->figures, result, unit->before, false);
    json_object_close(out);
}

/* The county as a whole: its units together, or the office alone; no score. */
static void
write_together(struct arena *arena, struct json_out *out, const char *key,
               const struct report_data *data, bool of_office)
{
    struct assessment_figures figures = { .workdays = 0 };
    struct assessment_result result;

    if (of_office && data->office != NULL)
        report_add(&figures, &data->office->figures);
    for (size_t i = 0; i < data->unit_count && !of_office; i++)
        report_add(&figures, &data->units[i].figures);
    if (of_office)
        figures.counts[MEASURE_CLOSED] = 0; /* the county's, said with the units */
    else if (data->office != NULL)
        figures.counts[MEASURE_CLOSED] += data->office->figures.counts[MEASURE_CLOSED];
    assessment_result(&figures, report_days(&data->period), &data->terms, &result);
    json_object_open(out, key);
    report_number_json(out, "mean_workdays", figures.counts[MEASURE_ACCEPTED] > 0,
                       result.mean_workdays);
    report_figures_json(out, arena, &data->period, &figures, &result, NULL, of_office);
    json_object_close(out);
}

static void
write_groups(struct arena *arena, struct json_out *out, const struct report_data *data,
             enum report_group group, const struct report_unit *const *units, size_t from,
             size_t to)
{
    const struct choices *words =
        group == REPORT_BY_KIND ? &words_unit_kind : &words_volume;
    int open = CHOICE_NONE;

    json_list_open(out, "groups");
    for (size_t i = from; i < to; i++) {
        int of = report_group_of(units[i], group);
        if (of != open) {
            if (open != CHOICE_NONE) {
                json_list_close(out);
                json_object_close(out);
            }
            open = of;
            json_object_open(out, NULL);
            json_word(out, "id", choice_word(words, of));
            json_text(out, "zh", words->items[of].zh);
            json_text(out, "en", words->items[of].en);
            json_list_open(out, "units");
        }
        write_unit(arena, out, data, units[i]);
    }
    if (open != CHOICE_NONE) {
        json_list_close(out);
        json_object_close(out);
    }
    json_list_close(out);
}

enum err
report_assessment_json(struct request *req, struct json_out *out,
                       const struct report_data *data, enum report_group group,
                       bool has_county, size_t from, size_t to)
{
    const struct report_unit **units = NULL;

    TRY(report_ranked(req->arena, data, group, &units));
    json_date(out, "from", data->period.from);
    json_date(out, "to", data->period.to);
    json_date(out, "before_from", data->before_from);
    json_date(out, "before_to", data->before_to);
    json_word(out, "group", choice_word(&words_report_group, (int)group));
    report_formula_json(out, "formula", &data->terms);
    if (has_county) {
        write_together(req->arena, out, "office", data, true);
        write_together(req->arena, out, "total", data, false);
    } else {
        json_null(out, "office");
        json_null(out, "total");
    }
    write_groups(req->arena, out, data, group, units, from, to);
    return OK;
}

static enum err
read_assessment(struct request *req, const struct json_field *fields,
                struct assessment_query *asked, struct report_data *ret_data,
                bool *ret_has_county)
{
    struct report_period period;
    int64_t unit_id;

    *asked = (struct assessment_query){ .group = REPORT_BY_VOLUME,
                                        .limit = LIST_LIMIT_DEFAULT };
    TRY(request_query_read(req, fields, asked, NULL));
    TRY(report_period_read(req, asked->from, asked->to, &period));
    TRY(report_unit_read(req, asked->unit, &unit_id));
    *ret_has_county = unit_id == CHOICE_NONE;
    TRY(report_read(req, &period, unit_id, ret_data));
    return report_compare(req, unit_id, ret_data);
}

/* GET /reports/assessment */
enum err
assessment_show(struct request *req)
{
    struct assessment_query asked;
    struct report_data data;
    int64_t start = 0, unused = 0;
    bool has_county;
    struct json_out out;

    TRY(read_assessment(req, assessment_fields, &asked, &data, &has_county));
    if (asked.cursor != NULL)
        TRY(list_cursor_read(req, asked.cursor, CURSOR_UNITS, &start, &unused));
    size_t limit = asked.limit < UNITS_PER_PAGE ? (size_t)asked.limit : UNITS_PER_PAGE;
    size_t count = data.unit_count;
    size_t first = start < (int64_t)count ? (size_t)start : count;
    size_t last = first + limit < count ? first + limit : count;

    json_out_init(&out, req->arena);
    json_out_expect(&out, (last - first + 3) * UNIT_BYTES);
    json_object_open(&out, NULL);
    TRY(report_assessment_json(req, &out, &data, (enum report_group)asked.group,
                               has_county, first, last));
    TRY(list_cursor_write(req, &out, last < count, CURSOR_UNITS, (int64_t)last, 0));
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* GET /reports/assessment.xlsx */
enum err
assessment_sheet(struct request *req)
{
    struct assessment_query asked;
    struct report_data data;
    bool has_county;

    TRY(read_assessment(req, sheet_fields, &asked, &data, &has_county));
    return report_sheet_assessment(req, &data, (enum report_group)asked.group);
}

/* --- GET /reports/assessment/tickets ------------------------------------------------------ */

struct tickets_query {
    const char *unit, *cursor;
    uint64_t measures;
    int32_t from, to;
    int channels, table;
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
    JSON_CHOICE("table", Q, table, &words_table, JSON_OPTIONAL),
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
    struct tickets_query asked = { .channels = CHOICE_NONE,
                                   .table = CHOICE_NONE,
                                   .limit = LIST_LIMIT_DEFAULT };
    struct ticket_viewer viewer = request_viewer(req);
    struct assessment_cursor last;
    struct assessment_filter filter;
    struct report_period period;
    struct json_out out;
    int64_t place = 0;
    bool has_more = false;

    TRY(request_query_read(req, tickets_fields, &asked, NULL));
    TRY(report_period_read(req, asked.from, asked.to, &period));
    filter = (struct assessment_filter){
        .measures = asked.measures,
        .from = period.from,
        .to = period.to,
        .is_web = asked.channels,
        .is_town = asked.table,
    };
    TRY(report_unit_read(req, asked.unit, &filter.unit_id));
    if (asked.cursor != NULL) {
        TRY(list_cursor_read(req, asked.cursor, CURSOR_FACTS, &place, &filter.after.id));
        filter.after.unit_id = place / DAYS_MAX;
        filter.after.day = (int32_t)(place % DAYS_MAX);
    }
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    TRY(assessments_each(req->reader->db, &viewer, &filter, (int)asked.limit, write_fact,
                         &(struct fact_lines){ req, &out }, &last, &has_more));
    json_list_close(&out);
    TRY(list_cursor_write(req, &out, has_more, CURSOR_FACTS,
                          last.unit_id * DAYS_MAX + last.day, last.id));
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
