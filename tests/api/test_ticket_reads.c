#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "support/county.h"
#include "support/server.h"

/*
 * Scenarios of what reads tickets: lists, one ticket, its events, records and
 * the inbox; and that nobody sees what is not theirs.
 */

#define PATH_BYTES 400
#define NO_BYTES 24

static struct test_server server;
static struct store_fixture fixture; /* the server's store, for county.h */
static struct fact facts[COUNTY_ROOM];
static size_t fact_count;
static struct test_who clerk, handler, water, supervisor, leader, admin;

static void
write_rows(const char *sql)
{
    ck_assert_int_eq(store_fixture_write(&fixture, sql), OK);
}

/* Units 3 to 5 beside the office and the town, and somebody in unit 3. */
static void
set_up(void)
{
    test_server_open(&server);
    fixture = (struct store_fixture){ .dir = server.dir,
                                      .config = server.config,
                                      .store = server.store,
                                      .writer = server.writer };
    write_rows("INSERT INTO unit (id, code, name, short_name, kind, head, deputy, "
               "contact) VALUES"
               " (3, 'water', '水利局', '水利', 'department', 'h', 'd', 'c'),"
               " (4, 'roads', '交通局', '交通', 'department', 'h', 'd', 'c'),"
               " (5, 'housing', '住建局', '住建', 'department', 'h', 'd', 'c')");
    people_add(server.writer, "water", "water", ROLE_BIT(ROLE_HANDLER), TEST_SERVER_NOW);
    county_fill(&fixture);
    fact_count = county_facts(&fixture, facts);
    clerk = test_sign_in(&server, "clerk");
    handler = test_sign_in(&server, "handler");
    water = test_sign_in(&server, "water");
    supervisor = test_sign_in(&server, "supervisor");
    leader = test_sign_in(&server, "leader");
    admin = test_sign_in(&server, "admin");
}

static void
tear_down(void)
{
    test_server_close(&server);
}

static struct test_reply
get(const struct test_who *who, const char *path)
{
    struct test_call call = { .method = "GET", .path = path, .who = who };

    return test_send(&server, &call);
}

static struct test_reply
get_ok(const struct test_who *who, const char *path)
{
    struct test_reply reply = get(who, path);

    ck_assert_msg(reply.status == 200, "%s: %d %s", path, reply.status, reply.body);
    return reply;
}

/* `member` of item `index`, copied. */
static void
item(const struct test_reply *reply, int index, const char *member, char *text,
     size_t room)
{
    char path[64];

    (void)snprintf(path, sizeof path, "items.%d.%s", index, member);
    const char *value = test_reply_text(reply, path);
    ck_assert_msg(value != NULL, "no %s in %s", path, reply->body);
    ck_assert(text_format(text, room, "%s", value));
}

/* All pages of a list: `member` of every item, in order. */
static size_t
walk(const struct test_who *who, const char *path, int limit, const char *member,
     char ret_texts[][NO_BYTES], size_t room)
{
    char url[PATH_BYTES], cursor[64] = "";
    size_t count = 0;

    for (;;) {
        (void)snprintf(url, sizeof url, "%s%climit=%d%s%s", path,
                       strchr(path, '?') == NULL ? '?' : '&', limit,
                       cursor[0] == '\0' ? "" : "&cursor=", cursor);
        struct test_reply reply = get_ok(who, url);
        int items = test_reply_count(&reply, "items");
        ck_assert_int_le(items, limit);
        for (int i = 0; i < items; i++) {
            ck_assert_uint_lt(count, room);
            item(&reply, i, member, ret_texts[count++], NO_BYTES);
        }
        const char *next = test_reply_text(&reply, "next");
        bool is_last = next == NULL;
        if (!is_last)
            ck_assert(text_format(cursor, sizeof cursor, "%s", next));
        test_reply_free(&reply);
        if (is_last)
            return count;
    }
}

/* --- Lists ----------------------------------------------------------------------------- */

static char walked[COUNTY_ROOM][NO_BYTES];

static struct ticket_viewer
viewer_of(const char *login)
{
    struct actor actor = people_actor(server.writer, login);

    return ticket_viewer(&actor, TEST_SERVER_NOW);
}

