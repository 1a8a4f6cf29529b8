#include <stdio.h>

#include "base/timeutil.h"
#include "cli_internal.h"

/* cli_init.c - `yidan init`: make the database, and fill it with a made-up county. */

int
cli_init(int argc, char **argv)
{
    bool is_demo = false;
    const struct cli_option options[] = {
        { "demo", NULL, "fill it with a small made-up county and print its accounts",
          NULL, &is_demo },
        { NULL, NULL, NULL, NULL, NULL },
    };
    struct cli_input input = {
        .usage = "yidan init [--demo] [options]",
        .summary =
            "Make a data directory: keys, database, calendar, categories. Without\n"
            "--demo there is no account until `yidan user add`.",
        .options = options,
    };
    struct problem problem = { .value = "" };
    struct cli_database database;

    int code = cli_read(&input, argc, argv);
    if (code != CLI_GO_ON)
        return code;
    enum err err = cli_database_open(&input.config, &database, &problem);
    if (err != OK)
        return cli_fail(err, &problem);
    if (is_demo) {
        /* Seeds for itself: its story begins in the past, and event time never goes back. */
        code = demo_run(database.store, database.writer);
    } else {
        err = cli_seed(database.store, database.writer, time_now());
        code = err == OK ? EXIT_OK : cli_fail(err, NULL);
    }
    cli_database_close(&database);
    if (code == EXIT_OK && !is_demo)
        (void)printf("%s is ready\n", input.config.data);
    return code;
}
