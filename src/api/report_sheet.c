#include "report_sheet.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "api_internal.h"
#include "base/config.h"
#include "base/sheet.h"
#include "base/timeutil.h"
#include "report_brief.h"
#include "report_monthly.h"
#include "store/rulebook.h"

/*
 * report_sheet.c - see the header.  A report has a row for each unit, so its file
 * is small and lies in memory (memfd) until it has been sent.
 */

/* A file being written, and the request it answers. */
struct report_file {
    struct request *req;
    struct sheet *sheet;
    int fd;
};

/* "云溪县人民政府办公室 督查员 2026-11-26 17:30 …": whose it is, on each page. */
static const char *
mark_of(struct request *req, const struct report_period *period, const char *title)
{
    char now[TIME_TEXT_BYTES], from[TIME_TEXT_BYTES], to[TIME_TEXT_BYTES];
    char office[SETTING_OFFICE_BYTES];

    setting_office(&req->rulebook->settings, office);
    time_format(req->now, now);
    now[sizeof "2026-10-10T23:59" - 1] = '\0';
    now[sizeof "2026-10-10" - 1] = ' ';
    time_format_day(period->from, from);
    time_format_day(period->to, to);
    return arena_printf(req->arena, "%s · %s · %s–%s · %s %s", office, title, from, to,
                        api_actor(req)->name, now);
}

static enum err
file_open(struct request *req, const struct report_period *period, const char *title,
          struct report_file *ret_file)
{
    const char *mark = mark_of(req, period, title);

    *ret_file = (struct report_file){ .req = req, .fd = -1 };
    if (mark == NULL)
        return ERR_NO_MEMORY;
    ret_file->fd = memfd_create("report", MFD_CLOEXEC);
    if (ret_file->fd < 0)
        return ERR_NO_MEMORY;
    return sheet_new(ret_file->fd, req->http->config->data, SHEET_XLSX, mark,
                     &ret_file->sheet);
}

/* Answer with the file, or give it up when `err` says so. */
static enum err
file_send(struct report_file *file, const char *name, enum err err)
{
    int64_t bytes = 0;

    if (err == OK)
        err = sheet_end(file->sheet, &bytes);
    sheet_free(file->sheet);
    if (err != OK) {
        if (file->fd >= 0)
            (void)close(file->fd); /* nothing of it is wanted */
        return err;
    }
    TRY(reply_file_take(file->req, 200, sheet_media_type(SHEET_XLSX), file->fd, bytes));
    const char *disposition =
        arena_printf(file->req->arena, "attachment; filename=\"%s.xlsx\"", name);
    if (disposition == NULL)
        return ERR_NO_MEMORY;
    return reply_header(file->req, "Content-Disposition", disposition);
}

static const char *
dated_name(struct request *req, const char *word, const struct report_period *period)
{
    char from[TIME_TEXT_BYTES], to[TIME_TEXT_BYTES];

    time_format_day(period->from, from);
    time_format_day(period->to, to);
    return arena_printf(req->arena, "%s-%s-%s", word, from, to);
}

static const char *
in_language(const struct request *req, const char *zh, const char *en)
{
    return req->language == LANGUAGE_ZH ? zh : en;
}

static struct sheet_cell
share(int64_t part, int64_t whole)
{
    return (struct sheet_cell){ .real = whole == 0 ? 0.0 : (double)part / (double)whole,
                                .is_empty = whole == 0 };
}

/* --- The assessment ------------------------------------------------------------------- */

#define UNIT_COLUMNS 6
#define RATE_COLUMNS 3 /* of each rate: part, whole, share */

static size_t
rate_columns(struct sheet_column *columns, size_t count)
{
    for (int i = 0; i < ASSESSMENT_RATE_COUNT; i++) {
        const struct assessment_rate_row *row = &assessment_rates[i];
        if (row->of == RATE_OF_OFFICE)
            continue;
        columns[count++] = (struct sheet_column){ { row->zh, row->en }, SHEET_RATE, 0 };
        columns[count++] = (struct sheet_column){ { "分子", "of it" }, SHEET_INT, 0 };
        columns[count++] = (struct sheet_column){ { "分母", "of" }, SHEET_INT, 0 };
    }
    return count;
}