static void
compare(const struct test_who *who, const struct ticket_viewer *viewer, const char *query,
        const struct ticket_filter *filter)
{
    const struct fact *expected[COUNTY_ROOM];
    char path[PATH_BYTES], no[NO_BYTES];

    (void)snprintf(path, sizeof path, "/api/v1/tickets%s", query);
    size_t count = county_list(facts, fact_count, viewer, filter, expected);
    size_t got = walk(who, path, 60, "no", walked, COUNTY_ROOM);
    ck_assert_msg(got == count, "%s: %zu tickets, expected %zu", path, got, count);
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(no, sizeof no, "N%lld", (long long)expected[i]->id);
        ck_assert_msg(strcmp(walked[i], no) == 0, "%s: place %zu has %s, not %s", path, i,
                      walked[i], no);
    }
}

START_TEST(each_parameter_filters_as_it_says)
{
    struct ticket_viewer all = viewer_of("clerk"), town = viewer_of("handler");
    struct ticket_filter filter;

#define BOTH(query, ...)                                                                 \
    do {                                                                                 \
        ticket_filter_init(&filter);                                                     \
        __VA_ARGS__;                                                                     \
        compare(&clerk, &all, query, &filter);                                           \
        compare(&handler, &town, query, &filter);                                        \
    } while (0)
    BOTH("", (void)0);
    BOTH("?sort=due", filter.sort = TICKET_SORT_DUE);
    BOTH("?state=handling", filter.states = STATE_BIT(TICKET_HANDLING));
    BOTH("?state=closed,handling,merged", filter.states = STATE_BIT(TICKET_CLOSED) |
                                                          STATE_BIT(TICKET_HANDLING) |
                                                          STATE_BIT(TICKET_MERGED));
    BOTH("?channel=web", filter.channel = "web");
    BOTH("?kind=report", filter.kind = KIND_REPORT);
    BOTH("?urgency=critical", filter.urgency = URGENCY_CRITICAL);
    BOTH("?category=11", filter.category = "11");
    BOTH("?area=A", filter.area = "A");
    BOTH("?unit=water", filter.unit_id = 3);
    BOTH("?unit=water&role=lead", filter.unit_id = 3; filter.relation = RELATION_LEAD);
    BOTH("?unit=water&role=co", filter.unit_id = 3; filter.relation = RELATION_CO);
    BOTH("?light=yellow", filter.light = LIGHT_YELLOW);
    BOTH("?light=red&sort=due", filter.light = LIGHT_RED; filter.sort = TICKET_SORT_DUE);
    BOTH("?overdue=true", filter.overdue = TRISTATE_YES);
    BOTH("?overdue=false", filter.overdue = TRISTATE_NO);
    BOTH("?sensitive=true", filter.sensitive = TRISTATE_YES);
    BOTH("?supervised=true", filter.supervised = TRISTATE_YES);
    BOTH("?supervised=false", filter.supervised = TRISTATE_NO);
    BOTH("?suspect=true", filter.suspect = TRISTATE_YES);
    BOTH("?received_from=2026-11-01", filter.received_from = COUNTY_FIRST_DAY + 8);
    BOTH("?received_to=2026-11-01&sort=due", filter.received_to = COUNTY_FIRST_DAY + 8;
         filter.sort = TICKET_SORT_DUE);
    BOTH("?due_from=2026-11-01&due_to=2026-11-03", filter.due_from = COUNTY_FIRST_DAY + 8;
         filter.due_to = COUNTY_FIRST_DAY + 10);
    BOTH("?due_to=2026-11-03", filter.due_to = COUNTY_FIRST_DAY + 10);
#undef BOTH
    ticket_filter_init(&filter);
    filter.unit_id = town.unit_id;
    filter.relation = RELATION_CO;
    compare(&handler, &town, "?role=co", &filter);
}
END_TEST

