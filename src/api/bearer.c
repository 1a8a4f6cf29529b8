#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api_internal.h"
#include "base/text.h"
#include "command/cmd_session.h"
#include "command/cmd_token.h"
#include "store/logins.h"
#include "store/reader.h"
#include "store/tokens.h"
#include "store/writer.h"

/*
 * bearer.c - another system signs in with an API token.
 *
 * 1. Whatever is wrong with a token, the answer is the same.
 * 2. Wrong secrets are counted and lock per number as typed and network, whether
 *    there is such a token or not: the locks do not tell which there are, and one
 *    system's mistake never locks another one out.
 * 3. Use and misuse are written down by jobs nobody waits for; when the writer
 *    is full they are lost, which costs a figure and no safety: a secret has
 *    256 bits.
 */

#define WRITE_USED_EVERY_S 300

const char *
bearer_text(const struct request *req)
{
    static const char scheme[] = "Bearer ";
    const char *header = request_header(req, "Authorization");

    if (header == NULL || strncasecmp(header, scheme, sizeof scheme - 1) != 0)
        return NULL;
    return header + sizeof scheme - 1;
}

/* "yidan_12_secret" to 12 and the secret; 0 when it has not that form. */
static int64_t
split(const char *text, const char **ret_secret)
{
    static const char mark[] = "yidan_";

    if (strncmp(text, mark, sizeof mark - 1) != 0)
        return 0;
    text += sizeof mark - 1;
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 18 || text[0] == '0' || text[digits] != '_' ||
        strlen(text + digits + 1) != IDENT_SECRET_BYTES - 1)
        return 0;
    *ret_secret = text + digits + 1;
    return strtoll(text, NULL, 10);
}

static void
note(struct request *req, int64_t id, bool is_wrong)
{
    struct cmd_token_note *cmd = cmd_token_note_new(id, is_wrong, req->address, req->now);

    if (cmd == NULL)
        return;
    if (writer_reserve(req->writer) == OK)
        writer_submit(req->writer, &cmd->job);
    else
        cmd->job.done(&cmd->job);
}

static enum err
check_lock(struct request *req, int64_t id)
{
    char login[TOKEN_LOGIN_BYTES], network[NETWORK_BYTES];
    int64_t until = 0;

    token_login(id, login);
    network_of_address(req->address, network);
    TRY(logins_locked_until(req->reader->db, login, network, req->now, &until));
    return until == 0 ? OK
                      : problem_value(&req->problem, ERR_TOKEN_LOCKED, "%lld",
                                      (long long)(until - req->now));
}

/* The token of that number, when there is one; `*ret_is_good` when `secret` opens it. */
static enum err
find(struct request *req, int64_t id, const char *secret, struct token *ret_token,
     bool *ret_is_good)
{
    uint8_t hash[HASH_BYTES], wanted[HASH_BYTES];
    enum err err = id == 0
                       ? ERR_NOT_FOUND
                       : tokens_by_id(req->reader->db, req->arena, id, ret_token, wanted);

    if (err == ERR_NOT_FOUND) {
        *ret_token = (struct token){ .id = 0 };
        *ret_is_good = false;
        return OK;
    }
    if (err != OK)
        return err;
    hash_once(secret, strlen(secret), hash);
    *ret_is_good = crypt_equal(hash, wanted, HASH_BYTES) &&
                   (ret_token->expires_at == 0 || req->now < ret_token->expires_at);
    return OK;
}

/* A token's slot in the memory of who was last seen; sessions have the positive ones. */
static void
see(struct request *req, const struct token *token)
{
    const struct api_services *services = req->http->services;

    if (last_seen_put(services->last_seen, -token->id, token->last_used_at, req->now,
                      WRITE_USED_EVERY_S))
        note(req, token->id, false);
}

enum err
bearer_who(struct request *req, const char *text)
{
    struct api_actor *actor = arena_make(req->arena, struct api_actor);
    const char *secret = "";
    int64_t id = split(text, &secret);
    struct token token;
    bool is_good = false;

    if (actor == NULL)
        return ERR_NO_MEMORY;
    TRY(find(req, id, secret, &token, &is_good));
    TRY(check_lock(req, id));
    if (!is_good) {
        note(req, id, true);
        return ERR_TOKEN_INVALID;
    }
    see(req, &token);
    if ((token.scopes & req->route->scopes) == 0)
        return ERR_FORBIDDEN;
    actor->actor = (struct actor){ .kind = ACTOR_TOKEN, .id = token.id };
    actor->scopes = token.scopes;
    actor->platform = token.platform;
    actor->name = token.name;
    req->actor = actor;
    return OK;
}
