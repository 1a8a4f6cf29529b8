#include "store/reports.h"

#include "store/query.h"
#include "store/writer.h"

/* reports.c - see the header. */

/* --- Published months -------------------------------------------------------------------- */

static void
read_published(struct stmt *stmt, struct arena *arena, struct report_published *ret)
{
    ret->month = row_text_copy(stmt, arena);
    ret->formula_version = row_int(stmt);
    ret->at = row_int(stmt);
    ret->login = row_text_copy(stmt, arena);
    ret->name = row_text_copy(stmt, arena);
    ret->inputs = NULL;
}

enum err
reports_published(struct db *db, struct arena *arena, const char *month,
                  struct report_published *ret_published)
{
    struct stmt *stmt = query(db, Q_REPORT_PUBLISHED_BY_MONTH);

    bind_text(stmt, ":month", month);
    TRY(query_one(stmt));
    read_published(stmt, arena, ret_published);
    ret_published->inputs = row_text_copy(stmt, arena);
    query_end(stmt);
    return ret_published->inputs != NULL ? OK : ERR_NO_MEMORY;
}

enum err
reports_published_list(struct db *db, struct arena *arena, const char *before, int limit,
                       struct report_published **ret_items, size_t *ret_count)
{
    struct stmt *stmt = query(db, Q_REPORT_PUBLISHED_LIST);
    struct report_published *items =
        arena_array(arena, struct report_published, (size_t)limit);
    size_t count = 0;
    bool has_row;

    if (items == NULL)
        return ERR_NO_MEMORY;
    bind_text(stmt, ":before", before);
    bind_int(stmt, ":limit", limit);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        read_published(stmt, arena, &items[count++]);
    }
    *ret_items = items;
    *ret_count = count;
    return OK;
}

enum err
reports_publish(struct txn *txn, const char *month, int64_t formula_version,
                const char *inputs, int64_t user_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_REPORT_PUBLISHED_INSERT);

    bind_text(stmt, ":month", month);
    bind_int(stmt, ":formula_version", formula_version);
    bind_int(stmt, ":published_at", now);
    bind_int(stmt, ":published_by", user_id);
    bind_text(stmt, ":inputs", inputs);
    return query_run(stmt, NULL);
}

/* --- Bulletins ------------------------------------------------------------------------------ */

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice kind_items[] = { BULLETIN_KINDS(X) };
static const struct choice state_items[] = { BULLETIN_STATES(X) };
#undef X
const struct choices words_bulletin_kind = { "bulletin_kind", kind_items,
                                             BULLETIN_KIND_COUNT };
const struct choices words_bulletin_state = { "bulletin_state", state_items,
                                              BULLETIN_STATE_COUNT };

static void
read_bulletin(struct stmt *stmt, struct arena *arena, struct bulletin *ret)
{
    ret->id = row_int(stmt);
    ret->kind = choice_find(&words_bulletin_kind, row_text(stmt));
    ret->state = choice_find(&words_bulletin_state, row_text(stmt));
    ret->number = row_text_copy(stmt, arena);
    ret->from = (int32_t)row_int(stmt);
    ret->to = (int32_t)row_int(stmt);
    ret->title = row_text_copy(stmt, arena);
    ret->text = row_text_copy(stmt, arena);
    ret->version = row_int(stmt);
    ret->created_at = row_int(stmt);
    ret->created_by = row_text_copy(stmt, arena);
    ret->issued_at = row_int(stmt);
    ret->issued_by = row_text_copy(stmt, arena);
    ret->figures = ret->office = NULL;
}

enum err
bulletins_by_id(struct db *db, struct arena *arena, int64_t id,
                struct bulletin *ret_bulletin)
{
    struct stmt *stmt = query(db, Q_BULLETIN_BY_ID);

    bind_int(stmt, ":id", id);
    TRY(query_one(stmt));
    read_bulletin(stmt, arena, ret_bulletin);
    ret_bulletin->figures = row_text_copy(stmt, arena);
    ret_bulletin->office = row_text_copy(stmt, arena);
    query_end(stmt);
    return ret_bulletin->text != NULL ? OK : ERR_NO_MEMORY;
}

enum err
bulletins_list(struct db *db, struct arena *arena, int kind, bool with_drafts,
               int64_t before, int limit, struct bulletin **ret_items, size_t *ret_count)
{
    struct stmt *stmt = query(db, Q_BULLETIN_LIST);
    struct bulletin *items = arena_array(arena, struct bulletin, (size_t)limit);
    size_t count = 0;
    bool has_row;

    if (items == NULL)
        return ERR_NO_MEMORY;
    bind_int(stmt, ":before", before);
    bind_int(stmt, ":with_drafts", with_drafts);
    bind_text(stmt, ":kind", choice_word(&words_bulletin_kind, kind));
    bind_int(stmt, ":limit", limit);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        read_bulletin(stmt, arena, &items[count++]);
    }
    *ret_items = items;
    *ret_count = count;
    return OK;
}

enum err
bulletins_insert(struct txn *txn, const struct bulletin *bulletin, int64_t user_id,
                 int64_t now, int64_t *ret_id)
{
    struct stmt *stmt = query(txn->db, Q_BULLETIN_INSERT);

    bind_text(stmt, ":kind", choice_word(&words_bulletin_kind, bulletin->kind));
    bind_int(stmt, ":from_day", bulletin->from);
    bind_int(stmt, ":to_day", bulletin->to);
    bind_text(stmt, ":title", bulletin->title);
    bind_text(stmt, ":text", bulletin->text);
    bind_text(stmt, ":figures", bulletin->figures);
    bind_int(stmt, ":now", now);
    bind_int(stmt, ":user_id", user_id);
    return query_insert(stmt, ret_id);
}

static enum err
change_one(struct stmt *stmt)
{
    int64_t changes = 0;

    TRY(query_run(stmt, &changes));
    return changes == 1 ? OK : ERR_VERSION_CONFLICT;
}

enum err
bulletins_change(struct txn *txn, int64_t id, int64_t version, const char *title,
                 const char *text)
{
    struct stmt *stmt = query(txn->db, Q_BULLETIN_CHANGE);

    bind_int(stmt, ":id", id);
    bind_int(stmt, ":version", version);
    bind_text(stmt, ":title", title);
    bind_text(stmt, ":text", text);
    return change_one(stmt);
}

enum err
bulletins_issue(struct txn *txn, int64_t id, int64_t version, const char *number,
                const char *office, int64_t user_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_BULLETIN_ISSUE);

    bind_int(stmt, ":id", id);
    bind_int(stmt, ":version", version);
    bind_text(stmt, ":number", number);
    bind_text(stmt, ":office", office);
    bind_int(stmt, ":user_id", user_id);
    bind_int(stmt, ":now", now);
    return change_one(stmt);
}
