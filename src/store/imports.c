/*
 * imports.c - tables import and import_fault.
 */
#include "store/imports.h"

#include <string.h>

#include "store/query.h"
#include "store/writer.h"

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice import_state_items[] = { IMPORT_STATES(X) };
#undef X
const struct choices words_import_state = { "import_state", import_state_items,
                                            IMPORT_STATE_COUNT };

static int
actor_kind_of(const char *word)
{
    for (int kind = 0; kind < ACTOR_KIND_COUNT; kind++)
        if (strcmp(word, actor_kind_word((enum actor_kind)kind)) == 0)
            return kind;
    return ACTOR_CLI;
}

/* In the order of the fragment import_columns. */
static void
read_import(struct stmt *stmt, struct arena *arena, struct import *import)
{
    size_t bytes;
    const char *charset;

    *import = (struct import){ .id = row_int(stmt), .charset = CHOICE_NONE };
    import->state = choice_find(&words_import_state, row_text(stmt));
    import->dry_run = row_int(stmt) != 0;
    import->skip_bad = row_int(stmt) != 0;
    import->created_at = row_int(stmt);
    import->actor.kind = (enum actor_kind)actor_kind_of(row_text(stmt));
    import->actor.id = row_int(stmt);
    import->actor.unit_id = row_int(stmt);
    import->file = row_text_copy(stmt, arena);
    import->file_bytes = row_int(stmt);
    const void *hash = row_blob(stmt, &bytes);
    if (bytes == HASH_BYTES)
        memcpy(import->file_hash, hash, HASH_BYTES);
    charset = row_text(stmt);
    if (charset != NULL)
        import->charset = choice_find(&words_charset, charset);
    import->mapping = row_text_copy(stmt, arena);
    import->fixed = row_text_copy(stmt, arena);
    import->rows_read = row_int(stmt);
    import->rows_bad = row_int(stmt);
    import->rows_good = row_int(stmt);
    import->faults = row_int(stmt);
    import->tickets = row_int(stmt);
    import->finished_at = row_int(stmt);
    import->reason = row_text_copy(stmt, arena);
}

static enum err
read_one(struct stmt *stmt, struct arena *arena, struct import *ret_import)
{
    TRY(query_one(stmt));
    read_import(stmt, arena, ret_import);
    query_end(stmt);
    return OK;
}

enum err
imports_insert(struct txn *txn, const struct import *import, int64_t *ret_id)
{
    struct stmt *stmt = query(txn->db, Q_IMPORT_INSERT);

    bind_int(stmt, ":dry_run", import->dry_run);
    bind_int(stmt, ":skip_bad", import->skip_bad);
    bind_int(stmt, ":created_at", import->created_at);
    bind_text(stmt, ":actor_kind", actor_kind_word(import->actor.kind));
    bind_int(stmt, ":actor_id", import->actor.id);
    bind_int(stmt, ":unit_id", import->actor.unit_id);
    bind_text(stmt, ":file", import->file);
    bind_int(stmt, ":file_bytes", import->file_bytes);
    bind_blob(stmt, ":file_hash", import->file_hash, HASH_BYTES);
    bind_text(stmt, ":charset", choice_word(&words_charset, import->charset));
    bind_text(stmt, ":mapping", import->mapping);
    bind_text(stmt, ":fixed", import->fixed);
    return query_insert(stmt, ret_id);
}

enum err
imports_by_id(struct db *db, struct arena *arena, int64_t id, struct import *ret_import)
{
    struct stmt *stmt = query(db, Q_IMPORT_BY_ID);

    bind_int(stmt, ":id", id);
    return read_one(stmt, arena, ret_import);
}

enum err
imports_same_file(struct db *db, const uint8_t hash[HASH_BYTES], int64_t *ret_id)
{
    struct stmt *stmt = query(db, Q_IMPORT_SAME_FILE);

    bind_blob(stmt, ":file_hash", hash, HASH_BYTES);
    TRY(query_one(stmt));
    *ret_id = row_int(stmt);
    query_end(stmt);
    return OK;
}

