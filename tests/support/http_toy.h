#ifndef YIDAN_TESTS_HTTP_TOY_H
#define YIDAN_TESTS_HTTP_TOY_H

#include "background/worker.h"
#include "http/http.h"
#include "http/stream.h"
#include "store/reader.h"
#include "support/store_fixture.h"

/*
 * http_toy.h - the http layer with a small table of routes over a real store.
 *
 *     GET    /                      "root", a static text
 *     GET    /hidden                counted: a smuggled request is seen by it
 *     GET    /things/{id}           {"id", "query", "cookie"}
 *     GET    /things/special        {"id": "the special one"}
 *     PUT    /things/{id}/{part}    204
 *     GET    /search                its parameters, read as declared
 *     GET    /fail/{code}           the error of that name
 *     GET    /big                   JSON of almost 1 MiB
 *     POST   /notes                 {"name", "wait"}: a row, waits at the gate if told to
 *     POST   /notes/conflict        a job that fails with version_conflict, 7
 *     POST   /notes/now             no job: answered at once
 *     POST   /notes/keyed           needs Idempotency-Key
 *     POST   /notes/slow            prepared by a worker first
 *
 *     GET    /stream                begins with "open"; `round` is the hook, if any
 *
 * Whoever sends "X-Who: nobody" is not signed in.
 */

struct http_toy {
    struct store_fixture store;
    struct config *config;     /* in the fixture; a test may change it before _start */
    struct asset_table assets; /* none; a test may give some before _start */
    struct reader_pool *readers;
    struct workers *workers;
    struct http_config http;
    /* A test may set it before _start: what listeners are told. */
    enum err (*round)(const struct stream_round *round);
    struct http_server *server;
    struct gate gate;
    int port;
};

void http_toy_prepare(struct http_toy *toy);
void http_toy_start(struct http_toy *toy);
/* Both. */
void http_toy_open(struct http_toy *toy);
/* In the order of house.md 4.9; the store stays until http_toy_close(). */
void http_toy_stop(struct http_toy *toy);
void http_toy_close(struct http_toy *toy);

/* How often /hidden was answered. */
int http_toy_hidden(const struct http_toy *toy);

/* Wait until so many requests are suspended. */
void http_toy_await_suspended(const struct http_toy *toy, int count);

#endif
