#include "base/text.h"
#include "http_internal.h"

#include <string.h>

/*
 * target.c - the raw target of a request: "/path/with%20escapes?and=query".
 *
 * 1. Nothing is decoded before target_is_clean() has seen all of it.
 * 2. A decoded text is never longer than the raw one and holds no NUL.
 * 3. A path is cut at its slashes before it is decoded: an escaped slash is
 *    part of a value, never a separator.
 */

enum { IN_PATH = 1, IN_QUERY = 2, HEX = 4 };

/*
 * What may stand in a target.  Beside RFC 3986 "[", "]" and "|" in the query,
 * which browsers leave as they are.
 */
static unsigned
kinds_of(unsigned char byte)
{
    if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
        (byte >= 'A' && byte <= 'F'))
        return IN_PATH | IN_QUERY | HEX;
    if ((byte >= 'g' && byte <= 'z') || (byte >= 'G' && byte <= 'Z'))
        return IN_PATH | IN_QUERY;
    switch (byte) {
    case '-':
    case '.':
    case '_':
    case '~':
    case '!':
    case '$':
    case '&':
    case '\'':
    case '(':
    case ')':
    case '*':
    case '+':
    case ',':
    case ';':
    case '=':
    case ':':
    case '@':
    case '/':
    case '%':
        return IN_PATH | IN_QUERY;
    case '?':
    case '[':
    case ']':
    case '|':
        return IN_QUERY;
    default:
        return 0;
    }
}

static unsigned
hex_value(unsigned char byte)
{
    if (byte <= '9')
        return byte - '0';
    return (byte | 0x20u) - 'a' + 10;
}

/* "." and "..", also escaped: a proxy in front may have resolved them otherwise. */
static bool
is_dot_segment(const char *text, size_t bytes)
{
    size_t dots = 0, i = 0;

    while (i < bytes) {
        if (text[i] == '.')
            i += 1;
        else if (bytes - i >= 3 && text[i] == '%' && text[i + 1] == '2' &&
                 (text[i + 2] == 'e' || text[i + 2] == 'E'))
            i += 3;
        else
            return false;
        dots++;
    }
    return dots == 1 || dots == 2;
}

bool
target_is_clean(const char *target, size_t bytes)
{
    unsigned wanted = IN_PATH;
    size_t segment = 1; /* where the present one begins */

    if (bytes == 0 || bytes > TARGET_BYTES_MAX || target[0] != '/')
        return false;
    /* "//host/path" reads as another host to who resolves it. */
    if (bytes >= 2 && target[1] == '/')
        return false;
    for (size_t i = 1; i < bytes; i++) {
        unsigned char byte = (unsigned char)target[i];

        if (wanted == IN_PATH && (byte == '?' || byte == '/')) {
            if (is_dot_segment(target + segment, i - segment))
                return false;
            segment = i + 1;
            if (byte == '?')
                wanted = IN_QUERY;
        } else if ((kinds_of(byte) & wanted) == 0) {
            return false;
        } else if (byte == '%') {
            if (bytes - i < 3 || (kinds_of((unsigned char)target[i + 1]) & HEX) == 0 ||
                (kinds_of((unsigned char)target[i + 2]) & HEX) == 0)
                return false;
            if (target[i + 1] == '0' && target[i + 2] == '0')
                return false;
            i += 2;
        }
    }
    return wanted == IN_QUERY || !is_dot_segment(target + segment, bytes - segment);
}

size_t
target_decode(const char *from, size_t bytes, bool plus_is_space, char *to)
{
    size_t length = 0;

    for (size_t i = 0; i < bytes; i++) {
        char byte = from[i];

        if (byte == '%') {
            byte = (char)(hex_value((unsigned char)from[i + 1]) * 16 +
                          hex_value((unsigned char)from[i + 2]));
            i += 2;
        } else if (byte == '+' && plus_is_space) {
            byte = ' ';
        }
        to[length++] = byte;
    }
    to[length] = '\0';
    return length;
}

bool
target_split_path(const char *path, size_t bytes, struct target_path *ret_path)
{
    struct target_path *split = ret_path;
    const char *end = path + bytes;

    split->count = 0;
    if (bytes == 1)
        return true;
    for (const char *start = path + 1;;) {
        const char *slash = memchr(start, '/', (size_t)(end - start));
        const char *stop = slash == NULL ? end : slash;

        if (split->count == PATH_SEGMENTS_MAX)
            return false;
        split->segments[split->count++] =
            (struct segment){ .text = start, .bytes = (size_t)(stop - start) };
        if (slash == NULL)
            return true;
        start = slash + 1;
    }
}

/* Control bytes other than tab and line ends, which a text area may send. */
static bool
has_control(const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;

        if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f)
            return true;
    }
    return false;
}

/* Unlike request_query() this is no handler's asking. */
static bool
is_given(const struct request *req, const char *name)
{
    for (size_t i = 0; i < req->query_value_count; i++)
        if (strcmp(req->query_values[i].name, name) == 0)
            return true;
    return false;
}

/* One "name=value" of the query; a name without "=" has the value "". */
static enum err
read_pair(struct request *req, const char *pair, size_t bytes)
{
    const char *equals = memchr(pair, '=', bytes);
    size_t name_raw = equals == NULL ? bytes : (size_t)(equals - pair);
    size_t value_raw = equals == NULL ? 0 : bytes - name_raw - 1;
    char *name = arena_alloc(req->arena, name_raw + 1);
    char *value = arena_alloc(req->arena, value_raw + 1);

    if (name == NULL || value == NULL)
        return ERR_NO_MEMORY;
    size_t name_bytes = target_decode(pair, name_raw, true, name);
    size_t value_bytes = target_decode(pair + bytes - value_raw, value_raw, true, value);

    if (name_bytes == 0 || !text_is_utf8(name, name_bytes) || has_control(name))
        return problem_value(&req->problem, ERR_HTTP_QUERY, "%s", "?");
    if (!text_is_utf8(value, value_bytes) || has_control(value) || is_given(req, name) ||
        req->query_value_count == QUERY_VALUES_MAX)
        return problem_value(&req->problem, ERR_HTTP_QUERY, "%s", name);
    req->query_values[req->query_value_count].name = name;
    req->query_values[req->query_value_count].value = value;
    req->query_value_count++;
    return OK;
}

enum err
target_read_query(struct request *req, const char *query, size_t bytes)
{
    const char *end = query + bytes;

    req->query_value_count = 0;
    if (bytes == 0)
        return OK; /* "/path?" */
    for (;;) {
        const char *amper = memchr(query, '&', (size_t)(end - query));
        const char *stop = amper == NULL ? end : amper;

        TRY(read_pair(req, query, (size_t)(stop - query)));
        if (amper == NULL)
            return OK;
        query = amper + 1;
    }
}
