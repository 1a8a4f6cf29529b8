/*
 * test_timer.c - the timer's thread: by a clock of the test's own, and once by
 * the real one.  Nothing here sleeps: timer_settle() returns when a whole round
 * that began after the call is over.
 */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>

#include "background/timer.h"
#include "base/timeutil.h"
#include "command/cmd_seed.h"
#include "support/office.h"

static struct office office;
static char no[TICKET_NO_BYTES];
static struct timer *timer;

/* Two clocks that a test moves; the timer's thread reads them. */
static _Atomic int64_t wall, monotonic_ms;

static int64_t
read_wall(void *context)
{
    (void)context; /* both are static */
    return wall;
}

static int64_t
read_monotonic_ms(void *context)
{
    (void)context; /* both are static */
    return monotonic_ms;
}

static const struct timer_clock test_clock = { read_wall, read_monotonic_ms, NULL };

static void
set_up(void)
{
    struct cmd_seed seed;

    office_open(&office);
    cmd_seed_init(&seed);
    seed.now = office.now - 86400;
    ck_assert_int_eq(writer_run(office.fixture.writer, &seed.job), OK);
    /* Before the year's end asks for next year's calendar. */
    office.now =
        time_day_start(time_day_of_date((struct civil_date){ 2026, 6, 1 })) + 10 * 3600;
    office_receive(&office, "phone", no);
    wall = office.now;
    monotonic_ms = 1000000;
    timer = NULL;
}

static void
tear_down(void)
{
    timer_stop(timer);
    office_close(&office);
}

static void
start(void)
{
    ck_assert_int_eq(
        timer_start_by(office.fixture.store, office.fixture.writer, &test_clock, &timer),
        OK);
}

/* Time passes as it should, on both clocks. */
static void
pass(int64_t seconds)
{
    wall += seconds;
    monotonic_ms += seconds * 1000;
    timer_settle(timer);
}

static int64_t
count(const char *sql)
{
    return store_fixture_number(&office.fixture.dir, sql);
}

static int64_t
fired(void)
{
    return count("SELECT count(*) FROM event WHERE type LIKE 'timer.%'");
}

static int64_t
jumps(void)
{
    return count("SELECT count(*) FROM event WHERE type = 'clock_jump'");
}

static int64_t
end_of_day(void)
{
    return time_day_end(time_day(office.now));
}

START_TEST(what_is_due_happens_in_the_second_after_it_and_not_before)
{
    start();
    pass(end_of_day() - office.now);
    ck_assert_int_eq(fired(), 0);
    pass(1);
    ck_assert_int_eq(fired(), 1);
    pass(60);
    ck_assert_int_eq(fired(), 1);
    ck_assert_int_eq(jumps(), 0);
}
END_TEST

START_TEST(a_restart_across_the_deadline_does_it_once)
{
    start();
    pass(3600);
    timer_stop(timer);
    wall = end_of_day() + 3600;
    start();
    timer_settle(timer);
    ck_assert_int_eq(fired(), 1);
    timer_stop(timer);
    start();
    timer_settle(timer);
    ck_assert_int_eq(fired(), 1);
}
END_TEST

START_TEST(a_clock_set_forward_is_an_event_and_catches_up)
{
    start();
    timer_settle(timer);
    wall += 2 * 86400;
    timer_settle(timer);
    ck_assert_int_eq(jumps(), 1);
    ck_assert_int_eq(fired(), 1);
    timer_settle(timer);
    ck_assert_int_eq(jumps(), 1);
}
END_TEST

START_TEST(a_clock_set_back_is_an_event_and_does_nothing_twice)
{
    start();
    pass(end_of_day() + 1 - office.now);
    ck_assert_int_eq(fired(), 1);
    wall -= 3 * 3600;
    timer_settle(timer);
    pass(3 * 3600);
    ck_assert_int_eq(jumps(), 1);
    ck_assert_int_eq(fired(), 1);
}
END_TEST

