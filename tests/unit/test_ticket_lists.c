#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/access.h"
#include "store/reader.h"
#include "store/record_lists.h"
#include "store/ticket_lists.h"
#include "support/county.h"
#include "support/office.h"

/*
 * test_ticket_lists.c - lists of tickets against a naive computation: every
 * ticket is loaded, filtered and sorted here, and must come out the same.
 */

#define LIMIT 9

static struct office office;
static struct reader_pool *pool;
static struct reader *reader;
static struct arena *arena;

static struct fact facts[COUNTY_ROOM];
static size_t fact_count;

static void
look_again(void)
{
    if (reader != NULL)
        reader_release(pool, reader);
    ck_assert_int_eq(reader_acquire(pool, 60000, &reader), OK);
}

static void
set_up(void)
{
    office_open(&office);
    county_fill(&office.fixture);
    ck_assert_int_eq(reader_pool_open(office.fixture.store, 1, &pool), OK);
    reader = NULL;
    look_again();
    arena = arena_new();
    fact_count = county_facts(&office.fixture, facts);
    ck_assert_uint_eq(fact_count, COUNTY_TICKETS);
}

static void
tear_down(void)
{
    arena_free(arena);
    reader_release(pool, reader);
    reader_pool_close(pool);
    office_close(&office);
}

/* --- Comparing --------------------------------------------------------------------------- */

/* Where the ids of pages go, one after the other. */
struct ids {
    int64_t *ids;
    size_t count;
};

static void
take_ids(struct ids *taken, const struct ticket_page *page)
{
    ck_assert_uint_le(taken->count + page->count, COUNTY_ROOM);
    memcpy(taken->ids + taken->count, page->ids, page->count * sizeof *page->ids);
    taken->count += page->count;
}

/* All pages, one after the other. */
static size_t
all_pages(const struct ticket_viewer *viewer, const struct ticket_filter *wanted,
          int64_t ret_ids[COUNTY_ROOM])
{
    struct ticket_filter filter = *wanted;
    struct ids taken = { ret_ids, 0 };
    struct ticket_page page = { .has_more = true };

    while (page.has_more) {
        arena_reset(arena);
        ck_assert_int_eq(
            ticket_lists_page(reader->db, arena, viewer, &filter, LIMIT, &page), OK);
        take_ids(&taken, &page);
        ck_assert(page.count <= LIMIT);
        ck_assert(page.count > 0 || !page.has_more);
        filter.after = page.last;
        ck_assert(taken.count <= fact_count);
    }
    return taken.count;
}

static size_t
compare(const struct ticket_viewer *viewer, const struct ticket_filter *filter,
        uint64_t seed)
{
    const struct fact *expected[COUNTY_ROOM];
    int64_t ids[COUNTY_ROOM];
    size_t count = county_list(facts, fact_count, viewer, filter, expected);
    size_t got = all_pages(viewer, filter, ids);

    ck_assert_msg(got == count, "seed %llu: %zu tickets, expected %zu",
                  (unsigned long long)seed, got, count);
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(ids[i] == expected[i]->id,
                      "seed %llu: place %zu has %lld, not %lld", (unsigned long long)seed,
                      i, (long long)ids[i], (long long)expected[i]->id);
    return count;
}

/* A small generator of its own, so that a failing seed can be run again. */
static uint64_t
next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static int
pick(uint64_t *state, int count)
{
    return (int)(next(state) % (uint64_t)count);
}

