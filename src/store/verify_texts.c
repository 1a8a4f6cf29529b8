/*
 * verify_texts.c - what stands beside the trail, against the commitments in it:
 * texts of events and files of attachments.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypt.h"
#include "base/ident.h"
#include "base/text.h"
#include "store/events.h"
#include "store/query.h"
#include "store/store.h"
#include "store_internal.h"
#include "verify_internal.h"

#define READ_BYTES ((size_t)128 * 1024)

/* --- Texts ------------------------------------------------------------------------------ */

/* The text of a row, opened when it is sealed; NULL: it stands elsewhere. */
static enum err
open_text(struct verify *verify, int64_t seq, const char *field, const char *text,
          const void *sealed, size_t sealed_bytes, const char **ret_text)
{
    char place[96];

    *ret_text = text;
    if (sealed_bytes == 0)
        return OK;
    if (!text_format(place, sizeof place, "event_text.%s:%lld", field, (long long)seq))
        return ERR_INTERNAL;
    return crypt_open(store_keys(verify->store), verify->arena, sealed, sealed_bytes,
                      place, ret_text);
}

enum err
verify_texts(struct verify *verify)
{
    struct stmt *stmt = query(verify->db, Q_VERIFY_TEXTS);
    bool has_row;

    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        char hex[HASH_BYTES * 2 + 1];
        size_t salt_bytes = 0, sealed_bytes = 0;
        int64_t seq = row_int(stmt);
        const char *field = row_text(stmt);
        const void *salt = row_blob(stmt, &salt_bytes);
        const char *text = row_text(stmt);
        const void *sealed = row_blob(stmt, &sealed_bytes);
        const char *wanted = row_text(stmt);
        enum err error = open_text(verify, seq, field, text, sealed, sealed_bytes, &text);

        verify->result->texts++;
        if (error != OK && error != ERR_SEAL_BROKEN)
            return error;
        if (wanted == NULL || error == ERR_SEAL_BROKEN) {
            verify_find(verify, "texts", seq, field);
        } else if (text != NULL) {
            event_commitment(text, salt, salt_bytes, hex);
            if (strcmp(hex, wanted) != 0)
                verify_find(verify, "texts", seq, field);
        }
        arena_reset(verify->arena);
    }
    return verify_find_rows(verify, Q_VERIFY_TEXTS_MISSING, "texts", true);
}

/* --- Files --------------------------------------------------------------------------------- */

static bool
hash_file(struct verify *verify, const char *id, char *block, int64_t bytes,
          char ret_hex[HASH_BYTES * 2 + 1])
{
    char path[PATH_MAX];
    struct hash_state state;
    uint8_t hash[HASH_BYTES];
    int64_t total = 0;
    ssize_t got = -1;

    if (!attachment_path(verify->store, id, "", path))
        return false;
    int file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (file < 0)
        return false;
    hash_init(&state);
    while ((got = read(file, block, READ_BYTES)) > 0) {
        hash_add(&state, block, (size_t)got);
        total += got;
    }
    (void)close(file); /* only read */
    hash_done(&state, hash);
    crypt_hex(hash, HASH_BYTES, ret_hex);
    return got == 0 && total == bytes;
}

static enum err
check_files(struct verify *verify, char *block)
{
    struct stmt *stmt = query(verify->db, Q_VERIFY_ATTACHMENTS);
    bool has_row;

    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        char row_hex[HASH_BYTES * 2 + 1] = "", file_hex[HASH_BYTES * 2 + 1] = "";
        char id[IDENT_UUID_BYTES];
        size_t bytes = 0;

        row_copy(stmt, id, sizeof id);
        int64_t size = row_int(stmt);
        const void *hash = row_blob(stmt, &bytes);
        if (bytes == HASH_BYTES)
            crypt_hex(hash, HASH_BYTES, row_hex);
        bool is_erased = row_int(stmt) != 0;
        const char *said_id = row_text(stmt), *said_hash = row_text(stmt);
        int64_t said_bytes = row_int(stmt);
        bool is_its_event = row_int(stmt) != 0;

        verify->result->files++;
        if (!is_its_event || said_id == NULL || strcmp(said_id, id) != 0 ||
            said_hash == NULL || strcmp(said_hash, row_hex) != 0 || said_bytes != size)
            verify_find(verify, "attachments", 0, id);
        else if (!is_erased && (!hash_file(verify, id, block, size, file_hex) ||
                                strcmp(file_hex, row_hex) != 0))
            verify_find(verify, "files", 0, id);
    }
    return verify_find_rows(verify, Q_VERIFY_ATTACHMENTS_MISSING, "attachments", true);
}

enum err
verify_files(struct verify *verify)
{
    char *block = malloc(READ_BYTES);

    if (block == NULL)
        return ERR_NO_MEMORY;
    enum err error = check_files(verify, block);

    free(block);
    return error;
}