START_TEST(two_seconds_of_drift_are_no_jump)
{
    start();
    timer_settle(timer);
    wall += 2;
    timer_settle(timer);
    wall -= 2;
    timer_settle(timer);
    ck_assert_int_eq(jumps(), 0);
    wall += 3;
    timer_settle(timer);
    ck_assert_int_eq(jumps(), 1);
}
END_TEST

START_TEST(more_than_a_batch_is_done_in_one_round)
{
    struct ticket_act dispatch = office_make_act(&office, ACT_DISPATCH);

    office.fixture.config.sweep_batch = 1;
    ck_assert_int_eq(office_act(&office, &office.clerk, no, &dispatch), OK);
    start();
    wall += 30 * 86400;
    timer_settle(timer);
    /* unopened, sign_late, yellow, red and the three overdue stages */
    ck_assert_int_eq(fired(), 7);
    ck_assert_int_eq(count("SELECT count(*) FROM moment"), 0);
}
END_TEST

START_TEST(an_idle_round_writes_nothing)
{
    start();
    timer_settle(timer);
    int64_t events = count("SELECT count(*) FROM event");
    for (int i = 0; i < 20; i++)
        pass(10);
    ck_assert_int_eq(count("SELECT count(*) FROM event"), events);
    ck_assert_int_eq(count("SELECT count(*) FROM moment_fired"), 0);
}
END_TEST

/* --- Many threads and the real clock ----------------------------------------------- */

static void *
wake_often(void *context)
{
    (void)context; /* the timer is static */
    for (int i = 0; i < 2000; i++)
        timer_wake(timer);
    return NULL;
}

START_TEST(anybody_may_wake_it_at_any_time)
{
    pthread_t threads[4];

    start();
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, wake_often, NULL), 0);
    pass(end_of_day() + 1 - office.now);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
    timer_settle(timer);
    ck_assert_int_eq(fired(), 1);
}
END_TEST

START_TEST(by_the_real_clock_what_was_due_long_ago_is_done_at_the_start)
{
    ck_assert_int_eq(timer_start(office.fixture.store, office.fixture.writer, &timer),
                     OK);
    timer_settle(timer);
    ck_assert_int_eq(
        count("SELECT count(*) FROM event WHERE type = 'timer.dispatch_late'"), 1);
    ck_assert_int_eq(jumps(), 0);
}
END_TEST

START_TEST(it_stops_while_it_sleeps_for_long)
{
    office.fixture.config.timer_max_wait_ms = 600000;
    start();
    timer_settle(timer);
    timer_stop(timer); /* the test's time limit is the check */
    timer = NULL;
}
END_TEST

/* The thread looks by itself when the moment comes: no settling and no waking here. */
START_TEST(it_wakes_by_itself)
{
    office.fixture.config.timer_max_wait_ms = 20;
    start();
    timer_settle(timer);
    wall = end_of_day() + 1;
    while (fired() == 0)
        ; /* polls the database until the test's time limit */
    ck_assert_int_eq(fired(), 1);
}
END_TEST

Suite *
suite_timer(void)
{
    Suite *suite = suite_create("timer");
    TCase *tcase = tcase_create("timer");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, what_is_due_happens_in_the_second_after_it_and_not_before);
    tcase_add_test(tcase, a_restart_across_the_deadline_does_it_once);
    tcase_add_test(tcase, a_clock_set_forward_is_an_event_and_catches_up);
    tcase_add_test(tcase, a_clock_set_back_is_an_event_and_does_nothing_twice);
    tcase_add_test(tcase, two_seconds_of_drift_are_no_jump);
    tcase_add_test(tcase, more_than_a_batch_is_done_in_one_round);
    tcase_add_test(tcase, an_idle_round_writes_nothing);
    tcase_add_test(tcase, anybody_may_wake_it_at_any_time);
    tcase_add_test(tcase, by_the_real_clock_what_was_due_long_ago_is_done_at_the_start);
    tcase_add_test(tcase, it_stops_while_it_sleeps_for_long);
    tcase_add_test(tcase, it_wakes_by_itself);
    suite_add_tcase(suite, tcase);
    return suite;
}
