#include <check.h>
#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/timeutil.h"
#include "support/http_client.h"
#include "support/server.h"
#include "support/store_fixture.h"

Suite *suite_attachments(void);

/* Files of a ticket: taken in, refused, listed, fetched, and what is left on disk. */

#define PDF "%PDF-1.7\n1 0 obj\n"
#define LIMIT 4096 /* upload_bytes_max here */
#define PATH_ROOM 300

static struct test_server server;
static struct store_fixture fixture;
static struct test_who clerk, handler, leader;
static char no[32];
static int keys;

static struct test_reply
send_file(const struct test_who *who, const char *query, const void *bytes, size_t count,
          const char *key)
{
    char path[PATH_ROOM], own[16];
    struct test_call call = { .method = "POST",
                              .path = path,
                              .who = who,
                              .file = bytes,
                              .file_bytes = count,
                              .key = key == NULL ? own : key };

    (void)snprintf(own, sizeof own, "key-%d", ++keys);
    (void)snprintf(path, sizeof path, "/api/v1/tickets/%s/attachments?%s", no, query);
    return test_send(&server, &call);
}

/* Send and check; `code` NULL: 201. */
static void
expect_file(const struct test_who *who, const char *query, const void *bytes,
            size_t count, int status, const char *code)
{
    struct test_reply reply = send_file(who, query, bytes, count, NULL);

    ck_assert_msg(reply.status == status, "%s: %d %s", query, reply.status, reply.body);
    if (code != NULL)
        ck_assert_str_eq(test_reply_text(&reply, "code"), code);
    test_reply_free(&reply);
}

static struct test_reply
get(const struct test_who *who, const char *path)
{
    struct test_call call = { .method = "GET", .path = path, .who = who };

    return test_send(&server, &call);
}

static struct test_reply
list(const struct test_who *who)
{
    char path[PATH_ROOM];

    (void)snprintf(path, sizeof path, "/api/v1/tickets/%s/attachments", no);
    return get(who, path);
}

static void
expect_listed(const struct test_who *who, int count)
{
    struct test_reply reply = list(who);

    ck_assert_int_eq(reply.status, 200);
    ck_assert_int_eq(test_reply_count(&reply, "items"), count);
    test_reply_free(&reply);
}

/* Files in the folder; `ret_parts` those not finished. */
static int
files(int *ret_parts)
{
    char path[PATH_MAX];
    const struct dirent *entry;
    int count = 0;

    *ret_parts = 0;
    (void)snprintf(path, sizeof path, "%s/attachments", server.config.data);
    DIR *folder = opendir(path);
    ck_assert_ptr_nonnull(folder);
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        count++;
        *ret_parts += strstr(entry->d_name, ".part") != NULL;
    }
    closedir(folder);
    return count;
}

static int64_t
rows(void)
{
    return store_fixture_number(&server.dir, "SELECT count(*) FROM attachment");
}

static void
expect_on_disk(int count)
{
    int parts = 0;

    ck_assert_int_eq(files(&parts), count);
    ck_assert_int_eq(parts, 0);
    ck_assert_int_eq(rows(), count);
}

/* Wait until nothing unfinished is left: a connection ends on a thread of its own. */
static void
await_no_parts(void)
{
    int64_t until_ms = time_monotonic_ms() + HTTP_CLIENT_PATIENCE_MS;
    int parts = 1;

    for (;;) {
        (void)files(&parts);
        if (parts == 0)
            return;
        ck_assert_msg(time_monotonic_ms() < until_ms, "a part is left");
        (void)sched_yield(); /* cannot fail on Linux */
    }
}

static void
post(const struct test_who *who, const char *path, const char *body, int status)
{
    char key[16];
    struct test_call call = {
        .method = "POST", .path = path, .who = who, .body = body, .key = key
    };

    (void)snprintf(key, sizeof key, "key-%d", ++keys);
    test_expect(&server, &call, status);
}

static void
dispatch(void)
{
    char path[PATH_ROOM], body[100];

    (void)snprintf(path, sizeof path, "/api/v1/tickets/%s/dispatch", no);
    (void)snprintf(body, sizeof body,
                   "{\"version\":1,\"lead_unit\":\"town\",\"override_reason\":\"无\"}");
    post(&clerk, path, body, 200);
}

