#ifndef YIDAN_HTTP_HTTP_H
#define YIDAN_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"
#include "http/asset.h"
#include "store/job.h"

/*
 * http.h - requests, routes and replies.  Knows no ticket and no user.
 *
 * Layer    http; the only folder that includes microhttpd.h.
 * Threads  handlers run on a pool thread of the server, one request at a time;
 *          a request and its arena belong to that thread, except while its job
 *          is with the writer.
 */

struct config;
struct form;
struct reader;
struct reader_pool;
struct request;
struct rulebook;
struct store;
struct stream_round;
struct upload;
struct writer;

enum http_method {
    METHOD_GET,
    METHOD_POST,
    METHOD_PUT,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_COUNT
};

/* Who may call at all: the finer rules are the handler's and the domain's. */
enum route_kind {
    ROUTE_READ,  /* handler `show`, inside a read transaction */
    ROUTE_WRITE, /* `begin` makes a job, `end` answers from committed state */
    /*
     * As ROUTE_WRITE, but the body is a file, kept on disk as it comes:
     * `admit` is asked before a byte of it is taken, `begin` when all of it is
     * there, as req->upload.
     */
    ROUTE_UPLOAD,
    ROUTE_PLAIN /* `show` without reader and without asking who: health, metrics */
};

struct route {
    enum http_method method;
    const char *path; /* "/api/v1/tickets/{no}/{action}" */
    enum route_kind kind;
    /* Bits of the api layer; both 0 = anyone, even signed out. */
    uint32_t roles;  /* of users */
    uint32_t scopes; /* of API tokens; 0 = no token may call it */
    enum err (*show)(struct request *req);
    enum err (*admit)(struct request *req); /* ROUTE_UPLOAD only, and so are: */
    const char *upload_type;                /* the media type that is taken */
    enum err upload_refusal;                /* what another one is answered */
    size_t upload_bytes_max;                /* offsetof the setting in struct config */
    enum err (*begin)(struct request *req, struct job **ret_job);
    enum err (*end)(struct request *req, struct job *job);
    /* POST that writes: http refuses it without Idempotency-Key, after `who`. */
    bool needs_key;
    bool no_csrf;    /* nobody is signed in: sign-in, the public side */
    bool takes_form; /* the body is a form's: request_form() */
    bool is_quiet;   /* asked by the page itself: no sign that somebody is there */
    /*
     * Make the page that tells of `error` instead of a problem document; runs
     * with a reader.  NULL: a problem document.
     */
    enum err (*refused)(struct request *req, enum err error);
};

#define PATH_VALUES_MAX 4
#define QUERY_VALUES_MAX 40

struct request {
    struct arena *arena;
    char id[37]; /* X-Request-Id */
    const struct route *route;
    enum http_method method;
    const char *path;
    const char *body; /* NUL-terminated; "" when there is none */
    size_t body_bytes;
    const struct form *form; /* read by request_form() */
    struct upload *upload;   /* the body of a ROUTE_UPLOAD; http closes it */
    int64_t now;
    enum language language;
    char address[64]; /* of the client, behind trusted proxies the forwarded one */
    bool is_loopback; /* the connection itself, no proxy header */

    const struct http_config *http;
    struct store *store;
    struct reader *reader; /* NULL in ROUTE_PLAIN */
    const struct rulebook *rulebook;
    struct writer *writer;

    void *actor; /* set by the `who` hook: the api layer's struct */
    struct problem problem;

    struct {
        const char *name, *value;
    } path_values[PATH_VALUES_MAX], query_values[QUERY_VALUES_MAX];
    size_t path_value_count, query_value_count;
    bool query_is_read; /* by request_query_read(); otherwise any parameter is unknown */

    struct reply *reply;       /* what a handler made */
    struct exchange *exchange; /* http's own */
};

