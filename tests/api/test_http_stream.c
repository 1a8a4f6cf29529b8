#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/timeutil.h"
#include "support/http_client.h"
#include "support/http_toy.h"

Suite *suite_http_stream(void);

/* Streams as http has them: who listens, who does not, and stopping in the midst of it. */

#define LISTENERS 60

static struct http_toy toy;
static atomic_int rounds;
static atomic_size_t bytes_a_round; /* sent to everybody in each round */
static char filler[32 * 1024];

/* Every listener counts its rounds, in what is its own. */
static enum err
tell(const struct stream_round *round)
{
    size_t bytes = atomic_load(&bytes_a_round);

    ck_assert_ptr_nonnull(round->reader);
    ck_assert_ptr_nonnull(round->rulebook);
    for (size_t i = 0; i < round->count; i++) {
        int *told = stream_listener(round->streams[i]);
        char text[40];

        ck_assert(text_format(text, sizeof text, "data: round %d\n\n", ++*told));
        if (bytes > 0)
            stream_send(round->streams[i], filler, bytes);
        else
            stream_send(round->streams[i], text, strlen(text));
    }
    (void)atomic_fetch_add(&rounds, 1);
    return OK;
}

static void
setup(void)
{
    memset(filler, 'x', sizeof filler);
    atomic_store(&bytes_a_round, 0);
    atomic_store(&rounds, 0);
    http_toy_prepare(&toy);
    toy.round = tell;
    toy.config->stream_gather_ms = 0;
    toy.config->stream_keepalive_ms = 100;
    toy.config->streams_per_user = LISTENERS;
}

static void
open_toy(void)
{
    setup();
    http_toy_start(&toy);
}

static void
teardown(void)
{
    gate_open(&toy.gate);
    http_toy_close(&toy);
}

static struct http_stats
stats(void)
{
    struct http_stats now;

    http_stats(toy.server, &now);
    return now;
}

static void
await_streams(int64_t count)
{
    int64_t until_ms = time_monotonic_ms() + HTTP_CLIENT_PATIENCE_MS;

    while (stats().streams != count) {
        ck_assert_msg(time_monotonic_ms() < until_ms, "%d streams, not %d",
                      (int)stats().streams, (int)count);
        (void)sched_yield();
    }
}

static void
ask_stream(struct http_client *client, const char *user)
{
    http_client_open(client, toy.port);
    ck_assert(http_client_print(client, "GET /stream?user=%s HTTP/1.1\r\nHost: t\r\n\r\n",
                                user));
}

static void
listen_as(struct http_client *client, const char *user)
{
    ask_stream(client, user);
    http_client_await(client, "data: open\n\n");
}

static void
commit(void)
{
    ck_assert_int_eq(
        store_fixture_write(&toy.store, "UPDATE setting SET value = '' WHERE name = ''"),
        OK);
}

START_TEST(a_listener_is_told_after_each_commit)
{
    struct http_client client;

    listen_as(&client, "1");
    http_client_await(&client, "data: round 1\n\n");
    for (int i = 2; i < 20; i++) {
        char text[40];

        commit();
        ck_assert(text_format(text, sizeof text, "data: round %d\n\n", i));
        http_client_await(&client, text);
    }
    ck_assert_ptr_nonnull(strstr(client.bytes, "Content-Type: text/event-stream\r\n"));
    ck_assert_ptr_nonnull(strstr(client.bytes, "Connection: close\r\n"));
    ck_assert_ptr_nonnull(strstr(client.bytes, "X-Accel-Buffering: no\r\n"));
    ck_assert_ptr_nonnull(strstr(client.bytes, "Cache-Control: no-store\r\n"));
    http_client_close(&client);
}
END_TEST

static enum err
say_nothing(const struct stream_round *round)
{
    (void)round;
    return OK;
}

/* An idle connection is swept after idle_timeout_ms; a stream is not idle. */
START_TEST(a_listener_that_hears_nothing_gets_comments_and_is_not_swept)
{
    struct http_client client;

    setup();
    toy.config->idle_timeout_ms = 100;
    toy.config->header_timeout_ms = 100;
    toy.config->body_timeout_ms = 100;
    toy.round = say_nothing;
    http_toy_start(&toy);
    listen_as(&client, "1");
    http_client_await(&client, ": \n\n");
    ck_assert_int_eq(stats().streams, 1);
    ck_assert_int_eq(stats().swept_connections, 0);
    http_client_close(&client);
    http_toy_close(&toy);
}
END_TEST

