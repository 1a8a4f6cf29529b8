#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base_internal.h"

/*
 * 1. Functions that say "valid UTF-8" still never read beyond the NUL when it
 *    is not: a bad byte counts as a character of its own.
 * 2. Nothing is ever cut inside a character.
 */

#define ELLIPSIS "…"
#define ELLIPSIS_BYTES (sizeof ELLIPSIS - 1)

size_t
text_decode(const char *text, size_t bytes, uint32_t *ret_character)
{
    if (bytes == 0)
        return 0;
    const unsigned char *byte = (const unsigned char *)text;
    size_t length = 0;
    uint32_t character = 0, least = 0;

    if (byte[0] < 0x80) {
        *ret_character = byte[0];
        return 1;
    }
    if (byte[0] >= 0xC2 && byte[0] <= 0xDF) {
        length = 2;
        character = byte[0] & 0x1FU;
        least = 0x80;
    } else if (byte[0] >= 0xE0 && byte[0] <= 0xEF) {
        length = 3;
        character = byte[0] & 0x0FU;
        least = 0x800;
    } else if (byte[0] >= 0xF0 && byte[0] <= 0xF4) {
        length = 4;
        character = byte[0] & 0x07U;
        least = 0x10000;
    }
    if (length == 0 || length > bytes)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((byte[i] & 0xC0U) != 0x80U)
            return 0;
        character = character << 6 | (byte[i] & 0x3FU);
    }
    if (character < least || character > 0x10FFFF ||
        (character >= 0xD800 && character <= 0xDFFF))
        return 0;
    *ret_character = character;
    return length;
}

/* The bytes of the character at `text`, which is not at its NUL; see invariant 1. */
static size_t
character_bytes(const char *text, uint32_t *ret_character)
{
    size_t length = text_decode(text, strnlen(text, CHARACTER_BYTES), ret_character);

    if (length == 0) {
        *ret_character = 0xFFFD;
        length = 1;
    }
    return length;
}

bool
text_is_utf8(const char *text, size_t bytes)
{
    uint32_t character = 0;

    for (size_t at = 0; at < bytes;) {
        size_t length = text_decode(text + at, bytes - at, &character);

        if (length == 0 || character == 0)
            return false;
        at += length;
    }
    return true;
}

bool
text_copy(char *to, size_t room, const char *from)
{
    size_t used = 0;
    uint32_t character = 0;

    if (room == 0)
        return false;
    while (from[used] != '\0') {
        size_t length = character_bytes(from + used, &character);

        if (length >= room - used)
            break;
        memcpy(to + used, from + used, length);
        used += length;
    }
    to[used] = '\0';
    return from[used] == '\0';
}

bool
text_has_control(const char *text)
{
    uint32_t character = 0;

    for (; *text != '\0'; text += character_bytes(text, &character)) {
        unsigned char byte = (unsigned char)*text;

        if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r')
            return true;
        /* DEL, and C1 (U+0080 to U+009F), which is C2 80 to C2 9F. */
        if (byte == 0x7F || (byte == 0xC2 && (unsigned char)text[1] < 0xA0))
            return true;
    }
    return false;
}

size_t
text_characters(const char *text)
{
    size_t count = 0;
    uint32_t character = 0;

    for (; *text != '\0'; text += character_bytes(text, &character))
        count++;
    return count;
}

size_t
text_prefix_bytes(const char *text, size_t characters)
{
    size_t bytes = 0;
    uint32_t character = 0;

    for (; characters > 0 && text[bytes] != '\0'; characters--)
        bytes += character_bytes(text + bytes, &character);
    return bytes;
}

static bool
is_space(uint32_t character)
{
    return character == ' ' || (character >= '\t' && character <= '\r') ||
           character == 0xA0 || character == 0x3000;
}

bool
text_is_blank(const char *text)
{
    uint32_t character = 0;

    while (*text != '\0') {
        text += character_bytes(text, &character);
        if (!is_space(character))
            return false;
    }
    return true;
}