static void
receive(const char *more)
{
    char body[PATH_ROOM], key[16];
    struct test_call call = { .method = "POST",
                              .path = "/api/v1/tickets",
                              .who = &clerk,
                              .body = body,
                              .key = key };

    (void)snprintf(key, sizeof key, "key-%d", ++keys);
    (void)snprintf(body, sizeof body,
                   "{\"channel\":\"phone\",\"content\":\"路灯坏了。\"%s}", more);
    struct test_reply reply = test_send(&server, &call);
    ck_assert_msg(reply.status == 201, "%s", reply.body);
    ck_assert(text_format(no, sizeof no, "%s", test_reply_text(&reply, "no")));
    test_reply_free(&reply);
}

static void
sign_in(void)
{
    fixture = (struct store_fixture){ .dir = server.dir, .writer = server.writer };
    clerk = test_sign_in(&server, "clerk");
    handler = test_sign_in(&server, "handler");
    leader = test_sign_in(&server, "leader");
}

static void
set_up(void)
{
    test_server_prepare(&server);
    server.config.upload_bytes_max = LIMIT;
    server.config.attachments_per_ticket = 3;
    test_server_start(&server);
    sign_in();
    receive("");
}

static void
tear_down(void)
{
    test_server_close(&server);
}

/* --- Taking in and handing out ------------------------------------------------------------ */

START_TEST(a_file_comes_back_byte_for_byte_and_only_for_saving)
{
    char bytes[LIMIT], path[PATH_ROOM], value[400];

    memcpy(bytes, PDF, sizeof PDF - 1);
    for (size_t i = sizeof PDF - 1; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7);
    struct test_reply added = send_file(
        &clerk, "name=%E7%8E%B0%E5%9C%BA+a.PDF&kind=reply", bytes, sizeof bytes, NULL);
    ck_assert_msg(added.status == 201, "%s", added.body);
    ck_assert_str_eq(test_reply_text(&added, "name"), "现场 a.PDF");
    ck_assert_str_eq(test_reply_text(&added, "type"), "pdf");
    ck_assert_str_eq(test_reply_text(&added, "bytes"), "4096");
    test_reply_header(&added, "Location", path, sizeof path);
    test_reply_free(&added);

    struct test_reply fetched = get(&clerk, path);
    ck_assert_int_eq(fetched.status, 200);
    ck_assert_uint_eq(fetched.body_bytes, sizeof bytes);
    ck_assert_mem_eq(fetched.body, bytes, sizeof bytes);
    test_reply_header(&fetched, "Content-Disposition", value, sizeof value);
    ck_assert_str_eq(value, "attachment; filename*=UTF-8''%E7%8E%B0%E5%9C%BA%20a.PDF");
    test_reply_header(&fetched, "Content-Type", value, sizeof value);
    ck_assert_str_eq(value, "application/pdf");
    test_reply_header(&fetched, "X-Content-Type-Options", value, sizeof value);
    ck_assert_str_eq(value, "nosniff");
    test_reply_header(&fetched, "Content-Security-Policy", value, sizeof value);
    ck_assert_str_eq(value, "sandbox; default-src 'none'");
    test_reply_header(&fetched, "Cache-Control", value, sizeof value);
    ck_assert_str_eq(value, "no-store");
    test_reply_free(&fetched);
    expect_on_disk(1);
}
END_TEST

/* Its hash is what the chain covers. */
START_TEST(the_event_holds_the_hash_and_not_the_name)
{
    char path[PATH_ROOM];

    struct test_reply added =
        send_file(&clerk, "name=CNRYname.pdf&kind=reply", PDF, sizeof PDF - 1, NULL);
    char hash[65];
    ck_assert(text_format(hash, sizeof hash, "%s", test_reply_text(&added, "hash")));
    test_reply_free(&added);
    (void)snprintf(path, sizeof path, "/api/v1/tickets/%s/events", no);
    struct test_reply events = get(&clerk, path);
    ck_assert_ptr_nonnull(strstr(events.body, hash));
    ck_assert_ptr_null(strstr(events.body, "CNRYname"));
    test_reply_free(&events);
    char *log = test_server_log(&server);
    ck_assert_ptr_null(strstr(log, "CNRYname"));
    free(log);
}
END_TEST

/* --- Refusals ------------------------------------------------------------------------------- */

