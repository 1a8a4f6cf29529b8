/* moved.c - see the header. */
#include "moved.h"

#include "background/timer.h"
#include "base/text.h"
#include "scenes.h"
#include "store/store.h"
#include "store/writer.h"

void
must(enum err err, const char *what)
{
    if (err != OK)
        fail(what, err_code(err));
}

void
moved_init(struct moved *moved)
{
    *moved = (struct moved){ .lock = PTHREAD_MUTEX_INITIALIZER };
    config_defaults(&moved->config);
}

/* --- The clocks -------------------------------------------------------------------- */

static int64_t
read_wall(void *context)
{
    struct moved *moved = context;

    (void)pthread_mutex_lock(&moved->lock);
    int64_t wall = moved->wall;
    moved->seen_ms = moved->monotonic_ms;
    (void)pthread_mutex_unlock(&moved->lock);
    return wall;
}

static int64_t
read_monotonic_ms(void *context)
{
    return ((const struct moved *)context)->seen_ms;
}

void
moved_set(struct moved *moved, int64_t wall, int64_t passed_ms)
{
    (void)pthread_mutex_lock(&moved->lock);
    moved->wall = wall;
    moved->monotonic_ms += passed_ms;
    (void)pthread_mutex_unlock(&moved->lock);
}

/* --- The store --------------------------------------------------------------------- */

void
moved_open(struct moved *moved)
{
    struct problem problem = { .value = "" };
    char path[PATH_MAX];

    enum err err = store_open(&moved->config, &moved->store, &problem);
    if (err != OK)
        fail(err_code(err), problem.value);
    must(writer_open(moved->store, &moved->writer), "writer");
    path_in(path, moved->data, "yidan.db");
    if (sqlite3_open_v2(path, &moved->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(moved->db,
                           "SELECT seq, ticket_id, at, type, payload, to_state"
                           " FROM event WHERE seq > ?1 ORDER BY seq",
                           -1, &moved->events, NULL) != SQLITE_OK)
        fail("reading", sqlite3_errmsg(moved->db));
}

void
moved_start_timer(struct moved *moved)
{
    const struct timer_clock clock = { read_wall, read_monotonic_ms, moved };

    must(timer_start_by(moved->store, moved->writer, &clock, &moved->timer), "timer");
}

void
moved_close(struct moved *moved)
{
    (void)sqlite3_finalize(moved->events); /* repeats the last step's error */
    (void)sqlite3_close(moved->db);        /* every statement is finalized */
    timer_stop(moved->timer);
    writer_free(moved->writer);
    store_close(moved->store);
}

int64_t
moved_ask(struct moved *moved, const char *sql, int64_t parameter)
{
    sqlite3_stmt *stmt = NULL;

    if (sqlite3_prepare_v2(moved->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail("asking", sqlite3_errmsg(moved->db));
    (void)sqlite3_bind_int64(stmt, 1, parameter); /* most have none */
    if (sqlite3_step(stmt) != SQLITE_ROW)
        fail("asking", sqlite3_errmsg(moved->db));
    int64_t number = sqlite3_column_int64(stmt, 0);
    (void)sqlite3_finalize(stmt); /* it had a row */
    return number;
}
