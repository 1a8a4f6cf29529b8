#ifndef YIDAN_BASE_CSV_H
#define YIDAN_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * csv.h - rows of comma-separated text, as they arrive.
 *
 * Layer    base: bytes in, rows out; nothing is read from anywhere.
 * Threads  a reader belongs to one thread.
 * Units    `number` of a row as a spreadsheet shows it: 1 is the first; the
 *          header and blank rows count, a line break inside quotes does not.
 *
 * RFC 4180 in UTF-8, with or without BOM.  Rows end with LF, CRLF or CR.  A
 * field in quotes holds anything, a quote in it is written twice.  A quote in
 * a field that has none around it, text behind a closing quote, and a quote
 * that is never closed are faults of their row.  White space around a field,
 * outside its quotes, does not belong to it.
 */

#define CSV_FIELDS_MAX 64

enum csv_fault {
    CSV_FINE,
    CSV_ENCODING, /* not UTF-8, or NUL in it */
    CSV_QUOTES,
    CSV_TOO_LONG, /* more bytes than the reader has room for */
};

struct csv_field {
    const char *text; /* ended by NUL */
    size_t bytes;
};

/* Lives until the reader is asked again. */
struct csv_row {
    int64_t number;
    enum csv_fault fault; /* not CSV_FINE: fields may be cut or wrong */
    bool is_blank;        /* no field has any text */
    size_t field_count;   /* all there are, also those beyond CSV_FIELDS_MAX */
    struct csv_field fields[CSV_FIELDS_MAX]; /* those not there are empty texts */
};

struct csv_reader; /* opaque */

/* A reader for rows of at most `row_bytes` bytes. Errors: ERR_NO_MEMORY. */
MUST_CHECK enum err csv_reader_new(size_t row_bytes, struct csv_reader **ret_reader);
void csv_reader_free(struct csv_reader *reader); /* NULL does nothing */

/*
 * Take bytes from `*text`, of which there are `*bytes`, until a row is whole;
 * both move on.  False: all were taken and the row goes on, so give more.
 */
bool csv_next(struct csv_reader *reader, const char **text, size_t *bytes,
              struct csv_row *ret_row);

/* After the last byte: the row that no line break ends. False: there is none. */
bool csv_last(struct csv_reader *reader, struct csv_row *ret_row);

#endif
