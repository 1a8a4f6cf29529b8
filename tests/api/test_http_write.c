#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/text.h"
#include "base/timeutil.h"
#include "support/http_client.h"
#include "support/http_toy.h"

Suite *suite_http_write(void);

/* Writes through suspend and resume, load, and stopping in the midst of it. */

static struct http_toy toy;

static void
setup(void)
{
    http_toy_open(&toy);
}

static void
teardown(void)
{
    gate_open(&toy.gate); /* who still waits may end */
    http_toy_close(&toy);
}

/* Send POST /notes with the row `name`, waiting at the gate if told to. */
static void
send_note(struct http_client *client, const char *name, bool waits)
{
    char body[100];

    ck_assert(text_format(body, sizeof body, "{\"name\":\"%s\",\"wait\":%s}", name,
                          waits ? "true" : "false"));
    ck_assert(http_client_print(client,
                                "POST /notes HTTP/1.1\r\nHost: t\r\nContent-Type: "
                                "application/json\r\nContent-Length: %zu\r\n\r\n%s",
                                strlen(body), body));
}

static int
read_status(struct http_client *client)
{
    struct http_reply reply;

    if (!http_client_read(client, true, &reply))
        return 0;
    int status = reply.status;

    http_reply_free(&reply);
    return status;
}

START_TEST(a_write_is_answered_when_it_is_on_disk)
{
    ck_assert_int_eq(http_status(toy.port, "POST", "/notes", NULL, "{\"name\":\"one\"}"),
                     201);
    ck_assert_int_eq(store_fixture_noted(&toy.store.dir, "one"), 1);
}
END_TEST

START_TEST(a_job_that_fails_is_answered_with_its_problem_and_leaves_nothing)
{
    struct http_reply reply =
        http_ask(toy.port, "POST", "/notes/conflict", "Accept-Language: en\r\n", NULL);

    ck_assert_int_eq(reply.status, 409);
    ck_assert_ptr_nonnull(strstr(reply.body, "it is now at version 7"));
    http_reply_free(&reply);
    ck_assert_int_eq(
        http_status(toy.port, "POST", "/notes", NULL, "{\"name\":\"twice\"}"), 201);
    /* The same row again breaks the key of the table. */
    ck_assert_int_ge(
        http_status(toy.port, "POST", "/notes", NULL, "{\"name\":\"twice\"}"), 409);
    ck_assert_int_eq(store_fixture_noted(&toy.store.dir, "twice"), 1);
}
END_TEST

START_TEST(a_write_without_a_job_is_answered_at_once)
{
    ck_assert_int_eq(http_status(toy.port, "POST", "/notes/now", NULL, NULL), 200);
    ck_assert_int_eq(http_status(toy.port, "PUT", "/things/1/part", NULL, "{}"), 204);
}
END_TEST

START_TEST(a_route_that_needs_a_key_refuses_a_request_without_one)
{
    ck_assert_int_eq(http_status(toy.port, "POST", "/notes/keyed", NULL, NULL), 422);
    ck_assert_int_eq(
        http_status(toy.port, "POST", "/notes/keyed", "Idempotency-Key: k1\r\n", NULL),
        200);
    /* Who is not signed in learns nothing of it. */
    ck_assert_int_eq(
        http_status(toy.port, "POST", "/notes/keyed", "X-Who: nobody\r\n", NULL), 401);
}
END_TEST

START_TEST(a_job_with_slow_work_goes_by_a_worker)
{
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(http_status(toy.port, "POST", "/notes/slow", NULL, NULL), 204);
}
END_TEST

START_TEST(reads_are_answered_while_a_write_waits)
{
    struct http_client writing;

    http_client_open(&writing, toy.port);
    send_note(&writing, "waits", true);
    gate_await_waiting(&toy.gate, 1);
    for (int i = 0; i < 50; i++)
        ck_assert_int_eq(http_status(toy.port, "GET", "/things/1", NULL, NULL), 200);
    http_toy_await_suspended(&toy, 1);
    gate_open(&toy.gate);
    ck_assert_int_eq(read_status(&writing), 201);
    http_client_close(&writing);
    http_toy_await_suspended(&toy, 0);
}
END_TEST

