#include "base/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/*
 * csv.c - the one reader of comma-separated text.
 *
 * 1. A byte is looked at once; where a text is cut between two calls makes no
 *    difference.
 * 2. `bytes` holds the fields of the present row, each ended by NUL; a byte
 *    for that is kept free.
 * 3. A fault does not lose the place: the row goes on to the end that its
 *    quotes give it.
 */

enum state {
    FIELD_START, /* only white space so far */
    PLAIN,       /* in a field without quotes */
    QUOTED,      /* between quotes */
    QUOTE,       /* a quote in a quoted field: its end, or the first of two */
    QUOTE_END,   /* behind the closing quote */
};

struct csv_reader {
    enum state state;
    int mark_bytes; /* of a byte order mark; -1: not at the beginning any more */
    bool skips_lf;  /* the row before ended with CR */
    bool has_begun; /* the present row has a byte */
    bool is_misquoted, is_too_long;
    int64_t number;
    size_t field_count;
    size_t starts[CSV_FIELDS_MAX + 1];
    size_t used, room;
    size_t trimmed; /* `used` behind the last byte that is no white space */
    char bytes[];
};

static const char byte_order_mark[] = "\xef\xbb\xbf";
#define MARK_BYTES 3

enum err
csv_reader_new(size_t row_bytes, struct csv_reader **ret_reader)
{
    size_t room = row_bytes + CSV_FIELDS_MAX + 1;
    struct csv_reader *reader = malloc(sizeof *reader + room);

    if (reader == NULL)
        return ERR_NO_MEMORY;
    memset(reader, 0, sizeof *reader);
    reader->room = room;
    *ret_reader = reader;
    return OK;
}

void
csv_reader_free(struct csv_reader *reader)
{
    free(reader);
}

static bool
is_space(char byte)
{
    return byte == ' ' || byte == '\t';
}

static void
put(struct csv_reader *reader, char byte)
{
    if (reader->field_count >= CSV_FIELDS_MAX)
        return; /* counted, not kept */
    if (reader->used + 1 >= reader->room) {
        reader->is_too_long = true;
        return;
    }
    reader->bytes[reader->used++] = byte;
}

static void
end_field(struct csv_reader *reader)
{
    if (reader->state == PLAIN)
        reader->used = reader->trimmed;
    if (reader->field_count < CSV_FIELDS_MAX) {
        if (reader->used < reader->room)
            reader->bytes[reader->used++] = '\0';
        reader->starts[reader->field_count + 1] = reader->used;
    }
    reader->field_count++;
    reader->trimmed = reader->used;
    reader->state = FIELD_START;
}

static void
begin_row(struct csv_reader *reader)
{
    reader->state = FIELD_START;
    reader->has_begun = reader->is_misquoted = reader->is_too_long = false;
    reader->field_count = reader->used = reader->trimmed = 0;
}

/* Hand the row out and begin the next one; the bytes stay until then. */
static void
end_row(struct csv_reader *reader, struct csv_row *row)
{
    bool is_utf8 = true;

    end_field(reader);
    *row = (struct csv_row){ .number = ++reader->number, .is_blank = true };
    row->field_count = reader->field_count;
    for (size_t i = 0; i < CSV_FIELDS_MAX; i++) {
        row->fields[i] = (struct csv_field){ .text = "" };
        if (i >= reader->field_count)
            continue;
        size_t bytes = reader->starts[i + 1] - reader->starts[i];
        if (bytes < 2)
            continue;
        row->fields[i].text = reader->bytes + reader->starts[i];
        row->fields[i].bytes = bytes - 1;
        row->is_blank = false;
        is_utf8 = is_utf8 && text_is_utf8(row->fields[i].text, row->fields[i].bytes);
    }
    if (reader->is_misquoted)
        row->is_blank = false;
    row->fault = reader->is_too_long    ? CSV_TOO_LONG /* cut, perhaps in a character */
                 : !is_utf8             ? CSV_ENCODING
                 : reader->is_misquoted ? CSV_QUOTES
                                        : CSV_FINE;
    begin_row(reader);
}

/* One byte that is part of a field or its quotes. */
static void
take(struct csv_reader *reader, char byte)
{
    switch (reader->state) {
    case FIELD_START:
        if (byte == '"') {
            reader->state = QUOTED;
            return;
        }
        if (is_space(byte))
            return;
        reader->state = PLAIN;
        put(reader, byte);
        reader->trimmed = reader->used;
        return;
    case PLAIN:
        if (byte == '"')
            reader->is_misquoted = true;
        put(reader, byte);
        if (!is_space(byte))
            reader->trimmed = reader->used;
        return;
    case QUOTED:
        if (byte == '"')
            reader->state = QUOTE;
        else
            put(reader, byte);
        return;
    case QUOTE:
        if (byte == '"') {
            reader->state = QUOTED;
            put(reader, byte);
            return;
        }
        reader->state = QUOTE_END;
        break;
    case QUOTE_END:
        break;
    }
    if (!is_space(byte))
        reader->is_misquoted = true;
}

/* The beginning of a BOM that did not become one is text. */
static void
give_mark_up(struct csv_reader *reader)
{
    int taken = reader->mark_bytes;

    reader->mark_bytes = -1;
    for (int i = 0; i < taken; i++) {
        reader->has_begun = true;
        take(reader, byte_order_mark[i]);
    }
}

/* The BOM's bytes, while they come; false: `byte` is none of them. */
static bool
take_mark(struct csv_reader *reader, char byte)
{
    if (reader->mark_bytes < 0)
        return false;
    if (byte != byte_order_mark[reader->mark_bytes]) {
        give_mark_up(reader);
        return false;
    }
    reader->mark_bytes++;
    if (reader->mark_bytes == MARK_BYTES)
        reader->mark_bytes = -1;
    return true;
}

bool
csv_next(struct csv_reader *reader, const char **text, size_t *bytes,
         struct csv_row *ret_row)
{
    while (*bytes > 0) {
        char byte = **text;

        (*text)++;
        (*bytes)--;
        if (take_mark(reader, byte))
            continue;
        if (reader->skips_lf) {
            reader->skips_lf = false;
            if (byte == '\n')
                continue;
        }
        bool is_inside = reader->state == QUOTED;
        if (!is_inside && (byte == '\n' || byte == '\r')) {
            reader->skips_lf = byte == '\r';
            end_row(reader, ret_row);
            return true;
        }
        reader->has_begun = true;
        if (!is_inside && byte == ',')
            end_field(reader);
        else
            take(reader, byte);
    }
    return false;
}

bool
csv_last(struct csv_reader *reader, struct csv_row *ret_row)
{
    give_mark_up(reader);
    if (!reader->has_begun)
        return false;
    if (reader->state == QUOTED)
        reader->is_misquoted = true;
    end_row(reader, ret_row);
    return true;
}
