#ifndef YIDAN_HTTP_INTERNAL_H
#define YIDAN_HTTP_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <microhttpd.h>

#include "http/http.h"
#include "http/stream.h"

/*
 * http_internal.h - what the files of this layer share with each other only.
 *
 * Layer    http.
 * Threads  an exchange belongs to the pool thread of its connection, except
 *          between suspend and resume; a peer's deadline is atomic; the server
 *          is shared.
 */

/* A body of JSON, a body we still read to answer 413, a request's head, an answer of JSON. */
#define BODY_BYTES_MAX ((size_t)256 * 1024)
#define DRAIN_BYTES_MAX ((uint64_t)1024 * 1024)
#define HEAD_BYTES_MAX ((size_t)24 * 1024)
#define JSON_REPLY_BYTES_MAX ((size_t)1024 * 1024)

/* --- Targets (target.c) ----------------------------------------------------- */

#define TARGET_BYTES_MAX 4096
#define PATH_SEGMENTS_MAX 12
#define PATH_VALUE_BYTES_MAX 64

/* A part of the raw path between two slashes. */
struct segment {
    const char *text;
    size_t bytes;
};
struct target_path {
    struct segment segments[PATH_SEGMENTS_MAX];
    size_t count;
};

/*
 * Is the raw target in origin form, made only of what RFC 3986 allows in a
 * path and query, with whole percent escapes, without %00 and dot segments?
 */
bool target_is_clean(const char *target, size_t bytes);

/* Decode the `bytes` clean bytes at `from`; `to` holds as many and a NUL. Returns the length. */
size_t target_decode(const char *from, size_t bytes, bool plus_is_space, char *to);

/* Cut a raw path at its slashes; "/" has no segments. False: too many. */
bool target_split_path(const char *path, size_t bytes, struct target_path *ret_path);

/* Fill req->query_values from the raw query.  Errors: ERR_HTTP_QUERY. */
MUST_CHECK enum err target_read_query(struct request *req, const char *query,
                                      size_t bytes);

/* --- Routes (route.c) --------------------------------------------------------- */

struct route_tree;

MUST_CHECK enum err route_tree_new(const struct route *routes, size_t count,
                                   struct route_tree **ret_tree);
void route_tree_free(struct route_tree *tree); /* NULL does nothing */

#define ALLOW_BYTES 48

/*
 * Find req->route for the method and the raw path; fills req->path_values.
 * A `method` of METHOD_COUNT is one that no route has.
 * Errors   ERR_HTTP_NOT_FOUND
 *          ERR_HTTP_METHOD with `ret_allow` of ALLOW_BYTES filled
 *          ERR_HTTP_MALFORMED when a value of the path is not clean text
 */
MUST_CHECK enum err route_find(const struct route_tree *tree, struct request *req,
                               enum http_method method, const char *path, size_t bytes,
                               char *ret_allow);

/* --- Pages (asset.c) ---------------------------------------------------------- */

/*
 * A path that no route has: is it a page of the browser's side?  Sets req->route.
 * Errors   ERR_HTTP_NOT_FOUND
 *          ERR_HTTP_METHOD with `ret_allow` of ALLOW_BYTES filled
 */
MUST_CHECK enum err asset_route(struct request *req, const char *path, size_t bytes,
                                char *ret_allow);

/* --- Replies (reply.c) -------------------------------------------------------- */

#define REPLY_HEADERS_MAX 8

struct reply {
    int status;
    const char *media_type; /* NULL: no body */
    const char *bytes;      /* live until the request is completed */
    size_t count;
    bool is_static; /* the bytes are the program's */
    bool has_file;  /* the bytes are those of `fd`, ours until libmicrohttpd has it */
    int fd;
    struct stream *stream; /* the bytes come one by one; the exchange's */
    struct {
        const char *name, *value;
    } headers[REPLY_HEADERS_MAX];
    size_t header_count;
};

/* The weight of an item "…;q=0.5" of a header field in thousandths; 1000 without one. */
int reply_weight(const char *item, size_t bytes);

/* The language of Accept-Language; NULL is Chinese. */
enum language reply_language(const char *accept_language);

