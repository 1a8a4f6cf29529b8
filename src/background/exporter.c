/*
 * exporter.c - see the header.
 *
 * Invariants
 *  1. No reader is held while a write runs.
 *  2. A row is "ready" only when its file lies under its name, on disk.
 *  3. Only this thread makes and removes files of exports.
 */
#include "background/exporter.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "base/sheet.h"
#include "base/timeutil.h"
#include "command/cmd_export.h"
#include "rounds.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/store.h"
#include "store/writer.h"

#define RETRY_MS 5000       /* after a failure that may pass: a full disk, a full queue */
#define LOOK_MS (60 * 1000) /* at most, while something waits to be forgotten */

struct exporter {
    struct store *store;
    struct reader_pool *readers;
    struct writer *writer;
    export_make *make;
    int64_t (*clock)(void);
    struct rounds *rounds;
};

static int64_t
now_of(const struct exporter *exporter)
{
    return exporter->clock == NULL ? time_now() : exporter->clock();
}

static bool
is_stopping(void *context)
{
    const struct exporter *exporter = context;

    return rounds_is_stopping(exporter->rounds);
}

/* --- One export ------------------------------------------------------------------- */

static enum err
write_sheet(struct exporter *exporter, struct export_task *task, int fd,
            const char *folder, struct export *export)
{
    TRY(sheet_new(fd, folder, (enum sheet_format) export->format, export->mark,
                  &task->sheet));
    enum err err = exporter->make(task);
    if (err == OK)
        err = sheet_end(task->sheet, &export->bytes);
    sheet_free(task->sheet);
    export->rows = task->rows;
    return err;
}

/* With one snapshot for all of it. */
static enum err
read_and_write(struct exporter *exporter, struct export_task *task, int fd,
               const char *folder, struct export *export)
{
    const struct config *config = store_config(exporter->store);

    TRY(reader_acquire(exporter->readers, (int)config->export_deadline_ms,
                       &task->reader));
    task->rulebook = rulebook_acquire(exporter->store);
    enum err err = write_sheet(exporter, task, fd, folder, export);
    rulebook_release(task->rulebook);
    reader_release(exporter->readers, task->reader);
    return err;
}

static enum err
make_file(struct exporter *exporter, struct arena *arena, struct export *export)
{
    struct export_task task = {
        .export = export,
        .store = exporter->store,
        .arena = arena,
        .page = arena_new(),
        .rows_max = store_config(exporter->store)->export_rows_max,
        .is_stopping = is_stopping,
        .context = exporter,
    };
    char folder[PATH_MAX];
    int fd = -1;
    enum err err = task.page == NULL ? ERR_NO_MEMORY : OK;

    if (err == OK)
        err = export_file_new(exporter->store, export->id, &fd, folder);
    if (err == OK)
        err = read_and_write(exporter, &task, fd, folder, export);
    if (err == OK)
        err = export_file_place(exporter->store, export->id, fd);
    if (fd >= 0)
        (void)close(fd); /* flushed, or given up */
    if (err != OK)
        export_file_drop(exporter->store, export->id);
    arena_free(task.page);
    return err;
}

static enum err
make_one(struct exporter *exporter, struct arena *arena, struct export *export)
{
    struct cmd_export_begin begin;
    struct cmd_export_end end;
    int64_t started_ms = time_monotonic_ms();
    enum err err = ERR_INTERNAL; /* it has been begun too often */

    if (export->attempts < EXPORT_ATTEMPTS_MAX) {
        cmd_export_begin_init(&begin, export->id);
        TRY(writer_run(exporter->writer, &begin.job));
        err = make_file(exporter, arena, export);
    }
    if (err == ERR_SHUTTING_DOWN)
        return err; /* the next start makes it */
    export->state = err == OK ? EXPORT_READY : EXPORT_FAILED;
    export->reason = err == OK ? NULL : err_code(err);
    cmd_export_end_init(&end, export, now_of(exporter));
    TRY(writer_run(exporter->writer, &end.job));
    log_event(err == OK ? LOG_INFO : LOG_WARN, "export_finished",
              log_text("export", export->id), log_text("list", export->list),
              log_text("code", err == OK ? "" : err_code(err)),
              log_int("rows", export->rows), log_int("bytes", export->bytes),
              log_int("ms", time_monotonic_ms() - started_ms));
    return OK;
}

static enum err
load_next(struct exporter *exporter, struct arena *arena, struct export *ret_export)
{
    struct reader *reader;

    TRY(reader_acquire(exporter->readers, 0, &reader));
    enum err err = exports_next(reader->db, arena, ret_export);
    reader_release(exporter->readers, reader);
    return err;
}

static enum err
make_all(struct exporter *exporter)
{
    struct arena *arena = arena_new();
    struct export export;
    enum err err = arena == NULL ? ERR_NO_MEMORY : OK;

    while (err == OK && !is_stopping(exporter)) {
        arena_reset(arena);
        err = load_next(exporter, arena, &export);
        if (err == OK)
            err = make_one(exporter, arena, &export);
    }
    arena_free(arena);
    return err == ERR_NOT_FOUND ? OK : err;
}

/* --- Forgetting ---------------------------------------------------------------------- */

/* Remove files whose rows are gone; when the next row goes (0: none). */
static enum err
look_at_files(struct exporter *exporter, int64_t *ret_next_at)
{
    struct reader *reader;

    TRY(reader_acquire(exporter->readers, 0, &reader));
    enum err err = exports_next_expiry(reader->db, ret_next_at);
    if (err == OK)
        err = export_files_sweep(reader->db);
    reader_release(exporter->readers, reader);
    return err;
}

static enum err
forget(struct exporter *exporter, int64_t *ret_next_at)
{
    struct cmd_export_expire cmd;

    TRY(look_at_files(exporter, ret_next_at));
    if (*ret_next_at == 0 || *ret_next_at > now_of(exporter))
        return OK;
    cmd_export_expire_init(&cmd, now_of(exporter));
    TRY(writer_run(exporter->writer, &cmd.job));
    return look_at_files(exporter, ret_next_at);
}

/* --- The thread ---------------------------------------------------------------------- */

static int64_t
do_round(void *context)
{
    struct exporter *exporter = context;
    int64_t next_at = 0;
    enum err err = make_all(exporter);

    if (err == OK)
        err = forget(exporter, &next_at);
    if (err != OK && err != ERR_SHUTTING_DOWN)
        log_event(LOG_ERROR, "exporter_failed", log_text("code", err_code(err)));
    if (err != OK)
        return RETRY_MS;
    return next_at == 0 ? ROUNDS_UNTIL_WOKEN : LOOK_MS;
}

enum err
exporter_start(struct store *store, struct reader_pool *readers, struct writer *writer,
               export_make *make, int64_t (*clock)(void), struct exporter **ret_exporter)
{
    struct exporter *exporter = malloc(sizeof *exporter);

    if (exporter == NULL)
        return ERR_NO_MEMORY;
    *exporter = (struct exporter){
        .store = store, .readers = readers, .writer = writer, .make = make, .clock = clock
    };
    enum err err = rounds_start(do_round, exporter, &exporter->rounds);
    if (err != OK) {
        free(exporter);
        return err;
    }
    *ret_exporter = exporter;
    return OK;
}

void
exporter_wake(struct exporter *exporter)
{
    rounds_wake(exporter->rounds);
}

void
exporter_settle(struct exporter *exporter)
{
    rounds_settle(exporter->rounds);
}

void
exporter_stop(struct exporter *exporter)
{
    if (exporter == NULL)
        return;
    rounds_stop(exporter->rounds);
    free(exporter);
}
