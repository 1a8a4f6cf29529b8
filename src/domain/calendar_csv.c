#include "domain/calendar_csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/timeutil.h"

/*
 * calendar_csv.c - read a file of holidays, and compare.
 *
 * 1. A row gives one day or one fault or, blank, neither; no row beyond
 *    CALENDAR_CSV_ROWS_MAX is read.  So both arrays have room for what may come.
 * 2. What lies in `days` has passed every check but the one for doubles, which
 *    needs them all and comes last.
 */

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice calendar_fault_items[] = { CALENDAR_FAULTS(X) };
#undef X
const struct choices words_calendar_fault = { "calendar_fault", calendar_fault_items,
                                              CALENDAR_FAULT_COUNT };

#define COLUMN_COUNT 3
#define ROW_BYTES_MAX 4096 /* three short columns */
#define NO_FAULT CALENDAR_FAULT_COUNT
#define DECEMBER 12

/* --- What a row says ----------------------------------------------------------- */

static bool
is_header(const struct csv_row *row)
{
    return strcmp(row->fields[0].text, "date") == 0 ||
           strcmp(row->fields[0].text, "日期") == 0;
}

static bool
is_name(const struct csv_field *field)
{
    if (field->bytes >= CALENDAR_NAME_BYTES)
        return false;
    for (size_t i = 0; i < field->bytes; i++)
        if ((unsigned char)field->text[i] < ' ' || field->text[i] == 0x7f)
            return false;
    return true;
}

/* The day a row gives, or what is wrong with it. */
static enum calendar_fault_reason
read_row(const struct csv_row *row, struct calendar_csv_day *ret_day)
{
    const char *type = row->fields[1].text;
    struct calendar_csv_day day = { .day = 0 };

    if (row->fault == CSV_ENCODING)
        return CALENDAR_FAULT_ENCODING;
    if (row->fault == CSV_QUOTES)
        return CALENDAR_FAULT_QUOTES;
    if (row->fault == CSV_TOO_LONG)
        return CALENDAR_FAULT_NAME;
    if (row->field_count != COLUMN_COUNT)
        return CALENDAR_FAULT_COLUMNS;
    if (!time_parse_day(row->fields[0].text, &day.day))
        return CALENDAR_FAULT_DATE;
    if (strcmp(type, "workday") == 0)
        day.is_workday = true;
    else if (strcmp(type, "holiday") != 0)
        return CALENDAR_FAULT_TYPE;
    if (!is_name(&row->fields[2]))
        return CALENDAR_FAULT_NAME;
    /* A holiday on a Sunday is usual; a make-up day on a Tuesday is a slip of the pen. */
    if (day.is_workday && time_weekday(day.day) <= 5)
        return CALENDAR_FAULT_POINTLESS;
    memcpy(day.name, row->fields[2].text, row->fields[2].bytes);
    *ret_day = day;
    return NO_FAULT;
}

/* --- The file -------------------------------------------------------------------- */

static int
compare_days(const void *a, const void *b)
{
    const struct calendar_csv_day *x = a, *y = b;

    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return x->row - y->row; /* a few thousand at most */
}

static int
compare_faults(const void *a, const void *b)
{
    const struct calendar_fault *x = a, *y = b;

    return x->row - y->row;
}

static void
add_fault(struct calendar_csv *csv, int32_t row, enum calendar_fault_reason reason)
{
    csv->faults[csv->fault_count++] = (struct calendar_fault){ row, reason };
}

/* Sort, and make a fault of each row whose day an earlier row has. */
static void
settle_days(struct calendar_csv *csv)
{
    size_t kept = 0;

    qsort(csv->days, csv->day_count, sizeof *csv->days, compare_days);
    for (size_t i = 0; i < csv->day_count; i++) {
        if (kept > 0 && csv->days[kept - 1].day == csv->days[i].day)
            add_fault(csv, csv->days[i].row, CALENDAR_FAULT_DUPLICATE);
        else
            csv->days[kept++] = csv->days[i];
    }
    csv->day_count = kept;
    qsort(csv->faults, csv->fault_count, sizeof *csv->faults, compare_faults);
}

static void
find_years(struct calendar_csv *csv)
{
    for (size_t i = 0; i < csv->day_count; i++) {
        struct civil_date date = time_date_of_day(csv->days[i].day);

        if (date.month == DECEMBER)
            continue;
        if (csv->year_count == 0 || csv->years[csv->year_count - 1] != date.year)
            csv->years[csv->year_count++] = date.year;
    }
}

