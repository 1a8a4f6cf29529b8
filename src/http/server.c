#include "http_internal.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/config.h"
#include "base/log.h"
#include "base/timeutil.h"

/*
 * server.c - the daemon of libmicrohttpd: start, connections, stop.
 *
 * 1. The listening socket is ours until the daemon has it, and the daemon
 *    closes it.  No new connections is shutdown() on it, not
 *    MHD_quiesce_daemon(): that one takes the socket out of each pool thread's
 *    epoll set while the thread may be doing the same, and whoever comes
 *    second aborts the process.
 * 2. MHD_stop_daemon() is called when nothing is suspended, because it aborts
 *    the process otherwise.
 *    Streams are ended and resumed first, and none is suspended after that.
 * 3. The sweeper outlives the daemon: closing a connection asks it.
 */

/* Exchanges kept for the next requests; more than are ever worked on at once. */
#define UNUSED_MAX 64

/* How long a stop waits for replies that clients are still reading. */
#define STOP_READING_MS 2000

/* --- Exchanges ------------------------------------------------------------------------ */

struct exchange *
server_take_exchange(struct http_server *server)
{
    (void)pthread_mutex_lock(&server->unused_lock); /* ours, initialised */
    struct exchange *exchange = server->unused;

    if (exchange != NULL) {
        server->unused = exchange->next;
        server->unused_count--;
    }
    (void)pthread_mutex_unlock(&server->unused_lock);
    return exchange != NULL ? exchange : exchange_new(server);
}

/*
 * Forget the last request.  What stays is the arena, the identity and the kept
 * reply; lists of fixed size, most of an exchange, are only emptied.
 */
static void
clear(struct exchange *exchange)
{
    struct request *req = &exchange->request;
    struct arena *arena = req->arena;

    memset(req, 0, offsetof(struct request, problem));
    req->arena = arena;
    req->problem.value[0] = '\0';
    req->problem.field_count = 0;
    req->path_value_count = 0;
    req->query_value_count = 0;
    req->query_is_read = false;
    req->reply = NULL;

    struct http_server *server = exchange->server;
    uint64_t seed = exchange->id_seed, count = exchange->id_count;

    memset((char *)exchange + offsetof(struct exchange, server), 0,
           offsetof(struct exchange, kept) - offsetof(struct exchange, server));
    exchange->server = server;
    exchange->id_seed = seed;
    exchange->id_count = count;
}

void
server_give_exchange(struct http_server *server, struct exchange *exchange)
{
    clear(exchange);
    (void)pthread_mutex_lock(&server->unused_lock);
    bool is_kept = server->unused_count < UNUSED_MAX;

    if (is_kept) {
        exchange->next = server->unused;
        server->unused = exchange;
        server->unused_count++;
    }
    (void)pthread_mutex_unlock(&server->unused_lock);
    if (!is_kept)
        exchange_free(exchange);
}

/* --- Connections ---------------------------------------------------------------------- */

static void
read_peer_address(struct peer *peer, const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, address, sizeof in);
        (void)inet_ntop(AF_INET, &in.sin_addr, peer->address, sizeof peer->address);
        peer->is_loopback = ntohl(in.sin_addr.s_addr) >> 24 == 127;
    } else if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 in;

        memcpy(&in, address, sizeof in);
        /* An IPv4 client of a socket for both is that IPv4 client. */
        if (IN6_IS_ADDR_V4MAPPED(&in.sin6_addr)) {
            (void)inet_ntop(AF_INET, &in.sin6_addr.s6_addr[12], peer->address,
                            sizeof peer->address);
            peer->is_loopback = in.sin6_addr.s6_addr[12] == 127;
        } else {
            (void)inet_ntop(AF_INET6, &in.sin6_addr, peer->address, sizeof peer->address);
            peer->is_loopback = IN6_IS_ADDR_LOOPBACK(&in.sin6_addr);
        }
    }
}

static void
peer_new(struct http_server *server, struct MHD_Connection *connection,
         void **peer_context)
{
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct peer *peer = fd == NULL ? NULL : calloc(1, sizeof *peer);

    *peer_context = peer;
    if (peer == NULL)
        return; /* its requests find no peer and are given up */
    peer->fd = fd->connect_fd;
    if (address != NULL && address->client_addr != NULL)
        read_peer_address(peer, address->client_addr);
    atomic_init(&peer->deadline_at_ms,
                time_monotonic_ms() + server->config->config->header_timeout_ms);
    count_up(&server->connections);
    sweeper_add(server->sweeper, peer);
}

