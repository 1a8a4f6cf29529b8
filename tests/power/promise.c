/*
 * promise.c - see the header.  The image is opened by the product itself: store_open()
 * with its repair, a reader, the writer.
 */
#include "promise.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/config.h"
#include "base/crypt.h"
#include "record.h"
#include "store/events.h"
#include "store/reader.h"
#include "store/store.h"
#include "store/store_internal.h"
#include "store/summaries.h"
#include "store/verify.h"
#include "store/verify_internal.h"
#include "store/writer.h"

#define LINE_BYTES 1024
#define NO_BYTES 24
#define TYPE_BYTES 32
#define READ_DEADLINE_MS 60000
#define NEVER_MS 600000 /* the checkpointer has nothing to do here */

struct promise {
    char key[RECORD_KEY_BYTES + 1];
    char no[NO_BYTES]; /* "": about no ticket */
    char type[TYPE_BYTES];
    int64_t count, version;
    char *text;    /* of the ticket; NULL: not told */
    char file[40]; /* its id, "": none */
    uint8_t hash[HASH_BYTES];
    bool is_given;
};

struct promises {
    struct promise *all; /* by key */
    size_t count, given;
};

/* --- What was promised ----------------------------------------------------- */

static int
by_key(const void *one, const void *other)
{
    return strcmp(((const struct promise *)one)->key,
                  ((const struct promise *)other)->key);
}

static struct promise *
promise_find(const struct promises *promises, const char *key)
{
    struct promise wanted;

    (void)snprintf(wanted.key, sizeof wanted.key, "%s", key);
    return bsearch(&wanted, promises->all, promises->count, sizeof wanted, by_key);
}

/* The hash that the server keeps of a file, if its SHA-256 is `sha256`. */
static bool
read_file(const char *data, const char *id, const char *sha256, uint8_t hash[HASH_BYTES])
{
    char path[LINE_BYTES + PATH_MAX], hex[2 * crypto_hash_sha256_BYTES + 1];
    uint8_t block[16384], digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state sha;
    struct hash_state state;
    size_t got;

    (void)snprintf(path, sizeof path, "%s/attachments/%s", data, id);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    hash_init(&state);
    (void)crypto_hash_sha256_init(&sha); /* these cannot fail */
    while ((got = fread(block, 1, sizeof block, file)) > 0) {
        hash_add(&state, block, got);
        (void)crypto_hash_sha256_update(&sha, block, got);
    }
    (void)fclose(file); /* only read */
    hash_done(&state, hash);
    (void)crypto_hash_sha256_final(&sha, digest);
    crypt_hex(digest, sizeof digest, hex);
    return strcmp(hex, sha256) == 0;
}

static bool
read_line(char *line, const char *data, struct promise *promise)
{
    char *fields[7] = { NULL };

    line[strcspn(line, "\n")] = '\0';
    for (size_t i = 0; i < 7; i++)
        if ((fields[i] = strsep(&line, "\t")) == NULL)
            return false;
    *promise = (struct promise){ .count = strtol(fields[3], NULL, 10),
                                 .version = strtol(fields[4], NULL, 10) };
    (void)snprintf(promise->key, sizeof promise->key, "%s", fields[0]);
    (void)snprintf(promise->no, sizeof promise->no, "%s", fields[1]);
    (void)snprintf(promise->type, sizeof promise->type, "%s", fields[2]);
    if (strcmp(fields[5], "0") != 0) {
        const char *id = strsep(&fields[6], " ");

        (void)snprintf(promise->file, sizeof promise->file, "%s", id);
        return fields[6] != NULL && read_file(data, id, fields[6], promise->hash);
    }
    promise->text = fields[6][0] != '\0' ? strdup(fields[6]) : NULL;
    return true;
}

struct promises *
promises_read(const char *expected, const char *data)
{
    struct promises *promises = calloc(1, sizeof *promises);
    FILE *file = fopen(expected, "re");
    char line[LINE_BYTES];
    size_t room = 0;

    while (promises != NULL && file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (promises->count == room) {
            room = room == 0 ? 256 : 2 * room;
            promises->all = realloc(promises->all, room * sizeof *promises->all);
            if (promises->all == NULL)
                abort();
        }
        if (!read_line(line, data, &promises->all[promises->count])) {
            (void)printf("  not as it was sent: %s\n", line);
            promises->count = 0;
            break;
        }
        promises->count++;
    }
    if (file != NULL)
        (void)fclose(file); /* only read */
    if (promises == NULL || promises->count == 0) {
        promises_free(promises);
        return NULL;
    }
    qsort(promises->all, promises->count, sizeof *promises->all, by_key);
    return promises;
}

void
promises_free(struct promises *promises)
{
    if (promises == NULL)
        return;
    for (size_t i = 0; i < promises->count; i++)
        free(promises->all[i].text);
    free(promises->all);
    free(promises);
}

bool
promise_give(struct promises *promises, const char *key)
{
    struct promise *promise = promise_find(promises, key);

    if (promise == NULL)
        return false;
    promises->given += !promise->is_given;
    promise->is_given = true;
    return true;
}