static struct ticket_filter
random_filter(uint64_t *state)
{
    static const char *const areas[] = { "A", "A1", "B", "C" };
    static const char *const categories[] = { "1", "11", "111", "2", "9" };
    static const char *const channels[] = { "phone", "web", "sms" };
    struct ticket_filter filter;

#define ONE_IN(n) (pick(state, n) == 0)
    ticket_filter_init(&filter);
    if (ONE_IN(2))
        filter.states = (uint32_t)pick(state, 512);
    if (ONE_IN(6))
        filter.states = STATE_BIT(pick(state, TICKET_STATE_COUNT));
    if (ONE_IN(6))
        filter.channel = channels[pick(state, 3)];
    if (ONE_IN(6))
        filter.area = areas[pick(state, 4)];
    if (ONE_IN(4))
        filter.category = categories[pick(state, 5)];
    if (ONE_IN(8))
        filter.kind = pick(state, KIND_COUNT);
    if (ONE_IN(8))
        filter.urgency = pick(state, URGENCY_COUNT);
    if (ONE_IN(5))
        filter.light = pick(state, LIGHT_COUNT);
    if (ONE_IN(3)) {
        filter.unit_id = 1 + pick(state, 5);
        filter.relation = pick(state, 3) == 0 ? CHOICE_NONE : 1 + pick(state, 2);
    }
    if (ONE_IN(8))
        filter.overdue = 1 + (enum tristate)pick(state, 2);
    if (ONE_IN(8))
        filter.sensitive = 1 + (enum tristate)pick(state, 2);
    if (ONE_IN(8))
        filter.suspect = 1 + (enum tristate)pick(state, 2);
    if (ONE_IN(8))
        filter.supervised = 1 + (enum tristate)pick(state, 2);
    if (ONE_IN(4))
        filter.received_from = COUNTY_FIRST_DAY + pick(state, 29);
    if (ONE_IN(4))
        filter.received_to = filter.received_from != 0 && ONE_IN(2)
                                 ? filter.received_from + pick(state, 7)
                                 : COUNTY_FIRST_DAY + pick(state, 29);
    if (ONE_IN(5))
        filter.due_from = COUNTY_FIRST_DAY + pick(state, 40);
    if (ONE_IN(5))
        filter.due_to = filter.due_from != 0 && ONE_IN(2)
                            ? filter.due_from + pick(state, 7)
                            : COUNTY_FIRST_DAY + pick(state, 40);
    filter.sort = ONE_IN(2) ? TICKET_SORT_DUE : TICKET_SORT_RECEIVED;
#undef ONE_IN
    return filter;
}

START_TEST(every_filter_finds_what_a_look_at_all_tickets_finds)
{
    struct ticket_viewer clerk = ticket_viewer(&office.clerk, office.now);
    struct ticket_viewer unit = ticket_viewer(&office.handlers[WATER], office.now);
    size_t found = 0;

    for (uint64_t seed = 1; seed <= 1500; seed++) {
        uint64_t state = seed * UINT64_C(0x9E3779B97F4A7C15);
        struct ticket_filter filter = random_filter(&state);
        found += compare(pick(&state, 2) == 0 ? &clerk : &unit, &filter, seed);
    }
    ck_assert_uint_gt(found, 5000); /* filters that find nothing prove little */
}
END_TEST

START_TEST(each_filter_alone_finds_what_a_look_at_all_tickets_finds)
{
    struct ticket_viewer viewers[] = {
        ticket_viewer(&office.clerk, office.now),
        ticket_viewer(&office.handlers[TOWN], office.now),
        ticket_viewer(&office.heads[HOUSING], office.now),
    };

    for (size_t v = 0; v < 3; v++)
        for (int sort = 0; sort < 2; sort++) {
            struct ticket_filter filter, none;
            ticket_filter_init(&none);
            none.sort = (enum ticket_sort)sort;
#define ALONE(...)                                                                       \
    do {                                                                                 \
        filter = none;                                                                   \
        __VA_ARGS__;                                                                     \
        (void)compare(&viewers[v], &filter, 0);                                          \
    } while (0)
            ALONE((void)0);
            for (int state = 0; state < TICKET_STATE_COUNT; state++)
                ALONE(filter.states = STATE_BIT(state));
            for (int light = 0; light < LIGHT_COUNT; light++)
                ALONE(filter.light = light);
            for (int unit = 1; unit <= OFFICE_UNIT_COUNT; unit++) {
                ALONE(filter.unit_id = unit);
                ALONE(filter.unit_id = unit; filter.relation = RELATION_LEAD);
                ALONE(filter.unit_id = unit; filter.relation = RELATION_CO);
            }
            ALONE(filter.category = "1");
            ALONE(filter.area = "A");
            ALONE(filter.supervised = TRISTATE_YES);
            ALONE(filter.overdue = TRISTATE_YES);
            ALONE(filter.due_from = COUNTY_FIRST_DAY + 10;
                  filter.due_to = COUNTY_FIRST_DAY + 12);
            ALONE(filter.due_to = COUNTY_FIRST_DAY + 12);
            ALONE(filter.received_from = COUNTY_FIRST_DAY + 3;
                  filter.received_to = COUNTY_FIRST_DAY + 4);
#undef ALONE
        }
}
END_TEST