START_TEST(a_wrong_parameter_is_refused_by_name)
{
    static const char *const wrong[] = {
        "?colour=red",
        "?state=gone",
        "?state=",
        "?state=closed,closed",
        "?kind=x",
        "?light=blue",
        "?overdue=1",
        "?role=none",
        "?role=lead",
        "?unit=nowhere",
        "?todo=rest",
        "?sort=title",
        "?limit=0",
        "?limit=201",
        "?limit=x",
        "?received_from=2026-02-30",
        "?kind=help&kind=help",
        "?cursor=",
        "?cursor=x",
        "?cursor=r1",
        "?cursor=r1-",
        "?cursor=r-1",
        "?cursor=r01-1",
        "?cursor=r1-1-1",
        "?cursor=r1-1%20",
        "?cursor=R1-1",
        "?cursor=r-1-1",
        "?cursor=d1-1",
        "?sort=due&cursor=r1-1",
        "?cursor=n0-1",
        "?cursor=rffffffffffffffff-1",
    };
    static const char *const others[] = {
        "/api/v1/inbox?limit=1",
        "/api/v1/urges?state=open",
        "/api/v1/urges?cursor=r1-1",
        "/api/v1/extensions?state=issued",
        "/api/v1/instructions?state=open",
        "/api/v1/promises?from=x",
        "/api/v1/callbacks?unit=nowhere",
        "/api/v1/tickets/N1?x=1",
        "/api/v1/tickets/N1/events?cursor=n0-1",
        "/api/v1/returns?ticket=N1&ticket=N1",
    };
    char path[PATH_BYTES];

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        (void)snprintf(path, sizeof path, "/api/v1/tickets%s", wrong[i]);
        struct test_reply reply = get(&clerk, path);
        ck_assert_msg(reply.status == 400, "%s: %d", path, reply.status);
        test_reply_free(&reply);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct test_reply reply = get(&clerk, others[i]);
        ck_assert_msg(reply.status == 400, "%s: %d", others[i], reply.status);
        test_reply_free(&reply);
    }
}
END_TEST

START_TEST(who_sees_no_tickets_may_not_ask_for_them)
{
    static const char *const paths[] = {
        "/api/v1/tickets",      "/api/v1/tickets/N1", "/api/v1/tickets/N1/events",
        "/api/v1/inbox",        "/api/v1/urges",      "/api/v1/supervisions",
        "/api/v1/instructions", "/api/v1/extensions", "/api/v1/returns",
        "/api/v1/promises",     "/api/v1/callbacks",
    };

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct test_call call = { .method = "GET", .path = paths[i], .who = &admin };
        test_expect_problem(&server, &call, 403, "forbidden", NULL);
        call.who = NULL;
        test_expect_problem(&server, &call, 401, "session.required", NULL);
    }
}
END_TEST

/* --- Visibility ------------------------------------------------------------------------------ */

static const struct fact *
fact_of(const char *no)
{
    for (size_t i = 0; i < fact_count; i++)
        if (facts[i].id == strtoll(no + 1, NULL, 10))
            return &facts[i];
    ck_abort_msg("no ticket %s", no);
}

static bool
is_of_unit(const char *no, int unit)
{
    const struct fact *fact = fact_of(no);

    return ((fact->lead | fact->co) >> unit & 1) != 0;
}

/* The body without the value of its request_id. */
static void
cut_request_id(char *body)
{
    char *id = strstr(body, "\"request_id\":\"");

    ck_assert_ptr_nonnull(id);
    id = strchr(id, ':') + 2;
    memset(id, '-', strcspn(id, "\""));
}

START_TEST(a_foreign_ticket_answers_like_one_that_does_not_exist)
{
    static const char *const suffixes[] = { "", "/events" };
    size_t foreign = 0;

    for (size_t i = 0; i < fact_count && foreign < 20; i++) {
        char path[PATH_BYTES], no[NO_BYTES];
        (void)snprintf(no, sizeof no, "N%lld", (long long)facts[i].id);
        for (size_t k = 0; k < 2; k++) {
            (void)snprintf(path, sizeof path, "/api/v1/tickets/%s%s", no, suffixes[k]);
            struct test_reply reply = get(&handler, path);
            if (is_of_unit(no, 2)) {
                ck_assert_int_eq(reply.status, 200);
            } else {
                (void)snprintf(path, sizeof path, "/api/v1/tickets/N99999%s",
                               suffixes[k]);
                struct test_reply missing = get(&handler, path);
                ck_assert_int_eq(reply.status, 404);
                ck_assert_int_eq(missing.status, 404);
                cut_request_id(reply.body);
                cut_request_id(missing.body);
                ck_assert_str_eq(reply.body, missing.body);
                test_reply_free(&missing);
                foreign++;
            }
            test_reply_free(&reply);
        }
    }
    ck_assert_uint_ge(foreign, 20);
}
END_TEST

