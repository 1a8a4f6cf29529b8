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
 * end of sessions.  (The second factor: cmd_totp.h.)
 *
 * Layer    command.
 * Source   api.md, `/me/…`; reliability.md 14.
 */

struct arena;
struct db;
struct txn;

/* --- Who is at this session? ----------------------------------------------------------- */

/*
 * Whoever changes an account shows its password once more, and what weakens it
 * also takes a code where a second factor is in force.  A wrong one is no error of the job, because it must be counted like one at sign-in, by the same
 * lock: commands that hold a proof say what came of it in `verdict` (OK;
 * ERR_FIELDS with the field in the job's problem; ERR_SESSION_LOCKED with the
 * seconds; ERR_SESSION_REQUIRED when the account was changed meanwhile).
 */
struct account_proof {
    const char *login, *password; /* borrowed until the job is done */
    const char *code;             /* of the second factor, as well; NULL: none */
    int64_t user_id, now;

    /* Filled by account_proof_begin(). */
    char network[NETWORK_BYTES];
    int64_t epoch;
    char hash[PASSWORD_HASH_BYTES];

    bool is_verified; /* by account_proof_verify() */
};

/* Errors: ERR_SESSION_LOCKED. */
MUST_CHECK enum err account_proof_begin(struct account_proof *proof, struct db *db,
                                        struct arena *arena, const char *address,
                                        struct problem *reterr_problem);

/* On a worker thread: about 35 ms. */
void account_proof_verify(struct account_proof *proof);

/* On the writer: `*ret_verdict` as above, a wrong password counted. */
MUST_CHECK enum err account_proof_judge(struct txn *txn,
                                        const struct account_proof *proof,
                                        struct problem *problem, enum err *ret_verdict);

/* --- Another password --------------------------------------------------------------------- */

/*
 * It takes a code where a second factor is in force.  It ends the user's other
 * sessions and lifts "must change".  `prepare` verifies
 * the one and hashes the other on a worker thread.
 */
struct cmd_password {
    struct job job;
    struct actor actor;
    struct idempotency idempotency;
    struct account_proof proof;
    const char *new_password; /* borrowed until the job is done */
    int64_t session_id;

    char hash[PASSWORD_HASH_BYTES]; /* of the new one */

    enum err verdict;
};

/*
 * Make the job of what the caller has put into `cmd`: actor, idempotency, the
 * proof's and the new password, session.
 * Errors   ERR_SESSION_LOCKED  value: seconds
 *          ERR_FIELDS          the new one is the present one, or weak
 */
MUST_CHECK enum err cmd_password_begin(struct cmd_password *cmd, struct db *db,
                                       struct arena *arena, const char *address,
                                       struct problem *reterr_problem);

/* --- The end of sessions --------------------------------------------------------------------- */

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
