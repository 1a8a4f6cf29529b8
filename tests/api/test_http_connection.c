#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/text.h"
#include "support/http_client.h"
#include "support/http_toy.h"

Suite *suite_http_connection(void);

/* Bodies, and what a connection outlives. */

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

/* --- Bodies ------------------------------------------------------------------------------------------ */

/* A body of `bytes` bytes that is JSON; free() it. */
static char *
body_of(size_t bytes)
{
    char *body = malloc(bytes + 1);

    ck_assert_ptr_nonnull(body);
    memset(body, ' ', bytes);
    if (bytes >= 14)
        memcpy(body, "{\"name\":\"big\"}", 14);
    body[bytes] = '\0';
    return body;
}

static int
post_bytes(size_t declared, size_t sent, bool *ret_is_closed)
{
    struct http_client client;
    struct http_reply reply;
    char *body = body_of(sent);

    http_client_open(&client, toy.port);
    ck_assert(http_client_print(&client,
                                "POST /notes HTTP/1.1\r\nHost: t\r\nContent-Type: "
                                "application/json\r\nContent-Length: %zu\r\n\r\n",
                                declared));
    (void)http_client_send(&client, body, sent); /* may be cut off */
    ck_assert(http_client_read(&client, true, &reply));
    int status = reply.status;

    *ret_is_closed = http_client_awaits_end(&client, 50);
    free(body);
    http_reply_free(&reply);
    http_client_close(&client);
    return status;
}

START_TEST(a_body_may_have_256_kibibytes_and_no_byte_more)
{
    bool is_closed = false;

    ck_assert_int_eq(post_bytes(256 * 1024, 256 * 1024, &is_closed), 201);
    ck_assert(!is_closed);
    /* Read to its end, so that the answer is not lost. */
    ck_assert_int_eq(post_bytes(256 * 1024 + 1, 256 * 1024 + 1, &is_closed), 413);
    ck_assert(is_closed);
    ck_assert_int_eq(post_bytes(1024 * 1024, 1024 * 1024, &is_closed), 413);
    ck_assert(is_closed);
    /* Longer ones are refused from their head. */
    ck_assert_int_eq(post_bytes((size_t)100 * 1024 * 1024, 0, &is_closed), 413);
    ck_assert(is_closed);
}
END_TEST

START_TEST(a_body_must_be_json_in_utf_8)
{
    static const struct {
        const char *type;
        int status;
    } types[] = {
        { "application/json", 201 },
        { "Application/JSON", 201 },
        { "application/json; charset=utf-8", 201 },
        { "application/json;charset=\"UTF-8\"", 201 },
        { "application/json; charset=gb18030", 415 },
        { "application/jsonp", 415 },
        { "application/x-www-form-urlencoded", 415 },
        { "multipart/form-data; boundary=x", 415 },
        { "text/plain", 415 },
        { "", 415 },
    };

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct http_client client;
        struct http_reply reply;
        char body[64];

        ck_assert(text_format(body, sizeof body, "{\"name\":\"n%zu\"}", i));
        http_client_open(&client, toy.port);
        ck_assert(http_client_print(&client,
                                    "POST /notes HTTP/1.1\r\nHost: t\r\n%s%s%s"
                                    "Content-Length: %zu\r\n\r\n%s",
                                    types[i].type[0] ? "Content-Type: " : "",
                                    types[i].type, types[i].type[0] ? "\r\n" : "",
                                    strlen(body), body));
        ck_assert(http_client_read(&client, true, &reply));
        ck_assert_msg(reply.status == types[i].status, "%s: %d", types[i].type,
                      reply.status);
        ck_assert(!http_client_awaits_end(&client, 0)); /* the body was read */
        http_reply_free(&reply);
        http_client_close(&client);
    }
}
END_TEST

