#include "store/vocabulary.h"

#include <string.h>

#include "store/query.h"
#include "store/rulebook.h"
#include "store/writer.h"

/* vocabulary.c - see the header. */

#define FIRST_ROOM ((size_t)64)

/* Room for one more of `bytes` bytes in an array that doubles; NULL: out of memory. */
static void *
grow(struct arena *arena, void *array, size_t count, size_t bytes)
{
    bool is_full = count == 0 || (count >= FIRST_ROOM && (count & (count - 1)) == 0);

    if (!is_full)
        return array;
    void *larger = arena_alloc_array(arena, count == 0 ? FIRST_ROOM : 2 * count, bytes);
    if (larger != NULL && count > 0)
        memcpy(larger, array, count * bytes);
    return larger;
}

/* In the order of the fragment category_columns. */
static enum err
read_category(struct stmt *q, struct arena *arena, struct category *category)
{
    category->code = row_text_copy(q, arena);
    category->parent = row_text_copy(q, arena);
    category->level = (int)row_int(q);
    category->name = row_text_copy(q, arena);
    category->is_enabled = row_int(q) != 0;
    category->position = row_int(q);
    category->search_key = row_text_copy(q, arena);
    category->keywords = row_text_copy(q, arena);
    category->unit = row_text_copy(q, arena);
    category->workdays = row_int(q);
    category->version = row_int(q);
    return category->code == NULL || category->name == NULL ||
                   category->search_key == NULL || category->keywords == NULL
               ? ERR_NO_MEMORY
               : OK;
}

/* In the order of the fragment area_columns. */
static enum err
read_area(struct stmt *q, struct arena *arena, struct area *area)
{
    area->code = row_text_copy(q, arena);
    area->parent = row_text_copy(q, arena);
    area->name = row_text_copy(q, arena);
    area->is_enabled = row_int(q) != 0;
    area->position = row_int(q);
    area->search_key = row_text_copy(q, arena);
    area->units = row_text_copy(q, arena);
    area->version = row_int(q);
    return area->code == NULL || area->name == NULL || area->search_key == NULL
               ? ERR_NO_MEMORY
               : OK;
}

/* All rows of `q`. */
static enum err
read_categories(struct stmt *q, struct arena *arena, struct category **ret_categories,
                size_t *ret_count)
{
    struct category *categories = NULL;
    size_t count = 0;
    bool has_row = false;

    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row)
            break;
        categories = grow(arena, categories, count, sizeof *categories);
        enum err err = categories == NULL ? ERR_NO_MEMORY
                                          : read_category(q, arena, &categories[count++]);
        if (err != OK) {
            query_end(q);
            return err;
        }
    }
    *ret_categories = categories;
    *ret_count = count;
    return OK;
}

static enum err
read_areas(struct stmt *q, struct arena *arena, struct area **ret_areas,
           size_t *ret_count)
{
    struct area *areas = NULL;
    size_t count = 0;
    bool has_row = false;

    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row)
            break;
        areas = grow(arena, areas, count, sizeof *areas);
        enum err err =
            areas == NULL ? ERR_NO_MEMORY : read_area(q, arena, &areas[count++]);
        if (err != OK) {
            query_end(q);
            return err;
        }
    }
    *ret_areas = areas;
    *ret_count = count;
    return OK;
}

enum err
categories_all(struct db *db, struct arena *arena, struct category **ret_categories,
               size_t *ret_count)
{
    return read_categories(query(db, Q_CATEGORY_LIST), arena, ret_categories, ret_count);
}

enum err
areas_all(struct db *db, struct arena *arena, struct area **ret_areas, size_t *ret_count)
{
    return read_areas(query(db, Q_AREA_LIST), arena, ret_areas, ret_count);
}

static void
bind_filter(struct stmt *q, const struct vocabulary_filter *filter, int limit)
{
    bind_text(q, ":after", filter->after);
    if (filter->has_enabled)
        bind_int(q, ":enabled", filter->is_enabled);
    else
        bind_null(q, ":enabled");
    bind_text(q, ":parent", filter->parent);
    bind_text(q, ":q", filter->q);
    bind_int(q, ":limit", limit);
}

enum err
categories_page(struct db *db, struct arena *arena,
                const struct vocabulary_filter *filter, int limit,
                struct category **ret_categories, size_t *ret_count)
{
    struct stmt *q = query(db, Q_CATEGORY_PAGE);

    bind_filter(q, filter, limit);
    return read_categories(q, arena, ret_categories, ret_count);
}

enum err
areas_page(struct db *db, struct arena *arena, const struct vocabulary_filter *filter,
           int limit, struct area **ret_areas, size_t *ret_count)
{
    struct stmt *q = query(db, Q_AREA_PAGE);

    bind_filter(q, filter, limit);
    return read_areas(q, arena, ret_areas, ret_count);
}

