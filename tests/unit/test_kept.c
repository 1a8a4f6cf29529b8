#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "store/kept.h"
#include "store/reader.h"
#include "store/store_internal.h"
#include "store/ticket_lists.h"
#include "support/county.h"
#include "support/office.h"

/*
 * test_kept.c - what is kept of a ticket is what the reader's snapshot has.
 */

#define TEXT "the text"
#define WATCHED_LEAST 10 /* tables with rows in the made-up county */

static struct office office;
static struct reader_pool *pool;

static void
set_up(void)
{
    office_open(&office);
    county_fill(&office.fixture);
    ck_assert_int_eq(reader_pool_open(office.fixture.store, 2, &pool), OK);
}

static void
tear_down(void)
{
    reader_pool_close(pool);
    office_close(&office);
}

static struct kept_key
line_of(int64_t ticket_id)
{
    return (struct kept_key){ KEPT_LINE, ticket_id, 1 };
}

static void
keep(int64_t ticket_id)
{
    struct kept_key key = line_of(ticket_id);
    struct reader *reader;

    ck_assert_int_eq(reader_acquire(pool, 60000, &reader), OK);
    kept_put(reader, &key, TEXT, sizeof TEXT);
    reader_release(pool, reader);
}

static bool
is_kept_as(const struct kept_key *key)
{
    struct reader *reader;
    size_t bytes = 0;

    ck_assert_int_eq(reader_acquire(pool, 60000, &reader), OK);
    const char *text = kept_find(reader, key, &bytes);
    bool is_found = text != NULL;

    if (is_found)
        ck_assert_mem_eq(text, TEXT, sizeof TEXT);
    reader_release(pool, reader);
    return is_found;
}

static bool
is_kept(int64_t ticket_id)
{
    struct kept_key key = line_of(ticket_id);

    return is_kept_as(&key);
}

START_TEST(nothing_is_found_that_was_not_kept_under_the_same_key)
{
    struct kept_key other = line_of(3);

    ck_assert(!is_kept(3));
    keep(3);
    ck_assert(is_kept(3));
    other.edition = 2;
    ck_assert(!is_kept_as(&other));
    other = line_of(3 + 2048); /* the same place */
    ck_assert(!is_kept_as(&other));
    other = line_of(3);
    other.kind = KEPT_TEXTS;
    ck_assert(!is_kept_as(&other));
    keep(3 + 2048);
    ck_assert(!is_kept(3));
}
END_TEST

/* --- Every row of a ticket is watched ------------------------------------------------ */

struct table {
    char name[64];
    int64_t ticket_id;
};

/* Of each table with a ticket in it, one that has a row there. */
static size_t
find_tables(struct table tables[], size_t room)
{
    struct db *db;
    sqlite3_stmt *stmt = NULL;
    size_t count = 0;

    ck_assert_int_eq(db_open(office.fixture.store, DB_READER, &db), OK);
    ck_assert_int_eq(db_prepare(db,
                                "SELECT m.name FROM sqlite_schema AS m,"
                                " pragma_table_info(m.name) AS c WHERE m.type = 'table'"
                                " AND m.name NOT LIKE 'import%' AND c.name = 'ticket_id'",
                                &stmt),
                     OK);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        struct table table = { .ticket_id = 0 };
        char sql[400];

        (void)snprintf(table.name, sizeof table.name, "%s", sqlite3_column_text(stmt, 0));
        bool is_append_only = false;
        for (size_t i = 0; append_only_tables[i] != NULL; i++)
            is_append_only |= strcmp(append_only_tables[i], table.name) == 0;
        (void)snprintf(sql, sizeof sql,
                       "SELECT coalesce(max(ticket_id), 0) FROM \"%.63s\"", table.name);
        ck_assert_int_eq(db_number(db, sql, &table.ticket_id), OK);
        if (table.ticket_id == 0 || is_append_only)
            continue;
        ck_assert_uint_lt(count, room);
        tables[count++] = table;
    }
    (void)sqlite3_finalize(stmt);
    db_close(db);
    return count;
}

