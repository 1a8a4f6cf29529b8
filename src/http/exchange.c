#include "http_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/config.h"
#include "base/timeutil.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/upload.h"
#include "store/writer.h"

/*
 * exchange.c - the phases of one request; its life as a whole is exchange_life.c.
 *
 * 1. Each call of libmicrohttpd ends in exactly one of: more input wanted, a
 *    reply queued, the connection suspended, or the connection given up.
 * 2. Suspend comes after writer_reserve() and before the job is handed over;
 *    after that the exchange is not touched until the call that follows
 *    resume, because `done` may already have run (performance.md, 2).
 * 3. No reader is held while a job waits: writers would wait for it, and a
 *    suspended request may wait long.
 * 4. A peer has no deadline while it waits for us.
 */

static void exchange_done(struct job *job);
static enum err admit(struct exchange *exchange);
static enum err with_reader(struct exchange *exchange,
                            enum err (*step)(struct exchange *exchange));

/* --- Answers -------------------------------------------------------------------------- */

static enum err
refused(struct exchange *exchange)
{
    struct request *req = &exchange->request;

    TRY(req->route->refused(req, exchange->error));
    return reply_retry(req, exchange->error);
}

/* Who sent a form gets a page; false when there is none for it. */
static bool
tell_on_page(struct exchange *exchange, enum err error)
{
    const struct route *route = exchange->request.route;

    if (route == NULL || route->refused == NULL)
        return false;
    exchange->error = error;
    return with_reader(exchange, refused) == OK;
}

/* Queue the reply that was made, or the problem document of `error`. */
static enum MHD_Result
answer(struct exchange *exchange, enum err error)
{
    const struct config *config = exchange->server->config->config;

    if (error == OK && exchange->request.reply == NULL)
        error = ERR_INTERNAL; /* a handler that succeeds has answered */
    if (error != OK && !tell_on_page(exchange, error))
        reply_problem(&exchange->request, error);
    if (http_server_is_draining(exchange->server))
        exchange->must_close = true;
    exchange->answered_at_ms = time_monotonic_ms();
    /* To read it all the client has as long as for a body, and 16 kB a second. */
    peer_deadline(exchange->peer, exchange->answered_at_ms + config->body_timeout_ms +
                                      (int64_t)(exchange->reply.count / 16));
    exchange->phase = PHASE_ANSWERED;
    return reply_queue(exchange);
}

/* Answer what never reaches a handler, and close behind it. */
static enum MHD_Result
refuse(struct exchange *exchange, enum err error)
{
    exchange->must_close = true;
    count_up(&exchange->server->requests);
    return answer(exchange, error);
}

/* --- The head --------------------------------------------------------------------------- */

void *
exchange_on_target(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct http_server *server = context;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct peer *peer = info == NULL ? NULL : info->socket_context;

    if (peer == NULL || uri == NULL)
        return NULL;
    /* Where libmicrohttpd gave a request up without a word. */
    if (peer->exchange != NULL)
        exchange_finish(peer->exchange, false);
    struct exchange *exchange = server_take_exchange(server);

    if (exchange == NULL)
        return NULL;
    size_t bytes = strlen(uri);

    exchange->target = arena_copy(exchange->request.arena, uri, bytes);
    if (exchange->target == NULL) {
        server_give_exchange(server, exchange);
        return NULL;
    }
    exchange->connection = connection;
    exchange->peer = peer;
    peer->exchange = exchange;
    exchange->target_bytes = bytes;
    exchange->started_at_ms = time_monotonic_ms();
    exchange_name(exchange);
    peer_deadline(peer,
                  exchange->started_at_ms + server->config->config->header_timeout_ms);
    /*
     * End the query here for libmicrohttpd, which would decode it and keep each
     * parameter in the connection's memory: enough of them exhaust it in a
     * place where 0.9.75 loses track of the request.  It is its own buffer,
     * const only in the callback's type.
     */
    const char *question = memchr(uri, '?', bytes);

    exchange->path_bytes = question == NULL ? bytes : (size_t)(question - uri);
    if (question != NULL)
        ((char *)(uintptr_t)question)[1] = '\0';
    return exchange;
}

static enum http_method
method_of(struct exchange *exchange, const char *word)
{
    exchange->is_head_method = strcmp(word, "HEAD") == 0;
    if (exchange->is_head_method)
        return METHOD_GET;
    for (int i = 0; i < METHOD_COUNT; i++)
        if (strcmp(exchange_method_words[i], word) == 0)
            return (enum http_method)i;
    return METHOD_COUNT;
}

/*
 * A file is taken in only from somebody who may bring it, and only as large as
 * it may be: nobody fills the disk with what is then refused.
 */
