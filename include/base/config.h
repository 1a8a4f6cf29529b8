#ifndef YIDAN_BASE_CONFIG_H
#define YIDAN_BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * config.h - every setting of the program, in one table (config.c).
 *
 * Layer    base.
 * Threads  filled once at start, then immutable.
 *
 * A value comes from, later ones winning: the default, the file
 * ("name = value" lines, # comments), the environment (YIDAN_NAME), the flag
 * (--name value, underscores as dashes).  An unknown name is refused.
 */

#define CONFIG_TEXT_BYTES 256

/* X(kind, member, default, min, max, "unit", "help"); text has bounds 0, 255. */
#define CONFIG_SETTINGS(X)                                                               \
    X(TEXT, data, "./var", 1, 255, "path", "data directory")                             \
    X(TEXT, listen, "127.0.0.1:8080", 1, 255, "host:port",                               \
      "address to listen on; port 0 is any free port")                                   \
    X(TEXT, key_file, "", 0, 255, "path", "keys; empty is `keys` in the data directory") \
    X(TEXT, log_level, "info", 1, 255, "debug|info|warn|error", "lowest level written")  \
    X(TEXT, area_code, "", 0, 8, "digits", "the county's telephone area code")           \
    X(TEXT, trusted_proxy, "", 0, 255, "addresses",                                      \
      "whose X-Forwarded-For counts, comma separated")                                   \
    X(TEXT, web_dir, "", 0, 255, "path",                                                 \
      "serve the browser's side from this folder, for its development")                  \
    X(TEXT, monitor_token, "", 0, 128, "text",                                           \
      "bearer token for /readyz and /metrics from elsewhere than loopback")              \
    X(INT, secure_cookie, 0, 0, 1, "0|1", "1 behind TLS: __Host- prefix and Secure")     \
    X(INT, http_threads, 4, 1, 64, "threads", "HTTP pool")                               \
    X(INT, http_connections, 4096, 16, 65536, "connections", "open connections at most") \
    X(INT, header_timeout_ms, 10000, 100, 600000, "ms",                                  \
      "total time to send a request's head")                                             \
    X(INT, body_timeout_ms, 20000, 100, 600000, "ms", "total time to send a JSON body")  \
    X(INT, idle_timeout_ms, 15000, 100, 600000, "ms", "keep-alive idle time")            \
    X(INT, streams_max, 1000, 1, 65536, "streams", "live streams at most")               \
    X(INT, streams_per_user, 4, 1, 1000, "streams", "live streams of one user at most")  \
    X(INT, stream_gather_ms, 200, 0, 10000, "ms",                                        \
      "what happens within this is told together")                                       \
    X(INT, stream_keepalive_ms, 25000, 100, 600000, "ms",                                \
      "a comment to listeners who heard nothing that long")                              \
    X(INT, upload_bytes_max, 20971520, 1, 1073741824, "bytes", "largest attachment")     \
    X(INT, upload_timeout_ms, 60000, 100, 600000, "ms",                                  \
      "total time to send an attachment, beside its size")                               \
    X(INT, upload_bytes_per_s, 16000, 1, 1073741824, "bytes/s",                          \
      "slowest line an attachment may come over")                                        \
    X(INT, upload_reserve_bytes, 1073741824, 0, INT64_MAX, "bytes",                      \
      "free space below which attachments are refused")                                  \
    X(INT, attachments_per_ticket, 10, 1, 200, "files", "attachments of a ticket")       \
    X(INT, import_bytes_max, 67108864, 1, 1073741824, "bytes", "largest ledger")         \
    X(INT, import_batch, 200, 1, 10000, "rows", "rows of a ledger staged in one write")  \
    X(INT, export_rows_max, 200000, 1, 1000000, "rows", "rows of a list made a file")    \
    X(INT, export_deadline_ms, 120000, 10, 3600000, "ms",                                \
      "longest reading of a list for a file")                                            \
    X(INT, writer_queue, 1024, 1, 65536, "jobs", "waiting writes before 503")            \
    X(INT, writer_batch, 64, 1, 1024, "jobs", "writes in one commit at most")            \
    X(INT, read_deadline_ms, 2000, 10, 600000, "ms", "longest interactive query")        \
    X(INT, checkpoint_ms, 200, 10, 600000, "ms", "between passive checkpoints")          \
    X(INT, disk_reserve_bytes, 268435456, 0, INT64_MAX, "bytes",                         \
      "free space below which writes are refused")                                       \
    X(INT, session_idle_s, 1800, 60, 86400, "s", "session ends when idle this long")     \
    X(INT, session_max_s, 43200, 60, 604800, "s", "session ends after this long")        \
    X(INT, login_failures, 5, 1, 100, "times",                                           \
      "wrong passwords per account and network before the lock")                         \
    X(INT, login_lock_s, 900, 1, 86400, "s", "how long that lock holds")                 \
    X(INT, public_wrong_codes, 5, 1, 100, "times",                                       \
      "wrong query codes for a ticket before its number is locked")                      \
    X(INT, public_lock_s, 900, 1, 86400, "s", "how long that lock holds")                \
    X(INT, public_wrong_hourly, 20, 1, 10000, "times",                                   \
      "wrong query codes from an address in an hour")                                    \
    X(INT, public_form_min_s, 3, 0, 600, "s", "filled in faster than this is a machine") \
    X(INT, public_form_max_s, 7200, 60, 86400, "s", "how long a form stays good")        \
    X(INT, public_files, 5, 0, 20, "files", "files a citizen may add to a message")      \
    X(INT, idempotency_hours, 48, 1, 720, "h", "how long a key is remembered")           \
    X(INT, timer_max_wait_ms, 30000, 10, 600000, "ms", "longest sleep of the timer")     \
    X(INT, sweep_batch, 200, 1, 10000, "tickets", "due moments handled in one job")      \
    X(INT, index_wait_ms, 1000, 10, 600000, "ms",                                        \
      "between two looks for texts to index")                                            \
    X(INT, index_batch, 50, 1, 10000, "tickets", "texts indexed in one job")

struct config {
#define CONFIG_MEMBER_TEXT(name) char name[CONFIG_TEXT_BYTES];
#define CONFIG_MEMBER_INT(name) int64_t name;
#define X(kind, member, fallback, min, max, unit, help) CONFIG_MEMBER_##kind(member)
    CONFIG_SETTINGS(X)
#undef X
};

struct config_setting {
    const char *name;
    bool is_text;
    const char *fallback; /* the default, as text */
    int64_t min, max;
    const char *unit, *help;
};
extern const struct config_setting config_settings[];
extern const size_t config_setting_count;

void config_defaults(struct config *config);

/* Set one by name.  Errors: ERR_CONFIG_UNKNOWN, ERR_CONFIG_VALUE; value = the name. */
MUST_CHECK enum err config_set(struct config *config, const char *name, const char *value,
                               struct problem *reterr_problem);
/* The value of `name` as text into `room` bytes. */
MUST_CHECK enum err config_get(const struct config *config, const char *name, char *text,
                               size_t room);
/* Errors also name the line ("file:12"). */
MUST_CHECK enum err config_read_file(struct config *config, const char *path,
                                     struct problem *reterr_problem);
MUST_CHECK enum err config_read_environment(struct config *config,
                                            char *const *environment,
                                            struct problem *reterr_problem);

#endif
