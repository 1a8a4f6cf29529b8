#include "report_monthly.h"

#include "report_json.h"

/* report_monthly.c - see the header. */

const enum assessment_measure monthly_measures[MONTHLY_COLUMN_COUNT] = {
    [MONTHLY_ON_TIME] = MEASURE_DISPATCHED_ON_TIME,
    [MONTHLY_LATE] = MEASURE_DISPATCHED_LATE,
    [MONTHLY_OPEN] = MEASURE_DISPATCHED_OPEN,
};
static const char *const column_words[MONTHLY_COLUMN_COUNT] = { "on_time", "late",
                                                                "open" };
static const char *const class_words[] = { "hotline", "web" };

static const struct choice table_items[] = {
    [MONTHLY_TOWNS] = { "towns", "乡镇", "towns" },
    [MONTHLY_DEPARTMENTS] = { "departments", "部门", "departments" },
};
const struct choices words_monthly_table = { "monthly_table", table_items,
                                             MONTHLY_TABLE_COUNT };

enum monthly_table
monthly_table_of(const struct report_unit *unit)
{
    return unit->kind == UNIT_TOWNSHIP ? MONTHLY_TOWNS : MONTHLY_DEPARTMENTS;
}

bool
monthly_has_row(const struct report_unit *unit)
{
    return unit->figures.counts[MEASURE_DISPATCHED] > 0;
}

void
monthly_add(struct monthly_row *row, const struct report_unit *unit)
{
    row->dispatched += unit->figures.counts[MEASURE_DISPATCHED];
    row->rated += unit->figures.counts[MEASURE_DISPATCHED_RATED];
    row->unsatisfied += unit->figures.counts[MEASURE_DISPATCHED_UNSATISFIED];
    for (int web = 0; web < 2; web++)
        for (int i = 0; i < MONTHLY_COLUMN_COUNT; i++)
            row->counts[web][i] += unit->sums.counts[web][monthly_measures[i]];
}

int64_t
monthly_total(const struct monthly_row *row, enum monthly_column column)
{
    return row->counts[0][column] + row->counts[1][column];
}

/* --- On the wire -------------------------------------------------------------------------- */

static void
write_share(struct json_out *out, const char *key, int64_t part, int64_t whole)
{
    report_number_json(out, key, whole != 0,
                       whole == 0 ? 0.0 : (double)part / (double)whole);
}

static void
write_columns(struct json_out *out, const char *key, struct arena *arena,
              const struct report_period *period, const struct monthly_row *row, int web)
{
    struct report_period of = *period;

    of.channels = web < 0 ? NULL : class_words[web];
    json_object_open(out, key);
    for (int i = 0; i < MONTHLY_COLUMN_COUNT; i++)
        report_count_json(
            out, column_words[i], arena, &of, MEASURE_BIT(monthly_measures[i]),
            web < 0 ? monthly_total(row, (enum monthly_column)i) : row->counts[web][i]);
    json_object_close(out);
}

/* `unit` NULL: a sum. */
static void
write_row(struct json_out *out, const char *key, struct arena *arena,
          const struct report_period *period, const struct report_unit *unit,
          int64_t number, const struct monthly_row *row)
{
    int64_t on_time = monthly_total(row, MONTHLY_ON_TIME);
    int64_t closed = on_time + monthly_total(row, MONTHLY_LATE);

    json_object_open(out, key);
    if (unit == NULL) {
        json_null(out, "no");
        json_null(out, "unit");
    } else {
        json_int(out, "no", number);
        report_unit_json(out, "unit", unit);
    }
    report_count_json(out, "dispatched", arena, period, MEASURE_BIT(MEASURE_DISPATCHED),
                      row->dispatched);
    for (int web = 0; web < 2; web++)
        write_columns(out, class_words[web], arena, period, row, web);
    write_columns(out, "total", arena, period, row, -1);
    write_share(out, "closed_rate", closed, row->dispatched);
    write_share(out, "on_time_rate", on_time, row->dispatched);
    report_count_json(out, "rated", arena, period, MEASURE_BIT(MEASURE_DISPATCHED_RATED),
                      row->rated);
    report_count_json(out, "unsatisfied", arena, period,
                      MEASURE_BIT(MEASURE_DISPATCHED_UNSATISFIED), row->unsatisfied);
    write_share(out, "unsatisfied_rate", row->unsatisfied, row->rated);
    json_object_close(out);
}

static void
write_table(struct json_out *out, struct arena *arena, const struct report_data *data,
            enum monthly_table table)
{
    struct monthly_row sum = { .dispatched = 0 };
    struct report_period period = data->period;
    int64_t number = 0;

    period.table = choice_word(&words_monthly_table, (int)table);
    json_object_open(out, NULL);
    json_word(out, "id", period.table);
    json_text(out, "zh", words_monthly_table.items[table].zh);
    json_text(out, "en", words_monthly_table.items[table].en);
    json_list_open(out, "rows");
    for (size_t i = 0; i < data->unit_count; i++) {
        const struct report_unit *unit = &data->units[i];
        struct report_period of = data->period;
        struct monthly_row row = { .dispatched = 0 };
        if (monthly_table_of(unit) != table || !monthly_has_row(unit))
            continue;
        of.unit = unit->code;
        monthly_add(&row, unit);
        monthly_add(&sum, unit);
        write_row(out, NULL, arena, &of, unit, ++number, &row);
    }
    json_list_close(out);
    write_row(out, "sum", arena, &period, NULL, 0, &sum);
    json_object_close(out);
}

void
report_monthly_json(struct json_out *out, struct arena *arena,
                    const struct report_data *data)
{
    struct monthly_row sum = { .dispatched = 0 };

    for (size_t i = 0; i < data->unit_count; i++)
        monthly_add(&sum, &data->units[i]);
    json_int(out, "formula_version", data->terms.version);
    json_list_open(out, "tables");
    for (int table = 0; table < MONTHLY_TABLE_COUNT; table++)
        write_table(out, arena, data, (enum monthly_table)table);
    json_list_close(out);
    write_row(out, "sum", arena, &data->period, NULL, 0, &sum);
}