static enum err
admit_upload(struct exchange *exchange)
{
    const char *config = (const void *)exchange->server->config->config;
    struct request *req = &exchange->request;
    const struct route *route = req->route;
    int64_t bytes_max =
        *(const int64_t *)(const void *)(config + route->upload_bytes_max);

    req->now = server_now(exchange->server);
    TRY(with_reader(exchange, admit));
    if (exchange->content_type == NULL ||
        strcasecmp(exchange->content_type, route->upload_type) != 0)
        return route->upload_refusal;
    if (exchange->content_length > (uint64_t)bytes_max)
        return problem_value(&req->problem, ERR_HTTP_TOO_LARGE, "%lld",
                             (long long)bytes_max);
    return upload_open(exchange->server->store, &req->upload);
}

/* Which route, with which values and parameters; what is wrong is told after the body. */
static enum err
read_head(struct exchange *exchange)
{
    struct request *req = &exchange->request;
    const char *query = exchange->target + exchange->path_bytes;

    req->path = arena_copy(req->arena, exchange->target, exchange->path_bytes);
    if (req->path == NULL)
        return ERR_NO_MEMORY;
    enum err found = route_find(exchange->server->routes, req, req->method, req->path,
                                exchange->path_bytes, exchange->allow);

    if (found == ERR_HTTP_NOT_FOUND)
        found = asset_route(req, req->path, exchange->path_bytes, exchange->allow);
    TRY(found);
    if (*query == '?')
        TRY(target_read_query(req, query + 1,
                              exchange->target_bytes - exchange->path_bytes - 1));
    if (req->route->kind == ROUTE_UPLOAD)
        return admit_upload(exchange);
    if (exchange->content_length > BODY_BYTES_MAX)
        return ERR_HTTP_TOO_LARGE;
    bool is_right = req->route->takes_form ? request_is_form(exchange->content_type)
                                           : request_is_json(exchange->content_type);
    return exchange->content_length > 0 && !is_right ? ERR_HTTP_MEDIA_TYPE : OK;
}

/* How long the body may take, all of it. */
static int64_t
body_ms(const struct exchange *exchange)
{
    const struct config *config = exchange->server->config->config;

    if (exchange->request.upload == NULL)
        return config->body_timeout_ms;
    return config->upload_timeout_ms +
           (int64_t)exchange->content_length * 1000 / config->upload_bytes_per_s;
}

static enum MHD_Result
on_head(struct exchange *exchange, const char *method, const char *version)
{
    struct request *req = &exchange->request;

    req->exchange = exchange;
    req->http = exchange->server->config;
    req->store = exchange->server->store;
    req->writer = exchange->server->writer;
    req->body = "";
    req->method = method_of(exchange, method);

    enum err error = guard_head(exchange, method, version);

    req->language = reply_language(exchange->accept_language);
    request_read_address(exchange);
    if (error != OK) {
        count_up(&exchange->server->refusals);
        return refuse(exchange, error);
    }
    exchange->early = read_head(exchange);
    /*
     * A body that is not too long is read although its fate is known: the
     * connection stays usable, and the answer is not lost to a reset.  A
     * client that asks first is told first.
     */
    if (exchange->early != OK && exchange->content_length > 0 &&
        (exchange->content_length > DRAIN_BYTES_MAX || exchange->expects_continue))
        return refuse(exchange, exchange->early);
    if (exchange->early == ERR_HTTP_TOO_LARGE)
        exchange->must_close = true;
    if (exchange->content_length > 0)
        peer_deadline(exchange->peer, time_monotonic_ms() + body_ms(exchange));
    exchange->phase = PHASE_BODY;
    return MHD_YES;
}

/* --- The body ----------------------------------------------------------------------------- */

/* False: out of memory. */
static bool
keep_body(struct exchange *exchange, const char *bytes, size_t count)
{
    struct request *req = &exchange->request;
    size_t wanted = req->body_bytes + count + 1;

    assert(wanted <= exchange->content_length + 1); /* libmicrohttpd gives no more */
    if (wanted > exchange->body_room) {
        /* The length is only a promise: no more room than has arrived, doubled. */
        size_t room = wanted * 2 < 4096 ? 4096 : wanted * 2;
        if (room > exchange->content_length + 1)
            room = (size_t)exchange->content_length + 1;
        char *body = realloc(exchange->body, room);

        if (body == NULL)
            return false;
        exchange->body = body;
        exchange->body_room = room;
    }
    memcpy(exchange->body + req->body_bytes, bytes, count);
    req->body_bytes += count;
    exchange->body[req->body_bytes] = '\0';
    req->body = exchange->body;
    return true;
}

/* What could not be kept is told when the rest has been read. */
static bool
take_body(struct exchange *exchange, const char *bytes, size_t count)
{
    if (exchange->early != OK)
        return true;
    if (exchange->request.upload == NULL)
        return keep_body(exchange, bytes, count);
    exchange->early = upload_write(exchange->request.upload, bytes, count);
    return true;
}

/* --- The work ----------------------------------------------------------------------------- */

