#ifndef YIDAN_COMMAND_ACCOUNT_H
#define YIDAN_COMMAND_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypt.h"
#include "command/cmd_session.h"
#include "domain/ticket.h"
#include "store/idempotency.h"
#include "store/job.h"

/*
 * cmd_account.h - what people do with their own account: another password, the
 * end of sessions.
 *
 * Layer    command.
 * Source   api.md, `/me/…`; reliability.md 14.
 */

struct arena;
struct db;

/*
 * Another password, by who knows the present one.  It ends the user's other
 * sessions and lifts "must change".  `prepare` verifies the one and hashes the
 * other on a worker thread.
 *
 * A wrong password is no error of the job, because it must be counted like one
 * at sign-in, by the same lock: look at `verdict` (OK; ERR_FIELDS with the field
 * in the job's problem; ERR_SESSION_LOCKED with the seconds; ERR_SESSION_REQUIRED
 * when the account was changed meanwhile).
 */
struct cmd_password {
    struct job job;
    struct actor actor;
    struct idempotency idempotency;
    const char *login, *password, *new_password;
    int64_t session_id, now;

    /* Filled by cmd_password_begin() from what is in the database. */
    char network[NETWORK_BYTES];
    int64_t epoch;
    char hash[PASSWORD_HASH_BYTES];

    bool is_verified; /* between prepare and run */
    char new_hash[PASSWORD_HASH_BYTES];

    enum err verdict;
};

/*
 * Make the job of what the caller has put into `cmd`: actor, idempotency, texts
 * (borrowed until the job is done), session, now.
 * Errors   ERR_SESSION_LOCKED  value: seconds
 *          ERR_FIELDS          the new one is the present one, or weak
 */
MUST_CHECK enum err cmd_password_begin(struct cmd_password *cmd, struct db *db,
                                       struct arena *arena, const char *address,
                                       struct problem *reterr_problem);

/*
 * End one of the actor's sessions (`id`), or with 0 all but `session_id`.
 * Errors   ERR_NOT_FOUND  the actor has no session `id`
 */
struct cmd_sessions_end {
    struct job job;
    struct actor actor;
    const char *login;
    int64_t id, session_id, now;
};
void cmd_sessions_end_init(struct cmd_sessions_end *cmd);

#endif
