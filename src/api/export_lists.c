#include "export_lists.h"

#include <stdlib.h>
#include <string.h>

#include "api_internal.h"
#include "base/sheet.h"
#include "base/text.h"
#include "list_columns.h"
#include "list_filters.h"
#include "store/exports.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/vocabulary.h"
#include "ticket_json.h"

/*
 * export_lists.c - a list as rows of a table: the list's own filters, its own
 * statements, its own columns.
 *
 * 1. Whose list it is, is who asked for it, with the unit and roles of then.
 * 2. A row shows what the line on the wire does; of a code the word for it.
 */

#define PAGE 500
#define TICKETS (-1)

/* X(word, zh, en, kind of record) */
#define EXPORT_LISTS(X)                                                                  \
    X("tickets", "工单", "tickets", TICKETS)                                             \
    X("urges", "催办", "urges", RECORD_URGE)                                             \
    X("supervisions", "督办", "supervisions", RECORD_SUPERVISION)                        \
    X("instructions", "批示", "instructions", RECORD_INSTRUCTION)                        \
    X("extensions", "延期", "extensions", RECORD_EXTENSION)                              \
    X("returns", "退单", "returns", RECORD_RETURN)                                       \
    X("promises", "承诺", "promises", RECORD_PROMISE)                                    \
    X("callbacks", "回访", "callbacks", RECORD_CALLBACK)                                 \
    X("accountability", "责任追究", "accountability", RECORD_ACCOUNTABILITY)

#define X(word, zh, en, record) { word, zh, en },
static const struct choice list_items[] = { EXPORT_LISTS(X) };
#undef X
#define X(word, zh, en, record) record,
static const int list_records[] = { EXPORT_LISTS(X) };
#undef X
const struct choices words_export_list = { "export_list", list_items,
                                           sizeof list_items / sizeof *list_items };

/* --- Filters ------------------------------------------------------------------------ */

enum err
export_list_check(struct request *req, int list)
{
    static const char *const pages[] = { "limit", "cursor" };
    struct ticket_filter tickets;
    struct record_filter records;
    bool is_none = false;
    int limit = 0;

    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (request_query(req, pages[i]) != NULL)
            return problem_value(&req->problem, ERR_HTTP_QUERY, "%s", pages[i]);
    return list_records[list] == TICKETS
               ? ticket_list_filter(req, &tickets, &limit)
               : record_list_filter(req, (enum record_kind)list_records[list], &records,
                                    &limit, &is_none);
}

/* --- Cells -------------------------------------------------------------------------- */

/* Names in the order of their codes, looked up for each line. */
struct names {
    struct name {
        const char *code, *name;
    } * items;
    size_t count;
};

/* A table on its way. */
struct writing {
    struct export_task *task;
    struct request *req; /* what the list's own functions ask of */
    struct names categories, areas;
    enum language language;
    enum err err; /* of the rows; after one none is written */
};

static const char *
label(const struct choices *words, const char *word, enum language language)
{
    int index = word == NULL || words == NULL ? -1 : choice_find(words, word);

    if (index < 0)
        return word;
    return language == LANGUAGE_ZH ? words->items[index].zh : words->items[index].en;
}

static const char *
yes_or_no(bool is_yes, enum language language)
{
    static const char *const words[2][LANGUAGE_COUNT] = { { "否", "no" },
                                                          { "是", "yes" } };

    return words[is_yes][language];
}

static int
compare_code(const void *code, const void *item)
{
    return strcmp(code, ((const struct name *)item)->code);
}

static const char *
find_name(const struct names *names, const char *code)
{
    const struct name *found = code == NULL ? NULL
                                            : bsearch(code, names->items, names->count,
                                                      sizeof *found, compare_code);

    return found == NULL ? code : found->name;
}

static const char *
channel_name(const struct writing *writing, const char *code)
{
    const struct channel *channel = rulebook_channel(writing->req->rulebook, code);

    return channel == NULL                    ? code
           : writing->language == LANGUAGE_ZH ? channel->zh
                                              : channel->en;
}

static const char *
unit_name(const struct writing *writing, int64_t id)
{
    const struct unit_names *unit = rulebook_unit(writing->req->rulebook, id);

    return unit == NULL ? NULL : unit->name;
}

/* --- Tickets ------------------------------------------------------------------------ */

#define KIND_TEXT SHEET_TEXT
#define KIND_WORD SHEET_TEXT
#define KIND_CHANNEL SHEET_TEXT
#define KIND_UNIT SHEET_TEXT
#define KIND_AREA SHEET_TEXT
#define KIND_CATEGORY SHEET_TEXT
#define KIND_BOOL SHEET_TEXT
#define KIND_INT SHEET_INT
#define KIND_TIME SHEET_TIME

static const struct sheet_column ticket_columns[] = {
#define X(kind, name, member, words, zh, en, width) { { zh, en }, KIND_##kind, width },
    TICKET_LINE_COLUMNS(X)
#undef X
};
#define TICKET_COLUMN_COUNT (sizeof ticket_columns / sizeof *ticket_columns)

