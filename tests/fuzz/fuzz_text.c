#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/*
 * Any bytes as text: the first two choose lengths, the rest is the text, in a
 * block of just its size.  What comes out is whole and within its room.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool is_true)
{
    if (!is_true)
        abort();
}

static void
check_phone(const char *text)
{
    char phone[PHONE_BYTES], again[PHONE_BYTES], masked[PHONE_BYTES];

    if (!text_phone(text, "0576", phone))
        return;
    must(strlen(phone) >= 3 && strlen(phone) <= 20);
    must(strspn(phone, "0123456789") == strlen(phone));
    text_mask_phone(phone, masked, sizeof masked);
    must(strlen(masked) == strlen(phone) && strchr(masked, '*') != NULL);
    /* A normalised phone stays as it is: it is what an index is made of. */
    must(text_phone(phone, "0576", again) && strcmp(phone, again) == 0);
}

static void
check_cuts(const char *text, size_t characters, size_t room)
{
    bool is_valid = text_is_utf8(text, strlen(text));
    char *out = malloc(room + 1);

    if (out == NULL)
        return;
    text_title(text, characters, out, room + 1);
    must(strlen(out) <= room && text_characters(out) <= characters);
    must(!is_valid || text_is_utf8(out, strlen(out)));
    text_mask_name(text, out, room + 1);
    must(strlen(out) <= room && (!is_valid || text_is_utf8(out, strlen(out))));
    text_mask_phone(text, out, room + 1);
    must(strlen(out) <= room && text_is_utf8(out, strlen(out)));
    free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    size_t characters = data[0], room = data[1];
    size_t bytes = size - 2;
    char *text = malloc(bytes + 1);

    if (text == NULL)
        return 0;
    memcpy(text, data + 2, bytes);
    text[bytes] = '\0';
    size_t length = strlen(text), count = text_characters(text);
    size_t prefix = text_prefix_bytes(text, characters);

    must(text_is_utf8(text, bytes) == (length == bytes && text_is_utf8(text, length)));
    must(count <= length && prefix <= length);
    must((prefix == length) == (count <= characters));
    if (text_is_utf8(text, length))
        must(text_is_utf8(text, prefix));
    must(!text_is_blank(text) || strspn(text, "\xC2\xA0\xE3\x80 \t\n\v\f\r") == length);
    check_phone(text);
    check_cuts(text, characters, room);
    free(text);
    return 0;
}
