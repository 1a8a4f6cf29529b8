/*
 * recorder.c - writes down what a process does to the files below a directory and
 * what it answers, in one order across its threads.  Loaded with LD_PRELOAD.
 *
 *     POWER_BELOW   the directory, absolute and without links
 *     POWER_RECORD  the file to append to (record.h); outside of the directory
 *     POWER_FAIL    flushes that fail with EIO: "log:12,commit:3,db:4", where a commit is
 *                   a flush of the log that has grown; "log:30!" also kills the
 *                   process at that moment
 *
 * A change and its entry are made under one lock, so nothing comes between them.
 * A flush is two entries, because others go on while it runs.  A failed flush does
 * what Linux does: its pages are taken for written.
 *
 * The -shm file is left out: the start makes it anew.  What goes by stdio or a
 * mapping is not seen; the replayer compares the files at the end with the record.
 */
#include "record.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define DESCRIPTORS_MAX 65536
#define FAILURES_MAX 64
#define KEY_FIELD "Idempotency-Key: "

enum what { OTHER, FILE_OF_DATA, LOG, DATABASE, FOLDER, SOCKET };

static _Atomic unsigned char whats[DESCRIPTORS_MAX];
static uint64_t files[DESCRIPTORS_MAX];
static char keys[DESCRIPTORS_MAX][RECORD_KEY_BYTES + 1]; /* of the request under way */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *below;
static size_t below_bytes;
static int record_file = -1;
static int64_t flushes; /* all, under lock */
static struct failure {
    enum what what;
    bool is_commit;
    int number; /* of the flushes of such a file */
    bool is_last;
} failures[FAILURES_MAX];
static int failure_count;
static int log_flushes, commit_flushes, database_flushes; /* under lock */
static bool log_has_grown;                                /* the same */