enum err
categories_by_code(struct db *db, struct arena *arena, const char *code,
                   struct category *ret_category)
{
    struct stmt *q = query(db, Q_CATEGORY_BY_CODE);

    bind_text(q, ":code", code);
    TRY(query_one(q));
    enum err err = read_category(q, arena, ret_category);
    query_end(q);
    return err;
}

enum err
areas_by_code(struct db *db, struct arena *arena, const char *code, struct area *ret_area)
{
    struct stmt *q = query(db, Q_AREA_BY_CODE);

    bind_text(q, ":code", code);
    TRY(query_one(q));
    enum err err = read_area(q, arena, ret_area);
    query_end(q);
    return err;
}

enum err
areas_check(struct db *db, struct arena *arena, const char *code, const char **ret_name)
{
    struct stmt *q = query(db, Q_AREA_ENABLED);

    bind_text(q, ":code", code);
    TRY(query_one(q));
    *ret_name = row_text_copy(q, arena);
    query_end(q);
    return OK;
}

/* --- Writing ---------------------------------------------------------------------- */

static void
bind_category(struct stmt *q, const struct category *category)
{
    bind_text(q, ":code", category->code);
    bind_text(q, ":name", category->name);
    bind_int(q, ":is_enabled", category->is_enabled);
    bind_int(q, ":position", category->position);
    bind_text(q, ":search_key", category->search_key);
    bind_text(q, ":keywords", category->keywords);
    bind_text(q, ":unit", category->unit);
    bind_int(q, ":workdays", category->workdays);
}

enum err
categories_insert(struct txn *txn, const struct category *category)
{
    struct stmt *q = query(txn->db, Q_CATEGORY_INSERT);

    bind_category(q, category);
    bind_text(q, ":parent", category->parent);
    bind_int(q, ":level", category->level);
    return query_run(q, NULL);
}

enum err
categories_update(struct txn *txn, const struct category *category)
{
    struct stmt *q = query(txn->db, Q_CATEGORY_UPDATE);
    int64_t changes = 0;

    bind_category(q, category);
    bind_int(q, ":version", category->version);
    TRY(query_run(q, &changes));
    return changes == 1 ? OK : ERR_VERSION_CONFLICT;
}

static void
bind_area(struct stmt *q, const struct area *area)
{
    bind_text(q, ":code", area->code);
    bind_text(q, ":name", area->name);
    bind_int(q, ":is_enabled", area->is_enabled);
    bind_int(q, ":position", area->position);
    bind_text(q, ":search_key", area->search_key);
}

enum err
areas_insert(struct txn *txn, const struct area *area)
{
    struct stmt *q = query(txn->db, Q_AREA_INSERT);

    bind_area(q, area);
    bind_text(q, ":parent", area->parent);
    return query_run(q, NULL);
}

enum err
areas_update(struct txn *txn, const struct area *area)
{
    struct stmt *q = query(txn->db, Q_AREA_UPDATE);
    int64_t changes = 0;

    bind_area(q, area);
    bind_int(q, ":version", area->version);
    TRY(query_run(q, &changes));
    return changes == 1 ? OK : ERR_VERSION_CONFLICT;
}

static enum err
is_used(struct db *db, enum query which, const char *code, bool *ret_used)
{
    struct stmt *q = query(db, which);

    bind_text(q, ":code", code);
    TRY(query_one(q));
    *ret_used = row_int(q) != 0;
    query_end(q);
    return OK;
}

enum err
categories_is_used(struct db *db, const char *code, bool *ret_used)
{
    return is_used(db, Q_CATEGORY_USED, code, ret_used);
}

enum err
areas_is_used(struct db *db, const char *code, bool *ret_used)
{
    return is_used(db, Q_AREA_USED, code, ret_used);
}

enum err
categories_delete(struct txn *txn, const char *code)
{
    struct stmt *q = query(txn->db, Q_CATEGORY_DELETE);

    bind_text(q, ":code", code);
    return query_run(q, NULL);
}

enum err
areas_delete(struct txn *txn, const char *code)
{
    struct stmt *q = query(txn->db, Q_AREA_DELETE);

    bind_text(q, ":code", code);
    return query_run(q, NULL);
}

enum err
vocabulary_workdays(struct db *db, struct arena *arena, const struct rulebook *rulebook,
                    const char *channel, const char *category, int64_t *ret_workdays)
{
    const struct channel *found = rulebook_channel(rulebook, channel);
    struct category own = { .workdays = 0 };

    if (found == NULL)
        return ERR_NOT_FOUND;
    if (category[0] != '\0')
        TRY(categories_by_code(db, arena, category, &own));
    *ret_workdays = own.workdays != 0 && own.workdays < found->workdays ? own.workdays
                                                                        : found->workdays;
    return OK;
}
