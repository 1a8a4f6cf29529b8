#include "http_internal.h"

#include <stdlib.h>

#include "base/config.h"
#include "base/crypt.h"
#include "base/log.h"
#include "base/timeutil.h"
#include "store/rulebook.h"
#include "store/upload.h"

/*
 * exchange_life.c - an exchange is made, named for each request, and at the end of
 * one logged and made ready for the next; what happens between is exchange.c.
 *
 * 1. It is made ready in NOTIFY_COMPLETED only (or when the connection's next
 *    request shows that this never came): the reply's bytes are in its arena.
 */

const char *const exchange_method_words[METHOD_COUNT] = {
    [METHOD_GET] = "GET",     [METHOD_POST] = "POST",     [METHOD_PUT] = "PUT",
    [METHOD_PATCH] = "PATCH", [METHOD_DELETE] = "DELETE",
};

/* --- Its name, and its memory ------------------------------------------------------- */

static uint64_t
mixed(uint64_t number)
{
    number ^= number >> 30;
    number *= UINT64_C(0xbf58476d1ce4e5b9);
    number ^= number >> 27;
    number *= UINT64_C(0x94d049bb133111eb);
    return number ^ (number >> 31);
}

static char *
put_hex(char *to, uint64_t number)
{
    for (int shift = 60; shift >= 0; shift -= 4)
        *to++ = "0123456789abcdef"[(number >> shift) & 15];
    return to;
}

/*
 * 32 hex digits: the exchange's own random half, so that two exchanges never
 * agree, and a half that never repeats within it.  No system call.
 */
void
exchange_name(struct exchange *exchange)
{
    char *end = put_hex(exchange->request.id, exchange->id_seed);

    exchange->id_count++;
    end = put_hex(end, mixed(exchange->id_seed ^ exchange->id_count));
    *end = '\0';
}

struct exchange *
exchange_new(struct http_server *server)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);

    if (exchange == NULL)
        return NULL;
    exchange->server = server;
    exchange->request.arena = arena_new();
    if (exchange->request.arena == NULL) {
        free(exchange);
        return NULL;
    }
    crypt_random(&exchange->id_seed, sizeof exchange->id_seed);
    return exchange;
}

void
exchange_free(struct exchange *exchange)
{
    if (exchange == NULL)
        return;
    free(exchange->body);
    reply_forget(exchange);
    arena_free(exchange->request.arena);
    free(exchange);
}

/* --- The end of a request ------------------------------------------------------------ */

static void
log_request(const struct exchange *exchange)
{
    const struct request *req = &exchange->request;
    bool is_answered = exchange->phase == PHASE_ANSWERED;
    int status = is_answered ? exchange->reply.status : 0;
    const char *method = exchange->is_head_method     ? "HEAD"
                         : req->method < METHOD_COUNT ? exchange_method_words[req->method]
                                                      : "other";
    int64_t end_ms = is_answered ? exchange->answered_at_ms : time_monotonic_ms();
    struct log_pair pairs[] = {
        log_text("id", req->id),
        log_text("method", method),
        log_text("route", req->route == NULL ? "" : req->route->path),
        log_int("status", status),
        log_int("ms", end_ms - exchange->started_at_ms),
        log_int("bytes", is_answered ? (int64_t)exchange->reply.count : 0),
        { .kind = LOG_KIND_END },
        { .kind = LOG_KIND_END },
        { .kind = LOG_KIND_END },
    };
    size_t count = 6;

    if (exchange->error != OK)
        pairs[count++] = log_text("code", err_code(exchange->error));
    if (exchange->job != NULL)
        pairs[count++] = log_text("job", exchange->job->name);
    log_write(status >= 500 ? LOG_ERROR : LOG_INFO, "request", pairs);
}

/* After a 5xx of its job the row may yet turn up (upload.h). */
static void
close_upload(struct exchange *exchange)
{
    const struct job *job = exchange->job;

    upload_close(exchange->request.upload,
                 job != NULL && job->result != OK && err_status(job->result) >= 500);
}

void
exchange_finish(struct exchange *exchange, bool is_complete)
{
    struct http_server *server = exchange->server;
    struct request *req = &exchange->request;

    if (exchange->phase == PHASE_ANSWERED) {
        count_up(&server->replies[exchange->reply.status / 100]);
    } else if (exchange->phase == PHASE_WAITING) {
        /* Resumed, and found closed before it was called again. */
        (void)atomic_fetch_sub(&server->suspended, 1); /* old value unused */
        count_up(&server->replies[0]);
    } else if (exchange->phase == PHASE_HEAD && !is_complete) {
        /* Refused by libmicrohttpd itself, or the client left before its end. */
        exchange->error = ERR_HTTP_MALFORMED;
    }
    log_request(exchange);
    close_upload(exchange);
    stream_leave(exchange->stream);
    exchange->stream = NULL;
    reply_drop_file(&exchange->reply);
    rulebook_release(req->rulebook);
    exchange->peer->exchange = NULL;
    /* From the answer on: what a slow reader took for it does not count twice. */
    peer_deadline(exchange->peer, (exchange->answered_at_ms > 0 ? exchange->answered_at_ms
                                                                : time_monotonic_ms()) +
                                      server->config->config->idle_timeout_ms);
    free(exchange->body);
    exchange->body = NULL;
    arena_reset(req->arena);
    server_give_exchange(server, exchange);
    server_note_finished(server);
}

void
exchange_on_completed(void *context, struct MHD_Connection *connection,
                      void **request_context, enum MHD_RequestTerminationCode how)
{
    struct exchange *exchange = *request_context;

    (void)context;
    (void)connection;
    if (exchange == NULL)
        return;
    *request_context = NULL;
    exchange_finish(exchange, how == MHD_REQUEST_TERMINATED_COMPLETED_OK);
}