/* The function behind ours: `real`.  Whoever is first finds the same as the others. */
#define REAL(name)                                                                       \
    static __typeof__(name) *real;                                                       \
    if (real == NULL)                                                                    \
    *(void **)&real = dlsym(RTLD_NEXT, #name)

static void
give_up(const char *why)
{
    (void)dprintf(STDERR_FILENO, "recorder: %s\n", why);
    abort();
}

/* --- Entries ----------------------------------------------------------- */

/* Under lock. */
static void
enter(enum record_kind kind, uint64_t file, int64_t at, const void *bytes, size_t count)
{
    struct record head = {
        .kind = (uint32_t)kind, .bytes = (uint32_t)count, .file = file, .at = at
    };
    struct iovec parts[2] = {
        { .iov_base = &head, .iov_len = sizeof head },
        { .iov_base = (void *)(uintptr_t)bytes, .iov_len = count },
    };
    REAL(writev);

    /* All at once, so that processes that overlap at a kill do not mix. */
    if (real(record_file, parts, count > 0 ? 2 : 1) != (ssize_t)(sizeof head + count))
        give_up("the record cannot be written");
}

/* The path relative to the directory; NULL: it is not below it, or not recorded. */
static const char *
name_of(const char *path, char name[PATH_MAX])
{
    if (record_file < 0 || strncmp(path, below, below_bytes) != 0 ||
        (path[below_bytes] != '/' && path[below_bytes] != '\0'))
        return NULL;
    const char *rest = path + below_bytes + (path[below_bytes] == '/');
    size_t bytes = strlen(rest);

    if (bytes >= PATH_MAX)
        return NULL;
    memcpy(name, rest, bytes + 1);
    while (bytes > 0 &&
           (name[bytes - 1] == '/' ||
            (name[bytes - 1] == '.' && (bytes == 1 || name[bytes - 2] == '/'))))
        name[--bytes] = '\0';
    if (strstr(name, "..") != NULL) /* a folder above: its flush is not ours */
        return NULL;
    bool is_shared_memory = bytes > 4 && strcmp(name + bytes - 4, "-shm") == 0;

    return is_shared_memory ? NULL : name;
}

static bool
ends_with(const char *text, const char *end)
{
    size_t bytes = strlen(text), end_bytes = strlen(end);

    return bytes >= end_bytes && strcmp(text + bytes - end_bytes, end) == 0;
}

static void
read_failures(const char *text)
{
    while (text != NULL && *text != '\0' && failure_count < FAILURES_MAX) {
        struct failure *failure = &failures[failure_count++];
        const char *colon = strchr(text, ':');
        char *end = NULL;

        if (colon == NULL)
            give_up("POWER_FAIL");
        failure->is_commit = strncmp(text, "commit", 6) == 0;
        failure->what =
            failure->is_commit || strncmp(text, "log", 3) == 0 ? LOG : DATABASE;
        failure->number = (int)strtol(colon + 1, &end, 10);
        failure->is_last = *end == '!';
        text = end + (failure->is_last ? 1 : 0);
        text += *text == ',';
    }
}

__attribute__((constructor)) static void
begin(void)
{
    const char *path = getenv("POWER_RECORD");

    below = getenv("POWER_BELOW");
    if (path == NULL || below == NULL)
        return;
    below_bytes = strlen(below);
    read_failures(getenv("POWER_FAIL"));
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    if (file < 0)
        give_up("the record cannot be opened");
    record_file = file;
}

/* --- Files ------------------------------------------------------------- */

static enum what
what_of(const char *name, const struct stat *facts)
{
    if (S_ISDIR(facts->st_mode))
        return FOLDER;
    return ends_with(name, ".db-wal") ? LOG
           : ends_with(name, ".db")   ? DATABASE
                                      : FILE_OF_DATA;
}

static int
open_recorded(int (*real)(const char *, int, ...), const char *path, int flags,
              mode_t mode)
{
    char room[PATH_MAX];
    const char *name = name_of(path, room);
    struct stat facts;

    if (name == NULL)
        return real(path, flags, mode);
    (void)pthread_mutex_lock(&lock);
    bool is_new = stat(path, &facts) != 0;
    int fd = real(path, flags, mode);
    int reason = errno;

    if (fd >= 0) {
        if (fd >= DESCRIPTORS_MAX || fstat(fd, &facts) != 0)
            give_up("a descriptor");
        files[fd] = facts.st_ino;
        whats[fd] = (unsigned char)what_of(name, &facts);
        if (whats[fd] == FOLDER)
            enter(RECORD_OPEN_FOLDER, facts.st_ino, 0, name, strlen(name));
        else if (is_new)
            enter(RECORD_CREATE, facts.st_ino, 0, name, strlen(name));
        else if ((flags & O_TRUNC) != 0)
            enter(RECORD_CUT, facts.st_ino, 0, NULL, 0);
    }
    (void)pthread_mutex_unlock(&lock);
    errno = reason;
    return fd;
}

static mode_t
mode_of(int flags, va_list arguments)
{
    return (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
}

int
open(const char *path, int flags, ...)
{
    va_list arguments;
    REAL(open);

    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);

    va_end(arguments);
    return open_recorded(real, path, flags, mode);
}

int
open64(const char *path, int flags, ...)
{
    va_list arguments;
    REAL(open64);

    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);

    va_end(arguments);
    return open_recorded(real, path, flags, mode);
}

/* What FORTIFY makes of an open without a mode. */
int __open_2(const char *path, int flags);
int
__open_2(const char *path, int flags)
{
    return open(path, flags);
}

int __open64_2(const char *path, int flags);
int
__open64_2(const char *path, int flags)
{
    return open64(path, flags);
}

static enum what
what_is(int fd)
{
    return fd >= 0 && fd < DESCRIPTORS_MAX ? (enum what)whats[fd] : OTHER;
}

static bool
is_of_data(int fd)
{
    return what_is(fd) >= FILE_OF_DATA && what_is(fd) <= DATABASE;
}

int
close(int fd)
{
    REAL(close);

    if (what_is(fd) != OTHER)
        whats[fd] = OTHER;
    return real(fd);
}

static ssize_t
pwrite_recorded(ssize_t (*real)(int, const void *, size_t, off_t), int fd,
                const void *bytes, size_t count, off_t at)
{
    if (!is_of_data(fd))
        return real(fd, bytes, count, at);
    (void)pthread_mutex_lock(&lock);
    ssize_t written = real(fd, bytes, count, at);
    int reason = errno;

    if (written > 0)
        enter(RECORD_WRITE, files[fd], at, bytes, (size_t)written);
    if (what_is(fd) == LOG && at > 0)
        log_has_grown = true;
    (void)pthread_mutex_unlock(&lock);
    errno = reason;
    return written;
}

ssize_t
pwrite(int fd, const void *bytes, size_t count, off_t at)
{
    REAL(pwrite);

    return pwrite_recorded(real, fd, bytes, count, at);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t count, off64_t at)
{
    REAL(pwrite64);

    return pwrite_recorded(real, fd, bytes, count, at);
}

