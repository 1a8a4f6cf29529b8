#include "http/stream.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/config.h"
#include "base/log.h"
#include "base/timeutil.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "stream_internal.h"

/*
 * stream_rounds.c - the thread that feeds all streams, round by round.
 *
 * 1. No lock is held while the hook runs; a stream that goes away meanwhile stays
 *    allocated by the round's reference.
 * 2. Once closed, no stream is suspended and none is made any more.
 * 3. A writer only writes to an eventfd that never blocks.
 *
 * Each second the descriptors of the suspended are looked at, and every
 * stream_keepalive_ms a comment goes out.
 */

#define TICK_MS 1000

/*
 * A change may be told to hundreds: so many, then a pause, or a read that comes meanwhile
 * waits until its pool thread has sent to all of them.  500 take a quarter of a second.
 * Who has left is only closed, and waits for nothing: or a client that comes and goes would
 * make each round, and the list, as long as it likes.
 */
#define TOLD_AT_ONCE 8
#define TOLD_PAUSE_MS 4

#define ERROR_EVERY_MS 60000

static const char keepalive[] = ": \n\n";

void
streams_wake(struct streams *streams)
{
    const uint64_t one = 1;

    if (atomic_exchange(&streams->is_woken, true))
        return;
    /* Fails only when the counter is full, and then it is awake. */
    if (write(streams->wake_fd, &one, sizeof one) != sizeof one)
        return;
}

/* --- The thread --------------------------------------------------------------------------------- */

/* Everybody of now, each with a reference; NULL when there is nobody (or no memory). */
static struct stream **
collect(struct streams *streams, size_t *ret_count)
{
    size_t count = 0;

    streams_lock(streams);
    struct stream **all =
        streams->count == 0 ? NULL : calloc((size_t)streams->count, sizeof(void *));

    for (struct stream *stream = streams->newest; stream != NULL && all != NULL;
         stream = stream->older) {
        stream->references++;
        all[count++] = stream;
    }
    streams_unlock(streams);
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

        streams_lock(stream->streams);
        if (stream->is_listed && !stream->is_ended) {
            if (stream_is_gone(stream))
                stream->is_ended = true;
            else if (stream->is_suspended && stream->count == 0 &&
                     now_ms - stream->sent_at_ms >= keepalive_ms)
                stream_put(stream, keepalive, sizeof keepalive - 1);
        }
        streams_unlock(stream->streams);
    }
}

/* Let go of everybody, and resume whom something waits for (stream.c 1). */
static void
resume(struct stream **all, size_t count)
{
    int told = 0;

    for (size_t i = 0; i < count; i++) {
        struct stream *stream = all[i];
        struct MHD_Connection *connection = NULL;

        streams_lock(stream->streams);
        bool is_told = stream->count > 0;
        if (stream->is_suspended && (is_told || stream->is_ended)) {
            stream->is_suspended = false;
            connection = stream->connection;
        }
        streams_unlock(stream->streams);
        if (connection != NULL) {
            MHD_resume_connection(connection);
            if (is_told && ++told % TOLD_AT_ONCE == 0)
                (void)poll(NULL, 0, TOLD_PAUSE_MS); /* nobody wakes it */
        }
        stream_release(stream);
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

    streams_lock(streams);
    int wait_ms = streams->count > 0 ? TICK_MS : -1;
    streams_unlock(streams);
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
        streams_lock(streams);
        bool is_closed = streams->is_closed;
        streams_unlock(streams);
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
    streams_lock(streams);
    streams->is_closed = true;
    streams_unlock(streams);
    streams_wake(streams);
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
    streams_lock(streams);
    int64_t waiting = streams->waiting;

    streams_unlock(streams);
    return waiting;
}

void
streams_stats(struct streams *streams, int64_t *ret_count, int64_t *ret_dropped)
{
    streams_lock(streams);
    *ret_count = streams->count;
    streams_unlock(streams);
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
        streams_wake(server->streams);
}
