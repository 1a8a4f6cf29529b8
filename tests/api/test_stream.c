#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "support/http_client.h"
#include "support/server.h"

Suite *suite_stream(void);

/* GET /stream: who is told what, from when on, and until when. */

#define CONTENT "路灯坏了一周CANARY。"
#define NAME "王小明"
#define PHONE "13912345678"

static struct test_server server;
static struct test_who clerk, handler, water, admin;

static void
set_up(void)
{
    test_server_prepare(&server);
    server.config.stream_gather_ms = 0;
    test_server_start(&server);
    clerk = test_sign_in(&server, "clerk");
    handler = test_sign_in(&server, "handler");
    water = test_add_water(&server);
    admin = test_sign_in(&server, "admin");
}

static void
tear_down(void)
{
    test_server_close(&server);
}

/* --- Doing ------------------------------------------------------------------------------- */

static int next_key;

static struct test_reply
post(const struct test_who *who, const char *path, const char *body)
{
    char key[20];

    ck_assert(text_format(key, sizeof key, "key-%d", next_key++));
    struct test_call call = {
        .method = "POST", .path = path, .who = who, .body = body, .key = key
    };
    return test_send(&server, &call);
}

static void
receive_ticket(char no[24])
{
    struct test_reply reply =
        post(&clerk, "/api/v1/tickets",
             "{\"channel\":\"phone\",\"content\":\"" CONTENT
             "\",\"petitioner\":{\"name\":\"" NAME "\",\"phone\":\"" PHONE "\"}}");

    ck_assert_msg(reply.status == 201, "%s", reply.body);
    ck_assert(text_format(no, 24, "%s", test_reply_text(&reply, "no")));
    test_reply_free(&reply);
}

static void
act(const struct test_who *who, const char *no, const char *action, const char *body)
{
    char path[100];

    ck_assert(text_format(path, sizeof path, "/api/v1/tickets/%s/%s", no, action));
    struct test_reply reply = post(who, path, body);

    ck_assert_msg(reply.status == 200, "%s: %s", action, reply.body);
    test_reply_free(&reply);
}

/* --- Listening ------------------------------------------------------------------------------ */

static void
ask_stream(struct http_client *client, const struct test_who *who, const char *query,
           const char *fields)
{
    http_client_open(client, server.port);
    ck_assert(http_client_print(client,
                                "GET /api/v1/stream%s HTTP/1.1\r\nHost: t\r\n"
                                "Cookie: yidan_session=%s\r\n%s\r\n",
                                query, who->token, fields));
}

/* It has begun when it knows its counts. */
static void
listen_as(struct http_client *client, const struct test_who *who)
{
    ask_stream(client, who, "", "");
    http_client_await(client, "event: counts\n");
}

static bool
has(const struct http_client *client, const char *word)
{
    return client->count > 0 && strstr(client->bytes, word) != NULL;
}

static void
await_event(struct http_client *client, const char *name, const char *no,
            const char *unit, bool is_own)
{
    char text[200];

    ck_assert(text_format(text, sizeof text,
                          "event: %s\ndata: {\"no\":\"%s\",\"unit\":\"%s\",\"own\":%s}\n",
                          name, no, unit, is_own ? "true" : "false"));
    http_client_await(client, text);
}

static void
await_end(struct http_client *client)
{
    client->count = 0;
    http_client_drain(client);
    http_client_close(client);
}

/* The last id that was told. */
static long long
last_id(const struct http_client *client)
{
    const char *found = NULL;

    for (const char *at = client->bytes; (at = strstr(at, "id: ")) != NULL; at++)
        found = at;
    ck_assert_ptr_nonnull(found);
    return atoll(found + strlen("id: "));
}

START_TEST(a_change_is_told_to_whoever_may_know_of_it_and_to_nobody_else)
{
    struct http_client office, town, other;
    char first[24], second[24];

    listen_as(&office, &clerk);
    listen_as(&town, &handler);
    listen_as(&other, &water);
    receive_ticket(first);
    await_event(&office, "ticket.created", first, "office", true);
    act(&clerk, first, "dispatch", "{\"version\":1,\"lead_unit\":\"town\"}");
    await_event(&office, "ticket.assigned", first, "office", true);
    await_event(&town, "ticket.assigned", first, "office", false);
    act(&handler, first, "sign", "{\"version\":2}");
    await_event(&office, "ticket.signed", first, "town", false);
    await_event(&town, "ticket.signed", first, "town", true);

    receive_ticket(second);
    act(&clerk, second, "dispatch", "{\"version\":1,\"lead_unit\":\"water\"}");
    await_event(&other, "ticket.assigned", second, "office", false);
    await_event(&office, "ticket.assigned", second, "office", true);
    act(&clerk, first, "note", "{\"text\":\"" CONTENT "\"}");
    await_event(&town, "ticket.changed", first, "office", false);
    await_event(&office, "ticket.changed", first, "office", true);
    act(&clerk, second, "note", "{\"text\":\"" CONTENT "\"}");
    await_event(&other, "ticket.changed", second, "office", false);

    ck_assert(!has(&other, first));
    ck_assert(!has(&town, second));
    struct http_client *all[] = { &office, &town, &other };

    for (size_t i = 0; i < 3; i++) {
        ck_assert(!has(all[i], "CANARY") && !has(all[i], NAME) && !has(all[i], PHONE));
        http_client_close(all[i]);
    }
}
END_TEST

