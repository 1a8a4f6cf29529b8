#include <stdlib.h>

#include "api/api.h"
#include "background/exporter.h"
#include "background/importer.h"
#include "background/indexer.h"
#include "background/timer.h"
#include "background/worker.h"
#include "base/timeutil.h"
#include "cli_internal.h"
#include "http/http.h"
#include "http/stream.h"
#include "store/reader.h"
#include "store/store.h"
#include "store/writer.h"

/*
 * cli_server.c - the server as a whole: start in order, stop in reverse.
 *
 * 1. Nobody starts before what it uses, nobody stops before who uses it.
 * 2. Between writer_drain() and http_server_stop() the writer is still there,
 *    because a connection that is kept alive may ask it for a place.
 * 3. Workers outlive writer_drain(), which waits for the places they hold.
 */

#define WORKER_THREADS 2
#define WORKER_ROOM 256
#define READERS_BEHIND                                                                   \
    3 /* importer, exporter, streams: so that no request waits for them */

struct server {
    struct http_config http_config;
    struct api_services services;
    struct store *store;
    struct reader_pool *readers;
    struct writer *writer;
    struct workers *workers;
    struct timer *timer;
    struct indexer *indexer;
    struct importer *importer;
    struct exporter *exporter;
    struct http_server *http;
};

static void
note_commit(void *http)
{
    http_server_note_commit(http);
}

static enum err
start(struct server *server, const struct server_options *options,
      struct problem *problem)
{
    const struct config *config = options->config;
    int64_t now = options->clock == NULL ? time_now() : options->clock();

    TRY(store_open(config, &server->store, problem));
    TRY(reader_pool_open(server->store, (int)config->http_threads + READERS_BEHIND,
                         &server->readers));
    TRY(writer_open(server->store, &server->writer));
    enum err seeded = cli_seed(server->store, server->writer, now);
    if (seeded !=
        ERR_DISK_FULL) /* then it can still be read, and writes resume by themselves */
        TRY(seeded);
    TRY(workers_start(WORKER_THREADS, WORKER_ROOM, &server->workers));
    if (options->has_timer) {
        TRY(timer_start(server->store, server->writer, &server->timer));
        TRY(indexer_start(server->store, server->writer, &server->indexer));
    }

    TRY(importer_start(server->store, server->readers, server->writer, options->clock,
                       &server->importer));
    server->services.importer = server->importer;
    server->services.wake_importer = importer_wake;
    TRY(exporter_start(server->store, server->readers, server->writer, api_export_make,
                       options->clock, &server->exporter));
    server->services.exporter = server->exporter;
    server->services.wake_exporter = exporter_wake;

    server->services.started_at = now;
    server->services.version = YIDAN_VERSION;
    server->services.last_seen = last_seen_new();
    server->services.feed = stream_feed_new();
    if (server->services.last_seen == NULL || server->services.feed == NULL)
        return ERR_NO_MEMORY;
    server->http_config = (struct http_config){
        .config = config,
        .routes = api_routes,
        .route_count = api_route_count,
        .who = api_who,
        .offload = workers_offload,
        .workers = server->workers,
        .stream_round = stream_feed_round,
        .assets = options->assets,
        .services = &server->services,
        .clock = options->clock,
    };
    TRY(http_server_start(&server->http_config, server->store, server->readers,
                          server->writer, &server->http, problem));
    server->services.server = server->http;
    writer_on_commit(server->writer, note_commit, server->http);
    return OK;
}

enum err
server_start(const struct server_options *options, struct server **ret_server,
             struct problem *reterr_problem)
{
    struct server *server = calloc(1, sizeof *server);

    if (server == NULL)
        return ERR_NO_MEMORY;
    enum err err = start(server, options, reterr_problem);
    if (err != OK) {
        server_stop(server);
        return err;
    }
    *ret_server = server;
    return OK;
}

int
server_port(const struct server *server)
{
    return http_server_port(server->http);
}

struct store *
server_store(const struct server *server)
{
    return server->store;
}

struct writer *
server_writer(const struct server *server)
{
    return server->writer;
}

void
server_stop(struct server *server)
{
    if (server == NULL)
        return;
    if (server->http != NULL)
        http_server_quiesce(server->http);
    timer_stop(server->timer);
    indexer_stop(server->indexer);
    importer_stop(server->importer); /* goes on at the next start */
    exporter_stop(server->exporter); /* begins again at the next start */
    if (server->writer != NULL)
        writer_drain(server->writer); /* answers whoever waits */
    if (server->http != NULL)
        http_server_stop(server->http);
    workers_free(server->workers);
    writer_free(server->writer);
    reader_pool_close(server->readers);
    store_close(server->store);
    stream_feed_free(server->services.feed);
    last_seen_free(server->services.last_seen);
    free(server);
}
