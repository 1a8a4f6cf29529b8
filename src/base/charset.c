#include "base/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/*
 * charset.c - decoding by the C library's iconv, in parts.
 *
 * A character may be cut between two parts: its first bytes wait in `rest`
 * until they are a character together with those that follow.
 */

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice charset_items[] = { CHARSETS(X) };
#undef X
const struct choices words_charset = { "charset", charset_items, CHARSET_COUNT };

#define CHARACTER_BYTES 4 /* in either encoding */
#define REST_BYTES (2 * CHARACTER_BYTES)
#define NO_TEXT '\xff'

struct decoder {
    bool is_plain; /* UTF-8 already */
    iconv_t iconv;
    char rest[REST_BYTES];
    size_t rest_bytes;
};

enum err
decoder_new(enum charset charset, struct decoder **ret_decoder)
{
    struct decoder *decoder = calloc(1, sizeof *decoder);

    if (decoder == NULL)
        return ERR_NO_MEMORY;
    decoder->is_plain = charset == CHARSET_UTF8;
    if (!decoder->is_plain) {
        decoder->iconv = iconv_open("UTF-8", "GB18030");
        if (decoder->iconv == (iconv_t)-1) {
            free(decoder);
            return errno == ENOMEM ? ERR_NO_MEMORY : ERR_INTERNAL;
        }
    }
    *ret_decoder = decoder;
    return OK;
}

void
decoder_free(struct decoder *decoder)
{
    if (decoder == NULL)
        return;
    if (!decoder->is_plain)
        (void)iconv_close(decoder->iconv); /* it holds nothing that could be lost */
    free(decoder);
}

/* Convert what is at `*from`; E2BIG, EINVAL (cut off) or EILSEQ stop it; 0: all is done. */
static int
convert(struct decoder *decoder, char **from, size_t *bytes, char **to, size_t *room)
{
    errno = 0;
    return iconv(decoder->iconv, from, bytes, to, room) == (size_t)-1 ? errno : 0;
}

/* Take the character that began in the part before.  False: some of it still waits. */
static bool
finish_rest(struct decoder *decoder, const char **text, size_t *bytes, char **to,
            size_t *room)
{
    while (decoder->rest_bytes > 0) {
        if (*room < CHARACTER_BYTES)
            return false;
        char *from = decoder->rest;
        size_t left = decoder->rest_bytes;
        int stop = convert(decoder, &from, &left, to, room);

        if (stop == EILSEQ && *room > 0) {
            *(*to)++ = NO_TEXT;
            (*room)--;
            from++;
            left--;
        }
        memmove(decoder->rest, from, left);
        decoder->rest_bytes = left;
        if (stop != EINVAL)
            continue;
        if (*bytes == 0)
            return false;
        decoder->rest[decoder->rest_bytes++] = *(*text)++;
        (*bytes)--;
    }
    return true;
}

size_t
decoder_take(struct decoder *decoder, const char **text, size_t *bytes, char *to,
             size_t room)
{
    char *start = to;

    if (decoder->is_plain) {
        size_t count = *bytes < room ? *bytes : room;
        memcpy(to, *text, count);
        *text += count;
        *bytes -= count;
        return count;
    }
    if (!finish_rest(decoder, text, bytes, &to, &room))
        return (size_t)(to - start);
    while (*bytes > 0 && room >= CHARACTER_BYTES) {
        char *from = (char *)(uintptr_t)*text; /* iconv only reads it */
        int stop = convert(decoder, &from, bytes, &to, &room);

        *text = from;
        if (stop == E2BIG || (stop == EILSEQ && room == 0))
            break;
        if (stop == EILSEQ) {
            *to++ = NO_TEXT;
            room--;
            (*text)++;
            (*bytes)--;
        } else if (stop == EINVAL) {
            memcpy(decoder->rest, *text, *bytes);
            decoder->rest_bytes = *bytes;
            *text += *bytes;
            *bytes = 0;
        }
    }
    return (size_t)(to - start);
}

size_t
decoder_last(struct decoder *decoder, char *to, size_t room)
{
    const char *none = "";
    size_t no_bytes = 0;
    char *start = to;

    if (decoder->rest_bytes == 0)
        return 0;
    if (!finish_rest(decoder, &none, &no_bytes, &to, &room))
        *to++ = NO_TEXT;
    decoder->rest_bytes = 0;
    return (size_t)(to - start);
}

/* --- Is it UTF-8? ------------------------------------------------------------------- */

/* How many bytes the character that begins with `first` has; 0: none begins so. */
static size_t
character_bytes(unsigned char first)
{
    return first < 0x80   ? 1
           : first < 0xC0 ? 0
           : first < 0xE0 ? 2
           : first < 0xF0 ? 3
           : first < 0xF8 ? 4
                          : 0;
}

/* Where the last character of `text` begins, when it is cut off; else `bytes`. */
static size_t
whole_bytes(const char *text, size_t bytes)
{
    for (size_t back = 1; back <= 3 && back <= bytes; back++) {
        size_t wanted = character_bytes((unsigned char)text[bytes - back]);
        if (wanted > 0)
            return wanted > back ? bytes - back : bytes;
    }
    return bytes;
}

void
utf8_look_take(struct utf8_look *look, const char *text, size_t bytes)
{
    while (look->rest_bytes > 0 && bytes > 0 && !look->is_broken) {
        look->rest[look->rest_bytes++] = (unsigned char)*text++;
        bytes--;
        if (look->rest_bytes < character_bytes(look->rest[0]))
            continue;
        look->is_broken = !text_is_utf8((const char *)look->rest, look->rest_bytes);
        look->rest_bytes = 0;
    }
    if (look->is_broken || bytes == 0)
        return;
    size_t whole = whole_bytes(text, bytes);
    look->is_broken = !text_is_utf8(text, whole);
    look->rest_bytes = bytes - whole;
    memcpy(look->rest, text + whole, look->rest_bytes);
}

bool
utf8_look_last(const struct utf8_look *look)
{
    return !look->is_broken && look->rest_bytes == 0;
}
