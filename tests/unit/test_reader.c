#include <check.h>
#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "store/query.h"
#include "store/reader.h"
#include "store/store_internal.h"
#include "support/store_fixture.h"

/* Suite of src/store/reader.c and query.c. */

static struct store_fixture fx;
static struct reader_pool *pool;
static struct reader *reader;

static void
open_pool(void)
{
    store_fixture_open(&fx);
    ck_assert_int_eq(reader_pool_open(fx.store, 2, &pool), OK);
    ck_assert_int_eq(reader_acquire(pool, 0, &reader), OK);
}

static void
close_pool(void)
{
    reader_release(pool, reader);
    reader_pool_close(pool);
    store_fixture_close(&fx);
}

static int64_t
notes_seen(struct reader *by)
{
    int64_t count = -1;

    ck_assert_int_eq(db_number(by->db, "SELECT count(*) FROM setting", &count), OK);
    return count;
}

/* --- Snapshots --------------------------------------------------------- */

START_TEST(a_read_that_begins_after_an_acknowledged_write_sees_it)
{
    struct reader *later = NULL;

    for (int i = 1; i <= 50; i++) {
        ck_assert_int_eq(store_fixture_write(
                             &fx, "INSERT INTO setting VALUES (hex(randomblob(16)), '')"),
                         OK);
        ck_assert_int_eq(reader_acquire(pool, 0, &later), OK);
        ck_assert_int_eq(notes_seen(later), i);
        reader_release(pool, later);
    }
}
END_TEST

START_TEST(the_snapshot_is_fixed_when_the_reader_is_acquired)
{
    ck_assert_int_eq(store_fixture_note(&fx, "later"), OK);
    ck_assert_int_eq(notes_seen(reader), 0);
    reader_release(pool, reader);
    ck_assert_int_eq(reader_acquire(pool, 0, &reader), OK);
    ck_assert_int_eq(notes_seen(reader), 1);
}
END_TEST

START_TEST(a_reader_cannot_write)
{
    static const char *const forbidden[] = {
        "INSERT INTO setting VALUES ('x', '')",
        "CREATE TABLE other (id)",
        "PRAGMA user_version = 7",
        "ATTACH ':memory:' AS other",
    };

    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        ck_assert_msg(db_execute(reader->db, forbidden[i]) == ERR_STORE, "%s",
                      forbidden[i]);
    ck_assert_int_eq(db_execute(reader->db, "PRAGMA query_only = OFF"), OK);
    ck_assert_int_eq(db_execute(reader->db, forbidden[0]),
                     ERR_STORE); /* it is open read-only */
    ck_assert_int_eq(db_execute(reader->db, "PRAGMA query_only = ON"), OK);
}
END_TEST

START_TEST(a_query_past_its_deadline_ends)
{
    int64_t number = 0;

    reader_release(pool, reader);
    ck_assert_int_eq(reader_acquire(pool, 20, &reader), OK);
    ck_assert_int_eq(
        db_number(reader->db,
                  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                  " SELECT count(*) FROM n",
                  &number),
        ERR_DEADLINE);
    reader_release(pool, reader);
    ck_assert_int_eq(reader_acquire(pool, 0, &reader), OK);
    ck_assert_int_eq(notes_seen(reader), 0); /* and the next one has its own */
}
END_TEST

START_TEST(release_resets_what_a_handler_left_open)
{
    bool has_row = false;
    struct stmt *q = query(reader->db, Q_RULEBOOK_CHANNELS);

    ck_assert_int_eq(query_next(q, &has_row), OK);
    ck_assert(has_row);
    struct db *db = reader->db;

    reader_release(pool, reader);
    ck_assert_ptr_null(db->active);
    ck_assert_int_eq(sqlite3_txn_state(db->handle, NULL), SQLITE_TXN_NONE);

    /* Nothing pins the log; the store's own checkpointer may be at it just now. */
    int64_t until_ms = time_monotonic_ms() + 10000;
    struct db *other = NULL;
    enum err error = OK;

    ck_assert_int_eq(store_fixture_note(&fx, "one"), OK);
    ck_assert_int_eq(db_open(fx.store, DB_SETUP, &other), OK);
    do
        error = db_checkpoint_truncate(other);
    while (error == ERR_BUSY && time_monotonic_ms() < until_ms);
    ck_assert_int_eq(error, OK);
    db_close(other);
    ck_assert_int_eq(reader_acquire(pool, 0, &reader), OK);
}
END_TEST

START_TEST(no_reader_free_until_the_deadline_is_busy)
{
    struct reader *second = NULL, *third = NULL;

    ck_assert_int_eq(reader_acquire(pool, 0, &second), OK);
    ck_assert_int_eq(reader_acquire(pool, 5, &third), ERR_BUSY);
    ck_assert_ptr_null(third);
    reader_release(pool, second);
    ck_assert_int_eq(reader_acquire(pool, 5, &third), OK);
    reader_release(pool, third);
    reader_release(pool, NULL);
}
END_TEST

static void *
read_many(void *context)
{
    (void)context;
    for (int i = 0; i < 100; i++) {
        struct reader *mine = NULL;

        if (reader_acquire(pool, 60000, &mine) != OK)
            return &fx;
        int64_t before = notes_seen(mine);

        if (notes_seen(mine) != before)
            return &fx;
        reader_release(pool, mine);
    }
    return NULL;
}

