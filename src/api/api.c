#include <stdlib.h>
#include <string.h>

#include "api_internal.h"
#include "base/config.h"
#include "base/text.h"
#include "store/store.h"

/* api.c - what the handlers share; see api_internal.h. */

static const char *const method_words[METHOD_COUNT] = {
    [METHOD_GET] = "GET",     [METHOD_POST] = "POST",     [METHOD_PUT] = "PUT",
    [METHOD_PATCH] = "PATCH", [METHOD_DELETE] = "DELETE",
};

static bool
key_is_valid(const char *key)
{
    size_t length = strlen(key);

    if (length == 0 || length > IDEMPOTENCY_KEY_MAX)
        return false;
    for (size_t i = 0; i < length; i++)
        if (key[i] < '!' || key[i] > '~')
            return false;
    return true;
}

enum err
api_idempotency_of(struct request *req, const char *actor,
                   struct idempotency *ret_idempotency)
{
    const char *key = request_header(req, "Idempotency-Key");
    char hex[2 * HASH_BYTES + 1];
    uint8_t hash[HASH_BYTES];
    struct hash_state state;

    if (key == NULL || !key_is_valid(key))
        return ERR_IDEMPOTENCY_REQUIRED;
    *ret_idempotency = (struct idempotency){ .key = "" };
    if (!text_format(ret_idempotency->key, sizeof ret_idempotency->key, "%s", key) ||
        !text_format(ret_idempotency->actor, sizeof ret_idempotency->actor, "%s", actor))
        return ERR_INTERNAL;
    hash_init(&state);
    hash_add_part(&state, method_words[req->method], strlen(method_words[req->method]));
    hash_add_part(&state, req->path, strlen(req->path));
    hash_add_part(&state, req->body, req->body_bytes);
    hash_done(&state, hash);
    /* Keyed, because a body may hold a password, and a plain hash is quick to guess by. */
    crypt_hex(hash, sizeof hash, hex);
    crypt_index(store_keys(req->store), hex, ret_idempotency->body_hash);
    return OK;
}

enum err
api_idempotency(struct request *req, struct idempotency *ret_idempotency)
{
    const struct actor *actor = &api_actor(req)->actor;
    const char *name = arena_printf(req->arena, "%s:%lld", actor_kind_word(actor->kind),
                                    (long long)actor->id);

    return name == NULL ? ERR_NO_MEMORY : api_idempotency_of(req, name, ret_idempotency);
}

enum err
api_field(struct request *req, const char *field, enum err code, const char *value)
{
    (void)problem_add(&req->problem, field, code, value);
    return problem_value(&req->problem, ERR_FIELDS, "%zu", req->problem.field_count);
}

void
api_choice(struct json_out *out, const char *key, const struct choices *choices,
           int index)
{
    json_text(out, key, choice_word(choices, index));
}

void
api_choices(struct json_out *out, const char *key, const struct choices *choices,
            uint64_t set)
{
    json_list_open(out, key);
    for (size_t i = 0; i < choices->count; i++)
        if ((set & (UINT64_C(1) << i)) != 0)
            json_text(out, NULL, choices->items[i].word);
    json_list_close(out);
}

void
api_words(struct json_out *out, const char *key, const char *words)
{
    json_list_open(out, key);
    while (words != NULL && *words != '\0') {
        size_t bytes = strcspn(words, ",");
        const char *word = arena_copy(out->arena, words, bytes);
        if (word == NULL)
            out->failed = true;
        else
            json_text(out, NULL, word);
        words += bytes + (words[bytes] == ',');
    }
    json_list_close(out);
}

enum err
api_location(struct request *req, const char *collection, const char *code)
{
    const char *location = arena_printf(req->arena, "/api/v1/%s/%s", collection, code);

    return location == NULL ? ERR_NO_MEMORY : reply_header(req, "Location", location);
}

enum err
api_path_id(struct request *req, const char *name, int64_t *ret_id)
{
    const char *text = request_path(req, name);
    size_t length = strspn(text, "0123456789");

    if (length == 0 || length > 18 || text[length] != '\0')
        return ERR_NOT_FOUND;
    *ret_id = strtoll(text, NULL, 10);
    return OK;
}

const char *
api_saving(struct request *req, const char *name)
{
    static const char prefix[] = "attachment; filename*=UTF-8''";
    char *text = arena_alloc(req->arena, sizeof prefix + 3 * strlen(name));

    if (text == NULL)
        return NULL;
    memcpy(text, prefix, sizeof prefix);
    char *to = text + sizeof prefix - 1;

    for (const unsigned char *at = (const unsigned char *)name; *at != '\0'; at++) {
        bool is_plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                        (*at >= '0' && *at <= '9') || strchr("-._~", *at) != NULL;

        if (is_plain) {
            *to++ = (char)*at;
        } else {
            *to++ = '%';
            *to++ = "0123456789ABCDEF"[*at >> 4];
            *to++ = "0123456789ABCDEF"[*at & 15];
        }
    }
    *to = '\0';
    return text;
}

enum err
api_gone(struct request *req, struct job *job)
{
    (void)job; /* nothing of it is left to tell */
    return reply_empty(req, 204);
}

const char *
api_session_cookie(const struct request *req)
{
    return req->http->config->secure_cookie != 0 ? "__Host-yidan_session"
                                                 : "yidan_session";
}
