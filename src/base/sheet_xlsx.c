/*
 * sheet_xlsx.c - the same as XLSX, by libxlsxwriter in its constant-memory mode.
 *
 * 1. Rows are written in order; none is touched again.
 * 2. The library writes rows into a file without a name in the given folder and
 *    does not look whether that succeeded: we do, before it reads them again.
 * 3. It opens what it writes by name; ours has none but /proc/self/fd/N.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xlsxwriter.h>

#include "base/text.h"
#include "base/timeutil.h"
#include "sheet_internal.h"

#define EPOCH_DAYS 25569 /* 1970-01-01 as a spreadsheet counts days */
#define DAY_SECONDS 86400
#define CELL_CHARACTERS 32767 /* what a cell holds at most */
#define HEADER_BYTES 255      /* of a printed page's head, with its marks */
#define ESCAPED_BYTES 7       /* "_x000D_" */

struct sheet_xlsx {
    lxw_workbook *workbook;
    lxw_worksheet *worksheet; /* the present one */
    lxw_format *bold, *mark, *formats[SHEET_DATE + 1];
};

static const struct {
    const char *format;
    int width;
} kinds[] = {
    [SHEET_TEXT] = { "@", 16 },
    [SHEET_INT] = { "0", 10 },
    [SHEET_REAL] = { "0.00", 10 },
    [SHEET_RATE] = { "0.0%", 10 },
    [SHEET_TIME] = { "yyyy-mm-dd hh:mm:ss", 20 },
    [SHEET_DATE] = { "yyyy-mm-dd", 12 },
};

static enum err
error_of(lxw_error error)
{
    if (error == LXW_NO_ERROR)
        return OK;
    if (error == LXW_ERROR_MEMORY_MALLOC_FAILED)
        return ERR_NO_MEMORY;
    return errno == ENOSPC || errno == EDQUOT ? ERR_DISK_FULL : ERR_STORE;
}

/* Invariant 2 of a worksheet that is not looked at any more. */
static enum err
check_rows(const lxw_worksheet *worksheet)
{
    FILE *file = worksheet->optimize_tmpfile;

    if (file == NULL || (fflush(file) == 0 && !ferror(file)))
        return OK;
    return errno == ENOSPC || errno == EDQUOT ? ERR_DISK_FULL : ERR_STORE;
}

static enum err
make_formats(struct sheet_xlsx *xlsx)
{
    xlsx->bold = workbook_add_format(xlsx->workbook);
    xlsx->mark = workbook_add_format(xlsx->workbook);
    if (xlsx->bold == NULL || xlsx->mark == NULL)
        return ERR_NO_MEMORY;
    format_set_bold(xlsx->bold);
    format_set_text_wrap(xlsx->bold);
    format_set_italic(xlsx->mark);
    for (int kind = 0; kind <= SHEET_DATE; kind++) {
        lxw_format *format = workbook_add_format(xlsx->workbook);
        if (format == NULL)
            return ERR_NO_MEMORY;
        format_set_num_format(format, kinds[kind].format);
        xlsx->formats[kind] = format;
    }
    return OK;
}

enum err
sheet_xlsx_new(const struct sheet *sheet, const char *folder,
               struct sheet_xlsx **ret_xlsx)
{
    struct sheet_xlsx *xlsx = calloc(1, sizeof *xlsx);
    char path[64];
    lxw_workbook_options options = { .constant_memory = LXW_TRUE,
                                     .tmpdir = (char *)folder,
                                     .use_zip64 = LXW_FALSE };

    if (xlsx == NULL)
        return ERR_NO_MEMORY;
    *ret_xlsx = xlsx; /* sheet_free() frees it, also when what follows fails */
    if (!text_format(path, sizeof path, "/proc/self/fd/%d", sheet->fd))
        return ERR_INTERNAL;
    xlsx->workbook = workbook_new_opt(path, &options);
    return xlsx->workbook == NULL ? ERR_NO_MEMORY : make_formats(xlsx);
}

/* "_x000D_" in a text stands for a carriage return: such an underline is written as "_x005F_". */
static bool
is_escape(const char *text)
{
    return strlen(text) >= ESCAPED_BYTES && text[0] == '_' && text[1] == 'x' &&
           strspn(text + 2, "0123456789abcdefABCDEF") >= 4 && text[6] == '_';
}

static size_t
count_escapes(const char *text)
{
    size_t count = 0;

    for (; (text = strchr(text, '_')) != NULL; text++)
        count += is_escape(text);
    return count;
}

/* As the file has to hold it, cut to what a cell holds; NULL out of memory. To be freed. */
static char *
make_cell_text(const char *text)
{
    bool is_long = text_characters(text) > CELL_CHARACTERS;
    size_t bytes = is_long ? text_prefix_bytes(text, CELL_CHARACTERS - 1) : strlen(text);
    size_t escapes = count_escapes(text);
    char *made = malloc(bytes + escapes * (ESCAPED_BYTES - 1) + sizeof "…");
    char *to = made;

    if (made == NULL)
        return NULL;
    for (size_t i = 0; i < bytes; i++)
        if (is_escape(text + i)) {
            memcpy(to, "_x005F_", ESCAPED_BYTES);
            to += ESCAPED_BYTES;
        } else
            *to++ = text[i];
    memcpy(to, is_long ? "…" : "", is_long ? sizeof "…" : 1);
    return made;
}