/* May this file come at all?  Asked before it does; ask() asks the rest. */
static enum err
admit(struct exchange *exchange)
{
    struct request *req = &exchange->request;

    TRY(exchange->server->config->who(req));
    if (req->route->needs_key && request_header(req, "Idempotency-Key") == NULL)
        return ERR_IDEMPOTENCY_REQUIRED;
    TRY(req->route->admit(req));
    return request_query_done(req);
}

/* Everything a handler does with a reader; begin() may leave a job. */
static enum err
ask(struct exchange *exchange)
{
    struct request *req = &exchange->request;
    const struct route *route = req->route;

    TRY(exchange->server->config->who(req));
    if (route->kind == ROUTE_READ) {
        TRY(route->show(req));
        return request_query_done(req);
    }
    if (route->needs_key && request_header(req, "Idempotency-Key") == NULL)
        return ERR_IDEMPOTENCY_REQUIRED;
    TRY(route->begin(req, &exchange->job));
    TRY(request_query_done(req));
    return exchange->job == NULL ? route->end(req, NULL) : OK;
}

/* The job is on disk: answer from what is committed now. */
static enum err
tell(struct exchange *exchange)
{
    return exchange->request.route->end(&exchange->request, exchange->job);
}

/* After a write it may be another one. */
static void
renew_rulebook(struct exchange *exchange)
{
    rulebook_release(exchange->request.rulebook);
    exchange->request.rulebook = rulebook_acquire(exchange->server->store);
}

static enum err
with_reader(struct exchange *exchange, enum err (*step)(struct exchange *exchange))
{
    struct http_server *server = exchange->server;
    struct request *req = &exchange->request;

    TRY(reader_acquire(server->readers, 0, &req->reader));
    renew_rulebook(exchange);
    enum err error = step(exchange);

    reader_release(server->readers, req->reader);
    req->reader = NULL;
    return error;
}

/* Hand the job over and wait suspended, invariant 2. */
static enum MHD_Result
submit(struct exchange *exchange)
{
    struct http_server *server = exchange->server;
    const struct http_config *config = server->config;
    struct job *job = exchange->job;
    enum err error = writer_reserve(server->writer);

    if (error != OK)
        return answer(exchange, error);
    job->done = exchange_done;
    job->context = exchange;
    job->result = OK;
    exchange->phase = PHASE_WAITING;
    (void)atomic_fetch_add(&server->suspended, 1); /* seen before the job is done */
    MHD_suspend_connection(exchange->connection);
    if (job->prepare != NULL)
        config->offload(config->workers, server->writer, job);
    else
        writer_submit(server->writer, job);
    return MHD_YES;
}

static void
exchange_done(struct job *job)
{
    const struct exchange *exchange = job->context;

    /* From here on the exchange is its pool thread's again. */
    MHD_resume_connection(exchange->connection);
}

static enum MHD_Result
on_request(struct exchange *exchange)
{
    const struct http_config *config = exchange->server->config;
    struct request *req = &exchange->request;

    count_up(&exchange->server->requests);
    peer_deadline(exchange->peer, 0);
    req->now = config->clock == NULL ? time_now() : config->clock();
    if (exchange->early != OK)
        return answer(exchange, exchange->early);
    if (req->route->kind == ROUTE_PLAIN)
        return answer(exchange, req->route->show(req));
    if (req->upload != NULL)
        upload_finish(req->upload);
    enum err error = with_reader(exchange, ask);

    if (error == OK && exchange->job != NULL)
        return submit(exchange);
    return answer(exchange, error);
}

static enum MHD_Result
on_resumed(struct exchange *exchange)
{
    const struct job *job = exchange->job;
    struct request *req = &exchange->request;

    (void)atomic_fetch_sub(&exchange->server->suspended, 1); /* old value unused */
    if (job->result != OK) {
        req->problem = job->problem;
        return answer(exchange, job->result);
    }
    if (!job->needs_no_reader)
        return answer(exchange, with_reader(exchange, tell));
    renew_rulebook(exchange);
    return answer(exchange, tell(exchange));
}

enum MHD_Result
exchange_on_call(void *context, struct MHD_Connection *connection, const char *url,
                 const char *method, const char *version, const char *upload,
                 size_t *upload_bytes, void **request_context)
{
    struct exchange *exchange = *request_context;

    (void)context;
    (void)connection;
    (void)url; /* the target was kept raw */
    if (exchange == NULL)
        return MHD_NO; /* out of memory */
    switch (exchange->phase) {
    case PHASE_HEAD:
        return on_head(exchange, method, version);
    case PHASE_BODY:
        if (*upload_bytes == 0)
            return on_request(exchange);
        if (!take_body(exchange, upload, *upload_bytes))
            return MHD_NO;
        *upload_bytes = 0;
        return MHD_YES;
    case PHASE_WAITING:
        return on_resumed(exchange);
    case PHASE_ANSWERED:
        break;
    }
    return MHD_NO;
}