START_TEST(a_full_queue_is_503_with_a_time_to_come_back)
{
    enum { PLACES = 4, MORE = 6 };
    struct http_client clients[PLACES + MORE];
    char value[20];
    int busy = 0, made = 0;

    http_toy_close(&toy);
    http_toy_prepare(&toy);
    toy.config->writer_queue = PLACES;
    http_toy_start(&toy);
    for (int i = 0; i < PLACES; i++) {
        char name[20];

        ck_assert(text_format(name, sizeof name, "full-%d", i));
        http_client_open(&clients[i], toy.port);
        send_note(&clients[i], name, true);
        if (i == 0)
            gate_await_waiting(&toy.gate, 1);
    }
    http_toy_await_suspended(&toy, PLACES);
    for (int i = PLACES; i < PLACES + MORE; i++) {
        char name[20];
        struct http_reply reply;

        ck_assert(text_format(name, sizeof name, "full-%d", i));
        http_client_open(&clients[i], toy.port);
        send_note(&clients[i], name, true);
        /* Whether the one being written counts is the writer's affair. */
        struct http_stats stats;
        http_stats(toy.server, &stats);
        while (stats.suspended == PLACES + made && stats.replies[5] == busy)
            http_stats(toy.server, &stats);
        if (stats.replies[5] == busy) {
            made++;
            continue;
        }
        busy++;
        ck_assert(http_client_read(&clients[i], true, &reply));
        ck_assert_int_eq(reply.status, 503);
        ck_assert_str_eq(http_reply_field(&reply, "Retry-After", value, sizeof value),
                         "1");
        ck_assert_ptr_nonnull(strstr(reply.body, "\"busy\""));
        http_reply_free(&reply);
        ck_assert(!http_client_awaits_end(&clients[i], 0)); /* it may try again on it */
    }
    ck_assert_int_ge(busy, MORE - 1);
    gate_open(&toy.gate);
    for (int i = 0; i < PLACES; i++)
        ck_assert_int_eq(read_status(&clients[i]), 201);
    for (int i = 0; i < PLACES + MORE; i++)
        http_client_close(&clients[i]);
    ck_assert_int_eq(
        http_status(toy.port, "POST", "/notes", NULL, "{\"name\":\"after\"}"), 201);
}
END_TEST

/* A reset, a half-closed and a closed connection, each while its job waits. */
START_TEST(a_client_that_vanishes_while_suspended_harms_nobody)
{
    enum { COUNT = 60 };
    struct http_client clients[COUNT];
    struct linger reset = { .l_onoff = 1, .l_linger = 0 };

    for (int i = 0; i < COUNT; i++) {
        char name[20];

        ck_assert(text_format(name, sizeof name, "gone-%d", i));
        http_client_open(&clients[i], toy.port);
        send_note(&clients[i], name, i == 0);
        if (i == 0)
            gate_await_waiting(&toy.gate, 1);
    }
    http_toy_await_suspended(&toy, COUNT);
    for (int i = 0; i < COUNT; i++) {
        if (i % 3 == 0)
            ck_assert_int_eq(
                setsockopt(clients[i].fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset),
                0);
        if (i % 3 == 1)
            http_client_half_close(&clients[i]);
        else
            http_client_close(&clients[i]);
    }
    gate_open(&toy.gate);
    http_toy_await_suspended(&toy, 0);
    for (int i = 1; i < COUNT; i += 3) {
        /* The end of the stream may be seen first; never half an answer. */
        int status = read_status(&clients[i]);

        ck_assert_msg(status == 201 || status == 0, "%d", status);
        http_client_close(&clients[i]);
    }
    /* Each was written, whether or not anybody heard of it. */
    for (int i = 0; i < COUNT; i++) {
        char name[20];

        ck_assert(text_format(name, sizeof name, "gone-%d", i));
        ck_assert_int_eq(store_fixture_noted(&toy.store.dir, name), 1);
    }
    ck_assert_int_eq(http_status(toy.port, "GET", "/things/1", NULL, NULL), 200);
}
END_TEST

/* --- Many at once --------------------------------------------------------------------------------- */

