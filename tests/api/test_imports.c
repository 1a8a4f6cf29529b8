#include <check.h>
#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "background/importer.h"
#include "base/timeutil.h"
#include "command/cmd_import.h"
#include "store/events.h"
#include "store/reader.h"
#include "store/summaries.h"
#include "store/upload.h"
#include "store/writer.h"
#include "support/http_client.h"
#include "support/server.h"
#include "support/store_fixture.h"

/* Ledgers: what one commit makes, what is seen before it, and what a stop leaves. */

#define HEAD "工单编号,渠道,受理时间,内容,承办单位,交办时间,回复时间,回复内容,姓名,电话\n"
#define ROW(no)                                                                               \
    no ",热线电话,2019-04-25 09:00,路灯不亮,town,2019-04-25 10:00,2019-05-20,已修," \
       "张三,13800001234\n"

static struct test_server server;
static struct test_who clerk, handler;
static int keys;

static void
set_up(void)
{
    test_server_open(&server);
    clerk = test_sign_in(&server, "clerk");
    handler = test_sign_in(&server, "handler");
}

static void
tear_down(void)
{
    test_server_close(&server);
}

static struct test_reply
get(const struct test_who *who, const char *path)
{
    return test_send(&server,
                     &(struct test_call){ .method = "GET", .path = path, .who = who });
}

/* Bring the file in and wait until it is over; the reply shows the import. */
static struct test_reply
bring(const char *query, const char *text)
{
    char path[300], key[16];
    int64_t until_ms = time_monotonic_ms() + HTTP_CLIENT_PATIENCE_MS;

    (void)snprintf(path, sizeof path, "/api/v1/imports%s", query);
    (void)snprintf(key, sizeof key, "key-%d", ++keys);
    struct test_reply sent =
        test_send(&server, &(struct test_call){ .method = "POST",
                                                .path = path,
                                                .who = &clerk,
                                                .file = text,
                                                .file_bytes = strlen(text),
                                                .key = key,
                                                .file_type = "text/csv" });
    ck_assert_msg(sent.status == 201, "%d %s", sent.status, sent.body);
    test_reply_header(&sent, "Location", path, sizeof path);
    test_reply_free(&sent);
    for (;;) {
        struct test_reply now = get(&clerk, path);
        ck_assert_int_eq(now.status, 200);
        if (strcmp(test_reply_text(&now, "state"), "reading") != 0)
            return now;
        test_reply_free(&now);
        ck_assert_msg(time_monotonic_ms() < until_ms, "it is never over");
        (void)sched_yield(); /* cannot fail on Linux */
    }
}

static void
expect_state(const char *query, const char *text, const char *state)
{
    struct test_reply over = bring(query, text);

    ck_assert_msg(strcmp(test_reply_text(&over, "state"), state) == 0, "%s", over.body);
    test_reply_free(&over);
}

static int64_t
number(const char *sql)
{
    return store_fixture_number(&server.dir, sql);
}

START_TEST(a_row_becomes_a_ticket_with_its_times_and_its_trail)
{
    expect_state("", HEAD ROW("OLD-1"), "done");

    struct test_reply ticket = get(&clerk, "/api/v1/tickets/OLD-1");
    ck_assert_int_eq(ticket.status, 200);
    ck_assert_str_eq(test_reply_text(&ticket, "state"), "closed");
    ck_assert_str_eq(test_reply_text(&ticket, "received_at"),
                     "2019-04-25T09:00:00+08:00");
    ck_assert_str_eq(test_reply_text(&ticket, "due_at"), "2019-05-05T23:59:59+08:00");
    ck_assert_str_eq(test_reply_text(&ticket, "overdue_at"), "2019-05-20T00:00:00+08:00");
    ck_assert_ptr_null(strstr(ticket.body, "13800001234"));
    ck_assert_ptr_nonnull(strstr(ticket.body, "138****1234"));
    test_reply_free(&ticket);

    ticket = get(&handler, "/api/v1/tickets/OLD-1");
    ck_assert_msg(ticket.status == 200, "%s", ticket.body);
    test_reply_free(&ticket);

    struct test_reply events = get(&clerk, "/api/v1/tickets/OLD-1/events");
    ck_assert_int_eq(test_reply_count(&events, "items"), 1);
    ck_assert_str_eq(test_reply_text(&events, "items.0.type"), "ticket_imported");
    ck_assert_ptr_null(strstr(events.body, "张三"));
    test_reply_free(&events);
}
END_TEST