/* No more rows than this are in `text`, of those that are read at all. */
static size_t
count_rows(const char *text, size_t bytes)
{
    size_t count = 1;

    for (size_t i = 0; i < bytes && count < CALENDAR_CSV_ROWS_MAX; i++)
        count += text[i] == '\n' || text[i] == '\r';
    return count;
}

static void
add_row(struct calendar_csv *csv, const struct csv_row *row)
{
    int32_t number = (int32_t)row->number;
    struct calendar_csv_day *day = &csv->days[csv->day_count];

    if (row->is_blank || (number == 1 && is_header(row)))
        return;
    enum calendar_fault_reason reason = read_row(row, day);
    if (reason == NO_FAULT) {
        day->row = number;
        csv->day_count++;
    } else
        add_fault(csv, number, reason);
}

static void
read_rows(struct calendar_csv *csv, struct csv_reader *reader, const char *text,
          size_t bytes)
{
    struct csv_row row;

    while (csv_next(reader, &text, &bytes, &row) || csv_last(reader, &row)) {
        if (row.number > CALENDAR_CSV_ROWS_MAX) {
            add_fault(csv, (int32_t)row.number, CALENDAR_FAULT_TOO_MANY);
            return;
        }
        add_row(csv, &row);
    }
}

enum err
calendar_csv_parse(const char *text, size_t bytes, struct calendar_csv **ret_csv)
{
    /* One block; the arrays lie behind the struct, all of them of 4-byte members. */
    size_t room = count_rows(text, bytes);
    struct csv_reader *reader;

    TRY(csv_reader_new(ROW_BYTES_MAX, &reader));
    struct calendar_csv *csv =
        calloc(1, sizeof *csv + room * sizeof *csv->days + room * sizeof *csv->years +
                      (room + 1) * sizeof *csv->faults);
    if (csv == NULL) {
        csv_reader_free(reader);
        return ERR_NO_MEMORY;
    }
    csv->days = (struct calendar_csv_day *)(csv + 1);
    csv->faults = (struct calendar_fault *)(csv->days + room);
    csv->years = (int *)(csv->faults + room + 1);

    read_rows(csv, reader, text, bytes);
    csv_reader_free(reader);
    settle_days(csv);
    find_years(csv);
    if (csv->day_count == 0 && csv->fault_count == 0)
        add_fault(csv, 1, CALENDAR_FAULT_EMPTY);
    *ret_csv = csv;
    return OK;
}

void
calendar_csv_free(struct calendar_csv *csv)
{
    free(csv);
}

/* --- The difference ------------------------------------------------------------- */

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice mark_items[] = { CALENDAR_MARKS(X) };
#undef X
const struct choices words_calendar_mark = { "calendar_mark", mark_items,
                                             CALENDAR_MARK_COUNT };

enum calendar_mark
calendar_mark_of(const struct calendar_exception *exception)
{
    return exception->is_workday ? CALENDAR_MAKE_UP : CALENDAR_HOLIDAY;
}

bool
calendar_mark_is_workday(int32_t day, enum calendar_mark mark)
{
    return mark == CALENDAR_PLAIN ? time_weekday(day) <= 5 : mark == CALENDAR_MAKE_UP;
}

static bool
is_in_years(int32_t day, const int *years, size_t year_count)
{
    for (size_t i = 0; i < year_count; i++)
        if (time_date_of_day(day).year == years[i])
            return true;
    return false;
}

size_t
calendar_diff(const struct calendar_exception *before, size_t before_count,
              const struct calendar_exception *after, size_t after_count,
              const int *years, size_t year_count, struct calendar_change *ret_changes)
{
    size_t count = 0;

    for (size_t b = 0, a = 0; b < before_count || a < after_count;) {
        bool has_before =
            a == after_count || (b < before_count && before[b].day <= after[a].day);
        bool has_after =
            b == before_count || (a < after_count && after[a].day <= before[b].day);
        int32_t day = has_before ? before[b].day : after[a].day;
        enum calendar_mark from =
            has_before ? calendar_mark_of(&before[b]) : CALENDAR_PLAIN;
        enum calendar_mark to = from;

        if (has_after)
            to = calendar_mark_of(&after[a]);
        else if (is_in_years(day, years, year_count))
            to = CALENDAR_PLAIN;
        if (from != to)
            ret_changes[count++] = (struct calendar_change){
                .day = day,
                .from = from,
                .to = to,
                .moves_deadlines = calendar_mark_is_workday(day, from) !=
                                   calendar_mark_is_workday(day, to),
            };
        b += has_before;
        a += has_after;
    }
    return count;
}
