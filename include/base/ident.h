#ifndef YIDAN_BASE_IDENT_H
#define YIDAN_BASE_IDENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * ident.h - random identifiers.
 *
 * Layer    base; libuuid for request ids, libsodium's generator for secrets.
 * Threads  any.
 */

#define IDENT_UUID_BYTES 37
#define IDENT_SECRET_BYTES 44 /* 32 random bytes as base64url, NUL */
#define IDENT_DIGITS_BYTES 9  /* 8 random digits, NUL */

void ident_uuid(char text[IDENT_UUID_BYTES]);
void ident_secret(char text[IDENT_SECRET_BYTES]);
void ident_digits(char text[IDENT_DIGITS_BYTES]);

#endif
