#ifndef YIDAN_API_API_H
#define YIDAN_API_API_H

#include "base/crypt.h"
#include "domain/ticket.h"
#include "http/http.h"
#include "store/exports.h"
#include "store/idempotency.h"

/*
 * api.h - what the api layer gives to main: routes and the hook that says who.
 *
 * Layer    api.
 */

struct exporter;
struct importer;

/* THE table of endpoints (routes.c). */
extern const struct route api_routes[];
extern const size_t api_route_count;

/* Beside a route's roles: open also while the user must change the password first. */
#define ROUTE_OWN_ACCOUNT (UINT32_C(1) << 31)

/* http_config.who */
enum err api_who(struct request *req);

/* What the thread that makes files of lists knows of them (export_lists.c). */
enum err api_export_make(struct export_task *task);

/* Who asks, as handlers see it: req->actor. Of a token only what stands first is there. */
struct api_actor {
    struct actor actor;   /* kind, id, unit, roles */
    uint32_t scopes;      /* SCOPE_BITs of a token */
    const char *platform; /* the one a token with scope upstream speaks for */

    int64_t session_id, expires_at;
    uint8_t session_hash[HASH_BYTES]; /* of the cookie's secret */
    /* As long as the request. */
    const char *login, *name, *unit_code, *unit_name, *csrf;
    int unit_sign_off;
    bool must_change_password;
};
static inline const struct api_actor *
api_actor(const struct request *req)
{
    return req->actor;
}

/* When sessions were last seen, kept in memory; NULL when out of memory. */
struct last_seen;
struct last_seen *last_seen_new(void);
void last_seen_free(struct last_seen *seen); /* NULL does nothing */

/* What live updates remember between rounds; NULL when out of memory. */
struct stream_feed;
struct stream_feed *stream_feed_new(void);
void stream_feed_free(struct stream_feed *feed); /* NULL does nothing */
/* http_config.stream_round */
enum err stream_feed_round(const struct stream_round *of);

/*
 * What handlers need beside the request; main fills it: http_config.services.
 * `server` is set when the server has started, before it is announced.
 */
struct api_services {
    struct http_server *server;
    int64_t started_at;
    const char *version; /* of the program */
    struct last_seen *last_seen;
    struct stream_feed *feed;
    /* Tells the thread that reads ledgers of work; NULL: there is none. */
    void (*wake_importer)(struct importer *importer);
    struct importer *importer;
    /* The same of the thread that makes files of lists. */
    void (*wake_exporter)(struct exporter *exporter);
    struct exporter *exporter;
};

#endif
