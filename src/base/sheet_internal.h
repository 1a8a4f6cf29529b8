#ifndef YIDAN_SHEET_INTERNAL_H
#define YIDAN_SHEET_INTERNAL_H

#include <stdio.h>

#include "base/sheet.h"

/*
 * sheet_internal.h - what both formats have in common, and XLSX.
 *
 * Layer    base.
 */

struct sheet_xlsx; /* opaque */

struct sheet {
    enum sheet_format format;
    const char *mark;
    const struct sheet_column *columns; /* of the present table */
    size_t column_count;
    size_t lines;  /* of the present table */
    size_t tables; /* begun */
    int fd;        /* the caller's */
    FILE *file;    /* CSV */
    struct sheet_xlsx *xlsx;
};

/* The same functions as in the header, for XLSX. */
MUST_CHECK enum err sheet_xlsx_new(const struct sheet *sheet, const char *folder,
                                   struct sheet_xlsx **ret_xlsx);
MUST_CHECK enum err sheet_xlsx_table(const struct sheet *sheet, const char *name,
                                     enum language language);
MUST_CHECK enum err sheet_xlsx_row(const struct sheet *sheet,
                                   const struct sheet_cell *cells);
MUST_CHECK enum err sheet_xlsx_line(const struct sheet *sheet, const char *text);
MUST_CHECK enum err sheet_xlsx_end(struct sheet *sheet);
void sheet_xlsx_free(struct sheet_xlsx *xlsx); /* NULL does nothing */

#endif