#define DAY(no, day) no ",热线电话," day ",路灯不亮,,,,,,\n"

/* A search reads the others in the order of their ids, as that of receipt. */
START_TEST(what_came_out_of_order_is_noted)
{
    expect_state(
        "", HEAD DAY("A", "2019-04-25") DAY("B", "2019-04-24") DAY("C", "2019-04-26"),
        "done");
    expect_state(
        "", HEAD DAY("D", "2018-01-02") DAY("E", "2020-01-02") DAY("F", "2019-12-30"),
        "done");
    ck_assert_int_eq(number("SELECT count(*) FROM ticket_backdated"), 3);
    ck_assert_int_eq(
        number("SELECT count(*) FROM ticket JOIN ticket_backdated ON ticket_id "
               "= id WHERE no IN ('B', 'D', 'F')"),
        3);
}
END_TEST

START_TEST(what_a_commit_made_verifies)
{
    struct reader_pool *pool;
    struct reader *reader;
    int64_t count, bad_seq;
    const char *wrong = NULL;

    expect_state("", HEAD ROW("OLD-1") ROW("OLD-2") ",热线电话,2019-04-25,开着的,,,,,,\n",
                 "done");
    ck_assert_int_eq(reader_pool_open(server.store, 1, &pool), OK);
    ck_assert_int_eq(reader_acquire(pool, 0, &reader), OK);
    ck_assert_int_eq(events_verify_chain(reader->db, &count, &bad_seq), OK);
    ck_assert_int_eq(bad_seq, 0);
    ck_assert_int_eq(summaries_agree(reader->db, &wrong), OK);
    ck_assert_ptr_null(wrong);
    reader_release(pool, reader);
    reader_pool_close(pool);
    ck_assert_int_eq(number("SELECT count(*) FROM ticket"), 3);
    ck_assert_int_eq(number("SELECT count(*) FROM event WHERE type = 'ticket_imported'"),
                     3);
    /* What was due is over: the timer finds nothing to do about 2019. */
    ck_assert_int_eq(number("SELECT count(*) FROM moment"), 0);
    ck_assert(number("SELECT count(*) FROM moment_fired") > 0);
}
END_TEST

/* A number of one's own and those that are made share one space. */
START_TEST(numbers_follow_those_that_are_there)
{
    expect_state("",
                 HEAD ROW("20190425-R0007") ",热线电话,2019-04-25,一,,,,,,\n"
                                            ",热线电话,2019-04-25,二,,,,,,\n",
                 "done");
    ck_assert_int_eq(number("SELECT count(*) FROM ticket WHERE no IN "
                            "('20190425-R0007', '20190425-R0008', '20190425-R0009')"),
                     3);
    expect_state("", HEAD ",热线电话,2019-04-25,三,,,,,,\n", "done");
    ck_assert_int_eq(number("SELECT count(*) FROM ticket WHERE no = '20190425-R0010'"),
                     1);
    expect_state("", HEAD ROW("20190425-R0010"), "refused");
}
END_TEST

START_TEST(a_bad_row_leaves_nothing_behind)
{
    struct test_reply over = bring("", HEAD ROW("OLD-1") ROW("a/b"));

    ck_assert_str_eq(test_reply_text(&over, "state"), "refused");
    ck_assert_str_eq(test_reply_text(&over, "items.0.row"), "3");
    ck_assert_str_eq(test_reply_text(&over, "items.0.field"), "no");
    test_reply_free(&over);
    ck_assert_int_eq(number("SELECT count(*) FROM ticket"), 0);
    expect_state("?dry_run=true", HEAD ROW("OLD-1"), "checked");
    ck_assert_int_eq(number("SELECT count(*) FROM ticket"), 0);
    expect_state("?skip_bad=true", HEAD ROW("OLD-1") ROW("a/b"), "done");
    ck_assert_int_eq(number("SELECT count(*) FROM ticket"), 1);
}
END_TEST