/* Make the problem document of `err`; never fails, at worst it has no body. */
void reply_problem(struct request *req, enum err err);

/* Add Retry-After where `err` has one. */
MUST_CHECK enum err reply_retry(struct request *req, enum err err);

/* Hand req->reply to libmicrohttpd. */
enum MHD_Result reply_queue(struct exchange *exchange);
/* Close the file of a reply that was never handed over. */
void reply_drop_file(struct reply *reply);
/* Give up the reply kept for the next time. */
void reply_forget(struct exchange *exchange);

/* --- Connections (sweeper.c) -------------------------------------------------- */

/* One connection, from accept to close. */
struct peer {
    struct peer *older, *newer; /* under the sweeper's lock */
    int fd;
    bool is_swept;
    bool is_loopback;
    char address[64];
    /* CLOCK_MONOTONIC; 0: waits for us, not for the client. */
    atomic_llong deadline_at_ms;
    struct exchange *exchange; /* the request being handled, of the pool thread */
};

struct sweeper;
MUST_CHECK enum err sweeper_start(int64_t shortest_ms, struct sweeper **ret_sweeper);
void sweeper_stop(struct sweeper *sweeper); /* NULL does nothing */
void sweeper_add(struct sweeper *sweeper, struct peer *peer);
void sweeper_remove(struct sweeper *sweeper,
                    struct peer *peer); /* before the fd is closed */
int64_t sweeper_count(const struct sweeper *sweeper);

static inline void
peer_deadline(struct peer *peer, int64_t at_ms)
{
    atomic_store_explicit(&peer->deadline_at_ms, at_ms, memory_order_relaxed);
}

/* --- Streams (stream.c, stream_rounds.c) ---------------------------------------- */

struct stream;
struct streams;

MUST_CHECK enum err streams_start(struct http_server *server,
                                  struct streams **ret_streams);
/* Everybody's stream ends and none begins any more; the thread is gone. */
void streams_close(struct streams *streams);
/* Those that a resumption is still under way for; 0 before the daemon may stop. */
int64_t streams_waiting(struct streams *streams);
void streams_stats(struct streams *streams, int64_t *ret_count, int64_t *ret_dropped);
void streams_free(struct streams *streams); /* after the daemon; NULL does nothing */

/* The response object that reads from the stream; NULL: out of memory. */
struct MHD_Response *stream_response(struct stream *stream);
/* The request that answers with it is over.  NULL does nothing. */
void stream_leave(struct stream *stream);

/* --- Requests (exchange.c, exchange_life.c) ------------------------------------- */

enum phase {
    PHASE_HEAD,    /* the head is arriving */
    PHASE_BODY,    /* the head is good; the body is arriving */
    PHASE_WAITING, /* suspended: a worker, the writer or `done` has the job */
    PHASE_ANSWERED /* a reply is queued */
};

/* One request and what http needs beside it. Used again for the next one, see clear(). */
struct exchange {
    struct request request;
    struct http_server *server;
    struct peer *peer;
    struct MHD_Connection *connection;
    struct exchange *next; /* in the list of the unused */
    struct reply reply;
    enum phase phase;

    const char *target; /* raw */
    size_t target_bytes, path_bytes;
    bool is_head_method; /* HEAD, which a handler sees as GET */
    bool must_close;
    enum err early; /* told when the body has been read */
    char allow[ALLOW_BYTES];

    /* What the guard came by; NULL when the request has it not. */
    const char *accept_language, *content_type, *forwarded_for;
    bool has_proxy_field, expects_continue;
    uint64_t content_length;

    char *body; /* its own memory: most of it comes after most of the limit is known */
    size_t body_room;

    struct job *job;       /* the one waited for */
    struct stream *stream; /* the one it answers with; NULL: none */

    int64_t started_at_ms, answered_at_ms;
    enum err error; /* what was answered */

    uint64_t id_seed, id_count;

    /* The last reply of reply_static() as libmicrohttpd has it (reply.c 3); may be NULL. */
    struct MHD_Response *kept;
    struct reply kept_reply;
};

struct exchange *exchange_new(struct http_server *server);
void exchange_free(struct exchange *exchange);