static size_t
unit_cells(const struct request *req, const struct report_unit *unit,
           enum report_group group, struct sheet_cell *cells)
{
    const struct assessment_result *result = &unit->result;
    const struct choices *words =
        group == REPORT_BY_KIND ? &words_unit_kind : &words_volume;
    const struct choice *of = &words->items[report_group_of(unit, group)];
    size_t count = 0;

    cells[count++] = (struct sheet_cell){ .text = in_language(req, of->zh, of->en) };
    cells[count++] = (struct sheet_cell){ .text = unit->code };
    cells[count++] = (struct sheet_cell){ .text = unit->name };
    cells[count++] = (struct sheet_cell){ .number = result->volume };
    cells[count++] =
        (struct sheet_cell){ .real = result->score, .is_empty = !result->has_score };
    cells[count++] =
        (struct sheet_cell){ .real = result->mean_workdays,
                             .is_empty = unit->figures.counts[MEASURE_ACCEPTED] == 0 };
    for (int i = 0; i < ASSESSMENT_RATE_COUNT; i++) {
        const struct assessment_ratio *ratio = &result->ratios[i];
        if (assessment_rates[i].of == RATE_OF_OFFICE)
            continue;
        cells[count++] = share(ratio->numerator, ratio->denominator);
        cells[count++] = (struct sheet_cell){ .number = ratio->numerator };
        cells[count++] = (struct sheet_cell){ .number = ratio->denominator };
    }
    return count;
}

static enum err
write_assessment(struct report_file *file, const struct report_data *data,
                 enum report_group group)
{
    static const struct sheet_column first[UNIT_COLUMNS] = {
        { { "分组", "Group" }, SHEET_TEXT, 0 },
        { { "代码", "Code" }, SHEET_TEXT, 0 },
        { { "单位", "Unit" }, SHEET_TEXT, 24 },
        { { "办件量", "Volume" }, SHEET_INT, 0 },
        { { "得分", "Score" }, SHEET_REAL, 0 },
        { { "平均办理工作日", "Mean workdays" }, SHEET_REAL, 0 },
    };
    struct sheet_column columns[UNIT_COLUMNS + RATE_COLUMNS * ASSESSMENT_RATE_COUNT];
    struct sheet_cell cells[UNIT_COLUMNS + RATE_COLUMNS * ASSESSMENT_RATE_COUNT];
    const struct report_unit **units = NULL;

    for (size_t i = 0; i < UNIT_COLUMNS; i++)
        columns[i] = first[i];
    TRY(report_ranked(file->req->arena, data, group, &units));
    TRY(sheet_table(file->sheet, in_language(file->req, "考核", "Assessment"), columns,
                    rate_columns(columns, UNIT_COLUMNS), file->req->language));
    for (size_t i = 0; i < data->unit_count; i++) {
        (void)unit_cells(file->req, units[i], group, cells); /* as many as columns */
        TRY(sheet_row(file->sheet, cells));
    }
    for (int i = 0; i < ASSESSMENT_RATE_COUNT; i++) {
        const struct assessment_rate_row *row = &assessment_rates[i];
        const char *line = arena_printf(
            file->req->arena, "%s = %s", in_language(file->req, row->zh, row->en),
            in_language(file->req, row->formula_zh, row->formula_en));
        if (line == NULL)
            return ERR_NO_MEMORY;
        TRY(sheet_line(file->sheet, line));
    }
    return OK;
}

enum err
report_sheet_assessment(struct request *req, const struct report_data *data,
                        enum report_group group)
{
    const char *name = dated_name(req, "assessment", &data->period);
    struct report_file file;

    if (name == NULL)
        return ERR_NO_MEMORY;
    enum err err =
        file_open(req, &data->period, in_language(req, "考核", "Assessment"), &file);
    if (err == OK)
        err = write_assessment(&file, data, group);
    return file_send(&file, name, err);
}

/* --- The monthly table ---------------------------------------------------------------- */

