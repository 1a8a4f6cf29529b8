#include "store/channels.h"

#include "store/query.h"
#include "store/writer.h"

/* channels.c - see the header. */

static void
read_row(struct stmt *q, struct channel_row *row)
{
    struct channel *channel = &row->channel;

    row_copy(q, channel->code, sizeof channel->code);
    row_copy(q, channel->zh, sizeof channel->zh);
    row_copy(q, channel->en, sizeof channel->en);
    channel->letter = row_text(q)[0]; /* NOT NULL and a letter by CHECK */
    channel->workdays = (int32_t)row_int(q);
    channel->is_enabled = row_int(q) != 0;
    row->position = row_int(q);
    row->version = row_int(q);
}

enum err
channels_all(struct db *db, struct arena *arena, struct channel_row **ret_rows,
             size_t *ret_count)
{
    struct channel_row *rows = arena_array(arena, struct channel_row, CHANNELS_MAX);
    struct stmt *q = query(db, Q_CHANNEL_LIST);
    size_t count = 0;
    bool has_row = false;

    if (rows == NULL)
        return ERR_NO_MEMORY;
    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row)
            break;
        read_row(q, &rows[count++]); /* 26 letters: the schema allows no more */
    }
    *ret_rows = rows;
    *ret_count = count;
    return OK;
}

enum err
channels_by_code(struct db *db, const char *code, struct channel_row *ret_row)
{
    struct stmt *q = query(db, Q_CHANNEL_BY_CODE);

    bind_text(q, ":code", code);
    TRY(query_one(q));
    read_row(q, ret_row);
    query_end(q);
    return OK;
}

enum err
channels_of_letter(struct db *db, char letter, char ret_code[CHANNEL_CODE_BYTES])
{
    struct stmt *q = query(db, Q_CHANNEL_BY_LETTER);
    char text[2] = { letter, '\0' };

    bind_text(q, ":letter", text);
    enum err err = query_one(q);
    if (err == ERR_NOT_FOUND) {
        ret_code[0] = '\0';
        return OK;
    }
    TRY(err);
    row_copy(q, ret_code, CHANNEL_CODE_BYTES);
    query_end(q);
    return OK;
}

/* `letter` has room for a letter and lives until the statement has run. */
static void
bind_row(struct stmt *q, const struct channel_row *row, char letter[2])
{
    letter[0] = row->channel.letter;
    letter[1] = '\0';
    bind_text(q, ":code", row->channel.code);
    bind_text(q, ":zh", row->channel.zh);
    bind_text(q, ":en", row->channel.en);
    bind_text(q, ":letter", letter);
    bind_int(q, ":workdays", row->channel.workdays);
    bind_int(q, ":is_enabled", row->channel.is_enabled);
    bind_int(q, ":position", row->position);
}

enum err
channels_insert(struct txn *txn, const struct channel_row *row)
{
    struct stmt *q = query(txn->db, Q_CHANNEL_INSERT);
    char letter[2];

    bind_row(q, row, letter);
    return query_run(q, NULL);
}

enum err
channels_update(struct txn *txn, const struct channel_row *row)
{
    struct stmt *q = query(txn->db, Q_CHANNEL_UPDATE);
    int64_t changes = 0;
    char letter[2];

    bind_row(q, row, letter);
    bind_int(q, ":version", row->version);
    TRY(query_run(q, &changes));
    return changes == 1 ? OK : ERR_VERSION_CONFLICT;
}

enum err
channels_is_used(struct db *db, const char *code, bool *ret_used)
{
    struct stmt *q = query(db, Q_CHANNEL_USED);

    bind_text(q, ":code", code);
    TRY(query_one(q));
    *ret_used = row_int(q) != 0;
    query_end(q);
    return OK;
}

enum err
channels_delete(struct txn *txn, const char *code)
{
    struct stmt *q = query(txn->db, Q_CHANNEL_DELETE);

    bind_text(q, ":code", code);
    return query_run(q, NULL);
}
