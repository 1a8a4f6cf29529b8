#include "base/ident.h"

#include <sodium.h>
#include <uuid/uuid.h>

_Static_assert(IDENT_UUID_BYTES == UUID_STR_LEN, "the text of a UUID with its NUL");

#define DIGITS_RANGE 100000000
_Static_assert(IDENT_DIGITS_BYTES == sizeof "99999999", "so many numbers have 8 digits");

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
    /* One draw, of a range that every number of so many digits has once. */
    uint32_t number = randombytes_uniform(DIGITS_RANGE);

    for (size_t i = IDENT_DIGITS_BYTES - 1; i-- > 0; number /= 10)
        text[i] = (char)('0' + number % 10);
    text[IDENT_DIGITS_BYTES - 1] = '\0';
}