#define CELL_TEXT(words, value)                                                          \
    {                                                                                    \
        .text = value                                                                    \
    }
#define CELL_WORD(words, value)                                                          \
    {                                                                                    \
        .text = label(words, value, writing->language)                                   \
    }
#define CELL_CHANNEL(words, value)                                                       \
    {                                                                                    \
        .text = channel_name(writing, value)                                             \
    }
#define CELL_UNIT(words, value)                                                          \
    {                                                                                    \
        .text = unit_name(writing, value)                                                \
    }
#define CELL_AREA(words, value)                                                          \
    {                                                                                    \
        .text = find_name(&writing->areas, value)                                        \
    }
#define CELL_CATEGORY(words, value)                                                      \
    {                                                                                    \
        .text = find_name(&writing->categories, value)                                   \
    }
#define CELL_BOOL(words, value)                                                          \
    {                                                                                    \
        .text = yes_or_no(value, writing->language)                                      \
    }
#define CELL_INT(words, value)                                                           \
    {                                                                                    \
        .number = value                                                                  \
    }
#define CELL_TIME(words, value)                                                          \
    {                                                                                    \
        .number = value                                                                  \
    }

/* A ticket_line_take. */
static void
take_ticket(void *context, const struct ticket_line *line)
{
    struct writing *writing = context;
    struct export_task *task = writing->task;

    if (writing->err == OK && task->rows == task->rows_max)
        writing->err = ERR_EXPORT_ROWS;
    if (writing->err != OK)
        return;
    const struct sheet_cell cells[] = {
#define X(kind, name, member, words, zh, en, width) CELL_##kind(words, line->member),
        TICKET_LINE_COLUMNS(X)
#undef X
    };
    writing->err = sheet_row(task->sheet, cells);
    task->rows += writing->err == OK;
}

static enum err
write_page(struct writing *writing, const struct ticket_page *page)
{
    for (size_t i = 0; i < page->count && writing->err == OK; i++)
        TRY(ticket_lists_line(writing->task->reader->db, page->ids[i], take_ticket,
                              writing));
    return writing->err;
}

static enum err
write_tickets(struct writing *writing)
{
    struct export_task *task = writing->task;
    struct ticket_viewer viewer = request_viewer(writing->req);
    struct ticket_filter filter;
    struct ticket_page page = { .has_more = true };
    int limit = 0;

    TRY(ticket_list_filter(writing->req, &filter, &limit));
    TRY(sheet_table(task->sheet, label(&words_export_list, "tickets", writing->language),
                    ticket_columns, TICKET_COLUMN_COUNT, writing->language));
    while (page.has_more) {
        if (task->is_stopping(task->context))
            return ERR_SHUTTING_DOWN;
        arena_reset(task->page);
        TRY(ticket_lists_page(task->reader->db, task->page, &viewer, &filter, PAGE,
                              &page));
        TRY(write_page(writing, &page));
        filter.after = page.last;
    }
    return OK;
}

/* --- Records ------------------------------------------------------------------------ */

/* What stands before the columns of a kind: the ticket, the unit. */
static const struct sheet_column frame_columns[] = {
    { { "工单编号", "ticket" }, SHEET_TEXT, 17 },
    { { "标题", "title" }, SHEET_TEXT, 40 },
    { { "单位", "unit" }, SHEET_TEXT, 20 },
};
#define FRAME_COUNT (sizeof frame_columns / sizeof *frame_columns)

static const enum sheet_kind record_kinds[] = {
    [RECORD_TEXT] = SHEET_TEXT, [RECORD_WORDS] = SHEET_TEXT, [RECORD_TIME] = SHEET_TIME,
    [RECORD_DATE] = SHEET_DATE, [RECORD_BOOL] = SHEET_TEXT,  [RECORD_ASKED] = SHEET_TEXT,
};

/* "a,b" as the words for them. */
static const char *
labels(const struct writing *writing, const struct choices *words, const char *list)
{
    const char *text = list == NULL ? NULL : "";

    while (list != NULL && *list != '\0' && text != NULL) {
        size_t bytes = strcspn(list, ",");
        const char *word = arena_copy(writing->task->page, list, bytes);

        text = word == NULL ? NULL
                            : arena_printf(writing->task->page, "%s%s%s", text,
                                           *text == '\0' ? "" : "; ",
                                           label(words, word, writing->language));
        list += bytes + (list[bytes] == ',');
    }
    return text;
}

static struct sheet_cell
record_cell(const struct writing *writing, const struct record_column *column,
            const struct record_value *value)
{
    switch (column->kind) {
    case RECORD_TEXT:
        return (struct sheet_cell){ .text = label(column->words, value->text,
                                                  writing->language) };
    case RECORD_WORDS:
        return (struct sheet_cell){ .text = labels(writing, column->words, value->text) };
    case RECORD_BOOL:
        return (struct sheet_cell){ .text = yes_or_no(value->number != 0,
                                                      writing->language) };
    case RECORD_ASKED:
        return (struct sheet_cell){
            .text = value->number == 0 ? NULL
                                       : yes_or_no(value->number == 2, writing->language)
        };
    case RECORD_TIME:
    case RECORD_DATE:
        break;
    }
    return (struct sheet_cell){ .number = value->number };
}

