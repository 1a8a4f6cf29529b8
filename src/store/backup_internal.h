#ifndef YIDAN_BACKUP_INTERNAL_H
#define YIDAN_BACKUP_INTERNAL_H

#include <stdio.h>

#include "base/crypt.h"
#include "store/backup.h"
#include "store_internal.h"

/*
 * backup_internal.h - manifests and the copying of files.
 *
 * Layer    store.
 */

#define MANIFEST_NAME "MANIFEST"
#define MANIFEST_FILE_BYTES 128 /* of a name in it, with its folder */

/* What a directory has while it is being restored; store.c refuses it. */
#define RESTORING_NAME "restoring"

struct file_facts {
    int64_t bytes;
    uint8_t hash[HASH_BYTES];
};

/* Size and hash of a file, as the disk has it now. Errors: ERR_NOT_FOUND, ERR_STORE. */
MUST_CHECK enum err file_look(const char *path, struct file_facts *ret_facts);

/*
 * Copy `from` to the new file `to`, mode 0600, flush it, and read it again:
 * `ret_facts` is what both are.  Errors: ERR_NOT_FOUND, ERR_DISK_FULL, ERR_STORE.
 */
MUST_CHECK enum err file_copy(const char *from, const char *to,
                              struct file_facts *ret_facts);

/* --- Manifests (manifest.c) ------------------------------------------------------- */

struct manifest {
    FILE *file;
    struct hash_state hash;
    int64_t files;
    bool has_failed;
};

/* Write one at `path`: its head, a line for each file, its end. */
MUST_CHECK enum err manifest_open(struct manifest *manifest, const char *path);
void manifest_line(struct manifest *manifest, const char *format, ...) PRINTF_LIKE(2, 3);
void manifest_add(struct manifest *manifest, const char *name,
                  const struct file_facts *facts);
/* Flushed to disk. */
MUST_CHECK enum err manifest_close(struct manifest *manifest);

/*
 * Read the one at `path` and call `take` with each file's name.  A manifest whose
 * own hash does not fit, or that names what no backup has, is ERR_STORE before
 * `take` is called.  An error of `take` ends it.
 */
typedef enum err manifest_take(void *context, const char *name,
                               const struct file_facts *facts);
MUST_CHECK enum err manifest_read(const char *path, manifest_take *take, void *context,
                                  struct backup_facts *ret_facts);

#endif
