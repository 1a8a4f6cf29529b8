/*
 * cmd_housekeeping.c - what the timer does beside the sweep: forgetting what is
 * over, and noting a clock that was set.
 */
#include "command/cmd_housekeeping.h"

#include "base/text.h"
#include "command_internal.h"
#include "store/belongings.h"
#include "store/calls.h"
#include "store/gateways.h"
#include "store/idempotency.h"
#include "store/logins.h"
#include "store/rulebook.h"
#include "store/quotas.h"
#include "store/sessions.h"
#include "store/store.h"
#include "store/writer.h"

#define ROWS_AT_ONCE 1000
#define QUOTAS_KEPT_S (3 * 86400) /* longer than any window and lock */
#define LOGINS_KEPT_S (7 * 86400)

static const struct actor timer = { .kind = ACTOR_TIMER };

/* How long unsent forms are kept, as the office has set it. */
static int64_t
draft_seconds(struct txn *txn)
{
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    int64_t days = rulebook->settings.draft_days;

    rulebook_release(rulebook);
    return days * 86400;
}

/* How long other systems' messages are known again. */
static int64_t
gateway_seconds(struct txn *txn)
{
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    int64_t days = rulebook->settings.gateway_days;

    rulebook_release(rulebook);
    return days * 86400;
}

static enum err
cmd_housekeeping_run(struct txn *txn, struct job *job)
{
    const struct cmd_housekeeping *cmd = job_as(job, struct cmd_housekeeping);
    int64_t now = cmd->now;

    if (cmd->is_daily)
        TRY(store_optimize(txn));
    TRY(idempotency_sweep(txn, now, ROWS_AT_ONCE));
    TRY(sessions_sweep(txn, now, ROWS_AT_ONCE));
    TRY(drafts_sweep(txn, now - draft_seconds(txn), ROWS_AT_ONCE));
    TRY(calls_sweep(txn, now - gateway_seconds(txn), ROWS_AT_ONCE));
    TRY(sms_sweep(txn, now - gateway_seconds(txn), ROWS_AT_ONCE));
    TRY(quotas_sweep(txn, now - QUOTAS_KEPT_S, ROWS_AT_ONCE));
    return logins_sweep(txn, now - LOGINS_KEPT_S, ROWS_AT_ONCE);
}

void
cmd_housekeeping_init(struct cmd_housekeeping *cmd, int64_t now, bool is_daily)
{
    *cmd = (struct cmd_housekeeping){ .job = { .name = "housekeeping",
                                               .run = cmd_housekeeping_run },
                                      .now = now,
                                      .is_daily = is_daily };
}

static enum err
cmd_clock_jump_run(struct txn *txn, struct job *job)
{
    struct cmd_clock_jump *cmd = job_as(job, struct cmd_clock_jump);
    char facts[64];

    if (!text_format(facts, sizeof facts, "\"seconds\":%lld,\"wall_at\":%lld",
                     (long long)cmd->seconds, (long long)cmd->now))
        return ERR_INTERNAL;
    return command_tell(txn, &timer, cmd->now, "clock_jump", facts);
}

void
cmd_clock_jump_init(struct cmd_clock_jump *cmd, int64_t now, int64_t seconds)
{
    *cmd = (struct cmd_clock_jump){ .job = { .name = "clock_jump",
                                             .run = cmd_clock_jump_run },
                                    .now = now,
                                    .seconds = seconds };
}