static enum err
write_text(const struct sheet *sheet, size_t column, const char *text, size_t line,
           lxw_format *format)
{
    if (text == NULL || *text == '\0')
        return OK;
    bool is_plain =
        strlen(text) <= CELL_CHARACTERS && strchr(text, '_') == NULL; /* nearly all */
    char *made = is_plain ? NULL : make_cell_text(text);

    if (!is_plain && made == NULL)
        return ERR_NO_MEMORY;
    lxw_error error =
        worksheet_write_string(sheet->xlsx->worksheet, (lxw_row_t)line, (lxw_col_t)column,
                               is_plain ? text : made, format);
    free(made);
    return error_of(error);
}

static enum err
write_number(const struct sheet *sheet, size_t column, double number)
{
    return error_of(worksheet_write_number(
        sheet->xlsx->worksheet, (lxw_row_t)sheet->lines, (lxw_col_t)column, number,
        sheet->xlsx->formats[sheet->columns[column].kind]));
}

static enum err
write_cell(const struct sheet *sheet, size_t column, const struct sheet_cell *cell)
{
    if (cell->is_empty)
        return OK;
    switch (sheet->columns[column].kind) {
    case SHEET_TEXT:
        return write_text(sheet, column, cell->text, sheet->lines,
                          sheet->xlsx->formats[SHEET_TEXT]);
    case SHEET_INT:
        return write_number(sheet, column, (double)cell->number);
    case SHEET_REAL:
    case SHEET_RATE:
        return write_number(sheet, column, cell->real);
    case SHEET_TIME:
        if (cell->number == 0)
            return OK;
        return write_number(sheet, column,
                            EPOCH_DAYS +
                                (double)(cell->number + TIME_ZONE_SECONDS) / DAY_SECONDS);
    case SHEET_DATE:
        return cell->number == 0
                   ? OK
                   : write_number(sheet, column, EPOCH_DAYS + (double)cell->number);
    }
    return ERR_INTERNAL;
}

/* The mark on each printed page; a "&" of the text is written twice. */
static enum err
set_printed_head(const struct sheet *sheet)
{
    char head[HEADER_BYTES] = "&L";
    size_t used = 2;
    const char *at = sheet->mark;

    while (*at != '\0') {
        size_t bytes = text_prefix_bytes(at, 1);
        size_t needed = bytes + (*at == '&');

        if (used + needed >= sizeof head)
            break;
        if (*at == '&')
            head[used++] = '&';
        memcpy(head + used, at, bytes);
        used += bytes;
        at += bytes;
    }
    head[used] = '\0';
    return error_of(worksheet_set_header(sheet->xlsx->worksheet, head));
}

static enum err
set_page(const struct sheet *sheet)
{
    lxw_worksheet *worksheet = sheet->xlsx->worksheet;

    worksheet_set_landscape(worksheet);
    worksheet_set_paper(worksheet, 9); /* A4 */
    worksheet_fit_to_pages(worksheet, 1, 0);
    worksheet_freeze_panes(worksheet, 2, 0);
    TRY(error_of(worksheet_repeat_rows(worksheet, 1, 1)));
    TRY(set_printed_head(sheet));
    for (size_t i = 0; i < sheet->column_count; i++) {
        const struct sheet_column *column = &sheet->columns[i];
        double width = column->width != 0 ? column->width : kinds[column->kind].width;

        TRY(error_of(
            worksheet_set_column(worksheet, (lxw_col_t)i, (lxw_col_t)i, width, NULL)));
    }
    return OK;
}

enum err
sheet_xlsx_table(const struct sheet *sheet, const char *name, enum language language)
{
    struct sheet_xlsx *xlsx = sheet->xlsx;

    errno = 0;
    if (xlsx->worksheet != NULL)
        TRY(check_rows(xlsx->worksheet));
    xlsx->worksheet = workbook_add_worksheet(xlsx->workbook, name);
    if (xlsx->worksheet == NULL)
        return errno == ENOSPC ? ERR_DISK_FULL : ERR_STORE;
    TRY(set_page(sheet));
    TRY(write_text(sheet, 0, sheet->mark, 0, xlsx->mark));
    for (size_t i = 0; i < sheet->column_count; i++)
        TRY(write_text(sheet, i, sheet->columns[i].heads[language], 1, xlsx->bold));
    return OK;
}

enum err
sheet_xlsx_row(const struct sheet *sheet, const struct sheet_cell *cells)
{
    errno = 0;
    for (size_t i = 0; i < sheet->column_count; i++)
        TRY(write_cell(sheet, i, &cells[i]));
    return OK;
}

enum err
sheet_xlsx_line(const struct sheet *sheet, const char *text)
{
    return write_text(sheet, 0, text, sheet->lines, sheet->xlsx->mark);
}

enum err
sheet_xlsx_end(struct sheet *sheet)
{
    lxw_workbook *workbook = sheet->xlsx->workbook;

    errno = 0;
    if (sheet->xlsx->worksheet != NULL)
        TRY(check_rows(sheet->xlsx->worksheet));
    sheet->xlsx->workbook = NULL; /* closing frees it, whatever comes of it */
    return error_of(workbook_close(workbook));
}

/* Only closing a workbook closes the files of its rows. */
static void
give_up(lxw_workbook *workbook)
{
    lxw_worksheet *worksheet;

    STAILQ_FOREACH(worksheet, workbook->worksheets, list_pointers)
    {
        if (worksheet->optimize_tmpfile != NULL)
            (void)fclose(worksheet->optimize_tmpfile);
        worksheet->optimize_tmpfile = NULL;
    }
    lxw_workbook_free(workbook);
}

void
sheet_xlsx_free(struct sheet_xlsx *xlsx)
{
    if (xlsx == NULL)
        return;
    if (xlsx->workbook != NULL)
        give_up(xlsx->workbook);
    free(xlsx);
}
