#ifndef YIDAN_BASE_CHARSET_H
#define YIDAN_BASE_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/json.h"

/*
 * charset.h - text files in the encodings that offices use, made UTF-8.
 *
 * Layer    base.
 * Threads  a decoder belongs to one thread.
 */

/* X(NAME, "word", "zh", "en") */
#define CHARSETS(X)                                                                      \
    X(UTF8, "utf-8", "UTF-8 编码", "UTF-8")                                              \
    X(GB18030, "gb18030", "GB18030 编码 (GBK)", "GB18030 (GBK)")

#define X(NAME, word, zh, en) CHARSET_##NAME,
enum charset { CHARSETS(X) CHARSET_COUNT };
#undef X
extern const struct choices words_charset;

struct decoder; /* opaque */

/*
 * Errors: ERR_NO_MEMORY; ERR_INTERNAL when this machine's C library does not
 * know the encoding.
 */
MUST_CHECK enum err decoder_new(enum charset charset, struct decoder **ret_decoder);
void decoder_free(struct decoder *decoder); /* NULL does nothing */

/*
 * Turn bytes of `*text` into UTF-8 in `to` and return how many came out; `*text`
 * and `*bytes` move on.  0 with `*bytes` 0: give more.  `room` is at least 8.
 * A byte that is no text in the charset becomes 0xFF, which no UTF-8 has, so
 * that whoever looks at the text finds the place.  UTF-8 goes through as it is.
 */
size_t decoder_take(struct decoder *decoder, const char **text, size_t *bytes, char *to,
                    size_t room);

/* After the last byte: what a character that was cut off becomes; `room` is at least 16. */
size_t decoder_last(struct decoder *decoder, char *to, size_t room);

/* A look for bytes that are not UTF-8, in parts: zeroed at the beginning. */
struct utf8_look {
    unsigned char rest[4];
    size_t rest_bytes;
    bool is_broken;
};
void utf8_look_take(struct utf8_look *look, const char *text, size_t bytes);
/* Was all of it UTF-8, with nothing cut off at the end? */
bool utf8_look_last(const struct utf8_look *look);

#endif
