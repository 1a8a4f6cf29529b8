#include <stdio.h>

#include "cli_internal.h"
#include "schema.gen.h"

/* cli_version.c - `yidan version`: which program this is. */

int
cli_version(int argc, char **argv)
{
    struct cli_input input = {
        .usage = "yidan version",
        .summary = "Print the version of the program and of its schema.",
    };
    int code = cli_read(&input, argc, argv);

    if (code != CLI_GO_ON)
        return code;
    (void)printf("yidan %s, schema %zu\n", YIDAN_VERSION, schema_step_count);
    return EXIT_OK;
}
