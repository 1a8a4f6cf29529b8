/*
 * rekeys.c - see the header.
 *
 * 1. One transaction: the database is sealed with one pair of keys, never with two.
 * 2. Whatever the schema seals stands in `tables` or is a text of an event.
 */
#include "store/rekeys.h"

#include <string.h>

#include "base/text.h"
#include "store/query.h"
#include "store/store.h"
#include "store/writer.h"

#define PAGE 200
#define PLACE_BYTES 96
#define COLUMNS_MAX 3

/* A table with sealed columns; the rows' key is a number. */
static const struct sealed_table {
    enum query page, save;
    const char *name;                 /* as values are sealed for it */
    const char *columns[COLUMNS_MAX]; /* parameters of `save`; NULL: no more */
    bool has_phone;                   /* the column "phone" has an index, the last one */
    size_t counted;                   /* where in struct rekey_counts */
} tables[] = {
    { Q_REKEY_PETITIONERS,
      Q_REKEY_PETITIONER_SAVE,
      "petitioner",
      { ":name", ":phone", ":contact_note" },
      true,
      offsetof(struct rekey_counts, people) },
    { Q_REKEY_IMPORTS,
      Q_REKEY_IMPORT_SAVE,
      "petitioner",
      { ":name", ":phone" },
      true,
      offsetof(struct rekey_counts, others) },
    { Q_REKEY_DRAFTS,
      Q_REKEY_DRAFT_SAVE,
      "draft",
      { ":content" },
      false,
      offsetof(struct rekey_counts, others) },
    { Q_REKEY_CALLS,
      Q_REKEY_CALL_SAVE,
      "call",
      { ":caller" },
      false,
      offsetof(struct rekey_counts, others) },
    { Q_REKEY_TOTPS,
      Q_REKEY_TOTP_SAVE,
      "totp",
      { ":secret" },
      false,
      offsetof(struct rekey_counts, others) },
};

struct value {
    const uint8_t *bytes; /* NULL: there is none */
    size_t count;
};

struct row {
    int64_t key, place;
    const char *field; /* of an event's text */
    struct value values[COLUMNS_MAX], index;
};

static enum err
copy_value(struct stmt *stmt, struct arena *arena, struct value *value)
{
    size_t count;
    const void *bytes = row_blob(stmt, &count);

    *value = (struct value){ NULL, count };
    if (bytes == NULL)
        return OK;
    value->bytes = (const uint8_t *)arena_copy(arena, bytes, count);
    return value->bytes == NULL ? ERR_NO_MEMORY : OK;
}

/* Open and seal again; `ret_text` is what it says, NULL for none. */
static enum err
seal_anew(struct txn *txn, const struct keys *fresh, const char *place,
          struct value *value, const char **ret_text)
{
    const uint8_t *sealed;

    *ret_text = NULL;
    if (value->bytes == NULL)
        return OK;
    TRY(crypt_open(store_keys(txn->store), txn->arena, value->bytes, value->count, place,
                   ret_text));
    TRY(crypt_seal(fresh, txn->arena, *ret_text, place, &sealed, &value->count));
    value->bytes = sealed;
    return OK;
}

static void
bind_value(struct stmt *stmt, const char *name, const struct value *value)
{
    if (value->bytes == NULL)
        bind_null(stmt, name);
    else
        bind_blob(stmt, name, value->bytes, value->count);
}

/* --- Tables --------------------------------------------------------------------------- */

static enum err
read_page(struct txn *txn, const struct sealed_table *table, int64_t after,
          struct row rows[PAGE], size_t *ret_count)
{
    struct stmt *stmt = query(txn->db, table->page);
    size_t count = 0;
    bool has_row;

    bind_int(stmt, ":after", after);
    bind_int(stmt, ":limit", PAGE);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        struct row *row = &rows[count++];
        *row = (struct row){ .key = row_int(stmt), .place = row_int(stmt) };
        for (size_t i = 0; i < COLUMNS_MAX && table->columns[i] != NULL; i++)
            TRY(copy_value(stmt, txn->arena, &row->values[i]));
        if (table->has_phone)
            TRY(copy_value(stmt, txn->arena, &row->index));
    }
    *ret_count = count;
    return OK;
}

/* What knows the caller by the old index knows the new one. */
static enum err
index_anew(struct txn *txn, const struct keys *fresh, const char *phone,
           struct value *index)
{
    uint8_t *made = arena_alloc(txn->arena, HASH_BYTES);
    char normal[PHONE_BYTES];

    if (made == NULL)
        return ERR_NO_MEMORY;
    if (index->bytes == NULL)
        return OK;
    if (phone == NULL ||
        !text_phone(phone, store_config(txn->store)->area_code, normal)) {
        *index = (struct value){ NULL, 0 };
        return OK;
    }
    crypt_index(fresh, normal, made);
    struct stmt *stmt = query(txn->db, Q_REKEY_CALLER_SAVE);
    bind_blob(stmt, ":old", index->bytes, index->count);
    bind_blob(stmt, ":phone_index", made, HASH_BYTES);
    TRY(query_run(stmt, NULL));
    *index = (struct value){ made, HASH_BYTES };
    return OK;
}

