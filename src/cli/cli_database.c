#include "base/arena.h"
#include "base/log.h"
#include "cli_internal.h"
#include "command/cmd_assessment.h"
#include "command/cmd_rebuild.h"
#include "command/cmd_seed.h"
#include "command/cmd_unit.h"
#include "domain/ticket_words.h"
#include "store/reader.h"
#include "store/store.h"
#include "store/units.h"
#include "store/writer.h"

/* cli_database.c - a database for a subcommand, and what every database has. */

enum err
cli_database_open(const struct config *config, struct cli_database *ret_database,
                  struct problem *reterr_problem)
{
    struct cli_database database = { .store = NULL };

    TRY(store_open(config, &database.store, reterr_problem));
    enum err err = writer_open(database.store, &database.writer);
    if (err != OK) {
        store_close(database.store);
        return err;
    }
    *ret_database = database;
    return OK;
}

void
cli_database_close(struct cli_database *database)
{
    writer_free(database->writer);
    store_close(database->store);
}

void
cli_glance_close(struct cli_glance *glance)
{
    reader_release(glance->pool, glance->reader);
    reader_pool_close(glance->pool);
    store_close(glance->store);
    arena_free(glance->arena);
}

enum err
cli_glance_open(const struct config *config, int deadline_ms,
                struct cli_glance *ret_glance, struct problem *reterr_problem)
{
    struct cli_glance glance = { .arena = arena_new() };
    enum err err = glance.arena == NULL
                       ? ERR_NO_MEMORY
                       : store_open_beside(config, &glance.store, reterr_problem);

    if (err == OK)
        err = reader_pool_open(glance.store, 1, &glance.pool);
    if (err == OK)
        err = reader_acquire(glance.pool, deadline_ms, &glance.reader);
    if (err == OK)
        *ret_glance = glance;
    else
        cli_glance_close(&glance);
    return err;
}

/* Is there any unit? */
static enum err
has_units(struct store *store, bool *ret_has)
{
    struct reader_pool *pool = NULL;
    struct reader *reader = NULL;
    struct unit *units = NULL;
    struct units_filter filter = { .kind = CHOICE_NONE };
    size_t count = 0;
    struct arena *arena = arena_new();
    enum err err = arena == NULL ? ERR_NO_MEMORY : reader_pool_open(store, 1, &pool);

    if (err == OK)
        err = reader_acquire(pool, 0, &reader);
    if (err == OK)
        err = units_list(reader->db, arena, &filter, "", 1, &units, &count);
    reader_release(pool, reader);
    reader_pool_close(pool);
    arena_free(arena);
    if (err == OK)
        *ret_has = count > 0;
    return err;
}

/* An account needs a unit, so a new database has the office itself. */
static enum err
seed_office(struct writer *writer, int64_t now)
{
    struct cmd_unit_create cmd;

    cmd_unit_create_init(&cmd);
    cmd.actor = (struct actor){ .kind = ACTOR_CLI };
    cmd.now = now;
    cmd.draft.code = "office";
    cmd.draft.name = "县政府办公室";
    cmd.draft.short_name = "政府办";
    cmd.draft.kind = UNIT_OFFICE;
    return writer_run(writer, &cmd.job);
}

#define REBUILD_BATCH 200

/* Facts of tickets that another version of the program wrote. */
static enum err
rebuild_assessment(struct writer *writer)
{
    struct cmd_assessment_rebuild cmd;

    cmd_assessment_rebuild_init(&cmd, REBUILD_BATCH);
    do
        TRY(writer_run(writer, &cmd.job));
    while (!cmd.is_done);
    if (cmd.tickets > 0)
        log_event(LOG_INFO, "assessment_rebuilt", log_int("tickets", cmd.tickets));
    return OK;
}

/* Summaries that an older program did not keep; of a new database none. */
static enum err
rebuild_summaries(struct writer *writer)
{
    struct cmd_rebuild cmd;

    cmd_rebuild_init(&cmd);
    TRY(writer_run(writer, &cmd.job));
    if (cmd.tickets > 0)
        log_event(LOG_INFO, "summaries_rebuilt", log_int("tickets", cmd.tickets));
    return OK;
}

enum err
cli_seed(struct store *store, struct writer *writer, int64_t now)
{
    struct cmd_seed cmd;
    bool has = false;

    cmd_seed_init(&cmd);
    cmd.now = now;
    TRY(writer_run(writer, &cmd.job));
    TRY(rebuild_summaries(writer));
    TRY(rebuild_assessment(writer));
    TRY(has_units(store, &has));
    return has ? OK : seed_office(writer, now);
}
