#ifndef YIDAN_TESTS_FAULT_VFS_H
#define YIDAN_TESTS_FAULT_VFS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * fault_vfs.h - a file system for SQLite that fails when told.
 *
 * It counts writes, truncations and flushes of the database and its log, of
 * all connections and threads, and fails the n-th; everything else passes on
 * to the real one.
 */

enum fault_kind {
    FAULT_EIO,   /* writes, truncations and flushes: SQLITE_IOERR_… */
    FAULT_ENOSPC /* writes only, as a full disk does: SQLITE_FULL */
};

/* Make it the default for connections opened from now on. Twice is fine. */
void fault_vfs_install(void);

/* Fail the `nth` operation from now (1: the next), and all after it when `is_lasting`. */
void fault_vfs_arm(enum fault_kind kind, int64_t nth, bool is_lasting);
void fault_vfs_disarm(void);

/*
 * No thread changes a file of a database until it thaws: what is copied meanwhile
 * is what a kill at one moment would leave.
 */
void fault_vfs_freeze(void);
void fault_vfs_thaw(void);

/*
 * Call `hook` where a checkpoint has read how long the log is, if that is news to its
 * connection, and has moved nothing yet; NULL: nothing is called.  On its thread.
 */
void fault_vfs_on_checkpoint(void (*hook)(void));

/* Operations seen and failed since it was armed last. */
int64_t fault_vfs_operations(void);
int64_t fault_vfs_failures(void);

#endif
