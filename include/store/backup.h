#ifndef YIDAN_STORE_BACKUP_H
#define YIDAN_STORE_BACKUP_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "store/verify.h"

/*
 * backup.h - a data directory as of one instant, in a folder of its own, and back.
 *
 * Layer    store.
 * Threads  one; beside a server that goes on writing.
 * Source   reliability.md 10.
 *
 * A backup is a folder yidan-YYYYMMDD-HHMMSS with the database as one file, the
 * files that its rows name, and MANIFEST: size and hash of each, the last hash of
 * the trail, and its own hash.  It has that name only when all of it is on disk
 * and was read again; until then the name ends in ".part".  The keys are not in
 * it unless asked for.
 */

struct backup; /* opaque */
struct reader;

struct backup_options {
    const char *to;   /* folder of backups, made when it is not there */
    const char *keys; /* a key file to be put in; NULL: none */
    bool is_linking;  /* give files of the same file system a second name */
    int64_t now;
};

/*
 * Copy the database, then the files, flush and read them again.  Removes what
 * an interrupted backup has left in `to`.
 * Errors   ERR_STORE_LOCKED  another backup is being made there
 *          ERR_DISK_FULL, ERR_STORE, with what it was about
 */
MUST_CHECK enum err backup_begin(struct reader *reader,
                                 const struct backup_options *options,
                                 struct backup **ret_backup,
                                 struct problem *reterr_problem);

/* Where it lies now: a data directory, to be verified with the keys of the other. */
const char *backup_folder(const struct backup *backup);

/* It has been verified: write what was found into the manifest, give it its name. */
MUST_CHECK enum err backup_end(struct backup *backup, const struct verify_result *found,
                               char ret_path[PATH_MAX], struct problem *reterr_problem);

/* Let go of the folder; what was not ended is removed. NULL does nothing. */
void backup_free(struct backup *backup);

/* What a manifest says. */
struct backup_facts {
    int64_t made_at, events, files, bytes;
    int schema;
    char head[65];
    bool has_keys;
};

/*
 * Is the backup at `path` what its manifest says, byte for byte?  `tell` is
 * called with the name of each file that is not, is missing or is not named.
 * Errors   ERR_STORE  no manifest, or not a whole one
 */
MUST_CHECK enum err backup_check(const char *path,
                                 void (*tell)(void *context, const char *name,
                                              const char *what),
                                 void *context, struct backup_facts *ret_facts,
                                 int64_t *ret_findings, struct problem *reterr_problem);

/*
 * Put the backup at `path`, which has been checked, into `data`, an empty or new
 * directory, and the key file `keys` as its keys (NULL: they lie elsewhere).
 * Until all of it is on disk nobody can open the directory.
 * Errors   ERR_STORE_LOCKED   somebody uses it
 *          ERR_RESTORE_EMPTY  it is not empty
 *          ERR_DISK_FULL, ERR_STORE
 */
MUST_CHECK enum err backup_restore(const char *path, const char *data, const char *keys,
                                   struct problem *reterr_problem);

/* Remove a folder and all below it. */
MUST_CHECK enum err folder_remove(const char *path);

#endif
