#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "base/config.h"
#include "base/text.h"

Suite *suite_config(void);

static struct config config;
static struct problem problem;
static char path[256];

static void
setup(void)
{
    const char *parent = getenv("TMPDIR");

    config_defaults(&config);
    memset(&problem, 0, sizeof problem);
    snprintf(path, sizeof path, "%s/yidan-config-XXXXXX",
             parent == NULL ? "/tmp" : parent);
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    close(file);
}

static void
teardown(void)
{
    unlink(path);
}

static enum err
read_text(const char *text, size_t bytes)
{
    int file = open(path, O_WRONLY | O_TRUNC);

    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, text, bytes), (ssize_t)bytes);
    close(file);
    return config_read_file(&config, path, &problem);
}

/* --- The table ------------------------------------------------------------- */

START_TEST(each_default_is_one_that_may_be_set)
{
    for (size_t i = 0; i < config_setting_count; i++) {
        const struct config_setting *setting = &config_settings[i];
        char value[CONFIG_TEXT_BYTES];
        struct config zero;

        memset(&zero, 0, sizeof zero);
        ck_assert_int_eq(config_get(&config, setting->name, value, sizeof value), OK);
        ck_assert_str_eq(value, setting->fallback);
        ck_assert_msg(config_set(&zero, setting->name, setting->fallback, NULL) == OK,
                      "%s", setting->name);
    }
}
END_TEST

START_TEST(each_setting_is_documented_and_named_once)
{
    ck_assert_uint_gt(config_setting_count, 20);
    for (size_t i = 0; i < config_setting_count; i++) {
        const struct config_setting *setting = &config_settings[i];

        ck_assert_uint_gt(strlen(setting->unit), 0);
        ck_assert_uint_gt(strlen(setting->help), 0);
        ck_assert_int_le(setting->min, setting->max);
        ck_assert(!setting->is_text || setting->max < CONFIG_TEXT_BYTES);
        ck_assert_uint_eq(strspn(setting->name, "abcdefghijklmnopqrstuvwxyz_"),
                          strlen(setting->name));
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(setting->name, config_settings[j].name);
    }
}
END_TEST

/* Setting one must change that one's member and nothing beside it. */
START_TEST(each_setting_has_a_place_of_its_own)
{
    for (size_t i = 0; i < config_setting_count; i++) {
        const struct config_setting *setting = &config_settings[i];
        char least[32];

        config_defaults(&config);
        if (setting->is_text)
            snprintf(least, sizeof least, "%s",
                     strchr(setting->unit, '|') != NULL ? "warn" : "7");
        else
            snprintf(least, sizeof least, "%lld", (long long)setting->min);
        ck_assert_int_eq(config_set(&config, setting->name, least, &problem), OK);
        for (size_t j = 0; j < config_setting_count; j++) {
            char value[CONFIG_TEXT_BYTES];

            ck_assert_int_eq(
                config_get(&config, config_settings[j].name, value, sizeof value), OK);
            ck_assert_str_eq(value, j == i ? least : config_settings[j].fallback);
        }
    }
}
END_TEST

START_TEST(integers_are_bounded_on_both_sides)
{
    for (size_t i = 0; i < config_setting_count; i++) {
        const struct config_setting *setting = &config_settings[i];
        char text[32];
        struct config before = config;

        if (setting->is_text)
            continue;
        snprintf(text, sizeof text, "%lld", (long long)setting->max);
        ck_assert_int_eq(config_set(&config, setting->name, text, NULL), OK);
        config = before;
        snprintf(text, sizeof text, "%lld", (long long)setting->min - 1);
        ck_assert_int_eq(config_set(&config, setting->name, text, &problem),
                         ERR_CONFIG_VALUE);
        ck_assert_str_eq(problem.value, setting->name);
        if (setting->max < INT64_MAX) {
            snprintf(text, sizeof text, "%lld", (long long)setting->max + 1);
            ck_assert_int_eq(config_set(&config, setting->name, text, &problem),
                             ERR_CONFIG_VALUE);
        }
        ck_assert_mem_eq(&config, &before, sizeof config);
    }
}
END_TEST