START_TEST(a_change_of_any_row_of_a_ticket_is_noted)
{
    static struct table tables[64];
    size_t count = find_tables(tables, 64);

    ck_assert_uint_ge(count, WATCHED_LEAST);
    for (size_t i = 0; i < count; i++) {
        int64_t id = tables[i].ticket_id, neighbour = id == 1 ? 2 : id - 1;
        char sql[400];

        keep(id);
        keep(neighbour);
        (void)snprintf(
            sql, sizeof sql,
            "UPDATE \"%.63s\" SET ticket_id = ticket_id WHERE ticket_id = %lld;"
            /* SQLite commits nothing when every byte is as it was. */
            "INSERT INTO setting VALUES ('change %zu', '')",
            tables[i].name, (long long)id, i);
        ck_assert_int_eq(store_fixture_write(&office.fixture, sql), OK);
        ck_assert_msg(!is_kept(id), "%s", tables[i].name);
        ck_assert_msg(is_kept(neighbour), "%s", tables[i].name);
    }
}
END_TEST

START_TEST(a_changed_ticket_and_its_text_are_noted)
{
    static const char *const changes[] = {
        "UPDATE ticket SET version = version + 1 WHERE id = 5",
        "UPDATE ticket_text SET title = title || '.' WHERE ticket_id = 5",
        "UPDATE user SET name = name || '.' WHERE id = 1",
        "UPDATE unit SET name = name || '.' WHERE id = 1",
        "UPDATE category SET name = name || '.'",
        "UPDATE area SET name = name || '.'",
    };

    ck_assert_int_eq(store_fixture_write(&office.fixture,
                                         "INSERT INTO category (code, level, name)"
                                         " VALUES ('kept', 1, 'a category');"
                                         "INSERT INTO area (code, name)"
                                         " VALUES ('kept', 'an area')"),
                     OK);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        keep(5);
        ck_assert_int_eq(store_fixture_write(&office.fixture, changes[i]), OK);
        ck_assert_msg(!is_kept(5), "%s", changes[i]);
    }
}
END_TEST

START_TEST(what_was_undone_can_be_kept_again)
{
    keep(5);
    ck_assert_int_ne(store_fixture_write(&office.fixture,
                                         "UPDATE ticket SET version = 77 WHERE id = 5;"
                                         "UPDATE ticket SET state = 'no state'"),
                     OK);
    keep(5);
    ck_assert(is_kept(5));
    ck_assert_int_eq(store_fixture_note(&office.fixture, "another"), OK);
    ck_assert(is_kept(5)); /* nothing of it has changed */
}
END_TEST

START_TEST(nothing_is_kept_of_rows_that_an_older_snapshot_may_lack)
{
    struct kept_key key = line_of(5);
    struct reader *old;
    size_t bytes;

    keep(5);
    ck_assert_int_eq(reader_acquire(pool, 60000, &old), OK);
    ck_assert_int_eq(
        store_fixture_write(&office.fixture,
                            "UPDATE ticket SET version = version + 1 WHERE id = 5"),
        OK);
    ck_assert_ptr_null(kept_find(old, &key, &bytes));
    kept_put(old, &key, TEXT, sizeof TEXT);
    ck_assert_ptr_null(kept_find(old, &key, &bytes));
    reader_release(pool, old);
    ck_assert(!is_kept(5)); /* the last one back is the first one out */
}
END_TEST

/* --- What is kept is made of watched tables only ----------------------------------------- */

/* Statements whose rows are kept, and what they may read beside tables of a ticket. */
static const struct {
    enum query query;
    const char *tables[5];
} kept_queries[] = {
    { Q_TICKET_LINE, { NULL } },
    { Q_TICKET_BY_NO, { NULL } },
    { Q_ASSIGNMENTS_BY_TICKET, { NULL } },
    { Q_LEAD_SIGN_OFF, { "unit" } },
    { Q_EXTENSION_PENDING, { NULL } },
    { Q_RETURN_PENDING, { NULL } },
    { Q_REPLY_PRESENT, { NULL } },
    { Q_SUBMISSIONS_OF_TICKET, { NULL } },
    { Q_SUPERVISIONS_OPEN, { NULL } },
    { Q_PROMISES_OPEN, { NULL } },
    { Q_CALLBACK_HALF_DAYS, { NULL } },
    { Q_TICKET_TEXT_BY_TICKET, { NULL } },
    { Q_PETITIONERS_BY_TICKET, { NULL } },
    { Q_TICKET_NAMES, { "user", "category", "area" } },
    { Q_TICKET_UNSEEN, { NULL } },
    { Q_SESSION_BY_TOKEN, { "session", "user", "unit" } },
};

struct reading {
    const char *const *allowed;
    char strange[64]; /* a table that is neither; empty: none */
};

static bool
has_ticket(const char *table)
{
    static const char *const tables[] = {
        "ticket",      "ticket_text", "petitioner", "assignment",     "urge",
        "supervision", "outbox",      "submission", "return_request", "extension",
        "promise",     "callback",    "reply",
    };

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (strcmp(tables[i], table) == 0)
            return true;
    return false;
}