static int
files(const char *data)
{
    char folder[300];
    int count = 0;

    (void)snprintf(folder, sizeof folder, "%s/attachments", data);
    DIR *open = opendir(folder);
    ck_assert_ptr_nonnull(open);
    for (const struct dirent *entry = readdir(open); entry != NULL; entry = readdir(open))
        count += entry->d_name[0] != '.';
    closedir(open);
    return count;
}

/* --- Without a server: step by step ---------------------------------------------------- */

static struct store_fixture fixture;
static struct reader_pool *pool;

static void
set_up_store(void)
{
    store_fixture_prepare(&fixture);
    fixture.config.import_batch = 2;
    fixture.config.upload_reserve_bytes = 0;
    store_fixture_start(&fixture);
    ck_assert_int_eq(reader_pool_open(fixture.store, 1, &pool), OK);
}

static void
tear_down_store(void)
{
    reader_pool_close(pool);
    store_fixture_close(&fixture);
}

static int64_t
create(const char *text)
{
    struct cmd_import_create cmd;

    cmd_import_create_init(&cmd);
    ck_assert_int_eq(upload_open(fixture.store, &cmd.upload), OK);
    ck_assert_int_eq(upload_write(cmd.upload, text, strlen(text)), OK);
    upload_finish(cmd.upload);
    cmd.import.mapping = cmd.import.fixed = "";
    cmd.import.actor = (struct actor){ .kind = ACTOR_CLI };
    cmd.now = TEST_SERVER_NOW;
    ck_assert_int_eq(writer_run(fixture.writer, &cmd.job), OK);
    upload_close(cmd.upload, false);
    return cmd.id;
}

static int64_t
now(void)
{
    return TEST_SERVER_NOW;
}

#define PLAIN                                                                            \
    "no,channel,received_at,content\n"                                                   \
    "A-1,phone,2019-04-25,一\nA-2,phone,2019-04-25,二\nA-3,phone,2019-04-25,三\n"

/* Stage the first rows as the thread does, and no more. */
static void
stage_begun(int64_t id)
{
    struct cmd_import_stage cmd;
    struct import_ready ready = { .number = 2 };
    const char *texts[LEDGER_FIELD_COUNT] = { [LEDGER_NO] = "A-1",
                                              [LEDGER_CHANNEL] = "phone",
                                              [LEDGER_RECEIVED_AT] = "2019-04-25",
                                              [LEDGER_CONTENT] = "一" };
    struct event event = { .text_count = 0 };
    struct ledger_row row;
    struct arena *arena = arena_new();

    ledger_read(texts, 2, "", TEST_SERVER_NOW, &row);
    ready.row = &row;
    ready.own_no = "A-1";
    ready.title = "一";
    ready.ticket = (struct ticket){
        .query_code = "12345678",
        .channel = "phone",
        .received_at = TEST_SERVER_NOW,
        .kind = KIND_OTHER,
        .state = TICKET_RECEIVED,
        .version = 1,
        .outcome = CHOICE_NONE,
        .told_way = CHOICE_NONE,
        .satisfaction_first = CHOICE_NONE,
        .satisfaction_final = CHOICE_NONE,
        .merged_from_state = CHOICE_NONE,
    };
    imports_event_texts(&ready, &event);
    ck_assert_int_eq(events_payload(arena, &event, ready.salts, &ready.payload), OK);
    cmd_import_stage_init(&cmd);
    cmd.import_id = id;
    cmd.charset = CHARSET_UTF8;
    cmd.rows = &ready;
    cmd.checked = &row;
    cmd.count = 1;
    cmd.rows_read = 2;
    ck_assert_int_eq(writer_run(fixture.writer, &cmd.job), OK);
    ck_assert(!cmd.is_over);
    arena_free(arena);
}

