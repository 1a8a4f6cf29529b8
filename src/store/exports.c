/*
 * exports.c - table export, and the folder "exports".
 *
 * 1. A file has its final name only when all its bytes are on disk, and a row is
 *    "ready" only after that.
 * 2. A file without a row is nobody's: export_files_sweep() removes it.
 */
#include "store/exports.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config.h"
#include "base/sheet.h"
#include "base/text.h"
#include "store/query.h"
#include "store/store.h"
#include "store/writer.h"
#include "store_internal.h"

#define FOLDER "exports"
#define PART ".part"

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice state_items[] = { EXPORT_STATES(X) };
#undef X
const struct choices words_export_state = { "export_state", state_items,
                                            EXPORT_STATE_COUNT };

static const char *const languages[LANGUAGE_COUNT] = {
    [LANGUAGE_ZH] = "zh", [LANGUAGE_EN] = "en"
};

/* In the order of the fragment export_columns. */
static void
read_export(struct stmt *stmt, struct arena *arena, struct export *export)
{
    *export = (struct export){ .id = "" };
    row_copy(stmt, export->id, sizeof export->id);
    export->state = choice_find(&words_export_state, row_text(stmt));
    export->list = row_text_copy(stmt, arena);
    export->query = row_text_copy(stmt, arena);
    export->format = choice_find(&words_sheet_format, row_text(stmt));
    export->language =
        strcmp(row_text(stmt), languages[LANGUAGE_EN]) == 0 ? LANGUAGE_EN : LANGUAGE_ZH;
    export->mark = row_text_copy(stmt, arena);
    export->name = row_text_copy(stmt, arena);
    export->user_id = row_int(stmt);
    export->unit_id = row_int(stmt);
    export->roles = (uint32_t)row_int(stmt);
    export->created_at = row_int(stmt);
    export->attempts = row_int(stmt);
    export->rows = row_int(stmt);
    export->bytes = row_int(stmt);
    export->finished_at = row_int(stmt);
    export->expires_at = row_int(stmt);
    export->reason = row_text_copy(stmt, arena);
}

static enum err
read_one(struct stmt *stmt, struct arena *arena, struct export *ret_export)
{
    TRY(query_one(stmt));
    read_export(stmt, arena, ret_export);
    query_end(stmt);
    return OK;
}

enum err
exports_insert(struct txn *txn, const struct export *export)
{
    struct stmt *stmt = query(txn->db, Q_EXPORT_INSERT);

    bind_text(stmt, ":id", export->id);
    bind_text(stmt, ":list", export->list);
    bind_text(stmt, ":query", export->query);
    bind_text(stmt, ":format", choice_word(&words_sheet_format, export->format));
    bind_text(stmt, ":language", languages[export->language]);
    bind_text(stmt, ":mark", export->mark);
    bind_text(stmt, ":name", export->name);
    bind_int(stmt, ":user_id", export->user_id);
    bind_int(stmt, ":unit_id", export->unit_id);
    bind_int(stmt, ":roles", export->roles);
    bind_int(stmt, ":created_at", export->created_at);
    return query_run(stmt, NULL);
}

enum err
exports_by_id(struct db *db, struct arena *arena, const char *id,
              struct export *ret_export)
{
    struct stmt *stmt = query(db, Q_EXPORT_BY_ID);

    bind_text(stmt, ":id", id);
    return read_one(stmt, arena, ret_export);
}

enum err
exports_list(struct db *db, struct arena *arena, int64_t user_id, int limit,
             struct export **ret_exports, size_t *ret_count)
{
    struct export *exports = arena_array(arena, struct export, (size_t)limit);
    struct stmt *stmt = query(db, Q_EXPORT_LIST);
    size_t count = 0;
    bool has_row;

    if (exports == NULL)
        return ERR_NO_MEMORY;
    bind_int(stmt, ":user_id", user_id);
    bind_int(stmt, ":limit", limit);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        read_export(stmt, arena, &exports[count++]);
    }
    *ret_exports = exports;
    *ret_count = count;
    return OK;
}

enum err
exports_next(struct db *db, struct arena *arena, struct export *ret_export)
{
    return read_one(query(db, Q_EXPORT_NEXT), arena, ret_export);
}

enum err
exports_count_unfinished(struct db *db, int64_t user_id, int64_t *ret_count)
{
    struct stmt *stmt = query(db, Q_EXPORT_COUNT_UNFINISHED);

    bind_int(stmt, ":user_id", user_id);
    TRY(query_one(stmt));
    *ret_count = row_int(stmt);
    query_end(stmt);
    return OK;
}

enum err
exports_trim(struct txn *txn, int64_t user_id, int64_t keep)
{
    struct stmt *stmt = query(txn->db, Q_EXPORT_TRIM);

    bind_int(stmt, ":user_id", user_id);
    bind_int(stmt, ":keep", keep);
    return query_run(stmt, NULL);
}

