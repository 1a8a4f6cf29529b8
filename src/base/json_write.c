#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/timeutil.h"

/*
 * json_write.c - writing JSON text, without printf.
 *
 * 1. `text` has room for the NUL: `bytes` < `room`, or both are 0.
 * 2. After a failure nothing is written any more, and json_out_done() tells.
 */

#define FIRST_ROOM ((size_t)4096)

void
json_out_init(struct json_out *out, struct arena *arena)
{
    *out = (struct json_out){ .arena = arena };
}

/* A larger buffer with room for `more` bytes and a NUL. */
static bool
grow(struct json_out *out, size_t more)
{
    size_t needed = 0;
    size_t room = out->room == 0 ? FIRST_ROOM : out->room;

    if (out->failed)
        return false;
    if (__builtin_add_overflow(out->bytes, more, &needed) || needed > SIZE_MAX / 8) {
        out->failed = true;
        return false;
    }
    while (room <= needed)
        room *= 2;
    char *text = arena_alloc_raw(out->arena, room);
    if (text == NULL) {
        out->failed = true;
        return false;
    }
    if (out->bytes > 0)
        memcpy(text, out->text, out->bytes);
    out->text = text;
    out->room = room;
    return true;
}

/* Make room for `more` bytes and a NUL. */
static inline bool
reserve(struct json_out *out, size_t more)
{
    return (more < out->room - out->bytes && !out->failed) || grow(out, more);
}

static inline void
put(struct json_out *out, const char *text, size_t bytes)
{
    if (!reserve(out, bytes))
        return;
    memcpy(out->text + out->bytes, text, bytes);
    out->bytes += bytes;
}

#define PUT_LITERAL(out, literal) put((out), (literal), sizeof(literal) - 1)

/*
 * The comma before a value, and its key, unless NULL.  There is then room for
 * the value's `more` bytes, which the caller writes at the result and ends with
 * out->bytes.  NULL: out of memory.
 */
static inline char *
begin(struct json_out *out, struct json_key key, size_t more)
{
    if (!reserve(out, key.bytes + sizeof ",\"\":" + more))
        return NULL;
    char *text = out->text + out->bytes;

    if (out->need_comma)
        *text++ = ',';
    if (key.text != NULL) {
        *text++ = '"';
        memcpy(text, key.text, key.bytes);
        text += key.bytes;
        *text++ = '"';
        *text++ = ':';
    }
    out->need_comma = true;
    return text;
}

static inline void
put_member(struct json_out *out, struct json_key key, const char *value, size_t bytes)
{
    char *to = begin(out, key, bytes);

    if (to == NULL)
        return;
    memcpy(to, value, bytes);
    out->bytes = (size_t)(to - out->text) + bytes;
}

#define PUT_MEMBER(out, key, literal)                                                    \
    put_member((out), (key), (literal), sizeof(literal) - 1)

void
json_out_expect(struct json_out *out, size_t bytes)
{
    (void)reserve(out, bytes); /* a failure is remembered */
}

void
json_put_open(struct json_out *out, struct json_key key, char bracket)
{
    put_member(out, key, &bracket, 1);
    out->need_comma = false;
}

void
json_object_close(struct json_out *out)
{
    PUT_LITERAL(out, "}");
    out->need_comma = true;
}

void
json_list_close(struct json_out *out)
{
    PUT_LITERAL(out, "]");
    out->need_comma = true;
}

/* Bytes that end a run: control characters, the NUL among them, quote and backslash. */
static const bool needs_escape[UCHAR_MAX + 1] = {
    [0] = 1,  [1] = 1,  [2] = 1,  [3] = 1,  [4] = 1,   [5] = 1,    [6] = 1,
    [7] = 1,  [8] = 1,  [9] = 1,  [10] = 1, [11] = 1,  [12] = 1,   [13] = 1,
    [14] = 1, [15] = 1, [16] = 1, [17] = 1, [18] = 1,  [19] = 1,   [20] = 1,
    [21] = 1, [22] = 1, [23] = 1, [24] = 1, [25] = 1,  [26] = 1,   [27] = 1,
    [28] = 1, [29] = 1, [30] = 1, [31] = 1, ['"'] = 1, ['\\'] = 1,
};

