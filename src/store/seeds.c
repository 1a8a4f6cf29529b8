/*
 * seeds.c - see the header.
 */
#include "store/seeds.h"

#include "store/query.h"
#include "store/writer.h"

enum err
seeds_category(struct txn *txn, const struct category *category)
{
    struct stmt *stmt = query(txn->db, Q_SEED_CATEGORY_INSERT);

    bind_text(stmt, ":code", category->code);
    bind_text(stmt, ":parent", category->parent);
    bind_int(stmt, ":level", category->level);
    bind_text(stmt, ":name", category->name);
    return query_run(stmt, NULL);
}

enum err
seeds_area(struct txn *txn, const struct area *area)
{
    struct stmt *stmt = query(txn->db, Q_SEED_AREA_INSERT);

    bind_text(stmt, ":code", area->code);
    bind_text(stmt, ":parent", area->parent);
    bind_text(stmt, ":name", area->name);
    return query_run(stmt, NULL);
}
