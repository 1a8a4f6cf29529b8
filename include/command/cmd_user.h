#ifndef YIDAN_COMMAND_USER_H
#define YIDAN_COMMAND_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypt.h"
#include "base/json.h"
#include "domain/password.h"
#include "domain/ticket.h"
#include "store/idempotency.h"
#include "store/job.h"

/*
 * cmd_user.h - making and changing accounts.
 *
 * Layer    command.
 * The new password is hashed by `prepare`, on a worker thread.
 */

#define LOGIN_CHARACTERS_MAX 32
#define EXTENSION_DIGITS_MAX 10
#define USER_NAME_CHARACTERS_MAX 30

/* Letters, digits, `.`, `_` and `-`, beginning with a letter or digit. */
bool login_is_valid(const char *login);

/* Two to ten digits. */
bool extension_is_valid(const char *extension);

/* What an account is made of, or what changes: absent is NULL, 0, ABSENT. */
struct user_draft {
    const char *login, *name, *unit, *password;
    const char *extension; /* valid; in a change "": none any more */
    uint64_t roles;        /* ROLE_BITs */
    enum tristate enabled;
    int64_t version;
    /* With a password: it is good for setting one's own, and for nothing else. */
    bool must_change_password;
    bool reset_totp; /* take the second factor away: the phone was lost */
};

/*
 * Create an account.
 * Errors   ERR_FIELDS  login taken or not valid, no such unit
 */
struct cmd_user_create {
    struct job job;
    struct actor actor;
    struct idempotency idempotency;
    struct user_draft draft;
    int64_t now;
    char hash[PASSWORD_HASH_BYTES];
};
void cmd_user_create_init(struct cmd_user_create *cmd);

/*
 * Change name, unit, roles or enabled, set a new password, take the second factor away.  Whatever but
 * name and extension changes ends the user's sessions at once.  A `version` of 0 is not
 * compared (the command line).
 * Errors   ERR_NOT_FOUND         no such account
 *          ERR_VERSION_CONFLICT  value: the present version
 *          ERR_USER_LAST_ADMIN
 *          ERR_FIELDS            no such unit
 */
struct cmd_user_change {
    struct job job;
    struct actor actor;
    struct user_draft draft; /* `login` says whom */
    int64_t now;
    char hash[PASSWORD_HASH_BYTES];
};
void cmd_user_change_init(struct cmd_user_change *cmd);

/*
 * Remove an account that was never used: nobody signed in with it, and nothing
 * names it.  Another one can only be disabled, so that the trail can name it.
 * Errors   ERR_NOT_FOUND        no such account
 *          ERR_IN_USE           it was used
 *          ERR_USER_LAST_ADMIN
 */
struct cmd_user_delete {
    struct job job;
    struct actor actor;
    const char *login;
    int64_t now;
};
void cmd_user_delete_init(struct cmd_user_delete *cmd);

#endif
