/*
 * fold.c - see the header.
 *
 * 1. What the fast way copies is exactly what the library would have made of
 *    it: plain ASCII (folded), the full-width forms of ASCII, ideographs and
 *    the marks that Chinese text is made of.  None of them composes with what
 *    stands before it, so a run may begin at any of them; a mark that follows
 *    may compose with the last one, which is therefore left to the library.
 * 2. The test folds every character of Unicode both ways.
 */
#include "base/fold.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base_internal.h"

static const utf8proc_option_t fold_options =
    UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD;

/* Never more than a quarter of the address space is asked for. */
static bool
is_huge(size_t bytes)
{
    return bytes > SIZE_MAX / 64;
}

static enum err
make_room(struct fold *fold, size_t more)
{
    if (is_huge(more))
        return ERR_NO_MEMORY;
    size_t wanted = fold->bytes + more + 1;

    if (wanted <= fold->room)
        return OK;
    size_t room = wanted + wanted / 2 + 64;
    char *text = realloc(fold->text, room);

    if (text == NULL)
        return ERR_NO_MEMORY;
    fold->text = text;
    fold->room = room;
    return OK;
}

/* The folded form of a character that needs no library, or 0. */
static uint32_t
fold_plain(uint32_t character)
{
    if (character < 0x80)
        return character >= 'A' && character <= 'Z' ? character + ('a' - 'A') : character;
    if (character >= 0x4E00 && character <= 0x9FFF) /* ideographs */
        return character;
    if (character >= 0xFF01 && character <= 0xFF5E) /* full-width ASCII */
        return fold_plain(character - 0xFF01 + '!');
    if (character == 0x3000) /* ideographic space */
        return ' ';
    switch (character) {
    case 0x3001: /* 、 */
    case 0x3002: /* 。 */
    case 0x300A: /* 《 */
    case 0x300B: /* 》 */
    case 0x2014: /* — */
    case 0x2018: /* quotation marks */
    case 0x2019:
    case 0x201C:
    case 0x201D:
        return character;
    default:
        return 0;
    }
}

static size_t
encode(uint32_t character, char *to)
{
    if (character < 0x80) {
        to[0] = (char)character;
        return 1;
    }
    to[0] = (char)(0xE0 | character >> 12); /* all that is plain has three bytes */
    to[1] = (char)(0x80 | (character >> 6 & 0x3F));
    to[2] = (char)(0x80 | (character & 0x3F));
    return 3;
}

/* Let the library fold `bytes` bytes. */
static enum err
fold_by_library(struct fold *fold, const char *text, size_t bytes)
{
    const utf8proc_uint8_t *from = (const utf8proc_uint8_t *)text;

    for (;;) {
        utf8proc_ssize_t count =
            utf8proc_decompose(from, (utf8proc_ssize_t)bytes, fold->characters,
                               (utf8proc_ssize_t)fold->character_room, fold_options);

        if (count < 0)
            return count == UTF8PROC_ERROR_NOMEM ? ERR_NO_MEMORY : ERR_INTERNAL;
        /* The result is encoded in place and ends with a NUL. */
        if ((size_t)count < fold->character_room) {
            utf8proc_ssize_t length =
                utf8proc_reencode(fold->characters, count, fold_options);
            if (length < 0)
                return ERR_INTERNAL;
            TRY(make_room(fold, (size_t)length));
            memcpy(fold->text + fold->bytes, fold->characters, (size_t)length);
            fold->bytes += (size_t)length;
            return OK;
        }
        size_t room = (size_t)count + 64;
        int32_t *characters = realloc(fold->characters, room * sizeof *characters);
        if (characters == NULL)
            return ERR_NO_MEMORY;
        fold->characters = characters;
        fold->character_room = room;
    }
}

/* How many bytes from `at` on are not plain; at least one character. */
static size_t
unplain_bytes(const char *text, size_t at, size_t bytes)
{
    size_t end = at;

    while (end < bytes) {
        uint32_t character = 0;
        size_t length = text_decode(text + end, bytes - end, &character);

        if (length == 0)
            return bytes - at; /* not UTF-8: the library says so */
        if (end > at && fold_plain(character) != 0)
            break;
        end += length;
    }
    return end - at;
}

enum err
fold_add(struct fold *fold, const char *text, size_t bytes)
{
    size_t at = 0;
    size_t last_from = 0, last_to; /* of the last plain character */

    TRY(make_room(fold, bytes));
    last_to = fold->bytes;
    while (at < bytes) {
        uint32_t character = 0;
        size_t length = text_decode(text + at, bytes - at, &character);
        uint32_t plain = length == 0 ? 0 : fold_plain(character);

        if (plain != 0) {
            last_from = at;
            last_to = fold->bytes;
            TRY(make_room(fold, 4));
            fold->bytes += encode(plain, fold->text + fold->bytes);
            at += length;
            continue;
        }
        size_t end = at + unplain_bytes(text, at, bytes);
        fold->bytes = last_to;
        TRY(fold_by_library(fold, text + last_from, end - last_from));
        at = last_from = end;
        last_to = fold->bytes;
    }
    fold->text[fold->bytes] = '\0';
    return OK;
}

void
fold_clear(struct fold *fold)
{
    fold->bytes = 0;
    if (fold->text != NULL)
        fold->text[0] = '\0';
}

void
fold_done(struct fold *fold)
{
    free(fold->text);
    free(fold->characters);
    *fold = (struct fold){ .text = NULL };
}

size_t
fold_character(const char *text, size_t bytes, uint32_t *ret_character)
{
    size_t length = text_decode(text, bytes, ret_character);

    if (length == 0 && bytes > 0) {
        *ret_character = 0xFFFD;
        return 1;
    }
    return length;
}

bool
fold_is_separator(uint32_t character)
{
    if (character < 0x80)
        return !((character >= '0' && character <= '9') ||
                 (character >= 'a' && character <= 'z') ||
                 (character >= 'A' && character <= 'Z'));
    if (character < 0xC0)
        return true;
    if (character >= 0x3000 && character <= 0x303F)
        return character != 0x3005 && character != 0x3007; /* 々 and 〇 are in words */
    return (character >= 0x2000 && character <= 0x206F) ||
           (character >= 0x2190 && character <= 0x25FF) ||
           (character >= 0xFE10 && character <= 0xFE6F) || character == 0xFFFD;
}