/* What a unit loses it is not told of any more; that it has less to do, it is. */
START_TEST(counts_follow_and_a_recalled_ticket_is_gone_without_a_word)
{
    struct http_client town;
    char no[24];

    listen_as(&town, &handler);
    http_client_await(&town, "{\"todo\":\"sign\",\"count\":0,");
    receive_ticket(no);
    act(&clerk, no, "dispatch", "{\"version\":1,\"lead_unit\":\"town\"}");
    http_client_await(&town, "{\"todo\":\"sign\",\"count\":1,");
    town.count = 0;
    act(&clerk, no, "recall", "{\"version\":2,\"reason\":\"改派\"}");
    http_client_await(&town, "{\"todo\":\"sign\",\"count\":0,");
    ck_assert(!has(&town, no));
    ck_assert(!has(&town, "\"todo\":\"dispatch\"")); /* the clerk's */
    http_client_close(&town);
}
END_TEST

START_TEST(who_comes_back_is_told_what_it_missed_by_its_own_rights)
{
    struct http_client town;
    char mine[24], foreign[24], query[60], fields[60];

    receive_ticket(mine);
    act(&clerk, mine, "dispatch", "{\"version\":1,\"lead_unit\":\"town\"}");
    listen_as(&town, &handler);
    long long id = last_id(&town);

    ck_assert(!has(&town, mine)); /* that was before */
    http_client_close(&town);
    receive_ticket(foreign);
    act(&clerk, foreign, "dispatch", "{\"version\":1,\"lead_unit\":\"water\"}");
    act(&clerk, mine, "urge", "{\"note\":\"请抓紧\"}");

    ck_assert(text_format(query, sizeof query, "?after=%lld", id));
    ask_stream(&town, &handler, query, "");
    http_client_await(&town, "event: counts\n");
    await_event(&town, "ticket.urged", mine, "office", false);
    ck_assert(!has(&town, foreign) && !has(&town, "event: reload"));
    http_client_close(&town);

    /* A browser that reconnects by itself says it in a field, which is newer than its address. */
    ck_assert(text_format(fields, sizeof fields, "Last-Event-ID: %lld\r\n", id));
    ask_stream(&town, &handler, "?after=1", fields);
    http_client_await(&town, "event: counts\n");
    await_event(&town, "ticket.urged", mine, "office", false);
    ck_assert(!has(&town, "ticket.assigned"));
    http_client_close(&town);
}
END_TEST

/* The session is asked for before anything that a page shows. */
START_TEST(what_happens_between_the_session_and_the_stream_is_told)
{
    struct test_call call = { .method = "GET",
                              .path = "/api/v1/session",
                              .who = &handler };
    struct http_client town;
    char before[24], mine[24], query[60];

    receive_ticket(before);
    act(&clerk, before, "dispatch", "{\"version\":1,\"lead_unit\":\"town\"}");
    struct test_reply session = test_send(&server, &call);
    ck_assert(text_format(query, sizeof query, "?after=%s",
                          test_reply_text(&session, "stream_after")));
    test_reply_free(&session);
    receive_ticket(mine);
    act(&clerk, mine, "dispatch", "{\"version\":1,\"lead_unit\":\"town\"}");
    ask_stream(&town, &handler, query, "");
    http_client_await(&town, "event: counts\n");
    await_event(&town, "ticket.assigned", mine, "office", false);
    ck_assert(!has(&town, before) && !has(&town, "event: reload"));
    http_client_close(&town);

    /* Who has no stream is not told how far the trail has come. */
    call.who = &admin;
    session = test_send(&server, &call);
    ck_assert_ptr_null(test_reply_text(&session, "stream_after"));
    ck_assert_ptr_nonnull(strstr(session.body, "\"stream_after\":null"));
    test_reply_free(&session);
}
END_TEST

