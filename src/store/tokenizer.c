/*
 * tokenizer.c - what SQLite's full text needs of us on each connection: the
 * tokenizer "yidan", and search_holds(), which looks into the texts themselves.
 *
 * 1. Of each text the tokenizer makes all pairs of neighbours, signs and blanks
 *    too, and its last character.  So every character begins a token, and a
 *    needle of two characters or more stands in a ticket only if all its pairs
 *    are tokens of it.
 * 2. A word that is asked for is one token as it is.
 * 3. Neither can be asked to do anything by a schema from elsewhere: they are
 *    harmless, and say so to SQLite.
 */
#include <string.h>

#include "base/fold.h"
#include "store_internal.h"

/* --- The tokenizer --------------------------------------------------------------- */

static int
tokenizer_new(void *context, const char **arguments, int count, Fts5Tokenizer **ret)
{
    (void)arguments; /* it has no options */
    (void)count;
    *ret = context; /* one for all, it has no state */
    return SQLITE_OK;
}

static void
tokenizer_free(Fts5Tokenizer *tokenizer)
{
    (void)tokenizer;
}

typedef int (*take_token)(void *context, int flags, const char *token, int bytes,
                          int start, int end);

static int
take(take_token token, void *context, const char *text, size_t start, size_t end)
{
    return token(context, 0, text + start, (int)(end - start), (int)start, (int)end);
}

static int
tokenize(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int count,
         take_token token)
{
    size_t bytes = (size_t)count, at = 0;
    size_t last = 0; /* where the character before begins, while in a text */
    bool is_in_text = false;
    int code = SQLITE_OK;

    (void)tokenizer;
    if ((flags & FTS5_TOKENIZE_QUERY) != 0)
        return bytes == 0 ? SQLITE_OK : take(token, context, text, 0, bytes);
    while (at < bytes && code == SQLITE_OK) {
        uint32_t character = 0;
        size_t length = fold_character(text + at, bytes - at, &character);
        bool is_end = character == SEARCH_BETWEEN;

        if (is_in_text)
            code = take(token, context, text, last, is_end ? at : at + length);
        is_in_text = !is_end;
        last = at;
        at += length;
    }
    if (is_in_text && code == SQLITE_OK)
        code = take(token, context, text, last, bytes);
    return code;
}

/* --- search_holds(needle, text, …) ------------------------------------------------- */

/* 1 when one of the texts, folded, holds the folded needle. */
static void
search_holds(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct db *db = sqlite3_user_data(context);
    const void *needle = sqlite3_value_blob(values[0]);
    size_t needle_bytes = (size_t)sqlite3_value_bytes(values[0]);
    int answer = 0;

    for (int i = 1; i < count && answer == 0; i++) {
        const char *text = sqlite3_value_blob(values[i]);
        size_t bytes = (size_t)sqlite3_value_bytes(values[i]);

        if (text == NULL)
            continue;
        fold_clear(&db->fold);
        if (fold_add(&db->fold, text, bytes) == ERR_NO_MEMORY) {
            sqlite3_result_error_nomem(context);
            return;
        }
        answer = memmem(db->fold.text, db->fold.bytes, needle, needle_bytes) != NULL;
    }
    sqlite3_result_int(context, answer);
}

/* --- Registering ------------------------------------------------------------------- */

static int
find_api(sqlite3 *handle, fts5_api **ret_api)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(handle, "SELECT fts5(?1)", -1, &stmt, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_bind_pointer(stmt, 1, ret_api, "fts5_api_ptr", NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    (void)sqlite3_finalize(stmt); /* repeats the step's error */
    return code == SQLITE_ROW && *ret_api != NULL ? SQLITE_OK : SQLITE_ERROR;
}

enum err
tokenizer_register(struct db *db)
{
    static fts5_tokenizer methods = { tokenizer_new, tokenizer_free, tokenize };
    fts5_api *api = NULL;
    int code = find_api(db->handle, &api);

    if (code == SQLITE_OK)
        code = api->xCreateTokenizer(api, "yidan", db, &methods, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_create_function_v2(db->handle, "search_holds", -1,
                                          SQLITE_UTF8 | SQLITE_DETERMINISTIC |
                                              SQLITE_INNOCUOUS | SQLITE_DIRECTONLY,
                                          db, search_holds, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : db_failed(db, "tokenizer", code);
}
