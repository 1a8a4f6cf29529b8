/*
 * erasures.c - see the header.
 *
 * 1. Rows first, in one transaction with the event; files only after it has
 *    committed.  In between a file has no row that needs it, and the next start
 *    removes it (upload.c 3).
 * 2. The full-text index forgets the texts while it can still be shown them, and
 *    is rewritten, so that not even pairs of their characters stay in it.
 * 3. Deleted bytes are overwritten in the database (secure_delete of every
 *    connection); a checkpoint moves that into the file.
 */
#include "store/erasures.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "store/query.h"
#include "store/search.h"
#include "store/store.h"
#include "store/writer.h"
#include "store_internal.h"

bool
erasure_is_empty(const struct erasure *erasure)
{
    return erasure->people == 0 && erasure->texts == 0 && erasure->records == 0 &&
           erasure->file_count == 0;
}

static enum err
look_at_files(struct db *db, int64_t ticket_id, bool all_files, struct erasure *erasure)
{
    struct stmt *stmt = query(db, Q_ERASURE_ATTACHMENTS);
    bool has_row;

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":all_files", all_files);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            return OK;
        if (erasure->file_count == ERASURE_FILES_MAX) {
            query_end(stmt);
            return ERR_INTERNAL; /* attachments_per_ticket is no larger */
        }
        row_copy(stmt, erasure->files[erasure->file_count++], IDENT_UUID_BYTES);
        erasure->file_bytes += row_int(stmt);
    }
}

enum err
erasures_look(struct db *db, int64_t ticket_id, bool all_files,
              struct erasure *ret_erasure)
{
    struct stmt *stmt = query(db, Q_ERASURE_COUNTS);

    memset(ret_erasure, 0, sizeof *ret_erasure);
    bind_int(stmt, ":ticket_id", ticket_id);
    bind_text(stmt, ":erased", ERASED_TEXT);
    TRY(query_one(stmt));
    ret_erasure->people = row_int(stmt);
    ret_erasure->texts = row_int(stmt);
    ret_erasure->records = row_int(stmt);
    query_end(stmt);
    return look_at_files(db, ticket_id, all_files, ret_erasure);
}

/* Run those of one kind and add up what they changed. */
static enum err
erase(struct txn *txn, const enum query *statements, size_t count, int64_t ticket_id,
      int64_t *ret_changes)
{
    *ret_changes = 0;
    for (size_t i = 0; i < count; i++) {
        struct stmt *stmt = query(txn->db, statements[i]);
        int64_t changes = 0;

        bind_int(stmt, ":ticket_id", ticket_id);
        if (statements[i] == Q_ERASE_TICKET_TEXT)
            bind_text(stmt, ":erased", ERASED_TEXT);
        TRY(query_run(stmt, &changes));
        *ret_changes += changes;
    }
    return OK;
}

enum err
erasures_run(struct txn *txn, int64_t ticket_id, bool all_files, int64_t now,
             struct erasure *ret_erasure)
{
    static const enum query people[] = { Q_ERASE_PETITIONERS,
                                         Q_ERASE_PETITIONERS_MERGED };
    static const enum query callers[] = { Q_ERASE_REPEAT_CALLER };
    static const enum query texts[] = { Q_ERASE_TICKET_TEXT, Q_ERASE_EVENT_TEXTS,
                                        Q_ERASE_DRAFTS, Q_ERASE_SMS_MESSAGES };
    static const enum query records[] = {
        Q_ERASE_URGES,          Q_ERASE_SUPERVISIONS, Q_ERASE_SUBMISSIONS,
        Q_ERASE_INSTRUCTIONS,   Q_ERASE_EXTENSIONS,   Q_ERASE_RETURNS,
        Q_ERASE_REPLIES,        Q_ERASE_PROMISES,     Q_ERASE_CALLBACKS,
        Q_ERASE_ACCOUNTABILITY,
    };
#define COUNT(list) (sizeof list / sizeof *list)
    struct stmt *stmt;

    memset(ret_erasure, 0, sizeof *ret_erasure);
    TRY(look_at_files(txn->db, ticket_id, all_files, ret_erasure));
    TRY(search_forget(txn, ticket_id));
    int64_t callers_forgotten; /* told with the people */
    TRY(erase(txn, callers, COUNT(callers), ticket_id, &callers_forgotten));
    TRY(erase(txn, people, COUNT(people), ticket_id, &ret_erasure->people));
    TRY(erase(txn, texts, COUNT(texts), ticket_id, &ret_erasure->texts));
    TRY(erase(txn, records, COUNT(records), ticket_id, &ret_erasure->records));
    if (ret_erasure->texts + ret_erasure->records > 0)
        TRY(search_compact(txn));
#undef COUNT
    stmt = query(txn->db, Q_ERASE_HAS_PHONE);
    bind_int(stmt, ":ticket_id", ticket_id);
    TRY(query_run(stmt, NULL));
    stmt = query(txn->db, Q_ERASE_ATTACHMENTS);
    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":all_files", all_files);
    bind_int(stmt, ":now", now);
    return query_run(stmt, NULL);
}

enum err
erasures_merged(struct db *db, struct arena *arena, int64_t ticket_id,
                const char ***ret_numbers, size_t *ret_count)
{
    struct stmt *stmt = query(db, Q_ERASURE_MERGED);
    size_t count = 0, room = 0;
    const char **numbers = NULL;
    bool has_row;

    bind_int(stmt, ":ticket_id", ticket_id);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        if (count == room) {
            const char **more = arena_array(arena, const char *, room * 2 + 8);

            if (more == NULL) {
                query_end(stmt);
                return ERR_NO_MEMORY;
            }
            if (count > 0)
                memcpy(more, numbers, count * sizeof *numbers);
            numbers = more;
            room = room * 2 + 8;
        }
        numbers[count++] = row_text_copy(stmt, arena);
    }
    *ret_numbers = numbers;
    *ret_count = count;
    return OK;
}

enum err
erasures_remove_files(struct store *store, const struct erasure *erasure)
{
    char path[PATH_MAX];

    for (size_t i = 0; i < erasure->file_count; i++) {
        if (!attachment_path(store, erasure->files[i], "", path))
            return ERR_STORE;
        if (unlink(path) != 0 && errno != ENOENT)
            return ERR_STORE;
    }
    return attachment_path(store, ".", "", path) ? file_sync(path) : ERR_STORE;
}
