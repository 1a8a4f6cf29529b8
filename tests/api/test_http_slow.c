#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/timeutil.h"
#include "support/http_client.h"
#include "support/http_toy.h"

Suite *suite_http_slow(void);

/* Clients that take their time are closed at their deadlines; others notice nothing. */

#define HEADER_MS 320
#define BODY_MS 480
#define IDLE_MS 400
/* What a deadline may be late by on a busy machine. */
#define LATE_MS 3000

static struct http_toy toy;

static void
setup(void)
{
    http_toy_prepare(&toy);
    toy.config->header_timeout_ms = HEADER_MS;
    toy.config->body_timeout_ms = BODY_MS;
    toy.config->idle_timeout_ms = IDLE_MS;
    http_toy_start(&toy);
}

static void
teardown(void)
{
    gate_open(&toy.gate);
    http_toy_close(&toy);
}

static int64_t
swept(void)
{
    struct http_stats stats;

    http_stats(toy.server, &stats);
    return stats.swept_connections;
}

/*
 * Send a byte of `bytes` every 15 ms, over and over, until the server closes.
 * Returns how long it took.
 */
static int64_t
drip(struct http_client *client, const char *bytes)
{
    int64_t started_ms = time_monotonic_ms();
    size_t at = 0;

    while (!http_client_awaits_end(client, 15)) {
        if (bytes[at] == '\0')
            at = 0;
        if (!http_client_send(client, bytes + at, 1))
            break;
        at++;
        ck_assert_msg(time_monotonic_ms() - started_ms < HTTP_CLIENT_PATIENCE_MS,
                      "never closed");
    }
    return time_monotonic_ms() - started_ms;
}

static void
expect_closed_after(int64_t took_ms, int64_t deadline_ms)
{
    ck_assert_msg(took_ms >= deadline_ms - 60 && took_ms < deadline_ms + LATE_MS,
                  "closed after %d ms, not %d", (int)took_ms, (int)deadline_ms);
}

START_TEST(a_head_that_drips_is_cut_off_however_steadily_it_comes)
{
    struct http_client client;

    http_client_open(&client, toy.port);
    ck_assert(http_client_print(&client, "GET / HTTP/1.1\r\nHost: t\r\nX: "));
    expect_closed_after(drip(&client, "a"), HEADER_MS);
    http_client_close(&client);
    ck_assert_int_eq(swept(), 1);
}
END_TEST

START_TEST(a_request_line_that_drips_is_cut_off)
{
    struct http_client client;

    http_client_open(&client, toy.port);
    expect_closed_after(drip(&client, "GET /things/1111111111111111111111111111"),
                        HEADER_MS);
    http_client_close(&client);
    ck_assert_int_eq(swept(), 1);
}
END_TEST

START_TEST(empty_lines_before_a_request_do_not_keep_a_connection)
{
    struct http_client client;

    http_client_open(&client, toy.port);
    expect_closed_after(drip(&client, "\r\n"), HEADER_MS);
    http_client_close(&client);
}
END_TEST

START_TEST(a_body_that_drips_is_cut_off)
{
    struct http_client client;

    http_client_open(&client, toy.port);
    ck_assert(http_client_print(&client,
                                "POST /notes HTTP/1.1\r\nHost: t\r\nContent-Type: "
                                "application/json\r\nContent-Length: 1000\r\n\r\n"));
    expect_closed_after(drip(&client, " "), BODY_MS);
    http_client_close(&client);
    ck_assert_int_eq(swept(), 1);
}
END_TEST

START_TEST(a_body_that_is_only_drained_is_cut_off_as_well)
{
    struct http_client client;

    http_client_open(&client, toy.port);
    ck_assert(http_client_print(&client, "POST /nowhere HTTP/1.1\r\nHost: t\r\n"
                                         "Content-Length: 1000000\r\n\r\n"));
    expect_closed_after(drip(&client, " "), BODY_MS);
    http_client_close(&client);
}
END_TEST

START_TEST(a_connection_that_says_nothing_is_closed)
{
    struct http_client silent, idle;
    struct http_reply reply;

    http_client_open(&silent, toy.port);
    http_client_open(&idle, toy.port);
    ck_assert(http_client_print(&idle, "GET / HTTP/1.1\r\nHost: t\r\n\r\n"));
    ck_assert(http_client_read(&idle, true, &reply));
    int64_t started_ms = time_monotonic_ms();

    http_reply_free(&reply);
    ck_assert(http_client_awaits_end(&silent, HTTP_CLIENT_PATIENCE_MS));
    ck_assert(http_client_awaits_end(&idle, HTTP_CLIENT_PATIENCE_MS));
    expect_closed_after(time_monotonic_ms() - started_ms, IDLE_MS);
    http_client_close(&silent);
    http_client_close(&idle);
    ck_assert_int_eq(swept(), 2);
}
END_TEST

