/*
 * indexer.c - see the header.
 *
 * Nothing is remembered here: what is pending stands in the database, so a
 * restart or a failed job loses nothing.
 */
#include "background/indexer.h"

#include <stdlib.h>

#include "base/log.h"
#include "command/cmd_index.h"
#include "rounds.h"
#include "store/store.h"
#include "store/writer.h"

struct indexer {
    struct store *store;
    struct writer *writer;
    int64_t wait_ms;
    int batch;
    struct rounds *rounds;
    int64_t seen_commits; /* the thread's own; -1: never looked */
};

/* Have everything indexed that is pending; what fails is tried again in the next round. */
static void
index_pending(struct indexer *indexer)
{
    int64_t commits = store_commits(indexer->store);
    struct cmd_index cmd;

    if (commits == indexer->seen_commits)
        return;
    do {
        cmd_index_init(&cmd, indexer->batch);
        enum err err = writer_run(indexer->writer, &cmd.job);
        if (err != OK) {
            if (err != ERR_SHUTTING_DOWN)
                log_event(LOG_ERROR, "indexer_failed", log_text("code", err_code(err)));
            return;
        }
        if (cmd.indexed == 0)
            indexer->seen_commits = commits;
    } while (cmd.indexed > 0 && !rounds_is_stopping(indexer->rounds));
}

static int64_t
do_round(void *context)
{
    struct indexer *indexer = context;

    index_pending(indexer);
    return indexer->wait_ms;
}

enum err
indexer_start(struct store *store, struct writer *writer, struct indexer **ret_indexer)
{
    const struct config *config = store_config(store);
    struct indexer *indexer = calloc(1, sizeof *indexer);

    if (indexer == NULL)
        return ERR_NO_MEMORY;
    indexer->store = store;
    indexer->writer = writer;
    indexer->wait_ms = config->index_wait_ms;
    indexer->batch = (int)config->index_batch;
    indexer->seen_commits = -1;
    enum err err = rounds_start(do_round, indexer, &indexer->rounds);
    if (err != OK) {
        free(indexer);
        return err;
    }
    *ret_indexer = indexer;
    return OK;
}

void
indexer_settle(struct indexer *indexer)
{
    rounds_settle(indexer->rounds);
}

void
indexer_stop(struct indexer *indexer)
{
    if (indexer == NULL)
        return;
    rounds_stop(indexer->rounds);
    free(indexer);
}
