#include "base/crypt.h"

#include <string.h>

#include <sodium.h>

#include "base/totp.h"

/*
 * crypt.c - a thin skin over libsodium, so that nobody else chooses primitives.
 *
 * keys_load() stands in keys.c.
 */

_Static_assert(sizeof(struct hash_state) >= sizeof(crypto_generichash_state),
               "the opaque state holds libsodium's");
_Static_assert(_Alignof(struct hash_state) >= _Alignof(crypto_generichash_state),
               "and is aligned as libsodium wants");
_Static_assert(HASH_BYTES == crypto_generichash_BYTES, "BLAKE2b-256");
_Static_assert(KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "sealing key");
_Static_assert(KEY_BYTES == crypto_generichash_KEYBYTES, "index key");
_Static_assert(PASSWORD_HASH_BYTES >= crypto_pwhash_STRBYTES, "Argon2id text");

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES

#define PASSWORD_PASSES 2
#define PASSWORD_MEMORY_BYTES ((size_t)32 * 1024 * 1024)

enum err
crypt_start(void)
{
    /* 1 means "was started before", which is as good. */
    return sodium_init() < 0 || totp_start() != OK ? ERR_INTERNAL : OK;
}

/* --- Hashing --------------------------------------------------------------- */

static crypto_generichash_state *
sodium_state(struct hash_state *state)
{
    return (crypto_generichash_state *)(void *)state->opaque;
}

/* The hash functions of libsodium fail only for lengths that are constants here. */
void
hash_init(struct hash_state *state)
{
    (void)crypto_generichash_init(sodium_state(state), NULL, 0, HASH_BYTES);
}

void
hash_add(struct hash_state *state, const void *data, size_t bytes)
{
    (void)crypto_generichash_update(sodium_state(state), data, bytes);
}

void
hash_add_part(struct hash_state *state, const void *data, size_t bytes)
{
    uint8_t length[8];

    for (size_t i = 0; i < sizeof length; i++)
        length[i] = (uint8_t)((uint64_t)bytes >> (8 * i));
    hash_add(state, length, sizeof length);
    hash_add(state, data, bytes);
}

void
hash_done(struct hash_state *state, uint8_t ret_hash[HASH_BYTES])
{
    (void)crypto_generichash_final(sodium_state(state), ret_hash, HASH_BYTES);
}

void
hash_once(const void *data, size_t bytes, uint8_t ret_hash[HASH_BYTES])
{
    (void)crypto_generichash(ret_hash, HASH_BYTES, data, bytes, NULL, 0);
}

void
crypt_index(const struct keys *keys, const char *text, uint8_t ret_index[HASH_BYTES])
{
    (void)crypto_generichash(ret_index, HASH_BYTES, (const unsigned char *)text,
                             strlen(text), keys->index, KEY_BYTES);
}

/* --- Sealing --------------------------------------------------------------- */

enum err
crypt_seal(const struct keys *keys, struct arena *arena, const char *text,
           const char *place, const uint8_t **ret_sealed, size_t *ret_bytes)
{
    size_t length = strlen(text);
    size_t bytes = NONCE_BYTES + length + TAG_BYTES;
    uint8_t *sealed = arena_alloc(arena, bytes);

    if (sealed == NULL)
        return ERR_NO_MEMORY;
    /* 24 random bytes never meet again, so nobody has to count nonces. */
    randombytes_buf(sealed, NONCE_BYTES);
    if (crypto_aead_xchacha20poly1305_ietf_encrypt(
            sealed + NONCE_BYTES, NULL, (const unsigned char *)text, length,
            (const unsigned char *)place, strlen(place), NULL, sealed, keys->seal) != 0)
        return ERR_INTERNAL;
    *ret_sealed = sealed;
    *ret_bytes = bytes;
    return OK;
}

enum err
crypt_open(const struct keys *keys, struct arena *arena, const uint8_t *sealed,
           size_t bytes, const char *place, const char **ret_text)
{
    if (sealed == NULL || bytes < NONCE_BYTES + TAG_BYTES)
        return ERR_SEAL_BROKEN;
    size_t length = bytes - NONCE_BYTES - TAG_BYTES;
    char *text = arena_alloc(arena, length + 1); /* zeroed, so it ends with a NUL */

    if (text == NULL)
        return ERR_NO_MEMORY;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            (unsigned char *)text, NULL, NULL, sealed + NONCE_BYTES, bytes - NONCE_BYTES,
            (const unsigned char *)place, strlen(place), sealed, keys->seal) != 0)
        return ERR_SEAL_BROKEN;
    *ret_text = text;
    return OK;
}

/* --- Passwords ------------------------------------------------------------- */

enum err
password_hash(const char *password, char ret_hash[PASSWORD_HASH_BYTES])
{
    char hash[crypto_pwhash_STRBYTES];

    /* It fails only when the memory cannot be had. */
    if (crypto_pwhash_str(hash, password, strlen(password), PASSWORD_PASSES,
                          PASSWORD_MEMORY_BYTES) != 0)
        return ERR_NO_MEMORY;
    memcpy(ret_hash, hash, sizeof hash);
    return OK;
}

bool
password_verify(const char *hash, const char *password)
{
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

/* --- Small things ---------------------------------------------------------- */

void
crypt_hex(const uint8_t *bytes, size_t count, char *ret_text)
{
    sodium_bin2hex(ret_text, 2 * count + 1, bytes, count);
}

void
crypt_random(void *bytes, size_t count)
{
    randombytes_buf(bytes, count);
}

bool
crypt_equal(const void *a, const void *b, size_t bytes)
{
    return sodium_memcmp(a, b, bytes) == 0;
}

void
keys_mark(const struct keys *keys, char ret_mark[KEYS_MARK_BYTES])
{
    uint8_t hash[HASH_BYTES];
    struct hash_state state;

    hash_init(&state);
    hash_add_part(&state, "keys_mark", strlen("keys_mark"));
    hash_add_part(&state, keys->seal, sizeof keys->seal);
    hash_add_part(&state, keys->index, sizeof keys->index);
    hash_done(&state, hash);
    crypt_hex(hash, sizeof hash, ret_mark);
}
