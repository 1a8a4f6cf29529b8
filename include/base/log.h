#ifndef YIDAN_BASE_LOG_H
#define YIDAN_BASE_LOG_H

#include <stdint.h>

/*
 * log.h - one JSON line an entry, to stderr.
 *
 * Layer    base.  main, http, background and the writer log; everybody else
 *          returns an error.
 * Threads  any; a line is written with one write(2), so lines never mix.
 *
 * Never in a log: bodies, queries, cookies, names, phones (reliability.md 23).
 */

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Lines below `level` are dropped; set once at start. */
void log_level_set(enum log_level level);

/*
 * Write {"time":…,"level":…,"event":`event`, key: value, …}.  The pairs are
 * (const char *key, enum log_kind, value) ended by NULL; use the macros:
 * log_event(LOG_INFO, "request", log_text("id", id), log_int("ms", 3));
 */
enum log_kind { LOG_KIND_END, LOG_KIND_TEXT, LOG_KIND_INT };
struct log_pair {
    const char *key;
    enum log_kind kind;
    const char *text;
    int64_t number;
};
#define log_text(key_, text_)                                                            \
    ((struct log_pair){ .key = key_, .kind = LOG_KIND_TEXT, .text = text_ })
#define log_int(key_, number_)                                                           \
    ((struct log_pair){ .key = key_, .kind = LOG_KIND_INT, .number = number_ })
#define log_event(level, event, ...)                                                     \
    log_write(level, event,                                                              \
              (const struct log_pair[]){ __VA_ARGS__, { .kind = LOG_KIND_END } })
void log_write(enum log_level level, const char *event, const struct log_pair *pairs);

#endif