static const char *const record_paths[] = {
    "urges",   "supervisions", "instructions", "extensions",
    "returns", "promises",     "callbacks",
};
static const char *const record_tables[] = {
    "urge",           "supervision", "instruction", "extension",
    "return_request", "promise",     "callback",
};

static void
fill_more_records(void)
{
    write_rows(
        "INSERT INTO instruction (ticket_id, leader_id, at, text, report_back, waive)"
        " SELECT id, 5, 1795399200, 'text', 0, 0 FROM ticket WHERE id % 9 = 0;"
        "INSERT INTO return_request (ticket_id, assignment_id, unit_id, state, "
        "returned_at,"
        " returned_by, from_state, reason_code, suggested_unit_id)"
        " SELECT ticket_id, id, unit_id, 'refused', 1795399200, 2, 'handling', "
        "'duplicate', 4"
        " FROM assignment WHERE relation = 'lead' AND is_visible = 1 AND ticket_id % 10 "
        "= 0;"
        "INSERT INTO callback (ticket_id, round, at, made_by, half_day, connected, "
        "rework)"
        " SELECT id, 0, 1795399200, 1, 1, 0, 0 FROM ticket WHERE id % 12 = 0");
}

START_TEST(a_record_list_has_the_records_of_the_tickets_one_sees)
{
    fill_more_records();
    for (size_t i = 0; i < sizeof record_paths / sizeof *record_paths; i++) {
        char path[PATH_BYTES], sql[PATH_BYTES];
        (void)snprintf(path, sizeof path, "/api/v1/%s", record_paths[i]);
        (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", record_tables[i]);
        size_t all = walk(&clerk, path, 7, "ticket.no", walked, COUNTY_ROOM);
        ck_assert_int_eq((int64_t)all, store_fixture_number(&server.dir, sql));
        size_t mine = 0;
        for (size_t k = 0; k < all; k++)
            mine += is_of_unit(walked[k], 3);
        if (i == 1) { /* what the timer prepared is not the unit's yet */
            (void)snprintf(
                sql, sizeof sql,
                "SELECT count(*) FROM supervision WHERE state = 'prepared' AND ticket_id "
                "IN"
                " (SELECT ticket_id FROM assignment WHERE unit_id = 3 AND is_visible)");
            mine -= (size_t)store_fixture_number(&server.dir, sql);
        }
        ck_assert_msg(mine > 0 && mine < all, "%s: %zu of %zu", path, mine, all);
        size_t seen = walk(&water, path, 5, "ticket.no", walked, COUNTY_ROOM);
        ck_assert_msg(seen == mine, "%s: %zu, expected %zu", path, seen, mine);
        for (size_t k = 0; k < seen; k++)
            ck_assert(is_of_unit(walked[k], 3));
    }
}
END_TEST

START_TEST(a_record_list_is_filtered_and_newest_first)
{
    fill_more_records();
    static char ids[COUNTY_ROOM][NO_BYTES];
    size_t count = walk(&clerk, "/api/v1/urges", 11, "id", ids, COUNTY_ROOM);
    for (size_t i = 1; i < count; i++)
        ck_assert_int_gt(atoi(ids[i - 1]), atoi(ids[i]));

#define COUNT(path, sql)                                                                 \
    ck_assert_int_eq((int64_t)walk(&clerk, path, 20, "id", ids, COUNTY_ROOM),            \
                     store_fixture_number(&server.dir, sql))
    COUNT("/api/v1/supervisions?state=issued",
          "SELECT count(*) FROM supervision WHERE state = 'issued'");
    COUNT("/api/v1/supervisions?unit=water",
          "SELECT count(*) FROM supervision WHERE unit_id = 3");
    COUNT("/api/v1/urges?kind=manual&unit=town",
          "SELECT count(*) FROM urge WHERE unit_id = 2");
    COUNT("/api/v1/urges?ticket=N12", "SELECT count(*) FROM urge WHERE ticket_id = 12");
    COUNT("/api/v1/urges?ticket=N77777", "SELECT 0");
    COUNT("/api/v1/extensions?state=pending", "SELECT count(*) FROM extension");
    COUNT("/api/v1/extensions?state=granted", "SELECT 0");
    COUNT("/api/v1/returns?from=2026-11-23&to=2026-11-23",
          "SELECT count(*) FROM return_request");
    COUNT("/api/v1/returns?from=2026-11-24", "SELECT 0");
    COUNT("/api/v1/instructions?unit=water",
          "SELECT count(*) FROM instruction JOIN ticket ON ticket.id = ticket_id"
          " WHERE lead_unit_id = 3");
    COUNT("/api/v1/callbacks?satisfaction=satisfied", "SELECT 0");
#undef COUNT
    /* Asking for a foreign ticket's records tells nothing. */
    for (size_t i = 0; i < fact_count; i++) {
        char path[PATH_BYTES], no[NO_BYTES];
        (void)snprintf(no, sizeof no, "N%lld", (long long)facts[i].id);
        if (is_of_unit(no, 3) || facts[i].id % 4 > 1)
            continue;
        (void)snprintf(path, sizeof path, "/api/v1/urges?ticket=%s", no);
        ck_assert_uint_eq(walk(&water, path, 20, "id", ids, COUNTY_ROOM), 0);
        break;
    }
}
END_TEST

START_TEST(a_group_of_the_inbox_counts_what_its_list_holds)
{
    const struct test_who *all[] = { &clerk, &handler, &water, &supervisor, &leader };
    static const int units[] = { 0, 2, 3, 0, 0 };
    int waiting = 0;

    for (size_t who = 0; who < 5; who++) {
        struct test_reply inbox = get_ok(all[who], "/api/v1/inbox");
        int groups = test_reply_count(&inbox, "groups");
        ck_assert_int_gt(groups, 2);
        for (int i = 0; i < groups; i++) {
            char path[PATH_BYTES], member[64];
            (void)snprintf(member, sizeof member, "groups.%d.count", i);
            int count = atoi(test_reply_text(&inbox, member));
            (void)snprintf(member, sizeof member, "groups.%d.items", i);
            ck_assert_int_eq(test_reply_count(&inbox, member), count < 5 ? count : 5);
            (void)snprintf(member, sizeof member, "groups.%d.todo", i);
            (void)snprintf(path, sizeof path, "/api/v1/tickets?todo=%s",
                           test_reply_text(&inbox, member));
            size_t listed = walk(all[who], path, 13, "no", walked, COUNTY_ROOM);
            ck_assert_msg(listed == (size_t)count, "%s: %zu, expected %d", path, listed,
                          count);
            for (size_t k = 0; k < listed && units[who] != 0; k++)
                ck_assert(is_of_unit(walked[k], units[who]));
            waiting += count;
        }
        test_reply_free(&inbox);
    }
    ck_assert_int_gt(waiting, 200);
}
END_TEST

Suite *
suite_ticket_reads(void)
{
    Suite *suite = suite_create("ticket_reads");
    TCase *tcase = tcase_create("reads");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, each_parameter_filters_as_it_says);
    tcase_add_test(tcase, a_wrong_parameter_is_refused_by_name);
    tcase_add_test(tcase, who_sees_no_tickets_may_not_ask_for_them);
    tcase_add_test(tcase, a_foreign_ticket_answers_like_one_that_does_not_exist);
    tcase_add_test(tcase, a_record_list_has_the_records_of_the_tickets_one_sees);
    tcase_add_test(tcase, a_record_list_is_filtered_and_newest_first);
    tcase_add_test(tcase, a_group_of_the_inbox_counts_what_its_list_holds);
    suite_add_tcase(suite, tcase);
    return suite;
}
