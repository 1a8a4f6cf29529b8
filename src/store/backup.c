/*
 * backup.c - see the header.
 *
 * 1. What has its final name is whole, on disk, and was read again.
 * 2. The database is as of one instant; the files its rows name are there before
 *    a row is, and never change, so copying them later misses nothing.
 * 3. Who makes a backup holds a lock on the folder of backups: what it finds
 *    unfinished there is nobody's.
 */
#include "store/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup_internal.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "store/query.h"
#include "store/reader.h"
#include "store/store.h"

#define PART ".part"
#define PREFIX "yidan-"
#define NAME_BYTES 64

struct backup {
    struct reader *reader;
    const struct backup_options *options;
    int lock; /* the folder of backups, open */
    char name[NAME_BYTES], folder[PATH_MAX];
    bool is_made, is_ended;
    struct manifest manifest;
};

static enum err
refuse(struct problem *problem, enum err err, const char *what)
{
    return problem_value(problem, err == ERR_NOT_FOUND ? ERR_STORE : err, "%s: %s", what,
                         err == ERR_DISK_FULL ? "disk full" : strerrordesc_np(errno));
}

/* --- The folder of backups ------------------------------------------------------------ */

static bool
is_part(const char *name)
{
    size_t bytes = strlen(name), tail = sizeof PART - 1;

    return strncmp(name, PREFIX, sizeof PREFIX - 1) == 0 && bytes > tail &&
           strcmp(name + bytes - tail, PART) == 0;
}

static enum err
remove_parts(const char *to)
{
    char path[PATH_MAX];
    DIR *folder = opendir(to);
    enum err err = folder == NULL ? ERR_STORE : OK;

    for (const struct dirent *entry = NULL;
         err == OK && (entry = readdir(folder)) != NULL;) {
        if (!is_part(entry->d_name))
            continue;
        err = text_format(path, sizeof path, "%s/%s", to, entry->d_name)
                  ? folder_remove(path)
                  : ERR_STORE;
    }
    if (folder != NULL)
        (void)closedir(folder); /* only read */
    return err;
}

/* "yidan-20261126-030000", and "-2" behind it when that is taken. */
static enum err
make_folder(struct backup *backup)
{
    const char *to = backup->options->to;
    struct civil_date date = time_date_of_day(time_day(backup->options->now));
    int32_t second = time_of_day(backup->options->now);
    char taken[PATH_MAX];

    for (int number = 1; number < 100; number++) {
        char suffix[8] = "";

        if (number > 1)
            (void)text_format(suffix, sizeof suffix, "-%d", number); /* fits */
        if (!text_format(backup->name, sizeof backup->name,
                         PREFIX "%04d%02d%02d-%02d%02d%02d%s", date.year, date.month,
                         date.mday, second / 3600, second / 60 % 60, second % 60,
                         suffix) ||
            !text_format(taken, sizeof taken, "%s/%s", to, backup->name) ||
            !text_format(backup->folder, sizeof backup->folder, "%s%s", taken, PART))
            return ERR_STORE;
        if (access(taken, F_OK) == 0)
            continue;
        if (mkdir(backup->folder, 0700) != 0)
            return errno == ENOSPC ? ERR_DISK_FULL : ERR_STORE;
        backup->is_made = true;
        return OK;
    }
    return ERR_STORE;
}

static enum err
take_folder(struct backup *backup, struct problem *problem)
{
    const char *to = backup->options->to;

    TRY(directory_make(to, problem));
    backup->lock = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (backup->lock < 0)
        return refuse(problem, ERR_STORE, to);
    if (flock(backup->lock, LOCK_EX | LOCK_NB) != 0)
        return problem_value(problem, ERR_STORE_LOCKED, "%s", to);
    enum err err = remove_parts(to);
    if (err == OK)
        err = make_folder(backup);
    return err == OK ? OK : refuse(problem, err, to);
}

/* --- What goes in --------------------------------------------------------------------- */

static bool
path_in(const struct backup *backup, const char *name, char path[PATH_MAX])
{
    return text_format(path, PATH_MAX, "%s/%s", backup->folder, name);
}

/* Copy it, or give it a second name; it is a line of the manifest then. */
static enum err
take_file(struct backup *backup, const char *from, const char *name, bool may_link)
{
    struct file_facts facts;
    char to[PATH_MAX];

    if (!path_in(backup, name, to))
        return ERR_STORE;
    bool is_linked = may_link && backup->options->is_linking && link(from, to) == 0;
    TRY(is_linked ? file_look(to, &facts) : file_copy(from, to, &facts));
    manifest_add(&backup->manifest, name, &facts);
    return OK;
}

