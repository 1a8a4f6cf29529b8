#include "base/arena.h"
#include "cli_internal.h"
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

enum err
cli_seed(struct store *store, struct writer *writer, int64_t now)
{
    struct cmd_seed cmd;
    bool has = false;

    cmd_seed_init(&cmd);
    cmd.now = now;
    TRY(writer_run(writer, &cmd.job));
    TRY(has_units(store, &has));
    return has ? OK : seed_office(writer, now);
}