struct crowd {
    pthread_t thread;
    int number, failures;
};

static void *
be_one_of_many(void *context)
{
    struct crowd *one = context;
    struct http_client client;

    http_client_open(&client, toy.port);
    for (int i = 0; i < 10; i++) {
        char name[40];

        ck_assert(text_format(name, sizeof name, "crowd-%d-%d", one->number, i));
        send_note(&client, name, false);
        one->failures += read_status(&client) != 201;
        ck_assert(
            http_client_print(&client, "GET /things/%d HTTP/1.1\r\nHost: t\r\n\r\n", i));
        one->failures += read_status(&client) != 200;
    }
    http_client_close(&client);
    return NULL;
}

START_TEST(sixty_four_clients_at_once_are_all_served)
{
    enum { COUNT = 64 };
    struct crowd crowd[COUNT];
    struct http_stats stats;

    for (int i = 0; i < COUNT; i++) {
        crowd[i] = (struct crowd){ .number = i };
        ck_assert_int_eq(
            pthread_create(&crowd[i].thread, NULL, be_one_of_many, &crowd[i]), 0);
    }
    for (int i = 0; i < COUNT; i++) {
        ck_assert_int_eq(pthread_join(crowd[i].thread, NULL), 0);
        ck_assert_int_eq(crowd[i].failures, 0);
    }
    ck_assert_int_eq(
        store_fixture_number(&toy.store.dir,
                             "SELECT count(*) FROM setting WHERE name LIKE 'crowd-%'"),
        COUNT * 10);
    http_stats(toy.server, &stats);
    ck_assert_int_eq(stats.suspended, 0);
    ck_assert_int_ge(stats.requests, (int64_t)COUNT * 20);
}
END_TEST

/* --- Stopping -------------------------------------------------------------------------------------- */

static void *
stop_server(void *context)
{
    http_toy_stop(context);
    return NULL;
}

START_TEST(a_stop_answers_who_is_suspended_and_refuses_who_comes_later)
{
    enum { COUNT = 20 };
    struct http_client clients[COUNT], kept;
    pthread_t stopping;
    int status = 0;

    http_client_open(&kept, toy.port);
    ck_assert(http_client_print(&kept, "GET / HTTP/1.1\r\nHost: t\r\n\r\n"));
    ck_assert_int_eq(read_status(&kept), 200);
    for (int i = 0; i < COUNT; i++) {
        char name[20];

        ck_assert(text_format(name, sizeof name, "stop-%d", i));
        http_client_open(&clients[i], toy.port);
        send_note(&clients[i], name, i == 0);
        if (i == 0)
            gate_await_waiting(&toy.gate, 1);
    }
    http_toy_await_suspended(&toy, COUNT);
    http_server_quiesce(toy.server);
    ck_assert(http_server_is_draining(toy.server));
    ck_assert_int_eq(pthread_create(&stopping, NULL, stop_server, &toy), 0);
    /* A connection kept alive is still served, and told that it was the last time. */
    struct http_reply reply;
    char value[20];

    ck_assert(http_client_print(&kept, "GET / HTTP/1.1\r\nHost: t\r\n\r\n"));
    ck_assert(http_client_read(&kept, true, &reply));
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(http_reply_field(&reply, "Connection", value, sizeof value),
                     "close");
    http_reply_free(&reply);
    http_client_close(&kept);
    gate_open(&toy.gate);
    for (int i = 0; i < COUNT; i++) {
        status = read_status(&clients[i]);
        ck_assert_int_eq(status, 201);
        http_client_close(&clients[i]);
    }
    ck_assert_int_eq(pthread_join(stopping, NULL), 0);
    ck_assert_int_eq(
        store_fixture_number(&toy.store.dir,
                             "SELECT count(*) FROM setting WHERE name LIKE 'stop-%'"),
        COUNT);
}
END_TEST

