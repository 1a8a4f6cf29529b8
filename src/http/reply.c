#include "http_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/*
 * reply.c - what a handler made, handed to libmicrohttpd.
 *
 * 1. Bytes of a reply live in the request's arena or in the program, and so
 *    until NOTIFY_COMPLETED: libmicrohttpd copies none of them.  Those of a file
 *    stay there: it is read as the client takes it.
 * 2. Whatever is answered here carries X-Request-Id and the fields below.
 * 3. An exchange keeps the response object of its last static reply: each
 *    header field costs libmicrohttpd three allocations, and the same file is
 *    asked for again and again.  Only the request's name changes, and it is
 *    written over the old one in place; nobody reads the object by then, since
 *    an exchange is used again after NOTIFY_COMPLETED only.
 */

/*
 * reliability.md 16; a handler's field of the same name takes the place of ours.
 * What is not a page may do nothing at all where somebody shows it as one.
 */
enum carrier { ALL, PAGES, REST };
static const struct {
    enum carrier carrier;
    const char *name, *value;
} fixed_headers[] = {
    { ALL, "Cache-Control", "no-store" },
    { ALL, "X-Content-Type-Options", "nosniff" },
    { REST, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'" },
    { PAGES, "Referrer-Policy", "same-origin" },
    { PAGES, "Permissions-Policy",
      "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
    { PAGES, "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: "
      "blob:; "
      "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
      "frame-ancestors 'none'" },
};

void
reply_drop_file(struct reply *reply)
{
    if (reply->has_file)
        (void)close(reply->fd); /* only read */
    reply->has_file = false;
}

/* --- What handlers call -------------------------------------------------------- */

static enum err
make_reply(struct request *req, int status, const char *media_type, const char *bytes,
           size_t count)
{
    struct reply *reply = &req->exchange->reply;

    assert(status >= 200 && status <= 599);
    reply_drop_file(reply); /* a handler that failed after it */
    reply->status = status;
    reply->media_type = media_type;
    reply->bytes = bytes;
    reply->count = count;
    reply->is_static = false;
    reply->stream = NULL;
    reply->header_count = 0;
    req->reply = reply;
    return OK;
}

enum err
reply_json(struct request *req, int status, struct json_out *out)
{
    const char *text = NULL;
    size_t bytes = 0;

    TRY(json_out_done(out, &text, &bytes));
    assert(bytes <= JSON_REPLY_BYTES_MAX);
    if (bytes > JSON_REPLY_BYTES_MAX)
        return ERR_INTERNAL;
    return make_reply(req, status, "application/json", text, bytes);
}

enum err
reply_empty(struct request *req, int status)
{
    return make_reply(req, status, NULL, "", 0);
}

enum err
reply_static(struct request *req, int status, const char *media_type, const void *bytes,
             size_t count)
{
    TRY(make_reply(req, status, media_type, bytes, count));
    req->reply->is_static = true;
    return OK;
}

enum err
reply_text(struct request *req, int status, const char *media_type, const char *text,
           size_t bytes)
{
    const char *copy = arena_copy(req->arena, text, bytes);

    if (copy == NULL)
        return ERR_NO_MEMORY;
    return make_reply(req, status, media_type, copy, bytes);
}

enum err
reply_file_take(struct request *req, int status, const char *media_type, int fd,
                int64_t bytes)
{
    TRY(make_reply(req, status, media_type, "", (size_t)bytes));
    req->reply->has_file = true;
    req->reply->fd = fd;
    return OK;
}

enum err
reply_header(struct request *req, const char *name, const char *value)
{
    struct reply *reply = req->reply;

    assert(reply != NULL && reply->header_count < REPLY_HEADERS_MAX);
    const char *copy = arena_text(req->arena, value);

    if (copy == NULL)
        return ERR_NO_MEMORY;
    if (copy[0] == '\0' || strpbrk(copy, "\r\n") != NULL)
        return ERR_INTERNAL; /* libmicrohttpd would take neither */
    reply->headers[reply->header_count].name = name;
    reply->headers[reply->header_count].value = copy;
    reply->header_count++;
    return OK;
}

/* --- Languages ------------------------------------------------------------------ */

int
reply_weight(const char *item, size_t bytes)
{
    const char *semicolon = memchr(item, ';', bytes);

    if (semicolon == NULL)
        return 1000;
    const char *at = semicolon + 1, *end = item + bytes;

    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if (end - at < 3 || (at[0] != 'q' && at[0] != 'Q') || at[1] != '=')
        return 1000;
    int weight = at[2] == '1' ? 1000 : 0;
    int scale = 100;

    for (at += 3; at < end && scale > 0; at++) {
        if (*at == '.')
            continue;
        if (*at < '0' || *at > '9')
            break;
        weight += (*at - '0') * scale;
        scale /= 10;
    }
    return weight > 1000 ? 1000 : weight;
}

/* "en", "en-GB": its language. */
static bool
is_language(const char *item, size_t bytes, const char *word)
{
    size_t length = strlen(word);

    return bytes >= length && strncasecmp(item, word, length) == 0 &&
           (bytes == length || strchr("-;, \t", item[length]) != NULL);
}

enum language
reply_language(const char *accept_language)
{
    enum language best = LANGUAGE_ZH;
    int best_weight = 0;

    if (accept_language == NULL)
        return LANGUAGE_ZH;
    for (const char *item = accept_language; *item != '\0';) {
        item += strspn(item, ", \t");
        size_t bytes = strcspn(item, ",");
        bool is_zh = is_language(item, bytes, "zh") || is_language(item, bytes, "*");
        bool is_en = is_language(item, bytes, "en");
        int weight = reply_weight(item, bytes);

        if ((is_zh || is_en) && weight > best_weight) {
            best = is_zh ? LANGUAGE_ZH : LANGUAGE_EN;
            best_weight = weight;
        }
        item += bytes;
    }
    return best;
}

/* --- Problems (RFC 9457) ---------------------------------------------------------- */

/* `text` with its "{}" replaced by `value`. */
static const char *
filled(struct arena *arena, const char *text, const char *value)
{
    const char *gap = strstr(text, "{}");

    if (gap == NULL)
        return text;
    return arena_printf(arena, "%.*s%s%s", (int)(gap - text), text, value,
                        gap + strlen("{}"));
}

const char *
reply_message(struct request *req, enum err err, const char *value)
{
    return filled(req->arena, err_text(err, req->language), value);
}

static void
write_fields(struct request *req, struct json_out *out)
{
    const struct problem *problem = &req->problem;

    json_list_open(out, "errors");
    for (size_t i = 0; i < problem->field_count; i++) {
        const struct problem_field *field = &problem->fields[i];

        json_object_open(out, NULL);
        json_text(out, "field", field->field);
        json_text(out, "code", err_code(field->code));
        json_text(out, "message", reply_message(req, field->code, field->value));
        json_object_close(out);
    }
    json_list_close(out);
}

/* What fills the "{}" of the error itself, when its maker did not say. */
static const char *
value_of(struct request *req, enum err err)
{
    const struct problem *problem = &req->problem;

    if (problem->value[0] != '\0')
        return problem->value;
    if (err == ERR_HTTP_TOO_LARGE)
        return arena_printf(req->arena, "%zu", BODY_BYTES_MAX);
    if (err == ERR_FIELDS)
        return arena_printf(req->arena, "%zu", problem->field_count);
    return "";
}

/* How long to wait before a second try, or NULL. */
static const char *
retry_after(const struct request *req, enum err err)
{
    const char *value = req->problem.value;
    int status = err_status(err);

    if (status == 429)
        return value[0] != '\0' && strspn(value, "0123456789") == strlen(value) ? value
                                                                                : "60";
    if (status != 503)
        return NULL;
    return err == ERR_BUSY ? "1" : "5";
}

enum err
reply_retry(struct request *req, enum err err)
{
    const char *seconds = retry_after(req, err);

    return seconds == NULL ? OK : reply_header(req, "Retry-After", seconds);
}

void
reply_problem(struct request *req, enum err err)
{
    struct exchange *exchange = req->exchange;
    int status = err_status(err);
    const char *text = err_text(err, req->language);
    const char *type = arena_printf(req->arena, "/errors/%s", err_code(err));
    struct json_out out;

    exchange->error = err;
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_text(&out, "type", type == NULL ? "about:blank" : type);
    json_text(&out, "title", filled(req->arena, text, "…"));
    json_int(&out, "status", status);
    json_text(&out, "detail", filled(req->arena, text, value_of(req, err)));
    json_text(&out, "code", err_code(err));
    write_fields(req, &out);
    json_text(&out, "request_id", req->id);
    json_object_close(&out);

    const char *body = NULL;
    size_t bytes = 0;
    enum err failed = json_out_done(&out, &body, &bytes);

    if (failed == OK)
        failed = make_reply(req, status, "application/problem+json", body, bytes);
    else
        failed = make_reply(req, status, NULL, "", 0);
    if (failed == OK && retry_after(req, err) != NULL)
        failed = reply_header(req, "Retry-After", retry_after(req, err));
    if (failed == OK &&
        status == 401) /* RFC 9110, 11.6.1; no browser asks for this one */
        failed = reply_header(req, "WWW-Authenticate", "Bearer");
    if (failed == OK && exchange->allow[0] != '\0')
        failed = reply_header(req, "Allow", exchange->allow);
    (void)failed; /* without memory the answer goes out without the field */
}

/* --- To libmicrohttpd --------------------------------------------------------------- */

static bool
has_header(const struct reply *reply, const char *name)
{
    for (size_t i = 0; i < reply->header_count; i++)
        if (strcasecmp(reply->headers[i].name, name) == 0)
            return true;
    return false;
}

/* All of the head; false when memory ran out. */
static bool
add_headers(struct MHD_Response *response, const struct exchange *exchange)
{
    const struct reply *reply = &exchange->reply;
    bool is_page =
        reply->media_type != NULL && strncmp(reply->media_type, "text/html", 9) == 0;
    bool is_good = true;

    if (exchange->must_close)
        is_good = MHD_add_response_header(response, "Connection", "close") && is_good;
    if (reply->media_type != NULL)
        is_good = MHD_add_response_header(response, "Content-Type", reply->media_type) &&
                  is_good;
    is_good = MHD_add_response_header(response, "X-Request-Id", exchange->request.id) &&
              is_good;
    /* What a 304 says takes the place of what the browser has kept: nothing of a policy. */
    for (size_t i = 0; i < sizeof fixed_headers / sizeof fixed_headers[0]; i++)
        if ((reply->status != 304 || fixed_headers[i].carrier == ALL) &&
            fixed_headers[i].carrier != (is_page ? REST : PAGES) &&
            (reply->header_count == 0 || !has_header(reply, fixed_headers[i].name)))
            is_good = MHD_add_response_header(response, fixed_headers[i].name,
                                              fixed_headers[i].value) &&
                      is_good;
    for (size_t i = 0; i < reply->header_count; i++)
        is_good = MHD_add_response_header(response, reply->headers[i].name,
                                          reply->headers[i].value) &&
                  is_good;
    return is_good;
}

static struct MHD_Response *
make_response(struct exchange *exchange)
{
    struct reply *reply = &exchange->reply;
    struct MHD_Response *response = NULL;

    if (reply->stream != NULL)
        response = stream_response(reply->stream);
    else if (reply->has_file)
        response = MHD_create_response_from_fd64(reply->count, reply->fd);
    else
        response = MHD_create_response_from_buffer(
            reply->count, (void *)(uintptr_t)reply->bytes, MHD_RESPMEM_PERSISTENT);
    if (response != NULL)
        reply->has_file = false; /* closed with the response */
    if (response != NULL && !add_headers(response, exchange)) {
        MHD_destroy_response(response);
        response = NULL;
    }
    return response;
}

/* May the response object of this reply serve again? */
static bool
is_keepable(const struct exchange *exchange)
{
    return exchange->reply.is_static && exchange->reply.header_count == 0 &&
           !exchange->must_close;
}

static bool
is_kept(const struct exchange *exchange)
{
    const struct reply *kept = &exchange->kept_reply, *reply = &exchange->reply;

    return exchange->kept != NULL && kept->bytes == reply->bytes &&
           kept->count == reply->count && kept->status == reply->status &&
           kept->media_type == reply->media_type;
}

/* Write this request's name over the last one's; both have the same length. */
static bool
rename_response(struct MHD_Response *response, const char *id)
{
    const char *value = MHD_get_response_header(response, "X-Request-Id");

    if (value == NULL || strlen(value) != strlen(id))
        return false;
    memcpy((char *)(uintptr_t)value, id, strlen(id));
    return true;
}

void
reply_forget(struct exchange *exchange)
{
    if (exchange->kept != NULL)
        MHD_destroy_response(exchange->kept);
    exchange->kept = NULL;
}

enum MHD_Result
reply_queue(struct exchange *exchange)
{
    bool is_again = is_keepable(exchange) && is_kept(exchange) &&
                    rename_response(exchange->kept, exchange->request.id);
    struct MHD_Response *response = is_again ? exchange->kept : make_response(exchange);

    if (response == NULL)
        return MHD_NO;
    enum MHD_Result queued = MHD_queue_response(
        exchange->connection, (unsigned)exchange->reply.status, response);

    if (is_again)
        return queued;
    if (is_keepable(exchange)) {
        reply_forget(exchange);
        exchange->kept = response;
        exchange->kept_reply = exchange->reply;
    } else {
        MHD_destroy_response(response);
    }
    return queued;
}