START_TEST(a_post_without_a_length_is_411)
{
    struct http_client client;
    struct http_reply reply;

    http_client_open(&client, toy.port);
    ck_assert(http_client_print(&client, "POST /notes/now HTTP/1.1\r\nHost: t\r\n\r\n"));
    ck_assert(http_client_read(&client, true, &reply));
    cJSON_Delete(http_expect_problem(&reply, 411, "http.length_required"));
    ck_assert(http_client_awaits_end(&client, 5000));
    http_reply_free(&reply);
    http_client_close(&client);
    ck_assert_int_eq(http_status(toy.port, "POST", "/notes/now", NULL, NULL), 200);
}
END_TEST

START_TEST(a_client_that_asks_before_it_sends_is_told_to_go_on_or_not)
{
    struct http_client client;
    struct http_reply reply;

    http_client_open(&client, toy.port);
    ck_assert(http_client_print(&client,
                                "POST /notes HTTP/1.1\r\nHost: t\r\n"
                                "Content-Type: application/json\r\n"
                                "Expect: 100-continue\r\nContent-Length: 14\r\n\r\n"));
    ck_assert(http_client_read(&client, false, &reply));
    ck_assert_int_eq(reply.status, 100);
    http_reply_free(&reply);
    ck_assert(http_client_print(&client, "{\"name\":\"ask\"}"));
    ck_assert(http_client_read(&client, true, &reply));
    ck_assert_int_eq(reply.status, 201);
    http_reply_free(&reply);
    ck_assert(http_client_print(&client,
                                "POST /notes HTTP/1.1\r\nHost: t\r\n"
                                "Content-Type: text/plain\r\n"
                                "Expect: 100-continue\r\nContent-Length: 14\r\n\r\n"));
    ck_assert(http_client_read(&client, true, &reply));
    ck_assert_int_eq(reply.status, 415);
    ck_assert(http_client_awaits_end(&client, 5000));
    http_reply_free(&reply);
    http_client_close(&client);
}
END_TEST

START_TEST(bad_json_and_bad_members_are_told_apart)
{
    http_expect_refused(toy.port, "POST", "/notes", NULL, "{\"name\":", 400,
                        "json.malformed");
    http_expect_refused(toy.port, "POST", "/notes", NULL, "{}", 422, "fields");
    http_expect_refused(toy.port, "POST", "/notes", NULL, "{\"name\":\"x\",\"more\":1}",
                        422, "fields");
}
END_TEST

/* --- Connections --------------------------------------------------------------------------------------- */

START_TEST(head_is_get_without_the_body)
{
    struct http_client client;
    struct http_reply head, get;
    char one[32], two[32];

    http_client_open(&client, toy.port);
    ck_assert(http_client_print(&client, "HEAD /things/1 HTTP/1.1\r\nHost: t\r\n\r\n"
                                         "GET /things/1 HTTP/1.1\r\nHost: t\r\n\r\n"));
    ck_assert(http_client_read(&client, false, &head));
    ck_assert(http_client_read(&client, true, &get)); /* begins right behind the head */
    ck_assert_int_eq(head.status, 200);
    ck_assert_str_eq(http_reply_field(&head, "Content-Length", one, sizeof one),
                     http_reply_field(&get, "Content-Length", two, sizeof two));
    http_reply_free(&head);
    http_reply_free(&get);
    http_client_close(&client);
    struct http_reply missing = http_ask(toy.port, "HEAD", "/nowhere", NULL, NULL);

    ck_assert_int_eq(missing.status, 404);
    http_reply_free(&missing);
}
END_TEST

