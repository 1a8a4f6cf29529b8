/*
 * ledger_file.c - bytes of a file, decoded, cut into rows, and named by the
 * header.
 */
#include "ledger_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"

#define READ_BYTES ((size_t)64 * 1024)
#define HEADER_BYTES 200
#define NO_COLUMN (-1)

struct ledger_file {
    int fd;
    enum charset charset;
    struct decoder *decoder;
    struct csv_reader *reader;
    bool is_at_end, has_header, is_broken; /* the header is */
    size_t width;                          /* of the header */
    int columns[LEDGER_FIELD_COUNT];       /* NO_COLUMN: none */
    char *mapping, *fixed;
    const char *headers[LEDGER_FIELD_COUNT], *values[LEDGER_FIELD_COUNT];
    int64_t data_rows;
    size_t raw_bytes, text_bytes;
    const char *raw_at, *text_at;
    char raw[READ_BYTES], text[READ_BYTES];
};

/* Cut "field:text,field:text" in place. Whoever took it has checked it. */
static void
read_pairs(char *pairs, const char *ret_texts[LEDGER_FIELD_COUNT])
{
    char *rest = pairs;

    for (char *pair = strsep(&rest, ","); pair != NULL; pair = strsep(&rest, ",")) {
        char *text = strchr(pair, ':');
        if (text == NULL)
            continue;
        *text = '\0';
        int field = choice_find(&words_ledger_field, pair);
        if (field != CHOICE_NONE)
            ret_texts[field] = text + 1;
    }
}

static enum err
read_some(int fd, char *bytes, size_t room, size_t *ret_count)
{
    ssize_t count;

    do
        count = read(fd, bytes, room);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return ERR_STORE;
    *ret_count = (size_t)count;
    return OK;
}

static bool
is_utf8(const char *text, size_t bytes)
{
    struct utf8_look look = { .is_broken = false };

    utf8_look_take(&look, text, bytes);
    return utf8_look_last(&look);
}

/*
 * A header that is not plain ASCII tells the encoding, so that a bad byte below
 * it spoils its row and not the file.  Else all of the file is looked at.
 */
static enum err
find_charset(struct ledger_file *file)
{
    struct utf8_look look = { .is_broken = false };
    size_t count = 0, header = 0;

    TRY(read_some(file->fd, file->raw, sizeof file->raw, &count));
    while (header < count && file->raw[header] != '\n' && file->raw[header] != '\r')
        header++;
    bool is_told = false;
    for (size_t i = 0; i < header; i++)
        is_told = is_told || (unsigned char)file->raw[i] >= 0x80;
    bool is_good = is_utf8(file->raw, header);
    while (!is_told && count > 0 && !look.is_broken) {
        utf8_look_take(&look, file->raw, count);
        TRY(read_some(file->fd, file->raw, sizeof file->raw, &count));
    }
    if (!is_told)
        is_good = utf8_look_last(&look);
    file->charset = is_good ? CHARSET_UTF8 : CHARSET_GB18030;
    return lseek(file->fd, 0, SEEK_SET) == 0 ? OK : ERR_STORE;
}

static enum err
prepare(struct ledger_file *file, int charset, const char *mapping, const char *fixed)
{
    file->mapping = strdup(mapping);
    file->fixed = strdup(fixed);
    if (file->mapping == NULL || file->fixed == NULL)
        return ERR_NO_MEMORY;
    read_pairs(file->mapping, file->headers);
    read_pairs(file->fixed, file->values);
    if (charset == CHOICE_NONE)
        TRY(find_charset(file));
    else
        file->charset = (enum charset)charset;
    TRY(decoder_new(file->charset, &file->decoder));
    return csv_reader_new(LEDGER_ROW_BYTES_MAX, &file->reader);
}

enum err
ledger_file_open(int fd, int charset, const char *mapping, const char *fixed,
                 struct ledger_file **ret_file)
{
    struct ledger_file *file = calloc(1, sizeof *file);

    if (file == NULL) {
        (void)close(fd); /* only read */
        return ERR_NO_MEMORY;
    }
    file->fd = fd;
    enum err err = prepare(file, charset, mapping, fixed);
    if (err != OK) {
        ledger_file_close(file);
        return err;
    }
    *ret_file = file;
    return OK;
}

void
ledger_file_close(struct ledger_file *file)
{
    if (file == NULL)
        return;
    (void)close(file->fd); /* only read */
    decoder_free(file->decoder);
    csv_reader_free(file->reader);
    free(file->mapping);
    free(file->fixed);
    free(file);
}

enum charset
ledger_file_charset(const struct ledger_file *file)
{
    return file->charset;
}

/* --- Rows ----------------------------------------------------------------------------- */

/* More text, or none: the end. */
static enum err
fill(struct ledger_file *file)
{
    if (file->raw_bytes == 0) {
        TRY(read_some(file->fd, file->raw, sizeof file->raw, &file->raw_bytes));
        file->raw_at = file->raw;
    }
    file->text_at = file->text;
    file->is_at_end = file->raw_bytes == 0;
    file->text_bytes = file->is_at_end
                           ? decoder_last(file->decoder, file->text, sizeof file->text)
                           : decoder_take(file->decoder, &file->raw_at, &file->raw_bytes,
                                          file->text, sizeof file->text);
    return OK;
}

