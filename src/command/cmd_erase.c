/*
 * cmd_erase.c - see the header.
 */
#include "command/cmd_erase.h"

#include "base/arena.h"
#include "base/text.h"
#include "store/assessments.h"
#include "store/events.h"
#include "store/imports.h"
#include "store/exports.h"
#include "store/search.h"
#include "store/tickets.h"
#include "store/writer.h"

enum err
erase_check(struct db *db, const struct ticket *ticket, struct problem *reterr_problem)
{
    struct ticket target;
    int state = ticket->state;

    if (ticket->state == TICKET_MERGED) {
        TRY(tickets_by_id(db, ticket->merged_into, &target));
        if (!ticket_is_open(&target))
            return OK;
        state = target.state;
    } else if (!ticket_is_open(ticket)) {
        return OK;
    }
    return problem_value(reterr_problem, ERR_TICKET_WRONG_STATE, "%s",
                         choice_word(&words_state, state));
}

/* What is gone, by number; which files, by their ids. */
static enum err
tell(struct txn *txn, const struct cmd_erase *cmd, int64_t ticket_id)
{
    const struct erasure *erasure = &cmd->erasure;
    const char *files = "";
    struct event event = {
        .ticket_id = ticket_id,
        .at = cmd->now,
        .actor = &cmd->actor,
        .type = "erased",
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
    };

    for (size_t i = 0; i < erasure->file_count && files != NULL; i++)
        files = arena_printf(txn->arena, "%s%s\"%s\"", files, i > 0 ? "," : "",
                             erasure->files[i]);
    if (files == NULL)
        return ERR_NO_MEMORY;
    event.facts = arena_printf(
        txn->arena,
        "\"people_count\":%lld,\"text_count\":%lld,\"record_count\":%lld,\"files\":[%s]",
        (long long)erasure->people, (long long)erasure->texts,
        (long long)erasure->records, files);
    if (event.facts == NULL)
        return ERR_NO_MEMORY;
    event_add_text(&event, "reason", cmd->reason);
    return events_append(txn, &event, NULL);
}

/*
 * A ledger that took effect may have left its file and staged rows, which the
 * importer had no time to remove: the ticket's texts and people stand there too.
 * One that is still being read is no ticket yet.
 */
static enum err
clean_imports(struct txn *txn, struct cmd_erase *cmd)
{
    enum { ALL_ROWS = 1 << 24 };

    for (int64_t after = 0;;) {
        struct import import;
        bool has_more = true;
        enum err err = imports_next_unfinished(txn->db, txn->arena, after, &import);
        if (err == ERR_NOT_FOUND)
            return OK;
        TRY(err);
        after = import.id;
        if (import.state == IMPORT_READING)
            continue;
        while (has_more)
            TRY(imports_clean(txn, import.id, ALL_ROWS, &has_more));
        if (import.file != NULL && cmd->ledger_count < ERASE_LEDGERS_MAX &&
            text_format(cmd->ledgers[cmd->ledger_count], sizeof *cmd->ledgers, "%s",
                        import.file))
            cmd->ledger_count++;
    }
}

static enum err
cmd_erase_run(struct txn *txn, struct job *job)
{
    struct cmd_erase *cmd = job_as(job, struct cmd_erase);
    struct ticket ticket;

    TRY(tickets_by_no(txn->db, cmd->no, &ticket));
    TRY(erase_check(txn->db, &ticket, &job->problem));
    TRY(clean_imports(txn, cmd));
    TRY(search_forget(txn, ticket.id)); /* it can only forget what is still there */
    TRY(erasures_run(txn, ticket.id, cmd->all_files, cmd->now, &cmd->erasure));
    if (erasure_is_empty(&cmd->erasure))
        return OK;
    TRY(search_compact(txn));
    TRY(assessments_sync(txn, ticket.id));
    TRY(exports_forget(txn)); /* a file may hold it */
    return tell(txn, cmd, ticket.id);
}

void
cmd_erase_init(struct cmd_erase *cmd)
{
    *cmd = (struct cmd_erase){ .job = { .name = "erase", .run = cmd_erase_run } };
}
