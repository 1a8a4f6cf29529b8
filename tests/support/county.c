#include "support/county.h"

#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timeutil.h"

/* --- Rows ------------------------------------------------------------------------------ */

/*
 * Numbers are scattered by multiplying with primes: the same in each run.  No
 * ticket is at its first version, at which it would have nothing laid upon it.
 */
static const char fill_tickets[] =
    "INSERT INTO area (code, parent, name) VALUES ('A', NULL, 'a'), ('A1', 'A', 'a1'),"
    " ('A2', 'A', 'a2'), ('B', NULL, 'b');"
    "INSERT INTO category (code, parent, level, name) VALUES ('1', NULL, 1, 'x'),"
    " ('11', '1', 2, 'x'), ('111', '11', 3, 'x'), ('112', '11', 3, 'x'), ('2', NULL, 1, "
    "'x'),"
    " ('21', '2', 2, 'x');"
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 420),"
    " t AS (SELECT i, (i * 31 + i / 9) % 9 AS s, (i * 17 + i / 7) % 11 AS a, (i * 7 + i "
    "/ 5) % 13 AS b,"
    "   (20750 + (i * 37) % 29) * 86400 + (i % 4) * 3600 AS received FROM n)"
    "INSERT INTO ticket (no, query_code, channel, received_at, kind, area, category, "
    "urgency,"
    " sensitive, anonymous, confidential, may_publish, suspect, has_phone, state, "
    "version,"
    " lead_unit_id, dispatched_at, due_at, effective_due_at, light, overdue_at, outcome,"
    " told_at, satisfaction_final, closed_at, rated_at, state_due_at)"
    "SELECT 'N' || i, '12345678', CASE a % 3 WHEN 0 THEN 'phone' WHEN 1 THEN 'web' ELSE "
    "'letter' END,"
    " received, CASE b % 4 WHEN 0 THEN 'help' WHEN 1 THEN 'consult' WHEN 2 THEN "
    "'complaint' ELSE 'report' END,"
    " CASE a % 5 WHEN 0 THEN 'A' WHEN 1 THEN 'A1' WHEN 2 THEN 'A2' WHEN 3 THEN 'B' END,"
    " CASE b % 8 WHEN 0 THEN '1' WHEN 1 THEN '11' WHEN 2 THEN '111' WHEN 3 THEN '112' "
    "WHEN 4 THEN '2' WHEN 5 THEN '21' END,"
    " CASE a % 4 WHEN 0 THEN 'urgent' WHEN 1 THEN 'critical' ELSE 'normal' END,"
    " b % 5 = 0, 0, b % 4 = 3, 1, s = 0 AND a % 4 = 0, a % 3 > 0,"
    " CASE s WHEN 0 THEN 'received' WHEN 1 THEN 'dispatched' WHEN 2 THEN 'handling' WHEN "
    "3 THEN 'returned'"
    "  WHEN 4 THEN 'replied' WHEN 5 THEN 'feedback' WHEN 6 THEN 'closed' WHEN 7 THEN "
    "'declined' ELSE 'merged' END,"
    " 3, CASE WHEN s IN (0, 7) THEN 0 ELSE 2 + i % 4 END, received,"
    " CASE WHEN s IN (0, 7) THEN 0 ELSE received + 86400 * (a + 1) END,"
    " CASE WHEN s IN (0, 7) OR (s = 6 AND a % 2 = 0) THEN 0 ELSE received + 86400 * (a + "
    "1) END,"
    " CASE WHEN s NOT IN (1, 2, 3) THEN 'none' WHEN b % 3 = 0 THEN 'green' WHEN b % 3 = "
    "1 THEN 'yellow' ELSE 'red' END,"
    " CASE WHEN b % 3 = 2 AND s > 0 THEN received + 99 ELSE 0 END,"
    " CASE WHEN s = 6 THEN 'solved' END, 0, CASE WHEN s = 5 AND b % 3 = 0 THEN "
    "'unsatisfied' END,"
    " CASE WHEN s = 6 THEN received + 5 ELSE 0 END,"
    " CASE WHEN s = 5 AND b % 3 = 0 THEN received + 9 ELSE 0 END,"
    " CASE WHEN s IN (0, 4, 5, 8) AND a < 9 THEN received + 43200 * (b + 1) ELSE 0 END "
    "FROM t;"
    "INSERT INTO rating (ticket_id, answered_at, rated_at, satisfaction, waits)"
    " SELECT id, 0, received_at + 9, 'unsatisfied', id % 5 = 0 FROM ticket"
    " WHERE state = 'closed';"
    "INSERT INTO repeated_matter (first_id, ticket_id, noticed_at, waits)"
    " SELECT id, id, received_at, id % 2 FROM ticket WHERE id % 7 = 0;"
    "INSERT INTO ticket_text (ticket_id, title, content) SELECT id, 'title ' || id, "
    "'content' FROM ticket;";
