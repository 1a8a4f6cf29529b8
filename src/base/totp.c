/* totp.c - see the header. */
#include "base/totp.h"

#include <stdlib.h>
#include <string.h>

#include <liboath/oath.h>

#include "base/crypt.h"

#define RAW_BYTES 20 /* as long as the hash: RFC 4226, section 4, R6 */

enum err
totp_start(void)
{
    return oath_init() == OATH_OK ? OK : ERR_INTERNAL;
}

enum err
totp_secret(char ret_secret[TOTP_SECRET_BYTES])
{
    char raw[RAW_BYTES], *text = NULL;
    size_t bytes = 0;

    crypt_random(raw, sizeof raw);
    if (oath_base32_encode(raw, sizeof raw, &text, &bytes) != OATH_OK)
        return ERR_NO_MEMORY; /* nothing else can go wrong there */
    if (bytes >= TOTP_SECRET_BYTES) {
        free(text);
        return ERR_INTERNAL;
    }
    memcpy(ret_secret, text, bytes);
    ret_secret[bytes] = '\0';
    free(text);
    return OK;
}

/* Everything but letters and digits as %XX; NULL when out of memory. */
static const char *
escape(struct arena *arena, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    char *escaped = arena_alloc_raw(arena, 3 * strlen(text) + 1);
    char *at = escaped;

    if (escaped == NULL)
        return NULL;
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        bool is_plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                        (byte >= 'a' && byte <= 'z');

        if (is_plain) {
            *at++ = (char)byte;
            continue;
        }
        *at++ = '%';
        *at++ = hex[byte >> 4];
        *at++ = hex[byte & 15];
    }
    *at = '\0';
    return escaped;
}

const char *
totp_uri(struct arena *arena, const char *secret, const char *issuer, const char *account)
{
    const char *by = escape(arena, issuer);
    const char *whose = escape(arena, account);

    if (by == NULL || whose == NULL)
        return NULL;
    return arena_printf(
        arena,
        "otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=%d&period=%d", by,
        whose, secret, by, TOTP_DIGITS, TOTP_STEP_S);
}

enum err
totp_code(const char *secret, int64_t step, char ret_code[TOTP_CODE_BYTES])
{
    char *raw = NULL;
    size_t bytes = 0;

    if (step < 0 || oath_base32_decode(secret, strlen(secret), &raw, &bytes) != OATH_OK)
        return ERR_INTERNAL;
    int result = oath_hotp_generate(raw, bytes, (uint64_t)step, TOTP_DIGITS, false,
                                    OATH_HOTP_DYNAMIC_TRUNCATION, ret_code);
    free(raw);
    return result == OATH_OK ? OK : ERR_INTERNAL;
}

enum err
totp_match(const char *secret, const char *code, int64_t now, int64_t used_step,
           int64_t *ret_step)
{
    int64_t present = now / TOTP_STEP_S, found = 0;
    char expected[TOTP_CODE_BYTES];

    *ret_step = 0;
    if (strlen(code) != TOTP_DIGITS)
        return OK;
    for (int64_t step = present - TOTP_WINDOW; step <= present + TOTP_WINDOW; step++) {
        TRY(totp_code(secret, step, expected));
        if (crypt_equal(code, expected, TOTP_DIGITS) && step > used_step)
            found = step;
    }
    *ret_step = found;
    return OK;
}
