#include "support/tempdir.h"

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

void
tempdir_make(struct tempdir *dir)
{
    const char *parent = getenv("TMPDIR");

    ck_assert_int_lt(snprintf(dir->path, sizeof dir->path, "%s/yidan-test-XXXXXX",
                              parent == NULL ? "/tmp" : parent),
                     (int)sizeof dir->path);
    ck_assert_ptr_nonnull(mkdtemp(dir->path));
}

static int
remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
    (void)facts;
    (void)kind;
    (void)place;
    return remove(path);
}

void
tempdir_remove(const struct tempdir *dir)
{
    ck_assert_int_eq(nftw(dir->path, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/*
 * By another process: closing a database's file here would let go of the locks
 * that SQLite holds on it.
 */
void
tempdir_copy(const struct tempdir *from, struct tempdir *ret_to)
{
    char all[PATH_MAX];
    int status = 0;

    tempdir_make(ret_to);
    tempdir_path(from, ".", all, sizeof all);
    pid_t child = fork();

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        (void)execlp("cp", "cp", "-r", all, ret_to->path, (char *)NULL);
        _exit(127);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}

void
tempdir_path(const struct tempdir *dir, const char *name, char *path, size_t room)
{
    ck_assert_int_lt(snprintf(path, room, "%s/%s", dir->path, name), (int)room);
}

int64_t
tempdir_file_bytes(const struct tempdir *dir, const char *name)
{
    char path[PATH_MAX];
    struct stat facts;

    tempdir_path(dir, name, path, sizeof path);
    return stat(path, &facts) == 0 ? (int64_t)facts.st_size : -1;
}

unsigned char *
tempdir_file_read(const struct tempdir *dir, const char *name, size_t *ret_bytes)
{
    char path[PATH_MAX];
    int64_t bytes = tempdir_file_bytes(dir, name);

    ck_assert_int_ge(bytes, 0);
    tempdir_path(dir, name, path, sizeof path);
    unsigned char *text = malloc((size_t)bytes + 1);
    FILE *file = fopen(path, "rb");

    ck_assert_ptr_nonnull(text);
    ck_assert_ptr_nonnull(file);
    *ret_bytes = fread(text, 1, (size_t)bytes, file);
    text[*ret_bytes] = '\0';
    (void)fclose(file); /* read only, nothing to lose */
    return text;
}

void
tempdir_file_write(const struct tempdir *dir, const char *name, const void *bytes,
                   size_t count)
{
    char path[PATH_MAX];

    tempdir_path(dir, name, path, sizeof path);
    FILE *file = fopen(path, "wb");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, count, file), count);
    ck_assert_int_eq(fclose(file), 0);
}