static enum err
rekey_row(struct txn *txn, const struct keys *fresh, const struct sealed_table *table,
          struct row *row)
{
    struct stmt *stmt;

    for (size_t i = 0; i < COLUMNS_MAX && table->columns[i] != NULL; i++) {
        const char *column = table->columns[i] + 1, *text;
        char place[PLACE_BYTES];

        if (!text_format(place, sizeof place, "%s.%s:%lld", table->name, column,
                         (long long)row->place))
            return ERR_INTERNAL;
        TRY(seal_anew(txn, fresh, place, &row->values[i], &text));
        if (table->has_phone && strcmp(column, "phone") == 0)
            TRY(index_anew(txn, fresh, text, &row->index));
    }
    stmt = query(txn->db, table->save);
    bind_int(stmt, ":id", row->key);
    for (size_t i = 0; i < COLUMNS_MAX && table->columns[i] != NULL; i++)
        bind_value(stmt, table->columns[i], &row->values[i]);
    if (table->has_phone)
        bind_value(stmt, ":phone_index", &row->index);
    return query_run(stmt, NULL);
}

static enum err
rekey_table(struct txn *txn, const struct keys *fresh, const struct sealed_table *table,
            struct row rows[PAGE], int64_t *count)
{
    int64_t after = INT64_MIN;
    size_t read = PAGE;

    while (read == PAGE) {
        arena_reset(txn->arena);
        TRY(read_page(txn, table, after, rows, &read));
        for (size_t i = 0; i < read; i++)
            TRY(rekey_row(txn, fresh, table, &rows[i]));
        if (read > 0)
            after = rows[read - 1].key;
        *count += (int64_t)read;
    }
    return OK;
}

/* --- Texts of events ------------------------------------------------------------------- */

static enum err
read_texts(struct txn *txn, int64_t after, const char *field, struct row rows[PAGE],
           size_t *ret_count)
{
    struct stmt *stmt = query(txn->db, Q_REKEY_TEXTS);
    size_t count = 0;
    bool has_row;

    bind_int(stmt, ":after", after);
    bind_text(stmt, ":field", field);
    bind_int(stmt, ":limit", PAGE);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        struct row *row = &rows[count++];
        *row = (struct row){ .key = row_int(stmt),
                             .field = row_text_copy(stmt, txn->arena) };
        if (row->field == NULL)
            return ERR_NO_MEMORY;
        TRY(copy_value(stmt, txn->arena, &row->values[0]));
    }
    *ret_count = count;
    return OK;
}

static enum err
rekey_text(struct txn *txn, const struct keys *fresh, struct row *row)
{
    struct stmt *stmt;
    char place[PLACE_BYTES];
    const char *text;

    if (!text_format(place, sizeof place, "event_text.%s:%lld", row->field,
                     (long long)row->key))
        return ERR_INTERNAL;
    TRY(seal_anew(txn, fresh, place, &row->values[0], &text));
    stmt = query(txn->db, Q_REKEY_TEXT_SAVE);
    bind_int(stmt, ":id", row->key);
    bind_text(stmt, ":field", row->field);
    bind_value(stmt, ":sealed", &row->values[0]);
    return query_run(stmt, NULL);
}

static enum err
rekey_texts(struct txn *txn, const struct keys *fresh, struct row rows[PAGE],
            int64_t *count)
{
    char field[64] = "";
    int64_t after = 0;
    size_t read = PAGE;

    while (read == PAGE) {
        arena_reset(txn->arena);
        TRY(read_texts(txn, after, field, rows, &read));
        for (size_t i = 0; i < read; i++)
            TRY(rekey_text(txn, fresh, &rows[i]));
        if (read > 0) {
            after = rows[read - 1].key;
            if (!text_format(field, sizeof field, "%s", rows[read - 1].field))
                return ERR_INTERNAL;
        }
        *count += (int64_t)read;
    }
    return OK;
}

enum err
rekeys_run(struct txn *txn, const struct keys *fresh, struct rekey_counts *ret_counts)
{
    struct rekey_counts counts = { 0, 0, 0 };
    struct row rows[PAGE];
    char mark[KEYS_MARK_BYTES];

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        TRY(rekey_table(txn, fresh, &tables[i], rows,
                        (int64_t *)(void *)((char *)&counts + tables[i].counted)));
    TRY(rekey_texts(txn, fresh, rows, &counts.texts));
    TRY(query_run(query(txn->db, Q_REKEY_CALLERS_FORGET), NULL));
    TRY(query_run(query(txn->db, Q_REKEY_QUOTAS_FORGET), NULL));
    keys_mark(fresh, mark);
    struct stmt *stmt = query(txn->db, Q_REKEY_MARK);
    bind_text(stmt, ":value", mark);
    TRY(query_run(stmt, NULL));
    *ret_counts = counts;
    return OK;
}