/* The callbacks of libmicrohttpd; `context` is the server. */
void *exchange_on_target(void *context, const char *uri,
                         struct MHD_Connection *connection);
enum MHD_Result exchange_on_call(void *context, struct MHD_Connection *connection,
                                 const char *url, const char *method, const char *version,
                                 const char *upload, size_t *upload_bytes,
                                 void **request_context);
void exchange_on_completed(void *context, struct MHD_Connection *connection,
                           void **request_context, enum MHD_RequestTerminationCode how);
/* A fresh id for its request. */
void exchange_name(struct exchange *exchange);
/* "GET" …, by enum http_method. */
extern const char *const exchange_method_words[METHOD_COUNT];
/* Log and count the request and make the exchange ready for the next one. */
void exchange_finish(struct exchange *exchange, bool is_complete);

/* --- What request.c gives to the phases ---------------------------------------- */

/* The client's address and whether it is this machine itself. */
void request_read_address(struct exchange *exchange);
/* Is `media_type` (may be NULL) JSON in UTF-8? */
bool request_is_json(const char *media_type);

/* Is it a form's? */
bool request_is_form(const char *media_type);

/* --- Forms (form.c) ------------------------------------------------------------- */

#define FORM_PAIRS_MAX 32
#define FORM_NAME_BYTES_MAX 40

struct form_pair {
    const char *name, *value;
};
struct form {
    struct form_pair pairs[FORM_PAIRS_MAX];
    size_t count;
};

/* Errors: ERR_FORM_MALFORMED, ERR_NO_MEMORY. */
MUST_CHECK enum err form_parse(struct arena *arena, const char *body, size_t bytes,
                               struct form *ret_form);

/* --- The guard (guard.c) ------------------------------------------------------ */

/*
 * Is the head of this request clean HTTP (reliability.md 5)?  Learns the
 * length of the body.
 * Errors   ERR_HTTP_MALFORMED, ERR_HTTP_LENGTH_REQUIRED: to be answered at
 *          once, and the connection closed
 */
MUST_CHECK enum err guard_head(struct exchange *exchange, const char *method,
                               const char *version);

/* Is `text` a token of RFC 9110? */
bool guard_is_token(const char *text, size_t bytes);

/* Find `name` in the Cookie header: how often it is there, and its first value. */
size_t guard_cookie(const char *cookies, const char *name, const char **ret_value,
                    size_t *ret_bytes);

/* --- The server (server.c) ---------------------------------------------------- */

struct http_server {
    const struct http_config *config;
    struct store *store;
    struct reader_pool *readers;
    struct writer *writer;
    struct route_tree *routes;
    struct sweeper *sweeper;
    struct streams *streams;
    struct MHD_Daemon *daemon;
    int listen_fd;
    int port;
    bool checks_layout; /* guard.c 2 */
    atomic_bool is_draining;

    /* "unused exchanges": kept for the next requests. */
    pthread_mutex_t unused_lock;
    struct exchange *unused;
    int unused_count;

    /* "stop": told when a request is done while the server is draining. */
    pthread_mutex_t stop_lock;
    pthread_cond_t has_finished;

    atomic_llong requests, replies[6], suspended, connections, refusals;
};

/*
 * Open the socket of "host:port", "[host]:port" or ":port" (every address), listening;
 * close() it.  ERR_CONFIG_VALUE names what is wrong with it (listen.c).
 */
MUST_CHECK enum err listen_open(const char *text, int *ret_fd, int *ret_port,
                                struct problem *reterr_problem);

struct exchange *server_take_exchange(struct http_server *server);
void server_give_exchange(struct http_server *server, struct exchange *exchange);
/* Something a stop waits for is over. */
void server_note_finished(struct http_server *server);

/* What `now` of a request is. */
int64_t server_now(const struct http_server *server);

static inline void
count_up(atomic_llong *counter)
{
    (void)atomic_fetch_add_explicit(counter, 1,
                                    memory_order_relaxed); /* old value unused */
}

/* A parameter that no handler has asked for is unknown. Errors: ERR_HTTP_QUERY. */
MUST_CHECK enum err request_query_done(struct request *req);

#endif
