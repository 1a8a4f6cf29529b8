#ifndef YIDAN_BASE_CRYPT_H
#define YIDAN_BASE_CRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * crypt.h - what libsodium does for us: hashing, sealing, passwords.
 *
 * Layer    base.  crypt_start() once before anything else.
 * Threads  any; keys are immutable after loading.
 */

#define HASH_BYTES 32
#define KEY_BYTES 32
#define PASSWORD_HASH_BYTES 128

/* The keys of one data directory: one to seal, one for the phone index. */
struct keys {
    uint8_t seal[KEY_BYTES];
    uint8_t index[KEY_BYTES];
};

MUST_CHECK enum err crypt_start(void);

/*
 * Load the keys from the file at `path` (mode 0600), making it when it is not
 * there and `create` is true.  Errors: ERR_KEY_FILE with the reason as value.
 */
MUST_CHECK enum err keys_load(const char *path, bool create, struct keys *ret_keys,
                              struct problem *reterr_problem);

/* BLAKE2b-256, in one go or in parts. */
struct hash_state {
    _Alignas(64) unsigned char opaque[384];
};
void hash_init(struct hash_state *state);
void hash_add(struct hash_state *state, const void *data, size_t bytes);
/* Adds the length as 8 little-endian bytes, then the data: parts cannot run together. */
void hash_add_part(struct hash_state *state, const void *data, size_t bytes);
void hash_done(struct hash_state *state, uint8_t ret_hash[HASH_BYTES]);
void hash_once(const void *data, size_t bytes, uint8_t ret_hash[HASH_BYTES]);

/* Keyed BLAKE2b of a normalised phone: equal phones, equal index, nothing else. */
void crypt_index(const struct keys *keys, const char *text,
                 uint8_t ret_index[HASH_BYTES]);

/* A mark by which the same keys are known again; it tells nothing about them. */
#define KEYS_MARK_BYTES (2 * HASH_BYTES + 1)
void keys_mark(const struct keys *keys, char ret_mark[KEYS_MARK_BYTES]);

/*
 * Seal `text` with XChaCha20-Poly1305: nonce ‖ ciphertext, in the arena.
 * `place` ("petitioner.phone:42": table, column, row) is authenticated, so a
 * sealed value cannot be moved to another row.
 */
MUST_CHECK enum err crypt_seal(const struct keys *keys, struct arena *arena,
                               const char *text, const char *place,
                               const uint8_t **ret_sealed, size_t *ret_bytes);
/* Errors: ERR_SEAL_BROKEN when it was changed, moved or sealed by another key. */
MUST_CHECK enum err crypt_open(const struct keys *keys, struct arena *arena,
                               const uint8_t *sealed, size_t bytes, const char *place,
                               const char **ret_text);

/* Argon2id, 32 MiB, t = 2: about 35 ms. Worker threads only. */
MUST_CHECK enum err password_hash(const char *password,
                                  char ret_hash[PASSWORD_HASH_BYTES]);
bool password_verify(const char *hash, const char *password);

void crypt_hex(const uint8_t *bytes, size_t count, char *ret_text); /* 2 * count + 1 */
void crypt_random(void *bytes, size_t count);
bool crypt_equal(const void *a, const void *b, size_t bytes); /* constant time */

#endif
