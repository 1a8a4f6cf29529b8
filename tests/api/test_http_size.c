#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/http_client.h"
#include "support/http_toy.h"

Suite *suite_http_size(void);

/* Heads of every size: served, refused, or closed on; never a hang, never a leak. */

#define CLOSED 0
#define H "Host: t\r\n"
#define COUNT_OF(list) (sizeof list / sizeof list[0])

static struct http_toy toy;

static void
setup(void)
{
    http_toy_open(&toy);
}

static void
teardown(void)
{
    http_toy_close(&toy);
}

/* A head of `bytes` bytes in all, in fields of `field` bytes. */
static char *
head_of(size_t bytes, size_t field)
{
    static const char start[] = "GET /things/1 HTTP/1.1\r\n" H;
    char *head = malloc(bytes + 1);
    size_t used = sizeof start - 1;

    ck_assert_ptr_nonnull(head);
    memcpy(head, start, used);
    while (used + field + 2 + 8 <= bytes) {
        memset(head + used, 'a', field);
        memcpy(head + used, "X: ", 3);
        memcpy(head + used + field - 2, "\r\n", 2);
        used += field;
    }
    memset(head + used, 'b', bytes - used);
    memcpy(head + used, "Y: ", 3);
    memcpy(head + bytes - 4, "\r\n\r\n", 5);
    return head;
}

static int
status_of_head(size_t bytes, size_t field)
{
    struct http_client client;
    struct http_reply reply = { .status = CLOSED };
    char *head = head_of(bytes, field);

    http_client_open(&client, toy.port);
    (void)http_client_send(&client, head, bytes); /* may be cut off */
    bool is_answered = http_client_read(&client, true, &reply);
    int status = reply.status;

    if (is_answered)
        http_reply_free(&reply);
    http_client_close(&client);
    free(head);
    return status;
}

START_TEST(heads_of_any_size_are_served_or_refused_and_never_hang)
{
    ck_assert_int_eq(status_of_head(16000, 400), 200);
    ck_assert_int_eq(status_of_head(24 * 1024, 8000), 200);
    ck_assert_int_eq(status_of_head(24 * 1024 + 1, 8000), 400);
    for (size_t bytes = 1000; bytes < 70000; bytes += 991) {
        static const size_t fields[] = { 20, 100, 4000 };

        for (size_t i = 0; i < COUNT_OF(fields); i++) {
            int status = status_of_head(bytes, fields[i]);

            /* Beyond its memory libmicrohttpd may only have room to close. */
            ck_assert_msg(status == 200 || status == 400 || status == 431 ||
                              (status == CLOSED && bytes > 16000),
                          "%zu bytes in fields of %zu: %d", bytes, fields[i], status);
        }
    }
}
END_TEST

START_TEST(targets_of_any_size_are_served_or_refused_and_never_hang)
{
    static const char before[] = "GET /things/1?q=", behind[] = " HTTP/1.1\r\n" H "\r\n";
    char *request = malloc(70000);

    ck_assert_ptr_nonnull(request);
    for (size_t bytes = 4000; bytes < 60000; bytes += 877)
        for (int filler = 0; filler < 3; filler++) {
            struct http_client client;
            struct http_reply reply = { .status = CLOSED };
            size_t at = sizeof before - 1;

            memcpy(request, before, at);
            memset(request + at, "a&="[filler], bytes);
            memcpy(request + at + bytes, behind, sizeof behind);
            http_client_open(&client, toy.port);
            (void)http_client_send(&client, request, strlen(request));
            bool is_answered = http_client_read(&client, true, &reply);

            ck_assert_msg(reply.status == 200 || reply.status == 400 ||
                              reply.status == 414 || reply.status == 431 ||
                              (reply.status == CLOSED && bytes > 16000),
                          "%zu of '%c': %d", bytes, "a&="[filler], reply.status);
            if (is_answered)
                http_reply_free(&reply);
            http_client_close(&client);
        }
    free(request);
    ck_assert_int_eq(http_status(toy.port, "GET", "/things/1", NULL, NULL), 200);
}
END_TEST

/* More parameters, cookies and fields than the connection has memory for. */
START_TEST(a_request_that_exhausts_the_memory_of_its_connection_harms_nobody)
{
    static const char *const parts[] = { "&", "a=b&", "a&" };
    struct http_stats stats;
    int64_t until = 0;

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        char *target = malloc(5000);
        size_t used = (size_t)sprintf(target, "/things/1?");

        while (used + strlen(parts[i]) < 4000)
            used += (size_t)sprintf(target + used, "%s", parts[i]);
        ck_assert_int_eq(http_status(toy.port, "GET", target, NULL, NULL), 400);
        free(target);
    }
    for (size_t count = 100; count < 8000; count += 700) {
        char *cookie = malloc(4 * count + 200);
        size_t used = (size_t)sprintf(cookie, "GET /things/1 HTTP/1.1\r\n" H "Cookie: ");
        struct http_client client;
        struct http_reply reply;

        for (size_t i = 0; i < count; i++)
            used += (size_t)sprintf(cookie + used, "a=;");
        used += (size_t)sprintf(cookie + used, "\r\n\r\n");
        http_client_open(&client, toy.port);
        (void)http_client_send(&client, cookie, used);
        if (http_client_read(&client, true, &reply))
            http_reply_free(&reply);
        http_client_close(&client);
        free(cookie);
    }
    ck_assert_int_eq(http_status(toy.port, "GET", "/things/1", NULL, NULL), 200);
    do
        http_stats(toy.server, &stats);
    while (stats.connections > 0 && until++ < 10000000);
    ck_assert_int_eq(stats.connections, 0);
}
END_TEST

Suite *
suite_http_size(void)
{
    Suite *suite = suite_create("http_size");
    TCase *tcase = tcase_create("http_size");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, heads_of_any_size_are_served_or_refused_and_never_hang);
    tcase_add_test(tcase, targets_of_any_size_are_served_or_refused_and_never_hang);
    tcase_add_test(tcase,
                   a_request_that_exhausts_the_memory_of_its_connection_harms_nobody);
    suite_add_tcase(suite, tcase);
    return suite;
}
