#include "store/units.h"

#include "domain/ticket_words.h"
#include "store/query.h"
#include "store/writer.h"

/*
 * units.c - see the header.
 *
 * A word in the database that is no choice can only come from a hand-made
 * change; it reads as the first choice instead of as an index of -1.
 */

static int
row_choice(struct stmt *stmt, const struct choices *choices)
{
    const char *word = row_text(stmt);
    int index = word == NULL ? -1 : choice_find(choices, word);

    return index < 0 ? 0 : index;
}

/* In the order of the columns of unit_by_code, unit_by_id and unit_list. */
static enum err
read_unit(struct stmt *q, struct arena *arena, struct unit *unit)
{
    unit->id = row_int(q);
    unit->code = row_text_copy(q, arena);
    unit->name = row_text_copy(q, arena);
    unit->short_name = row_text_copy(q, arena);
    unit->kind = row_choice(q, &words_unit_kind);
    unit->parent_id = row_int(q);
    unit->parent = row_text_copy(q, arena);
    unit->duty_keywords = row_text_copy(q, arena);
    unit->areas = row_text_copy(q, arena);
    unit->head = row_text_copy(q, arena);
    unit->deputy = row_text_copy(q, arena);
    unit->contact = row_text_copy(q, arena);
    unit->phone = row_text_copy(q, arena);
    unit->night_phone = row_text_copy(q, arena);
    unit->sign_off = row_choice(q, &words_sign_off);
    unit->search_key = row_text_copy(q, arena);
    unit->is_enabled = row_int(q) != 0;
    unit->version = row_int(q);

    const char *const texts[] = { unit->code,          unit->name,  unit->short_name,
                                  unit->duty_keywords, unit->head,  unit->deputy,
                                  unit->contact,       unit->phone, unit->night_phone,
                                  unit->search_key };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i] == NULL)
            return ERR_NO_MEMORY;
    return OK;
}

bool
unit_is_complete(const struct unit *unit)
{
    return unit->head[0] != '\0' && unit->deputy[0] != '\0' && unit->contact[0] != '\0';
}

enum err
units_by_code(struct db *db, struct arena *arena, const char *code, struct unit *ret_unit)
{
    struct stmt *q = query(db, Q_UNIT_BY_CODE);

    bind_text(q, ":code", code);
    TRY(query_one(q));
    enum err err = read_unit(q, arena, ret_unit);
    query_end(q);
    return err;
}

enum err
units_by_id(struct db *db, struct arena *arena, int64_t id, struct unit *ret_unit)
{
    struct stmt *q = query(db, Q_UNIT_BY_ID);

    bind_int(q, ":id", id);
    TRY(query_one(q));
    enum err err = read_unit(q, arena, ret_unit);
    query_end(q);
    return err;
}

enum err
units_list(struct db *db, struct arena *arena, const struct units_filter *filter,
           const char *after, int limit, struct unit **ret_units, size_t *ret_count)
{
    struct unit *units = arena_array(arena, struct unit, (size_t)limit);
    size_t count = 0;
    bool has_row = false;

    if (units == NULL)
        return ERR_NO_MEMORY;
    struct stmt *q = query(db, Q_UNIT_LIST);
    bind_text(q, ":after", after);
    bind_text(q, ":kind", choice_word(&words_unit_kind, filter->kind));
    if (filter->has_enabled)
        bind_int(q, ":enabled", filter->is_enabled);
    else
        bind_null(q, ":enabled");
    bind_text(q, ":q", filter->q);
    bind_int(q, ":limit", limit);
    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row)
            break;
        enum err err = read_unit(q, arena, &units[count++]);
        if (err != OK) {
            query_end(q);
            return err;
        }
    }
    *ret_units = units;
    *ret_count = count;
    return OK;
}

static void
bind_unit(struct stmt *q, const struct unit *unit)
{
    bind_text(q, ":name", unit->name);
    bind_text(q, ":short_name", unit->short_name);
    bind_text(q, ":kind", choice_word(&words_unit_kind, unit->kind));
    bind_int_or_null(q, ":parent_id", unit->parent_id);
    bind_text(q, ":duty_keywords", unit->duty_keywords);
    bind_text(q, ":head", unit->head);
    bind_text(q, ":deputy", unit->deputy);
    bind_text(q, ":contact", unit->contact);
    bind_text(q, ":phone", unit->phone);
    bind_text(q, ":night_phone", unit->night_phone);
    bind_text(q, ":sign_off", choice_word(&words_sign_off, unit->sign_off));
    bind_text(q, ":search_key", unit->search_key);
}

enum err
units_insert(struct txn *txn, const struct unit *unit, int64_t *ret_id)
{
    struct stmt *q = query(txn->db, Q_UNIT_INSERT);

    bind_text(q, ":code", unit->code);
    bind_unit(q, unit);
    TRY(query_one(q));
    *ret_id = row_int(q);
    query_end(q);
    txn->changes_rulebook = true;
    return OK;
}

enum err
units_update(struct txn *txn, const struct unit *unit)
{
    struct stmt *q = query(txn->db, Q_UNIT_UPDATE);
    int64_t changes = 0;

    bind_unit(q, unit);
    bind_int(q, ":is_enabled", unit->is_enabled);
    bind_int(q, ":id", unit->id);
    bind_int(q, ":version", unit->version);
    TRY(query_run(q, &changes));
    txn->changes_rulebook = true;
    return changes == 1 ? OK : ERR_VERSION_CONFLICT;
}

enum err
units_set_areas(struct txn *txn, int64_t unit_id, const struct text_list *areas)
{
    struct stmt *q = query(txn->db, Q_UNIT_AREAS_DELETE);

    bind_int(q, ":unit_id", unit_id);
    TRY(query_run(q, NULL));
    for (size_t i = 0; i < areas->count; i++) {
        q = query(txn->db, Q_UNIT_AREA_INSERT);
        bind_int(q, ":unit_id", unit_id);
        bind_text(q, ":area", areas->items[i]);
        TRY(query_run(q, NULL));
    }
    return OK;
}

enum err
units_is_used(struct db *db, int64_t unit_id, bool *ret_used)
{
    struct stmt *q = query(db, Q_UNIT_USED);

    bind_int(q, ":id", unit_id);
    TRY(query_one(q));
    *ret_used = row_int(q) != 0;
    query_end(q);
    return OK;
}

enum err
units_delete(struct txn *txn, int64_t unit_id)
{
    TRY(units_set_areas(txn, unit_id, &(struct text_list){ 0 }));
    struct stmt *q = query(txn->db, Q_UNIT_DELETE);

    bind_int(q, ":id", unit_id);
    txn->changes_rulebook = true;
    return query_run(q, NULL);
}