size_t
promises_given(const struct promises *promises)
{
    return promises->given;
}

/* --- Are they kept? ---------------------------------------------------------- */

struct image {
    const struct promises *promises;
    struct store *store;
    struct reader *reader;
    char *why;
    size_t why_room;
};

__attribute__((format(printf, 2, 3))) static bool
broken(struct image *image, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(image->why, image->why_room, format, arguments);
    va_end(arguments);
    return false;
}

/*
 * Read all rows of `sql`, whose last parameter-free column order `take` knows.  False
 * when it cannot be read, or `take` says so.
 */
static bool
rows(struct image *image, const char *sql,
     bool (*take)(struct image *image, sqlite3_stmt *stmt, void *context), void *context)
{
    sqlite3_stmt *stmt = NULL;
    bool is_good = true;

    if (db_prepare(image->reader->db, sql, &stmt) != OK)
        return broken(image, "cannot read: %s", image->reader->db->failure.message);
    int code = sqlite3_step(stmt);

    while (code == SQLITE_ROW && is_good) {
        is_good = take(image, stmt, context);
        code = sqlite3_step(stmt);
    }
    if (is_good && code != SQLITE_DONE)
        is_good = broken(image, "cannot read: %s", sqlite3_errstr(code));
    (void)sqlite3_finalize(stmt); /* repeats the step's error */
    return is_good;
}

static const char *
text_of(sqlite3_stmt *stmt, int column)
{
    const char *text = (const char *)sqlite3_column_text(stmt, column);

    return text == NULL ? "" : text;
}

/* What of each promise was found. */
struct found {
    bool key, event, ticket, file;
};

static bool
take_key(struct image *image, sqlite3_stmt *stmt, void *context)
{
    const struct promise *promise = promise_find(image->promises, text_of(stmt, 0));

    if (promise != NULL)
        ((struct found *)context)[promise - image->promises->all].key = true;
    return true;
}

static bool
take_event(struct image *image, sqlite3_stmt *stmt, void *context)
{
    const char *no = text_of(stmt, 0), *type = text_of(stmt, 1);
    int64_t count = sqlite3_column_int64(stmt, 2);
    struct found *found = context;

    for (size_t i = 0; i < image->promises->count; i++) {
        const struct promise *promise = &image->promises->all[i];

        if (promise->count <= count && strcmp(promise->no, no) == 0 &&
            strcmp(promise->type, type) == 0)
            found[i].event = true;
    }
    return true;
}

static bool
take_ticket(struct image *image, sqlite3_stmt *stmt, void *context)
{
    const char *no = text_of(stmt, 0), *text = text_of(stmt, 2);
    int64_t version = sqlite3_column_int64(stmt, 1);
    struct found *found = context;

    for (size_t i = 0; i < image->promises->count; i++) {
        const struct promise *promise = &image->promises->all[i];

        if (promise->version <= version && strcmp(promise->no, no) == 0 &&
            (promise->text == NULL || strcmp(promise->text, text) == 0))
            found[i].ticket = true;
    }
    return true;
}

/* That its bytes are those of the row's hash, verify_files() looks at. */
static bool
take_file(struct image *image, sqlite3_stmt *stmt, void *context)
{
    const char *id = text_of(stmt, 0);
    const void *hash = sqlite3_column_blob(stmt, 1);
    struct found *found = context;

    for (size_t i = 0; i < image->promises->count; i++) {
        const struct promise *promise = &image->promises->all[i];

        if (strcmp(promise->file, id) == 0 &&
            sqlite3_column_bytes(stmt, 1) == HASH_BYTES &&
            memcmp(promise->hash, hash, HASH_BYTES) == 0)
            found[i].file = true;
    }
    return true;
}

static bool
look_at_promises(struct image *image)
{
    const struct promises *promises = image->promises;
    struct found *found = calloc(promises->count, sizeof *found);
    bool is_good =
        found != NULL && rows(image, "SELECT key FROM idempotency", take_key, found) &&
        rows(image,
             "SELECT ticket.no, event.type, count(*) FROM event JOIN ticket"
             " ON ticket.id = event.ticket_id GROUP BY ticket.id, event.type",
             take_event, found) &&
        rows(image,
             "SELECT ticket.no, ticket.version, ticket_text.content FROM ticket"
             " JOIN ticket_text ON ticket_text.ticket_id = ticket.id",
             take_ticket, found) &&
        rows(image, "SELECT id, hash FROM attachment", take_file, found);

    for (size_t i = 0; i < promises->count && is_good; i++) {
        const struct promise *promise = &promises->all[i];

        if (!promise->is_given)
            continue;
        if (!found[i].key)
            is_good = broken(image, "lost: the write with the key %s", promise->key);
        else if (promise->no[0] != '\0' && !found[i].event)
            is_good = broken(image, "lost: event %s %s", promise->no, promise->type);
        else if (promise->no[0] != '\0' && !found[i].ticket)
            is_good = broken(image, "lost: what became of %s", promise->no);
        else if (promise->file[0] != '\0' && !found[i].file)
            is_good = broken(image, "lost: file %s", promise->file);
    }
    free(found);
    return is_good;
}