struct setting {
    const char *name, *value;
    enum err error;
};
static const struct setting bad_settings[] = {
    { "http_threads", "", ERR_CONFIG_VALUE },
    { "http_threads", " 2", ERR_CONFIG_VALUE },
    { "http_threads", "2 ", ERR_CONFIG_VALUE },
    { "http_threads", "+2", ERR_CONFIG_VALUE },
    { "http_threads", "-", ERR_CONFIG_VALUE },
    { "http_threads", "--2", ERR_CONFIG_VALUE },
    { "http_threads", "0x2", ERR_CONFIG_VALUE },
    { "http_threads", "2.0", ERR_CONFIG_VALUE },
    { "http_threads", "2ms", ERR_CONFIG_VALUE },
    { "http_threads", "two", ERR_CONFIG_VALUE },
    { "http_threads", "99999999999999999999", ERR_CONFIG_VALUE },
    { "disk_reserve_bytes", "9223372036854775808", ERR_CONFIG_VALUE },
    { "disk_reserve_bytes", "-1", ERR_CONFIG_VALUE },
    { "data", "", ERR_CONFIG_VALUE },
    { "data", "a\nb", ERR_CONFIG_VALUE },
    { "data", "a\tb", ERR_CONFIG_VALUE },
    { "data", "a\x1B", ERR_CONFIG_VALUE },
    { "data", "a\xFF", ERR_CONFIG_VALUE },
    { "log_level", "loud", ERR_CONFIG_VALUE },
    { "log_level", "", ERR_CONFIG_VALUE },
    { "log_level", "inf", ERR_CONFIG_VALUE },
    { "log_level", "info|warn", ERR_CONFIG_VALUE },
    { "log_level", "|", ERR_CONFIG_VALUE },
    { "area_code", "057a", ERR_CONFIG_VALUE },
    { "area_code", "057612345", ERR_CONFIG_VALUE },
    { "", "1", ERR_CONFIG_UNKNOWN },
    { "HTTP_THREADS", "2", ERR_CONFIG_UNKNOWN },
    { "http-threads", "2", ERR_CONFIG_UNKNOWN },
    { "http_threads ", "2", ERR_CONFIG_UNKNOWN },
    { "port", "80", ERR_CONFIG_UNKNOWN },
};

START_TEST(an_unacceptable_value_is_refused_and_changes_nothing)
{
    const struct setting *bad = &bad_settings[_i];
    struct config before = config;

    ck_assert_msg(config_set(&config, bad->name, bad->value, &problem) == bad->error,
                  "%s = \"%s\"", bad->name, bad->value);
    ck_assert_str_eq(problem.value, bad->name);
    ck_assert_mem_eq(&config, &before, sizeof config);
}
END_TEST

START_TEST(a_text_may_be_as_long_as_its_bound_and_no_longer)
{
    char text[CONFIG_TEXT_BYTES + 1];
    char value[CONFIG_TEXT_BYTES];

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ck_assert_int_eq(config_set(&config, "data", text, NULL), ERR_CONFIG_VALUE);
    text[CONFIG_TEXT_BYTES - 1] = '\0';
    ck_assert_int_eq(config_set(&config, "data", text, NULL), OK);
    ck_assert_str_eq(config.data, text);
    ck_assert_int_eq(config_get(&config, "data", value, sizeof value), OK);
    ck_assert_int_eq(config_get(&config, "data", value, sizeof value - 1),
                     ERR_CONFIG_VALUE);
    ck_assert_int_eq(config_get(&config, "none", value, sizeof value),
                     ERR_CONFIG_UNKNOWN);
    ck_assert_int_eq(config_set(&config, "data", "short", NULL), OK);
    ck_assert_str_eq(config.data, "short");
}
END_TEST

/* --- The file -------------------------------------------------------------- */

