#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/crypt.h"
#include "cli/cli_internal.h"

/* main.c - which subcommand is meant. */

static const struct cli_command commands[] = {
    { "serve", "run the server", cli_serve },
    { "init", "make a data directory", cli_init },
    { "user", "accounts: add, list, passwd, disable", cli_user },
    { "token", "API tokens of other systems: add, list, remove", cli_token },
    { "import", "bring in an old ledger", cli_import },
    { "calendar", "holidays: import, show", cli_calendar },
    { "erase", "take personal data of a ticket away", cli_erase },
    { "verify", "re-derive everything from the trail", cli_verify },
    { "backup", "copy everything, verified", cli_backup },
    { "restore", "put a backup into an empty directory", cli_restore },
    { "drill", "rehearse backup and restore", cli_drill },
    { "rekey", "new keys for what is sealed", cli_rekey },
    { "rebuild", "count everything anew", cli_rebuild },
    { "config", "print the settings", cli_config },
    { "version", "print the version", cli_version },
};

static void
print_usage(FILE *out)
{
    (void)fputs("usage: yidan COMMAND [options]\n\n", out);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        (void)fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].summary);
    (void)fputs("\n`yidan COMMAND --help` tells more.\n", out);
}

int
main(int argc, char **argv)
{
    (void)umask(077); /* what is in the data directory is nobody else's to read */
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_usage(stdout);
        return EXIT_OK;
    }
    if (strcmp(argv[1], "--version") == 0)
        return cli_version(1, argv + 1);
    if (crypt_start() != OK)
        return cli_fail(ERR_INTERNAL, NULL);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    return cli_misuse("no such command: %s", argv[1]);
}
