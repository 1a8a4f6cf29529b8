#ifndef YIDAN_STORE_UPLOAD_H
#define YIDAN_STORE_UPLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypt.h"
#include "base/error.h"
#include "base/ident.h"
#include "domain/attachment.h"

/*
 * upload.h - a file on its way into the data directory, never in memory whole.
 *
 * Layer    store.
 * Threads  one at a time: the thread that receives it, then a worker, then the
 *          writer, then the first again; it travels with its job.
 * Lifetime upload_open() .. upload_close(), which leaves the file only when a
 *          row names it.
 *
 * The order that makes a row's file certain (reliability.md 3): temporary file
 * in the same folder → fsync → rename → fsync of the folder → the row commits.
 */

struct store;

struct upload {
    char id[IDENT_UUID_BYTES]; /* random: the file's name, and the attachment's */
    int64_t bytes;
    uint8_t hash[HASH_BYTES]; /* of all bytes, after upload_finish() */
    struct attachment_look look;

    /* Set by the command once a row names the file, in the transaction of the row. */
    bool is_kept;

    struct store *store;
    int fd;
    bool is_placed; /* it has its final name */
    struct hash_state state;
};

/*
 * Begin a file.
 * Errors   ERR_DISK_FULL  free space is below upload_reserve_bytes
 *          ERR_STORE, ERR_NO_MEMORY
 */
MUST_CHECK enum err upload_open(struct store *store, struct upload **ret_upload);

/*
 * The next bytes, written and hashed as they come.
 * Errors   ERR_DISK_FULL (also when space ran out meanwhile), ERR_STORE
 */
MUST_CHECK enum err upload_write(struct upload *upload, const void *bytes, size_t count);

/* All of it has come: `hash` and `look` are final. */
void upload_finish(struct upload *upload);

/*
 * Give it its name, durably: slow, for a worker.
 * Errors   ERR_STORE, ERR_DISK_FULL
 */
MUST_CHECK enum err upload_place(struct upload *upload);

/*
 * End it.  What has no final name is removed.  What has one is removed unless
 * it is kept, or `is_unsure`: the write failed so that its row may yet turn up
 * (an I/O error at the commit); the next start decides.  NULL does nothing.
 */
void upload_close(struct upload *upload, bool is_unsure);

/*
 * A file that was kept under its name: open it to read, or remove it when no
 * row needs it any more (what cannot be removed is at the next start).
 * Errors   ERR_STORE
 */
MUST_CHECK enum err upload_open_kept(struct store *store, const char *id, int *ret_fd);
void upload_remove(struct store *store, const char *id);

#endif
