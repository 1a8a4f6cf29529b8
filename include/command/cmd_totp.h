#ifndef YIDAN_COMMAND_TOTP_H
#define YIDAN_COMMAND_TOTP_H

#include "base/totp.h"
#include "command/cmd_account.h"

/*
 * cmd_totp.h - the second factor: asked for, confirmed by a code, given up.
 *
 * Layer    command.
 * Source   reliability.md 14; RFC 6238.
 *
 * A code counts once: the step it is of is kept, and none before it counts any
 * more.  Wrong codes are counted like wrong passwords, by the same lock, so they
 * are a `verdict` and no error of the job; see struct account_proof.
 */

/*
 * Make a secret, which counts for nothing until it is confirmed; another one takes
 * its place.  `secret` is told to its owner and nowhere kept but sealed; after a
 * replay it is told again while it is not confirmed, and then is "".
 * Errors   ERR_TOTP_ON
 */
struct cmd_totp_begin {
    struct job job;
    struct actor actor;
    struct idempotency idempotency;
    struct account_proof proof;

    char secret[TOTP_SECRET_BYTES]; /* out */
    enum err verdict;               /* out */
};
void cmd_totp_begin_init(struct cmd_totp_begin *cmd);

/*
 * The first code puts it in force.  A `verdict` may be ERR_FIELDS (code).
 * Errors   ERR_TOTP_NONE, ERR_TOTP_ON
 */
struct cmd_totp_confirm {
    struct job job;
    struct actor actor;
    struct idempotency idempotency;
    const char *login, *code;
    char network[NETWORK_BYTES];
    int64_t now, session_id; /* the session goes on, the user's others end */

    enum err verdict; /* out */
};
void cmd_totp_confirm_init(struct cmd_totp_confirm *cmd);

/*
 * Give it up, with password and code (a code is not asked for when it was never
 * confirmed).
 * Errors   ERR_TOTP_NONE
 */
struct cmd_totp_remove {
    struct job job;
    struct actor actor;
    struct account_proof proof;

    enum err verdict; /* out */
};
void cmd_totp_remove_init(struct cmd_totp_remove *cmd);

#endif
