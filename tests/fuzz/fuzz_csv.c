#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/charset.h"
#include "base/csv.h"
#include "base/text.h"

/*
 * Any bytes as a file: the first byte chooses the encoding and how the file is
 * cut, the rest is the file.  Cut or whole, the rows are the same.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROW_BYTES 64

static void
must(bool is_true)
{
    if (!is_true)
        abort();
}

/* A number that two equal sequences of rows share. */
struct sum {
    uint64_t value;
    int64_t rows;
};

static void
add(struct sum *sum, const void *bytes, size_t count)
{
    const uint8_t *at = bytes;

    for (size_t i = 0; i < count; i++)
        sum->value = (sum->value ^ at[i]) * UINT64_C(1099511628211);
}

static void
check_row(struct sum *sum, const struct csv_row *row)
{
    must(row->number == ++sum->rows && row->field_count > 0);
    add(sum, &row->fault, sizeof row->fault);
    add(sum, &row->field_count, sizeof row->field_count);
    for (size_t i = 0; i < CSV_FIELDS_MAX; i++) {
        const struct csv_field *field = &row->fields[i];
        must(field->text[field->bytes] == '\0' &&
             field->bytes <= ROW_BYTES + CSV_FIELDS_MAX);
        must(field->bytes == 0 || !row->is_blank);
        if (row->fault != CSV_ENCODING && row->fault != CSV_TOO_LONG)
            must(text_is_utf8(field->text, field->bytes));
        add(sum, field->text, field->bytes + 1);
    }
}

static void
feed(struct csv_reader *reader, struct sum *sum, const char *text, size_t bytes)
{
    struct csv_row row;

    while (csv_next(reader, &text, &bytes, &row))
        check_row(sum, &row);
    must(bytes == 0);
}

static struct sum
read_file(enum charset charset, const char *text, size_t bytes, size_t part)
{
    struct sum sum = { .rows = 0 };
    struct csv_reader *reader;
    struct decoder *decoder;
    struct csv_row row;
    char to[16];

    must(csv_reader_new(ROW_BYTES, &reader) == OK);
    must(decoder_new(charset, &decoder) == OK);
    for (size_t at = 0; at < bytes; at += part) {
        const char *from = text + at;
        size_t left = bytes - at < part ? bytes - at : part;
        while (left > 0)
            feed(reader, &sum, to, decoder_take(decoder, &from, &left, to, sizeof to));
    }
    feed(reader, &sum, to, decoder_last(decoder, to, sizeof to));
    if (csv_last(reader, &row))
        check_row(&sum, &row);
    decoder_free(decoder);
    csv_reader_free(reader);
    return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    enum charset charset = (enum charset)(data[0] % CHARSET_COUNT);
    size_t part = data[0] / CHARSET_COUNT + 1, bytes = size - 1;
    const char *text = (const char *)data + 1;
    struct sum whole = read_file(charset, text, bytes, bytes + 1);
    struct sum cut = read_file(charset, text, bytes, part);
    struct utf8_look look = { .is_broken = false };

    must(whole.value == cut.value && whole.rows == cut.rows);
    for (size_t at = 0; at < bytes; at += part)
        utf8_look_take(&look, text + at, bytes - at < part ? bytes - at : part);
    must(utf8_look_last(&look) == text_is_utf8(text, bytes));
    return 0;
}