static const struct sheet_column monthly_columns[] = {
    { { "序号", "No." }, SHEET_INT, 0 },
    { { "单位", "Unit" }, SHEET_TEXT, 24 },
    { { "交办", "Dispatched" }, SHEET_INT, 0 },
    { { "热线按期办结", "Hotline on time" }, SHEET_INT, 0 },
    { { "热线超期办结", "Hotline late" }, SHEET_INT, 0 },
    { { "热线未办结", "Hotline open" }, SHEET_INT, 0 },
    { { "留言按期办结", "Web on time" }, SHEET_INT, 0 },
    { { "留言超期办结", "Web late" }, SHEET_INT, 0 },
    { { "留言未办结", "Web open" }, SHEET_INT, 0 },
    { { "合计按期办结", "Total on time" }, SHEET_INT, 0 },
    { { "合计超期办结", "Total late" }, SHEET_INT, 0 },
    { { "合计未办结", "Total open" }, SHEET_INT, 0 },
    { { "办结率", "Closed %" }, SHEET_RATE, 0 },
    { { "按期办结率", "On time %" }, SHEET_RATE, 0 },
    { { "不满意", "Unsatisfied" }, SHEET_INT, 0 },
    { { "不满意率", "Unsatisfied %" }, SHEET_RATE, 0 },
};
#define MONTHLY_CELLS (sizeof monthly_columns / sizeof *monthly_columns)

static enum err
write_monthly_row(struct report_file *file, int64_t number, const char *name,
                  const struct monthly_row *row)
{
    int64_t on_time = monthly_total(row, MONTHLY_ON_TIME);
    struct sheet_cell cells[MONTHLY_CELLS];
    size_t count = 0;

    cells[count++] = (struct sheet_cell){ .number = number, .is_empty = number == 0 };
    cells[count++] = (struct sheet_cell){ .text = name };
    cells[count++] = (struct sheet_cell){ .number = row->dispatched };
    for (int web = 0; web < 2; web++)
        for (int i = 0; i < MONTHLY_COLUMN_COUNT; i++)
            cells[count++] = (struct sheet_cell){ .number = row->counts[web][i] };
    for (int i = 0; i < MONTHLY_COLUMN_COUNT; i++)
        cells[count++] =
            (struct sheet_cell){ .number = monthly_total(row, (enum monthly_column)i) };
    cells[count++] = share(on_time + monthly_total(row, MONTHLY_LATE), row->dispatched);
    cells[count++] = share(on_time, row->dispatched);
    cells[count++] = (struct sheet_cell){ .number = row->unsatisfied };
    cells[count] = share(row->unsatisfied, row->rated);
    return sheet_row(file->sheet, cells);
}

static enum err
write_monthly_table(struct report_file *file, const struct report_data *data,
                    enum monthly_table table)
{
    const struct choice *word = &words_monthly_table.items[table];
    struct monthly_row sum = { .dispatched = 0 };
    int64_t number = 0;

    TRY(sheet_table(file->sheet, in_language(file->req, word->zh, word->en),
                    monthly_columns, MONTHLY_CELLS, file->req->language));
    for (size_t i = 0; i < data->unit_count; i++) {
        const struct report_unit *unit = &data->units[i];
        struct monthly_row row = { .dispatched = 0 };
        if (monthly_table_of(unit) != table || !monthly_has_row(unit))
            continue;
        monthly_add(&row, unit);
        monthly_add(&sum, unit);
        TRY(write_monthly_row(file, ++number, unit->name, &row));
    }
    return write_monthly_row(file, 0, in_language(file->req, "合计", "Total"), &sum);
}

enum err
report_sheet_monthly(struct request *req, const struct report_data *data,
                     const char *month)
{
    const char *name = arena_printf(req->arena, "monthly-%s", month);
    struct report_file file;

    if (name == NULL)
        return ERR_NO_MEMORY;
    enum err err =
        file_open(req, &data->period, in_language(req, "月报", "Monthly table"), &file);
    for (int table = 0; table < MONTHLY_TABLE_COUNT && err == OK; table++)
        err = write_monthly_table(&file, data, (enum monthly_table)table);
    return file_send(&file, name, err);
}