START_TEST(a_connection_serves_many_requests_also_after_an_error)
{
    static const struct {
        const char *request;
        int status;
    } steps[] = {
        { "GET / HTTP/1.1\r\nHost: t\r\n\r\n", 200 },
        { "GET /nowhere HTTP/1.1\r\nHost: t\r\n\r\n", 404 },
        { "POST /nowhere HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello", 404 },
        { "POST /notes HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
          "Content-Length: 13\r\n\r\n{\"name\":\"kp\"}",
          201 },
        { "DELETE /things/1 HTTP/1.1\r\nHost: t\r\n\r\n", 405 },
        { "POST /notes HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
          "Content-Length: 2\r\n\r\n{}",
          422 },
        { "GET /things/1 HTTP/1.1\r\nHost: t\r\n\r\n", 200 },
    };
    struct http_client client;

    http_client_open(&client, toy.port);
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
            struct http_reply reply;

            if (round > 0 && steps[i].status == 201)
                continue; /* the row is there */
            ck_assert(http_client_print(&client, "%s", steps[i].request));
            ck_assert(http_client_read(&client, true, &reply));
            ck_assert_msg(reply.status == steps[i].status, "%s%d", steps[i].request,
                          reply.status);
            http_reply_free(&reply);
        }
    http_client_close(&client);
}
END_TEST

START_TEST(pipelined_requests_are_answered_in_order_reads_and_writes)
{
    struct http_client client;

    http_client_open(&client, toy.port);
    for (int i = 0; i < 20; i++) {
        char body[40];

        ck_assert(
            http_client_print(&client, "GET /things/%d HTTP/1.1\r\nHost: t\r\n\r\n", i));
        ck_assert(text_format(body, sizeof body, "{\"name\":\"pipe-%d\"}", i));
        ck_assert(http_client_print(&client,
                                    "POST /notes HTTP/1.1\r\nHost: t\r\nContent-Type: "
                                    "application/json\r\nContent-Length: %zu\r\n\r\n%s",
                                    strlen(body), body));
    }
    for (int i = 0; i < 20; i++) {
        struct http_reply reply;
        char wanted[40];

        ck_assert(http_client_read(&client, true, &reply));
        ck_assert(text_format(wanted, sizeof wanted, "{\"id\":\"%d\",", i));
        ck_assert_msg(strncmp(reply.body, wanted, strlen(wanted)) == 0, "%s", reply.body);
        http_reply_free(&reply);
        ck_assert(http_client_read(&client, true, &reply));
        ck_assert_int_eq(reply.status, 201);
        ck_assert(text_format(wanted, sizeof wanted, "'pipe-%d'", i));
        ck_assert_msg(strstr(reply.body, wanted) != NULL, "%s", reply.body);
        http_reply_free(&reply);
    }
    http_client_close(&client);
}
END_TEST

