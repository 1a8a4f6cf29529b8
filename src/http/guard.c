#include "http_internal.h"

#include <string.h>
#include <strings.h>

/*
 * guard.c - what is not clean HTTP never reaches a handler.
 *
 * libmicrohttpd 0.9.75 reads more than the standard allows; each leniency is
 * a way to hide a second request from whatever stands in front of us.
 *
 * 1. A request that fails here is answered 400 and its connection closed, so
 *    that nothing behind it is ever read as a request.
 * 2. The head must lie in memory exactly as a strict head would: libmicrohttpd
 *    writes NULs over the separators of its read buffer and keeps pointers
 *    into it, so the gap between two fields tells what stood there.  One byte
 *    where CRLF takes two is a bare LF, a longer one hides a NUL, and a folded
 *    line was copied elsewhere.  Only this version is known to do so; newer
 *    ones refuse all three themselves.
 *
 * libmicrohttpd answers some faults before we see them, without our fields and
 * X-Request-Id, and closes: a line without a colon, a Content-Length that is no
 * number, a version that is none (400), a head larger than its memory (414,
 * 431), a length beyond 64 bits (413), other major versions (505).  A request
 * line without a target it closes without a word.
 */

enum known {
    KNOWN_HOST = 1,
    KNOWN_CONTENT_LENGTH = 2,
    KNOWN_CONTENT_TYPE = 4,
    KNOWN_AUTHORIZATION = 8,
    KNOWN_ORIGIN = 16,
    KNOWN_COOKIE = 32,
    KNOWN_IDEMPOTENCY_KEY = 64,
    KNOWN_CSRF = 128,
    KNOWN_EXPECT = 256,
    KNOWN_TRANSFER_ENCODING = 512
};

/* Fields of which a second one changes what the first one means. */
static const struct {
    const char *name;
    size_t bytes;
    enum known known;
} once[] = {
#define ONCE(name_, known_)                                                              \
    {                                                                                    \
        name_, sizeof name_ - 1, known_                                                  \
    }
    ONCE("Host", KNOWN_HOST),
    ONCE("Content-Length", KNOWN_CONTENT_LENGTH),
    ONCE("Content-Type", KNOWN_CONTENT_TYPE),
    ONCE("Authorization", KNOWN_AUTHORIZATION),
    ONCE("Origin", KNOWN_ORIGIN),
    ONCE("Cookie", KNOWN_COOKIE),
    ONCE("Idempotency-Key", KNOWN_IDEMPOTENCY_KEY),
    ONCE("X-CSRF-Token", KNOWN_CSRF),
    ONCE("Expect", KNOWN_EXPECT),
    ONCE("Transfer-Encoding", KNOWN_TRANSFER_ENCODING),
};

/* Fields that only a proxy in front of us writes. */
static const char *const proxy_fields[] = { "Via",
                                            "Forwarded",
                                            "X-Real-IP",
                                            "X-Forwarded-For",
                                            "X-Forwarded-Host",
                                            "X-Forwarded-Proto" };

static const char *const session_cookies[] = { "yidan_session", "__Host-yidan_session" };

/* The head as it is walked through, field by field. */
struct walk {
    const char *expected; /* where the next field must begin; NULL: not looked at */
    unsigned seen;
    bool is_clean;
    const char *length;
    size_t length_bytes;
    struct exchange *exchange; /* gets what is found */
};

static bool
is_token_byte(unsigned char byte)
{
    if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
        (byte >= '0' && byte <= '9'))
        return true;
    switch (byte) {
    case '!':
    case '#':
    case '$':
    case '%':
    case '&':
    case '\'':
    case '*':
    case '+':
    case '-':
    case '.':
    case '^':
    case '_':
    case '`':
    case '|':
    case '~':
        return true;
    default:
        return false;
    }
}

bool
guard_is_token(const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (!is_token_byte((unsigned char)text[i]))
            return false;
    return bytes > 0;
}

/* No control bytes but the tab; a bare CR is one of them. */
static bool
is_field_value(const char *value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        unsigned char byte = (unsigned char)value[i];

        if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
            return false;
    }
    return true;
}

/* A host and perhaps a port: nothing that would make two readers see two hosts. */
static bool
is_host(const char *value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        unsigned char byte = (unsigned char)value[i];
        bool is_name = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= '0' && byte <= '9');

        if (!is_name && (byte == '\0' || strchr("-._~:[]", byte) == NULL))
            return false;
    }
    return bytes > 0 && bytes <= 255;
}

size_t
guard_cookie(const char *cookies, const char *name, const char **ret_value,
             size_t *ret_bytes)
{
    size_t name_bytes = strlen(name), count = 0;

    while (*cookies != '\0') {
        cookies += strspn(cookies, " \t;");
        size_t bytes = strcspn(cookies, ";");

        if (bytes > name_bytes && cookies[name_bytes] == '=' &&
            memcmp(cookies, name, name_bytes) == 0) {
            if (count++ == 0 && ret_value != NULL) {
                *ret_value = cookies + name_bytes + 1;
                *ret_bytes = bytes - name_bytes - 1;
                while (*ret_bytes > 0 && strchr(" \t", (*ret_value)[*ret_bytes - 1]))
                    (*ret_bytes)--;
            }
        }
        cookies += bytes;
    }
    return count;
}

static bool
has_doubled_session(const char *cookies)
{
    for (size_t i = 0; i < sizeof session_cookies / sizeof session_cookies[0]; i++)
        if (guard_cookie(cookies, session_cookies[i], NULL, NULL) > 1)
            return true;
    return false;
}