START_TEST(a_list_does_not_shift_under_inserts)
{
    struct ticket_viewer viewer = ticket_viewer(&office.clerk, office.now);

    for (int sort = 0; sort < 2; sort++) {
        struct ticket_filter filter;
        const struct fact *expected[COUNTY_ROOM];
        int64_t seen[COUNTY_ROOM];
        struct ids taken = { seen, 0 };
        struct ticket_page page = { .has_more = true };
        size_t old = 0;

        ticket_filter_init(&filter);
        filter.sort = (enum ticket_sort)sort;
        fact_count = county_facts(&office.fixture, facts);
        size_t count = county_list(facts, fact_count, &viewer, &filter, expected);
        while (page.has_more) {
            char no[TICKET_NO_BYTES];
            arena_reset(arena);
            ck_assert_int_eq(
                ticket_lists_page(reader->db, arena, &viewer, &filter, 40, &page), OK);
            take_ids(&taken, &page);
            filter.after = page.last;
            office_receive(&office, "phone", no); /* the newest, without a deadline */
            look_again();
        }
        /* What was there before the first page comes once each, in its order. */
        for (size_t i = 0; i < taken.count && old < count; i++)
            if (seen[i] == expected[old]->id)
                old++;
        ck_assert_uint_eq(old, count);
    }
}
END_TEST

START_TEST(a_viewer_without_a_role_for_tickets_sees_none)
{
    struct actor admin = { ACTOR_USER, 9, 2,
                           ROLE_BIT(ROLE_ADMIN) | ROLE_BIT(ROLE_AUDITOR) };
    struct actor citizen = { ACTOR_CITIZEN, 0, 2, 0 };
    struct ticket_viewer viewers[] = { ticket_viewer(&admin, office.now),
                                       ticket_viewer(&citizen, office.now),
                                       { 0 } };

    for (size_t i = 0; i < 3; i++) {
        struct ticket_filter filter;
        int64_t ids[COUNTY_ROOM];
        ticket_filter_init(&filter);
        ck_assert_uint_eq(all_pages(&viewers[i], &filter, ids), 0);
        filter.sort = TICKET_SORT_DUE;
        ck_assert_uint_eq(all_pages(&viewers[i], &filter, ids), 0);
        for (int todo = 0; todo < TICKET_TODO_COUNT; todo++) {
            struct ticket_todo_count counted;
            filter.todo = todo;
            ck_assert_uint_eq(all_pages(&viewers[i], &filter, ids), 0);
            ck_assert_int_eq(ticket_lists_count_todo(reader->db, &viewers[i],
                                                     (enum ticket_todo)todo, &counted),
                             OK);
            ck_assert_int_eq(counted.tickets, 0);
        }
    }
}
END_TEST

/* What each group is, said once more over the tables. %d: the unit. */
static const struct {
    enum ticket_todo todo;
    const char *sql;
} groups[] = {
    { TODO_DISPATCH,
      "SELECT count(*) FROM ticket WHERE state = 'received' AND NOT suspect" },
    { TODO_SUSPECT, "SELECT count(*) FROM ticket WHERE state = 'received' AND suspect" },
    { TODO_RETURN, "SELECT count(*) FROM ticket WHERE state = 'returned'" },
    { TODO_REVIEW,
      "SELECT count(*) FROM ticket WHERE state = 'replied' AND id NOT IN"
      " (SELECT ticket_id FROM reply WHERE state = 'sent' AND office_tells)" },
    { TODO_TELL, "SELECT count(*) FROM ticket WHERE state = 'replied' AND id IN"
                 " (SELECT ticket_id FROM reply WHERE state = 'sent' AND office_tells)" },
    { TODO_CALLBACK, "SELECT count(*) FROM ticket WHERE state = 'feedback' AND has_phone"
                     " AND rated_at = 0" },
    { TODO_UNSATISFIED, "SELECT count(*) FROM ticket WHERE state = 'feedback'"
                        " AND rated_at > 0 OR state = 'closed' AND id %% 5 = 0" },
    { TODO_REPEATED, "SELECT count(*) FROM repeated_matter WHERE waits" },
    { TODO_SUBMIT, "SELECT count(*) FROM ticket WHERE (sensitive OR urgency = "
                   "'critical') AND NOT suspect"
                   " AND state NOT IN ('closed', 'declined', 'merged') AND id NOT IN "
                   "(SELECT ticket_id FROM submission)" },
    { TODO_SIGN, "SELECT count(*) FROM assignment a JOIN ticket t ON t.id = a.ticket_id "
                 "WHERE is_active AND unit_id = %d"
                 " AND signed_at = 0 AND (t.state = 'dispatched' OR t.state = 'handling' "
                 "AND relation = 'co')" },
    { TODO_HANDLE, "SELECT count(*) FROM assignment a JOIN ticket t ON t.id = "
                   "a.ticket_id WHERE is_active AND unit_id = %d"
                   " AND relation = 'lead' AND t.state = 'handling' AND t.id NOT IN "
                   "(SELECT ticket_id FROM reply WHERE state = 'proposed')" },
    { TODO_DRAFT, "SELECT count(*) FROM assignment a JOIN ticket t ON t.id = a.ticket_id "
                  "WHERE is_active AND unit_id = %d"
                  " AND relation = 'lead' AND t.state = 'handling' AND t.id IN (SELECT "
                  "ticket_id FROM reply WHERE state = 'proposed')" },
    { TODO_CO, "SELECT count(*) FROM assignment a JOIN ticket t ON t.id = a.ticket_id "
               "WHERE is_active AND unit_id = %d"
               " AND relation = 'co' AND a.replied_at = 0 AND t.state IN ('dispatched', "
               "'handling')" },
    { TODO_SUPERVISION, "SELECT count(DISTINCT ticket_id) FROM supervision WHERE state = "
                        "'issued' AND unit_id = %d" },
    { TODO_EXTENSION, "SELECT count(*) FROM extension WHERE state = 'pending' AND "
                      "needs_leader = %d - 3" },
    { TODO_SUPERVISE, "SELECT count(*) FROM supervision WHERE state = 'prepared'" },
    { TODO_SETTLE, "SELECT count(*) FROM supervision WHERE state = 'answered'" },
    { TODO_INSTRUCT,
      "SELECT count(*) FROM submission WHERE closed_at = 0 AND leader_id = 3" },
};

