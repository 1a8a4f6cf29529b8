#include "http/stream.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/config.h"
#include "base/log.h"
#include "base/timeutil.h"
#include "http_internal.h"
#include "store/reader.h"
#include "store/rulebook.h"

/*
 * stream.c - streams to listeners, and the thread that feeds them.
 *
 * 1. A connection is suspended in one place, the content reader, under the lock
 *    and only when nothing waits to be sent; whoever takes `is_suspended` away
 *    resumes it, after the lock.  Between the two nobody else can touch or close
 *    the connection, so it is still there.
 * 2. `waiting` counts streams from their suspension to the call of the content
 *    reader (or the end) that follows the resumption.  MHD_stop_daemon() is not
 *    called before it is 0.
 * 3. A stream is in the list exactly as long as its request is being handled, so
 *    the peer and the descriptor of a listed stream are open.
 * 4. No lock is held while the hook runs; a stream that goes away meanwhile stays
 *    allocated by the round's reference.
 * 5. Once closed, no stream is suspended and none is made any more.
 * 6. A writer only writes to an eventfd that never blocks.
 *
 * A suspended connection has no timeout and does not notice a client that left:
 * each second the descriptors are looked at, and every stream_keepalive_ms a
 * comment goes out.  What is being sent has the deadline of a body.
 */

#define TICK_MS 1000
#define FIRST_ROOM 512
#define KEPT_ROOM 4096 /* a larger buffer is given back when it is empty */
#define ERROR_EVERY_MS 60000

static const char keepalive[] = ": \n\n";

struct stream {
    struct streams *streams;
    struct stream *older, *newer; /* the list; all from here on under the lock */
    int references;               /* of the exchange, of the response, of a round */
    bool is_listed;
    int64_t user_id;
    void *listener;
    struct MHD_Connection *connection;
    struct peer *peer;

    char *bytes; /* what waits: `count` from `from` on */
    size_t from, count, room;
    bool is_suspended, is_waiting, is_ended;
    int64_t sent_at_ms;
};

struct streams {
    struct http_server *server;
    pthread_t thread;
    int wake_fd;
    atomic_bool is_woken; /* the eventfd was written to since it was read */

    pthread_mutex_t lock; /* "streams": of all below, and of every stream */
    struct stream *newest;
    int64_t count, waiting;
    bool is_closed;

    atomic_llong dropped;

    /* The thread's own. */
    int64_t round_at_ms, error_at_ms;
};

static void
lock(struct streams *streams)
{
    (void)pthread_mutex_lock(&streams->lock); /* ours, initialised */
}

static void
unlock(struct streams *streams)
{
    (void)pthread_mutex_unlock(&streams->lock); /* ours, locked */
}

static void
wake(struct streams *streams)
{
    const uint64_t one = 1;

    if (atomic_exchange(&streams->is_woken, true))
        return;
    /* Fails only when the counter is full, and then it is awake. */
    if (write(streams->wake_fd, &one, sizeof one) != sizeof one)
        return;
}

/* --- One stream, under the lock -------------------------------------------------------- */

static void
stream_free(struct stream *stream)
{
    free(stream->listener);
    free(stream->bytes);
    free(stream);
}

/* Give a reference back.  Takes the lock. */
static void
release(struct stream *stream)
{
    struct streams *streams = stream->streams;

    lock(streams);
    bool is_last = --stream->references == 0;
    unlock(streams);
    if (is_last)
        stream_free(stream);
}

static void
stop_waiting(struct stream *stream)
{
    if (stream->is_waiting)
        stream->streams->waiting--;
    stream->is_waiting = false;
}

/* Room for `count` bytes more; false when out of memory. */
static bool
make_room(struct stream *stream, size_t count)
{
    if (stream->from > 0) {
        memmove(stream->bytes, stream->bytes + stream->from, stream->count);
        stream->from = 0;
    }
    size_t room = stream->room == 0 ? FIRST_ROOM : stream->room;

    while (room < stream->count + count)
        room *= 2;
    if (room == stream->room)
        return true;
    char *bytes = realloc(stream->bytes, room);

    if (bytes == NULL)
        return false;
    stream->bytes = bytes;
    stream->room = room;
    return true;
}

