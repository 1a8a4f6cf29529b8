#ifndef YIDAN_TESTS_TEMPDIR_H
#define YIDAN_TESTS_TEMPDIR_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

/*
 * tempdir.h - a directory of a test's own.
 *
 * A failure here fails the test that runs.
 */

struct tempdir {
    char path[PATH_MAX - 64]; /* leaves room for a name below it */
};

/* Make an empty directory below $TMPDIR or /tmp. */
void tempdir_make(struct tempdir *dir);

/* Remove it and all in it. */
void tempdir_remove(const struct tempdir *dir);

/* Copy all of `from` into the new directory `ret_to`, as a kill -9 would leave it. */
void tempdir_copy(const struct tempdir *from, struct tempdir *ret_to);

/* "path/name" into `room` bytes. */
void tempdir_path(const struct tempdir *dir, const char *name, char *path, size_t room);

/* The bytes of a file in it; -1: there is none. */
int64_t tempdir_file_bytes(const struct tempdir *dir, const char *name);

/* What a file in it holds, as malloc'ed bytes. */
unsigned char *tempdir_file_read(const struct tempdir *dir, const char *name,
                                 size_t *ret_bytes);

void tempdir_file_write(const struct tempdir *dir, const char *name, const void *bytes,
                        size_t count);

#endif