START_TEST(each_group_of_todos_holds_what_waits)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        uint32_t roles = ticket_todo_roles(groups[i].todo);
        struct actor actor = { ACTOR_USER, 3, 3, roles };
        struct ticket_todo_count counted;
        char sql[600];

        if (groups[i].todo == TODO_EXTENSION)
            actor.roles =
                ROLE_BIT(ROLE_SUPERVISOR); /* 3 - 3: those a supervisor decides */
        struct ticket_viewer viewer = ticket_viewer(&actor, office.now);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
        (void)snprintf(sql, sizeof sql, groups[i].sql, 3);
#pragma GCC diagnostic pop
        int64_t expected = store_fixture_number(&office.fixture.dir, sql);
        ck_assert_int_eq(
            ticket_lists_count_todo(reader->db, &viewer, groups[i].todo, &counted), OK);
        ck_assert_msg(counted.tickets == expected && expected > 0,
                      "%s: %lld, expected %lld", words_todo.items[groups[i].todo].word,
                      (long long)counted.tickets, (long long)expected);
    }
}
END_TEST

START_TEST(a_group_counts_the_tickets_it_lists_and_only_visible_ones)
{
    struct actor both = office.clerk;
    both.roles |= ROLE_BIT(ROLE_HANDLER);
    both.unit_id = 2;
    const struct actor *actors[] = { &office.clerk,        &office.supervisor,
                                     &office.leader,       &office.handlers[TOWN],
                                     &office.heads[WATER], &both };
    int64_t total = 0;

    for (size_t i = 0; i < sizeof actors / sizeof *actors; i++) {
        struct ticket_viewer viewer = ticket_viewer(actors[i], office.now);
        for (int todo = 0; todo < TICKET_TODO_COUNT; todo++) {
            struct ticket_todo_count counted;
            struct ticket_filter filter, all;
            int64_t ids[COUNTY_ROOM];
            ticket_filter_init(&all);
            filter = all;
            filter.todo = todo;
            ck_assert_int_eq(ticket_lists_count_todo(reader->db, &viewer,
                                                     (enum ticket_todo)todo, &counted),
                             OK);
            size_t listed = all_pages(&viewer, &filter, ids);
            ck_assert_int_eq((int64_t)listed, counted.tickets);
            filter.sort = TICKET_SORT_DUE;
            ck_assert_uint_eq(all_pages(&viewer, &filter, ids), listed);
            const struct fact *sorted[COUNTY_ROOM];
            for (size_t k = 0; k < listed; k++) {
                size_t place = 0;
                while (facts[place].id != ids[k])
                    place++;
                ck_assert(county_matches(&facts[place], &viewer, &all));
                sorted[k] = &facts[place];
            }
            county_sort_by_clock(sorted, listed);
            for (size_t k = 0; k < listed; k++)
                ck_assert_int_eq(sorted[k]->id, ids[k]);
            total += counted.tickets;
        }
    }
    ck_assert_int_gt(total, 300);
}
END_TEST

