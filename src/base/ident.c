#include "base/ident.h"

#include <sodium.h>
#include <uuid/uuid.h>

_Static_assert(IDENT_UUID_BYTES == UUID_STR_LEN, "the text of a UUID with its NUL");

#define SECRET_RANDOM_BYTES 32
_Static_assert(IDENT_SECRET_BYTES ==
                   sodium_base64_ENCODED_LEN(SECRET_RANDOM_BYTES,
                                             sodium_base64_VARIANT_URLSAFE_NO_PADDING),
               "32 bytes in base64url without padding");

void
ident_uuid(char text[IDENT_UUID_BYTES])
{
    uuid_t uuid;

    /* Never the time-based kind: that tells the host's address and clock. */
    uuid_generate_random(uuid);
    uuid_unparse_lower(uuid, text);
}

void
ident_secret(char text[IDENT_SECRET_BYTES])
{
    unsigned char random[SECRET_RANDOM_BYTES];

    randombytes_buf(random, sizeof random);
    sodium_bin2base64(text, IDENT_SECRET_BYTES, random, sizeof random,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(random, sizeof random);
}

void
ident_digits(char text[IDENT_DIGITS_BYTES])
{
    /* One draw for each digit keeps all of them equally likely. */
    for (size_t i = 0; i + 1 < IDENT_DIGITS_BYTES; i++)
        text[i] = (char)('0' + randombytes_uniform(10));
    text[IDENT_DIGITS_BYTES - 1] = '\0';
}