START_TEST(http_1_0_is_closed_unless_it_asks_to_keep_alive)
{
    struct http_client client;
    struct http_reply reply;
    char value[32];

    http_client_open(&client, toy.port);
    ck_assert(
        http_client_print(&client, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    ck_assert(http_client_read(&client, true, &reply));
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(http_reply_field(&reply, "Connection", value, sizeof value),
                     "Keep-Alive");
    http_reply_free(&reply);
    ck_assert(http_client_print(&client, "GET / HTTP/1.0\r\n\r\n"));
    ck_assert(http_client_read(&client, true, &reply));
    ck_assert_str_eq(http_reply_field(&reply, "Connection", value, sizeof value),
                     "close");
    ck_assert(http_client_awaits_end(&client, 5000));
    http_reply_free(&reply);
    http_client_close(&client);
}
END_TEST

START_TEST(a_client_that_half_closes_has_its_read_answered)
{
    struct http_client client;
    struct http_reply reply;

    /* libmicrohttpd may miss an end that comes with the request; the sweeper does not. */
    http_toy_close(&toy);
    http_toy_prepare(&toy);
    toy.config->idle_timeout_ms = 300;
    http_toy_start(&toy);
    http_client_open(&client, toy.port);
    ck_assert(http_client_print(&client, "GET /things/1 HTTP/1.1\r\nHost: t\r\n\r\n"));
    http_client_half_close(&client);
    /* The end of the stream may be seen before the answer went out; never half of one. */
    if (http_client_read(&client, true, &reply)) {
        ck_assert_int_eq(reply.status, 200);
        http_reply_free(&reply);
    }
    ck_assert(http_client_awaits_end(&client, 5000));
    http_client_close(&client);
}
END_TEST

START_TEST(the_address_is_the_connections_unless_a_trusted_proxy_says_another)
{
    http_expect_member(toy.port, "/things/1", NULL, "address", "\"127.0.0.1\"");
    http_expect_member(toy.port, "/things/1", NULL, "loopback", "true");
    http_expect_member(toy.port, "/things/1", "X-Forwarded-For: 203.0.113.9\r\n",
                       "address", "\"127.0.0.1\"");
    http_expect_member(toy.port, "/things/1", "X-Forwarded-For: 203.0.113.9\r\n",
                       "loopback", "false");
    http_expect_member(toy.port, "/things/1", "Via: 1.1 proxy\r\n", "loopback", "false");
    http_toy_close(&toy);
    http_toy_prepare(&toy);
    strcpy(toy.config->trusted_proxy, "127.0.0.1, 10.0.0.1");
    http_toy_start(&toy);
    http_expect_member(toy.port, "/things/1", "X-Forwarded-For: 203.0.113.9\r\n",
                       "address", "\"203.0.113.9\"");
    http_expect_member(toy.port, "/things/1",
                       "X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.0.0.1\r\n", "address",
                       "\"203.0.113.9\"");
    http_expect_member(toy.port, "/things/1", "X-Forwarded-For: 2001:DB8::1\r\n",
                       "address", "\"2001:db8::1\"");
    http_expect_member(toy.port, "/things/1", "X-Forwarded-For: <script>\r\n", "address",
                       "\"127.0.0.1\"");
    http_expect_member(toy.port, "/things/1", NULL, "address", "\"127.0.0.1\"");
}
END_TEST

START_TEST(an_address_to_listen_on_that_is_none_is_named)
{
    static const char *const wrong[] = { "8080", "127.0.0.1:", "::1:80", "127.0.0.1:http",
                                         "192.0.2.1:0" };

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct config config = *toy.config;
        struct http_config http = toy.http;
        struct problem problem = { .value = "" };
        struct http_server *server = NULL;

        strcpy(config.listen, wrong[i]);
        http.config = &config;
        ck_assert_int_eq(http_server_start(&http, toy.store.store, toy.readers,
                                           toy.store.writer, &server, &problem),
                         ERR_CONFIG_VALUE);
        ck_assert_msg(strncmp(problem.value, "listen: ", 8) == 0 &&
                          strstr(problem.value, wrong[i]) != NULL,
                      "%s", problem.value);
    }
}
END_TEST

Suite *
suite_http_connection(void)
{
    Suite *suite = suite_create("http_connection");
    TCase *bodies = tcase_create("bodies"), *connections = tcase_create("connections");
    TCase *all[] = { bodies, connections };

    tcase_add_test(bodies, a_body_may_have_256_kibibytes_and_no_byte_more);
    tcase_add_test(bodies, a_body_must_be_json_in_utf_8);
    tcase_add_test(bodies, a_post_without_a_length_is_411);
    tcase_add_test(bodies, a_client_that_asks_before_it_sends_is_told_to_go_on_or_not);
    tcase_add_test(bodies, bad_json_and_bad_members_are_told_apart);
    tcase_add_test(connections, head_is_get_without_the_body);
    tcase_add_test(connections, a_connection_serves_many_requests_also_after_an_error);
    tcase_add_test(connections,
                   pipelined_requests_are_answered_in_order_reads_and_writes);
    tcase_add_test(connections, http_1_0_is_closed_unless_it_asks_to_keep_alive);
    tcase_add_test(connections, a_client_that_half_closes_has_its_read_answered);
    tcase_add_test(connections,
                   the_address_is_the_connections_unless_a_trusted_proxy_says_another);
    tcase_add_test(connections, an_address_to_listen_on_that_is_none_is_named);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        tcase_add_checked_fixture(all[i], setup, teardown);
        suite_add_tcase(suite, all[i]);
    }
    return suite;
}
