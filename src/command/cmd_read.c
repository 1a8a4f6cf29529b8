#include "command/cmd_read.h"

#include <stdlib.h>

#include "base/arena.h"
#include "store/notices.h"
#include "store/tickets.h"
#include "store/writer.h"

/*
 * cmd_read.c - see the header.
 *
 * 1. Who reads, and of which tickets, is the condition of the list of that group:
 *    what it does not show is not read.
 * 2. A unit that only reads its notices has not opened a ticket: no clock stops.
 */

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice group_items[] = { NOTICE_GROUPS(X) };
#undef X
const struct choices words_notice_group = { "notice_group", group_items,
                                            NOTICE_GROUP_COUNT };

static enum err
read_run(struct txn *txn, struct job *job)
{
    struct cmd_read *cmd = job_as(job, struct cmd_read);
    const struct ticket_viewer viewer = ticket_viewer(&cmd->actor, cmd->now);
    enum ticket_todo todo = cmd->group == NOTICE_URGE ? TODO_URGE : TODO_ALARM;
    struct ticket ticket;
    int64_t count = 0;

    cmd->read_count = 0;
    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay) {
        cmd->read_count = strtoll(cmd->idempotency.result, NULL, 10);
        return OK;
    }
    if (cmd->tickets.items == NULL)
        TRY(notices_read(txn, &viewer, todo, 0, cmd->now, &cmd->read_count));
    for (size_t i = 0; i < cmd->tickets.count; i++) {
        enum err err = tickets_by_no(txn->db, cmd->tickets.items[i], &ticket);

        if (err == ERR_NOT_FOUND)
            continue;
        TRY(err);
        TRY(notices_read(txn, &viewer, todo, ticket.id, cmd->now, &count));
        cmd->read_count += count;
    }
    const char *result = arena_printf(txn->arena, "%lld", (long long)cmd->read_count);

    return result == NULL ? ERR_NO_MEMORY
                          : idempotency_save(txn, &cmd->idempotency, result, cmd->now);
}

void
cmd_read_init(struct cmd_read *cmd)
{
    *cmd = (struct cmd_read){ .job = { .name = "read", .run = read_run },
                              .group = CHOICE_NONE };
}
