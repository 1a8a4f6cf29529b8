#include "base/log.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/timeutil.h"
#include "base_internal.h"

/*
 * log.c - a line is made on the stack and leaves in one write(2).
 *
 * 1. A line is never longer than LINE_BYTES, which is PIPE_BUF: so a write to
 *    journald's pipe is atomic, and lines of two threads never mix.
 * 2. Whatever a text holds, the line is one line of valid JSON: bytes that are
 *    no UTF-8 become U+FFFD, and what does not fit is left out.
 * 3. Nothing here fails the caller, and errno stays as it was.
 */

#define LINE_BYTES 4096
#define TAIL_BYTES 24 /* kept for the end: ,"cut":1}\n */

struct line {
    char text[LINE_BYTES];
    size_t bytes;
    bool is_cut;
};

/* The one thing set once for the whole process: standard error is one too. */
static atomic_int lowest_level = LOG_INFO;

void
log_level_set(enum log_level level)
{
    atomic_store_explicit(&lowest_level, (int)level, memory_order_relaxed);
}

static bool
put(struct line *line, const char *text, size_t bytes)
{
    /* A sum, not a difference: a closing quotation mark may stand in the tail's room. */
    if (line->is_cut || line->bytes + bytes > LINE_BYTES - TAIL_BYTES) {
        line->is_cut = true;
        return false;
    }
    memcpy(line->text + line->bytes, text, bytes);
    line->bytes += bytes;
    return true;
}

static bool
put_word(struct line *line, const char *word)
{
    return put(line, word, strlen(word));
}

/* One character of a text, as JSON wants it. */
static bool
put_character(struct line *line, const char *character, size_t length)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char byte = (unsigned char)*character;

    if (length == 0)
        return put_word(line, "\\ufffd");
    if (byte == '"' || byte == '\\') {
        char escape[] = { '\\', *character };

        return put(line, escape, sizeof escape);
    }
    if (byte < 0x20 || byte == 0x7F) {
        char escape[] = { '\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15] };

        return put(line, escape, sizeof escape);
    }
    return put(line, character, length);
}

/*
 * A quoted text, cut at the end of the line.  A text that was begun is always
 * closed: one byte of room for its quotation mark is kept in TAIL_BYTES.
 */
static void
put_quoted(struct line *line, const char *text)
{
    uint32_t character = 0;

    if (!put_word(line, "\""))
        return;
    while (*text != '\0') {
        size_t length = text_decode(text, strnlen(text, CHARACTER_BYTES), &character);

        if (!put_character(line, text, length))
            break;
        text += length == 0 ? 1 : length;
    }
    line->text[line->bytes++] = '"';
}

static void
put_int(struct line *line, int64_t number)
{
    char digits[24];
    char *first = digits + sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    do {
        *--first = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (number < 0)
        *--first = '-';
    (void)put(line, first, (size_t)(digits + sizeof digits - first)); /* or marked cut */
}

/* The longest number, to know before a key is written that its value will fit. */
#define NUMBER_BYTES 20

static void
put_pair(struct line *line, const struct log_pair *pair)
{
    size_t before = line->bytes;

    if (!put_word(line, ",\"") || !put_word(line, pair->key) || !put_word(line, "\":") ||
        line->bytes + NUMBER_BYTES > LINE_BYTES - TAIL_BYTES) {
        line->bytes = before; /* a key without a value would not be JSON */
        line->is_cut = true;
        return;
    }
    if (pair->kind == LOG_KIND_INT)
        put_int(line, pair->number);
    else if (pair->text == NULL)
        (void)put_word(line, "null"); /* fits, as a number does */
    else
        put_quoted(line, pair->text);
}

/* "2026-11-23T09:00:00.123+08:00": seconds are too coarse to follow a request. */
static void
put_time(struct line *line)
{
    struct timespec now;
    char text[TIME_TEXT_BYTES];
    size_t seconds_bytes = sizeof "2026-11-23T09:00:00" - 1;

    (void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail for this clock */
    time_format(now.tv_sec, text);
    long ms = now.tv_nsec / 1000000;
    char fraction[] = { '.', (char)('0' + ms / 100), (char)('0' + ms / 10 % 10),
                        (char)('0' + ms % 10) };

    /* The first bytes of a line always fit. */
    (void)put_word(line, "{\"time\":\"");
    (void)put(line, text, seconds_bytes);
    (void)put(line, fraction, sizeof fraction);
    (void)put_word(line, text + seconds_bytes);
    (void)put_word(line, "\"");
}

static const char *
level_word(enum log_level level)
{
    switch (level) {
    case LOG_DEBUG:
        return "debug";
    case LOG_INFO:
        return "info";
    case LOG_WARN:
        return "warn";
    case LOG_ERROR:
        break;
    }
    return "error";
}

void
log_write(enum log_level level, const char *event, const struct log_pair *pairs)
{
    if ((int)level < atomic_load_explicit(&lowest_level, memory_order_relaxed))
        return;
    int errno_before = errno;
    struct line line;

    line.bytes = 0;
    line.is_cut = false;
    put_time(&line);
    put_pair(&line, &log_text("level", level_word(level)));
    put_pair(&line, &log_text("event", event));
    for (; pairs->kind != LOG_KIND_END && !line.is_cut; pairs++)
        put_pair(&line, pairs);

    const char *tail = line.is_cut ? ",\"cut\":1}\n" : "}\n";
    memcpy(line.text + line.bytes, tail, strlen(tail));
    line.bytes += strlen(tail);

    ssize_t written = 0;
    do
        written = write(STDERR_FILENO, line.text, line.bytes);
    while (written < 0 && errno == EINTR);
    errno = errno_before;
}