static int
ftruncate_recorded(int (*real)(int, off_t), int fd, off_t size)
{
    if (!is_of_data(fd))
        return real(fd, size);
    (void)pthread_mutex_lock(&lock);
    int code = real(fd, size);
    int reason = errno;

    if (code == 0)
        enter(RECORD_CUT, files[fd], size, NULL, 0);
    (void)pthread_mutex_unlock(&lock);
    errno = reason;
    return code;
}

int
ftruncate(int fd, off_t size)
{
    REAL(ftruncate);

    return ftruncate_recorded(real, fd, size);
}

int
ftruncate64(int fd, off64_t size)
{
    REAL(ftruncate64);

    return ftruncate_recorded(real, fd, size);
}

int
truncate(const char *path, off_t size)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return -1;
    int code = ftruncate(fd, size);
    int reason = errno;

    (void)close(fd);
    errno = reason;
    return code;
}

/* --- Flushes ----------------------------------------------------------- */

/* Is this flush one that fails?  Under lock. */
static const struct failure *
failure_of(enum what what)
{
    bool is_commit = what == LOG && log_has_grown;

    log_flushes += what == LOG;
    database_flushes += what == DATABASE;
    commit_flushes += is_commit;
    if (what == LOG)
        log_has_grown = false;
    for (int i = 0; i < failure_count; i++) {
        const struct failure *failure = &failures[i];
        int number = failure->is_commit ? commit_flushes
                     : what == LOG      ? log_flushes
                                        : database_flushes;

        if (failure->what == what && failure->number == number &&
            (is_commit || !failure->is_commit))
            return failure;
    }
    return NULL;
}

static int
flush_recorded(int (*real)(int), int fd)
{
    enum what what = what_is(fd);

    if (what == OTHER || what == SOCKET)
        return real(fd);
    (void)pthread_mutex_lock(&lock);
    int64_t number = ++flushes + ((int64_t)getpid() << 32);
    const struct failure *failure = failure_of(what);

    enter(RECORD_FLUSH, files[fd], number, NULL, 0);
    (void)pthread_mutex_unlock(&lock);
    int code = failure != NULL ? -1 : real(fd);
    int reason = failure != NULL ? EIO : errno;

    (void)pthread_mutex_lock(&lock);
    enter(code == 0 ? RECORD_FLUSHED : RECORD_FLUSH_FAILED, files[fd], number, NULL, 0);
    if (failure != NULL && failure->is_last)
        (void)raise(SIGKILL);
    (void)pthread_mutex_unlock(&lock);
    errno = reason;
    return code;
}

int
fsync(int fd)
{
    REAL(fsync);

    return flush_recorded(real, fd);
}

int
fdatasync(int fd)
{
    REAL(fdatasync);

    return flush_recorded(real, fd);
}

/* --- Names ------------------------------------------------------------- */

static int
rename_recorded(const char *from, const char *to, unsigned flags)
{
    char from_room[PATH_MAX], to_room[PATH_MAX], both[2 * PATH_MAX];
    const char *from_name = name_of(from, from_room), *to_name = name_of(to, to_room);
    REAL(renameat2);

    (void)pthread_mutex_lock(&lock);
    int code = real(AT_FDCWD, from, AT_FDCWD, to, flags);
    int reason = errno;

    if (code == 0 && from_name != NULL && to_name != NULL) {
        size_t from_bytes = strlen(from_name) + 1, to_bytes = strlen(to_name);

        memcpy(both, from_name, from_bytes);
        memcpy(both + from_bytes, to_name, to_bytes);
        enter(RECORD_RENAME, 0, 0, both, from_bytes + to_bytes);
    } else if (code == 0 && (from_name != NULL || to_name != NULL)) {
        give_up("a file was moved in or out");
    }
    (void)pthread_mutex_unlock(&lock);
    errno = reason;
    return code;
}

int
rename(const char *from, const char *to)
{
    return rename_recorded(from, to, 0);
}

int
renameat2(int from_folder, const char *from, int to_folder, const char *to,
          unsigned flags)
{
    if (from_folder != AT_FDCWD || to_folder != AT_FDCWD)
        give_up("a rename in open folders");
    return rename_recorded(from, to, flags);
}

int
unlink(const char *path)
{
    char room[PATH_MAX];
    const char *name = name_of(path, room);
    REAL(unlink);

    (void)pthread_mutex_lock(&lock);
    int code = real(path);
    int reason = errno;

    if (code == 0 && name != NULL)
        enter(RECORD_UNLINK, 0, 0, name, strlen(name));
    (void)pthread_mutex_unlock(&lock);
    errno = reason;
    return code;
}