/* An id of another database, or one too far back: everything is asked for anew. */
START_TEST(who_missed_too_much_is_told_to_reload)
{
    struct http_client office;
    char no[24];

    ask_stream(&office, &clerk, "?after=999999", "");
    http_client_await(&office, "event: counts\n");
    http_client_await(&office, "event: reload\ndata: {}\n");
    http_client_close(&office);

    ask_stream(&office, &clerk, "", "Last-Event-ID: x\r\n"); /* counts for nothing */
    http_client_await(&office, "event: counts\n");
    ck_assert(!has(&office, "event: reload"));
    long long id = last_id(&office);

    http_client_close(&office);
    receive_ticket(no);
    for (int i = 0; i < 201; i++) /* REPLAY_MAX */
        act(&clerk, no, "note", "{\"text\":\"记\"}");
    char query[60];

    ck_assert(text_format(query, sizeof query, "?after=%lld", id));
    ask_stream(&office, &clerk, query, "");
    http_client_await(&office, "event: counts\n");
    http_client_await(&office, "event: reload\ndata: {}\n");
    ck_assert(!has(&office, no));
    http_client_close(&office);
}
END_TEST

/* --- A call ------------------------------------------------------------------------------- */

#define RING(id, at)                                                                     \
    "{\"event\":\"ring\",\"call_id\":\"" id "\",\"caller\":\"" PHONE "\","               \
    "\"extension\":\"801\",\"at\":\"2026-11-23T" at "+08:00\"}"

static void
make_switchboard(char ret_header[160])
{
    struct test_call own = { .method = "PATCH",
                             .path = "/api/v1/users/clerk",
                             .who = &admin,
                             .body = "{\"version\":1,\"extension\":\"801\"}" };
    struct test_reply reply =
        post(&admin, "/api/v1/tokens", "{\"name\":\"pbx\",\"scopes\":[\"switchboard\"]}");

    ck_assert(text_format(ret_header, 160, "Authorization: Bearer %s\r\n",
                          test_reply_text(&reply, "token")));
    test_reply_free(&reply);
    test_expect(&server, &own, 200);
}

START_TEST(a_call_is_told_to_the_clerks_it_came_for_without_its_number)
{
    struct http_client desk, neighbour, town, back;
    char header[160], query[60];
    struct test_call ring = { .method = "POST",
                              .path = "/api/v1/calls",
                              .headers = header,
                              .body = RING("c1", "10:00:00") };

    people_add(server.writer, "second", "office", ROLE_BIT(ROLE_CLERK), TEST_SERVER_NOW);
    struct test_who second = test_sign_in(&server, "second");
    make_switchboard(header);
    listen_as(&desk, &clerk);
    listen_as(&neighbour, &second);
    listen_as(&town, &handler);
    long long id = last_id(&desk);

    test_expect(&server, &ring, 204);
    http_client_await(&desk, "event: call\ndata: {\"call\":1}\n");
    test_clock_advance(121);
    ring.body = RING("c2", "10:00:00"); /* too late for a card */
    test_expect(&server, &ring, 204);
    ring.body = RING("c3", "10:02:00");
    test_expect(&server, &ring, 204);
    http_client_await(&desk, "event: call\ndata: {\"call\":3}\n");
    ck_assert(!has(&desk, "{\"call\":2}") && !has(&desk, PHONE));

    /* Whoever else listens hears the next ticket, and no call before it. */
    char no[24];
    receive_ticket(no);
    act(&clerk, no, "dispatch", "{\"version\":1,\"lead_unit\":\"town\"}");
    await_event(&neighbour, "ticket.created", no, "office", false);
    await_event(&town, "ticket.assigned", no, "office", false);
    ck_assert(!has(&neighbour, "event: call") && !has(&town, "event: call"));

    /* Who comes back is told what it missed, and only its own. */
    ck_assert(text_format(query, sizeof query, "?after=%lld", id));
    ask_stream(&back, &clerk, query, "");
    http_client_await(&back, "event: counts\n");
    ck_assert(has(&back, "{\"call\":1}") && has(&back, "{\"call\":3}"));
    ck_assert(!has(&back, "{\"call\":2}"));
    http_client_close(&back);
    ask_stream(&back, &second, query, "");
    http_client_await(&back, "event: counts\n");
    ck_assert(has(&back, no) && !has(&back, "event: call"));
    struct http_client *all[] = { &desk, &neighbour, &town, &back };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        http_client_close(all[i]);
}
END_TEST

