#include <pthread.h>
#include <stdlib.h>

#include "api_internal.h"

/*
 * last_seen.c - when sessions were last seen, in memory.
 *
 * A session has one slot, which it may lose to another one: then what counts is
 * what the database says, at most `write_every_s` older.  So it never ends
 * later than it should, and needs no list that grows.
 */

#define SLOTS 4096

struct slot {
    int64_t session_id;
    int64_t seen_at;
    int64_t told_at; /* when somebody was told to write it down */
};

struct last_seen {
    pthread_mutex_t lock;
    struct slot slots[SLOTS];
};

struct last_seen *
last_seen_new(void)
{
    struct last_seen *seen = calloc(1, sizeof *seen);

    if (seen != NULL)
        pthread_mutex_init(&seen->lock, NULL);
    return seen;
}

void
last_seen_free(struct last_seen *seen)
{
    if (seen == NULL)
        return;
    pthread_mutex_destroy(&seen->lock);
    free(seen);
}

static struct slot *
slot_of(struct last_seen *seen, int64_t session_id)
{
    return &seen->slots[(uint64_t)session_id % SLOTS];
}

int64_t
last_seen_get(struct last_seen *seen, int64_t session_id, int64_t stored_at)
{
    int64_t at = stored_at;

    pthread_mutex_lock(&seen->lock);
    const struct slot *slot = slot_of(seen, session_id);
    if (slot->session_id == session_id && slot->seen_at > at)
        at = slot->seen_at;
    pthread_mutex_unlock(&seen->lock);
    return at;
}

bool
last_seen_put(struct last_seen *seen, int64_t session_id, int64_t stored_at, int64_t now,
              int64_t write_every_s)
{
    pthread_mutex_lock(&seen->lock);
    struct slot *slot = slot_of(seen, session_id);
    if (slot->session_id != session_id)
        *slot = (struct slot){ .session_id = session_id };
    if (now > slot->seen_at)
        slot->seen_at = now;
    if (stored_at > slot->told_at)
        slot->told_at = stored_at;
    bool must_write = now - slot->told_at >= write_every_s;
    if (must_write)
        slot->told_at = now;
    pthread_mutex_unlock(&seen->lock);
    return must_write;
}
