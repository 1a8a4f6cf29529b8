#ifndef YIDAN_COMMAND_TOKEN_H
#define YIDAN_COMMAND_TOKEN_H

#include <stdint.h>

#include "base/ident.h"
#include "domain/ticket.h"
#include "store/idempotency.h"
#include "store/job.h"

/*
 * cmd_token.h - API tokens: made, used, removed.
 *
 * Layer    command.
 * Source   product.md, section 1 ("other systems"); api.md.
 */

#define TOKEN_NAME_CHARACTERS 40
#define TOKEN_PLATFORM_CHARACTERS 20

/* A token as its owner has it: "yidan_" id "_" secret, with NUL. */
#define TOKEN_TEXT_BYTES (sizeof "yidan_9223372036854775807_" - 1 + IDENT_SECRET_BYTES)

/* What a token is made of, or absent: NULL, 0. */
struct token_draft {
    const char *name, *platform;
    uint64_t scopes; /* SCOPE_BITs */
    int64_t expires_at;
};

/*
 * Make a token.  `text` is the only place where its secret ever stands; a
 * replay has none any more, and `text` is "" then.
 * Errors   ERR_FIELDS  name taken; platform missing or without scope upstream,
 *                      or not letters, digits, `_`, `-`; expires_at is past
 */
struct cmd_token_create {
    struct job job;
    struct actor actor;
    struct idempotency idempotency;
    struct token_draft draft;
    int64_t now;

    int64_t id;                  /* out */
    char text[TOKEN_TEXT_BYTES]; /* out */
};
void cmd_token_create_init(struct cmd_token_create *cmd);

/* Remove a token: it opens nothing from now on.  Errors: ERR_NOT_FOUND. */
struct cmd_token_remove {
    struct job job;
    struct actor actor;
    int64_t id, now;
};
void cmd_token_remove_init(struct cmd_token_remove *cmd);

/*
 * Note what became of a token that was shown: it was used, or its secret was
 * wrong, which is counted like a wrong password (logins.h) under token_login().
 */
#define TOKEN_LOGIN_BYTES 32
void token_login(int64_t id, char ret_login[TOKEN_LOGIN_BYTES]);

struct cmd_token_note {
    struct job job;
    int64_t id, now;
    bool is_wrong;
    char address[64];
};
/* On the heap, because no request waits for it: `done` frees it. NULL: out of memory. */
struct cmd_token_note *cmd_token_note_new(int64_t id, bool is_wrong, const char *address,
                                          int64_t now);

#endif
