#include "store_internal.h"

#include <stdlib.h>
#include <string.h>

/*
 * log_vfs.c - what a commit appends to the log goes to the disk in one piece.
 *
 * SQLite writes a page of the log in two calls, its header and the page: of a
 * small command some seventy, and each finds its place in the file anew: a
 * seventh of the writer's time.  So what follows directly behind what came
 * before is held here, and written when the log is flushed, read, measured or
 * cut, or when it gets too much.
 *
 * 1. Held is only what nobody else may see yet.  With synchronous = FULL, which
 *    set_pragmas() gives to every connection, SQLite flushes the log before it
 *    tells the others in its shared memory that it has become longer.
 * 2. Held is only what belongs to the open transaction: its flush either writes
 *    all or fails the commit.  What a failed one held is forgotten, as SQLite
 *    rolls back and writes the same place again.
 * 3. All other files are the real file system's own and pass through nothing.
 */

/* No more than SQLite's largest page: the unix file system's writes end at 128 KiB. */
#define HELD_BYTES_MAX ((size_t)64 * 1024)

struct log_file {
    sqlite3_file base;
    sqlite3_file *real; /* behind this struct */
    unsigned char *held;
    size_t held_bytes;
    sqlite3_int64 held_at; /* where the first of them belongs */
};

static sqlite3_vfs *real_vfs;
static sqlite3_vfs log_vfs;

static struct log_file *
log_of(sqlite3_file *file)
{
    return (struct log_file *)(void *)file;
}

static int
write_real(struct log_file *log, const void *bytes, size_t count, sqlite3_int64 at)
{
    return log->real->pMethods->xWrite(log->real, bytes, (int)count, at);
}

static int
write_held(struct log_file *log)
{
    size_t count = log->held_bytes;

    log->held_bytes = 0;
    return count == 0 ? SQLITE_OK : write_real(log, log->held, count, log->held_at);
}

static int
log_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at)
{
    struct log_file *log = log_of(file);
    const size_t size = (size_t)count; /* SQLite: never negative */

    if (at != log->held_at + (sqlite3_int64)log->held_bytes ||
        size > HELD_BYTES_MAX - log->held_bytes) {
        int code = write_held(log);

        if (code != SQLITE_OK)
            return code;
        if (size > HELD_BYTES_MAX)
            return write_real(log, bytes, size, at);
        log->held_at = at;
    }
    memcpy(log->held + log->held_bytes, bytes, size);
    log->held_bytes += size;
    return SQLITE_OK;
}

static int
log_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 at)
{
    struct log_file *log = log_of(file);
    int code = write_held(log);

    return code != SQLITE_OK ? code
                             : log->real->pMethods->xRead(log->real, bytes, count, at);
}

static int
log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct log_file *log = log_of(file);
    int code = write_held(log);

    return code != SQLITE_OK ? code : log->real->pMethods->xTruncate(log->real, size);
}

static int
log_sync(sqlite3_file *file, int flags)
{
    struct log_file *log = log_of(file);
    int code = write_held(log);

    return code != SQLITE_OK ? code : log->real->pMethods->xSync(log->real, flags);
}

static int
log_file_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
    struct log_file *log = log_of(file);
    int code = write_held(log);

    return code != SQLITE_OK ? code : log->real->pMethods->xFileSize(log->real, ret_size);
}

/* What is held now belongs to a transaction that is not committed. */
static int
log_close(sqlite3_file *file)
{
    struct log_file *log = log_of(file);

    free(log->held);
    return log->real->pMethods->xClose(log->real);
}

static int
log_lock(sqlite3_file *file, int level)
{
    return log_of(file)->real->pMethods->xLock(log_of(file)->real, level);
}

static int
log_unlock(sqlite3_file *file, int level)
{
    return log_of(file)->real->pMethods->xUnlock(log_of(file)->real, level);
}

static int
log_check_reserved(sqlite3_file *file, int *ret_is_reserved)
{
    return log_of(file)->real->pMethods->xCheckReservedLock(log_of(file)->real,
                                                            ret_is_reserved);
}

static int
log_control(sqlite3_file *file, int operation, void *argument)
{
    return log_of(file)->real->pMethods->xFileControl(log_of(file)->real, operation,
                                                      argument);
}

static int
log_sector_size(sqlite3_file *file)
{
    return log_of(file)->real->pMethods->xSectorSize(log_of(file)->real);
}

static int
log_characteristics(sqlite3_file *file)
{
    return log_of(file)->real->pMethods->xDeviceCharacteristics(log_of(file)->real);
}

/* A log has no shared memory and is not mapped: version 1 has all that is called. */
static const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_file_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_check_reserved,
    .xFileControl = log_control,
    .xSectorSize = log_sector_size,
    .xDeviceCharacteristics = log_characteristics,
};

static int
log_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
         int *ret_flags)
{
    struct log_file *log = log_of(file);

    (void)vfs;
    if ((flags & SQLITE_OPEN_WAL) == 0)
        return real_vfs->xOpen(real_vfs, name, file, flags, ret_flags);
    *log = (struct log_file){ .real = (sqlite3_file *)(void *)(log + 1),
                              .held = malloc(HELD_BYTES_MAX) };
    if (log->held == NULL)
        return SQLITE_NOMEM;
    int code = real_vfs->xOpen(real_vfs, name, log->real, flags, ret_flags);

    if (code == SQLITE_OK)
        log->base.pMethods = &log_methods;
    else
        free(log->held);
    return code;
}

int
log_vfs_register(void)
{
    real_vfs = sqlite3_vfs_find(NULL);
    if (real_vfs == NULL)
        return SQLITE_ERROR;
    log_vfs = *real_vfs; /* what is not about open files works as copied */
    log_vfs.zName = LOG_VFS;
    log_vfs.szOsFile = (int)sizeof(struct log_file) + real_vfs->szOsFile;
    log_vfs.xOpen = log_open;
    return sqlite3_vfs_register(&log_vfs, 0);
}