/* Whoever does not take what is sent makes room for the others. */
static void
drop(struct stream *stream)
{
    stream->is_ended = true;
    stream->count = 0;
    count_up(&stream->streams->dropped);
    if (stream->is_listed)
        peer_deadline(stream->peer, 1); /* long past: the sweeper shuts it down */
}

static void
put(struct stream *stream, const char *bytes, size_t count)
{
    if (stream->is_ended)
        return;
    if (stream->count + count > STREAM_BYTES_MAX || !make_room(stream, count)) {
        drop(stream);
        return;
    }
    memcpy(stream->bytes + stream->count, bytes, count);
    stream->count += count;
}

static size_t
take(struct stream *stream, char *to, size_t most)
{
    size_t count = stream->count < most ? stream->count : most;

    memcpy(to, stream->bytes + stream->from, count);
    stream->from += count;
    stream->count -= count;
    if (stream->count == 0) {
        stream->from = 0;
        if (stream->room > KEPT_ROOM) {
            free(stream->bytes);
            stream->bytes = NULL;
            stream->room = 0;
        }
    }
    return count;
}

/* Has the client closed, or at least said that it will send nothing more? */
static bool
is_gone(const struct stream *stream)
{
    struct pollfd look = { .fd = stream->peer->fd, .events = POLLRDHUP };

    return poll(&look, 1, 0) == 1 &&
           (look.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

/* --- libmicrohttpd's side: the pool thread of the connection ----------------------------- */

static ssize_t
on_read(void *context, uint64_t position, char *to, size_t most)
{
    struct stream *stream = context;
    struct streams *streams = stream->streams;
    ssize_t result = 0;

    (void)position; /* what was taken is not asked for again */
    lock(streams);
    stop_waiting(stream);
    if (stream->count > 0) {
        int64_t now_ms = time_monotonic_ms();

        result = (ssize_t)take(stream, to, most);
        stream->sent_at_ms = now_ms;
        peer_deadline(stream->peer,
                      now_ms + streams->server->config->config->body_timeout_ms);
    } else if (stream->is_ended) {
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        peer_deadline(stream->peer, 0);
        stream->is_suspended = true;
        stream->is_waiting = true;
        streams->waiting++;
        MHD_suspend_connection(stream->connection);
    }
    unlock(streams);
    return result;
}

static void
on_response_freed(void *context)
{
    release(context);
}

struct MHD_Response *
stream_response(struct stream *stream)
{
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, KEPT_ROOM, on_read, stream, on_response_freed);

    if (response == NULL)
        return NULL;
    lock(stream->streams);
    stream->references++;
    unlock(stream->streams);
    return response;
}

void
stream_leave(struct stream *stream)
{
    if (stream == NULL)
        return;
    struct streams *streams = stream->streams;

    lock(streams);
    if (stream->newer != NULL)
        stream->newer->older = stream->older;
    else
        streams->newest = stream->older;
    if (stream->older != NULL)
        stream->older->newer = stream->newer;
    streams->count--;
    stop_waiting(stream);
    stream->is_listed = false;
    stream->is_ended = true;
    stream->is_suspended = false;
    stream->peer = NULL;
    stream->connection = NULL;
    unlock(streams);
    release(stream);
}

/* --- A handler's side ----------------------------------------------------------------------- */

/* May this user have one more?  Whose client has left does not count, invariant 3. */
static enum err
admit(struct streams *streams, int64_t user_id)
{
    const struct config *config = streams->server->config->config;
    int64_t mine = 0, others = 0;

    for (struct stream *stream = streams->newest; stream != NULL;
         stream = stream->older) {
        if (!stream->is_ended && stream->user_id == user_id && is_gone(stream))
            stream->is_ended = true; /* resumed in the next round */
        if (stream->is_ended)
            continue;
        if (stream->user_id == user_id)
            mine++;
        else
            others++;
    }
    return mine >= config->streams_per_user || mine + others >= config->streams_max
               ? ERR_STREAM_TOO_MANY
               : OK;
}

static enum err
enlist(struct streams *streams, struct stream *stream)
{
    lock(streams);
    enum err error = admit(streams, stream->user_id);

    if (error == OK) {
        stream->is_ended = streams->is_closed; /* invariant 5: ends before it begins */
        stream->older = streams->newest;
        if (stream->older != NULL)
            stream->older->newer = stream;
        streams->newest = stream;
        streams->count++;
        stream->is_listed = true;
    }
    unlock(streams);
    wake(streams);
    return error;
}

enum err
reply_stream_take(struct request *req, int64_t user_id, const char *opening,
                  void *listener)
{
    struct exchange *exchange = req->exchange;
    struct stream *stream = NULL;

    if (!exchange->is_head_method)
        stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        free(listener);
        return exchange->is_head_method ? reply_text(req, 200, "text/event-stream", "", 0)
                                        : ERR_NO_MEMORY;
    }
    stream->streams = exchange->server->streams;
    stream->references = 1; /* the exchange's */
    stream->user_id = user_id;
    stream->listener = listener;
    stream->connection = exchange->connection;
    stream->peer = exchange->peer;
    stream->sent_at_ms = time_monotonic_ms();
    put(stream, opening, strlen(opening));
    enum err error = stream->is_ended ? ERR_NO_MEMORY : enlist(stream->streams, stream);

    if (error != OK) {
        stream_free(stream); /* nobody else knows it */
        return error;
    }
    exchange->stream = stream;
    exchange->must_close = true; /* nothing follows a stream */
    TRY(reply_text(req, 200, "text/event-stream", "", 0));
    req->reply->stream = stream;
    return reply_header(req, "X-Accel-Buffering", "no"); /* a proxy must not collect it */
}

