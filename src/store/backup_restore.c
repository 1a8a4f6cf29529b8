/*
 * backup_restore.c - is a backup whole, and putting one back.
 *
 * 1. Nothing is restored that its manifest does not name, and every copy is
 *    compared with the manifest, not with the file it was made of.
 * 2. While the mark "restoring" lies in a directory no store opens it: half of a
 *    restore is never taken for a new, empty place.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup_internal.h"
#include "base/text.h"

/* --- Checking --------------------------------------------------------------------------- */

struct checking {
    const char *path;
    void (*tell)(void *context, const char *name, const char *what);
    void *context;
    int64_t named, findings;
};

static void
find(struct checking *checking, const char *name, const char *what)
{
    checking->findings++;
    checking->tell(checking->context, name, what);
}

/* A manifest_take. */
static enum err
check_file(void *context, const char *name, const struct file_facts *wanted)
{
    struct checking *checking = context;
    struct file_facts found;
    char path[PATH_MAX];

    checking->named++;
    if (!text_format(path, sizeof path, "%s/%s", checking->path, name))
        return ERR_STORE;
    enum err err = file_look(path, &found);
    if (err == ERR_NO_MEMORY)
        return err;
    if (err == ERR_NOT_FOUND)
        find(checking, name, "is missing");
    else if (err != OK)
        find(checking, name, "cannot be read");
    else if (found.bytes != wanted->bytes)
        find(checking, name, "has another size");
    else if (!crypt_equal(found.hash, wanted->hash, HASH_BYTES))
        find(checking, name, "is damaged");
    return OK;
}

/* How many files lie there, but for the manifest; `sub` is "" or "attachments". */
static enum err
count_files(const char *path, const char *sub, int64_t *count)
{
    char folder[PATH_MAX];

    if (!text_format(folder, sizeof folder, "%s/%s", path, sub))
        return ERR_STORE;
    DIR *open_folder = opendir(folder);
    if (open_folder == NULL)
        return ERR_STORE;
    for (const struct dirent *entry = readdir(open_folder); entry != NULL;
         entry = readdir(open_folder))
        *count += entry->d_name[0] != '.' && strcmp(entry->d_name, MANIFEST_NAME) != 0 &&
                  strcmp(entry->d_name, "attachments") != 0;
    (void)closedir(open_folder); /* only read */
    return OK;
}

enum err
backup_check(const char *path,
             void (*tell)(void *context, const char *name, const char *what),
             void *context, struct backup_facts *ret_facts, int64_t *ret_findings,
             struct problem *reterr_problem)
{
    struct checking checking = { .path = path, .tell = tell, .context = context };
    char manifest[PATH_MAX];
    int64_t files = 0;

    if (!text_format(manifest, sizeof manifest, "%s/%s", path, MANIFEST_NAME))
        return ERR_STORE;
    enum err err = manifest_read(manifest, check_file, &checking, ret_facts);
    if (err == OK)
        err = count_files(path, "", &files);
    if (err == OK)
        err = count_files(path, "attachments", &files);
    if (err != OK)
        return problem_value(reterr_problem, err, "%s: not a whole backup", path);
    if (files > checking.named)
        find(&checking, path, "holds files that its manifest does not name");
    *ret_findings = checking.findings;
    return OK;
}

/* --- Restoring -------------------------------------------------------------------------- */

struct restoring {
    const char *from, *data;
    bool is_database; /* which half: the database comes last */
    const char *failed;
    char name[MANIFEST_FILE_BYTES];
};

/* A manifest_take. */
static enum err
restore_file(void *context, const char *name, const struct file_facts *wanted)
{
    struct restoring *restoring = context;
    struct file_facts copied;
    char from[PATH_MAX], to[PATH_MAX];

    if ((strcmp(name, "yidan.db") == 0) != restoring->is_database ||
        strcmp(name, "keys") == 0)
        return OK;
    if (!text_format(from, sizeof from, "%s/%s", restoring->from, name) ||
        !text_format(to, sizeof to, "%s/%s", restoring->data, name) ||
        !text_format(restoring->name, sizeof restoring->name, "%s", name))
        return ERR_STORE;
    restoring->failed = restoring->name;
    TRY(file_copy(from, to, &copied));
    if (copied.bytes != wanted->bytes ||
        !crypt_equal(copied.hash, wanted->hash, HASH_BYTES))
        return ERR_STORE;
    restoring->failed = NULL;
    return OK;
}

/* Nothing but the lock that we hold. */
static enum err
check_empty(const char *data)
{
    int64_t files = 0;

    TRY(count_files(data, "", &files));
    char path[PATH_MAX];
    if (!text_format(path, sizeof path, "%s/attachments", data))
        return ERR_STORE;
    return files <= 1 && access(path, F_OK) != 0 ? OK : ERR_RESTORE_EMPTY;
}

static enum err
set_mark(const char *data, bool is_set)
{
    char path[PATH_MAX];

    if (!text_format(path, sizeof path, "%s/" RESTORING_NAME, data))
        return ERR_STORE;
    if (is_set) {
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

        if (fd < 0)
            return ERR_STORE;
        (void)close(fd); /* nothing was written */
    } else if (unlink(path) != 0) {
        return ERR_STORE;
    }
    return file_sync(data);
}

static enum err
restore_all(struct restoring *restoring, const char *keys)
{
    char manifest[PATH_MAX], path[PATH_MAX];
    struct backup_facts unused;
    struct file_facts copied;

    if (!text_format(manifest, sizeof manifest, "%s/" MANIFEST_NAME, restoring->from) ||
        !text_format(path, sizeof path, "%s/attachments", restoring->data))
        return ERR_STORE;
    TRY(set_mark(restoring->data, true));
    if (mkdir(path, 0700) != 0)
        return ERR_STORE;
    TRY(manifest_read(manifest, restore_file, restoring, &unused));
    TRY(file_sync(path));
    if (keys != NULL) {
        if (!text_format(path, sizeof path, "%s/keys", restoring->data))
            return ERR_STORE;
        restoring->failed = "keys";
        TRY(file_copy(keys, path, &copied));
    }
    restoring->is_database = true;
    TRY(manifest_read(manifest, restore_file, restoring, &unused));
    TRY(file_sync(restoring->data));
    return set_mark(restoring->data, false);
}

enum err
backup_restore(const char *path, const char *data, const char *keys,
               struct problem *reterr_problem)
{
    struct restoring restoring = { .from = path, .data = data };
    int lock = -1;

    TRY(directory_make(data, reterr_problem));
    TRY(directory_lock(data, &lock, reterr_problem));
    enum err err = check_empty(data);
    if (err == OK)
        err = restore_all(&restoring, keys);
    (void)close(lock); /* lets go of the lock */
    if (err == OK)
        return OK;
    return problem_value(reterr_problem, err, "%s%s%s", data,
                         restoring.failed == NULL ? "" : ": ",
                         restoring.failed == NULL ? "" : restoring.failed);
}
