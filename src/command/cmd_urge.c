/*
 * cmd_urge.c - see the header.
 *
 * An action that is refused has written nothing (ticket_decide() comes first), so
 * what others did stays; any other error ends the job with all it did.
 */
#include "command/cmd_urge.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "command/cmd_ticket.h"
#include "store/rulebook.h"
#include "store/urge_values.h"
#include "store/writer.h"
#include "ticket_internal.h"

/* What may come of one ticket, as it is remembered for a replay: a letter each. */
static const struct {
    char letter;
    enum err err;
} outcomes[] = {
    { 'u', OK },
    { 'n', ERR_NOT_FOUND },
    { 's', ERR_TICKET_WRONG_STATE },
};

static bool
is_outcome(enum err err, char *ret_letter)
{
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        if (outcomes[i].err == err) {
            *ret_letter = outcomes[i].letter;
            return true;
        }
    return false;
}

static enum err
outcome_of(char letter)
{
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        if (outcomes[i].letter == letter)
            return outcomes[i].err;
    return ERR_INTERNAL;
}

/* ERR_NOT_FOUND also for what cannot be a number. */
static enum err
urge(struct txn *txn, const struct cmd_urge *cmd, const struct rulebook *rulebook,
     const char *no)
{
    struct urge_values values;
    struct cmd_ticket_act one;

    cmd_ticket_act_init(&one, ACT_URGE);
    one.actor = cmd->actor;
    one.now = cmd->now;
    one.act.note = cmd->note;
    one.act.present = FIELD_BIT(FIELD_NOTE);
    if (!text_format(one.no, sizeof one.no, "%s", no))
        return ERR_NOT_FOUND;
    if (urge_text_has_words(cmd->note)) {
        TRY(urge_values_read(txn->db, txn->arena, rulebook, no, &values));
        one.act.note = urge_text_fill(txn->arena, cmd->note, &values);
        if (one.act.note == NULL)
            return ERR_NO_MEMORY;
    }
    return ticket_act_run(txn, &one);
}

static enum err
urge_all(struct txn *txn, struct cmd_urge *cmd, const struct rulebook *rulebook)
{
    char letters[URGE_TICKETS_MAX + 1] = "";

    for (size_t i = 0; i < cmd->tickets.count; i++) {
        enum err err = urge(txn, cmd, rulebook, cmd->tickets.items[i]);

        if (!is_outcome(err, &letters[i]))
            return err;
        cmd->refusals[i] = err;
    }
    return idempotency_save(txn, &cmd->idempotency, letters, cmd->now);
}

static enum err
urge_run(struct txn *txn, struct job *job)
{
    struct cmd_urge *cmd = job_as(job, struct cmd_urge);

    assert(cmd->tickets.count <= URGE_TICKETS_MAX);
    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay) {
        for (size_t i = 0; i < cmd->tickets.count; i++)
            cmd->refusals[i] = outcome_of(cmd->idempotency.result[i]);
        return OK;
    }
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    enum err err = urge_all(txn, cmd, rulebook);
    rulebook_release(rulebook);
    return err;
}

void
cmd_urge_init(struct cmd_urge *cmd)
{
    *cmd = (struct cmd_urge){ .job = { .name = "urge", .run = urge_run } };
}