/* --- The hook's side -------------------------------------------------------------------------- */

void *
stream_listener(const struct stream *stream)
{
    return stream->listener; /* set before anybody sees the stream */
}

void
stream_send(struct stream *stream, const char *bytes, size_t count)
{
    lock(stream->streams);
    put(stream, bytes, count);
    unlock(stream->streams);
}

void
stream_end(struct stream *stream)
{
    lock(stream->streams);
    stream->is_ended = true;
    unlock(stream->streams);
}

/* --- The thread --------------------------------------------------------------------------------- */

/* Everybody of now, each with a reference; NULL when there is nobody (or no memory). */
static struct stream **
collect(struct streams *streams, size_t *ret_count)
{
    size_t count = 0;

    lock(streams);
    struct stream **all =
        streams->count == 0 ? NULL : calloc((size_t)streams->count, sizeof(void *));

    for (struct stream *stream = streams->newest; stream != NULL && all != NULL;
         stream = stream->older) {
        stream->references++;
        all[count++] = stream;
    }
    unlock(streams);
    *ret_count = count;
    return all;
}

/* Comments for who heard nothing for long, and an end for who has left. */
static void
look_after(struct stream *const *all, size_t count, int64_t keepalive_ms)
{
    int64_t now_ms = time_monotonic_ms();

    for (size_t i = 0; i < count; i++) {
        struct stream *stream = all[i];

        lock(stream->streams);
        if (stream->is_listed && !stream->is_ended) {
            if (is_gone(stream))
                stream->is_ended = true;
            else if (stream->is_suspended && stream->count == 0 &&
                     now_ms - stream->sent_at_ms >= keepalive_ms)
                put(stream, keepalive, sizeof keepalive - 1);
        }
        unlock(stream->streams);
    }
}

/* Let go of everybody, and resume whom something waits for (invariant 1). */
static void
resume(struct stream **all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct stream *stream = all[i];
        struct MHD_Connection *connection = NULL;

        lock(stream->streams);
        if (stream->is_suspended && (stream->count > 0 || stream->is_ended)) {
            stream->is_suspended = false;
            connection = stream->connection;
        }
        unlock(stream->streams);
        if (connection != NULL)
            MHD_resume_connection(connection);
        release(stream);
    }
    free(all);
}

static enum err
call_hook(struct streams *streams, struct stream *const *all, size_t count)
{
    const struct http_server *server = streams->server;
    struct stream_round round = {
        .http = server->config,
        .now = server_now(server),
        .streams = all,
        .count = count,
    };

    TRY(reader_acquire(server->readers, 0, &round.reader));
    round.rulebook = rulebook_acquire(server->store);
    enum err error = server->config->stream_round(&round);

    rulebook_release(round.rulebook);
    reader_release(server->readers, round.reader);
    return error;
}