START_TEST(what_is_refused_leaves_neither_row_nor_file)
{
    static const char html[] = "<html><script>alert(1)</script></html>";
    char bytes[LIMIT + 1];

    memset(bytes, 'a', sizeof bytes);
    expect_file(&clerk, "name=a.txt&kind=reply", bytes, LIMIT + 1, 413, "http.too_large");
    expect_file(&clerk, "name=a.jpg&kind=reply", html, sizeof html - 1, 422, "fields");
    expect_file(&clerk, "name=a.html&kind=reply", html, sizeof html - 1, 422, "fields");
    expect_file(&clerk, "name=a.txt&kind=reply", "", 0, 422, "fields");
    expect_file(&clerk, "name=a%2Fb.txt&kind=reply", "a", 1, 400, "http.query");
    expect_file(&clerk, "name=a%0A.txt&kind=reply", "a", 1, 400, "http.query");
    expect_file(&clerk, "name=a.txt", "a", 1, 400, "http.query");
    expect_file(&clerk, "name=a.txt&kind=secret", "a", 1, 400, "http.query");
    expect_file(&clerk, "kind=reply", "a", 1, 400, "http.query");
    expect_file(&clerk, "name=a.txt&kind=reply&x=1", "a", 1, 400, "http.query");
    expect_file(&handler, "name=a.txt&kind=reply", "a", 1, 404, "not_found");
    expect_file(&leader, "name=a.txt&kind=reply", "a", 1, 403, "forbidden");
    expect_file(NULL, "name=a.txt&kind=reply", "a", 1, 401, "session.required");
    /* The very last byte that is allowed. */
    expect_on_disk(0);
    expect_file(&clerk, "name=a.txt&kind=reply", bytes, LIMIT, 201, NULL);
    expect_on_disk(1);
}
END_TEST

START_TEST(a_body_that_is_not_declared_as_bytes_is_refused)
{
    char path[PATH_ROOM];
    struct test_call call = {
        .method = "POST", .path = path, .who = &clerk, .key = "k", .body = "{}"
    };

    (void)snprintf(path, sizeof path,
                   "/api/v1/tickets/%s/attachments?name=a.txt&kind=reply", no);
    test_expect_problem(&server, &call, 415, "attachment.media_type", NULL);
    call.file = "a";
    call.file_bytes = 1;
    call.key = NULL;
    test_expect_problem(&server, &call, 422, "idempotency.required", NULL);
    call.key = "k";
    call.without_csrf = true;
    test_expect_problem(&server, &call, 403, "session.csrf", NULL);
    expect_on_disk(0);
}
END_TEST

START_TEST(a_ticket_takes_no_more_files_than_the_setting_says)
{
    for (int i = 0; i < 3; i++)
        expect_file(&clerk, "name=a.pdf&kind=internal", PDF, sizeof PDF - 1, 201, NULL);
    expect_file(&clerk, "name=a.pdf&kind=internal", PDF, sizeof PDF - 1, 409,
                "attachment.too_many");
    expect_on_disk(3);
}
END_TEST

START_TEST(a_disk_that_is_nearly_full_takes_no_files_but_other_writes)
{
    server.config.upload_reserve_bytes = INT64_MAX;
    expect_file(&clerk, "name=a.pdf&kind=reply", PDF, sizeof PDF - 1, 507, "disk_full");
    expect_on_disk(0);
    receive("");
    server.config.upload_reserve_bytes = 0;
    expect_file(&clerk, "name=a.pdf&kind=reply", PDF, sizeof PDF - 1, 201, NULL);
}
END_TEST

/* --- Once and only once ---------------------------------------------------------------------- */

START_TEST(the_same_key_and_bytes_answer_the_first_result)
{
    const char *query = "name=a.pdf&kind=reply";
    struct test_reply first = send_file(&clerk, query, PDF, sizeof PDF - 1, "one");
    struct test_reply second = send_file(&clerk, query, PDF, sizeof PDF - 1, "one");

    ck_assert_int_eq(first.status, 201);
    ck_assert_int_eq(second.status, 201);
    ck_assert_str_eq(first.body, second.body);
    test_reply_free(&first);
    test_reply_free(&second);
    expect_on_disk(1);

    struct test_reply other = send_file(&clerk, query, PDF " ", sizeof PDF, "one");
    ck_assert_int_eq(other.status, 422);
    ck_assert_str_eq(test_reply_text(&other, "code"), "idempotency.mismatch");
    test_reply_free(&other);
    other = send_file(&clerk, "name=b.pdf&kind=reply", PDF, sizeof PDF - 1, "one");
    ck_assert_str_eq(test_reply_text(&other, "code"), "idempotency.mismatch");
    test_reply_free(&other);
    expect_on_disk(1);
}
END_TEST

/* A retry of the last file that fitted is not one too many. */
START_TEST(a_retry_is_answered_when_the_ticket_is_full_by_now)
{
    for (int i = 0; i < 3; i++) {
        char key[24];

        (void)snprintf(key, sizeof key, "full-%d", i);
        for (int k = 0; k < 2; k++) {
            struct test_reply reply =
                send_file(&clerk, "name=a.pdf&kind=reply", PDF, sizeof PDF - 1, key);
            ck_assert_int_eq(reply.status, 201);
            test_reply_free(&reply);
        }
    }
    expect_on_disk(3);
}
END_TEST

