#include "support/fault_vfs.h"

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include <sqlite3.h>

/* The real file follows in the same memory. */
struct fault_file {
    sqlite3_file base;
    sqlite3_file *real;
};

/* State of the whole process, as a default file system is. */
static sqlite3_vfs *real_vfs;
static sqlite3_vfs fault_vfs;
static sqlite3_io_methods fault_methods;
static atomic_bool is_armed, is_lasting_fault;
static atomic_int fault;
static atomic_llong fails_at, operations, failures;
static _Atomic(void (*)(void)) on_checkpoint;
/* Whoever changes a file holds it for reading; who freezes the disk, for writing. */
static pthread_rwlock_t disk = PTHREAD_RWLOCK_INITIALIZER;

/* Does this operation fail? */
static bool
is_failing(enum fault_kind must_be, bool any_kind)
{
    if (!atomic_load(&is_armed) || (!any_kind && atomic_load(&fault) != (int)must_be))
        return false;
    long long number = atomic_fetch_add(&operations, 1) + 1;
    long long nth = atomic_load(&fails_at);

    if (number != nth && !(number > nth && atomic_load(&is_lasting_fault)))
        return false;
    (void)atomic_fetch_add(&failures, 1);
    return true;
}

static sqlite3_file *
real(sqlite3_file *file)
{
    return ((struct fault_file *)(void *)file)->real;
}

static int
fault_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at)
{
    if (is_failing(FAULT_EIO, true))
        return atomic_load(&fault) == FAULT_ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    (void)pthread_rwlock_rdlock(&disk); /* ours, and never held twice */
    int code = real(file)->pMethods->xWrite(real(file), bytes, count, at);

    (void)pthread_rwlock_unlock(&disk);
    return code;
}

static int
fault_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    if (is_failing(FAULT_EIO, false))
        return SQLITE_IOERR_TRUNCATE;
    (void)pthread_rwlock_rdlock(&disk);
    int code = real(file)->pMethods->xTruncate(real(file), size);

    (void)pthread_rwlock_unlock(&disk);
    return code;
}

static int
fault_sync(sqlite3_file *file, int flags)
{
    if (is_failing(FAULT_EIO, false))
        return SQLITE_IOERR_FSYNC;
    return real(file)->pMethods->xSync(real(file), flags);
}

/* --- Passed on --------------------------------------------------------- */

static int
fault_close(sqlite3_file *file)
{
    return real(file)->pMethods->xClose(real(file));
}

static int
fault_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 at)
{
    return real(file)->pMethods->xRead(real(file), bytes, count, at);
}

static int
fault_file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return real(file)->pMethods->xFileSize(real(file), size);
}

static int
fault_lock(sqlite3_file *file, int level)
{
    return real(file)->pMethods->xLock(real(file), level);
}

static int
fault_unlock(sqlite3_file *file, int level)
{
    return real(file)->pMethods->xUnlock(real(file), level);
}

static int
fault_check_reserved(sqlite3_file *file, int *result)
{
    return real(file)->pMethods->xCheckReservedLock(real(file), result);
}

static int
fault_control(sqlite3_file *file, int operation, void *argument)
{
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int
fault_sector_size(sqlite3_file *file)
{
    return real(file)->pMethods->xSectorSize(real(file));
}

static int
fault_characteristics(sqlite3_file *file)
{
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int
fault_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}

static int
fault_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void
fault_shm_barrier(sqlite3_file *file)
{
    real(file)->pMethods->xShmBarrier(real(file));
}

static int
fault_shm_unmap(sqlite3_file *file, int remove)
{
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

/* Nothing is mapped. */
static int
fault_fetch(sqlite3_file *file, sqlite3_int64 at, int count, void **ret_bytes)
{
    (void)file;
    (void)at;
    (void)count;
    *ret_bytes = NULL;
    return SQLITE_OK;
}

/* SQLite gives all mapped memory back when a checkpoint sees that the log has changed. */
static int
fault_unfetch(sqlite3_file *file, sqlite3_int64 at, void *bytes)
{
    void (*hook)(void) = atomic_load(&on_checkpoint);

    (void)file;
    (void)at;
    if (bytes == NULL && hook != NULL)
        hook();
    return SQLITE_OK;
}

static int
fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
           int *ret_flags)
{
    struct fault_file *faulty = (struct fault_file *)(void *)file;

    (void)vfs;
    faulty->real = (sqlite3_file *)(void *)(faulty + 1);
    int code = real_vfs->xOpen(real_vfs, name, faulty->real, flags, ret_flags);

    faulty->base.pMethods = code == SQLITE_OK ? &fault_methods : NULL;
    return code;
}

void
fault_vfs_install(void)
{
    if (real_vfs != NULL)
        return;
    real_vfs = sqlite3_vfs_find(NULL);
    ck_assert_ptr_nonnull(real_vfs);
    fault_methods = (sqlite3_io_methods){
        .iVersion = 3,
        .xClose = fault_close,
        .xRead = fault_read,
        .xWrite = fault_write,
        .xTruncate = fault_truncate,
        .xSync = fault_sync,
        .xFileSize = fault_file_size,
        .xLock = fault_lock,
        .xUnlock = fault_unlock,
        .xCheckReservedLock = fault_check_reserved,
        .xFileControl = fault_control,
        .xSectorSize = fault_sector_size,
        .xDeviceCharacteristics = fault_characteristics,
        .xShmMap = fault_shm_map,
        .xShmLock = fault_shm_lock,
        .xShmBarrier = fault_shm_barrier,
        .xShmUnmap = fault_shm_unmap,
        .xFetch = fault_fetch,
        .xUnfetch = fault_unfetch,
    };
    /* What is not about files of its own works as copied. */
    fault_vfs = *real_vfs;
    fault_vfs.zName = "fault";
    fault_vfs.szOsFile = (int)sizeof(struct fault_file) + real_vfs->szOsFile;
    fault_vfs.xOpen = fault_open;
    ck_assert_int_eq(sqlite3_vfs_register(&fault_vfs, 1), SQLITE_OK);
}

void
fault_vfs_on_checkpoint(void (*hook)(void))
{
    atomic_store(&on_checkpoint, hook);
}

void
fault_vfs_freeze(void)
{
    (void)pthread_rwlock_wrlock(&disk);
}

void
fault_vfs_thaw(void)
{
    (void)pthread_rwlock_unlock(&disk);
}

void
fault_vfs_arm(enum fault_kind kind, int64_t nth, bool is_lasting)
{
    atomic_store(&is_armed, false);
    atomic_store(&fault, (int)kind);
    atomic_store(&fails_at, nth);
    atomic_store(&is_lasting_fault, is_lasting);
    atomic_store(&operations, 0);
    atomic_store(&failures, 0);
    atomic_store(&is_armed, true);
}

void
fault_vfs_disarm(void)
{
    atomic_store(&is_armed, false);
}

int64_t
fault_vfs_operations(void)
{
    return atomic_load(&operations);
}

int64_t
fault_vfs_failures(void)
{
    return atomic_load(&failures);
}