static void
do_round(struct streams *streams)
{
    const struct config *config = streams->server->config->config;
    size_t count = 0;
    struct stream **all = collect(streams, &count);

    if (all == NULL)
        return;
    enum err error = call_hook(streams, all, count);
    int64_t now_ms = time_monotonic_ms();

    /* It is tried again in a second; the log needs that less often. */
    if (error != OK &&
        (streams->error_at_ms == 0 || now_ms - streams->error_at_ms >= ERROR_EVERY_MS)) {
        streams->error_at_ms = now_ms;
        log_event(LOG_ERROR, "stream_round_failed", log_text("error", err_code(error)));
    }
    look_after(all, count, config->stream_keepalive_ms);
    resume(all, count);
}

/* Wait for work: at once, but for one round in stream_gather_ms; a second at most with listeners. */
static void
await(struct streams *streams)
{
    struct pollfd look = { .fd = streams->wake_fd, .events = POLLIN };
    uint64_t count = 0;

    lock(streams);
    int wait_ms = streams->count > 0 ? TICK_MS : -1;
    unlock(streams);
    if (poll(&look, 1, wait_ms) > 0 && read(streams->wake_fd, &count, sizeof count) < 0)
        count = 0; /* nobody else reads it: this does not happen */
    atomic_store(&streams->is_woken, false);

    int64_t early_ms = streams->round_at_ms +
                       streams->server->config->config->stream_gather_ms -
                       time_monotonic_ms();

    if (count > 0 &&
        early_ms > 0) /* what comes meanwhile is told together; a close too */
        (void)poll(NULL, 0, (int)early_ms);
}

static void *
work(void *context)
{
    struct streams *streams = context;

    for (;;) {
        await(streams);
        lock(streams);
        bool is_closed = streams->is_closed;
        unlock(streams);
        if (is_closed)
            return NULL;
        do_round(streams);
        streams->round_at_ms = time_monotonic_ms();
    }
}

/* --- Life ------------------------------------------------------------------------------------------ */

enum err
streams_start(struct http_server *server, struct streams **ret_streams)
{
    struct streams *streams = calloc(1, sizeof *streams);

    if (streams == NULL)
        return ERR_NO_MEMORY;
    streams->server = server;
    streams->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (streams->wake_fd < 0) {
        free(streams);
        return ERR_INTERNAL;
    }
    (void)pthread_mutex_init(&streams->lock, NULL); /* cannot fail on Linux */
    if (pthread_create(&streams->thread, NULL, work, streams) != 0) {
        (void)close(streams->wake_fd); /* only a counter */
        (void)pthread_mutex_destroy(&streams->lock);
        free(streams);
        return ERR_NO_MEMORY;
    }
    *ret_streams = streams;
    return OK;
}

void
streams_close(struct streams *streams)
{
    lock(streams);
    streams->is_closed = true;
    unlock(streams);
    wake(streams);
    (void)pthread_join(streams->thread, NULL); /* ours, joined once */

    size_t count = 0;
    struct stream **all = collect(streams, &count);

    for (size_t i = 0; i < count; i++)
        stream_end(all[i]);
    resume(all, count);
}

int64_t
streams_waiting(struct streams *streams)
{
    lock(streams);
    int64_t waiting = streams->waiting;

    unlock(streams);
    return waiting;
}

void
streams_stats(struct streams *streams, int64_t *ret_count, int64_t *ret_dropped)
{
    lock(streams);
    *ret_count = streams->count;
    unlock(streams);
    *ret_dropped = atomic_load_explicit(&streams->dropped, memory_order_relaxed);
}

void
streams_free(struct streams *streams)
{
    if (streams == NULL)
        return;
    assert(streams->count == 0 && streams->waiting == 0);
    (void)close(streams->wake_fd); /* only a counter */
    (void)pthread_mutex_destroy(&streams->lock);
    free(streams);
}

void
http_server_note_commit(struct http_server *server)
{
    if (server->streams != NULL)
        wake(server->streams);
}