static int
note_read(void *context, int action, const char *table, const char *column,
          const char *schema, const char *trigger)
{
    struct reading *reading = context;
    bool is_known = action != SQLITE_READ || has_ticket(table);

    (void)column;
    (void)schema;
    (void)trigger;
    for (size_t i = 0; !is_known && i < 5 && reading->allowed[i] != NULL; i++)
        is_known = strcmp(table, reading->allowed[i]) == 0;
    if (!is_known)
        (void)snprintf(reading->strange, sizeof reading->strange, "%s", table);
    return SQLITE_OK;
}

START_TEST(what_is_kept_is_made_of_watched_tables)
{
    struct reading reading = { NULL, "" };
    struct db *db;

    ck_assert_int_eq(db_open(office.fixture.store, DB_READER, &db), OK);
    (void)sqlite3_set_authorizer(db->handle, note_read, &reading);
    for (size_t i = 0; i < sizeof kept_queries / sizeof *kept_queries; i++) {
        const struct query_text *text = &query_texts[kept_queries[i].query];
        sqlite3_stmt *stmt = NULL;

        reading.allowed = kept_queries[i].tables;
        ck_assert_int_eq(db_prepare(db, text->sql, &stmt), OK);
        ck_assert_msg(reading.strange[0] == '\0', "%s reads %s", text->name,
                      reading.strange);
        (void)sqlite3_finalize(stmt);
    }
    db_close(db);
}
END_TEST

/* --- Beside a writer ----------------------------------------------------------------------- */

#define RACE_TICKETS 8
#define RACE_WRITES 400

static atomic_bool is_over;
static atomic_int hits, misses;

static void
take_version(void *context, const struct ticket_line *line)
{
    *(int64_t *)context = line->version;
}

/* Looks at the same tickets over and over, by both ways. */
static void *
read_beside(void *context)
{
    (void)context;
    while (!atomic_load(&is_over)) {
        struct reader *reader;

        ck_assert_int_eq(reader_acquire(pool, 60000, &reader), OK);
        for (int64_t id = 1; id <= RACE_TICKETS; id++) {
            struct kept_key key = line_of(id);
            int64_t version, kept_version;
            size_t bytes;

            ck_assert_int_eq(ticket_lists_line(reader->db, id, take_version, &version),
                             OK);
            const void *kept = kept_find(reader, &key, &bytes);
            if (kept != NULL) {
                memcpy(&kept_version, kept, sizeof kept_version);
                ck_assert_int_eq(kept_version, version);
            }
            atomic_fetch_add(kept != NULL ? &hits : &misses, 1);
            kept_put(reader, &key, &version, sizeof version);
        }
        reader_release(pool, reader);
    }
    return NULL;
}

START_TEST(a_reader_beside_the_writer_never_finds_another_version)
{
    pthread_t threads[2];

    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, read_beside, NULL), 0);
    for (int i = 0; i < RACE_WRITES; i++) {
        char sql[100];

        (void)snprintf(sql, sizeof sql,
                       "UPDATE ticket SET version = version + 1 WHERE id = %d",
                       1 + i % RACE_TICKETS);
        ck_assert_int_eq(store_fixture_write(&office.fixture, sql), OK);
    }
    while (atomic_load(&hits) == 0 || atomic_load(&misses) == 0)
        ck_assert_int_eq(
            store_fixture_write(&office.fixture,
                                "UPDATE ticket SET version = version + 1 WHERE id = 1"),
            OK);
    atomic_store(&is_over, true);
    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
}
END_TEST

Suite *
suite_kept(void)
{
    Suite *suite = suite_create("kept");
    TCase *kept = tcase_create("kept");

    tcase_add_checked_fixture(kept, set_up, tear_down);
    tcase_add_test(kept, nothing_is_found_that_was_not_kept_under_the_same_key);
    tcase_add_test(kept, a_change_of_any_row_of_a_ticket_is_noted);
    tcase_add_test(kept, a_changed_ticket_and_its_text_are_noted);
    tcase_add_test(kept, what_was_undone_can_be_kept_again);
    tcase_add_test(kept, nothing_is_kept_of_rows_that_an_older_snapshot_may_lack);
    tcase_add_test(kept, what_is_kept_is_made_of_watched_tables);
    tcase_add_test(kept, a_reader_beside_the_writer_never_finds_another_version);
    suite_add_tcase(suite, kept);
    return suite;
}
