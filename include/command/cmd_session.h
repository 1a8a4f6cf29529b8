#ifndef YIDAN_COMMAND_SESSION_H
#define YIDAN_COMMAND_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypt.h"
#include "base/ident.h"
#include "domain/ticket.h"
#include "store/job.h"

/*
 * cmd_session.h - signing in and out.
 *
 * Layer    command.
 * Source   reliability.md 14.
 */

#define NETWORK_BYTES 64

/*
 * The network an address belongs to for counting failures: its /24 (IPv4, also
 * mapped into IPv6) or /64 as text; what is no address stands for itself.
 */
void network_of_address(const char *address, char ret_network[NETWORK_BYTES]);

/*
 * Sign in.  `prepare` verifies the password on a worker thread, against a hash
 * nobody has when the account is unknown, so that both take as long.  `run`
 * asks again whether the account is still what it was, and whether it is
 * locked.
 *
 * A wrong password is no error of the job, because the failure must be
 * counted: look at `verdict` (OK, ERR_SESSION_CREDENTIALS, ERR_SESSION_LOCKED; with
 * the right password of who has a second factor ERR_SESSION_TOTP_REQUIRED, which is
 * not counted, and ERR_SESSION_TOTP_WRONG, which is).
 */
struct cmd_sign_in {
    struct job job;

    /* Filled by sign_in_begin() from what is in the database. */
    const char *login, *password, *totp, *address;
    char network[NETWORK_BYTES];
    int64_t now;
    int64_t user_id; /* 0: no such account, or disabled */
    int64_t epoch;
    char hash[PASSWORD_HASH_BYTES];

    bool is_verified; /* between prepare and run */

    enum err verdict;
    int64_t session_id;
    char token[IDENT_SECRET_BYTES]; /* for the cookie; only its hash is stored */
    char csrf[IDENT_SECRET_BYTES];
};

struct arena;
struct db;

/*
 * Fill `cmd` for signing in with `login`, `password` and `totp`, the code of a
 * second factor or NULL (borrowed until the job is done).  Errors: ERR_SESSION_LOCKED with the seconds as value.
 */
MUST_CHECK enum err cmd_sign_in_begin(struct cmd_sign_in *cmd, struct db *db,
                                      struct arena *arena, const char *login,
                                      const char *password, const char *totp,
                                      const char *address, int64_t now,
                                      struct problem *reterr_problem);

/* Sign out: the session is gone at once. */
struct cmd_sign_out {
    struct job job;
    struct actor actor;
    int64_t session_id, now;
};
void cmd_sign_out_init(struct cmd_sign_out *cmd, const struct actor *actor,
                       int64_t session_id, int64_t now);

/* Write down when a session was last seen. */
struct cmd_session_touch {
    struct job job;
    int64_t session_id, at;
};
/* On the heap, because no request waits for it: `done` frees it. NULL: out of memory. */
struct cmd_session_touch *cmd_session_touch_new(int64_t session_id, int64_t at);

#endif
