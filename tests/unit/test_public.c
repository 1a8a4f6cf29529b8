#include <check.h>
#include <sqlite3.h>
#include <string.h>

#include "command/cmd_public.h"
#include "domain/spam.h"
#include "store/query.h"
#include "store/store_internal.h"
#include "support/office.h"

/* test_public.c - commands of the public side, seen from inside. */

static struct office office;
static char no[TICKET_NO_BYTES];

static void
set_up(void)
{
    office_open(&office);
    office_receive(&office, "web", no);
}

static void
tear_down(void)
{
    office_close(&office);
}

/* --- Work done -------------------------------------------------------------------- */

#define STATEMENTS_MAX 32

/* Which statements ran, in order, and how many steps the machine took for each. */
struct work {
    const char *sql[STATEMENTS_MAX];
    int steps[STATEMENTS_MAX];
    size_t count;
};

static int
note_statement(unsigned kind, void *context, void *statement, void *unused)
{
    struct work *work = context;

    (void)kind; /* SQLITE_TRACE_PROFILE only: at the end of each */
    (void)unused;
    ck_assert_uint_lt(work->count, STATEMENTS_MAX);
    work->sql[work->count] = sqlite3_sql(statement);
    work->steps[work->count++] =
        sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    return 0;
}

struct looked {
    const char *no, *code;
    struct work work;
    enum err verdict;
    int changes;
};

static enum err
look_inside(struct txn *txn, void *context)
{
    struct looked *looked = context;
    sqlite3 *handle = txn->db->handle;
    struct cmd_public_lookup cmd;

    cmd_public_lookup_init(&cmd);
    citizen_key_init(&cmd.key, store_config(txn->store), store_keys(txn->store),
                     looked->no, looked->code, looked->no);
    cmd.now = office.now;
    int before = sqlite3_total_changes(handle);
    (void)sqlite3_trace_v2(handle, SQLITE_TRACE_PROFILE, note_statement, &looked->work);
    enum err err = cmd.job.run(txn, &cmd.job);
    (void)sqlite3_trace_v2(handle, 0, NULL, NULL);
    looked->changes = sqlite3_total_changes(handle) - before;
    looked->verdict = cmd.verdict;
    return err;
}

/* The same work for what exists and what does not: nobody learns a number by the time it takes. */
START_TEST(a_wrong_number_costs_what_a_wrong_code_costs)
{
    struct looked warm = { .no = "20261123-W9999", .code = "1" };
    struct looked code = { .no = no, .code = "00000000x" };
    struct looked number = { .no = "20261123-W9998", .code = "00000000x" };

    ck_assert_int_eq(office_inside(&office, look_inside, &warm), OK); /* prepared now */
    ck_assert_int_eq(office_inside(&office, look_inside, &code), OK);
    ck_assert_int_eq(office_inside(&office, look_inside, &number), OK);
    ck_assert_int_eq(code.verdict, ERR_PUBLIC_WRONG_CODE);
    ck_assert_int_eq(number.verdict, ERR_PUBLIC_WRONG_CODE);
    ck_assert_int_eq(code.changes, number.changes);
    ck_assert_uint_gt(code.work.count, 0);
    ck_assert_uint_eq(code.work.count, number.work.count);
    for (size_t i = 0; i < code.work.count; i++) {
        int apart = code.work.steps[i] - number.work.steps[i];

        ck_assert_str_eq(code.work.sql[i], number.work.sql[i]);
        /* Reading two columns of a row there is, or writing NULL for them. */
        ck_assert_msg(apart >= -6 && apart <= 6, "%s: %d and %d steps", code.work.sql[i],
                      code.work.steps[i], number.work.steps[i]);
    }
}
END_TEST

START_TEST(counters_name_nobody)
{
    struct looked looked = { .no = no, .code = "1" };

    ck_assert_int_eq(office_inside(&office, look_inside, &looked), OK);
    ck_assert_int_eq(
        store_fixture_number(&office.fixture.dir, "SELECT count(*) FROM public_quota"),
        2);
    ck_assert_int_eq(
        store_fixture_number(&office.fixture.dir,
                             "SELECT count(*) FROM public_quota WHERE length(subject) <> "
                             "32 OR typeof(subject) <> 'blob'"),
        0);
}
END_TEST

START_TEST(what_looks_like_spam_is_suspected)
{
    static const char *const phrases[] = { "代开 发票", "" };
    static const char *const spam[] = {
        "看这里 http://a.example",          "ＷＷＷ．a.example",    "顶顶顶顶顶顶顶顶顶",
        "买吗买吗买吗买吗买吗买吗买吗买吗", "可代开发票，电话联系",
    };
    static const char *const good[] = {
        "村口路灯坏了三天，晚上看不见路。",
        "拨款100000000元去哪了？",
        "----------",
        "哈哈哈，谢谢！",
        "",
    };

    for (size_t i = 0; i < sizeof spam / sizeof *spam; i++)
        ck_assert_msg(spam_suspected(spam[i], phrases, 2), "%s", spam[i]);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(!spam_suspected(good[i], phrases, 2), "%s", good[i]);
}
END_TEST

Suite *
suite_public(void)
{
    Suite *suite = suite_create("public");
    TCase *tcase = tcase_create("public");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, a_wrong_number_costs_what_a_wrong_code_costs);
    tcase_add_test(tcase, counters_name_nobody);
    tcase_add_test(tcase, what_looks_like_spam_is_suspected);
    suite_add_tcase(suite, tcase);
    return suite;
}
