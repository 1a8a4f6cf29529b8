#include "store/belongings.h"

#include <string.h>

#include "base/crypt.h"
#include "base/text.h"
#include "store/query.h"
#include "store/store.h"
#include "store/writer.h"

/*
 * belongings.c - see the header.
 *
 * 1. The content of a draft is sealed for its row: nobody reads it in the file,
 *    and it cannot be moved into another one's.
 */

#define DRAFTS_SHOWN 1000
#define PLACE_BYTES 48

static enum err
count_of_user(struct db *db, enum query which, int64_t user_id, int64_t *ret_count)
{
    struct stmt *q = query(db, which);

    bind_int(q, ":user_id", user_id);
    TRY(query_one(q));
    *ret_count = row_int(q);
    query_end(q);
    return OK;
}

/* --- Unsent forms --------------------------------------------------------------- */

static void
bind_key(struct stmt *q, const struct draft_key *key)
{
    bind_int(q, ":user_id", key->user_id);
    bind_text(q, ":form", key->form);
    bind_text(q, ":subject", key->subject);
}

static void
seal_place(char place[PLACE_BYTES], int64_t id)
{
    (void)text_format(place, PLACE_BYTES, "draft.content:%lld", (long long)id); /* fits */
}

enum err
drafts_of_user(struct db *db, struct arena *arena, int64_t user_id,
               struct draft_row **ret_rows, size_t *ret_count)
{
    struct draft_row *rows = arena_array(arena, struct draft_row, DRAFTS_SHOWN);
    struct stmt *q = query(db, Q_DRAFT_LIST);
    size_t count = 0;
    bool has_row = false;

    if (rows == NULL)
        return ERR_NO_MEMORY;
    bind_int(q, ":user_id", user_id);
    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row || count == DRAFTS_SHOWN)
            break;
        struct draft_row *row = &rows[count++];
        row->form = row_text_copy(q, arena);
        row->subject = row_text_copy(q, arena);
        row->saved_at = row_int(q);
    }
    query_end(q);
    *ret_rows = rows;
    *ret_count = count;
    return OK;
}

enum err
drafts_open(struct store *store, struct db *db, struct arena *arena,
            const struct draft_key *key, const char **ret_content, int64_t *ret_saved_at)
{
    struct stmt *q = query(db, Q_DRAFT_FIND);
    char place[PLACE_BYTES];
    size_t bytes = 0;

    bind_key(q, key);
    TRY(query_one(q));
    seal_place(place, row_int(q));
    int64_t saved_at = row_int(q);
    const void *sealed = row_blob(q, &bytes);
    enum err err =
        crypt_open(store_keys(store), arena, sealed, bytes, place, ret_content);
    query_end(q);
    if (err == OK)
        *ret_saved_at = saved_at;
    return err;
}

/* The row of the key, made when it is not there. */
static enum err
find_or_make(struct txn *txn, const struct draft_key *key, int64_t now, int64_t most,
             int64_t *ret_id)
{
    struct stmt *q = query(txn->db, Q_DRAFT_FIND);
    int64_t count = 0;

    bind_key(q, key);
    enum err err = query_one(q);
    if (err == OK) {
        *ret_id = row_int(q);
        query_end(q);
    }
    if (err != ERR_NOT_FOUND)
        return err;
    TRY(count_of_user(txn->db, Q_DRAFT_COUNT, key->user_id, &count));
    if (count >= most)
        return ERR_QUOTA;
    q = query(txn->db, Q_DRAFT_INSERT);
    bind_key(q, key);
    bind_int(q, ":saved_at", now);
    TRY(query_one(q));
    *ret_id = row_int(q);
    query_end(q);
    return OK;
}

enum err
drafts_put(struct txn *txn, const struct draft_key *key, const char *content, int64_t now,
           int64_t most)
{
    const uint8_t *sealed = NULL;
    char place[PLACE_BYTES];
    size_t bytes = 0;
    int64_t id = 0;

    TRY(find_or_make(txn, key, now, most, &id));
    seal_place(place, id);
    TRY(crypt_seal(store_keys(txn->store), txn->arena, content, place, &sealed, &bytes));
    struct stmt *q = query(txn->db, Q_DRAFT_SAVE);
    bind_int(q, ":id", id);
    bind_int(q, ":saved_at", now);
    bind_blob(q, ":content", sealed, bytes);
    return query_run(q, NULL);
}