/* --- Is anything half done? ---------------------------------------------------- */

static bool
take_integrity(struct image *image, sqlite3_stmt *stmt, void *context)
{
    (void)context;
    return strcmp(text_of(stmt, 0), "ok") == 0
               ? true
               : broken(image, "integrity: %s", text_of(stmt, 0));
}

static bool
take_foreign_key(struct image *image, sqlite3_stmt *stmt, void *context)
{
    (void)context;
    return broken(image, "foreign key of %s", text_of(stmt, 0));
}

static void
tell_finding(void *context, const struct verify_finding *finding)
{
    (void)broken(context, "%s: seq %lld %s", finding->check, (long long)finding->seq,
                 finding->what);
}

/* All of it, or what a loss of power is most likely to break. */
static bool
look_at_whole(struct image *image, struct arena *arena, bool is_thorough)
{
    struct verify_result result = { .findings = 0 };
    struct verify verify = {
        .db = image->reader->db,
        .store = image->store,
        .arena = arena,
        .tell = tell_finding,
        .context = image,
        .result = &result,
    };
    int64_t count = 0, bad_seq = 0;
    const char *wrong = NULL;
    enum err error = OK;

    if (is_thorough) {
        error = verify_run(image->reader, arena, tell_finding, image, &result);
    } else {
        if (!rows(image, "PRAGMA quick_check(1)", take_integrity, NULL) ||
            !rows(image, "PRAGMA foreign_key_check", take_foreign_key, NULL))
            return false;
        error = events_verify_chain(image->reader->db, &count, &bad_seq);
        if (error == OK)
            error = summaries_agree(image->reader->db, &wrong);
        if (error == OK)
            error = verify_files(&verify);
    }
    if (error != OK)
        return broken(image, "cannot look through: %s %s", err_code(error),
                      image->reader->db->failure.message);
    if (bad_seq != 0)
        return broken(image, "chain: seq %lld", (long long)bad_seq);
    if (wrong != NULL)
        return broken(image, "summaries: %s", wrong);
    return result.findings == 0;
}

static bool
take_number(struct image *image, sqlite3_stmt *stmt, void *context)
{
    (void)image;
    *(int64_t *)context = sqlite3_column_int64(stmt, 0);
    return true;
}

/* The start has removed what no row names. */
static bool
look_at_folder(struct image *image, const char *path)
{
    char folder[PATH_MAX];
    const struct dirent *entry;
    int64_t rows_count = -1, files = 0;

    (void)snprintf(folder, sizeof folder, "%s/attachments", path);
    DIR *opened = opendir(folder);

    if (opened == NULL)
        return broken(image, "no folder of attachments");
    while ((entry = readdir(opened)) != NULL)
        files += entry->d_name[0] != '.';
    (void)closedir(opened); /* only read */
    if (!rows(image, "SELECT count(*) FROM attachment", take_number, &rows_count))
        return false;
    return files == rows_count ? true : broken(image, "a file without a row");
}

/* --- Can it be written? --------------------------------------------------------- */

static enum err
note_run(struct txn *txn, struct job *job)
{
    (void)job;
    return db_execute(txn->db, "INSERT INTO setting VALUES ('power', '')");
}

static void
note_done(struct job *job)
{
    (void)job;
}

static bool
write_something(struct image *image)
{
    struct job note = { .name = "power", .run = note_run, .done = note_done };
    struct writer *writer = NULL;
    enum err error = writer_open(image->store, &writer);

    if (error == OK)
        error = writer_run(writer, &note);
    writer_free(writer);
    return error == OK ? true : broken(image, "cannot be written: %s", err_code(error));
}

static bool
look(struct image *image, const char *path, bool is_thorough)
{
    struct reader_pool *pool = NULL;
    struct arena *arena = arena_new();
    bool is_good = false;
    enum err error = arena == NULL ? ERR_NO_MEMORY : OK;

    if (error == OK)
        error = reader_pool_open(image->store, 1, &pool);
    if (error == OK)
        error = reader_acquire(pool, READ_DEADLINE_MS, &image->reader);
    if (error == OK) {
        is_good = look_at_whole(image, arena, is_thorough) && look_at_promises(image) &&
                  look_at_folder(image, path);
        reader_release(pool, image->reader);
    } else {
        (void)broken(image, "no reader: %s", err_code(error));
    }
    reader_pool_close(pool);
    arena_free(arena);
    return is_good && write_something(image);
}

bool
promises_kept(const struct promises *promises, const char *path, bool is_thorough,
              char *why, size_t why_room)
{
    struct image image = { .promises = promises, .why = why, .why_room = why_room };
    struct problem problem = { .value = "" };
    struct config config;

    config_defaults(&config);
    config.checkpoint_ms = NEVER_MS;
    config.disk_reserve_bytes = 0;
    config.upload_reserve_bytes = 0;
    (void)snprintf(config.data, sizeof config.data, "%s", path);
    enum err error = store_open(&config, &image.store, &problem);

    if (error != OK)
        return broken(&image, "cannot be opened: %s %s", err_code(error), problem.value);
    bool is_good = look(&image, path, is_thorough);

    store_close(image.store);
    return is_good;
}
