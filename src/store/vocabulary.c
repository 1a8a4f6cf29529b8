#include "store/vocabulary.h"

#include <string.h>

#include "store/query.h"

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

enum err
categories_all(struct db *db, struct arena *arena, struct category **ret_categories,
               size_t *ret_count)
{
    struct stmt *q = query(db, Q_CATEGORY_LIST);
    struct category *categories = NULL;
    size_t count = 0;
    bool has_row = false;

    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row)
            break;
        categories = grow(arena, categories, count, sizeof *categories);
        if (categories == NULL) {
            query_end(q);
            return ERR_NO_MEMORY;
        }
        struct category *category = &categories[count++];
        category->code = row_text_copy(q, arena);
        category->parent = row_text_copy(q, arena);
        category->level = (int)row_int(q);
        category->name = row_text_copy(q, arena);
        category->is_enabled = row_int(q) != 0;
    }
    *ret_categories = categories;
    *ret_count = count;
    return OK;
}

enum err
areas_all(struct db *db, struct arena *arena, struct area **ret_areas, size_t *ret_count)
{
    struct stmt *q = query(db, Q_AREA_LIST);
    struct area *areas = NULL;
    size_t count = 0;
    bool has_row = false;

    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row)
            break;
        areas = grow(arena, areas, count, sizeof *areas);
        if (areas == NULL) {
            query_end(q);
            return ERR_NO_MEMORY;
        }
        struct area *area = &areas[count++];
        area->code = row_text_copy(q, arena);
        area->parent = row_text_copy(q, arena);
        area->name = row_text_copy(q, arena);
    }
    *ret_areas = areas;
    *ret_count = count;
    return OK;
}

enum err
areas_check(struct db *db, const char *code)
{
    struct stmt *q = query(db, Q_AREA_EXISTS);

    bind_text(q, ":code", code);
    TRY(query_one(q));
    query_end(q);
    return OK;
}