START_TEST(a_file_sets_what_it_names_and_leaves_the_rest)
{
    static const char text[] = "# a comment = no setting\n"
                               "\n"
                               "  data = /srv/一 单  \r\n"
                               "http_threads=7\n"
                               "\tlisten\t=\t[::1]:80\n"
                               "  # another\n"
                               "monitor_token = a=b#c\n"
                               "key_file =\n"
                               "http_threads = 8";

    ck_assert_int_eq(read_text(text, sizeof text - 1), OK);
    ck_assert_str_eq(config.data, "/srv/一 单");
    ck_assert_int_eq(config.http_threads, 8); /* the later line wins */
    ck_assert_str_eq(config.listen, "[::1]:80");
    ck_assert_str_eq(config.monitor_token, "a=b#c");
    ck_assert_str_eq(config.key_file, "");
    ck_assert_int_eq(config.writer_queue, 1024);
}
END_TEST

START_TEST(an_empty_file_sets_nothing)
{
    struct config before = config;

    ck_assert_int_eq(read_text("", 0), OK);
    ck_assert_int_eq(read_text("\n\n", 2), OK);
    ck_assert_mem_eq(&config, &before, sizeof config);
}
END_TEST

struct bad_file {
    const char *text;
    size_t bytes;
    enum err error;
    const char *place; /* how the value of the problem ends */
};
#define FILE_TEXT(text_) text_, sizeof(text_) - 1
static const struct bad_file bad_files[] = {
    { FILE_TEXT("http_threads = 3\nport = 80\n"), ERR_CONFIG_UNKNOWN, ":2: port" },
    { FILE_TEXT("\n# x\n\nhttp_threads = no"), ERR_CONFIG_VALUE, ":4: http_threads" },
    { FILE_TEXT("http_threads 3\n"), ERR_CONFIG_VALUE, ":1: no \"=\"" },
    { FILE_TEXT("[section]\n"), ERR_CONFIG_VALUE, ":1: no \"=\"" },
    { FILE_TEXT("= 3\n"), ERR_CONFIG_UNKNOWN, ":1: " },
    { FILE_TEXT("http_threads = 3 # three\n"), ERR_CONFIG_VALUE, ":1: http_threads" },
    { FILE_TEXT("http_threads = \"3\"\n"), ERR_CONFIG_VALUE, ":1: http_threads" },
    { FILE_TEXT("http_threads = 3\0\n"), ERR_CONFIG_VALUE, ":1: NUL" },
    { FILE_TEXT("data = a\n\0"), ERR_CONFIG_VALUE, ":2: NUL" },
    { FILE_TEXT("data = \xFF\n"), ERR_CONFIG_VALUE, ":1: data" },
    { FILE_TEXT("Data = x\n"), ERR_CONFIG_UNKNOWN, ":1: Data" },
};

START_TEST(a_bad_line_is_named_and_the_file_changes_nothing)
{
    const struct bad_file *bad = &bad_files[_i];
    struct config before = config;
    char expected[256];
    const char *file = strrchr(path, '/') + 1;

    ck_assert_int_eq(read_text(bad->text, bad->bytes), bad->error);
    snprintf(expected, sizeof expected, "%s%s", file, bad->place);
    ck_assert_str_eq(problem.value, expected);
    ck_assert_mem_eq(&config, &before, sizeof config);
}
END_TEST

START_TEST(a_line_of_a_kilobyte_is_too_long)
{
    char text[2000] = "data = x\n# ";

    while (strlen(text) < 9 + 1023)
        strcat(text, "x");
    ck_assert_int_eq(read_text(text, strlen(text)), OK);
    strcat(text, "x");
    ck_assert_int_eq(read_text(text, strlen(text)), ERR_CONFIG_VALUE);
    ck_assert_ptr_nonnull(strstr(problem.value, ":2: too long"));
}
END_TEST

START_TEST(a_file_that_is_not_there_is_told)
{
    struct config before = config;

    ck_assert_int_eq(config_read_file(&config, "/nonexistent/yidan.conf", &problem),
                     ERR_CONFIG_VALUE);
    ck_assert_ptr_nonnull(strstr(problem.value, "No such file"));
    ck_assert_int_eq(config_read_file(&config, "/", &problem), ERR_CONFIG_VALUE);
    ck_assert_mem_eq(&config, &before, sizeof config);
}
END_TEST

/* --- The environment ------------------------------------------------------- */

