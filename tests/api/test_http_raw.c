#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "support/http_client.h"
#include "support/http_toy.h"

Suite *suite_http_raw(void);

/*
 * Raw bytes a client may send, each with the status it is answered with.
 * CLOSED is the end of the connection without a word.  Behind each one a
 * request for /hidden is sent in the same breath: behind a refused input it is
 * never answered, behind an accepted one it is, once.
 */

#define CLOSED 0
#define HIDDEN "GET /hidden HTTP/1.1\r\nHost: t\r\n\r\n"
#define H "Host: t\r\n"
#define JSON H "Content-Type: application/json\r\n"

struct raw {
    const char *bytes;
    size_t count;
    int status;
};
#define RAW(status_, bytes_)                                                             \
    {                                                                                    \
        .bytes = bytes_, .count = sizeof bytes_ - 1, .status = status_                   \
    }

/* clang-format off */
/* Two readers would find different lengths, so different next requests. */
static const struct raw smuggling[] = {
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "transfer-encoding: identity\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "Transfer-Encoding:\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "Transfer-Encoding: xchunked\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "Transfer-Encoding: chunked, identity\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n0\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "Transfer-Encoding: \x0b" "chunked\r\n\r\n0\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "X: y\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "X: y\0Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    RAW(400, "POST /notes HTTP/1.0\r\nTransfer-Encoding: chunked\r\nContent-Length: " "5\r\n\r\n0\r\n\r\n"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Content-Length: 2\r\nContent-Length: 30\r\n\r\n{}"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Content-Length: 2\r\ncontent-length: 30\r\n\r\n{}"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Content-Length : 30\r\nContent-Length: 2\r\n\r\n{}"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Content-Length : 30\r\n\r\n{}"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Content-Length: 2, 2\r\n\r\n{}"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Content-Length: +2\r\n\r\n{}"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Content-Length: -2\r\n\r\n{}"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Content-Length: 0x2\r\n\r\n{}"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Content-Length: 2 0\r\n\r\n{}"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Content-Length:\r\n\r\n{}"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Content-Length: 2;x\r\n\r\n{}"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Content-Length: \r\n 2\r\n\r\n{}"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "X: y\n\nContent-Length: 2\r\n\r\n{}"),
    RAW(413, "POST /notes HTTP/1.1\r\n" JSON "Content-Length: 18446744073709551617\r\n\r\n{}"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Content-Length: 9999999999999999999\r\n\r\n{}"),
    RAW(413, "POST /notes HTTP/1.1\r\n" JSON "Content-Length: 99999999999\r\n\r\n{}"),
    RAW(411, "POST /notes HTTP/1.1\r\n" JSON "\r\n"),
    RAW(411, "PUT /things/1/part HTTP/1.1\r\n" JSON "\r\n"),
    RAW(411, "POST /notes HTTP/1.0\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhello"),
    RAW(400, "HEAD / HTTP/1.1\r\n" H "Content-Length: 33\r\n\r\n" HIDDEN),
    RAW(400, "GET /nowhere HTTP/1.1\r\n" H "Content-Length: 33\r\n\r\n" HIDDEN),
};

/* Who is meant, and which resource, must have one reading. */
static const struct raw targets[] = {
    RAW(400, "GET http://t/ HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET HTTP://t/hidden HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET //t/hidden HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET hidden HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET * HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "OPTIONS * HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "CONNECT t:443 HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET ?q=1 HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/%00 HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/1?q=%00 HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/a%00b HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/% HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/%4 HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/%zz HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/1?q=%f HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/%u0041 HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/.. HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/../hidden HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/%2e%2E HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /./hidden HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/..?q=1 HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/1#part HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/a\\b HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/\x01 HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/\x7f HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/\t HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/\xe5\x8a\x9e HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/\"x\" HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/<x> HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /\0/things/1 HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/1?q=a\0b HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/a b HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET  / HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET\t/ HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET / HTTP/1.1 \r\n" H "\r\n"),
};

/* The rest of the head. */
static const struct raw heads[] = {
    RAW(400, "GET / HTTP/1.1\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nHost: t\r\nhost: t\r\n\r\n"),
    RAW(400, "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nHost: user@t\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n Host: t\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nHost : t\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nX y: z\r\n" H "\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n: z\r\n" H "\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nX(y): z\r\n" H "\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nX\x80y: z\r\n" H "\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nno colon\r\n" H "\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nX: a\x01" "b\r\n" H "\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nX: a\x7f" "b\r\n" H "\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nX: a\0b\r\n" H "\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nX: a\rb\r\n" H "\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "X: a\r\n b\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "X: a\r\n\tb\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\nHost: t\n\n"),
    RAW(400, "GET / HTTP/1.1\r\nHost: t\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\nHost: t\r\n\n"),
    RAW(400, "GET / HTTP/1.1\nHost: t\r\n\r\n"),
    RAW(400, "GET / HTTP/1.0\n\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "Cookie: yidan_session=a; yidan_session=b\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "Cookie: __Host-yidan_session=a;__Host-yidan_session=b\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "Cookie: yidan_session=a\r\nCookie: yidan_session=b\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "Cookie: a=b\r\nCookie: c=d\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n"),
    RAW(400, "GET / HTTP/1.1\r\n" H "Origin: http://a\r\nOrigin: http://b\r\n\r\n"),
    RAW(400, "POST /notes/keyed HTTP/1.1\r\n" H "Idempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: 0\r\n\r\n"),
    RAW(400, "POST /notes HTTP/1.1\r\n" JSON "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"),
    RAW(400, "G\x01T / HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "G(T / HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET / HTTP/1.2\r\n" H "\r\n"),
    RAW(505, "GET / HTTP/2.0\r\n" H "\r\n"),
    RAW(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    RAW(505, "GET / HTTP/0.9\r\n\r\n"),
    RAW(400, "GET / HTTP/1.10\r\n" H "\r\n"),
    RAW(400, "GET / http/1.1\r\n" H "\r\n"),
    RAW(400, "GET / HTTP/1\r\n" H "\r\n"),
    RAW(400, "GET / HTTP/1,1\r\n" H "\r\n"),
    RAW(400, "GET / XTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /\r\n"),
    RAW(CLOSED, "GET\r\n\r\n"),
    RAW(400, "GET \r\n\r\n"),
    RAW(CLOSED, " GET / HTTP/1.1\r\n" H "\r\n"),
    RAW(CLOSED, "\x16\x03\x01\x02\x01\xfc\x03\x03\r\n"),
};

/* What is well-formed, however odd, is served, and so is what follows it. */
static const struct raw accepted[] = {
    RAW(200, "GET / HTTP/1.1\r\n" H "\r\n"),
    RAW(200, "\r\nGET / HTTP/1.1\r\n" H "\r\n"),
    RAW(200, "GET /? HTTP/1.1\r\n" H "\r\n"),
    RAW(200, "GET / HTTP/1.1\r\nHost:t\r\nX:\r\n\r\n"),
    RAW(200, "GET / HTTP/1.1\r\nHost: \t t\r\nX: \t\r\nY: a\tb \r\n\r\n"),
    RAW(200, "GET / HTTP/1.1\r\nHOST: [::1]:8080\r\n\r\n"),
    RAW(200, "GET / HTTP/1.1\r\n" H "X: caf\xc3\xa9\r\nX: again\r\n\r\n"),
    RAW(200, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
    RAW(200, "GET / HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n"),
    RAW(200, "GET /things/a:b@c;d=e,f!$&'()*+ HTTP/1.1\r\n" H "\r\n"),
    RAW(200, "GET /search?q=b/c?d HTTP/1.1\r\n" H "\r\n"),
    RAW(200, "GET /things/1?q=%E5%8A%9E HTTP/1.1\r\n" H "Cookie: yidan_session=a; x=yidan_session=b\r\n\r\n"),
    RAW(200, "POST /notes/now HTTP/1.1\r\n" JSON "Content-Length: 33\r\n\r\n" HIDDEN),
    RAW(200, "POST /notes/now HTTP/1.1\r\n" JSON "Content-Length: 00002\r\n\r\n{}"),
    RAW(405, "DELETE /things/1 HTTP/1.1\r\n" JSON "Content-Length: 33\r\n\r\n" HIDDEN),
    RAW(404, "BREW /nowhere HTTP/1.1\r\n" JSON "Content-Length: 33\r\n\r\n" HIDDEN),
    RAW(415, "POST /notes HTTP/1.1\r\n" H "Content-Length: 33\r\n\r\n" HIDDEN),
    RAW(405, "GET /things/%2Fhidden/%2E%2E%2Fx HTTP/1.1\r\n" H "\r\n"),
    RAW(400, "GET /things/%ff HTTP/1.1\r\n" H "\r\n"),
    RAW(404, "GET /things/ HTTP/1.1\r\n" H "\r\n"),
    RAW(404, "GET /things//1 HTTP/1.1\r\n" H "\r\n"),
};

/* clang-format on */

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

/* The input as far as it can be printed. */
static const char *
shown(const struct raw *raw)
{
    static char text[600];
    size_t used = 0;

    for (size_t i = 0; i < raw->count && used < 300; i++) {
        unsigned char byte = (unsigned char)raw->bytes[i];

        text[used++] = byte >= 0x20 && byte < 0x7f ? (char)byte
                       : byte == '\n'              ? '/'
                                                   : '.';
    }
    text[used] = '\0';
    return text;
}

static void
send_with_hidden(struct http_client *client, const struct raw *raw)
{
    char *all = malloc(raw->count + sizeof HIDDEN - 1);

    ck_assert_ptr_nonnull(all);
    memcpy(all, raw->bytes, raw->count);
    memcpy(all + raw->count, HIDDEN, sizeof HIDDEN - 1);
    http_client_open(client, toy.port);
    ck_assert(http_client_send(client, all, raw->count + sizeof HIDDEN - 1));
    free(all);
}

/* Answered as stated, then the end, and nothing behind it was a request. */
static void
expect_refusal(const struct raw *raw)
{
    struct http_client client;
    struct http_reply reply = { .status = CLOSED };
    bool is_head = strncmp(raw->bytes, "HEAD", 4) == 0;
    char value[32];

    send_with_hidden(&client, raw);
    bool is_answered = http_client_read(&client, !is_head, &reply);

    ck_assert_msg(reply.status == raw->status, "%s: %d, not %d", shown(raw), reply.status,
                  raw->status);
    if (is_answered)
        ck_assert_msg(strcmp(http_reply_field(&reply, "Connection", value, sizeof value),
                             "close") == 0,
                      "%s: not closed", shown(raw));
    /* What libmicrohttpd refuses itself it may follow by a second copy of its head. */
    http_client_drain(&client);
    ck_assert_msg(http_toy_hidden(&toy) == 0, "%s: smuggled", shown(raw));
    if (is_answered)
        http_reply_free(&reply);
    http_client_close(&client);
}

static void
expect_service(const struct raw *raw, int times)
{
    struct http_client client;
    struct http_reply reply;

    send_with_hidden(&client, raw);
    ck_assert_msg(http_client_read(&client, true, &reply), "%s: closed", shown(raw));
    ck_assert_msg(reply.status == raw->status, "%s: %d, not %d", shown(raw), reply.status,
                  raw->status);
    ck_assert_msg(strcmp(reply.body, "hidden") != 0, "%s: smuggled", shown(raw));
    http_reply_free(&reply);
    ck_assert_msg(http_client_read(&client, true, &reply), "%s: closed behind",
                  shown(raw));
    ck_assert_msg(strcmp(reply.body, "hidden") == 0, "%s: then %s", shown(raw),
                  reply.body);
    http_reply_free(&reply);
    ck_assert_msg(!http_client_awaits_end(&client, 0), "%s: more", shown(raw));
    ck_assert_msg(http_toy_hidden(&toy) == times, "%s: hidden %d times, not %d",
                  shown(raw), http_toy_hidden(&toy), times);
    http_client_close(&client);
}

#define COUNT_OF(list) (sizeof list / sizeof list[0])

START_TEST(no_request_is_smuggled_in_a_body)
{
    for (size_t i = 0; i < COUNT_OF(smuggling); i++)
        expect_refusal(&smuggling[i]);
}
END_TEST

START_TEST(a_target_that_is_not_in_clean_origin_form_is_refused)
{
    for (size_t i = 0; i < COUNT_OF(targets); i++)
        expect_refusal(&targets[i]);
}
END_TEST

START_TEST(a_head_that_is_not_clean_http_is_refused)
{
    for (size_t i = 0; i < COUNT_OF(heads); i++)
        expect_refusal(&heads[i]);
}
END_TEST

START_TEST(well_formed_requests_are_served_and_so_is_the_next_one)
{
    for (size_t i = 0; i < COUNT_OF(accepted); i++)
        expect_service(&accepted[i], (int)i + 1);
}
END_TEST

/* Also when it arrives byte by byte, so that each buffer boundary is met. */
START_TEST(nothing_changes_when_the_bytes_come_one_by_one)
{
    for (size_t i = 0; i < COUNT_OF(smuggling); i += 3) {
        struct http_client client;
        struct http_reply reply = { .status = CLOSED };
        bool is_head = strncmp(smuggling[i].bytes, "HEAD", 4) == 0;

        http_client_open(&client, toy.port);
        for (size_t at = 0; at < smuggling[i].count; at++)
            if (!http_client_send(&client, smuggling[i].bytes + at, 1))
                break; /* refused before its end */
        (void)http_client_send(&client, HIDDEN, sizeof HIDDEN - 1);
        bool is_answered = http_client_read(&client, !is_head, &reply);

        ck_assert_msg(reply.status == smuggling[i].status, "%s: %d", shown(&smuggling[i]),
                      reply.status);
        ck_assert_int_eq(http_toy_hidden(&toy), 0);
        if (is_answered)
            http_reply_free(&reply);
        http_client_close(&client);
    }
    for (size_t i = 0; i < COUNT_OF(accepted); i++) {
        struct http_client client;
        struct http_reply reply;

        http_client_open(&client, toy.port);
        for (size_t at = 0; at < accepted[i].count; at++)
            ck_assert(http_client_send(&client, accepted[i].bytes + at, 1));
        ck_assert(http_client_read(&client, true, &reply));
        ck_assert_msg(reply.status == accepted[i].status, "%s: %d", shown(&accepted[i]),
                      reply.status);
        http_reply_free(&reply);
        http_client_close(&client);
    }
}
END_TEST

START_TEST(what_the_guard_refuses_is_counted)
{
    struct http_stats before, after;

    http_stats(toy.server, &before);
    for (size_t i = 0; i < 5; i++)
        expect_refusal(&targets[i]);
    http_stats(toy.server, &after);
    ck_assert_int_eq(after.guard_refusals - before.guard_refusals, 5);
    ck_assert_int_ge(after.requests - before.requests, 5);
}
END_TEST

Suite *
suite_http_raw(void)
{
    Suite *suite = suite_create("http_raw");
    TCase *tcase = tcase_create("http_raw");

    _Static_assert(COUNT_OF(smuggling) + COUNT_OF(targets) + COUNT_OF(heads) >= 75,
                   "reliability.md asks for 75 inputs");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, no_request_is_smuggled_in_a_body);
    tcase_add_test(tcase, a_target_that_is_not_in_clean_origin_form_is_refused);
    tcase_add_test(tcase, a_head_that_is_not_clean_http_is_refused);
    tcase_add_test(tcase, well_formed_requests_are_served_and_so_is_the_next_one);
    tcase_add_test(tcase, nothing_changes_when_the_bytes_come_one_by_one);
    tcase_add_test(tcase, what_the_guard_refuses_is_counted);
    suite_add_tcase(suite, tcase);
    return suite;
}
