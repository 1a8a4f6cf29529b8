#ifndef YIDAN_BASE_SHEET_H
#define YIDAN_BASE_SHEET_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/json.h"

/*
 * sheet.h - tables for a spreadsheet, as CSV or XLSX, row by row.
 *
 * Layer    base: rows in, a file out.  libxlsxwriter makes XLSX.
 * Threads  a sheet belongs to one thread.
 * Units    as the cell's kind says: `at` UTC seconds, `day` local days; both are
 *          shown in the service's zone.
 * Memory   one row, whatever the number of rows.
 *
 *     TRY(sheet_new(fd, folder, SHEET_XLSX, "who, when, which filters", &sheet));
 *     TRY(sheet_table(sheet, "name", columns, count, LANGUAGE_ZH));
 *     for each:  TRY(sheet_row(sheet, cells));
 *     TRY(sheet_end(sheet, &bytes));       and sheet_free(sheet) in any case
 *
 * Text stays text (reliability.md 17): a formula is never made of it.  In XLSX
 * its cells are text whatever they hold; in CSV, which has no types, a text that
 * a spreadsheet would read as a formula gets an apostrophe in front.  CSV is
 * UTF-8 with BOM and CRLF; in it a time is "YYYY-MM-DD HH:MM:SS".
 */

/* X(NAME, "word", "zh", "en") */
#define SHEET_FORMATS(X)                                                                 \
    X(CSV, "csv", "CSV 文本", "CSV")                                                     \
    X(XLSX, "xlsx", "Excel 表格", "Excel")

#define X(NAME, word, zh, en) SHEET_##NAME,
enum sheet_format { SHEET_FORMATS(X) SHEET_FORMAT_COUNT };
#undef X
extern const struct choices words_sheet_format;

/* "text/csv; charset=utf-8", … */
const char *sheet_media_type(enum sheet_format format);

enum sheet_kind {
    SHEET_TEXT, /* `text`; NULL is empty */
    SHEET_INT,  /* `number` */
    SHEET_REAL, /* `real`, at most two decimals are shown */
    SHEET_RATE, /* `real`, 1 is 100 %, one decimal is shown */
    SHEET_TIME, /* `number` as `at`; 0 is empty */
    SHEET_DATE  /* `number` as `day`; 0 is empty */
};

struct sheet_column {
    const char *heads[LANGUAGE_COUNT]; /* zh, en */
    enum sheet_kind kind;
    int width; /* in characters of Latin text; 0: as wide as its kind needs */
};

struct sheet_cell {
    const char *text; /* borrowed for the call */
    int64_t number;
    double real;
    bool is_empty; /* nothing is known, which is not 0 */
};

#define SHEET_COLUMNS_MAX 64

struct sheet; /* opaque */

/*
 * Begin a file in the open, empty file `fd`, which stays the caller's and is
 * open until sheet_free().  `folder` is where XLSX puts what does not lie in
 * memory: files without a name, readable by nobody else.  `mark` says whose it
 * is: the first line of each table, and in XLSX also on every printed page.
 * Both are borrowed until sheet_free().
 * Errors   ERR_NO_MEMORY, ERR_STORE
 */
MUST_CHECK enum err sheet_new(int fd, const char *folder, enum sheet_format format,
                              const char *mark, struct sheet **ret_sheet);

/*
 * Begin a table: its mark, and its row of heads.  In XLSX it is a worksheet of
 * its own called `name` (at most 31 characters, none of []:*?/\\), in CSV it
 * stands after an empty line.  `columns` is borrowed until the next table.
 */
MUST_CHECK enum err sheet_table(struct sheet *sheet, const char *name,
                                const struct sheet_column *columns, size_t count,
                                enum language language);

/*
 * A row of the table begun last: as many cells as it has columns.
 * Errors   ERR_DISK_FULL, ERR_STORE, ERR_NO_MEMORY
 *          ERR_EXPORT_ROWS  more than SHEET_ROWS_MAX lines in one table
 */
#define SHEET_ROWS_MAX 1048576
MUST_CHECK enum err sheet_row(struct sheet *sheet, const struct sheet_cell *cells);

/* A line of text below what is there, as it were a row with one cell. */
MUST_CHECK enum err sheet_line(struct sheet *sheet, const char *text);

/*
 * All rows are there: the file is written whole, not flushed to disk.
 * Errors   ERR_DISK_FULL, ERR_STORE, ERR_NO_MEMORY; the file is then no sheet
 */
MUST_CHECK enum err sheet_end(struct sheet *sheet, int64_t *ret_bytes);

/* Free; what was not ended is given up.  NULL does nothing. */
void sheet_free(struct sheet *sheet);

#endif