struct http_config {
    const struct config *config;
    const struct route *routes;
    size_t route_count;
    /*
     * Who is asking, and may they call this route at all?  Checks session or
     * token, CSRF, and route->roles; fills req->actor.  Runs with a reader.
     */
    enum err (*who)(struct request *req);
    /*
     * Hand a job with `prepare` to the worker threads; from background, by main.
     * NULL only when no job has one.
     */
    void (*offload)(void *workers, struct writer *writer, struct job *job);
    void *workers;
    /*
     * What is answered where no route is: the pages of the browser's side, and the
     * application itself for a path that one of its pages has (asset.c).  Empty: nothing.
     */
    struct asset_table assets;
    /*
     * Tell the listeners of streams what happened (http/stream.h).  On the
     * streams' thread, with a reader; NULL: no route answers with a stream.
     * An error is logged, and the next round comes within a second.
     */
    enum err (*stream_round)(const struct stream_round *round);
    /* What `now` of a request is read from; NULL: time_now(). A test has its own. */
    int64_t (*clock)(void);
    /* For handlers: whatever main wants to pass (timer, notifier…). */
    void *services;
};

struct http_server;

MUST_CHECK enum err http_server_start(const struct http_config *config,
                                      struct store *store, struct reader_pool *readers,
                                      struct writer *writer,
                                      struct http_server **ret_server,
                                      struct problem *reterr_problem);
int http_server_port(const struct http_server *server); /* the real one, for port 0 */
bool http_server_is_draining(const struct http_server *server);
void http_server_quiesce(struct http_server *server); /* no new connections; readyz 503 */
void http_server_stop(struct http_server *server);    /* after writer_drain() */

struct http_stats {
    int64_t requests, replies[6] /* by status class; 0: never sent */, suspended,
        connections, swept_connections, guard_refusals, streams, dropped_streams;
};
void http_stats(const struct http_server *server, struct http_stats *ret_stats);

/* --- What a handler reads ------------------------------------------------- */

/* A value of the path ("no"); never NULL for a name that the route has. */
const char *request_path(const struct request *req, const char *name);

/* A query parameter, or NULL. */
const char *request_query(struct request *req, const char *name);

/* A request header, or NULL; `name` case-insensitive. */
const char *request_header(const struct request *req, const char *name);
const char *request_cookie(const struct request *req, const char *name);

/* json_read() of the body into `into`. Errors: as there, ERR_HTTP_MEDIA_TYPE. */
MUST_CHECK enum err request_body(struct request *req, const struct json_field *fields,
                                 void *into, uint64_t *present);

/*
 * The same for a body of application/x-www-form-urlencoded: a box that is
 * checked sends "1", what is empty is not there.  The member `beside` (may be
 * NULL) is left to request_form_value().  Errors: ERR_FORM_MALFORMED, ERR_FIELDS.
 */
MUST_CHECK enum err request_form(struct request *req, const struct json_field *fields,
                                 const char *beside, void *into);
/* What was typed, decoded; "" when there is none, also after an error. */
const char *request_form_value(const struct request *req, const char *name);

/*
 * One declared query parameter; kinds INT, BOOL ("true", "false"), TEXT,
 * CHOICE, CHOICES (comma separated), DATE of json.h read from text.  A
 * parameter that no row names is ERR_HTTP_QUERY, and so is a bad value.
 */
MUST_CHECK enum err request_query_read(struct request *req,
                                       const struct json_field *fields, void *into,
                                       uint64_t *present);

/*
 * From now on `query` ("state=received&q=%E7%81%AF", as it stands behind "?") is
 * the request's query: for who makes later what a list would answer now.
 * Errors   ERR_HTTP_QUERY
 */
MUST_CHECK enum err request_query_set(struct request *req, const char *query);

/* --- What a handler answers ----------------------------------------------- */

/* 200 or 201 with the JSON written to `out`. */
MUST_CHECK enum err reply_json(struct request *req, int status, struct json_out *out);
MUST_CHECK enum err reply_empty(struct request *req, int status);
/* Bytes that live as long as the program (embedded files). */
MUST_CHECK enum err reply_static(struct request *req, int status, const char *media_type,
                                 const void *bytes, size_t count);
MUST_CHECK enum err reply_text(struct request *req, int status, const char *media_type,
                               const char *text, size_t bytes);
/*
 * `bytes` bytes of the open file `fd`, which is taken and closed: served from
 * there, never in memory whole.
 */
MUST_CHECK enum err reply_file_take(struct request *req, int status,
                                    const char *media_type, int fd, int64_t bytes);
/* The text of an error in the request's language, with its value; NULL: out of memory. */
const char *reply_message(struct request *req, enum err err, const char *value);
/* Add a header to the reply made last. */
MUST_CHECK enum err reply_header(struct request *req, const char *name,
                                 const char *value);

/* A handler that fails returns its error with req->problem; http makes problem+json. */

#endif