static enum err
read_environment(char *one, char *two, char *three)
{
    char *environment[] = { one, two, three, NULL };

    return config_read_environment(&config, environment, &problem);
}

START_TEST(the_environment_sets_what_begins_with_our_name)
{
    char other[] = "PATH=/bin", data[] = "YIDAN_DATA=/srv/a=b ",
         threads[] = "YIDAN_HTTP_THREADS=9";

    ck_assert_int_eq(read_environment(other, data, threads), OK);
    ck_assert_str_eq(config.data, "/srv/a=b ");
    ck_assert_int_eq(config.http_threads, 9);
}
END_TEST

START_TEST(an_environment_without_our_name_sets_nothing)
{
    char one[] = "data=/srv", two[] = "YIDAN=1", three[] = "MY_YIDAN_DATA=x";
    struct config before = config;

    ck_assert_int_eq(read_environment(one, two, three), OK);
    ck_assert_mem_eq(&config, &before, sizeof config);
}
END_TEST

struct variable {
    const char *text;
    enum err error;
    const char *value;
};
static const struct variable bad_variables[] = {
    { "YIDAN_PORT=80", ERR_CONFIG_UNKNOWN, "YIDAN_PORT" },
    { "YIDAN_data=x", ERR_CONFIG_UNKNOWN, "YIDAN_data" },
    { "YIDAN_=x", ERR_CONFIG_UNKNOWN, "YIDAN_" },
    { "YIDAN_DATA", ERR_CONFIG_UNKNOWN, "YIDAN_DATA" },
    { "YIDAN_DATA =x", ERR_CONFIG_UNKNOWN, "YIDAN_DATA " },
    { "YIDAN_HTTP_THREADS=many", ERR_CONFIG_VALUE, "YIDAN_HTTP_THREADS" },
    { "YIDAN_DATA=", ERR_CONFIG_VALUE, "YIDAN_DATA" },
    { "YIDAN_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=1",
      ERR_CONFIG_UNKNOWN,
      "YIDAN_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
};

START_TEST(a_bad_variable_is_named_and_the_environment_changes_nothing)
{
    char good[] = "YIDAN_DATA=/srv", bad[128];
    struct config before = config;

    snprintf(bad, sizeof bad, "%s", bad_variables[_i].text);
    ck_assert_int_eq(read_environment(good, bad, NULL), bad_variables[_i].error);
    ck_assert_str_eq(problem.value, bad_variables[_i].value);
    ck_assert_mem_eq(&config, &before, sizeof config);
}
END_TEST

Suite *
suite_config(void)
{
    Suite *suite = suite_create("config");
    TCase *tcase = tcase_create("config");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, each_default_is_one_that_may_be_set);
    tcase_add_test(tcase, each_setting_is_documented_and_named_once);
    tcase_add_test(tcase, each_setting_has_a_place_of_its_own);
    tcase_add_test(tcase, integers_are_bounded_on_both_sides);
    tcase_add_loop_test(tcase, an_unacceptable_value_is_refused_and_changes_nothing, 0,
                        (int)(sizeof bad_settings / sizeof bad_settings[0]));
    tcase_add_test(tcase, a_text_may_be_as_long_as_its_bound_and_no_longer);
    tcase_add_test(tcase, a_file_sets_what_it_names_and_leaves_the_rest);
    tcase_add_test(tcase, an_empty_file_sets_nothing);
    tcase_add_loop_test(tcase, a_bad_line_is_named_and_the_file_changes_nothing, 0,
                        (int)(sizeof bad_files / sizeof bad_files[0]));
    tcase_add_test(tcase, a_line_of_a_kilobyte_is_too_long);
    tcase_add_test(tcase, a_file_that_is_not_there_is_told);
    tcase_add_test(tcase, the_environment_sets_what_begins_with_our_name);
    tcase_add_test(tcase, an_environment_without_our_name_sets_nothing);
    tcase_add_loop_test(tcase,
                        a_bad_variable_is_named_and_the_environment_changes_nothing, 0,
                        (int)(sizeof bad_variables / sizeof bad_variables[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
