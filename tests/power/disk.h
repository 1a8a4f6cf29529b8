#ifndef YIDAN_TESTS_POWER_DISK_H
#define YIDAN_TESTS_POWER_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

/*
 * disk.h - what may be on a disk when the power fails, learnt from a record.
 *
 * Of each file the disk knows three things: what it holds for whoever reads it now,
 * what is certainly on the disk, and what was written since in the order it was.  A
 * loss of power keeps the second and any of the third.  After a failed flush, whole
 * pages of it (as Linux keeps files) may be there or not, and only being written again
 * makes them certain.  Names (made, moved, removed) are on the disk in the order in
 * which they changed, up to any point (what a journal does), or only where the folder
 * was flushed.
 *
 * Whatever fails here ends the program: it is the test that is broken.
 */

/* What a broken configuration leaves out. */
enum forget {
    FORGET_NOTHING,
    FORGET_LOG_FLUSHES,  /* of commits, as synchronous = NORMAL does */
    FORGET_FILE_FLUSHES, /* of attachments and their folder */
    FORGET_REPAIR,       /* the log written over itself */
};

/* What of the writes that are not certain is on the disk. */
enum kept {
    KEPT_NONE,
    KEPT_ALL,
    KEPT_PREFIX,  /* the first so many, of all files together */
    KEPT_SUBSET,  /* any */
    KEPT_TORN,    /* the first so many, and sectors of the next of each file */
    KEPT_SECTORS, /* any sectors of any */
    KEPT_COUNT,
};
#define SECTOR_BYTES 512

struct variant {
    enum kept kept;
    bool is_by_folder; /* names only where the folder was flushed */
};

struct disk;

struct disk *disk_new(enum forget forget);
void disk_free(struct disk *disk);

/* The next entry happens; what it points to is borrowed until disk_free(). */
void disk_apply(struct disk *disk, const struct record *head, const void *bytes);

/* Make the empty folder `path` what the disk holds after a loss of power now. */
void disk_image(const struct disk *disk, struct variant variant, uint64_t seed,
                const char *path);

/* Does the folder `path` hold what a reader sees?  Tells the first difference. */
bool disk_is(const struct disk *disk, const char *path);

/* How many flushes have failed so far, and how often the log has begun anew. */
int disk_failed_flushes(const struct disk *disk);
int disk_log_rounds(const struct disk *disk);

/* The `n`-th number of a seed: the same on every machine. */
uint64_t disk_random(uint64_t *seed);

#endif
