#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "background/importer.h"
#include "base/arena.h"
#include "base/timeutil.h"
#include "cli_internal.h"
#include "command/cmd_import.h"
#include "store/reader.h"
#include "store/store.h"
#include "store/upload.h"
#include "store/writer.h"

/*
 * cli_import.c - `yidan import`: an old ledger from a file, by the same writes
 * as through the server, without one beside it.
 */

#define FAULTS_AT_ONCE 200

struct bringing {
    const char *path;
    bool is_dry_run, skips_bad;
    const char *charset, *map, *set;
    struct cli_database database;
    struct reader_pool *pool;
    struct reader *reader;
    struct arena *arena;
};

/* The file's bytes, into the folder where the import looks for them. */
static enum err
copy_in(const char *path, struct upload *upload)
{
    static char bytes[64 * 1024];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t count = -1;
    enum err err = OK;

    if (fd < 0) {
        (void)fprintf(stderr, "yidan: %s: %s\n", path, strerror(errno));
        return ERR_NOT_FOUND;
    }
    while (err == OK && (count = read(fd, bytes, sizeof bytes)) > 0)
        err = upload_write(upload, bytes, (size_t)count);
    (void)close(fd); /* only read */
    upload_finish(upload);
    return err == OK && count < 0 ? ERR_STORE : err;
}

static enum err
create(struct bringing *bringing, struct problem *problem, int64_t *ret_id)
{
    struct cmd_import_create cmd;

    cmd_import_create_init(&cmd);
    TRY(upload_open(bringing->database.store, &cmd.upload));
    cmd.import.dry_run = bringing->is_dry_run;
    cmd.import.skip_bad = bringing->skips_bad;
    if (bringing->charset != NULL)
        cmd.import.charset = choice_find(&words_charset, bringing->charset);
    cmd.import.mapping = bringing->map == NULL ? "" : bringing->map;
    cmd.import.fixed = bringing->set == NULL ? "" : bringing->set;
    cmd.import.actor = (struct actor){ .kind = ACTOR_CLI };
    cmd.now = time_now();
    enum err err = copy_in(bringing->path, cmd.upload);
    if (err == OK)
        err = writer_run(bringing->database.writer, &cmd.job);
    upload_close(cmd.upload, err != OK && err_status(err) >= 500);
    *problem = cmd.job.problem;
    if (err == OK && cmd.is_the_same)
        (void)fprintf(stderr, "this file was brought in before\n");
    *ret_id = cmd.id;
    return err;
}

/* A page of faults; `*row` and `*place` move on. */
static enum err
print_faults(const struct bringing *bringing, int64_t id, int64_t *row, int64_t *place,
             size_t *ret_count)
{
    struct import_fault *faults;

    TRY(imports_faults(bringing->reader->db, bringing->arena, id, *row, *place,
                       FAULTS_AT_ONCE, &faults, ret_count));
    for (size_t i = 0; i < *ret_count; i++) {
        (void)fprintf(stderr, "%s:%lld: %s%s%s", bringing->path, (long long)faults[i].row,
                      faults[i].field == NULL ? "" : faults[i].field,
                      faults[i].field == NULL ? "" : ": ",
                      err_text(err_find(faults[i].code), LANGUAGE_EN));
        (void)fprintf(stderr, *faults[i].value == '\0' ? "\n" : " (%s)\n",
                      faults[i].value);
        *row = faults[i].row;
        *place = faults[i].place;
    }
    return OK;
}

static enum err
print_result(struct bringing *bringing, int64_t id, int *ret_code)
{
    int64_t row = 0, place = -1;
    struct import import;
    size_t count;

    TRY(imports_by_id(bringing->reader->db, bringing->arena, id, &import));
    do
        TRY(print_faults(bringing, id, &row, &place, &count));
    while (count == FAULTS_AT_ONCE);
    (void)printf("import %lld: %s; %lld rows good, %lld bad, %lld tickets\n",
                 (long long)id, choice_word(&words_import_state, import.state),
                 (long long)import.rows_good, (long long)import.rows_bad,
                 (long long)import.tickets);
    bool is_good = import.state == IMPORT_DONE ||
                   (import.state == IMPORT_CHECKED && import.rows_bad == 0);
    *ret_code = is_good ? EXIT_OK : EXIT_FAILED;
    return OK;
}

static enum err
bring(struct bringing *bringing, struct problem *problem, int *ret_code)
{
    struct store *store = bringing->database.store;
    int64_t id = 0;

    TRY(cli_seed(store, bringing->database.writer, time_now()));
    TRY(create(bringing, problem, &id));
    TRY(reader_pool_open(store, 1, &bringing->pool));
    TRY(importer_run(store, bringing->pool, bringing->database.writer, NULL));
    TRY(reader_acquire(bringing->pool, 0, &bringing->reader));
    return print_result(bringing, id, ret_code);
}

static int
run(const struct config *config, struct bringing *bringing)
{
    struct problem problem = { .value = "" };
    int code = EXIT_OK;

    bringing->arena = arena_new();
    enum err err = bringing->arena == NULL
                       ? ERR_NO_MEMORY
                       : cli_database_open(config, &bringing->database, &problem);
    if (err == OK) {
        err = bring(bringing, &problem, &code);
        reader_release(bringing->pool, bringing->reader);
        reader_pool_close(bringing->pool);
        cli_database_close(&bringing->database);
    }
    arena_free(bringing->arena);
    return err == OK ? code : cli_fail(err, &problem);
}

int
cli_import(int argc, char **argv)
{
    struct bringing bringing = { .path = NULL };
    const struct cli_option options[] = {
        { "dry-run", NULL, "only say what is wrong with which row", NULL,
          &bringing.is_dry_run },
        { "skip-bad", NULL, "bring the good rows in although others are bad", NULL,
          &bringing.skips_bad },
        { "charset", "NAME", "utf-8 or gb18030; found out by itself", &bringing.charset,
          NULL },
        { "map", "PAIRS", "headers beyond the usual ones: field:header,...",
          &bringing.map, NULL },
        { "set", "PAIRS", "what stands where a row says nothing: field:value,...",
          &bringing.set, NULL },
        { NULL, NULL, NULL, NULL, NULL },
    };
    struct cli_input input = {
        .usage = "yidan import FILE [--dry-run] [options]",
        .summary = "Bring in an old ledger from a CSV file, all of it or nothing.",
        .options = options,
        .word_min = 1,
        .word_max = 1,
    };

    int code = cli_read(&input, argc, argv);
    if (code != CLI_GO_ON)
        return code;
    bringing.path = input.words[0];
    if (bringing.charset != NULL && choice_find(&words_charset, bringing.charset) < 0)
        return cli_misuse("no such charset: %s", bringing.charset);
    if ((bringing.map != NULL && !ledger_pairs_are_good(bringing.map)) ||
        (bringing.set != NULL && !ledger_pairs_are_good(bringing.set)))
        return cli_misuse("--map and --set take field:text,field:text with known fields");
    return run(&input.config, &bringing);
}