START_TEST(a_client_that_leaves_is_noticed_without_a_word)
{
    struct http_client clients[3];

    for (int i = 0; i < 3; i++)
        listen_as(&clients[i], "1");
    await_streams(3);
    http_client_close(&clients[1]);
    await_streams(2);
    commit();
    http_client_await(&clients[0], "data: round");
    http_client_await(&clients[2], "data: round");
    http_client_close(&clients[0]);
    http_client_close(&clients[2]);
    await_streams(0);
}
END_TEST

/* More waits for it than STREAM_BYTES_MAX: it goes, and nobody waited for it. */
START_TEST(a_listener_that_does_not_read_is_dropped)
{
    struct http_client slow, quick;

    listen_as(&slow, "1");
    listen_as(&quick, "2");
    atomic_store(&bytes_a_round, sizeof filler);
    int64_t until_ms = time_monotonic_ms() + HTTP_CLIENT_PATIENCE_MS;

    while (stats().dropped_streams == 0) {
        commit();
        /* Whoever reads keeps up: at least a round's bytes have come. */
        for (size_t got = 0; got < sizeof filler; got += quick.count) {
            quick.count = 0;
            http_client_await(&quick, "x");
        }
        ck_assert_msg(time_monotonic_ms() < until_ms, "it is never dropped");
    }
    await_streams(1);
    atomic_store(&bytes_a_round, 0);
    quick.count = 0;
    commit();
    http_client_await(&quick, "data: round");
    ck_assert_int_eq(stats().dropped_streams, 1);
    http_client_close(&slow);
    http_client_close(&quick);
}
END_TEST

START_TEST(one_user_has_so_many_streams_and_the_server_so_many)
{
    struct http_client clients[4], more;
    struct http_reply reply;

    setup();
    toy.config->streams_per_user = 2;
    toy.config->streams_max = 3;
    http_toy_start(&toy);
    listen_as(&clients[0], "1");
    listen_as(&clients[1], "1");
    http_expect_refused(toy.port, "GET", "/stream?user=1", NULL, NULL, 429,
                        "stream.too_many");
    listen_as(&clients[2], "2");
    http_expect_refused(toy.port, "GET", "/stream?user=2", NULL, NULL, 429,
                        "stream.too_many");

    /* A reloaded page must not wait for its own past. */
    http_client_close(&clients[1]);
    listen_as(&clients[3], "1");

    reply = http_ask(toy.port, "HEAD", "/stream?user=3", NULL, NULL);
    ck_assert_int_eq(reply.status, 200);
    http_reply_free(&reply);
    ask_stream(&more, "1");
    ck_assert(http_client_read(&more, true, &reply));
    ck_assert_int_eq(reply.status, 429);
    http_reply_free(&reply);
    http_client_close(&more);
    http_client_close(&clients[0]);
    http_client_close(&clients[2]);
    http_client_close(&clients[3]);
    http_toy_close(&toy);
}
END_TEST

/* What was sent before the end is read before the end. */
static enum err
tell_and_end(const struct stream_round *round)
{
    for (size_t i = 0; i < round->count; i++) {
        stream_send(round->streams[i], "data: last\n\n", strlen("data: last\n\n"));
        stream_end(round->streams[i]);
        stream_send(round->streams[i], "never", strlen("never"));
    }
    return OK;
}

START_TEST(a_stream_that_is_ended_says_what_was_sent_before)
{
    struct http_client client;

    setup();
    toy.round = tell_and_end;
    http_toy_start(&toy);
    listen_as(&client, "1");
    http_client_await(&client, "data: last\n\n");
    ck_assert_ptr_null(strstr(client.bytes, "never"));
    client.count = 0;
    http_client_drain(&client);
    await_streams(0);
    http_client_close(&client);
    http_toy_close(&toy);
}
END_TEST

static enum err
fail_first(const struct stream_round *round)
{
    (void)round;
    (void)atomic_fetch_add(&rounds, 1);
    return atomic_load(&rounds) < 2 ? ERR_STORE : tell(round);
}

START_TEST(a_round_that_failed_is_done_again)
{
    struct http_client client;

    setup();
    toy.round = fail_first;
    http_toy_start(&toy);
    listen_as(&client, "1");
    http_client_await(&client, "data: round 1\n\n"); /* in the next second's */
    http_client_close(&client);
    http_toy_close(&toy);
}
END_TEST