bool
text_format(char *text, size_t room, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(text, room, format, arguments);
    va_end(arguments);
    return length >= 0 && (size_t)length < room;
}

/* --- Masks ----------------------------------------------------------------- */

/* Replace the middle of `phone`: `head` and `tail` digits stay. */
static void
mask_middle(const char *phone, size_t length, size_t head, size_t tail, char *ret_masked,
            size_t room)
{
    size_t used = 0;

    for (; used < length && used + 1 < room; used++) {
        ret_masked[used] = '*';
        if (used < head || used >= length - tail)
            ret_masked[used] = phone[used];
    }
    ret_masked[used] = '\0';
}

void
text_mask_phone(const char *phone, char *ret_masked, size_t room)
{
    if (room == 0)
        return;
    size_t length = strlen(phone);

    /* What is not a normalised number is hidden whole, its length too. */
    if (strspn(phone, "0123456789") != length)
        (void)text_copy(ret_masked, room, "****");
    else if (length >= 11)
        mask_middle(phone, length, 3, 4, ret_masked, room);
    else if (length >= 7)
        mask_middle(phone, length, 2, 2, ret_masked, room);
    else
        mask_middle(phone, length, 0, 0, ret_masked, room);
}

void
text_mask_name(const char *name, char *ret_masked, size_t room)
{
    char masked[CHARACTER_BYTES + 3] = "";
    size_t first = text_prefix_bytes(name, 1);

    /* At most two stars: how long a name is says much about whose it is. */
    size_t stars = text_characters(name);
    stars = stars > 3 ? 2 : stars > 1 ? stars - 1 : stars;
    if (name[0] != '\0' && name[first] != '\0')
        memcpy(masked, name, first); /* a name of one character is all star */
    memcpy(masked + strlen(masked), "**", stars);
    (void)text_copy(ret_masked, room, masked);
}

/* --- Titles ---------------------------------------------------------------- */

/* Does `character` end a sentence when `next` follows it? */
static bool
is_sentence_end(uint32_t character, uint32_t next)
{
    switch (character) {
    case 0x3002: /* 。 */
    case 0xFF01: /* ！ */
    case 0xFF1F: /* ？ */
    case '!':
    case '?':
        return true;
    case '.': /* not inside 3.5 */
        return next == 0 || is_space(next);
    default:
        return false;
    }
}

/* A question or an exclamation keeps its mark; a full stop says nothing in a title. */
static bool
is_full_stop(uint32_t character)
{
    return character == 0x3002 || character == '.';
}

void
text_title(const char *content, size_t characters, char *ret_title, size_t room)
{
    if (room == 0)
        return;
    size_t used = 0, count = 0;
    size_t cut = 0;            /* bytes that stay when an ellipsis must follow */
    bool space_before = false; /* white space was seen since the last character */
    uint32_t character = 0, next = 0;

    while (*content != '\0') {
        size_t length = character_bytes(content, &character);
        const char *here = content;

        content += length;
        next = 0;
        if (*content != '\0')
            (void)character_bytes(content, &next); /* only looked at */
        if (is_space(character)) {
            space_before = used > 0;
            continue;
        }
        bool is_end = is_sentence_end(character, next);
        if (is_end && used == 0)
            continue; /* marks before the first word */
        if (is_end && is_full_stop(character))
            break;

        size_t needed_bytes = length + space_before, needed = 1U + space_before;
        if (count + needed > characters || used + needed_bytes + 1 > room) {
            used = cut;
            if (characters > 0 && used + ELLIPSIS_BYTES + 1 <= room) {
                memcpy(ret_title + used, ELLIPSIS, ELLIPSIS_BYTES);
                used += ELLIPSIS_BYTES;
            }
            break;
        }
        if (space_before)
            ret_title[used++] = ' ';
        space_before = false;
        memcpy(ret_title + used, here, length);
        used += length;
        count += needed;
        if (count < characters && used + ELLIPSIS_BYTES + 1 <= room)
            cut = used;
        if (is_end)
            break;
    }
    ret_title[used] = '\0';
}
