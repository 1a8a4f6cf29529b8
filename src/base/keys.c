#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/crypt.h"
#include "base/text.h"

/*
 * keys.c - the file that holds the keys of a data directory.
 *
 * Two lines of 64 hexadecimal digits: the sealing key, the index key.
 *
 * 1. A key file is never written over: it is made complete under another name
 *    and takes its own only when that is free.
 * 2. keys_load() succeeds after making keys only when they are on disk, since
 *    what they seal could not be opened again without them.
 * 3. Nobody but the owner can read it, or it is refused.
 */

#define KEY_LINE_BYTES ((size_t)2 * KEY_BYTES + 1)
#define KEY_FILE_BYTES (2 * KEY_LINE_BYTES)

static enum err
refuse(struct problem *reterr_problem, const char *reason, const char *path)
{
    return problem_value(reterr_problem, ERR_KEY_FILE, "%s: %s", reason, path);
}

/* strerror() shares a buffer between threads; this does not. */
static const char *
reason_of(int number)
{
    const char *reason = strerrordesc_np(number);
    return reason == NULL ? "unknown error" : reason;
}

static bool
write_all(int file, const char *text, size_t bytes)
{
    while (bytes > 0) {
        ssize_t written = write(file, text, bytes);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text += written;
        bytes -= (size_t)written;
    }
    return true;
}

/* Read up to `room` bytes; -1 with errno on failure. */
static ssize_t
read_all(int file, char *text, size_t room)
{
    size_t used = 0;

    while (used < room) {
        ssize_t got = read(file, text + used, room - used);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        used += (size_t)got;
    }
    return (ssize_t)used;
}

/* --- Making ---------------------------------------------------------------- */

static void
keys_write_text(char text[KEY_FILE_BYTES])
{
    uint8_t key[KEY_BYTES];
    char line[KEY_LINE_BYTES];

    for (size_t i = 0; i < 2; i++) {
        randombytes_buf(key, sizeof key);
        crypt_hex(key, sizeof key, line);
        line[KEY_LINE_BYTES - 1] = '\n';
        memcpy(text + i * KEY_LINE_BYTES, line, KEY_LINE_BYTES);
    }
    sodium_memzero(key, sizeof key);
    sodium_memzero(line, sizeof line);
}

/* Write a new file of new keys, and have it on disk. */
static bool
keys_write(const char *path)
{
    char text[KEY_FILE_BYTES];
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (file < 0)
        return false;
    keys_write_text(text);
    bool is_written = fchmod(file, 0600) == 0 && /* whatever the umask is */
                      write_all(file, text, sizeof text) && fsync(file) == 0;
    int reason = errno;

    sodium_memzero(text, sizeof text);
    is_written = close(file) == 0 && is_written;
    if (!is_written) {
        (void)unlink(path); /* the failure is told already */
        errno = reason;
    }
    return is_written;
}

static bool
sync_directory_of(const char *path)
{
    char directory[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int length = slash == NULL ? 1 : slash == path ? 1 : (int)(slash - path);

    if (!text_format(directory, sizeof directory, "%.*s", length,
                     slash == NULL ? "." : path)) {
        errno = ENAMETOOLONG;
        return false;
    }
    int opened = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (opened < 0)
        return false;
    bool is_synced = fsync(opened) == 0;
    int reason = errno;

    (void)close(opened); /* read only, nothing to lose */
    errno = reason;
    return is_synced;
}

/* Give `from` the name `to` when that is free.  Another process may have been first. */
static bool
rename_to_free(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno == EEXIST)
        return unlink(from) == 0;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    /* The file system knows no such rename; a second name is refused just so. */
    if (link(from, to) != 0 && errno != EEXIST)
        return false;
    return unlink(from) == 0;
}

static enum err
keys_create(const char *path, struct problem *reterr_problem)
{
    char temporary[PATH_MAX];
    uint8_t random[8];
    char suffix[2 * sizeof random + 1];

    /* A random name: what a crash left behind never stands in the way. */
    randombytes_buf(random, sizeof random);
    crypt_hex(random, sizeof random, suffix);
    if (!text_format(temporary, sizeof temporary, "%s.%s.tmp", path, suffix))
        return refuse(reterr_problem, reason_of(ENAMETOOLONG), path);
    if (!keys_write(temporary))
        return refuse(reterr_problem, reason_of(errno), path);
    if (!rename_to_free(temporary, path)) {
        int reason = errno;

        (void)unlink(temporary); /* the failure is told already */
        return refuse(reterr_problem, reason_of(reason), path);
    }
    if (!sync_directory_of(path))
        return refuse(reterr_problem, reason_of(errno), path);
    return OK;
}

/* --- Reading --------------------------------------------------------------- */

static bool
key_parse(const char *line, uint8_t ret_key[KEY_BYTES])
{
    size_t bytes = 0;

    return sodium_hex2bin(ret_key, KEY_BYTES, line, (size_t)2 * KEY_BYTES, NULL, &bytes,
                          NULL) == 0 &&
           bytes == KEY_BYTES;
}

static bool
keys_parse(const char *text, size_t bytes, struct keys *ret_keys)
{
    /* An editor may have taken the last line feed away. */
    if (bytes != KEY_FILE_BYTES && bytes != KEY_FILE_BYTES - 1)
        return false;
    if (text[KEY_LINE_BYTES - 1] != '\n' ||
        (bytes == KEY_FILE_BYTES && text[bytes - 1] != '\n'))
        return false;
    return key_parse(text, ret_keys->seal) &&
           key_parse(text + KEY_LINE_BYTES, ret_keys->index);
}

static enum err
keys_read(int file, const char *path, struct keys *ret_keys,
          struct problem *reterr_problem)
{
    struct stat facts;
    char text[KEY_FILE_BYTES + 1]; /* one more, to see that the file is longer */
    struct keys keys;
    enum err error = OK;

    if (fstat(file, &facts) != 0)
        return refuse(reterr_problem, reason_of(errno), path);
    if (!S_ISREG(facts.st_mode))
        return refuse(reterr_problem, "not a regular file", path);
    if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return refuse(reterr_problem, "others may read it, make its mode 0600", path);

    ssize_t bytes = read_all(file, text, sizeof text);
    if (bytes < 0)
        return refuse(reterr_problem, reason_of(errno), path);
    if (keys_parse(text, (size_t)bytes, &keys))
        *ret_keys = keys;
    else
        error = refuse(reterr_problem, "not two lines of 64 hexadecimal digits", path);
    sodium_memzero(text, sizeof text);
    sodium_memzero(&keys, sizeof keys);
    return error;
}

enum err
keys_load(const char *path, bool create, struct keys *ret_keys,
          struct problem *reterr_problem)
{
    /* Without O_NONBLOCK a named pipe in its place would hold the start for ever. */
    const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
    int file = open(path, flags);

    if (file < 0 && errno == ENOENT && create) {
        TRY(keys_create(path, reterr_problem));
        file = open(path, flags);
    }
    if (file < 0)
        return refuse(reterr_problem, reason_of(errno), path);
    enum err error = keys_read(file, path, ret_keys, reterr_problem);
    (void)close(file); /* read only, nothing to lose */
    return error;
}