static const char fill_parts[] =
    /* The lead, now and then a co-unit, and a round before that nobody may see any more. */
    "INSERT INTO assignment (ticket_id, round, unit_id, relation, is_active, is_visible, "
    "is_counted,"
    " is_designated, return_refused, dispatched_at, due_at, effective_due_at, "
    "sign_due_at, signed_at,"
    " contacted_at) "
    "SELECT id, 2, lead_unit_id, 'lead', state NOT IN ('closed', 'merged'), 1, 1, 0, 0, "
    "1, 1,"
    " effective_due_at, 1, state <> 'dispatched', id % 2 FROM ticket WHERE lead_unit_id "
    "> 0;"
    "INSERT INTO assignment (ticket_id, round, unit_id, relation, is_active, is_visible, "
    "is_counted,"
    " is_designated, return_refused, dispatched_at, due_at, effective_due_at, "
    "sign_due_at, replied_at) "
    "SELECT id, 2, 2 + (id + 1) % 4, 'co', state NOT IN ('closed', 'merged'), 1, 1, 0, "
    "0, 1, 1, 1, 1,"
    " id % 2 FROM ticket WHERE lead_unit_id > 0 AND id % 3 = 0;"
    "INSERT INTO assignment (ticket_id, round, unit_id, relation, is_active, is_visible, "
    "is_counted,"
    " is_designated, return_refused, dispatched_at, due_at, effective_due_at, "
    "sign_due_at) "
    "SELECT id, 1, 2 + (id + 2) % 4, 'lead', 0, 0, 0, 0, 0, 1, 1, 1, 1 FROM ticket WHERE "
    "id % 5 = 0;";
static const char fill_records[] =
    "INSERT INTO supervision (ticket_id, unit_id, state, reason_code, issued_at, "
    "issued_by, answer_due_at) "
    "SELECT id, lead_unit_id, CASE id % 4 WHEN 0 THEN 'prepared' WHEN 1 THEN 'issued' "
    "WHEN 2 THEN 'answered' ELSE 'settled' END,"
    " 'overdue', 1, 2, 3 FROM ticket WHERE id % 7 = 0;"
    "INSERT INTO reply (ticket_id, unit_id, state, at, written_by, contacted, outcome, "
    "office_tells) "
    "SELECT id, lead_unit_id, CASE state WHEN 'handling' THEN 'proposed' ELSE 'sent' "
    "END, 1, 10, 1, 'solved', id % 2"
    "  FROM ticket WHERE state IN ('handling', 'replied') AND id % 5 < 3;"
    "INSERT INTO extension (ticket_id, assignment_id, unit_id, state, asked_at, "
    "asked_by, reason_code,"
    " promised_day, told_at, told_way, needs_leader) "
    "SELECT ticket_id, id, unit_id, 'pending', 1, 10, 'other', 1, 1, 'phone', id % 2 "
    "FROM assignment"
    " WHERE relation = 'lead' AND is_active = 1 AND ticket_id % 11 = 0;"
    "INSERT INTO promise (ticket_id, unit_id, source, state, made_at, promised_day) "
    "SELECT id, lead_unit_id, 'reply', 'open', 1, 20750 + id % 60 FROM ticket WHERE "
    "lead_unit_id > 0 AND id % 6 = 0;"
    "INSERT INTO urge (ticket_id, unit_id, kind, issued_at, issued_by, read_at) "
    "SELECT id, CASE id % 3 WHEN 0 THEN 0 ELSE lead_unit_id END, 'manual', 1, 2, id % 2 "
    "FROM ticket WHERE id % 4 < 2;"
    "INSERT INTO submission (ticket_id, leader_id, submitted_at, submitted_by, "
    "closed_at) "
    "SELECT id, 3, 1, 1, id % 2 FROM ticket WHERE id % 8 = 0;"
    "INSERT INTO outbox (at, not_before, kind, ticket_id, unit_id, is_alarm) "
    "SELECT 1, 1, 'red', id, CASE id % 2 WHEN 0 THEN 0 ELSE lead_unit_id END, id % 3 > 0 "
    "FROM ticket WHERE id % 4 = 1 OR id % 10 = 0;";