/* --- Stopping --------------------------------------------------------------------------- */

static atomic_bool is_over;

static void *
write_on(void *context)
{
    (void)context;
    while (!atomic_load(&is_over))
        if (store_fixture_write(&toy.store,
                                "UPDATE setting SET value = '' WHERE name = ''") != OK)
            break; /* drained */
    return NULL;
}

/* Some read, some do not, some leave and come again: none holds up a stop. */
static void *
come_and_go(void *context)
{
    const int *port = context;

    while (!atomic_load(&is_over)) {
        struct http_client client;

        http_client_open(&client, *port);
        if (http_client_print(&client, "GET /stream HTTP/1.1\r\nHost: t\r\n\r\n"))
            (void)http_client_awaits_end(&client, 5);
        http_client_close(&client);
    }
    return NULL;
}

START_TEST(a_server_stops_with_listeners_under_load)
{
    struct http_client clients[LISTENERS / 2];
    pthread_t writer, guest;

    setup();
    toy.config->stream_gather_ms = 1;
    atomic_store(&bytes_a_round, 2000);
    atomic_store(&is_over, false);
    http_toy_start(&toy);
    for (int i = 0; i < LISTENERS / 2; i++)
        listen_as(&clients[i], "1");
    ck_assert_int_eq(pthread_create(&writer, NULL, write_on, NULL), 0);
    ck_assert_int_eq(pthread_create(&guest, NULL, come_and_go, &toy.port), 0);
    int seen = atomic_load(&rounds);

    while (atomic_load(&rounds) < seen + 20)
        (void)sched_yield();
    int64_t started_ms = time_monotonic_ms();

    /* The guest's port is closed under it, so it must be gone when that happens. */
    atomic_store(&is_over, true);
    ck_assert_int_eq(pthread_join(guest, NULL), 0);
    http_toy_stop(&toy);
    ck_assert_int_lt((int)(time_monotonic_ms() - started_ms), HTTP_CLIENT_PATIENCE_MS);
    ck_assert_int_eq(pthread_join(writer, NULL), 0);
    for (int i = 0; i < LISTENERS / 2; i++) {
        http_client_drain(&clients[i]);
        http_client_close(&clients[i]);
    }
    http_toy_close(&toy);
}
END_TEST

START_TEST(a_stream_after_the_stop_began_is_refused)
{
    struct http_client early, late;
    struct http_reply reply;

    http_client_open(&early, toy.port);
    ck_assert(http_client_print(&early, "GET / HTTP/1.1\r\nHost: t\r\n\r\n"));
    ck_assert(http_client_read(&early, true, &reply));
    http_reply_free(&reply);
    listen_as(&late, "1");
    http_toy_stop(&toy);
    http_client_await(&late, "data: open\n\n");
    late.count = 0;
    http_client_drain(&late);
    /* The connection that was kept is closed with the server. */
    (void)http_client_print(&early, "GET /stream HTTP/1.1\r\nHost: t\r\n\r\n");
    http_client_drain(&early);
    http_client_close(&early);
    http_client_close(&late);
}
END_TEST

Suite *
suite_http_stream(void)
{
    Suite *suite = suite_create("http_stream");
    TCase *open = tcase_create("open");
    TCase *own = tcase_create("own");

    tcase_add_checked_fixture(open, open_toy, teardown);
    tcase_add_test(open, a_listener_is_told_after_each_commit);
    tcase_add_test(open, a_client_that_leaves_is_noticed_without_a_word);
    tcase_add_test(open, a_listener_that_does_not_read_is_dropped);
    tcase_add_test(open, a_stream_after_the_stop_began_is_refused);
    tcase_set_timeout(open, 60);
    suite_add_tcase(suite, open);

    tcase_add_test(own, a_listener_that_hears_nothing_gets_comments_and_is_not_swept);
    tcase_add_test(own, one_user_has_so_many_streams_and_the_server_so_many);
    tcase_add_test(own, a_stream_that_is_ended_says_what_was_sent_before);
    tcase_add_test(own, a_round_that_failed_is_done_again);
    tcase_add_test(own, a_server_stops_with_listeners_under_load);
    tcase_set_timeout(own, 60);
    suite_add_tcase(suite, own);
    return suite;
}
