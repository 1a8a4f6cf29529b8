#ifndef YIDAN_BASE_TOTP_H
#define YIDAN_BASE_TOTP_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * totp.h - one-time codes by time (RFC 6238): HMAC-SHA-1, six digits, steps of
 * 30 seconds, which is what every authenticator application can do.
 *
 * Layer    base; liboath computes.  crypt_start() once before anything else.
 * Threads  any.
 * Units    `now` UTC seconds; a step is now / 30.
 */

#define TOTP_STEP_S 30
#define TOTP_DIGITS 6
#define TOTP_CODE_BYTES (TOTP_DIGITS + 1)
#define TOTP_WINDOW 1        /* steps before and after the present one */
#define TOTP_SECRET_BYTES 33 /* 160 bits in Base32, with NUL */

/* Called by crypt_start(). */
MUST_CHECK enum err totp_start(void);

/* A new random secret, in Base32 as applications want it. */
MUST_CHECK enum err totp_secret(char ret_secret[TOTP_SECRET_BYTES]);

/*
 * What an application reads from a QR code:
 * otpauth://totp/ISSUER:ACCOUNT?secret=…&issuer=ISSUER&algorithm=SHA1&digits=6&period=30
 * The result is in the arena; NULL when out of memory.
 */
const char *totp_uri(struct arena *arena, const char *secret, const char *issuer,
                     const char *account);

/* The code of one step.  Errors: ERR_INTERNAL when `secret` is no Base32. */
MUST_CHECK enum err totp_code(const char *secret, int64_t step,
                              char ret_code[TOTP_CODE_BYTES]);

/*
 * The step whose code is `code`: at most TOTP_WINDOW from that of `now` and after
 * `used_step`, so that no code counts twice.  0 when there is none.  It takes the
 * same time whichever it is.
 */
MUST_CHECK enum err totp_match(const char *secret, const char *code, int64_t now,
                               int64_t used_step, int64_t *ret_step);

#endif
