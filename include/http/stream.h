#ifndef YIDAN_HTTP_STREAM_H
#define YIDAN_HTTP_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * stream.h - answers that never end by themselves: server-sent events.
 *
 * Layer    http.  What is told to whom is decided above, in one hook.
 * Threads  one of its own, "streams", calls the hook (http_config.stream_round)
 *          after commits, for new listeners, and each second; writers only wake
 *          it.  reply_stream_take() is a handler's, the rest is the hook's.
 * Lifetime a stream lives from its answer until its connection is closed, and
 *          at least until the round that was given it returns.
 */

struct http_config;
struct http_server;
struct reader;
struct request;
struct rulebook;
struct stream; /* opaque: one listener's connection */

/* What the hook works with; borrowed for the call. */
struct stream_round {
    const struct http_config *http;
    struct reader *reader;
    const struct rulebook *rulebook;
    int64_t now;
    struct stream *const *streams; /* everybody who listens now */
    size_t count;
};

/*
 * Answer 200 with a stream for the user `user_id`; begins with `opening`, which
 * is copied.  `listener` is what the hook keeps of this listener: taken, and
 * given to free() when the stream is gone, or at once when it is refused.
 * A server that is stopping ends it at once.
 * Errors   ERR_STREAM_TOO_MANY  the user has streams_per_user already, or the
 *                               server streams_max
 *          ERR_NO_MEMORY
 */
MUST_CHECK enum err reply_stream_take(struct request *req, int64_t user_id,
                                      const char *opening, void *listener);

void *stream_listener(const struct stream *stream);

/*
 * Put `count` bytes behind what waits for this listener.  Never waits: who has
 * not taken STREAM_BYTES_MAX bytes is dropped.  After stream_end() it does nothing.
 */
#define STREAM_BYTES_MAX ((size_t)64 * 1024)
void stream_send(struct stream *stream, const char *bytes, size_t count);

/* What waits is still sent, then the answer ends. */
void stream_end(struct stream *stream);

/* Something was committed.  Any thread; never waits. */
void http_server_note_commit(struct http_server *server);

#endif
