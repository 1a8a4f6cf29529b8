#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <check.h>

#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "base/timeutil.h"

Suite *suite_log(void);

/*
 * Standard error is a socket that keeps each write(2) as one message: what is
 * received in one go was written in one go.
 */
static int receiver = -1;
static int saved_stderr = -1;
static char line[8192];

static void
setup(void)
{
    int ends[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    saved_stderr = dup(STDERR_FILENO);
    ck_assert_int_ge(saved_stderr, 0);
    ck_assert_int_eq(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
    close(ends[1]);
    receiver = ends[0];
    log_level_set(LOG_INFO);
}

static void
teardown(void)
{
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    close(receiver);
}

/* The next message into `line`; false when there is none. */
static bool
receive(void)
{
    ssize_t bytes = recv(receiver, line, sizeof line - 1, MSG_DONTWAIT);

    if (bytes < 0)
        return false;
    line[bytes] = '\0';
    ck_assert_uint_eq(strlen(line), (size_t)bytes);
    return true;
}

struct entry {
    int64_t at;
    const char *level, *event, *text;
    int64_t number, cut;
};
static const struct json_field entry_fields[] = {
    JSON_TIME("time", struct entry, at, JSON_REQUIRED),
    JSON_TEXT("level", struct entry, level, 1, 10, JSON_REQUIRED),
    JSON_TEXT("event", struct entry, event, 1, 100, JSON_REQUIRED),
    JSON_TEXT("text", struct entry, text, 0, 8000, JSON_OPTIONAL),
    JSON_INT("n", struct entry, number, -9007199254740991, 9007199254740991,
             JSON_OPTIONAL),
    JSON_INT("cut", struct entry, cut, 1, 1, JSON_OPTIONAL),
    JSON_END,
};

/* `line` is one line of JSON; read it. */
static struct entry
entry_of_line(struct arena *arena)
{
    struct entry entry = { 0 };
    size_t bytes = strlen(line);

    ck_assert_uint_gt(bytes, 0);
    ck_assert_ptr_eq(strchr(line, '\n'), line + bytes - 1);
    ck_assert_msg(json_read(arena, line, bytes, entry_fields, &entry, NULL, NULL) == OK,
                  "%s", line);
    return entry;
}

START_TEST(an_entry_is_one_line_of_json_in_one_write)
{
    struct arena *arena = arena_new();
    int64_t before = time_now();

    log_event(LOG_WARN, "request", log_text("text", "7f3a"), log_int("n", -42));
    ck_assert(receive());
    struct entry entry = entry_of_line(arena);

    ck_assert_int_ge(entry.at, before);
    ck_assert_int_le(entry.at, time_now());
    ck_assert_str_eq(entry.level, "warn");
    ck_assert_str_eq(entry.event, "request");
    ck_assert_str_eq(entry.text, "7f3a");
    ck_assert_int_eq(entry.number, -42);
    ck_assert_int_eq(entry.cut, 0);
    ck_assert(!receive());
    arena_free(arena);
}
END_TEST

START_TEST(the_form_of_a_line_is_fixed)
{
    log_event(LOG_ERROR, "stop", log_text("why", NULL), log_int("n", INT64_MIN),
              log_int("m", INT64_MAX));
    ck_assert(receive());
    ck_assert_int_eq(strncmp(line, "{\"time\":\"2", 10), 0);
    ck_assert_str_eq(line + 9 + 29,
                     "\",\"level\":\"error\",\"event\":\"stop\",\"why\":null,"
                     "\"n\":-9223372036854775808,"
                     "\"m\":9223372036854775807}\n");
    /* 2026-11-23T09:00:00.123+08:00 */
    ck_assert_int_eq(line[9 + 19], '.');
    ck_assert_int_eq(strncmp(line + 9 + 23, "+08:00", 6), 0);
}
END_TEST

START_TEST(entries_below_the_level_are_dropped)
{
    static const enum log_level levels[] = { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

    for (size_t lowest = 0; lowest < 4; lowest++) {
        log_level_set(levels[lowest]);
        for (size_t level = 0; level < 4; level++) {
            log_event(levels[level], "x", log_int("n", 1));
            ck_assert_int_eq(receive(), level >= lowest);
        }
    }
}
END_TEST

START_TEST(whatever_a_text_holds_the_line_stays_one_line_of_json)
{
    static const char *const texts[] = {
        "\"},{\"event\":\"forged\"}",
        "a\nb",
        "a\r\n{\"time\":0}\n",
        "\\",
        "\x1B[31m",
        "\x7F",
    };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        log_event(LOG_INFO, "x", log_text("raw", texts[i]));
        ck_assert(receive());
        ck_assert_ptr_eq(strchr(line, '\n'), line + strlen(line) - 1);
        ck_assert_ptr_null(strchr(line, '\x1B'));
        ck_assert_ptr_null(strchr(line, '\x7F'));
        ck_assert_ptr_null(strstr(line, "\"forged\""));
    }
    log_event(LOG_INFO, "x", log_text("text", "\"\\件😀\n"));
    ck_assert(receive());
    ck_assert_str_eq(entry_of_line(arena).text, "\"\\件😀\n");
    arena_free(arena);
}
END_TEST

START_TEST(bytes_that_are_no_utf8_become_replacement_characters)
{
    struct arena *arena = arena_new();

    log_event(LOG_INFO, "x",
              log_text("text", "a\xFF\xE4\xBB"
                               "b\xED\xA0\x80"));
    ck_assert(receive());
    ck_assert_str_eq(entry_of_line(arena).text, "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
                                                "b"
                                                "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    arena_free(arena);
}
END_TEST

/* Each length near the end of a line: what comes out is valid and never longer. */
START_TEST(a_long_line_is_cut_between_characters_and_says_so)
{
    struct arena *arena = arena_new();
    static char text[5001];

    for (size_t length = 3900; length < 5000; length++) {
        memset(text, 'x', length);
        text[length] = '\0';
        for (size_t i = length % 3; i + 3 <= length; i += 3)
            memcpy(text + i, length % 2 == 0 ? "件" : "\"\n\\", 3);
        log_event(LOG_INFO, "x", log_text("text", text), log_int("n", INT32_MAX));
        if (!receive() || strlen(line) > 4096 || line[strlen(line) - 1] != '\n' ||
            !text_is_utf8(line, strlen(line)))
            ck_abort_msg("%zu bytes: %s", length, line);
        struct entry entry = { 0 };
        if (json_read(arena, line, strlen(line), entry_fields, &entry, NULL, NULL) !=
                OK ||
            strncmp(entry.text, text, strlen(entry.text)) != 0 ||
            (entry.cut == 1) != (entry.number != INT32_MAX) ||
            (entry.cut == 0 && strcmp(entry.text, text) != 0))
            ck_abort_msg("%zu bytes: %s", length, line);
        arena_reset(arena);
    }
    arena_free(arena);
}
END_TEST

#define LONG_KEY                                                                         \
    "key_0123456789012345678901234567890123456789012345678901234567890123456789"

START_TEST(a_key_without_room_for_its_value_is_left_out)
{
    static char text[5001];

    for (size_t length = 3900; length < 4100; length++) {
        memset(text, 'x', length);
        text[length] = '\0';
        log_event(LOG_INFO, "x", log_text("text", text), log_text(LONG_KEY, NULL));
        if (!receive() || strlen(line) > 4096)
            ck_abort_msg("%zu bytes: %s", length, line);
        /* The last pair stands whole or not at all. */
        const char *key = strstr(line, "key_");
        const char *end = key == NULL ? "\",\"cut\":1}\n" : LONG_KEY "\":null}\n";
        if (strcmp(line + strlen(line) - strlen(end), end) != 0)
            ck_abort_msg("%zu bytes: %s", length, line);
    }
}
END_TEST

START_TEST(a_log_that_cannot_be_written_disturbs_nobody)
{
    close(STDERR_FILENO);
    errno = ENOSPC;
    log_event(LOG_ERROR, "lost", log_int("n", 1));
    ck_assert_int_eq(errno, ENOSPC);
    ck_assert(!receive() || line[0] == '\0'); /* the other end is closed: end of file */
}
END_TEST

#define THREADS 4
#define ENTRIES 25

static void *
log_entries(void *name)
{
    for (int i = 0; i < ENTRIES; i++)
        log_event(LOG_INFO, "thread", log_text("text", name), log_int("n", i));
    return NULL;
}

START_TEST(lines_of_threads_never_mix)
{
    pthread_t threads[THREADS];
    static char names[THREADS][1001];
    struct arena *arena = arena_new();
    int64_t next[THREADS] = { 0 };

    for (int t = 0; t < THREADS; t++) {
        memset(names[t], 'a' + t, sizeof names[t] - 1);
        ck_assert_int_eq(pthread_create(&threads[t], NULL, log_entries, names[t]), 0);
    }
    for (int i = 0; i < THREADS * ENTRIES; i++) {
        ssize_t bytes = recv(receiver, line, sizeof line - 1, 0); /* waits */

        ck_assert_int_gt(bytes, 0);
        line[bytes] = '\0';
        struct entry entry = entry_of_line(arena);
        int t = entry.text[0] - 'a';
        ck_assert(t >= 0 && t < THREADS);
        ck_assert_str_eq(entry.text, names[t]);
        ck_assert_int_eq(entry.number, next[t]++);
    }
    for (int t = 0; t < THREADS; t++)
        ck_assert_int_eq(pthread_join(threads[t], NULL), 0);
    arena_free(arena);
}
END_TEST

Suite *
suite_log(void)
{
    Suite *suite = suite_create("log");
    TCase *tcase = tcase_create("log");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, an_entry_is_one_line_of_json_in_one_write);
    tcase_add_test(tcase, the_form_of_a_line_is_fixed);
    tcase_add_test(tcase, entries_below_the_level_are_dropped);
    tcase_add_test(tcase, whatever_a_text_holds_the_line_stays_one_line_of_json);
    tcase_add_test(tcase, bytes_that_are_no_utf8_become_replacement_characters);
    tcase_add_test(tcase, a_long_line_is_cut_between_characters_and_says_so);
    tcase_add_test(tcase, a_key_without_room_for_its_value_is_left_out);
    tcase_add_test(tcase, a_log_that_cannot_be_written_disturbs_nobody);
    tcase_add_test(tcase, lines_of_threads_never_mix);
    suite_add_tcase(suite, tcase);
    return suite;
}
