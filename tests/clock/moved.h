#ifndef YIDAN_TESTS_MOVED_H
#define YIDAN_TESTS_MOVED_H

#include <limits.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>

#include "base/config.h"

/*
 * moved.h - a store with its writer and its timer, under clocks that somebody moves, and a
 * connection that only reads beside it.
 *
 * Whatever goes wrong here ends the program with 2.
 */

struct moved {
    char data[PATH_MAX - 32];
    struct config config; /* `data` and what else is not the default: the caller's */
    struct store *store;
    struct writer *writer;
    struct timer *timer;
    sqlite3 *db;
    sqlite3_stmt
        *events; /* of a larger seq than ?1: seq, ticket, at, type, payload, state */

    /* Both clocks at once, or the timer would see one moved and the other not. */
    pthread_mutex_t lock;
    int64_t wall, monotonic_ms;
    int64_t seen_ms; /* the timer's own: as it was when it read the wall */
};

void moved_init(struct moved *moved);

/* All but the timer, which looks at the clock as soon as it is started. */
void moved_open(struct moved *moved);
void moved_start_timer(struct moved *moved);
void moved_close(struct moved *moved);

void moved_set(struct moved *moved, int64_t wall, int64_t passed_ms);

/* The first column of the first row; ?1, if there is one, is `parameter`. */
int64_t moved_ask(struct moved *moved, const char *sql, int64_t parameter);

void must(enum err err, const char *what);

#endif
