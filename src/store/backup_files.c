/* backup_files.c - copying files so that the copy is certain, and removing folders. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup_internal.h"

#define BLOCK_BYTES ((size_t)256 * 1024)

static enum err
error_of_file(int number)
{
    return number == ENOSPC || number == EDQUOT ? ERR_DISK_FULL
           : number == ENOENT                   ? ERR_NOT_FOUND
                                                : ERR_STORE;
}

static bool
write_all(int fd, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        count -= (size_t)written;
    }
    return true;
}

/* Read `from` to its end, hashing; into `to` as well unless that is -1. */
static enum err
pass(int from, int to, char *block, struct file_facts *ret_facts)
{
    struct hash_state hash;
    int64_t bytes = 0;

    hash_init(&hash);
    for (;;) {
        ssize_t got = read(from, block, BLOCK_BYTES);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return ERR_STORE;
        if (got == 0)
            break;
        hash_add(&hash, block, (size_t)got);
        bytes += got;
        if (to >= 0 && !write_all(to, block, (size_t)got))
            return error_of_file(errno);
    }
    ret_facts->bytes = bytes;
    hash_done(&hash, ret_facts->hash);
    return OK;
}

static enum err
pass_file(const char *path, int to, struct file_facts *ret_facts)
{
    int from = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (from < 0)
        return error_of_file(errno);
    /* What is asked for is what the disk has, not what memory remembers. */
    if (to < 0)
        (void)posix_fadvise(from, 0, 0, POSIX_FADV_DONTNEED); /* only advice */
    char *block = malloc(BLOCK_BYTES);
    enum err err = block == NULL ? ERR_NO_MEMORY : pass(from, to, block, ret_facts);

    free(block);
    (void)close(from); /* only read */
    return err;
}

enum err
file_look(const char *path, struct file_facts *ret_facts)
{
    return pass_file(path, -1, ret_facts);
}

static bool
is_same(const struct file_facts *a, const struct file_facts *b)
{
    return a->bytes == b->bytes && crypt_equal(a->hash, b->hash, HASH_BYTES);
}

enum err
file_copy(const char *from, const char *to, struct file_facts *ret_facts)
{
    struct file_facts read_facts, written;
    int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        return error_of_file(errno) == ERR_DISK_FULL ? ERR_DISK_FULL : ERR_STORE;
    enum err err = pass_file(from, fd, &read_facts);
    if (err == OK && fsync(fd) != 0)
        err = error_of_file(errno);
    if (close(fd) != 0 && err == OK)
        err = error_of_file(errno);
    if (err == OK)
        err = file_look(to, &written);
    if (err == OK && !is_same(&read_facts, &written))
        err = ERR_STORE;
    if (err == OK)
        *ret_facts = written;
    return err;
}

static int
remove_one(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
    (void)facts; /* nftw() gives more than is asked for */
    (void)place;
    return kind == FTW_DP ? rmdir(path) : unlink(path);
}

enum err
folder_remove(const char *path)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT)
        return OK;
    return ERR_STORE;
}