static enum err
write_record(struct writing *writing, const struct record_list *list,
             const struct record_row *row)
{
    struct sheet_cell cells[FRAME_COUNT + RECORD_COLUMNS_MAX] = {
        { .text = row->ticket_no },
        { .text = row->ticket_title },
        { .text = row->unit_name },
    };

    if (writing->task->rows == writing->task->rows_max)
        return ERR_EXPORT_ROWS;
    for (size_t i = 0; i < list->column_count; i++)
        cells[FRAME_COUNT + i] = record_cell(writing, &list->columns[i], &row->values[i]);
    TRY(sheet_row(writing->task->sheet, cells));
    writing->task->rows++;
    return OK;
}

static enum err
begin_records(struct writing *writing, const struct record_list *list, const char *word)
{
    size_t count = FRAME_COUNT + list->column_count;
    struct sheet_column *columns =
        arena_array(writing->task->arena, struct sheet_column, count);

    if (columns == NULL)
        return ERR_NO_MEMORY;
    memcpy(columns, frame_columns, sizeof frame_columns);
    for (size_t i = 0; i < list->column_count; i++) {
        struct sheet_column *column = &columns[FRAME_COUNT + i];

        memcpy(column->heads, list->columns[i].heads, sizeof column->heads);
        column->kind = record_kinds[list->columns[i].kind];
    }
    return sheet_table(writing->task->sheet,
                       label(&words_export_list, word, writing->language), columns, count,
                       writing->language);
}

static enum err
write_records(struct writing *writing, enum record_kind kind, const char *word)
{
    const struct record_list *list = &record_lists[kind];
    struct export_task *task = writing->task;
    struct record_row *rows = NULL;
    struct record_filter filter;
    bool is_none = false;
    size_t count = PAGE;
    int limit = 0;

    TRY(record_list_filter(writing->req, kind, &filter, &limit, &is_none));
    TRY(begin_records(writing, list, word));
    while (count == PAGE && !is_none) {
        if (task->is_stopping(task->context))
            return ERR_SHUTTING_DOWN;
        arena_reset(task->page);
        TRY(record_lists_read(task->reader->db, task->page, kind, &filter, PAGE, &rows,
                              &count));
        for (size_t i = 0; i < count; i++)
            TRY(write_record(writing, list, &rows[i]));
        if (count > 0)
            filter.before = rows[count - 1].id;
    }
    return OK;
}

/* --- Making a file -------------------------------------------------------------------- */

static enum err
make_names(struct arena *arena, size_t count, struct names *names)
{
    names->items = arena_array(arena, struct name, count);
    names->count = count;
    return names->items == NULL ? ERR_NO_MEMORY : OK;
}

static enum err
load_names(struct writing *writing)
{
    struct arena *arena = writing->task->arena;
    struct db *db = writing->task->reader->db;
    struct category *categories = NULL;
    struct area *areas = NULL;
    size_t count = 0;

    TRY(categories_all(db, arena, &categories, &count));
    TRY(make_names(arena, count, &writing->categories));
    for (size_t i = 0; i < count; i++)
        writing->categories.items[i] =
            (struct name){ categories[i].code, categories[i].name };
    TRY(areas_all(db, arena, &areas, &count));
    TRY(make_names(arena, count, &writing->areas));
    for (size_t i = 0; i < count; i++)
        writing->areas.items[i] = (struct name){ areas[i].code, areas[i].name };
    return OK;
}

/* Below the rows: how many there are, so that a file that was cut shows it. */
static enum err
write_end(struct writing *writing)
{
    char text[64];
    long long rows = writing->task->rows;
    bool fits = writing->language == LANGUAGE_ZH
                    ? text_format(text, sizeof text, "共 %lld 行", rows)
                    : text_format(text, sizeof text, "%lld rows in all", rows);

    return fits ? sheet_line(writing->task->sheet, text) : ERR_INTERNAL;
}

enum err
api_export_make(struct export_task *task)
{
    const struct export *export = task->export;
    struct api_actor actor = { .actor = { .kind = ACTOR_USER,
                                          .id = export->user_id,
                                          .unit_id = export->unit_id,
                                          .roles = export->roles } };
    /* The list is asked for again, as it was then, behind the desk. */
    struct request req = {
        .arena = task->arena,
        .store = task->store,
        .reader = task->reader,
        .rulebook = task->rulebook,
        .now = export->created_at,
        .language = export->language,
        .actor = &actor,
    };
    struct writing writing = { .task = task, .req = &req, .language = export->language };
    int list = choice_find(&words_export_list, export->list);

    if (list < 0)
        return ERR_INTERNAL;
    TRY(request_query_set(&req, export->query));
    TRY(load_names(&writing));
    TRY(list_records[list] == TICKETS
            ? write_tickets(&writing)
            : write_records(&writing, (enum record_kind)list_records[list],
                            export->list));
    return write_end(&writing);
}