/* --- Clients that leave or linger --------------------------------------------------------------- */

static void
begin_upload(struct http_client *client, size_t promised)
{
    http_client_open(client, server.port);
    ck_assert(http_client_print(
        client,
        "POST /api/v1/tickets/%s/attachments?name=a.txt&kind=reply HTTP/1.1\r\n"
        "Host: t\r\nContent-Type: application/octet-stream\r\nContent-Length: %zu\r\n"
        "Cookie: yidan_session=%s\r\nX-CSRF-Token: %s\r\nIdempotency-Key: cut\r\n\r\n",
        no, promised, clerk.token, clerk.csrf));
}

static void
await_parts(int count)
{
    int64_t until_ms = time_monotonic_ms() + HTTP_CLIENT_PATIENCE_MS;
    int parts = 0;

    while (files(&parts) < count || parts < count) {
        ck_assert_msg(time_monotonic_ms() < until_ms, "no part has come");
        (void)sched_yield(); /* cannot fail on Linux */
    }
}

START_TEST(a_client_that_leaves_in_the_middle_leaves_nothing_behind)
{
    struct http_client client;

    /* An end that arrives together with bytes may go unseen (libmicrohttpd reads
     * once for one edge of epoll); then the deadline ends it. */
    server.config.upload_timeout_ms = 500;
    begin_upload(&client, 1000);
    ck_assert(http_client_send(&client, "half of it", 10));
    await_parts(1);
    http_client_close(&client);
    await_no_parts();
    expect_on_disk(0);
    /* The key is unused: the retry starts anew. */
    struct test_reply again =
        send_file(&clerk, "name=a.txt&kind=reply", "half of it", 10, "cut");
    ck_assert_int_eq(again.status, 201);
    test_reply_free(&again);
    expect_on_disk(1);
}
END_TEST

START_TEST(an_upload_that_drips_is_cut_off_at_its_deadline)
{
    struct http_client client;

    server.config.upload_timeout_ms = 200;
    server.config.upload_bytes_per_s = 1000000;
    begin_upload(&client, LIMIT);
    int64_t started_ms = time_monotonic_ms();
    while (!http_client_awaits_end(&client, 15))
        if (!http_client_send(&client, "a", 1))
            break;
    int64_t took_ms = time_monotonic_ms() - started_ms;
    ck_assert_msg(took_ms >= 150 && took_ms < 5000, "closed after %d ms", (int)took_ms);
    http_client_close(&client);
    await_no_parts();
    expect_on_disk(0);
}
END_TEST

/* As kill -9 leaves it: parts and a file whose row never came. */
START_TEST(what_an_earlier_end_left_behind_is_gone_at_the_start)
{
    char path[PATH_MAX];

    set_up();
    expect_file(&clerk, "name=a.pdf&kind=reply", PDF, sizeof PDF - 1, 201, NULL);
    (void)snprintf(path, sizeof path, "%s/attachments/%s", server.config.data,
                   "00000000-0000-4000-8000-000000000000");
    FILE *orphan = fopen(path, "w");
    ck_assert_ptr_nonnull(orphan);
    ck_assert_int_eq(fclose(orphan), 0);
    (void)snprintf(path, sizeof path, "%s/attachments/x.part", server.config.data);
    orphan = fopen(path, "w");
    ck_assert_ptr_nonnull(orphan);
    ck_assert_int_eq(fclose(orphan), 0);

    struct tempdir killed;
    tempdir_copy(&server.dir, &killed);
    test_server_close(&server);
    server.dir = killed;
    tempdir_path(&killed, "var", server.config.data, sizeof server.config.data);
    struct store *store = NULL;
    struct problem problem = { .value = "" };
    ck_assert_int_eq(store_open(&server.config, &store, &problem), OK);
    expect_on_disk(1);
    store_close(store);
    tempdir_remove(&killed);
}
END_TEST

/* --- Who reads what --------------------------------------------------------------------------------- */

/* How many `attached` events of the ticket the reader is told. */
static void
expect_told(const struct test_who *who, int count)
{
    char path[PATH_ROOM];
    int found = 0;

    (void)snprintf(path, sizeof path, "/api/v1/tickets/%s/events", no);
    struct test_reply reply = get(who, path);
    ck_assert_int_eq(reply.status, 200);
    for (const char *at = reply.body; (at = strstr(at, "\"attached\"")) != NULL; at++)
        found++;
    ck_assert_msg(found == count, "%d: %s", found, reply.body);
    test_reply_free(&reply);
}