/* Which of them came out of order, as whoever makes a ticket notes it. */
static const char note_backdated[] =
    "INSERT OR IGNORE INTO ticket_backdated (ticket_id) SELECT id FROM (SELECT id, "
    "received_at, max(received_at) OVER (ORDER BY id) AS newest FROM ticket) "
    "WHERE received_at < newest;";

static const char many_sql[] =
    "WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 4200)"
    "INSERT INTO ticket (id, no, query_code, channel, received_at, kind, urgency, "
    "sensitive,"
    " anonymous, confidential, may_publish, has_phone, state, version, lead_unit_id,"
    " effective_due_at, outcome, closed_at)"
    "SELECT i, 'M' || i, '1', 'web', 1792000000 + i * 7919 % 5000, 'help', 'normal', 0, "
    "0,"
    " 0, 1, 1, 'closed', 3, 4, CASE i % 9 WHEN 0 THEN 0 ELSE 1792000000 + i * 104729 % "
    "9000 END,"
    " 'solved', 1792000000 FROM n;"
    "INSERT INTO ticket_text (ticket_id, title, content)"
    " SELECT id, 'm', 'm' FROM ticket WHERE id >= 1000;"
    "INSERT INTO assignment (ticket_id, round, unit_id, relation, is_active, is_visible,"
    " is_counted, is_designated, return_refused, dispatched_at, due_at, effective_due_at,"
    " sign_due_at) SELECT id, 1, 4, 'lead', 0, 1, 1, 0, 0, 1, 1, 1, 1 FROM ticket WHERE "
    "id >= 1000;"
    "INSERT INTO urge (ticket_id, unit_id, kind, issued_at, issued_by)"
    " SELECT id, 2 + id % 3, 'manual', 1, 1 FROM ticket WHERE id % 50 = 0";

void
county_fill(struct store_fixture *fixture)
{
    ck_assert_int_eq(store_fixture_write(fixture, fill_tickets), OK);
    ck_assert_int_eq(store_fixture_write(fixture, note_backdated), OK);
    ck_assert_int_eq(store_fixture_write(fixture, fill_parts), OK);
    ck_assert_int_eq(store_fixture_write(fixture, fill_records), OK);
}

void
county_fill_many(struct store_fixture *fixture)
{
    ck_assert_int_eq(store_fixture_write(fixture, many_sql), OK);
    ck_assert_int_eq(store_fixture_write(fixture, note_backdated), OK);
}

size_t
county_facts(const struct store_fixture *fixture, struct fact ret_facts[COUNTY_ROOM])
{
    static const char sql[] =
        "SELECT id, received_at, effective_due_at, state, kind, urgency, light, channel,"
        " coalesce(area, ''), coalesce(category, ''), overdue_at > 0, sensitive, suspect,"
        " EXISTS (SELECT 1 FROM supervision WHERE ticket_id = ticket.id AND state IN "
        "('issued', 'answered')),"
        " (SELECT sum(1 << unit_id) FROM assignment WHERE ticket_id = ticket.id AND "
        "is_visible AND relation = 'lead'),"
        " (SELECT sum(1 << unit_id) FROM assignment WHERE ticket_id = ticket.id AND "
        "is_visible AND relation = 'co'),"
        " CASE WHEN state IN ('dispatched', 'handling', 'returned') THEN effective_due_at"
        " WHEN state = 'merged' THEN 0 ELSE state_due_at END"
        " FROM ticket";
    char path[4096];
    sqlite3 *db;
    sqlite3_stmt *row;
    size_t count = 0;

    (void)snprintf(path, sizeof path, "%s/yidan.db", fixture->config.data);
    ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &row, NULL), SQLITE_OK);
    while (sqlite3_step(row) == SQLITE_ROW) {
        ck_assert_uint_lt(count, COUNTY_ROOM);
        struct fact *fact = &ret_facts[count++];
        fact->id = sqlite3_column_int64(row, 0);
        fact->received_at = sqlite3_column_int64(row, 1);
        fact->due_at = sqlite3_column_int64(row, 2);
        fact->state =
            choice_find(&words_state, (const char *)sqlite3_column_text(row, 3));
        fact->kind = choice_find(&words_kind, (const char *)sqlite3_column_text(row, 4));
        fact->urgency =
            choice_find(&words_urgency, (const char *)sqlite3_column_text(row, 5));
        fact->light =
            choice_find(&words_light, (const char *)sqlite3_column_text(row, 6));
        (void)snprintf(fact->channel, 16, "%s",
                       (const char *)sqlite3_column_text(row, 7));
        (void)snprintf(fact->area, 16, "%s", (const char *)sqlite3_column_text(row, 8));
        (void)snprintf(fact->category, 16, "%s",
                       (const char *)sqlite3_column_text(row, 9));
        fact->is_overdue = sqlite3_column_int(row, 10);
        fact->is_sensitive = sqlite3_column_int(row, 11);
        fact->is_suspect = sqlite3_column_int(row, 12);
        fact->is_supervised = sqlite3_column_int(row, 13);
        fact->lead = (uint32_t)sqlite3_column_int(row, 14);
        fact->co = (uint32_t)sqlite3_column_int(row, 15);
        fact->clock_at = sqlite3_column_int64(row, 16);
    }
    ck_assert_int_eq(sqlite3_finalize(row), SQLITE_OK);
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
    return count;
}