START_TEST(an_assignment_knows_when_its_ticket_was_received)
{
    ck_assert_int_eq(
        store_fixture_number(
            &office.fixture.dir,
            "SELECT count(*) FROM assignment JOIN ticket ON ticket.id = ticket_id"
            " WHERE assignment.received_at <> ticket.received_at"),
        0);
}
END_TEST

/* --- A unit with very many tickets ------------------------------------------------------ */

/* The ids of all records that the unit's user is given, newest first, against the tables. */
static void
compare_urges(const struct ticket_viewer *viewer, int64_t of_unit)
{
    struct record_filter filter = { .sees_all = viewer->sees_all,
                                    .viewer_unit = viewer->unit_id,
                                    .unit_id = of_unit };
    struct record_row *rows;
    int64_t total = 0;
    size_t count;
    char sql[400];

    do {
        arena_reset(arena);
        ck_assert_int_eq(record_lists_read(reader->db, arena, RECORD_URGE, &filter, LIMIT,
                                           &rows, &count),
                         OK);
        for (size_t i = 0; i < count; i++) {
            ck_assert(filter.before == 0 || rows[i].id < filter.before);
            filter.before = rows[i].id;
        }
        total += (int64_t)count;
    } while (count > 0);
    (void)snprintf(
        sql, sizeof sql,
        "SELECT count(*) FROM urge WHERE ticket_id IN (SELECT ticket_id FROM"
        " assignment WHERE is_visible AND unit_id = %lld) AND %lld IN (0, unit_id)",
        (long long)viewer->unit_id, (long long)of_unit);
    ck_assert_int_eq(total, store_fixture_number(&office.fixture.dir, sql));
    ck_assert_int_gt(total, 10);
}

START_TEST(a_unit_with_many_tickets_gets_the_same_lists)
{
    struct ticket_viewer roads = ticket_viewer(&office.handlers[ROADS], office.now);
    struct ticket_viewer water = ticket_viewer(&office.handlers[WATER], office.now);
    struct ticket_viewer clerk = ticket_viewer(&office.clerk, office.now);
    bool is_few = true;

    county_fill_many(&office.fixture);
    look_again();
    fact_count = county_facts(&office.fixture, facts);
    ck_assert_int_eq(ticket_lists_few(reader->db, roads.unit_id, &is_few), OK);
    ck_assert(!is_few);
    ck_assert_int_eq(ticket_lists_few(reader->db, water.unit_id, &is_few), OK);
    ck_assert(is_few);
    for (int sort = 0; sort < 2; sort++) {
        struct ticket_filter filter;
        ticket_filter_init(&filter);
        filter.sort = (enum ticket_sort)sort;
        (void)compare(&roads, &filter, 0);
        filter.states = STATE_BIT(TICKET_CLOSED) | STATE_BIT(TICKET_MERGED);
        (void)compare(&roads, &filter, 1);
        filter.unit_id = roads.unit_id;
        filter.relation = RELATION_LEAD;
        (void)compare(&clerk, &filter, 2);
    }
    compare_urges(&roads, 0);
    compare_urges(&roads, 3);
    compare_urges(&water, 0);
    compare_urges(&water, 3);
}
END_TEST

Suite *
suite_ticket_lists(void)
{
    Suite *suite = suite_create("ticket_lists");
    TCase *tcase = tcase_create("lists");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, every_filter_finds_what_a_look_at_all_tickets_finds);
    tcase_add_test(tcase, each_filter_alone_finds_what_a_look_at_all_tickets_finds);
    tcase_add_test(tcase, a_list_does_not_shift_under_inserts);
    tcase_add_test(tcase, a_viewer_without_a_role_for_tickets_sees_none);
    tcase_add_test(tcase, each_group_of_todos_holds_what_waits);
    tcase_add_test(tcase, a_group_counts_the_tickets_it_lists_and_only_visible_ones);
    tcase_add_test(tcase, a_unit_with_many_tickets_gets_the_same_lists);
    tcase_add_test(tcase, an_assignment_knows_when_its_ticket_was_received);
    suite_add_tcase(suite, tcase);
    return suite;
}