enum err
imports_list(struct db *db, struct arena *arena, int64_t before, int limit,
             struct import **ret_imports, size_t *ret_count)
{
    struct import *imports = arena_array(arena, struct import, (size_t)limit);
    struct stmt *stmt = query(db, Q_IMPORT_LIST);
    size_t count = 0;
    bool has_row;

    if (imports == NULL)
        return ERR_NO_MEMORY;
    bind_int(stmt, ":before", before == 0 ? INT64_MAX : before);
    bind_int(stmt, ":limit", limit);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row || count == (size_t)limit)
            break;
        read_import(stmt, arena, &imports[count++]);
    }
    query_end(stmt);
    *ret_imports = imports;
    *ret_count = count;
    return OK;
}

enum err
imports_next_unfinished(struct db *db, struct arena *arena, int64_t after,
                        struct import *ret_import)
{
    struct stmt *stmt = query(db, Q_IMPORT_NEXT_UNFINISHED);

    bind_int(stmt, ":after", after);
    return read_one(stmt, arena, ret_import);
}

enum err
imports_set_charset(struct txn *txn, int64_t id, enum charset charset)
{
    struct stmt *stmt = query(txn->db, Q_IMPORT_BEGIN_READING);

    bind_int(stmt, ":id", id);
    bind_text(stmt, ":charset", choice_word(&words_charset, (int)charset));
    return query_run(stmt, NULL);
}

enum err
imports_end(struct txn *txn, int64_t id, enum import_state state, int64_t tickets,
            const char *reason, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_IMPORT_END);

    bind_int(stmt, ":id", id);
    bind_text(stmt, ":state", choice_word(&words_import_state, (int)state));
    bind_int(stmt, ":tickets", tickets);
    bind_text(stmt, ":reason", reason);
    bind_int(stmt, ":now", now);
    return query_run(stmt, NULL);
}

enum err
imports_progress(struct txn *txn, int64_t id, int64_t rows_read, int64_t bad,
                 int64_t good, int64_t faults)
{
    struct stmt *stmt = query(txn->db, Q_IMPORT_PROGRESS);

    bind_int(stmt, ":id", id);
    bind_int(stmt, ":rows_read", rows_read);
    bind_int(stmt, ":rows_bad", bad);
    bind_int(stmt, ":rows_good", good);
    bind_int(stmt, ":faults", faults);
    return query_run(stmt, NULL);
}

enum err
imports_add_fault(struct txn *txn, int64_t import_id, int64_t row, int64_t place,
                  const struct ledger_fault *fault)
{
    struct stmt *stmt = query(txn->db, Q_IMPORT_FAULT_INSERT);

    bind_int(stmt, ":import_id", import_id);
    bind_int(stmt, ":row", row);
    bind_int(stmt, ":place", place);
    bind_text(stmt, ":field", choice_word(&words_ledger_field, fault->field));
    bind_text(stmt, ":code", err_code(fault->code));
    bind_text(stmt, ":value", fault->value);
    return query_run(stmt, NULL);
}

enum err
imports_faults(struct db *db, struct arena *arena, int64_t import_id, int64_t row,
               int64_t place, int limit, struct import_fault **ret_faults,
               size_t *ret_count)
{
    struct import_fault *faults = arena_array(arena, struct import_fault, (size_t)limit);
    struct stmt *stmt = query(db, Q_IMPORT_FAULT_LIST);
    size_t count = 0;
    bool has_row;

    if (faults == NULL)
        return ERR_NO_MEMORY;
    bind_int(stmt, ":import_id", import_id);
    bind_int(stmt, ":row", row);
    bind_int(stmt, ":place", place);
    bind_int(stmt, ":limit", limit);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row || count == (size_t)limit)
            break;
        struct import_fault *fault = &faults[count++];
        fault->row = row_int(stmt);
        fault->place = row_int(stmt);
        fault->field = row_text_copy(stmt, arena);
        fault->code = row_text_copy(stmt, arena);
        fault->value = row_text_copy(stmt, arena);
    }
    query_end(stmt);
    *ret_faults = faults;
    *ret_count = count;
    return OK;
}
