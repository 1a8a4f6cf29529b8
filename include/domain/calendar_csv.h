#ifndef YIDAN_DOMAIN_CALENDAR_CSV_H
#define YIDAN_DOMAIN_CALENDAR_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/json.h"
#include "domain/calendar.h"

/*
 * calendar_csv.h - a file of holidays and make-up workdays, and what it would
 *                  change.
 *
 * Layer    domain: the text is a parameter, nothing is read.
 * Threads  pure functions.
 * Units    `day`  days since 1970-01-01 in the service's time zone
 *          `row`  as a spreadsheet shows it: 1 is the first, header and blank
 *                 rows count
 * Source   product.md, section 4: imported from CSV, shown as a difference
 *          before it takes effect.
 *
 * The file: `date,type,name` in UTF-8, with or without BOM, header optional;
 * rows end with LF, CRLF or CR; fields may be quoted (RFC 4180).  `date` is
 * YYYY-MM-DD, `type` is holiday or workday, `name` is at most 63 bytes and may
 * be empty.  White space around a field is dropped.
 */

#define CALENDAR_CSV_ROWS_MAX 5000
#define CALENDAR_NAME_BYTES 64

/* Why a row is refused: X(NAME, "word", "zh", "en"). */
#define CALENDAR_FAULTS(X)                                                               \
    X(COLUMNS, "columns", "应为三列：日期,类型,名称",                                    \
      "not three columns: date,type,name")                                               \
    X(DATE, "date", "日期有误，应为 YYYY-MM-DD", "not a date; use YYYY-MM-DD")           \
    X(TYPE, "type", "类型应为 holiday 或 workday", "the type is holiday or workday")     \
    X(NAME, "name", "名称过长或含控制字符",                                              \
      "the name is too long or has control characters")                                  \
    X(ENCODING, "encoding", "不是 UTF-8 编码", "not UTF-8")                              \
    X(QUOTES, "quotes", "引号不配对", "quotes do not match")                             \
    X(DUPLICATE, "duplicate", "日期重复", "this date was given before")                  \
    X(POINTLESS, "pointless", "周一至周五本是工作日，无需调休",                          \
      "Monday to Friday are workdays anyway")                                            \
    X(TOO_MANY, "too_many", "行数过多，最多 5000 行", "too many rows; at most 5,000")    \
    X(EMPTY, "empty", "没有任何日期", "no day in it")

#define X(NAME, word, zh, en) CALENDAR_FAULT_##NAME,
enum calendar_fault_reason { CALENDAR_FAULTS(X) CALENDAR_FAULT_COUNT };
#undef X
extern const struct choices words_calendar_fault;

struct calendar_fault {
    int32_t row;
    enum calendar_fault_reason reason;
};

struct calendar_csv_day {
    int32_t day;
    int32_t row;
    bool is_workday;
    char name[CALENDAR_NAME_BYTES];
};

/* What a file says.  It may be used only when `fault_count` is 0. */
struct calendar_csv {
    struct calendar_csv_day *days; /* sorted by day, without doubles */
    size_t day_count;
    /*
     * The years the file enters, rising: those with a day before December.  A
     * year with nothing but December days is the one before, of which a new
     * year's notice may change days (section 4).
     */
    int *years;
    size_t year_count;
    struct calendar_fault *faults; /* one per bad row, by row */
    size_t fault_count;
};

/*
 * Read `bytes` bytes of `text`.  All bad rows are reported, each with its
 * first fault; reading ends at an open quote and after the last row allowed.
 * calendar_csv_free() the result.
 *
 * Errors   ERR_NO_MEMORY
 */
MUST_CHECK enum err calendar_csv_parse(const char *text, size_t bytes,
                                       struct calendar_csv **ret_csv);
void calendar_csv_free(struct calendar_csv *csv); /* NULL does nothing */

/* What is said about a day: X(NAME, "word", "zh", "en"). */
#define CALENDAR_MARKS(X)                                                                \
    X(PLAIN, "plain", "未标注", "nothing said") /* Monday to Friday are workdays */      \
    X(HOLIDAY, "holiday", "休", "day off")                                               \
    X(MAKE_UP, "workday", "班", "make-up workday")

#define X(NAME, word, zh, en) CALENDAR_##NAME,
enum calendar_mark { CALENDAR_MARKS(X) CALENDAR_MARK_COUNT };
#undef X
extern const struct choices words_calendar_mark;

enum calendar_mark calendar_mark_of(const struct calendar_exception *exception);

/* Is `day` a workday when `mark` is said about it? */
bool calendar_mark_is_workday(int32_t day, enum calendar_mark mark);

struct calendar_change {
    int32_t day;
    enum calendar_mark from, to;
    bool moves_deadlines; /* it becomes or stops being a workday */
};

/*
 * What entering `years` (sorted, may be empty) with the exceptions `after`
 * changes in `before`; both sorted by day, without doubles.  In those years
 * `after` is all there is: what it does not name becomes plain.  In other
 * years it adds to what is there, and what it does not name stays.
 *
 * Fills `ret_changes` (room for `before_count + after_count`) by day and
 * returns how many there are.
 */
size_t calendar_diff(const struct calendar_exception *before, size_t before_count,
                     const struct calendar_exception *after, size_t after_count,
                     const int *years, size_t year_count,
                     struct calendar_change *ret_changes);

#endif
