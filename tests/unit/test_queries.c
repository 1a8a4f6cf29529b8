#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/query.h"
#include "store/store_internal.h"
#include "support/store_fixture.h"

/*
 * Suite of sql/: every statement against the migrated schema, and the schema
 * against tests/golden/schema.sql.
 */

static struct store_fixture fx;
static struct db *reader, *writer;

static void
open_store(void)
{
    store_fixture_open(&fx);
    ck_assert_int_eq(db_open(fx.store, DB_READER, &reader), OK);
    ck_assert_int_eq(db_open(fx.store, DB_WRITER, &writer), OK);
}

static void
close_store(void)
{
    db_close(reader);
    db_close(writer);
    store_fixture_close(&fx);
}

START_TEST(every_statement_prepares_where_it_runs)
{
    for (int i = 0; i < QUERY_COUNT; i++) {
        const struct query_text *text = &query_texts[i];

        /* A read may also be asked by a job. */
        const struct stmt *on_writer = query(writer, (enum query)i);

        ck_assert_msg(on_writer->error == OK, "%s: %s: %s", text->file, text->name,
                      writer->failure.message);
        if (text->is_write)
            continue;
        const struct stmt *on_reader = query(reader, (enum query)i);

        ck_assert_msg(on_reader->error == OK, "%s: %s: %s", text->file, text->name,
                      reader->failure.message);
    }
}
END_TEST

START_TEST(every_statement_is_what_its_access_says)
{
    for (int i = 0; i < QUERY_COUNT; i++) {
        const struct query_text *text = &query_texts[i];
        sqlite3_stmt *handle = query(writer, (enum query)i)->handle;

        ck_assert_msg(handle != NULL && sqlite3_stmt_readonly(handle) == !text->is_write,
                      "%s: %s is tagged %s", text->file, text->name,
                      text->is_write ? "write" : "read");
        /* BEGIN, COMMIT and PRAGMA are the store's own business. */
        ck_assert_msg(strncmp(text->sql, "SELECT", 6) == 0 ||
                          strncmp(text->sql, "WITH", 4) == 0 ||
                          strncmp(text->sql, "INSERT", 6) == 0 ||
                          strncmp(text->sql, "UPDATE", 6) == 0 ||
                          strncmp(text->sql, "DELETE", 6) == 0,
                      "%s: %s begins with another word", text->file, text->name);
    }
}
END_TEST

START_TEST(every_parameter_has_a_name)
{
    for (int i = 0; i < QUERY_COUNT; i++) {
        const struct stmt *stmt = query(writer, (enum query)i);

        for (int j = 0; j < stmt->parameter_count; j++) {
            const char *parameter = sqlite3_bind_parameter_name(stmt->handle, j + 1);

            ck_assert_msg(parameter != NULL && parameter[0] == ':', "%s: %s",
                          query_texts[i].file, query_texts[i].name);
        }
    }
}
END_TEST

/* Does this line of a plan read a whole table or index? */
static bool
is_scan(const char *detail)
{
    return strncmp(detail, "SCAN ", 5) == 0 && strcmp(detail, "SCAN CONSTANT ROW") != 0 &&
           strstr(detail, "VIRTUAL TABLE INDEX") == NULL;
}

/*
 * The scans of a plan, one a line; true when there are any.
 *
 * An INSERT's plan also shows how rows that waited for the new one would be
 * found.  As no foreign key of ours is deferred, none can wait and that part
 * never runs; without foreign keys it is not in the plan.
 */
static bool
find_scans(const char *sql, char *scans, size_t room)
{
    sqlite3_stmt *plan = NULL;
    char *explain = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
    size_t used = 0;
    int has_keys = strncmp(sql, "INSERT", 6) != 0;

    scans[0] = '\0';
    ck_assert_int_eq(
        sqlite3_db_config(reader->handle, SQLITE_DBCONFIG_ENABLE_FKEY, has_keys, NULL),
        SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(reader->handle, explain, -1, &plan, NULL),
                     SQLITE_OK);
    while (sqlite3_step(plan) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(plan, 3);

        if (is_scan(detail) && used < room)
            used += (size_t)snprintf(scans + used, room - used, "    %s\n", detail);
    }
    ck_assert_int_eq(sqlite3_finalize(plan), SQLITE_OK);
    sqlite3_free(explain);
    return used > 0;
}