START_TEST(many_threads_share_few_readers_while_somebody_writes)
{
    pthread_t threads[4];
    void *result = NULL;

    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, read_many, NULL), 0);
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(store_fixture_write(
                             &fx, "INSERT INTO setting VALUES (hex(randomblob(16)), '')"),
                         OK);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(pthread_join(threads[i], &result), 0);
        ck_assert_ptr_null(result);
    }
}
END_TEST

/* --- Queries ----------------------------------------------------------- */

static enum err
save_key(struct db *db, const char *key, const char *result)
{
    struct stmt *q = query(db, Q_IDEMPOTENCY_SAVE);

    bind_text(q, ":result", result); /* in another order than the text's */
    bind_int(q, ":at", 17);
    bind_text(q, ":actor", "user:1");
    bind_blob(q, ":body_hash", "\1\0\2", 3);
    bind_text(q, ":key", key);
    int64_t changes = 0;

    TRY(query_run(q, &changes));
    return changes == 1 ? OK : ERR_INTERNAL;
}

static enum err
find_key(struct db *db, const char *key)
{
    struct stmt *q = query(db, Q_IDEMPOTENCY_FIND);

    bind_text(q, ":actor", "user:1");
    bind_text(q, ":key", key);
    return query_one(q);
}

static enum err
save_and_look(struct txn *txn, struct job *job)
{
    struct db *db = txn->db;
    struct stmt *q = &db->stmts[Q_IDEMPOTENCY_FIND];
    char cut[3];
    size_t bytes = 0;

    (void)job;
    TRY(save_key(db, "a", "工单"));
    TRY(save_key(db, "b", ""));
    ck_assert_int_eq(find_key(db, "none"), ERR_NOT_FOUND);
    ck_assert_ptr_null(db->active);

    TRY(find_key(db, "a"));
    const void *hash = row_blob(q, &bytes);

    ck_assert_uint_eq(bytes, 3);
    ck_assert_mem_eq(hash, "\1\0\2", 3);
    ck_assert(!row_is_null(q));
    ck_assert_int_eq(row_int(q), 17);
    row_copy(q, cut, sizeof cut);
    ck_assert_str_eq(cut, ""); /* never half a character */
    query_end(q);

    TRY(find_key(db, "a"));
    row_skip(q);
    row_skip(q);
    ck_assert_str_eq(row_text_copy(q, txn->arena), "工单");
    query_end(q);
    query_end(q);    /* harmless */
    query_end(NULL); /* the same */
    return OK;
}

START_TEST(parameters_are_bound_by_name_and_columns_read_in_order)
{
    struct job job = { .name = "look", .run = save_and_look };

    ck_assert_int_eq(writer_run(fx.writer, &job), OK);
}
END_TEST

static enum err
look_bound_and_unbound(struct txn *txn, struct job *job)
{
    (void)job;
    TRY(save_key(txn->db, "a", ""));
    TRY(find_key(txn->db, "a"));
    struct stmt *q = query(txn->db, Q_IDEMPOTENCY_FIND);

    ck_assert_int_eq(query_one(q), ERR_NOT_FOUND); /* NULL equals nothing */
    ck_assert_ptr_eq(q, query(txn->db, Q_IDEMPOTENCY_FIND));
    return OK;
}

START_TEST(a_statement_handed_out_again_has_nothing_bound)
{
    struct job job = { .name = "look", .run = look_bound_and_unbound };

    ck_assert_int_eq(writer_run(fx.writer, &job), OK);
}
END_TEST

static enum err
fail_half_way(struct txn *txn, struct job *job)
{
    (void)job;
    TRY(save_key(txn->db, "c", "x"));
    return save_key(txn->db, NULL, "x"); /* NOT NULL */
}

START_TEST(a_failed_statement_says_which_and_leaves_the_connection_fit)
{
    struct job job = { .name = "half", .run = fail_half_way };

    ck_assert_int_eq(writer_run(fx.writer, &job), ERR_STORE);
    ck_assert_int_eq(store_fixture_number(&fx.dir, "SELECT count(*) FROM idempotency"),
                     0);
    ck_assert_int_eq(save_key(reader->db, "d", "x"), ERR_STORE);
    ck_assert_str_eq(reader->db->failure.query, "idempotency_save");
    ck_assert_int_eq(notes_seen(reader), 0);
}
END_TEST

Suite *
suite_reader(void)
{
    Suite *suite = suite_create("reader");
    TCase *snapshots = tcase_create("snapshots");
    TCase *queries = tcase_create("queries");

    tcase_add_checked_fixture(snapshots, open_pool, close_pool);
    tcase_set_timeout(snapshots, 60);
    tcase_add_test(snapshots, a_read_that_begins_after_an_acknowledged_write_sees_it);
    tcase_add_test(snapshots, the_snapshot_is_fixed_when_the_reader_is_acquired);
    tcase_add_test(snapshots, a_reader_cannot_write);
    tcase_add_test(snapshots, a_query_past_its_deadline_ends);
    tcase_add_test(snapshots, release_resets_what_a_handler_left_open);
    tcase_add_test(snapshots, no_reader_free_until_the_deadline_is_busy);
    tcase_add_test(snapshots, many_threads_share_few_readers_while_somebody_writes);
    suite_add_tcase(suite, snapshots);

    tcase_add_checked_fixture(queries, open_pool, close_pool);
    tcase_add_test(queries, parameters_are_bound_by_name_and_columns_read_in_order);
    tcase_add_test(queries, a_statement_handed_out_again_has_nothing_bound);
    tcase_add_test(queries, a_failed_statement_says_which_and_leaves_the_connection_fit);
    suite_add_tcase(suite, queries);
    return suite;
}
