/*
 * search.c - keeps the full-text index.
 *
 * 1. A ticket's present texts are in the index, or it stands in search_pending.
 *    So index and pending tickets together hold every text there is.
 * 2. The index may also hold what a ticket's texts no longer hold (a search
 *    looks into the texts of whatever is found).  That is why a text that only
 *    grew is added once more instead of being taken out first.
 * 3. What is taken out is exactly what was put in: replies are only added, and
 *    every other change of a text goes through search_forget().
 */
#include "store/search.h"

#include <string.h>

#include "base/fold.h"
#include "store/query.h"
#include "store/tickets.h"
#include "store/writer.h"
#include "store_internal.h"

static enum err
add(struct fold *fold, const char *text)
{
    static const char between = SEARCH_BETWEEN;

    if (text == NULL)
        return OK;
    TRY(fold_add(fold, text, strlen(text)));
    return fold_add(fold, &between, 1);
}

/* The next `count` columns of the present row. */
static enum err
add_columns(struct fold *fold, struct stmt *stmt, int count)
{
    for (int i = 0; i < count; i++)
        TRY(add(fold, row_text(stmt)));
    return OK;
}

static enum err
add_replies(struct fold *fold, struct db *db, int64_t ticket_id)
{
    struct stmt *stmt = query(db, Q_SEARCH_REPLIES);
    bool has_row;

    bind_int(stmt, ":ticket_id", ticket_id);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            return OK;
        enum err err = add_columns(fold, stmt, 4);
        if (err != OK) {
            query_end(stmt);
            return err;
        }
    }
}

/* All that is searched of a ticket, folded, in the connection's own fold. */
static enum err
read_document(struct txn *txn, int64_t ticket_id)
{
    struct stmt *stmt = query(txn->db, Q_SEARCH_DOCUMENT);
    struct fold *fold = &txn->db->fold;

    fold_clear(fold);
    bind_int(stmt, ":ticket_id", ticket_id);
    TRY(query_one(stmt));
    enum err err = add_columns(fold, stmt, 5);
    query_end(stmt);
    TRY(err);
    return add_replies(fold, txn->db, ticket_id);
}

/* Run `which` with the document that was read. */
static enum err
write_document(struct txn *txn, enum query which, int64_t ticket_id)
{
    struct stmt *stmt = query(txn->db, which);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_text(stmt, ":text", txn->db->fold.text);
    return query_run(stmt, NULL);
}

static enum err
mark(struct txn *txn, int64_t ticket_id, bool is_indexed)
{
    struct stmt *stmt = query(txn->db, Q_SEARCH_PENDING_SAVE);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":is_indexed", is_indexed);
    return query_run(stmt, NULL);
}

enum err
search_index(struct txn *txn, int limit, int *ret_count)
{
    int64_t after = 0;
    int count = 0;

    for (; count < limit; count++) {
        struct stmt *stmt = query(txn->db, Q_SEARCH_PENDING_FIRST);

        bind_int(stmt, ":after", after);
        enum err err = query_one(stmt);
        if (err == ERR_NOT_FOUND)
            break;
        TRY(err);
        after = row_int(stmt);
        query_end(stmt);
        TRY(read_document(txn, after));
        TRY(write_document(txn, Q_SEARCH_ADD, after));
        stmt = query(txn->db, Q_SEARCH_PENDING_DONE);
        bind_int(stmt, ":ticket_id", after);
        TRY(query_run(stmt, NULL));
    }
    *ret_count = count;
    return OK;
}

enum err
search_forget(struct txn *txn, int64_t ticket_id)
{
    struct stmt *stmt = query(txn->db, Q_SEARCH_PENDING_OF);

    bind_int(stmt, ":ticket_id", ticket_id);
    enum err err = query_one(stmt);
    bool is_pending = err == OK;
    bool is_indexed = !is_pending || row_int(stmt) != 0;
    query_end(stmt);
    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    if (!is_indexed)
        return OK;
    TRY(read_document(txn, ticket_id));
    if (is_pending) /* so that nothing is taken out that was not put in */
        TRY(write_document(txn, Q_SEARCH_ADD, ticket_id));
    TRY(write_document(txn, Q_SEARCH_DROP, ticket_id));
    return mark(txn, ticket_id, false);
}

enum err
search_compact(struct txn *txn)
{
    return query_run(query(txn->db, Q_SEARCH_COMPACT), NULL);
}

enum err
search_needle(struct arena *arena, const char *typed, const char **ret_needle)
{
    struct fold fold = { .text = NULL };
    enum err err = fold_add(&fold, typed, strlen(typed));

    if (err == OK) {
        const char *begin = fold.text + strspn(fold.text, " \t\r\n");
        size_t bytes = strlen(begin);
        while (bytes > 0 && strchr(" \t\r\n", begin[bytes - 1]) != NULL)
            bytes--;
        const char *needle = arena_copy(arena, begin, bytes);
        if (needle == NULL)
            err = ERR_NO_MEMORY;
        else
            *ret_needle = bytes == 0 ? NULL : needle;
    }
    fold_done(&fold);
    return err;
}
