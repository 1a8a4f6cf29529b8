#include <stdio.h>

#include "base/timeutil.h"
#include "cli_internal.h"
#include "command/cmd_rebuild.h"
#include "store/writer.h"

/* cli_rebuild.c - `yidan rebuild`: what is counted is counted anew. */

int
cli_rebuild(int argc, char **argv)
{
    struct cli_input input = {
        .usage = "yidan rebuild [options]",
        .summary =
            "Count everything anew that is kept counted: the board's summaries and "
            "desks,\n"
            "repeat callers, the assessment. Not beside a running server. For when "
            "verify\n"
            "finds \"summaries\" or \"assessment\"; what it finds else is not mended.",
    };
    struct problem problem = { .value = "" };
    struct cli_database database;
    struct cmd_rebuild cmd;

    int code = cli_read(&input, argc, argv);
    if (code != CLI_GO_ON)
        return code;
    enum err err = cli_database_open(&input.config, &database, &problem);
    if (err != OK)
        return cli_fail(err, &problem);
    cmd_rebuild_init(&cmd);
    cmd.is_asked = true;
    cmd.now = time_now();
    err = writer_run(database.writer, &cmd.job);
    cli_database_close(&database);
    if (err != OK)
        return cli_fail(err, &cmd.job.problem);
    (void)printf("%lld tickets counted anew\n", (long long)cmd.tickets);
    return EXIT_OK;
}