static void
on_connection(void *context, struct MHD_Connection *connection, void **peer_context,
              enum MHD_ConnectionNotificationCode what)
{
    struct http_server *server = context;
    struct peer *peer = *peer_context;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        peer_new(server, connection, peer_context);
        return;
    }
    if (peer == NULL)
        return;
    if (peer->exchange != NULL)
        exchange_finish(peer->exchange, false);
    sweeper_remove(server->sweeper, peer);
    (void)atomic_fetch_sub_explicit(&server->connections, 1, memory_order_relaxed);
    free(peer);
    *peer_context = NULL;
}

/* Paths are matched raw (route.c 1). */
static size_t
leave_escaped(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return strlen(text);
}

/* libmicrohttpd's complaints are about clients, or follow an error we see ourselves. */
static void log_complaint(void *context, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static void
log_complaint(void *context, const char *format, va_list arguments)
{
    char text[200];

    (void)context;
    int length = vsnprintf(text, sizeof text, format, arguments);

    if (length < 0)
        return;
    text[strcspn(text, "\n")] = '\0';
    log_event(LOG_DEBUG, "libmicrohttpd", log_text("text", text));
}

/* --- Start ---------------------------------------------------------------------------- */

static enum err
start_daemon(struct http_server *server)
{
    const struct config *config = server->config->config;
    /* One thread would be no pool at all, and one slow read would stop everybody. */
    unsigned threads = config->http_threads < 2 ? 2 : (unsigned)config->http_threads;
    /*
     * In 0.9.75 being strict means two things only, a missing Host and a space
     * in the target, and the guard answers both better: 1 would send the first
     * a head written twice and close the second without a word.
     */
    int strictness = server->checks_layout ? 0 : 1;

    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
        NULL, NULL, exchange_on_call, server,                            /* */
        MHD_OPTION_EXTERNAL_LOGGER, log_complaint, NULL,                 /* first */
        MHD_OPTION_LISTEN_SOCKET, server->listen_fd,                     /* */
        MHD_OPTION_THREAD_POOL_SIZE, threads,                            /* */
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)config->http_connections, /* */
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32 * 1024,           /* */
        MHD_OPTION_STRICT_FOR_CLIENT, strictness,                        /* */
        MHD_OPTION_URI_LOG_CALLBACK, exchange_on_target, server,         /* */
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,               /* */
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,             /* */
        MHD_OPTION_NOTIFY_COMPLETED, exchange_on_completed, server, MHD_OPTION_END);
    if (server->daemon == NULL)
        return ERR_INTERNAL;
    server->listen_fd = -1; /* the daemon's now */
    return OK;
}

static int64_t
shortest_timeout(const struct config *config)
{
    int64_t shortest_ms = config->header_timeout_ms;

    if (config->body_timeout_ms < shortest_ms)
        shortest_ms = config->body_timeout_ms;
    if (config->idle_timeout_ms < shortest_ms)
        shortest_ms = config->idle_timeout_ms;
    return shortest_ms;
}

/* Everything but the daemon's own threads; NULL does nothing. */
static void
server_free(struct http_server *server)
{
    if (server == NULL)
        return;
    sweeper_stop(server->sweeper);
    streams_free(server->streams);
    if (server->listen_fd >= 0)
        (void)close(server->listen_fd); /* nothing was written to it */
    route_tree_free(server->routes);
    while (server->unused != NULL) {
        struct exchange *exchange = server->unused;

        server->unused = exchange->next;
        exchange_free(exchange);
    }
    (void)pthread_mutex_destroy(&server->unused_lock);
    (void)pthread_cond_destroy(&server->has_finished);
    (void)pthread_mutex_destroy(&server->stop_lock);
    free(server);
}

enum err
http_server_start(const struct http_config *config, struct store *store,
                  struct reader_pool *readers, struct writer *writer,
                  struct http_server **ret_server, struct problem *reterr_problem)
{
    struct http_server *server = calloc(1, sizeof *server);
    pthread_condattr_t monotonic;

