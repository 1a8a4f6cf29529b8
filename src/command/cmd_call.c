#include "command/cmd_call.h"

#include "base/arena.h"
#include "command_internal.h"
#include "domain/call.h"
#include "store/calls.h"
#include "store/writer.h"

/*
 * cmd_call.c - what the switchboard tells of a call; see the header.
 *
 * 1. A caller's number is in no event, notice or log: it stands sealed in its row.
 * 2. Who may read it is decided when the call comes, and is an event then, however
 *    late the switchboard tells of it; only a fresh one gives notice.
 */

#define CLERKS_MAX 16 /* who share a telephone by shifts */

/* Each clerk of the extension may read the caller; who they were stands in one event. */
static enum err
show(struct txn *txn, const struct cmd_call *cmd, int64_t id,
     const struct call_clerk *clerks, size_t count, bool gives_notice)
{
    const char *users = "";

    for (size_t i = 0; i < count; i++) {
        TRY(calls_name_clerk(txn, id, clerks[i].user_id));
        if (gives_notice)
            TRY(calls_post(txn, id, &clerks[i], cmd->now));
        users = arena_printf(txn->arena, "%s%s%lld", users, i > 0 ? "," : "",
                             (long long)clerks[i].user_id);
        if (users == NULL)
            return ERR_NO_MEMORY;
    }
    return command_tell(
        txn, &cmd->actor, cmd->now, "call_shown",
        arena_printf(txn->arena, "\"call\":%lld,\"opens\":%s,\"users\":[%s]",
                     (long long)id, gives_notice ? "true" : "false", users));
}

static enum err
call_run(struct txn *txn, struct job *job)
{
    struct cmd_call *cmd = job_as(job, struct cmd_call);
    struct call_clerk clerks[CLERKS_MAX];
    struct call call = { .id = 0 };
    size_t count = 0;

    TRY(calls_clerks(txn->db, cmd->extension, clerks, CLERKS_MAX, &count));
    if (count == 0)
        return OK; /* a telephone of nobody here: its calls are not ours to keep */
    enum err err =
        calls_find(txn->db, cmd->actor.id, cmd->call_id, cmd->extension, &call);
    bool is_new = err == ERR_NOT_FOUND;

    if (err != OK && !is_new)
        return err;
    if (is_new) {
        TRY(calls_insert(txn, cmd->actor.id, cmd->call_id, cmd->extension, cmd->at,
                         &call.id));
        if (cmd->caller != NULL)
            TRY(calls_set_caller(txn, call.id, cmd->caller));
    }
    if (cmd->event == CALL_ANSWER)
        TRY(calls_answered(txn, call.id, cmd->at));
    if (cmd->event == CALL_HANGUP)
        TRY(calls_ended(txn, call.id, cmd->at));

    bool is_fresh = cmd->now - cmd->at <= CALL_FRESH_S;
    bool is_first_answer =
        cmd->event == CALL_ANSWER && call.answered_at == 0 && call.ended_at == 0;
    bool opens = is_fresh && cmd->event != CALL_HANGUP && (is_new || is_first_answer);

    /* A late answer names nobody: the telephone may be somebody else's by now. */
    return is_new || opens ? show(txn, cmd, call.id, clerks, count, opens) : OK;
}

void
cmd_call_init(struct cmd_call *cmd)
{
    *cmd = (struct cmd_call){ .job = { .name = "call", .run = call_run } };
}