/* --- The brief -------------------------------------------------------------------------- */

static enum err
write_brief_figures(struct report_file *file, const struct brief_sum *sum,
                    const struct brief_sum *before)
{
    static const struct sheet_column columns[] = {
        { { "指标", "Figure" }, SHEET_TEXT, 24 },
        { { "本期", "This period" }, SHEET_INT, 0 },
        { { "上期", "The one before" }, SHEET_INT, 0 },
    };

    TRY(sheet_table(file->sheet, in_language(file->req, "简报", "Brief"), columns, 3,
                    file->req->language));
    for (size_t i = 0; i < brief_measure_count; i++) {
        const struct choice *word = &words_measure.items[brief_measures[i]];
        struct sheet_cell cells[] = {
            { .text = in_language(file->req, word->zh, word->en) },
            { .number = sum->figures.counts[brief_measures[i]] },
            { .number = before->figures.counts[brief_measures[i]] },
        };
        TRY(sheet_row(file->sheet, cells));
    }
    return OK;
}

static enum err
write_brief_rates(struct report_file *file, const struct brief_sum *sum,
                  const struct brief_sum *before)
{
    static const struct sheet_column columns[] = {
        { { "比率", "Rate" }, SHEET_TEXT, 24 },
        { { "本期", "This period" }, SHEET_RATE, 0 },
        { { "上期", "The one before" }, SHEET_RATE, 0 },
    };

    TRY(sheet_table(file->sheet, in_language(file->req, "比率", "Rates"), columns, 3,
                    file->req->language));
    for (int i = 0; i < ASSESSMENT_RATE_COUNT; i++) {
        const struct assessment_ratio *now = &sum->result.ratios[i];
        const struct assessment_ratio *then = &before->result.ratios[i];
        struct sheet_cell cells[] = {
            { .text = in_language(file->req, assessment_rates[i].zh,
                                  assessment_rates[i].en) },
            share(now->numerator, now->denominator),
            share(then->numerator, then->denominator),
        };
        TRY(sheet_row(file->sheet, cells));
    }
    return OK;
}

static enum err
write_brief_units(struct report_file *file, const struct report_data *data)
{
    struct sheet_column columns[1 + BRIEF_MEASURES_MAX] = {
        { { "单位", "Unit" }, SHEET_TEXT, 24 },
    };
    struct sheet_cell cells[1 + BRIEF_MEASURES_MAX];

    for (size_t i = 0; i < brief_unit_measure_count; i++) {
        const struct choice *word = &words_measure.items[brief_unit_measures[i]];
        columns[i + 1] = (struct sheet_column){ { word->zh, word->en }, SHEET_INT, 0 };
    }
    TRY(sheet_table(file->sheet, in_language(file->req, "单位", "Units"), columns,
                    1 + brief_unit_measure_count, file->req->language));
    for (size_t i = 0; i < data->unit_count; i++) {
        cells[0] = (struct sheet_cell){ .text = data->units[i].name };
        for (size_t k = 0; k < brief_unit_measure_count; k++)
            cells[k + 1] = (struct sheet_cell){
                .number = data->units[i].figures.counts[brief_unit_measures[k]]
            };
        TRY(sheet_row(file->sheet, cells));
    }
    return OK;
}

enum err
report_sheet_brief(struct request *req, const struct report_data *data,
                   const struct report_data *before)
{
    const char *name = dated_name(req, "brief", &data->period);
    struct brief_sum sum, sum_before;
    struct report_file file;

    if (name == NULL)
        return ERR_NO_MEMORY;
    brief_sum_up(data, &sum);
    brief_sum_up(before, &sum_before);
    enum err err =
        file_open(req, &data->period, in_language(req, "简报", "Brief"), &file);
    if (err == OK)
        err = write_brief_figures(&file, &sum, &sum_before);
    if (err == OK)
        err = write_brief_rates(&file, &sum, &sum_before);
    if (err == OK)
        err = write_brief_units(&file, data);
    return file_send(&file, name, err);
}