static enum err
next_row(struct ledger_file *file, struct csv_row *ret_row, bool *ret_end)
{
    *ret_end = false;
    while (!csv_next(file->reader, &file->text_at, &file->text_bytes, ret_row)) {
        if (file->is_at_end) {
            *ret_end = !csv_last(file->reader, ret_row);
            return OK;
        }
        TRY(fill(file));
    }
    return OK;
}

static void
find_column(struct ledger_file *file, const struct csv_row *header, int field,
            struct ledger_row *row)
{
    int column = NO_COLUMN;

    for (size_t i = 0; i < header->field_count && i < CSV_FIELDS_MAX; i++) {
        const char *text = header->fields[i].text;
        bool is_it = file->headers[field] != NULL
                         ? strcmp(text, file->headers[field]) == 0
                         : ledger_field_of(text) == field;
        if (is_it && column != NO_COLUMN)
            ledger_fault(row, field, ERR_FIELD_DUPLICATE, "1");
        if (is_it && column == NO_COLUMN)
            column = (int)i;
    }
    bool is_needed = file->headers[field] != NULL || field == LEDGER_CHANNEL ||
                     field == LEDGER_RECEIVED_AT || field == LEDGER_CONTENT;
    if (column == NO_COLUMN && is_needed && file->values[field] == NULL)
        ledger_fault(row, field, ERR_FIELD_MISSING, NULL);
    file->columns[field] = column;
}

static void
fault_of_csv(struct ledger_row *row, enum csv_fault fault)
{
    static const enum err codes[] = {
        [CSV_ENCODING] = ERR_IMPORT_ENCODING,
        [CSV_QUOTES] = ERR_IMPORT_QUOTES,
        [CSV_TOO_LONG] = ERR_IMPORT_ROW_LONG,
    };

    if (fault != CSV_FINE)
        ledger_fault(row, CHOICE_NONE, codes[fault], NULL);
}

static void
read_header(struct ledger_file *file, const struct csv_row *header,
            struct ledger_row *row)
{
    *row = (struct ledger_row){ .number = header->number };
    fault_of_csv(row, header->fault);
    file->has_header = true;
    file->width = header->field_count;
    if (row->fault_count == 0)
        for (int field = 0; field < LEDGER_FIELD_COUNT; field++)
            find_column(file, header, field, row);
    file->is_broken = row->fault_count > 0;
}

/* The texts of the row in the arena, without carriage returns. */
static enum err
copy_texts(const struct ledger_file *file, const struct csv_row *from,
           struct arena *arena, const char *ret_texts[LEDGER_FIELD_COUNT])
{
    for (int field = 0; field < LEDGER_FIELD_COUNT; field++) {
        int column = file->columns[field];

        ret_texts[field] = file->values[field];
        if (column == NO_COLUMN || from->fields[column].bytes == 0)
            continue;
        char *text =
            arena_copy(arena, from->fields[column].text, from->fields[column].bytes);
        if (text == NULL)
            return ERR_NO_MEMORY;
        char *to = text;
        for (const char *at = text; *at != '\0'; at++)
            if (*at != '\r' || at[1] != '\n')
                *to++ = *at;
        *to = '\0';
        ret_texts[field] = text;
    }
    return OK;
}

static bool
is_wider(const struct ledger_file *file, const struct csv_row *row)
{
    if (row->field_count > CSV_FIELDS_MAX)
        return true;
    for (size_t i = file->width; i < row->field_count; i++)
        if (row->fields[i].bytes > 0)
            return true;
    return false;
}

static enum err
read_data(struct ledger_file *file, const struct csv_row *from, struct arena *arena,
          const char *area_code, int64_t now, struct ledger_row *row)
{
    const char *texts[LEDGER_FIELD_COUNT];

    file->data_rows++;
    *row = (struct ledger_row){ .number = from->number };
    fault_of_csv(row, from->fault);
    if (row->fault_count > 0)
        return OK;
    TRY(copy_texts(file, from, arena, texts));
    ledger_read(texts, from->number, area_code, now, row);
    if (is_wider(file, from))
        ledger_fault(row, CHOICE_NONE, ERR_IMPORT_WIDTH, NULL);
    return OK;
}

enum err
ledger_file_next(struct ledger_file *file, struct arena *arena, const char *area_code,
                 int64_t now, struct ledger_row *ret_row, bool *ret_end)
{
    struct csv_row row;

    *ret_end = file->is_broken;
    while (!*ret_end) {
        TRY(next_row(file, &row, ret_end));
        if (*ret_end || row.is_blank)
            continue;
        if (file->has_header)
            return read_data(file, &row, arena, area_code, now, ret_row);
        read_header(file, &row, ret_row);
        if (file->is_broken)
            return OK;
    }
    if (file->data_rows == 0 && !file->is_broken) {
        file->is_broken = true; /* told once */
        *ret_row = (struct ledger_row){ .number = 1 };
        ledger_fault(ret_row, CHOICE_NONE, ERR_IMPORT_EMPTY, NULL);
        *ret_end = false;
    }
    return OK;
}