START_TEST(a_write_after_the_writer_was_drained_is_503_and_no_crash)
{
    struct http_client client;

    http_client_open(&client, toy.port);
    ck_assert(http_client_print(&client, "GET / HTTP/1.1\r\nHost: t\r\n\r\n"));
    ck_assert_int_eq(read_status(&client), 200);
    http_server_quiesce(toy.server);
    writer_drain(toy.store.writer);
    send_note(&client, "late", false);
    ck_assert_int_eq(read_status(&client), 503);
    http_client_close(&client);
    http_toy_stop(&toy);
    ck_assert_int_eq(store_fixture_noted(&toy.store.dir, "late"), 0);
}
END_TEST

/* Clients that never finish a request do not hold up a stop. */
START_TEST(a_stop_does_not_wait_for_half_a_request)
{
    struct http_client clients[3];
    int64_t started_ms = time_monotonic_ms();

    for (int i = 0; i < 3; i++)
        http_client_open(&clients[i], toy.port);
    ck_assert(http_client_print(&clients[1], "GET / HT"));
    ck_assert(http_client_print(&clients[2],
                                "POST /notes HTTP/1.1\r\nHost: t\r\nContent-Type: "
                                "application/json\r\nContent-Length: 99\r\n\r\n{"));
    http_toy_stop(&toy);
    ck_assert_int_lt(time_monotonic_ms() - started_ms, 5000);
    for (int i = 0; i < 3; i++) {
        ck_assert(http_client_awaits_end(&clients[i], 5000));
        http_client_close(&clients[i]);
    }
}
END_TEST

/* Requests come and go while it happens, over and over. */
START_TEST(servers_stop_under_load_without_a_fault)
{
    enum { ROUNDS = 8, COUNT = 16 };

    http_toy_close(&toy);
    for (int round = 0; round < ROUNDS; round++) {
        struct http_client clients[COUNT];
        pthread_t stopping;

        http_toy_open(&toy);
        for (int i = 0; i < COUNT; i++) {
            http_client_open(&clients[i], toy.port);
            for (int j = 0; j < 5; j++) {
                char name[40];

                ck_assert(text_format(name, sizeof name, "load-%d-%d", i, j));
                send_note(&clients[i], name, false);
            }
        }
        ck_assert_int_eq(pthread_create(&stopping, NULL, stop_server, &toy), 0);
        for (int i = 0; i < COUNT; i++) {
            int status = 0;

            do { /* whatever was begun is answered whole, then the end */
                status = read_status(&clients[i]);
                ck_assert_msg(status == 0 || status == 201 || status == 503, "%d",
                              status);
            } while (status != 0);
            http_client_close(&clients[i]);
        }
        ck_assert_int_eq(pthread_join(stopping, NULL), 0);
        http_toy_close(&toy);
    }
    http_toy_open(&toy);
}
END_TEST

Suite *
suite_http_write(void)
{
    Suite *suite = suite_create("http_write");
    TCase *writes = tcase_create("writes"), *many = tcase_create("many");
    TCase *stops = tcase_create("stops");
    TCase *all[] = { writes, many, stops };

    tcase_add_test(writes, a_write_is_answered_when_it_is_on_disk);
    tcase_add_test(writes,
                   a_job_that_fails_is_answered_with_its_problem_and_leaves_nothing);
    tcase_add_test(writes, a_write_without_a_job_is_answered_at_once);
    tcase_add_test(writes, a_route_that_needs_a_key_refuses_a_request_without_one);
    tcase_add_test(writes, a_job_with_slow_work_goes_by_a_worker);
    tcase_add_test(writes, reads_are_answered_while_a_write_waits);
    tcase_add_test(writes, a_full_queue_is_503_with_a_time_to_come_back);
    tcase_add_test(many, a_client_that_vanishes_while_suspended_harms_nobody);
    tcase_add_test(many, sixty_four_clients_at_once_are_all_served);
    tcase_set_timeout(stops, 60); /* many servers, on a busy machine */
    tcase_add_test(stops, a_stop_answers_who_is_suspended_and_refuses_who_comes_later);
    tcase_add_test(stops, a_write_after_the_writer_was_drained_is_503_and_no_crash);
    tcase_add_test(stops, a_stop_does_not_wait_for_half_a_request);
    tcase_add_test(stops, servers_stop_under_load_without_a_fault);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        tcase_add_checked_fixture(all[i], setup, teardown);
        suite_add_tcase(suite, all[i]);
    }
    return suite;
}
