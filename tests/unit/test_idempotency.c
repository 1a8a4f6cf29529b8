#include <check.h>
#include <string.h>

#include "base/text.h"
#include "store/idempotency.h"
#include "support/store_fixture.h"

/* Suite of src/store/idempotency.c. */

#define NOW INT64_C(1795400000)
#define HOUR 3600

static struct store_fixture fx;

static void
open_store(void)
{
    store_fixture_open(&fx);
}

static void
close_store(void)
{
    store_fixture_close(&fx);
}

/* A command that makes something, once for each key. */
struct make {
    struct job job;
    struct idempotency idempotency;
    const char *result;
    int64_t now;
    int sweep; /* rows to forget instead */
};

static enum err
make_run(struct txn *txn, struct job *job)
{
    struct make *make = job_as(job, struct make);

    if (make->sweep > 0)
        return idempotency_sweep(txn, make->now, make->sweep);
    TRY(idempotency_find(txn, &make->idempotency, make->now));
    if (make->idempotency.is_replay)
        return OK;
    return idempotency_save(txn, &make->idempotency, make->result, make->now);
}

static enum err
make(const char *actor, const char *key, const char *body, const char *result,
     int64_t now, struct idempotency *ret_idempotency)
{
    struct make make = { .job = { .name = "make", .run = make_run },
                         .result = result,
                         .now = now };

    ck_assert(
        text_format(make.idempotency.actor, sizeof make.idempotency.actor, "%s", actor));
    ck_assert(text_format(make.idempotency.key, sizeof make.idempotency.key, "%s", key));
    hash_once(body, strlen(body), make.idempotency.body_hash);
    enum err err = writer_run(fx.writer, &make.job);

    *ret_idempotency = make.idempotency;
    return err;
}

START_TEST(the_same_key_and_body_answer_the_first_result)
{
    struct idempotency got;

    ck_assert_int_eq(make("user:1", "k", "body", "first", NOW, &got), OK);
    ck_assert(!got.is_replay);
    ck_assert_str_eq(got.result, "first");
    ck_assert_int_eq(make("user:1", "k", "body", "second", NOW + 1, &got), OK);
    ck_assert(got.is_replay);
    ck_assert_str_eq(got.result, "first");
}
END_TEST

START_TEST(another_body_is_a_mismatch)
{
    struct idempotency got;

    ck_assert_int_eq(make("user:1", "k", "body", "first", NOW, &got), OK);
    ck_assert_int_eq(make("user:1", "k", "other", "second", NOW, &got),
                     ERR_IDEMPOTENCY_MISMATCH);
}
END_TEST

START_TEST(another_actor_has_keys_of_their_own)
{
    struct idempotency got;

    ck_assert_int_eq(make("user:1", "k", "body", "first", NOW, &got), OK);
    ck_assert_int_eq(make("user:2", "k", "other", "second", NOW, &got), OK);
    ck_assert(!got.is_replay);
}
END_TEST

START_TEST(without_a_key_nothing_is_remembered)
{
    struct idempotency got;

    ck_assert_int_eq(make("", "", "body", "first", NOW, &got), OK);
    ck_assert_str_eq(got.result, "first");
    ck_assert_int_eq(make("", "", "body", "second", NOW, &got), OK);
    ck_assert_str_eq(got.result, "second");
    ck_assert_int_eq(store_fixture_number(&fx.dir, "SELECT count(*) FROM idempotency"),
                     0);
}
END_TEST

START_TEST(after_48_hours_a_key_is_new)
{
    struct idempotency got;

    ck_assert_int_eq(make("user:1", "k", "body", "first", NOW, &got), OK);
    ck_assert_int_eq(make("user:1", "k", "body", "second", NOW + 48 * HOUR, &got), OK);
    ck_assert(got.is_replay);
    ck_assert_int_eq(make("user:1", "k", "other", "third", NOW + 48 * HOUR + 1, &got),
                     OK);
    ck_assert(!got.is_replay);
    ck_assert_str_eq(got.result, "third");
}
END_TEST

START_TEST(a_sweep_forgets_what_is_too_old_and_no_more_than_asked)
{
    struct idempotency got;
    struct make sweep = { .job = { .name = "sweep", .run = make_run },
                          .now = NOW + 50 * HOUR,
                          .sweep = 2 };

    ck_assert_int_eq(make("user:1", "a", "", "r", NOW, &got), OK);
    ck_assert_int_eq(make("user:1", "b", "", "r", NOW, &got), OK);
    ck_assert_int_eq(make("user:1", "c", "", "r", NOW, &got), OK);
    ck_assert_int_eq(make("user:1", "d", "", "r", NOW + 10 * HOUR, &got), OK);
    ck_assert_int_eq(writer_run(fx.writer, &sweep.job), OK);
    ck_assert_int_eq(store_fixture_number(&fx.dir, "SELECT count(*) FROM idempotency"),
                     2);
    ck_assert_int_eq(writer_run(fx.writer, &sweep.job), OK);
    ck_assert_int_eq(store_fixture_number(&fx.dir, "SELECT count(*) FROM idempotency"),
                     1);
}
END_TEST

Suite *
suite_idempotency(void)
{
    Suite *suite = suite_create("idempotency");
    TCase *tests = tcase_create("idempotency");

    tcase_add_checked_fixture(tests, open_store, close_store);
    tcase_add_test(tests, the_same_key_and_body_answer_the_first_result);
    tcase_add_test(tests, another_body_is_a_mismatch);
    tcase_add_test(tests, another_actor_has_keys_of_their_own);
    tcase_add_test(tests, without_a_key_nothing_is_remembered);
    tcase_add_test(tests, after_48_hours_a_key_is_new);
    tcase_add_test(tests, a_sweep_forgets_what_is_too_old_and_no_more_than_asked);
    suite_add_tcase(suite, tests);
    return suite;
}