static void
put_escape(struct json_out *out, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef";

    switch (byte) {
    case '"':
        PUT_LITERAL(out, "\\\"");
        return;
    case '\\':
        PUT_LITERAL(out, "\\\\");
        return;
    case '\n':
        PUT_LITERAL(out, "\\n");
        return;
    case '\r':
        PUT_LITERAL(out, "\\r");
        return;
    case '\t':
        PUT_LITERAL(out, "\\t");
        return;
    default: {
        char escape[] = { '\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15] };

        put(out, escape, sizeof escape);
        return;
    }
    }
}

void
json_put_text(struct json_out *out, struct json_key key, const char *text)
{
    if (text == NULL) {
        json_put_null(out, key);
        return;
    }
    char *to = begin(out, key, sizeof "\"\"");

    if (to == NULL)
        return;
    *to++ = '"';
    out->bytes = (size_t)(to - out->text);
    for (;;) {
        const char *run = text; /* bytes that stand as they are are copied in one go */

        while (!needs_escape[(unsigned char)*text])
            text++;
        put(out, run, (size_t)(text - run));
        if (*text == '\0')
            break;
        put_escape(out, (unsigned char)*text++);
    }
    PUT_LITERAL(out, "\"");
}

void
json_put_word(struct json_out *out, struct json_key key, const char *word)
{
    if (word == NULL) {
        json_put_null(out, key);
        return;
    }
    size_t bytes = strlen(word);
    char *to = begin(out, key, bytes + sizeof "\"\"");

    if (to == NULL)
        return;
    *to++ = '"';
    memcpy(to, word, bytes);
    to += bytes;
    *to++ = '"';
    out->bytes = (size_t)(to - out->text);
}

/* Enough for any int64_t: 19 digits and a sign. */
#define INT_BYTES 20

/* Write `number` so that it ends at `end`; returns its first byte. */
static char *
digits_before(char *end, uint64_t number)
{
    do {
        *--end = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return end;
}

/* Write `value` at `to`, which has INT_BYTES; returns the byte behind it. */
static char *
int_at(char *to, int64_t value)
{
    if (value >= 0 && value <= 9) { /* as most counts are */
        *to = (char)('0' + value);
        return to + 1;
    }
    char digits[INT_BYTES];
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char *first = digits_before(digits + sizeof digits, magnitude);
    size_t count = (size_t)(digits + sizeof digits - first);

    if (value < 0)
        *to++ = '-';
    memcpy(to, first, count);
    return to + count;
}

void
json_put_int(struct json_out *out, struct json_key key, int64_t value)
{
    char *to = begin(out, key, INT_BYTES);

    if (to != NULL)
        out->bytes = (size_t)(int_at(to, value) - out->text);
}

#define MILLION 1000000
#define WHOLE_MAX 9007199254740992.0 /* 2^53: from here on a double has no fraction */

void
json_put_real(struct json_out *out, struct json_key key, double value)
{
    if (!isfinite(value)) {
        json_put_null(out, key); /* JSON has no word for it */
        return;
    }
    char *to = begin(out, key, sizeof "-" + INT_BYTES);

    if (to == NULL)
        return;
    out->bytes = (size_t)(to - out->text);
    double magnitude = value < 0 ? -value : value;

    if (magnitude >= WHOLE_MAX) { /* figures of ours never get here */
        char digits[320];
        int length = snprintf(digits, sizeof digits, "%.0f", value);

        if (length > 0)
            put(out, digits, (size_t)length);
        return;
    }
    /* Apart from each other, both parts are exact; multiplied together they are not. */
    uint64_t whole = (uint64_t)magnitude;
    uint64_t millionths = (uint64_t)((magnitude - (double)whole) * MILLION + 0.5);
    char fraction[7] = { '.', '0', '0', '0', '0', '0', '0' };
    size_t length = sizeof fraction;

    whole += millionths / MILLION; /* 0.9999999 rounds up to 1 */
    millionths %= MILLION;
    (void)digits_before(fraction + sizeof fraction, millionths); /* zeros stand before */
    while (length > 1 && fraction[length - 1] == '0')
        length--;
    if (value < 0 && (whole > 0 || millionths > 0))
        PUT_LITERAL(out, "-");
    out->bytes = (size_t)(int_at(out->text + out->bytes, (int64_t)whole) - out->text);
    if (length > 1)
        put(out, fraction, length);
}

void
json_put_bool(struct json_out *out, struct json_key key, bool value)
{
    if (value)
        PUT_MEMBER(out, key, "true");
    else
        PUT_MEMBER(out, key, "false");
}

void
json_put_null(struct json_out *out, struct json_key key)
{
    PUT_MEMBER(out, key, "null");
}

void
json_put_time(struct json_out *out, struct json_key key, int64_t at)
{
    if (at == 0) {
        json_put_null(out, key);
        return;
    }
    char *to = begin(out, key, sizeof "\"\"" + TIME_TEXT_BYTES);

    if (to == NULL)
        return;
    *to++ = '"'; /* nothing in a time is to be escaped */
    time_format(at, to);
    to += strlen(to);
    *to++ = '"';
    out->bytes = (size_t)(to - out->text);
}

void
json_put_date(struct json_out *out, struct json_key key, int32_t day)
{
    if (day == 0) {
        json_put_null(out, key);
        return;
    }
    char text[TIME_TEXT_BYTES];

    time_format_day(day, text);
    json_put_text(out, key, text);
}

void
json_put_raw(struct json_out *out, struct json_key key, const char *json)
{
    put_member(out, key, json, strlen(json));
}

size_t
json_out_next(const struct json_out *out)
{
    return out->bytes + (out->need_comma ? 1 : 0);
}

void
json_put_again(struct json_out *out, const char *text, size_t bytes)
{
    put_member(out, json_key(NULL), text, bytes);
}

enum err
json_out_done(struct json_out *out, const char **ret_text, size_t *ret_bytes)
{
    if (!reserve(out, 0))
        return ERR_NO_MEMORY;
    out->text[out->bytes] = '\0';
    *ret_text = out->text;
    *ret_bytes = out->bytes;
    return OK;
}