/* --- The naive side ------------------------------------------------------------------ */

static bool
is_within(const char *code, const char *wanted)
{
    return wanted == NULL || strncmp(code, wanted, strlen(wanted)) == 0;
}

static bool
fits(enum tristate wanted, bool is)
{
    return wanted == TRISTATE_ABSENT || (wanted == TRISTATE_YES) == is;
}

static bool
in_days(int64_t at, int32_t from, int32_t to)
{
    return (from == 0 || at >= time_day_start(from)) &&
           (to == 0 || at <= time_day_end(to));
}

bool
county_matches(const struct fact *fact, const struct ticket_viewer *viewer,
               const struct ticket_filter *filter)
{
    uint32_t parts = filter->relation == RELATION_LEAD ? fact->lead
                     : filter->relation == RELATION_CO ? fact->co
                                                       : fact->lead | fact->co;

    if (!viewer->sees_all &&
        (viewer->unit_id == 0 || ((fact->lead | fact->co) >> viewer->unit_id & 1) == 0))
        return false;
    if (filter->unit_id != 0 && (parts >> filter->unit_id & 1) == 0)
        return false;
    if ((filter->due_from != 0 || filter->due_to != 0) && fact->due_at == 0)
        return false;
    return (filter->states == 0 || (filter->states & STATE_BIT(fact->state)) != 0) &&
           (filter->channel == NULL || strcmp(filter->channel, fact->channel) == 0) &&
           (filter->kind == CHOICE_NONE || filter->kind == fact->kind) &&
           (filter->urgency == CHOICE_NONE || filter->urgency == fact->urgency) &&
           (filter->light == CHOICE_NONE || filter->light == fact->light) &&
           is_within(fact->area, filter->area) &&
           is_within(fact->category, filter->category) &&
           fits(filter->overdue, fact->is_overdue) &&
           fits(filter->sensitive, fact->is_sensitive) &&
           fits(filter->suspect, fact->is_suspect) &&
           fits(filter->supervised, fact->is_supervised) &&
           in_days(fact->received_at, filter->received_from, filter->received_to) &&
           in_days(fact->due_at, filter->due_from, filter->due_to);
}

static int
by_received(const void *left, const void *right)
{
    const struct fact *a = *(const struct fact *const *)left;
    const struct fact *b = *(const struct fact *const *)right;

    if (a->received_at != b->received_at)
        return a->received_at > b->received_at ? -1 : 1;
    return a->id > b->id ? -1 : 1;
}

/* Those without such a moment last. */
static int
by_moment(int64_t left, int64_t right, const struct fact *a, const struct fact *b)
{
    if ((left == 0) != (right == 0))
        return left == 0 ? 1 : -1;
    if (left != right)
        return left < right ? -1 : 1;
    return a->id < b->id ? -1 : 1;
}

static int
by_due(const void *left, const void *right)
{
    const struct fact *a = *(const struct fact *const *)left;
    const struct fact *b = *(const struct fact *const *)right;

    return by_moment(a->due_at, b->due_at, a, b);
}

static int
by_clock(const void *left, const void *right)
{
    const struct fact *a = *(const struct fact *const *)left;
    const struct fact *b = *(const struct fact *const *)right;

    return by_moment(a->clock_at, b->clock_at, a, b);
}

void
county_sort_by_clock(const struct fact **facts, size_t count)
{
    qsort(facts, count, sizeof *facts, by_clock);
}

size_t
county_list(const struct fact *facts, size_t fact_count,
            const struct ticket_viewer *viewer, const struct ticket_filter *filter,
            const struct fact *ret_facts[COUNTY_ROOM])
{
    size_t count = 0;

    for (size_t i = 0; i < fact_count; i++)
        if (county_matches(&facts[i], viewer, filter))
            ret_facts[count++] = &facts[i];
    qsort(ret_facts, count, sizeof *ret_facts,
          filter->sort == TICKET_SORT_DUE ? by_due : by_received);
    return count;
}