    if (server == NULL)
        return ERR_NO_MEMORY;
    server->config = config;
    server->store = store;
    server->readers = readers;
    server->writer = writer;
    server->listen_fd = -1;
    server->checks_layout = strcmp(MHD_get_version(), "0.9.75") == 0; /* guard.c 2 */
    /* These fail for want of memory only, which Linux does not have here. */
    (void)pthread_mutex_init(&server->unused_lock, NULL);
    (void)pthread_mutex_init(&server->stop_lock, NULL);
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&server->has_finished, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);

    enum err error = route_tree_new(config->routes, config->route_count, &server->routes);

    if (error == OK)
        error = listen_open(config->config->listen, &server->listen_fd, &server->port,
                            reterr_problem);
    if (error == OK)
        error = sweeper_start(shortest_timeout(config->config), &server->sweeper);
    if (error == OK && config->stream_round != NULL)
        error = streams_start(server, &server->streams);
    if (error == OK)
        error = start_daemon(server);
    if (error != OK) {
        if (server->streams != NULL)
            streams_close(server->streams);
        server_free(server);
        return error;
    }
    *ret_server = server;
    return OK;
}

int64_t
server_now(const struct http_server *server)
{
    return server->config->clock == NULL ? time_now() : server->config->clock();
}

int
http_server_port(const struct http_server *server)
{
    return server->port;
}

/* --- Stop ------------------------------------------------------------------------------ */

bool
http_server_is_draining(const struct http_server *server)
{
    return atomic_load_explicit(&server->is_draining, memory_order_relaxed);
}

void
http_server_quiesce(struct http_server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_LISTEN_FD);

    if (atomic_exchange(&server->is_draining, true))
        return;
    if (info != NULL)
        (void)shutdown(info->listen_fd, SHUT_RDWR); /* invariant 1 */
}

void
server_note_finished(struct http_server *server)
{
    if (!http_server_is_draining(server))
        return;
    (void)pthread_mutex_lock(&server->stop_lock);
    (void)pthread_cond_broadcast(&server->has_finished);
    (void)pthread_mutex_unlock(&server->stop_lock);
}

/* Requests whose work has begun and whose reply is not yet with the client. */
static int64_t
in_flight(const struct http_server *server)
{
    int64_t count = atomic_load(&server->requests);

    for (int i = 0; i < 6; i++)
        count -= atomic_load(&server->replies[i]);
    return count;
}

void
http_server_stop(struct http_server *server)
{
    if (server == NULL)
        return;
    http_server_quiesce(server);
    if (server->streams != NULL)
        streams_close(server->streams);
    int64_t until_ms = time_monotonic_ms() + STOP_READING_MS;

    (void)pthread_mutex_lock(&server->stop_lock);
    for (;;) {
        int64_t now_ms = time_monotonic_ms();
        bool has_suspended =
            atomic_load(&server->suspended) > 0 ||
            (server->streams != NULL && streams_waiting(server->streams) > 0);

        if (!has_suspended && (in_flight(server) <= 0 || now_ms >= until_ms))
            break;
        /* Not told of everything (a resumed client may be gone): look now and then. */
        int64_t look_ms = now_ms + 20;
        struct timespec look = { .tv_sec = (time_t)(look_ms / 1000),
                                 .tv_nsec = (long)(look_ms % 1000) * 1000000 };

        (void)pthread_cond_timedwait(&server->has_finished, &server->stop_lock, &look);
    }
    (void)pthread_mutex_unlock(&server->stop_lock);
    MHD_stop_daemon(server->daemon);
    assert(atomic_load(&server->connections) == 0);
    server_free(server);
}

void
http_stats(const struct http_server *server, struct http_stats *ret_stats)
{
    *ret_stats = (struct http_stats){
        .requests = atomic_load(&server->requests),
        .suspended = atomic_load(&server->suspended),
        .connections = atomic_load(&server->connections),
        .swept_connections = sweeper_count(server->sweeper),
        .guard_refusals = atomic_load(&server->refusals),
    };
    for (int i = 0; i < 6; i++)
        ret_stats->replies[i] = atomic_load(&server->replies[i]);
    if (server->streams != NULL)
        streams_stats(server->streams, &ret_stats->streams, &ret_stats->dropped_streams);
}
