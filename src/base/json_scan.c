#include <string.h>

#include "base/text.h"
#include "base_internal.h"

/*
 * json_scan.c - the grammar of RFC 8259, to the letter, and our limits.
 *
 * cJSON lets much pass (bad numbers, lone halves of surrogates, a byte order
 * mark, bytes after the value, ...); everything is looked at here first, and
 * cJSON then only builds the tree.
 *
 * 1. The scan reads each byte once and never one beyond `end`.
 * 2. Recursion is bounded by JSON_DEPTH_MAX.
 */

struct scan {
    const char *start, *at, *end;
    int depth;
    int nodes;
    const char *reason; /* of the failure; `at` is its place */
};

static bool scan_value(struct scan *scan);

static bool
fail(struct scan *scan, const char *reason)
{
    scan->reason = reason;
    return false;
}

/* The byte at the front, or 0 at the end; the text holds no NUL. */
static char
front(const struct scan *scan)
{
    if (scan->at == scan->end)
        return '\0';
    return *scan->at;
}

static bool
take(struct scan *scan, char byte)
{
    if (front(scan) != byte || byte == '\0')
        return false;
    scan->at++;
    return true;
}

static void
skip_space(struct scan *scan)
{
    while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t' ||
                                    *scan->at == '\n' || *scan->at == '\r'))
        scan->at++;
}

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool
scan_digits(struct scan *scan)
{
    if (!is_digit(front(scan)))
        return fail(scan, "a digit is missing");
    while (is_digit(front(scan)))
        scan->at++;
    return true;
}

static bool
scan_number(struct scan *scan)
{
    const char *first = scan->at;

    (void)take(scan, '-'); /* optional */
    if (take(scan, '0')) {
        if (is_digit(front(scan)))
            return fail(scan, "a number begins with 0");
    } else if (!scan_digits(scan)) {
        return false;
    }
    if (take(scan, '.') && !scan_digits(scan))
        return false;
    if (take(scan, 'e') || take(scan, 'E')) {
        if (!take(scan, '+'))
            (void)take(scan, '-'); /* optional */
        if (!scan_digits(scan))
            return false;
    }
    if (scan->at - first > JSON_NUMBER_BYTES_MAX)
        return fail(scan, "a number is too long");
    return true;
}

/* The four digits of a \u escape; -1 when they are not. */
static int
scan_hex(struct scan *scan)
{
    int unit = 0;

    for (int i = 0; i < 4; i++, scan->at++) {
        char byte = front(scan);

        if (is_digit(byte))
            unit = unit * 16 + (byte - '0');
        else if (byte >= 'a' && byte <= 'f')
            unit = unit * 16 + (byte - 'a' + 10);
        else if (byte >= 'A' && byte <= 'F')
            unit = unit * 16 + (byte - 'A' + 10);
        else
            return -1;
    }
    return unit;
}

static bool
scan_unicode_escape(struct scan *scan)
{
    int unit = scan_hex(scan);

    if (unit < 0)
        return fail(scan, "\\u needs four hexadecimal digits");
    if (unit == 0)
        return fail(scan, "\\u0000 is not allowed");
    if (unit >= 0xDC00 && unit <= 0xDFFF)
        return fail(scan, "half of a surrogate pair");
    if (unit < 0xD800 || unit > 0xDBFF)
        return true;
    if (!take(scan, '\\') || !take(scan, 'u'))
        return fail(scan, "half of a surrogate pair");
    unit = scan_hex(scan);
    if (unit < 0xDC00 || unit > 0xDFFF)
        return fail(scan, "half of a surrogate pair");
    return true;
}

static bool
scan_string(struct scan *scan)
{
    if (!take(scan, '"'))
        return fail(scan, "a string is missing");
    while (scan->at < scan->end) {
        unsigned char byte = (unsigned char)*scan->at;

        if (byte < 0x20)
            return fail(scan, "a control byte in a string");
        scan->at++;
        if (byte == '"')
            return true;
        if (byte != '\\')
            continue;
        if (take(scan, 'u')) {
            if (!scan_unicode_escape(scan))
                return false;
        } else if (front(scan) == '\0' || strchr("\"\\/bfnrt", front(scan)) == NULL) {
            return fail(scan, "an unknown escape");
        } else {
            scan->at++;
        }
    }
    return fail(scan, "a string without an end");
}

static bool
scan_member(struct scan *scan)
{
    skip_space(scan);
    if (!scan_string(scan))
        return false;
    skip_space(scan);
    if (!take(scan, ':'))
        return fail(scan, "':' is missing");
    return scan_value(scan);
}

/* What stands between the brackets of an object or a list, and the closing one. */
static bool
scan_inside(struct scan *scan, char closing, bool (*scan_item)(struct scan *))
{
    if (scan->depth == JSON_DEPTH_MAX)
        return fail(scan, "nested too deep");
    scan->depth++;
    scan->at++; /* the opening bracket */
    skip_space(scan);
    if (!take(scan, closing)) {
        do {
            if (!scan_item(scan))
                return false;
            skip_space(scan);
        } while (take(scan, ','));
        if (!take(scan, closing))
            return fail(scan, "',' or a closing bracket is missing");
    }
    scan->depth--;
    return true;
}

static bool
scan_word(struct scan *scan, const char *word)
{
    size_t length = strlen(word);

    if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0)
        return fail(scan, "not a value");
    scan->at += length;
    return true;
}

static bool
scan_value(struct scan *scan)
{
    skip_space(scan);
    if (++scan->nodes > JSON_NODES_MAX)
        return fail(scan, "too many values");
    switch (front(scan)) {
    case '{':
        return scan_inside(scan, '}', scan_member);
    case '[':
        return scan_inside(scan, ']', scan_value);
    case '"':
        return scan_string(scan);
    case 't':
        return scan_word(scan, "true");
    case 'f':
        return scan_word(scan, "false");
    case 'n':
        return scan_word(scan, "null");
    default:
        if (front(scan) == '-' || is_digit(front(scan)))
            return scan_number(scan);
        return fail(scan, "not a value");
    }
}

static bool
scan_document(struct scan *scan)
{
    if ((size_t)(scan->end - scan->start) > JSON_BODY_BYTES_MAX)
        return fail(scan, "too large");
    if (!text_is_utf8(scan->start, (size_t)(scan->end - scan->start)))
        return fail(scan, "not valid UTF-8, or a NUL");
    skip_space(scan);
    if (front(scan) != '{')
        return fail(scan, "not an object");
    if (!scan_value(scan))
        return false;
    skip_space(scan);
    if (scan->at < scan->end)
        return fail(scan, "something stands after the object");
    return true;
}

bool
json_scan(const char *text, size_t bytes, struct json_fault *ret_fault)
{
    struct scan scan = { .start = text, .at = text, .end = text + bytes };

    if (scan_document(&scan))
        return true;
    ret_fault->at_byte = (size_t)(scan.at - scan.start);
    ret_fault->reason = scan.reason;
    return false;
}
