#ifndef YIDAN_COMMAND_CMD_INDEX_H
#define YIDAN_COMMAND_CMD_INDEX_H

#include "store/job.h"

/*
 * cmd_index.h - put some pending tickets into the full-text index.
 *
 * Layer    command.
 * Threads  submitted by the indexer (background/indexer.h), run by the writer.
 */
struct cmd_index {
    struct job job;
    int batch;

    /* Set by the run: how many; `batch`: there may be more. */
    int indexed;
};
void cmd_index_init(struct cmd_index *cmd, int batch);

#endif
