#include <string.h>

#include "api_internal.h"
#include "list_columns.h"
#include "store/kept.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "ticket_json.h"

/*
 * list_json.c - lines of lists on the wire: tickets and records.
 */

/* A column of each kind as a member.  Words of the schema have nothing to escape. */
#define JSON_TEXT_COLUMN(out, name, rulebook, value) json_text(out, name, value)
#define JSON_WORD_COLUMN(out, name, rulebook, value) json_word(out, name, value)
#define JSON_CHANNEL_COLUMN JSON_TEXT_COLUMN
#define JSON_AREA_COLUMN JSON_TEXT_COLUMN
#define JSON_CATEGORY_COLUMN JSON_TEXT_COLUMN
#define JSON_UNIT_COLUMN(out, name, rulebook, value)                                     \
    unit_names_json(out, name, rulebook, value)
#define JSON_INT_COLUMN(out, name, rulebook, value) json_int(out, name, value)
#define JSON_TIME_COLUMN(out, name, rulebook, value) json_time(out, name, value)
#define JSON_BOOL_COLUMN(out, name, rulebook, value) json_bool(out, name, value)

void
ticket_json_line(struct json_out *out, const char *key, const struct rulebook *rulebook,
                 const struct ticket_line *line)
{
    json_object_open(out, key);
#define X(kind, name, member, words, zh, en, width)                                      \
    JSON_##kind##_COLUMN(out, name, rulebook, line->member);
    TICKET_LINE_COLUMNS(X)
#undef X
    json_object_close(out);
}

/* Where lines go, and who knows the names in them. */
struct lines {
    struct json_out *out;
    const struct rulebook *rulebook;
};

static void
take_line(void *context, const struct ticket_line *line)
{
    const struct lines *lines = context;

    ticket_json_line(lines->out, NULL, lines->rulebook, line);
}

/* A line is the same for everybody who may see it, so it is written once. */
enum err
ticket_json_page(struct request *req, const struct ticket_page *page,
                 struct json_out *out)
{
    struct kept_key key = { .kind = KEPT_LINE, .edition = req->rulebook->number };
    struct lines lines = { out, req->rulebook };

    for (size_t i = 0; i < page->count; i++) {
        size_t bytes, begin = json_out_next(out);

        key.id = page->ids[i];
        const char *line = kept_find(req->reader, &key, &bytes);
        if (line != NULL) {
            json_put_again(out, line, bytes);
            continue;
        }
        TRY(ticket_lists_line(req->reader->db, key.id, take_line, &lines));
        if (!out->failed)
            kept_put(req->reader, &key, out->text + begin, out->bytes - begin);
    }
    return OK;
}

static void
write_value(struct json_out *out, const struct record_column *column,
            const struct record_value *value)
{
    switch (column->kind) {
    case RECORD_TEXT:
        json_text(out, column->name, value->text);
        break;
    case RECORD_WORDS:
        api_words(out, column->name, value->text);
        break;
    case RECORD_TIME:
        json_time(out, column->name, value->number);
        break;
    case RECORD_DATE:
        json_date(out, column->name, (int32_t)value->number);
        break;
    case RECORD_BOOL:
        json_bool(out, column->name, value->number != 0);
        break;
    case RECORD_ASKED:
        if (value->number == 0)
            json_null(out, column->name);
        else
            json_bool(out, column->name, value->number == 2);
        break;
    }
}

void
record_json(struct json_out *out, const char *key, enum record_kind kind,
            const struct record_row *row, bool with_ticket)
{
    const struct record_list *list = &record_lists[kind];

    json_object_open(out, key);
    json_int(out, "id", row->id);
    if (with_ticket) {
        json_object_open(out, "ticket");
        json_text(out, "no", row->ticket_no);
        json_text(out, "title", row->ticket_title);
        json_object_close(out);
    }
    unit_json(out, "unit", row->unit_code, row->unit_name, row->unit_short_name);
    for (size_t i = 0; i < list->column_count; i++)
        write_value(out, &list->columns[i], &row->values[i]);
    json_object_close(out);
}
