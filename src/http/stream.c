#include "http/stream.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/config.h"
#include "base/timeutil.h"
#include "stream_internal.h"

/*
 * stream.c - one stream: its buffer, libmicrohttpd that empties it, the handler
 * that opens it.  Who fills it is stream_rounds.c.
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
 *
 * A suspended connection has no timeout and does not notice a client that left:
 * the rounds look after it.  What is being sent has the deadline of a body.
 */

#define FIRST_ROOM 512
#define KEPT_ROOM 4096 /* a larger buffer is given back when it is empty */

/* --- One stream, under the lock -------------------------------------------------------- */

static void
stream_free(struct stream *stream)
{
    free(stream->listener);
    free(stream->bytes);
    free(stream);
}

void
stream_release(struct stream *stream)
{
    struct streams *streams = stream->streams;

    streams_lock(streams);
    bool is_last = --stream->references == 0;
    streams_unlock(streams);
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

void
stream_put(struct stream *stream, const char *bytes, size_t count)
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

bool
stream_is_gone(const struct stream *stream)
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
    streams_lock(streams);
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
    streams_unlock(streams);
    return result;
}

static void
on_response_freed(void *context)
{
    stream_release(context);
}

struct MHD_Response *
stream_response(struct stream *stream)
{
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, KEPT_ROOM, on_read, stream, on_response_freed);

    if (response == NULL)
        return NULL;
    streams_lock(stream->streams);
    stream->references++;
    streams_unlock(stream->streams);
    return response;
}

void
stream_leave(struct stream *stream)
{
    if (stream == NULL)
        return;
    struct streams *streams = stream->streams;

    streams_lock(streams);
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
    streams_unlock(streams);
    stream_release(stream);
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
        if (!stream->is_ended && stream->user_id == user_id && stream_is_gone(stream))
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
    streams_lock(streams);
    enum err error = admit(streams, stream->user_id);

    if (error == OK) {
        stream->is_ended = streams->is_closed; /* ends before it begins */
        stream->older = streams->newest;
        if (stream->older != NULL)
            stream->older->newer = stream;
        streams->newest = stream;
        streams->count++;
        stream->is_listed = true;
    }
    streams_unlock(streams);
    streams_wake(streams);
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
    stream_put(stream, opening, strlen(opening));
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
    streams_lock(stream->streams);
    stream_put(stream, bytes, count);
    streams_unlock(stream->streams);
}

void
stream_end(struct stream *stream)
{
    streams_lock(stream->streams);
    stream->is_ended = true;
    streams_unlock(stream->streams);
}
