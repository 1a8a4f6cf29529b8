/*
 * Runs the suites of tests/unit/test_<name>.c and tests/api/test_<name>.c,
 * which are listed by the build.
 *
 *     run_tests             all
 *     run_tests ticket api  suites whose name holds one of the words
 *     run_tests -l          only print the names
 *
 * Suites run side by side, one process for each processor (JOBS=1: one after the
 * other), and tell what failed; Check forks once more for each test (CK_FORK=no to
 * debug), so that a crash fails one.
 */
#include <check.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* What the processes share: who takes which suite next, and what came out. */
struct tally {
    size_t suite_count;
    atomic_size_t next;
    atomic_int checks;
    atomic_int failed;
};

/* Runs the wanted suites for as long as there is one that nobody has taken. */
static void
run_suites(struct tally *tally, const struct suite_entry *const *wanted)
{
    for (;;) {
        size_t taken = atomic_fetch_add(&tally->next, 1);

        if (taken >= tally->suite_count)
            return;
        SRunner *runner = srunner_create(wanted[taken]->make());

        srunner_run_all(runner, CK_SILENT);
        if (srunner_ntests_failed(runner) > 0)
            srunner_print(runner, CK_NORMAL);
        (void)fflush(stdout);
        atomic_fetch_add(&tally->checks, srunner_ntests_run(runner));
        atomic_fetch_add(&tally->failed, srunner_ntests_failed(runner));
        srunner_free(runner);
    }
}

/* Returns how many processes could not be started or did not come to their end. */
static int
run_side_by_side(struct tally *tally, const struct suite_entry *const *wanted)
{
    const char *jobs = getenv("JOBS");
    long count = jobs != NULL ? strtol(jobs, NULL, 10) : sysconf(_SC_NPROCESSORS_ONLN);
    int lost = 0;

    (void)fflush(stdout);
    for (long job = 1; job < count; job++) {
        pid_t pid = fork();

        if (pid == 0) {
            run_suites(tally, wanted);
            exit(EXIT_SUCCESS);
        }
        lost += pid < 0;
    }
    run_suites(tally, wanted);
    for (int status = 0; wait(&status) > 0;)
        lost += !WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS;
    return lost;
}

int
main(int argc, char **argv)
{
    bool is_list = argc > 1 && strcmp(argv[1], "-l") == 0;
    const struct suite_entry *wanted[sizeof(suites) / sizeof(suites[0])] = { NULL };
    size_t suite_count = 0;

    for (const struct suite_entry *entry = suites; entry->name != NULL; entry++) {
        if (is_list)
            (void)puts(entry->name);
        else if (is_wanted(entry->name, argc - 1, argv + 1))
            wanted[suite_count++] = entry;
    }
    if (is_list)
        return EXIT_SUCCESS;
    if (suite_count == 0) {
        (void)fprintf(stderr, "no suite has such a name; -l lists them\n");
        return EXIT_FAILURE;
    }
    struct tally *tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (tally == MAP_FAILED)
        return EXIT_FAILURE;
    tally->suite_count = suite_count;
    int lost = run_side_by_side(tally, wanted);
    int failed = atomic_load(&tally->failed);

    (void)printf("%zu suites: %d checks, %d failed%s\n", suite_count,
                 atomic_load(&tally->checks), failed,
                 lost > 0 ? "; a process did not come to its end" : "");
    return failed == 0 && lost == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