START_TEST(a_unit_reads_the_citizens_files_but_not_of_a_confidential_ticket)
{
    char path[PATH_ROOM], citizens[PATH_ROOM];

    receive(",\"kind\":\"report\"");
    struct test_reply added =
        send_file(&clerk, "name=a.pdf&kind=citizen", PDF, sizeof PDF - 1, NULL);
    test_reply_header(&added, "Location", citizens, sizeof citizens);
    test_reply_free(&added);
    added = send_file(&clerk, "name=b.pdf&kind=reply", PDF, sizeof PDF - 1, NULL);
    test_reply_header(&added, "Location", path, sizeof path);
    test_reply_free(&added);
    struct test_call call = { .method = "GET", .path = path, .who = &handler };
    test_expect_problem(&server, &call, 404, "not_found", NULL);
    dispatch();
    expect_listed(&handler, 1);
    expect_listed(&clerk, 2);
    expect_listed(&leader, 2);
    expect_told(&handler, 1);
    expect_told(&clerk, 2);
    expect_told(&leader, 2);
    test_expect(&server, &call, 200);
    call.path = citizens;
    test_expect_problem(&server, &call, 404, "not_found", NULL);
    call.who = &clerk;
    test_expect(&server, &call, 200);
    expect_file(&handler, "name=a.pdf&kind=citizen", PDF, sizeof PDF - 1, 403,
                "forbidden");

    receive("");
    expect_file(&clerk, "name=a.pdf&kind=citizen", PDF, sizeof PDF - 1, 201, NULL);
    dispatch();
    expect_listed(&handler, 1);
    expect_told(&handler, 1);
    expect_file(&handler, "name=a.pdf&kind=citizen", PDF, sizeof PDF - 1, 201, NULL);
    expect_file(&leader, "name=a.pdf&kind=internal", PDF, sizeof PDF - 1, 201, NULL);
}
END_TEST

START_TEST(a_file_that_is_lost_is_our_error_and_not_an_empty_answer)
{
    char path[PATH_ROOM], file[PATH_MAX];

    struct test_reply added =
        send_file(&clerk, "name=a.pdf&kind=reply", PDF, sizeof PDF - 1, NULL);
    test_reply_header(&added, "Location", path, sizeof path);
    (void)snprintf(file, sizeof file, "%s/attachments/%s", server.config.data,
                   test_reply_text(&added, "id"));
    test_reply_free(&added);
    struct test_call call = { .method = "GET", .path = path, .who = &clerk };
    ck_assert_int_eq(truncate(file, 3), 0);
    test_expect_problem(&server, &call, 500, "store", NULL);
    ck_assert_int_eq(unlink(file), 0);
    test_expect_problem(&server, &call, 500, "store", NULL);
    call.path = "/api/v1/attachments/..%2F..%2Fkeys";
    test_expect_problem(&server, &call, 404, "not_found", NULL);
}
END_TEST

Suite *
suite_attachments(void)
{
    Suite *suite = suite_create("attachments");
    TCase *tests = tcase_create("files");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_file_comes_back_byte_for_byte_and_only_for_saving);
    tcase_add_test(tests, the_event_holds_the_hash_and_not_the_name);
    tcase_add_test(tests, what_is_refused_leaves_neither_row_nor_file);
    tcase_add_test(tests, a_body_that_is_not_declared_as_bytes_is_refused);
    tcase_add_test(tests, a_ticket_takes_no_more_files_than_the_setting_says);
    tcase_add_test(tests, a_disk_that_is_nearly_full_takes_no_files_but_other_writes);
    tcase_add_test(tests, the_same_key_and_bytes_answer_the_first_result);
    tcase_add_test(tests, a_retry_is_answered_when_the_ticket_is_full_by_now);
    tcase_add_test(tests, a_client_that_leaves_in_the_middle_leaves_nothing_behind);
    tcase_add_test(tests, an_upload_that_drips_is_cut_off_at_its_deadline);
    tcase_add_test(tests,
                   a_unit_reads_the_citizens_files_but_not_of_a_confidential_ticket);
    tcase_add_test(tests, a_file_that_is_lost_is_our_error_and_not_an_empty_answer);
    suite_add_tcase(suite, tests);
    tests = tcase_create("start");
    tcase_add_test(tests, what_an_earlier_end_left_behind_is_gone_at_the_start);
    suite_add_tcase(suite, tests);
    return suite;
}
