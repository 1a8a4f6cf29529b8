#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "cli_internal.h"
#include "store/job.h"
#include "store/writer.h"

/* cli_arguments.c - what subcommands read from their arguments alike, and the one write they then do. */

int
cli_read_set(const char *list, const struct choices *words, const char *what,
             uint64_t *ret_set)
{
    uint64_t set = 0;
    char word[32];

    for (const char *at = list;; at++) {
        size_t length = strcspn(at, ",");
        bool fits = text_format(word, sizeof word, "%.*s", (int)length, at);
        int index = fits ? choice_find(words, word) : -1;

        if (index < 0)
            return cli_misuse("no such %s: %.*s", what, (int)length, at);
        set |= UINT64_C(1) << index;
        at += length;
        if (*at == '\0')
            break;
    }
    *ret_set = set;
    return CLI_GO_ON;
}

int
cli_check_name(const char *name, int characters_max)
{
    size_t characters = text_is_utf8(name, strlen(name)) ? text_characters(name) : 0;

    if (characters == 0 || characters > (size_t)characters_max)
        return cli_misuse("a name has 1 to %d characters", characters_max);
    return CLI_GO_ON;
}

int
cli_run_job(const struct config *config, struct job *job)
{
    struct problem problem = { .value = "" };
    struct cli_database database;
    enum err err = cli_database_open(config, &database, &problem);

    if (err != OK)
        return cli_fail(err, &problem);
    err = cli_seed(database.store, database.writer, time_now());
    if (err == OK)
        err = writer_run(database.writer, job);
    cli_database_close(&database);
    return err == OK ? EXIT_OK : cli_fail(err, &job->problem);
}