START_TEST(a_client_that_does_not_read_its_answers_is_cut_off)
{
    struct http_client client;
    int64_t until_ms = time_monotonic_ms() + HTTP_CLIENT_PATIENCE_MS;
    char text[3001];

    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    http_client_open(&client, toy.port);
    /* Answers of 3 kB, until the buffers of both sides are full and then some. */
    for (int i = 0; i < 10000; i++)
        if (!http_client_print(&client, "GET /things/1?q=%s HTTP/1.1\r\nHost: t\r\n\r\n",
                               text))
            break;
    while (swept() == 0)
        ck_assert_msg(time_monotonic_ms() < until_ms, "never closed");
    http_client_close(&client);
}
END_TEST

START_TEST(a_request_that_waits_for_us_has_no_deadline)
{
    struct http_client client;
    struct http_reply reply;
    static const char body[] = "{\"name\":\"patient\",\"wait\":true}";

    http_client_open(&client, toy.port);
    ck_assert(http_client_print(&client,
                                "POST /notes HTTP/1.1\r\nHost: t\r\nContent-Type: "
                                "application/json\r\nContent-Length: %zu\r\n\r\n%s",
                                strlen(body), body));
    gate_await_waiting(&toy.gate, 1);
    /* Longer than any deadline. */
    ck_assert(!http_client_awaits_end(&client, HEADER_MS + BODY_MS + IDLE_MS));
    gate_open(&toy.gate);
    ck_assert(http_client_read(&client, true, &reply));
    ck_assert_int_eq(reply.status, 201);
    http_reply_free(&reply);
    http_client_close(&client);
    ck_assert_int_eq(swept(), 0);
}
END_TEST

START_TEST(a_client_that_is_in_time_keeps_its_connection)
{
    struct http_client client;
    int64_t until_ms = time_monotonic_ms() + 2 * (int64_t)(HEADER_MS + IDLE_MS);

    http_client_open(&client, toy.port);
    while (time_monotonic_ms() < until_ms) {
        struct http_reply reply;

        ck_assert(http_client_print(&client, "GET /things/1 HTTP/1.1\r\n"));
        ck_assert(!http_client_awaits_end(&client, HEADER_MS / 4));
        ck_assert(http_client_print(&client, "Host: t\r\n\r\n"));
        ck_assert(http_client_read(&client, true, &reply));
        ck_assert_int_eq(reply.status, 200);
        http_reply_free(&reply);
        ck_assert(!http_client_awaits_end(&client, IDLE_MS / 4));
    }
    http_client_close(&client);
    ck_assert_int_eq(swept(), 0);
}
END_TEST

START_TEST(two_hundred_slow_clients_are_all_closed_and_others_are_served_meanwhile)
{
    enum { COUNT = 200 };
    struct http_client *clients = calloc(COUNT, sizeof *clients);
    int64_t until_ms = time_monotonic_ms() + HTTP_CLIENT_PATIENCE_MS;
    int asked = 0, closed = 0;

    ck_assert_ptr_nonnull(clients);
    for (int i = 0; i < COUNT; i++) {
        http_client_open(&clients[i], toy.port);
        ck_assert(http_client_print(
            &clients[i], i % 2 ? "GET / HTTP/1.1\r\nX: "
                               : "POST /notes HTTP/1.1\r\nHost: t\r\nContent-Type: "
                                 "application/json\r\nContent-Length: 9000\r\n\r\n"));
    }
    while (closed < COUNT) {
        ck_assert_msg(time_monotonic_ms() < until_ms, "%d of %d are closed", closed,
                      COUNT);
        closed = 0;
        for (int i = 0; i < COUNT; i++) {
            if (!http_client_awaits_end(&clients[i], 0))
                (void)http_client_send(&clients[i], "a", 1); /* until it is closed */
            closed += clients[i].is_ended;
        }
        int64_t started_ms = time_monotonic_ms();

        ck_assert_int_eq(http_status(toy.port, "GET", "/things/1", NULL, NULL), 200);
        ck_assert_int_lt(time_monotonic_ms() - started_ms, 2000);
        asked++;
    }
    ck_assert_int_gt(asked, 1);
    ck_assert_int_le(swept(), COUNT);
    for (int i = 0; i < COUNT; i++)
        http_client_close(&clients[i]);
    free(clients);
}
END_TEST

Suite *
suite_http_slow(void)
{
    Suite *suite = suite_create("http_slow");
    TCase *tcase = tcase_create("http_slow");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, a_head_that_drips_is_cut_off_however_steadily_it_comes);
    tcase_add_test(tcase, a_request_line_that_drips_is_cut_off);
    tcase_add_test(tcase, empty_lines_before_a_request_do_not_keep_a_connection);
    tcase_add_test(tcase, a_body_that_drips_is_cut_off);
    tcase_add_test(tcase, a_body_that_is_only_drained_is_cut_off_as_well);
    tcase_add_test(tcase, a_connection_that_says_nothing_is_closed);
    tcase_add_test(tcase, a_client_that_does_not_read_its_answers_is_cut_off);
    tcase_add_test(tcase, a_request_that_waits_for_us_has_no_deadline);
    tcase_add_test(tcase, a_client_that_is_in_time_keeps_its_connection);
    tcase_add_test(
        tcase, two_hundred_slow_clients_are_all_closed_and_others_are_served_meanwhile);
    suite_add_tcase(suite, tcase);
    return suite;
}