START_TEST(a_statement_scans_only_when_it_says_why)
{
    char scans[1000];
    int wrong = 0;

    for (int i = 0; i < QUERY_COUNT; i++) {
        const struct query_text *text = &query_texts[i];
        bool has_scan = find_scans(text->sql, scans, sizeof scans);

        if (has_scan == (text->scan_reason != NULL))
            continue;
        wrong++;
        (void)fprintf(stderr, "%s: %s %s\n%s", text->file, text->name,
                      has_scan ? "scans:" : "is tagged scan and does not", scans);
    }
    ck_assert_int_eq(wrong, 0);
}
END_TEST

/* --- The schema -------------------------------------------------------- */

#define GOLDEN "tests/golden/schema.sql"

/* Everything in the schema as SQL, tables with what belongs to them. */
static char *
schema_text(void)
{
    sqlite3_stmt *stmt = NULL;
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);

    ck_assert_ptr_nonnull(out);
    ck_assert_int_eq(
        sqlite3_prepare_v2(reader->handle,
                           "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"
                           " ORDER BY tbl_name, type <> 'table', type, name",
                           -1, &stmt, NULL),
        SQLITE_OK);
    (void)fputs("-- The schema after the last step; UPDATE_GOLDEN=1 make test T=queries"
                " writes it.\n",
                out);
    while (sqlite3_step(stmt) == SQLITE_ROW)
        (void)fprintf(out, "\n%s;\n", (const char *)sqlite3_column_text(stmt, 0));
    ck_assert_int_eq(sqlite3_finalize(stmt), SQLITE_OK);
    ck_assert_int_eq(fclose(out), 0);
    return text;
}

START_TEST(the_schema_is_the_golden_one)
{
    char *now = schema_text();
    const char *update = getenv("UPDATE_GOLDEN");

    if (update != NULL && strcmp(update, "1") == 0) {
        FILE *out = fopen(GOLDEN, "w");

        ck_assert_ptr_nonnull(out);
        (void)fputs(now, out);
        ck_assert_int_eq(fclose(out), 0);
    }
    FILE *in = fopen(GOLDEN, "r");

    ck_assert_msg(in != NULL, GOLDEN " is missing");
    size_t room = strlen(now) + 1;
    char *golden = calloc(1, room + 1);

    ck_assert_ptr_nonnull(golden);
    size_t bytes = fread(golden, 1, room, in);

    (void)fclose(in); /* read only, nothing to lose */
    ck_assert_msg(bytes == strlen(now) && memcmp(golden, now, bytes) == 0,
                  "the schema differs from " GOLDEN ": look at the difference after"
                  " UPDATE_GOLDEN=1 make test T=queries");
    free(golden);
    free(now);
}
END_TEST

START_TEST(every_table_is_strict)
{
    int64_t loose = -1;

    ck_assert_int_eq(db_number(reader,
                               "SELECT count(*) FROM pragma_table_list"
                               " WHERE schema = 'main' AND type = 'table' AND strict = 0"
                               " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
                               &loose),
                     OK);
    ck_assert_int_eq(loose, 0);
}
END_TEST

START_TEST(no_foreign_key_is_deferred)
{
    int64_t deferred = -1;

    ck_assert_int_eq(
        db_number(reader, "SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%DEFERR%'",
                  &deferred),
        OK);
    ck_assert_int_eq(deferred, 0);
}
END_TEST

/* An append-only table without all three triggers is open to whoever has the file. */
START_TEST(every_append_only_table_has_its_three_triggers)
{
    for (const char *const *name = append_only_tables; *name != NULL; name++) {
        char *sql =
            sqlite3_mprintf("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"
                            " AND tbl_name = %Q AND (sql LIKE '%%BEFORE UPDATE%%'"
                            " OR sql LIKE '%%BEFORE DELETE%%'"
                            " OR sql LIKE '%%BEFORE INSERT%%')",
                            *name);
        int64_t count = 0;

        ck_assert_int_eq(db_number(reader, sql, &count), OK);
        ck_assert_int_eq(count, 3);
        sqlite3_free(sql);
    }
}
END_TEST

Suite *
suite_queries(void)
{
    Suite *suite = suite_create("queries");
    TCase *cases = tcase_create("queries");

    tcase_add_checked_fixture(cases, open_store, close_store);
    tcase_add_test(cases, every_statement_prepares_where_it_runs);
    tcase_add_test(cases, every_statement_is_what_its_access_says);
    tcase_add_test(cases, every_parameter_has_a_name);
    tcase_add_test(cases, a_statement_scans_only_when_it_says_why);
    tcase_add_test(cases, the_schema_is_the_golden_one);
    tcase_add_test(cases, every_table_is_strict);
    tcase_add_test(cases, no_foreign_key_is_deferred);
    tcase_add_test(cases, every_append_only_table_has_its_three_triggers);
    suite_add_tcase(suite, cases);
    return suite;
}
