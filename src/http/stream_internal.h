#ifndef YIDAN_STREAM_INTERNAL_H
#define YIDAN_STREAM_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http_internal.h"

/*
 * stream_internal.h - what a stream (stream.c) and the thread that feeds all of
 *                     them (stream_rounds.c) share.
 *
 * Layer    http.
 * Threads  what is under the lock is said below.
 */

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

static inline void
streams_lock(struct streams *streams)
{
    (void)pthread_mutex_lock(&streams->lock); /* ours, initialised */
}

static inline void
streams_unlock(struct streams *streams)
{
    (void)pthread_mutex_unlock(&streams->lock); /* ours, locked */
}

/* There is something to do for the thread. */
void streams_wake(struct streams *streams);

/* Under the lock: let `count` bytes wait; a stream that takes too little ends. */
void stream_put(struct stream *stream, const char *bytes, size_t count);
/* Under the lock: has the client closed, or said that it will send nothing more? */
bool stream_is_gone(const struct stream *stream);
/* Give a reference back.  Takes the lock. */
void stream_release(struct stream *stream);

#endif