enum err
exports_begin(struct txn *txn, const char *id)
{
    struct stmt *stmt = query(txn->db, Q_EXPORT_BEGIN);

    bind_text(stmt, ":id", id);
    return query_run(stmt, NULL);
}

enum err
exports_end(struct txn *txn, const struct export *export)
{
    struct stmt *stmt = query(txn->db, Q_EXPORT_END);

    bind_text(stmt, ":id", export->id);
    bind_text(stmt, ":state", choice_word(&words_export_state, export->state));
    bind_int(stmt, ":rows", export->rows);
    bind_int(stmt, ":bytes", export->bytes);
    bind_int(stmt, ":now", export->finished_at);
    bind_int(stmt, ":expires_at", export->expires_at);
    bind_text(stmt, ":reason", export->reason);
    return query_run(stmt, NULL);
}

enum err
exports_expire(struct txn *txn, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_EXPORT_EXPIRE);

    bind_int(stmt, ":now", now);
    return query_run(stmt, NULL);
}

enum err
exports_forget(struct txn *txn)
{
    return query_run(query(txn->db, Q_EXPORT_FORGET), NULL);
}

enum err
exports_next_expiry(struct db *db, int64_t *ret_at)
{
    struct stmt *stmt = query(db, Q_EXPORT_NEXT_EXPIRY);
    enum err err = query_one(stmt);

    *ret_at = err == OK ? row_int(stmt) : 0;
    query_end(stmt);
    return err == ERR_NOT_FOUND ? OK : err;
}

/* --- Files ------------------------------------------------------------------------ */

static bool
export_path(const struct store *store, const char *name, const char *suffix,
            char path[PATH_MAX])
{
    return text_format(path, PATH_MAX, "%s/" FOLDER "%s%s%s", store->directory,
                       *name == '\0' ? "" : "/", name, suffix);
}

static enum err
error_of_file(int number)
{
    return number == ENOSPC || number == EDQUOT ? ERR_DISK_FULL : ERR_STORE;
}

enum err
export_file_new(struct store *store, const char *id, int *ret_fd, char folder[PATH_MAX])
{
    char path[PATH_MAX];

    if (store_free_bytes(store) < store->config->upload_reserve_bytes)
        return ERR_DISK_FULL;
    if (!export_path(store, "", "", folder) || !export_path(store, id, PART, path))
        return ERR_STORE;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return error_of_file(errno);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_of_file(errno);
    *ret_fd = fd;
    return OK;
}

enum err
export_file_place(struct store *store, const char *id, int fd)
{
    char from[PATH_MAX], to[PATH_MAX], folder[PATH_MAX];

    if (!export_path(store, id, PART, from) || !export_path(store, id, "", to) ||
        !export_path(store, "", "", folder))
        return ERR_STORE;
    if (fsync(fd) != 0 || rename(from, to) != 0)
        return error_of_file(errno);
    return file_sync(folder);
}

void
export_file_drop(struct store *store, const char *id)
{
    char path[PATH_MAX];

    /* What cannot be removed now is at the next sweep. */
    if (export_path(store, id, PART, path))
        (void)unlink(path);
    if (export_path(store, id, "", path))
        (void)unlink(path);
}

enum err
export_file_open(struct store *store, const char *id, int *ret_fd)
{
    char path[PATH_MAX];

    if (!export_path(store, id, "", path))
        return ERR_STORE;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_STORE;
    *ret_fd = fd;
    return OK;
}

static enum err
is_named(struct db *db, const char *name, bool *ret_is_named)
{
    struct stmt *stmt = query(db, Q_EXPORT_BY_ID);

    bind_text(stmt, ":id", name);
    enum err err = query_one(stmt);
    query_end(stmt);
    *ret_is_named = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

/*
 * A part is nobody's too: there is none while this runs, on the thread that makes
 * them.  `db` NULL: no file has a row.
 */
static enum err
sweep(const struct store *store, struct db *db, DIR *folder)
{
    const struct dirent *entry;
    char path[PATH_MAX];

    while ((entry = readdir(folder)) != NULL) {
        bool is_kept = false;

        if (entry->d_name[0] == '.')
            continue;
        if (db != NULL)
            TRY(is_named(db, entry->d_name, &is_kept));
        if (is_kept)
            continue;
        if (!export_path(store, entry->d_name, "", path) || unlink(path) != 0)
            return ERR_STORE;
    }
    return OK;
}

static enum err
sweep_folder(const struct store *store, struct db *db)
{
    char path[PATH_MAX];

    if (!export_path(store, "", "", path))
        return ERR_STORE;
    DIR *folder = opendir(path);
    if (folder == NULL)
        return errno == ENOENT ? OK : ERR_STORE;
    enum err err = sweep(store, db, folder);
    (void)closedir(folder); /* only read */
    return err;
}

enum err
export_files_sweep(struct db *db)
{
    return sweep_folder(db->store, db);
}

enum err
export_files_clear(struct store *store)
{
    return sweep_folder(store, NULL);
}
