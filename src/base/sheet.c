/*
 * sheet.c - tables for a spreadsheet: CSV, and what is common.
 *
 * 1. A cell of text is always in quotes, and never begins like a formula.
 * 2. Whatever could not be written is told at the latest by sheet_end().
 */
#include "base/sheet.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/timeutil.h"
#include "sheet_internal.h"

#define X(NAME, word, zh, en) { word, zh, en },
static const struct choice format_items[] = { SHEET_FORMATS(X) };
#undef X
const struct choices words_sheet_format = { "sheet_format", format_items,
                                            SHEET_FORMAT_COUNT };

static const char *const media_types[SHEET_FORMAT_COUNT] = {
    [SHEET_CSV] = "text/csv; charset=utf-8",
    [SHEET_XLSX] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

const char *
sheet_media_type(enum sheet_format format)
{
    return media_types[format];
}

/* --- CSV ------------------------------------------------------------------------------- */

static enum err
write_error(void)
{
    return errno == ENOSPC || errno == EDQUOT ? ERR_DISK_FULL : ERR_STORE;
}

/* Would a spreadsheet take the text for a formula?  Blanks in front do not save it. */
static bool
is_like_formula(const char *text)
{
    static const char *const blanks[] = { " ", "\t", "\r", "\n", "\u00a0", "\u3000" };
    static const char *const signs[] = { "=",  "+",  "-",  "@",  "＝",
                                         "＋", "－", "＠", "\t", "\r" };
    const size_t blank_count = sizeof blanks / sizeof *blanks;
    const size_t sign_count = sizeof signs / sizeof *signs;

    for (;;) {
        size_t blank = 0;

        for (size_t i = 0; i < sign_count; i++)
            if (strncmp(text, signs[i], strlen(signs[i])) == 0)
                return true;
        while (blank < blank_count &&
               strncmp(text, blanks[blank], strlen(blanks[blank])) != 0)
            blank++;
        if (blank == blank_count)
            return false;
        text += strlen(blanks[blank]);
    }
}

static void
csv_text(FILE *file, const char *text)
{
    if (text == NULL || *text == '\0')
        return;
    (void)fputs(is_like_formula(text) ? "\"'" : "\"", file); /* sheet_end() looks */
    for (; *text != '\0'; text++) {
        if (*text == '"')
            (void)fputc('"', file);
        (void)fputc(*text, file);
    }
    (void)fputc('"', file);
}

static void
csv_cell(FILE *file, enum sheet_kind kind, const struct sheet_cell *cell)
{
    char text[TIME_TEXT_BYTES];

    if (cell->is_empty)
        return;
    switch (kind) {
    case SHEET_TEXT:
        csv_text(file, cell->text);
        break;
    case SHEET_INT:
        (void)fprintf(file, "%lld", (long long)cell->number);
        break;
    case SHEET_REAL:
        (void)fprintf(file, "%.2f", cell->real);
        break;
    case SHEET_RATE:
        (void)fprintf(file, "%.1f%%", cell->real * 100);
        break;
    case SHEET_TIME:
        if (cell->number == 0)
            break;
        time_format(cell->number, text);
        (void)fprintf(file, "%.10s %.8s", text, text + 11);
        break;
    case SHEET_DATE:
        if (cell->number == 0)
            break;
        time_format_day((int32_t)cell->number, text);
        (void)fputs(text, file);
        break;
    }
}

static enum err
csv_line_end(FILE *file)
{
    return fputs("\r\n", file) >= 0 && !ferror(file) ? OK : write_error();
}

static enum err
csv_row(const struct sheet *sheet, const struct sheet_cell *cells)
{
    for (size_t i = 0; i < sheet->column_count; i++) {
        if (i > 0)
            (void)fputc(',', sheet->file); /* csv_line_end() looks */
        csv_cell(sheet->file, sheet->columns[i].kind, &cells[i]);
    }
    return csv_line_end(sheet->file);
}

static enum err
csv_line(const struct sheet *sheet, const char *text)
{
    csv_text(sheet->file, text);
    return csv_line_end(sheet->file);
}

static enum err
csv_table(const struct sheet *sheet, enum language language)
{
    if (sheet->tables > 0)
        TRY(csv_line_end(sheet->file));
    TRY(csv_line(sheet, sheet->mark));
    for (size_t i = 0; i < sheet->column_count; i++) {
        if (i > 0)
            (void)fputc(',', sheet->file); /* csv_line_end() looks */
        csv_text(sheet->file, sheet->columns[i].heads[language]);
    }
    return csv_line_end(sheet->file);
}

static enum err
csv_new(struct sheet *sheet)
{
    int fd = dup(sheet->fd);

    if (fd < 0)
        return ERR_STORE;
    sheet->file = fdopen(fd, "w");
    if (sheet->file == NULL) {
        (void)close(fd);
        return ERR_NO_MEMORY;
    }
    return fputs("\ufeff", sheet->file) >= 0 ? OK : write_error();
}

/* --- Both ------------------------------------------------------------------------------ */

enum err
sheet_new(int fd, const char *folder, enum sheet_format format, const char *mark,
          struct sheet **ret_sheet)
{
    struct sheet *sheet = calloc(1, sizeof *sheet);

    if (sheet == NULL)
        return ERR_NO_MEMORY;
    sheet->format = format;
    sheet->mark = mark;
    sheet->fd = fd;
    enum err err = format == SHEET_CSV ? csv_new(sheet)
                                       : sheet_xlsx_new(sheet, folder, &sheet->xlsx);
    if (err != OK) {
        sheet_free(sheet);
        return err;
    }
    *ret_sheet = sheet;
    return OK;
}

enum err
sheet_table(struct sheet *sheet, const char *name, const struct sheet_column *columns,
            size_t count, enum language language)
{
    assert(count > 0 && count <= SHEET_COLUMNS_MAX);
    sheet->columns = columns;
    sheet->column_count = count;
    TRY(sheet->format == SHEET_CSV ? csv_table(sheet, language)
                                   : sheet_xlsx_table(sheet, name, language));
    sheet->tables++;
    sheet->lines = 2; /* the mark, the heads */
    return OK;
}

enum err
sheet_row(struct sheet *sheet, const struct sheet_cell *cells)
{
    assert(sheet->tables > 0);
    if (sheet->lines == SHEET_ROWS_MAX)
        return ERR_EXPORT_ROWS;
    TRY(sheet->format == SHEET_CSV ? csv_row(sheet, cells)
                                   : sheet_xlsx_row(sheet, cells));
    sheet->lines++;
    return OK;
}

enum err
sheet_line(struct sheet *sheet, const char *text)
{
    assert(sheet->tables > 0);
    if (sheet->lines == SHEET_ROWS_MAX)
        return ERR_EXPORT_ROWS;
    TRY(sheet->format == SHEET_CSV ? csv_line(sheet, text)
                                   : sheet_xlsx_line(sheet, text));
    sheet->lines++;
    return OK;
}

static enum err
csv_end(struct sheet *sheet)
{
    FILE *file = sheet->file;

    sheet->file = NULL;
    bool has_failed = ferror(file) != 0;
    return fclose(file) == 0 && !has_failed ? OK : write_error();
}

enum err
sheet_end(struct sheet *sheet, int64_t *ret_bytes)
{
    struct stat stat;

    TRY(sheet->format == SHEET_CSV ? csv_end(sheet) : sheet_xlsx_end(sheet));
    if (fstat(sheet->fd, &stat) != 0)
        return ERR_STORE;
    *ret_bytes = stat.st_size;
    return OK;
}

void
sheet_free(struct sheet *sheet)
{
    if (sheet == NULL)
        return;
    if (sheet->file != NULL)
        (void)fclose(sheet->file); /* it is given up */
    sheet_xlsx_free(sheet->xlsx);
    free(sheet);
}
