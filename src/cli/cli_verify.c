#include <stdio.h>

#include "base/arena.h"
#include "cli_internal.h"
#include "store/reader.h"
#include "store/verify.h"

/* cli_verify.c - `yidan verify`: is everything what its trail says? */

/* Everything is read once; a large database takes minutes. */
#define VERIFY_DEADLINE_MS (6 * 3600 * 1000)

void
cli_print_finding(void *context, const struct verify_finding *finding)
{
    (void)context;
    (void)printf("FOUND %s", finding->check);
    if (finding->seq != 0)
        (void)printf(" seq %lld", (long long)finding->seq);
    (void)printf(" %s\n", finding->what);
}

int
cli_verify(int argc, char **argv)
{
    struct cli_input input = {
        .usage = "yidan verify [options]",
        .summary =
            "Re-derive everything from the trail: chain, triggers, moves, counters, "
            "texts,\nfiles. Reads only, also beside a running server. Ends with 1 "
            "when something\ndoes not fit.",
    };
    struct problem problem = { .value = "" };
    struct verify_result result;
    struct cli_glance glance;

    int code = cli_read(&input, argc, argv);
    if (code != CLI_GO_ON)
        return code;
    enum err err = cli_glance_open(&input.config, VERIFY_DEADLINE_MS, &glance, &problem);
    if (err != OK)
        return cli_fail(err, &problem);
    err = verify_run(glance.reader, glance.arena, cli_print_finding, NULL, &result);
    cli_glance_close(&glance);
    if (err != OK)
        return cli_fail(err, NULL);
    (void)printf(
        "%lld events, %lld tickets, %lld texts, %lld files; head %s; %lld found\n",
        (long long)result.events, (long long)result.tickets, (long long)result.texts,
        (long long)result.files, result.head, (long long)result.findings);
    return result.findings == 0 ? EXIT_OK : EXIT_FAILED;
}
