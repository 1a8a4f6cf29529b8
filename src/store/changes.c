/* Declared by SQLite only to who asks for it; Debian's library has it. */
#define SQLITE_ENABLE_PREUPDATE_HOOK 1

#include <stdlib.h>
#include <string.h>

#include "store/store.h"
#include "store_internal.h"

/*
 * changes.c - since which commit the rows of a ticket are as they are.
 *
 * 1. The database itself tells: SQLite calls note_row() before the writer changes
 *    a row, whatever statement, trigger or foreign key it is for.
 * 2. A mark is UNDER_WAY from before its first row is written until after the
 *    commit or rollback; then it is the number of a commit, no row having changed
 *    since.  So a snapshot begun when that commit was counted has just these rows
 *    as long as the mark, asked for inside it, is the same.
 * 3. Tickets share marks by the remainder of their ids: a neighbour's change is
 *    taken for one's own, never the other way round.
 * 4. What is told beside a ticket (names of users, units, categories and areas, a
 *    unit's way of signing off) has one mark for all, as have sessions.
 */

#define TICKETS 65536
#define UNDER_WAY INT64_MAX

enum { MARK_OFFICE = TICKETS, MARK_SESSIONS, MARK_COUNT };

/* Of a table of whose rows each belongs to a ticket. */
struct ticket_table {
    char name[48];
    int column; /* where the ticket's id stands; -1: it is the row's own */
};

#define TICKET_TABLES_MAX 64

struct changes {
    atomic_llong marks[MARK_COUNT];
    /* The writer's own. */
    uint32_t noted[MARK_COUNT]; /* those under way */
    size_t noted_count;
    struct ticket_table tables[TICKET_TABLES_MAX];
    size_t table_count;
};

static const char *const office_tables[] = { "area", "category", "unit", "user" };

struct changes *
changes_new(void)
{
    return calloc(1, sizeof(struct changes));
}

void
changes_free(struct changes *changes)
{
    free(changes);
}

static void
note(struct changes *changes, uint32_t mark)
{
    if (atomic_load_explicit(&changes->marks[mark], memory_order_relaxed) == UNDER_WAY)
        return;
    atomic_store(&changes->marks[mark], UNDER_WAY);
    changes->noted[changes->noted_count++] = mark; /* each stands there once */
}

static uint32_t
mark_of_ticket(int64_t ticket_id)
{
    return (uint32_t)((uint64_t)ticket_id % TICKETS);
}

static const struct ticket_table *
find_table(const struct changes *changes, const char *name)
{
    for (size_t i = 0; i < changes->table_count; i++)
        if (strcmp(changes->tables[i].name, name) == 0)
            return &changes->tables[i];
    return NULL;
}

static void
note_value(struct changes *changes, sqlite3_value *value)
{
    note(changes, mark_of_ticket(sqlite3_value_int64(value)));
}

/* The row as it was and as it will be; what cannot be read belongs to any ticket. */
static void
note_ticket(struct changes *changes, sqlite3 *handle, int op, int column)
{
    sqlite3_value *value = NULL;
    bool is_read = true;

    if (op != SQLITE_INSERT) {
        is_read = sqlite3_preupdate_old(handle, column, &value) == SQLITE_OK;
        if (is_read)
            note_value(changes, value);
    }
    if (is_read && op != SQLITE_DELETE) {
        is_read = sqlite3_preupdate_new(handle, column, &value) == SQLITE_OK;
        if (is_read)
            note_value(changes, value);
    }
    for (uint32_t mark = 0; !is_read && mark < TICKETS; mark++)
        note(changes, mark);
}

static void
note_row(void *context, sqlite3 *handle, int op, const char *schema, const char *name,
         sqlite3_int64 old_row, sqlite3_int64 new_row)
{
    struct changes *changes = context;
    const struct ticket_table *table = find_table(changes, name);

    (void)schema;
    if (table != NULL && table->column >= 0) {
        note_ticket(changes, handle, op, table->column);
        return;
    }
    if (table != NULL) {
        if (op != SQLITE_INSERT)
            note(changes, mark_of_ticket(old_row));
        if (op != SQLITE_DELETE)
            note(changes, mark_of_ticket(new_row));
        return;
    }
    if (strcmp(name, "session") == 0)
        note(changes, MARK_SESSIONS);
    for (size_t i = 0; i < sizeof office_tables / sizeof *office_tables; i++)
        if (strcmp(name, office_tables[i]) == 0)
            note(changes, MARK_OFFICE);
}

enum err
changes_watch(struct db *db)
{
    struct changes *changes = db->store->changes;
    sqlite3_stmt *stmt = NULL;
    int code;

    /* Of these two the ticket's id is the row's own; an import's are not tickets yet. */
    TRY(db_prepare(db,
                   "SELECT m.name, iif(m.name IN ('ticket', 'ticket_text'), -1, c.cid)"
                   " FROM sqlite_schema AS m, pragma_table_info(m.name) AS c"
                   " WHERE m.type = 'table' AND m.name NOT LIKE 'import%'"
                   " AND c.name = iif(m.name = 'ticket', 'id', 'ticket_id')",
                   &stmt));
    changes->table_count = 0;
    while ((code = sqlite3_step(stmt)) == SQLITE_ROW &&
           changes->table_count < TICKET_TABLES_MAX) {
        struct ticket_table *table = &changes->tables[changes->table_count++];
        const char *name = (const char *)sqlite3_column_text(stmt, 0);

        if (name == NULL || strlen(name) >= sizeof table->name) {
            code = SQLITE_TOOBIG;
            break;
        }
        memcpy(table->name, name, strlen(name) + 1);
        table->column = sqlite3_column_int(stmt, 1);
    }
    (void)sqlite3_finalize(stmt); /* repeats the last step's error */
    if (code != SQLITE_DONE)
        return db_failed(db, "changes", code);
    (void)sqlite3_preupdate_hook(db->handle, note_row,
                                 changes); /* the hook before: none */
    return OK;
}

void
changes_settle(struct store *store)
{
    struct changes *changes = store->changes;
    int64_t commits = store_commits(store);

    for (size_t i = 0; i < changes->noted_count; i++)
        atomic_store(&changes->marks[changes->noted[i]], commits);
    changes->noted_count = 0;
}

struct changes_mark
changes_of_ticket(const struct store *store, int64_t ticket_id)
{
    return (struct changes_mark){
        .ticket = atomic_load(&store->changes->marks[mark_of_ticket(ticket_id)]),
        .office = atomic_load(&store->changes->marks[MARK_OFFICE]),
    };
}

struct changes_mark
changes_of_people(const struct store *store)
{
    return (struct changes_mark){
        .ticket = atomic_load(&store->changes->marks[MARK_SESSIONS]),
        .office = atomic_load(&store->changes->marks[MARK_OFFICE]),
    };
}