START_TEST(a_listener_knows_which_pages_and_program_it_listens_to)
{
    struct http_client office;

    ask_stream(&office, &clerk, "", "");
    http_client_await(&office, "retry: 3000\n\n");
    http_client_await(&office, "event: version\ndata: {\"version\":\"0.");
    http_client_close(&office);
}
END_TEST

/* --- Until when --------------------------------------------------------------------------- */

START_TEST(a_stream_ends_with_its_session)
{
    struct http_client town, office;
    struct test_call sign_out = { .method = "DELETE",
                                  .path = "/api/v1/session",
                                  .who = &handler };

    listen_as(&town, &handler);
    listen_as(&office, &clerk);
    test_expect(&server, &sign_out, 204);
    await_end(&town);
    ask_stream(&town, &handler, "", "");
    struct http_reply reply;

    ck_assert(http_client_read(&town, true, &reply));
    ck_assert_int_eq(reply.status, 401);
    http_reply_free(&reply);
    http_client_close(&town);

    test_clock_advance(server.config.session_max_s);
    await_end(&office);
}
END_TEST

START_TEST(a_stream_ends_when_its_user_has_another_role)
{
    struct http_client town, office;
    char no[24];
    struct test_call change = { .method = "PATCH",
                                .path = "/api/v1/users/handler",
                                .who = &admin,
                                .body = "{\"version\":1,\"roles\":[\"unit_head\"]}" };

    receive_ticket(no);
    listen_as(&town, &handler);
    listen_as(&office, &clerk);
    test_expect(&server, &change, 200);
    act(&clerk, no, "dispatch", "{\"version\":1,\"lead_unit\":\"town\"}");
    await_event(&office, "ticket.assigned", no, "office", true);
    http_client_drain(&town);
    ck_assert(!has(&town, no));
    http_client_close(&town);
    http_client_close(&office);
}
END_TEST

/* Neither the stream nor what a page asks by itself keeps a session. */
START_TEST(streams_and_polls_are_nobody_at_work)
{
    struct http_client office;
    struct test_call inbox = { .method = "GET", .path = "/api/v1/inbox", .who = &clerk };
    struct test_call poll = { .method = "GET",
                              .path = "/api/v1/tickets",
                              .who = &clerk,
                              .headers = "X-Unattended: 1\r\n" };
    struct test_call work = { .method = "GET", .path = "/api/v1/tickets", .who = &clerk };
    int64_t idle_s = server.config.session_idle_s;

    listen_as(&office, &clerk);
    test_clock_advance(idle_s - 10);
    test_expect(&server, &work, 200);
    test_clock_advance(idle_s - 10);
    test_expect(&server, &inbox, 200);
    test_expect(&server, &poll, 200);
    ck_assert(!http_client_awaits_end(&office, 0));
    test_clock_advance(20);
    await_end(&office);
    test_expect(&server, &work, 401);
}
END_TEST

START_TEST(only_staff_listens)
{
    static const char *const others[] = { "admin", "auditor" };

    for (size_t i = 0; i < 2; i++) {
        struct test_who who = test_sign_in(&server, others[i]);
        struct test_call call = { .method = "GET",
                                  .path = "/api/v1/stream",
                                  .who = &who };

        test_expect_problem(&server, &call, 403, "forbidden", NULL);
    }
    struct test_call nobody = { .method = "GET", .path = "/api/v1/stream" };
    struct test_call wrong = { .method = "GET",
                               .path = "/api/v1/stream?after=x",
                               .who = &clerk };

    test_expect_problem(&server, &nobody, 401, "session.required", NULL);
    test_expect_problem(&server, &wrong, 400, "http.query", NULL);
}
END_TEST

Suite *
suite_stream(void)
{
    Suite *suite = suite_create("stream");
    TCase *tests = tcase_create("stream");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_change_is_told_to_whoever_may_know_of_it_and_to_nobody_else);
    tcase_add_test(tests, counts_follow_and_a_recalled_ticket_is_gone_without_a_word);
    tcase_add_test(tests, who_comes_back_is_told_what_it_missed_by_its_own_rights);
    tcase_add_test(tests, what_happens_between_the_session_and_the_stream_is_told);
    tcase_add_test(tests, who_missed_too_much_is_told_to_reload);
    tcase_add_test(tests, a_call_is_told_to_the_clerks_it_came_for_without_its_number);
    tcase_add_test(tests, a_listener_knows_which_pages_and_program_it_listens_to);
    tcase_add_test(tests, a_stream_ends_with_its_session);
    tcase_add_test(tests, a_stream_ends_when_its_user_has_another_role);
    tcase_add_test(tests, streams_and_polls_are_nobody_at_work);
    tcase_add_test(tests, only_staff_listens);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return suite;
}
