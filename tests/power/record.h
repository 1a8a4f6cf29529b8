#ifndef YIDAN_TESTS_POWER_RECORD_H
#define YIDAN_TESTS_POWER_RECORD_H

#include <stdint.h>

/*
 * record.h - what the recorder writes and the replayer reads: one thing after the
 * other that happened below a data directory, in one order across all threads and
 * all processes that followed each other.
 *
 * An entry is its head and `bytes` bytes behind it.  Paths are relative to the data
 * directory, which is "".  A file is known by its inode, from its RECORD_CREATE on;
 * an inode that is created again is another file.
 */

enum record_kind {
    RECORD_CREATE = 1,   /* `file` is made; its path */
    RECORD_FOLDER,       /* a folder is made; its path */
    RECORD_OPEN_FOLDER,  /* `file` is a folder that may be flushed; its path */
    RECORD_WRITE,        /* to `file` at `at`; the bytes */
    RECORD_CUT,          /* `file` is `at` bytes long */
    RECORD_FLUSH,        /* of `file` begins, as number `at` */
    RECORD_FLUSHED,      /* number `at` has returned: what was written before it began
                            is on disk */
    RECORD_FLUSH_FAILED, /* number `at` has returned EIO: what was written before it
                            began may be anywhere, and nobody writes it again */
    RECORD_RENAME,       /* from one path to another, a NUL between them */
    RECORD_UNLINK,       /* a path */
    RECORD_ANSWER,       /* status `at` goes out to a request with this Idempotency-Key */
};

struct record {
    uint32_t kind;
    uint32_t bytes;
    uint64_t file;
    int64_t at;
};

/* An Idempotency-Key as the load makes them: a UUID. */
#define RECORD_KEY_BYTES 36

#endif