START_TEST(a_stop_in_the_middle_goes_on_behind_the_last_staged_row)
{
    int64_t id = create(PLAIN);

    stage_begun(id);
    /* Nothing of it is there, and a restart keeps the file and what was staged. */
    ck_assert_int_eq(store_fixture_number(&fixture.dir, "SELECT count(*) FROM ticket"),
                     0);
    reader_pool_close(pool);
    store_fixture_stop(&fixture);
    store_fixture_start(&fixture);
    ck_assert_int_eq(reader_pool_open(fixture.store, 1, &pool), OK);
    ck_assert_int_eq(files(fixture.config.data), 1);

    ck_assert_int_eq(importer_run(fixture.store, pool, fixture.writer, now), OK);
    ck_assert_int_eq(store_fixture_number(&fixture.dir, "SELECT count(*) FROM ticket"),
                     3);
    ck_assert_int_eq(
        store_fixture_number(&fixture.dir, "SELECT count(DISTINCT no) FROM ticket"), 3);
    ck_assert_int_eq(store_fixture_number(&fixture.dir, "SELECT rows_good FROM import"),
                     3);
    /* Nothing is left of the staging. */
    ck_assert_int_eq(
        store_fixture_number(&fixture.dir, "SELECT count(*) FROM import_ticket"), 0);
    ck_assert_int_eq(
        store_fixture_number(&fixture.dir, "SELECT count(*) FROM import_text"), 0);
    ck_assert_int_eq(store_fixture_number(&fixture.dir, "SELECT is_clean FROM import"),
                     1);
    ck_assert_int_eq(files(fixture.config.data), 0);
}
END_TEST

START_TEST(one_that_is_given_up_is_cleaned_and_never_takes_effect)
{
    struct cmd_import_cancel cancel;
    int64_t id = create(PLAIN);

    stage_begun(id);
    cmd_import_cancel_init(&cancel);
    cancel.import_id = id;
    cancel.actor = (struct actor){ .kind = ACTOR_CLI };
    cancel.now = TEST_SERVER_NOW;
    ck_assert_int_eq(writer_run(fixture.writer, &cancel.job), OK);
    ck_assert_int_eq(importer_run(fixture.store, pool, fixture.writer, now), OK);
    ck_assert_int_eq(store_fixture_number(&fixture.dir, "SELECT count(*) FROM ticket"),
                     0);
    ck_assert_int_eq(
        store_fixture_number(&fixture.dir, "SELECT count(*) FROM import_ticket"), 0);
    ck_assert_int_eq(files(fixture.config.data), 0);
}
END_TEST

/* Somebody took the number between staging and effect: all of it is undone. */
START_TEST(a_number_that_was_taken_meanwhile_undoes_all_of_it)
{
    int64_t first = create(PLAIN);

    stage_begun(first);
    struct cmd_import_finish finish;
    ck_assert_int_eq(
        store_fixture_write(
            &fixture, "INSERT INTO ticket (no, query_code, channel, received_at, kind, "
                      "urgency, sensitive, anonymous, confidential, may_publish, "
                      "has_phone, state, version) VALUES ('A-1', '1', 'phone', 1, "
                      "'other', 'normal', 0, 0, 0, 0, 0, 'received', 1)"),
        OK);
    cmd_import_finish_init(&finish, first, TEST_SERVER_NOW);
    ck_assert_int_eq(writer_run(fixture.writer, &finish.job), OK);
    ck_assert_int_eq(finish.state, IMPORT_REFUSED);
    ck_assert_int_eq(store_fixture_number(&fixture.dir, "SELECT count(*) FROM ticket"),
                     1);
    ck_assert_int_eq(store_fixture_number(&fixture.dir, "SELECT row FROM import_fault"),
                     2);
}
END_TEST

Suite *
suite_imports(void)
{
    Suite *suite = suite_create("imports");
    TCase *over_http = tcase_create("over http");
    TCase *steps = tcase_create("steps");

    tcase_add_checked_fixture(over_http, set_up, tear_down);
    tcase_add_test(over_http, a_row_becomes_a_ticket_with_its_times_and_its_trail);
    tcase_add_test(over_http, what_came_out_of_order_is_noted);
    tcase_add_test(over_http, what_a_commit_made_verifies);
    tcase_add_test(over_http, numbers_follow_those_that_are_there);
    tcase_add_test(over_http, a_bad_row_leaves_nothing_behind);
    suite_add_tcase(suite, over_http);
    tcase_add_checked_fixture(steps, set_up_store, tear_down_store);
    tcase_add_test(steps, a_stop_in_the_middle_goes_on_behind_the_last_staged_row);
    tcase_add_test(steps, one_that_is_given_up_is_cleaned_and_never_takes_effect);
    tcase_add_test(steps, a_number_that_was_taken_meanwhile_undoes_all_of_it);
    suite_add_tcase(suite, steps);
    return suite;
}