/* Does the field begin where the last one ended, and its value right after its colon? */
static bool
is_in_place(struct walk *walk, const char *name, size_t name_bytes, const char *value,
            size_t value_bytes)
{
    const char *expected = walk->expected;

    if (expected == NULL)
        return true;
    walk->expected = value + value_bytes + 2;
    if (name != expected || value <= name + name_bytes)
        return false;
    for (const char *gap = name + name_bytes + 1; gap < value; gap++)
        if (*gap != ' ' && *gap != '\t')
            return false;
    return true;
}

/* A field that must not be there twice. */
static bool
is_good_once(struct walk *walk, enum known known, const char *value, size_t bytes)
{
    if ((walk->seen & known) != 0)
        return false;
    walk->seen |= known;
    switch (known) {
    case KNOWN_TRANSFER_ENCODING:
        return false;
    case KNOWN_HOST:
        return is_host(value, bytes);
    case KNOWN_COOKIE:
        return !has_doubled_session(value);
    case KNOWN_CONTENT_LENGTH:
        walk->length = value;
        walk->length_bytes = bytes;
        return true;
    case KNOWN_CONTENT_TYPE:
        walk->exchange->content_type = value;
        return true;
    case KNOWN_EXPECT:
        walk->exchange->expects_continue = true;
        return true;
    case KNOWN_AUTHORIZATION:
    case KNOWN_ORIGIN:
    case KNOWN_IDEMPOTENCY_KEY:
    case KNOWN_CSRF:
        break;
    }
    return true;
}

/* Fields that may be there twice; what they say is only kept. */
static void
note_other(struct walk *walk, const char *name, size_t bytes, const char *value)
{
    if (bytes == sizeof "Accept-Language" - 1 &&
        strncasecmp(name, "Accept-Language", bytes) == 0) {
        walk->exchange->accept_language = value;
        return;
    }
    if (strchr("VvFfXx", name[0]) == NULL)
        return;
    for (size_t i = 0; i < sizeof proxy_fields / sizeof proxy_fields[0]; i++)
        if (strlen(proxy_fields[i]) == bytes &&
            strncasecmp(proxy_fields[i], name, bytes) == 0)
            walk->exchange->has_proxy_field = true;
    if (bytes == sizeof "X-Forwarded-For" - 1 &&
        strncasecmp(name, "X-Forwarded-For", bytes) == 0)
        walk->exchange->forwarded_for = value; /* the last one is the nearest proxy's */
}

static enum MHD_Result
look_at_field(void *context, enum MHD_ValueKind kind, const char *name, size_t name_bytes,
              const char *value, size_t value_bytes)
{
    struct walk *walk = context;

    (void)kind; /* asked for header fields only */
    walk->is_clean = false;
    if (value == NULL || !guard_is_token(name, name_bytes) ||
        !is_in_place(walk, name, name_bytes, value, value_bytes) ||
        !is_field_value(value, value_bytes))
        return MHD_NO;
    for (size_t i = 0; i < sizeof once / sizeof once[0]; i++)
        if (once[i].bytes == name_bytes &&
            strncasecmp(once[i].name, name, name_bytes) == 0) {
            walk->is_clean = is_good_once(walk, once[i].known, value, value_bytes);
            return walk->is_clean ? MHD_YES : MHD_NO;
        }
    note_other(walk, name, name_bytes, value);
    walk->is_clean = true;
    return MHD_YES;
}

/* Digits only; libmicrohttpd has seen that they fit 64 bits. */
static bool
read_length(const char *text, size_t bytes, uint64_t *ret_length)
{
    uint64_t length = 0;

    if (bytes == 0 || bytes > 18)
        return false;
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        length = length * 10 + (uint64_t)(text[i] - '0');
    }
    *ret_length = length;
    return true;
}

static bool
is_request_line_in_place(const struct exchange *exchange, const char *method,
                         const char *version)
{
    return method + strlen(method) + 1 + exchange->target_bytes + 1 == version;
}

enum err
guard_head(struct exchange *exchange, const char *method, const char *version)
{
    const union MHD_ConnectionInfo *head = MHD_get_connection_info(
        exchange->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    bool is_1_1 = strcmp(version, "HTTP/1.1") == 0;
    struct walk walk = { .is_clean = true, .exchange = exchange };

    if (!target_is_clean(exchange->target, exchange->target_bytes) ||
        !guard_is_token(method, strlen(method)) ||
        (!is_1_1 && strcmp(version, "HTTP/1.0") != 0) || head == NULL ||
        head->header_size > HEAD_BYTES_MAX)
        return ERR_HTTP_MALFORMED;
    if (exchange->server->checks_layout) {
        if (!is_request_line_in_place(exchange, method, version))
            return ERR_HTTP_MALFORMED;
        walk.expected = version + sizeof "HTTP/1.1" - 1 + 2;
    }
    (void)MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND,
                                      look_at_field, &walk); /* the count says nothing */
    if (!walk.is_clean || (is_1_1 && (walk.seen & KNOWN_HOST) == 0))
        return ERR_HTTP_MALFORMED;
    if (walk.expected != NULL && walk.expected + 2 != method + head->header_size)
        return ERR_HTTP_MALFORMED;

    exchange->content_length = 0;
    if (walk.length != NULL &&
        !read_length(walk.length, walk.length_bytes, &exchange->content_length))
        return ERR_HTTP_MALFORMED;
    /* A body that no reader expects is where a second request hides. */
    if (exchange->content_length > 0 &&
        (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0))
        return ERR_HTTP_MALFORMED;
    if (walk.length == NULL &&
        (strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
         strcmp(method, "PATCH") == 0))
        return ERR_HTTP_LENGTH_REQUIRED;
    return OK;
}
