/*
 * attachments.c - see the header.
 */
#include "store/attachments.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "domain/attachment.h"
#include "store/query.h"
#include "store/upload.h"
#include "store/writer.h"
#include "store_internal.h"

static void
read_row(struct stmt *stmt, struct arena *arena, struct attachment *attachment)
{
    size_t bytes = 0;

    row_copy(stmt, attachment->id, sizeof attachment->id);
    attachment->ticket_id = row_int(stmt);
    attachment->kind = choice_find(&words_attachment_kind, row_text(stmt));
    attachment->type = choice_find(&words_attachment_type, row_text(stmt));
    attachment->bytes = row_int(stmt);
    const void *hash = row_blob(stmt, &bytes);
    if (bytes == HASH_BYTES)
        memcpy(attachment->hash, hash, HASH_BYTES);
    attachment->name = row_text_copy(stmt, arena);
    attachment->added_at = row_int(stmt);
    attachment->added_by = row_text_copy(stmt, arena);
    attachment->unit_code = row_text_copy(stmt, arena);
    attachment->unit_name = row_text_copy(stmt, arena);
    attachment->unit_short_name = row_text_copy(stmt, arena);
}

enum err
attachments_by_id(struct db *db, struct arena *arena, const char *id,
                  struct attachment *ret_attachment)
{
    struct stmt *stmt = query(db, Q_ATTACHMENT_BY_ID);

    bind_text(stmt, ":id", id);
    TRY(query_one(stmt));
    read_row(stmt, arena, ret_attachment);
    query_end(stmt);
    return OK;
}

enum err
attachments_of_ticket(struct db *db, struct arena *arena, int64_t ticket_id,
                      struct attachment **ret_attachments, size_t *ret_count)
{
    struct attachment *rows = arena_array(arena, struct attachment, ATTACHMENTS_MAX);
    struct stmt *stmt = query(db, Q_ATTACHMENTS_OF_TICKET);
    size_t count = 0;
    bool has_row;

    if (rows == NULL)
        return ERR_NO_MEMORY;
    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":limit", ATTACHMENTS_MAX);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        read_row(stmt, arena, &rows[count++]);
    }
    *ret_attachments = rows;
    *ret_count = count;
    return OK;
}

static enum err
count_of(struct stmt *stmt, int64_t ticket_id, int64_t *ret_count)
{
    bind_int(stmt, ":ticket_id", ticket_id);
    TRY(query_one(stmt));
    *ret_count = row_int(stmt);
    query_end(stmt);
    return OK;
}

enum err
attachments_count(struct db *db, int64_t ticket_id, int64_t *ret_count)
{
    return count_of(query(db, Q_ATTACHMENT_COUNT), ticket_id, ret_count);
}

enum err
attachments_count_citizens(struct db *db, int64_t ticket_id, int64_t *ret_count)
{
    return count_of(query(db, Q_ATTACHMENT_COUNT_CITIZENS), ticket_id, ret_count);
}

enum err
attachments_insert(struct txn *txn, int64_t ticket_id, int64_t event_seq, int kind,
                   int type, const struct upload *upload, const char *name,
                   int64_t user_id, int64_t unit_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_ATTACHMENT_INSERT);

    bind_text(stmt, ":id", upload->id);
    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":event_seq", event_seq);
    bind_text(stmt, ":kind", choice_word(&words_attachment_kind, kind));
    bind_text(stmt, ":type", choice_word(&words_attachment_type, type));
    bind_int(stmt, ":bytes", upload->bytes);
    bind_blob(stmt, ":hash", upload->hash, HASH_BYTES);
    bind_text(stmt, ":name", name);
    bind_int(stmt, ":added_at", now);
    bind_int(stmt, ":added_by", user_id);
    bind_int(stmt, ":unit_id", unit_id);
    return query_run(stmt, NULL);
}

enum err
attachments_open_file(struct store *store, const struct attachment *attachment,
                      int *ret_fd)
{
    char path[PATH_MAX];
    struct stat facts;

    if (!attachment_path(store, attachment->id, "", path))
        return ERR_STORE;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0)
        return ERR_STORE;
    if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode) ||
        facts.st_size != attachment->bytes) {
        (void)close(fd); /* only read */
        return ERR_STORE;
    }
    *ret_fd = fd;
    return OK;
}