static enum err
take_database(struct backup *backup)
{
    struct db *db = backup->reader->db;
    struct file_facts facts;
    char path[PATH_MAX];

    if (!path_in(backup, "yidan.db", path))
        return ERR_STORE;
    TRY(db_copy(db, path, store_schema_version(backup->reader->store)));
    if (chmod(path, 0600) != 0)
        return ERR_STORE;
    TRY(file_sync(path));
    TRY(file_look(path, &facts));
    manifest_add(&backup->manifest, "yidan.db", &facts);
    return OK;
}

/* As of the database's instant: the same read transaction. */
static enum err
take_files(struct backup *backup, struct problem *problem)
{
    struct stmt *stmt = query(backup->reader->db, Q_BACKUP_FILES);
    char name[MANIFEST_FILE_BYTES], from[PATH_MAX], folder[PATH_MAX];
    bool has_row;

    if (!path_in(backup, "attachments", folder) || mkdir(folder, 0700) != 0)
        return refuse(problem, ERR_STORE, backup->folder);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        const char *file = row_text(stmt);
        bool is_certain = row_int(stmt) != 0;
        enum err err = text_format(name, sizeof name, "attachments/%s", file) &&
                               attachment_path(backup->reader->store, file, "", from)
                           ? take_file(backup, from, name, true)
                           : ERR_STORE;

        if (err == ERR_NOT_FOUND && !is_certain)
            err = OK;
        if (err != OK) {
            query_end(stmt);
            return refuse(problem, err, name);
        }
    }
    return file_sync(folder);
}

static enum err
fill(struct backup *backup, struct problem *problem)
{
    const char *keys = backup->options->keys;
    char path[PATH_MAX];

    if (!path_in(backup, MANIFEST_NAME, path))
        return ERR_STORE;
    enum err err = manifest_open(&backup->manifest, path);
    if (err == OK)
        err = take_database(backup);
    if (err == OK && keys != NULL)
        err = take_file(backup, keys, "keys", false);
    if (err != OK)
        return refuse(problem, err, backup->folder);
    return take_files(backup, problem);
}

enum err
backup_begin(struct reader *reader, const struct backup_options *options,
             struct backup **ret_backup, struct problem *reterr_problem)
{
    /* libsodium wants its state aligned to 64 bytes. */
    size_t room = (sizeof(struct backup) + 63) / 64 * 64;
    struct backup *backup = aligned_alloc(64, room);

    if (backup == NULL)
        return ERR_NO_MEMORY;
    memset(backup, 0, room);
    backup->reader = reader;
    backup->options = options;
    backup->lock = -1;
    errno = 0;
    enum err err = take_folder(backup, reterr_problem);
    if (err == OK)
        err = fill(backup, reterr_problem);
    if (err != OK) {
        backup_free(backup);
        return err;
    }
    *ret_backup = backup;
    return OK;
}

const char *
backup_folder(const struct backup *backup)
{
    return backup->folder;
}

static enum err
close_manifest(struct backup *backup, const struct verify_result *found)
{
    struct manifest *manifest = &backup->manifest;
    char at[TIME_TEXT_BYTES];

    time_format(backup->options->now, at);
    manifest_line(manifest, "made_at %s", at);
    manifest_line(manifest, "schema %d", store_schema_version(backup->reader->store));
    manifest_line(manifest, "events %lld", (long long)found->events);
    manifest_line(manifest, "head %s", found->head);
    enum err err = manifest_close(manifest);

    manifest->file = NULL;
    return err;
}

enum err
backup_end(struct backup *backup, const struct verify_result *found,
           char ret_path[PATH_MAX], struct problem *reterr_problem)
{
    char path[PATH_MAX];
    enum err err =
        text_format(path, sizeof path, "%s/%s", backup->options->to, backup->name)
            ? close_manifest(backup, found)
            : ERR_STORE;

    if (err == OK)
        err = file_sync(backup->folder);
    if (err == OK && rename(backup->folder, path) != 0)
        err = ERR_STORE;
    if (err != OK)
        return refuse(reterr_problem, err, backup->folder);
    backup->is_ended = true;
    if (fsync(backup->lock) != 0)
        return refuse(reterr_problem, ERR_STORE, backup->options->to);
    memcpy(ret_path, path, PATH_MAX);
    return OK;
}

void
backup_free(struct backup *backup)
{
    if (backup == NULL)
        return;
    if (backup->manifest.file != NULL)
        (void)fclose(backup->manifest.file); /* it is given up */
    if (backup->is_made && !backup->is_ended)
        (void)folder_remove(backup->folder); /* the next backup does */
    if (backup->lock >= 0)
        (void)close(backup->lock);
    free(backup);
}