enum err
drafts_delete(struct txn *txn, const struct draft_key *key)
{
    struct stmt *q = query(txn->db, Q_DRAFT_DELETE);
    int64_t changes = 0;

    bind_key(q, key);
    TRY(query_run(q, &changes));
    return changes == 1 ? OK : ERR_NOT_FOUND;
}

enum err
drafts_sweep(struct txn *txn, int64_t before, int limit)
{
    struct stmt *q = query(txn->db, Q_DRAFT_SWEEP);

    bind_int(q, ":before", before);
    bind_int(q, ":limit", limit);
    return query_run(q, NULL);
}

/* --- Saved filters ---------------------------------------------------------------- */

static void
read_view(struct stmt *q, struct arena *arena, struct saved_view *view)
{
    view->id = row_int(q);
    view->name = row_text_copy(q, arena);
    view->list = row_text_copy(q, arena);
    view->query = row_text_copy(q, arena);
    view->is_shared = row_int(q) != 0;
    view->is_own = row_int(q) != 0;
    view->owner = row_text_copy(q, arena);
}

enum err
views_of_user(struct db *db, struct arena *arena, int64_t user_id, int64_t unit_id,
              struct saved_view **ret_views, size_t *ret_count)
{
    struct saved_view *views = arena_array(arena, struct saved_view, VIEWS_SHOWN);
    struct stmt *q = query(db, Q_VIEW_LIST);
    size_t count = 0;
    bool has_row = false;

    if (views == NULL)
        return ERR_NO_MEMORY;
    bind_int(q, ":user_id", user_id);
    bind_int(q, ":unit_id", unit_id);
    bind_int(q, ":limit", VIEWS_SHOWN);
    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row)
            break;
        read_view(q, arena, &views[count++]);
    }
    *ret_views = views;
    *ret_count = count;
    return OK;
}

enum err
views_by_id(struct db *db, struct arena *arena, int64_t user_id, int64_t id,
            struct saved_view *ret_view)
{
    struct stmt *q = query(db, Q_VIEW_BY_ID);

    bind_int(q, ":user_id", user_id);
    bind_int(q, ":id", id);
    TRY(query_one(q));
    read_view(q, arena, ret_view);
    query_end(q);
    return OK;
}

enum err
views_insert(struct txn *txn, int64_t user_id, const struct saved_view *view,
             int64_t most, int64_t *ret_id)
{
    struct stmt *q = query(txn->db, Q_VIEW_BY_NAME);
    int64_t count = 0;

    bind_int(q, ":user_id", user_id);
    bind_text(q, ":list", view->list);
    bind_text(q, ":name", view->name);
    enum err err = query_one(q);
    query_end(q);
    if (err != ERR_NOT_FOUND)
        return err == OK ? ERR_FIELD_TAKEN : err;
    TRY(count_of_user(txn->db, Q_VIEW_COUNT, user_id, &count));
    if (count >= most)
        return ERR_QUOTA;
    q = query(txn->db, Q_VIEW_INSERT);
    bind_int(q, ":user_id", user_id);
    bind_text(q, ":name", view->name);
    bind_text(q, ":list", view->list);
    bind_text(q, ":query", view->query);
    bind_int(q, ":is_shared", view->is_shared);
    TRY(query_one(q));
    *ret_id = row_int(q);
    query_end(q);
    return OK;
}

enum err
views_delete(struct txn *txn, int64_t user_id, int64_t id)
{
    struct stmt *q = query(txn->db, Q_VIEW_DELETE);
    int64_t changes = 0;

    bind_int(q, ":user_id", user_id);
    bind_int(q, ":id", id);
    TRY(query_run(q, &changes));
    return changes == 1 ? OK : ERR_NOT_FOUND;
}
