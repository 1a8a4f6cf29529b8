/*
 * Runs the suites of tests/unit/test_<name>.c and tests/api/test_<name>.c,
 * which are listed by the build.
 *
 *     run_tests             all
 *     run_tests ticket api  suites whose name holds one of the words
 *     run_tests -l          only print the names
 *
 * Check forks for each test (CK_FORK=no to debug), so that a crash fails one.
 */
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUITE(name) Suite *suite_##name(void);
#include "suites.gen.h"
#undef SUITE

struct suite_entry {
    const char *name;
    Suite *(*make)(void);
};

static const struct suite_entry suites[] = {
#define SUITE(name) { #name, suite_##name },
#include "suites.gen.h"
#undef SUITE
    { NULL, NULL }
};

static bool
is_wanted(const char *name, int word_count, char **words)
{
    for (int i = 0; i < word_count; i++)
        if (strstr(name, words[i]) != NULL)
            return true;
    return word_count == 0;
}

int
main(int argc, char **argv)
{
    bool is_list = argc > 1 && strcmp(argv[1], "-l") == 0;
    SRunner *runner = srunner_create(NULL);
    int suite_count = 0;

    for (const struct suite_entry *entry = suites; entry->name != NULL; entry++) {
        if (!is_list && !is_wanted(entry->name, argc - 1, argv + 1))
            continue;
        if (is_list)
            (void)puts(entry->name);
        else
            srunner_add_suite(runner, entry->make());
        suite_count++;
    }
    int failed = 0;

    if (!is_list && suite_count > 0) {
        srunner_run_all(runner, CK_ENV);
        failed = srunner_ntests_failed(runner);
    }
    srunner_free(runner);
    if (suite_count == 0)
        (void)fprintf(stderr, "no suite has such a name; -l lists them\n");
    return failed == 0 && suite_count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
