/* compare.c - what has happened against what is expected: see walk.h, and schedules.c. */
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "background/timer.h"
#include "base/arena.h"
#include "base/timeutil.h"
#include "store/reader.h"
#include "store/verify.h"
#include "walk.h"

#define JUMP_S 2
#define VERIFY_MS 60000
#define DIFFERENCES_MAX 20 /* are printed */

static void differ(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void
differ(const char *format, ...)
{
    char now[TIME_TEXT_BYTES];
    va_list arguments;

    walk.has_differed = true;
    if (walk.figures.differences++ >= DIFFERENCES_MAX)
        return;
    time_format(walk.moved.wall, now);
    printf("DIFFERS seed %llu (%s) step %d, clock %s: ", (unsigned long long)walk.seed,
           walk.scene->name, walk.step, now);
    va_start(arguments, format);
    (void)vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
}

static void
took_place(const char *type, int64_t ticket, const char *payload, const char *to_state)
{
    char due[TIME_TEXT_BYTES] = "";
    const char *text = strstr(payload, "\"due_at\":\"");
    int kind = choice_find(&words_moment, type);
    int64_t at;

    if (text != NULL)
        (void)snprintf(due, sizeof due, "%.25s", text + strlen("\"due_at\":\""));
    if (!time_parse(due, &at))
        fail("an event without a due second", payload);
    if (kind == MOMENT_CLOSE_UNREACHABLE && strstr(payload, "\"waits\":true") != NULL)
        kind = CLOSE_WAITS;
    struct due *found = scene_find(walk.scene, ticket, kind, at);
    if (found == NULL) {
        differ("ticket %lld: %s of %s happened and is not expected", (long long)ticket,
               type, due);
        return;
    }
    found->happened++;
    if ((kind == MOMENT_CLOSE_UNREACHABLE) != (strcmp(to_state, "closed") == 0))
        differ("ticket %lld: %s of %s leads to \"%s\"", (long long)ticket, type, due,
               to_state);
}

/* What has been written since the last reading. */
static void
read_events(void)
{
    bool has_jumped = false;

    (void)sqlite3_bind_int64(walk.moved.events, 1, walk.seq); /* the parameter is there */
    while (sqlite3_step(walk.moved.events) == SQLITE_ROW) {
        const char *type = (const char *)sqlite3_column_text(walk.moved.events, 3);
        const char *payload = (const char *)sqlite3_column_text(walk.moved.events, 4);
        const char *to_state = (const char *)sqlite3_column_text(walk.moved.events, 5);
        int64_t at = sqlite3_column_int64(walk.moved.events, 2);
        long long seconds;

        if (sqlite3_column_int64(walk.moved.events, 0) != ++walk.seq)
            differ("event %lld is not there", (long long)walk.seq);
        int64_t wanted = walk.moved.wall > walk.at ? walk.moved.wall : walk.at;
        if (at != wanted)
            differ("event %lld is of second %lld, not %lld", (long long)walk.seq,
                   (long long)at, (long long)wanted);
        walk.at = at;
        if (strncmp(type, "timer.", 6) == 0)
            took_place(type + 6, sqlite3_column_int64(walk.moved.events, 1), payload,
                       to_state == NULL ? "" : to_state);
        else if (strcmp(type, "clock_jump") == 0 && !has_jumped &&
                 sscanf(payload, "{\"seconds\":%lld", &seconds) == 1 &&
                 seconds == walk.expected_jump)
            has_jumped = true;
        else
            differ("event %s %s is not expected", type, payload);
    }
    if (sqlite3_reset(walk.moved.events) != SQLITE_OK)
        fail("reading", sqlite3_errmsg(walk.moved.db));
    if (!has_jumped && walk.expected_jump != 0)
        differ("a jump of %lld s is no event", (long long)walk.expected_jump);
    walk.figures.jumps += has_jumped;
}

static bool
has_to_be_done(const struct due *due)
{
    return due->ticket == 0 ? due->was_latest : due->at < walk.latest;
}

static void
compare(void)
{
    struct scene *scene = walk.scene;
    struct due *morning = NULL;
    char at[TIME_TEXT_BYTES];

    for (size_t i = 0; i < scene->count && scene->dues[i].at < walk.moved.wall; i++)
        if (scene->dues[i].ticket == 0)
            morning = &scene->dues[i];
    if (morning != NULL)
        morning->was_latest = true;
    for (size_t i = 0; i < scene->count; i++) {
        const struct due *due = &scene->dues[i];
        int wanted = has_to_be_done(due) ? due->count : 0;

        walk.figures.comparisons++;
        if (due->happened == wanted)
            continue;
        time_format(due->at, at);
        differ("ticket %lld: %s of %s happened %d times, not %d", (long long)due->ticket,
               kind_word(due->kind), at, due->happened, wanted);
    }
}

void
take_reading(void)
{
    const struct moved *clock = &walk.moved;
    int64_t jump =
        clock->wall - walk.last_wall - (clock->monotonic_ms - walk.last_ms) / 1000;

    timer_settle(walk.moved.timer);
    walk.figures.readings++;
    walk.expected_jump = walk.has_looked && (jump > JUMP_S || jump < -JUMP_S) ? jump : 0;
    walk.has_looked = true;
    walk.last_wall = clock->wall;
    walk.last_ms = clock->monotonic_ms;
    if (clock->wall > walk.latest)
        walk.latest = clock->wall;
    for (size_t i = 0; i < walk.scene->count; i++) {
        if (i > 0 && walk.scene->dues[i].at == walk.scene->dues[i - 1].at)
            continue;
        walk.figures.at_last_second += walk.scene->dues[i].at == clock->wall;
        walk.figures.at_next += walk.scene->dues[i].at + 1 == clock->wall;
    }
    read_events();
    compare();
}

static int64_t
happened(uint64_t kinds)
{
    int64_t sum = 0;

    for (size_t i = 0; i < walk.scene->count; i++)
        if ((kinds & UINT64_C(1) << walk.scene->dues[i].kind) != 0)
            sum += walk.scene->dues[i].happened;
    return sum;
}

void
compare_rows(void)
{
#define KIND(NAME) (UINT64_C(1) << MOMENT_##NAME)
    const struct {
        const char *sql;
        int64_t wanted;
    } rows[] = {
        { "SELECT count(*) FROM moment_fired", happened(UINT64_MAX) },
        { "SELECT count(*) FROM urge WHERE kind IN ('auto_before', 'auto_overdue',"
          " 'notice')",
          happened(KIND(YELLOW) | KIND(RED) | KIND(NOTICE) | KIND(CO_YELLOW) |
                   KIND(CO_RED)) },
        { "SELECT count(*) FROM supervision WHERE state = 'prepared'",
          happened(KIND(PREPARE_SUPERVISION)) },
        { "SELECT count(*) FROM promise WHERE broken_at > 0",
          happened(KIND(PROMISE_LATE)) },
        { "SELECT count(*) FROM supervision WHERE late_at > 0",
          happened(KIND(SUPERVISION_LATE)) },
        { "SELECT count(*) FROM assignment WHERE sign_late_at > 0",
          happened(KIND(SIGN_LATE)) },
        { "SELECT count(*) FROM ticket WHERE closed_unreachable = 1",
          happened(KIND(CLOSE_UNREACHABLE)) },
        /* Those that one is told of: the unit or the office. */
        { "SELECT count(*) FROM outbox WHERE kind IN (SELECT kind FROM moment_fired)"
          " AND kind NOT IN ('unopened', 'sign_late', 'notice', 'supervision_late')",
          happened(~(KIND(UNOPENED) | KIND(SIGN_LATE) | KIND(NOTICE) |
                     KIND(SUPERVISION_LATE) | KIND(CLOSE_UNREACHABLE))) },
        /* From 20:00 to 08:00 only what is urgent or critical goes out. */
        { "SELECT count(*) FROM (SELECT at, not_before, (at + 28800) % 86400 AS second,"
          " coalesce(urgency, 'normal') = 'normal' AS may_wait"
          " FROM outbox LEFT JOIN ticket ON ticket.id = outbox.ticket_id"
          " WHERE outbox.kind IN (SELECT kind FROM moment_fired))"
          " WHERE not_before <> CASE"
          " WHEN may_wait AND second < 28800 THEN at - second + 28800"
          " WHEN may_wait AND second >= 72000 THEN at - second + 86400 + 28800"
          " ELSE at END",
          0 },
        { "SELECT count(*) FROM moment WHERE due_at < ?1", 0 },
    };
#undef KIND
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t found = moved_ask(&walk.moved, rows[i].sql, walk.latest);
        if (found != rows[i].wanted)
            differ("%s: %lld, not %lld", rows[i].sql, (long long)found,
                   (long long)rows[i].wanted);
    }
}

static void
tell_finding(void *context, const struct verify_finding *finding)
{
    (void)context; /* none is passed */
    differ("verify: %s %s, seq %lld", finding->check, finding->what,
           (long long)finding->seq);
}

void
verify(void)
{
    struct arena *arena = arena_new();
    struct reader_pool *pool;
    struct reader *reader;
    struct verify_result result;

    if (arena == NULL)
        fail("memory", "");
    must(reader_pool_open(walk.moved.store, 1, &pool), "readers");
    must(reader_acquire(pool, VERIFY_MS, &reader), "reader");
    must(verify_run(reader, arena, tell_finding, NULL, &result), "verify");
    reader_release(pool, reader);
    reader_pool_close(pool);
    arena_free(arena);
    walk.figures.verified++;
}
