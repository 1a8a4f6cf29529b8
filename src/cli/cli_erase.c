#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/timeutil.h"
#include "cli_internal.h"
#include "command/cmd_erase.h"
#include "store/exports.h"
#include "store/reader.h"
#include "store/store.h"
#include "store/tickets.h"
#include "store/writer.h"
#include "store/upload.h"

/*
 * cli_erase.c - `yidan erase`: personal data of a ticket that is over is taken
 * away, shown before it happens.
 */

static void
print_erasure(const struct erasure *erasure, const char *verb)
{
    (void)printf("%s: %lld people, %lld texts, %lld records, %zu files (%lld bytes)\n",
                 verb, (long long)erasure->people, (long long)erasure->texts,
                 (long long)erasure->records, erasure->file_count,
                 (long long)erasure->file_bytes);
}

static enum err
look(const struct cli_glance *glance, const char *no, bool all_files,
     struct problem *problem)
{
    struct db *db = glance->reader->db;
    struct ticket ticket;
    struct erasure erasure;
    const char **merged = NULL;
    size_t count = 0;

    TRY(tickets_by_no(db, no, &ticket));
    TRY(erase_check(db, &ticket, problem));
    TRY(erasures_look(db, ticket.id, all_files, &erasure));
    TRY(erasures_merged(db, glance->arena, ticket.id, &merged, &count));
    print_erasure(&erasure, "would be erased");
    for (size_t i = 0; i < count; i++)
        (void)printf("merged into it, to be erased apart: %s\n", merged[i]);
    return OK;
}

static int
preview(const struct config *config, const char *no, bool all_files)
{
    struct problem problem = { .value = "" };
    struct cli_glance glance;
    enum err err = cli_glance_open(config, 0, &glance, &problem);

    if (err != OK)
        return cli_fail(err, &problem);
    err = look(&glance, no, all_files, &problem);
    cli_glance_close(&glance);
    return err == OK ? EXIT_OK : cli_fail(err, &problem);
}

static int
erase(const struct config *config, const char *no, bool all_files, const char *reason)
{
    struct problem problem = { .value = "" };
    struct cli_database database;
    struct cmd_erase cmd;

    cmd_erase_init(&cmd);
    if (!text_format(cmd.no, sizeof cmd.no, "%s", no))
        return cli_fail(ERR_NOT_FOUND, NULL);
    enum err err = cli_database_open(config, &database, &problem);
    if (err != OK)
        return cli_fail(err, &problem);
    cmd.actor = (struct actor){ .kind = ACTOR_CLI };
    cmd.now = time_now();
    cmd.all_files = all_files;
    cmd.reason = reason;
    err = writer_run(database.writer, &cmd.job);
    problem = cmd.job.problem;
    if (err == OK)
        err = erasures_remove_files(database.store, &cmd.erasure);
    for (size_t i = 0; err == OK && i < cmd.ledger_count; i++)
        upload_remove(database.store, cmd.ledgers[i]);
    if (err == OK && !erasure_is_empty(&cmd.erasure))
        err = export_files_clear(database.store); /* their rows went with it */
    cli_database_close(&database); /* its checkpoint overwrites the bytes in the file */
    if (err != OK)
        return cli_fail(err, &problem);
    print_erasure(&cmd.erasure, "erased");
    return EXIT_OK;
}

int
cli_erase(int argc, char **argv)
{
    bool is_dry_run = false, all_files = false;
    const char *reason = NULL;
    const struct cli_option options[] = {
        { "reason", "TEXT", "why; it stays in the trail", &reason, NULL },
        { "all-files", NULL, "also evidence and internal files, not only the citizen's",
          NULL, &all_files },
        { "dry-run", NULL, "only print what would be erased", NULL, &is_dry_run },
        { NULL, NULL, NULL, NULL, NULL },
    };
    struct cli_input input = {
        .usage = "yidan erase NUMBER --reason TEXT [--all-files] [--dry-run] [options]",
        .summary =
            "Take the people, texts and the citizen's files of a ticket away for good. "
            "It\n"
            "must be closed or declined; a merged one goes when the other is over. The\n"
            "trail stays valid and says that it was erased. Backups are not touched.",
        .options = options,
        .word_min = 1,
        .word_max = 1,
    };

    int code = cli_read(&input, argc, argv);
    if (code != CLI_GO_ON)
        return code;
    if (is_dry_run)
        return preview(&input.config, input.words[0], all_files);
    if (reason == NULL || text_is_blank(reason) ||
        !text_is_utf8(reason, strlen(reason)) || text_characters(reason) > 200)
        return cli_misuse("--reason needs a text of at most 200 characters");
    return erase(&input.config, input.words[0], all_files, reason);
}