int
mkdir(const char *path, mode_t mode)
{
    char room[PATH_MAX];
    const char *name = name_of(path, room);
    REAL(mkdir);

    (void)pthread_mutex_lock(&lock);
    int code = real(path, mode);
    int reason = errno;

    if (code == 0 && name != NULL && name[0] != '\0')
        enter(RECORD_FOLDER, 0, 0, name, strlen(name));
    (void)pthread_mutex_unlock(&lock);
    errno = reason;
    return code;
}

/* --- Sockets ----------------------------------------------------------- */

int
accept4(int fd, __SOCKADDR_ARG address, socklen_t *restrict bytes, int flags)
{
    REAL(accept4);
    int connection = real(fd, address, bytes, flags);

    if (connection >= 0 && connection < DESCRIPTORS_MAX && record_file >= 0) {
        keys[connection][0] = '\0';
        whats[connection] = SOCKET;
    }
    return connection;
}

/* Remember the key of the request; it stands in what comes first of it. */
static void
look_for_key(int fd, const char *bytes, ssize_t count)
{
    if (what_is(fd) != SOCKET || count <= 0)
        return;
    const char *found = memmem(bytes, (size_t)count, KEY_FIELD, strlen(KEY_FIELD));

    if (found == NULL ||
        bytes + count - found < (long)strlen(KEY_FIELD) + RECORD_KEY_BYTES)
        return;
    memcpy(keys[fd], found + strlen(KEY_FIELD), RECORD_KEY_BYTES);
    keys[fd][RECORD_KEY_BYTES] = '\0';
}

ssize_t
recv(int fd, void *bytes, size_t room, int flags)
{
    REAL(recv);
    ssize_t count = real(fd, bytes, room, flags);

    look_for_key(fd, bytes, count);
    return count;
}

/* An answer begins: from the next entry on somebody may have read it. */
static void
look_for_answer(int fd, const void *bytes, size_t count)
{
    static const char begins[] = "HTTP/1.1 ";
    char status[4] = "";

    if (what_is(fd) != SOCKET || count < sizeof begins + 3 || keys[fd][0] == '\0' ||
        memcmp(bytes, begins, sizeof begins - 1) != 0)
        return;
    memcpy(status, (const char *)bytes + sizeof begins - 1, 3);
    if (status[0] == '1') /* the answer itself follows */
        return;
    (void)pthread_mutex_lock(&lock);
    enter(RECORD_ANSWER, 0, strtol(status, NULL, 10), keys[fd], RECORD_KEY_BYTES);
    (void)pthread_mutex_unlock(&lock);
    keys[fd][0] = '\0';
}

ssize_t
send(int fd, const void *bytes, size_t count, int flags)
{
    REAL(send);

    look_for_answer(fd, bytes, count);
    return real(fd, bytes, count, flags);
}

ssize_t
sendmsg(int fd, const struct msghdr *message, int flags)
{
    REAL(sendmsg);

    if (message->msg_iovlen > 0)
        look_for_answer(fd, message->msg_iov[0].iov_base, message->msg_iov[0].iov_len);
    return real(fd, message, flags);
}

/* Also how a file is written that is read or sent through the same descriptor. */
ssize_t
write(int fd, const void *bytes, size_t count)
{
    REAL(write);

    if (!is_of_data(fd)) {
        look_for_answer(fd, bytes, count);
        return real(fd, bytes, count);
    }
    (void)pthread_mutex_lock(&lock);
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t written = real(fd, bytes, count);
    int reason = errno;

    if (written > 0)
        enter(RECORD_WRITE, files[fd], at, bytes, (size_t)written);
    (void)pthread_mutex_unlock(&lock);
    errno = reason;
    return written;
}

ssize_t
writev(int fd, const struct iovec *parts, int count)
{
    REAL(writev);

    if (!is_of_data(fd)) {
        if (count > 0)
            look_for_answer(fd, parts[0].iov_base, parts[0].iov_len);
        return real(fd, parts, count);
    }
    ssize_t total = 0;

    for (int i = 0; i < count; i++) {
        ssize_t written = write(fd, parts[i].iov_base, parts[i].iov_len);

        if (written < 0)
            return total > 0 ? total : written;
        total += written;
        if ((size_t)written < parts[i].iov_len)
            break;
    }
    return total;
}
