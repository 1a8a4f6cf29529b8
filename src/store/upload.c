#include "store/upload.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config.h"
#include "base/text.h"
#include "store/query.h"
#include "store/store.h"
#include "store_internal.h"

/*
 * upload.c - files of the folder "attachments".
 *
 * 1. A file has its final name only when all its bytes are on disk.
 * 2. A row is written only for a file with its final name, on disk.
 * 3. A file without a row is nobody's: removed when its request ends, or at the
 *    next start.  So neither a row without a file nor a file without a row
 *    outlives a restart.
 */

#define FOLDER "attachments"
#define PART ".part"

bool
attachment_path(const struct store *store, const char *name, const char *suffix,
                char path[PATH_MAX])
{
    return text_format(path, PATH_MAX, "%s/" FOLDER "/%s%s", store->directory, name,
                       suffix);
}

/* What the system said about writing a file. */
static enum err
error_of_file(int number)
{
    return number == ENOSPC || number == EDQUOT ? ERR_DISK_FULL : ERR_STORE;
}

static bool
has_space(const struct store *store)
{
    return store_free_bytes(store) >= store->config->upload_reserve_bytes;
}

enum err
upload_open(struct store *store, struct upload **ret_upload)
{
    char path[PATH_MAX];

    if (!has_space(store))
        return ERR_DISK_FULL;
    /* libsodium wants its state aligned to 64 bytes. */
    size_t room = (sizeof(struct upload) + 63) / 64 * 64;
    struct upload *upload = aligned_alloc(64, room);

    if (upload == NULL)
        return ERR_NO_MEMORY;
    memset(upload, 0, room);
    upload->store = store;
    ident_uuid(upload->id);
    hash_init(&upload->state);
    upload->fd = -1;
    if (attachment_path(store, upload->id, PART, path))
        upload->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (upload->fd < 0) {
        enum err error = error_of_file(errno);

        free(upload);
        return error;
    }
    *ret_upload = upload;
    return OK;
}

enum err
upload_write(struct upload *upload, const void *bytes, size_t count)
{
    const char *at = bytes;

    if (!has_space(upload->store))
        return ERR_DISK_FULL;
    for (size_t left = count; left > 0;) {
        ssize_t written = write(upload->fd, at, left);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written < 0 ? error_of_file(errno) : ERR_STORE;
        at += written;
        left -= (size_t)written;
    }
    hash_add(&upload->state, bytes, count);
    attachment_look_at(&upload->look, bytes, count);
    upload->bytes += (int64_t)count;
    return OK;
}

void
upload_finish(struct upload *upload)
{
    hash_done(&upload->state, upload->hash);
}

enum err
upload_place(struct upload *upload)
{
    char from[PATH_MAX], to[PATH_MAX], folder[PATH_MAX];

    assert(!upload->is_placed);
    if (!attachment_path(upload->store, upload->id, PART, from) ||
        !attachment_path(upload->store, upload->id, "", to) ||
        !attachment_path(upload->store, ".", "", folder))
        return ERR_STORE;
    if (fsync(upload->fd) != 0)
        return error_of_file(errno);
    if (rename(from, to) != 0)
        return error_of_file(errno);
    upload->is_placed = true;
    return file_sync(folder);
}

void
upload_close(struct upload *upload, bool is_unsure)
{
    char path[PATH_MAX];

    if (upload == NULL)
        return;
    (void)close(upload->fd); /* flushed before it counts */
    /* What cannot be removed now is at the next start. */
    if (!upload->is_placed && attachment_path(upload->store, upload->id, PART, path))
        (void)unlink(path);
    if (upload->is_placed && !upload->is_kept && !is_unsure &&
        attachment_path(upload->store, upload->id, "", path))
        (void)unlink(path);
    free(upload);
}

enum err
upload_open_kept(struct store *store, const char *id, int *ret_fd)
{
    char path[PATH_MAX];

    if (!attachment_path(store, id, "", path))
        return ERR_STORE;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return ERR_STORE;
    *ret_fd = fd;
    return OK;
}

void
upload_remove(struct store *store, const char *id)
{
    char path[PATH_MAX];

    if (attachment_path(store, id, "", path))
        (void)unlink(path); /* at the next start then */
}

/* --- At the start ------------------------------------------------------------------ */

static enum err
is_kept(struct db *db, const char *name, bool *ret_is_kept)
{
    struct stmt *stmt = query(db, Q_ATTACHMENT_IS_KEPT);

    bind_text(stmt, ":id", name);
    enum err error = query_one(stmt);

    query_end(stmt);
    if (error != OK && error != ERR_NOT_FOUND)
        return error;
    *ret_is_kept = error == OK;
    return OK;
}

static enum err
sweep(struct db *db, DIR *folder)
{
    const struct dirent *entry;
    char path[PATH_MAX];

    while ((entry = readdir(folder)) != NULL) {
        bool keep = false;

        if (entry->d_name[0] == '.')
            continue;
        TRY(is_kept(db, entry->d_name, &keep));
        if (keep)
            continue;
        if (!attachment_path(db->store, entry->d_name, "", path) || unlink(path) != 0)
            return ERR_STORE;
    }
    return OK;
}

enum err
uploads_sweep(struct db *db)
{
    char path[PATH_MAX];

    if (!attachment_path(db->store, "", "", path))
        return ERR_STORE;
    /* The caller flushes the data directory before anybody is served. */
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return ERR_STORE;
    DIR *folder = opendir(path);

    if (folder == NULL)
        return ERR_STORE;
    enum err error = sweep(db, folder);

    (void)closedir(folder); /* only read */
    return error;
}
