/*
 * events.c - the append-only trail and its erasable texts.
 *
 * Invariants
 *  1. seq is gap-free: the last one's plus one, given by the only writer.
 *  2. hash covers every other column and the hash before it (chain.h).
 *  3. payload holds no text a person typed: a text is represented by
 *     BLAKE2b(salt ‖ text), its row in event_text can be erased.
 */
#include "store/events.h"

#include <assert.h>
#include <string.h>

#include "base/crypt.h"
#include "base/ident.h"
#include "base/text.h"
#include "store/chain.h"
#include "store/query.h"
#include "store/store.h"
#include "store/writer.h"

static void
add_text(struct event *event, struct event_text text)
{
    if (text.text == NULL)
        return;
    assert(event->text_count < EVENT_TEXTS_MAX);
    if (event->text_count < EVENT_TEXTS_MAX)
        event->texts[event->text_count++] = text;
}

void
event_add_text(struct event *event, const char *field, const char *text)
{
    add_text(event, (struct event_text){ .field = field, .text = text });
}

void
event_add_sealed(struct event *event, const char *field, const char *text)
{
    add_text(event,
             (struct event_text){ .field = field, .text = text, .is_sealed = true });
}

void
event_add_commitment(struct event *event, const char *field, const char *text)
{
    add_text(event,
             (struct event_text){ .field = field, .text = text, .is_elsewhere = true });
}

/* The first hash of the chain is that of the database's random id. */
static enum err
genesis(struct db *db, uint8_t ret_hash[HASH_BYTES])
{
    struct stmt *stmt = query(db, Q_META_VALUE);

    bind_text(stmt, ":key", "database_id");
    TRY(query_one(stmt));
    chain_genesis(row_text(stmt), ret_hash);
    query_end(stmt);
    return OK;
}

static enum err
save_meta(struct txn *txn, const char *key, const char *value)
{
    struct stmt *stmt = query(txn->db, Q_META_INSERT);

    bind_text(stmt, ":key", key);
    bind_text(stmt, ":value", value);
    return query_run(stmt, NULL);
}

enum err
events_head(struct txn *txn, struct event_head *ret_head)
{
    struct stmt *stmt = query(txn->db, Q_EVENT_LAST);
    enum err err = query_one(stmt);

    *ret_head = (struct event_head){ .seq = 0 };
    if (err == OK) {
        size_t bytes;
        ret_head->seq = row_int(stmt);
        ret_head->at = row_int(stmt);
        const void *hash = row_blob(stmt, &bytes);
        if (bytes == HASH_BYTES)
            memcpy(ret_head->hash, hash, HASH_BYTES);
        query_end(stmt);
        return bytes == HASH_BYTES ? OK : ERR_INTERNAL;
    }
    if (err != ERR_NOT_FOUND)
        return err;
    err = genesis(txn->db, ret_head->hash);
    if (err != ERR_NOT_FOUND)
        return err;

    /* The very first event of a database gives it its id, and marks its keys. */
    char id[IDENT_UUID_BYTES];
    ident_uuid(id);
    char mark[KEYS_MARK_BYTES];
    keys_mark(store_keys(txn->store), mark);
    TRY(save_meta(txn, "database_id", id));
    TRY(save_meta(txn, "keys_mark", mark));
    return genesis(txn->db, ret_head->hash);
}

void
event_commitment(const char *text, const void *salt, size_t salt_bytes,
                 char ret_hex[HASH_BYTES * 2 + 1])
{
    struct hash_state state;
    uint8_t hash[HASH_BYTES];

    hash_init(&state);
    hash_add_part(&state, salt, salt_bytes);
    hash_add_part(&state, text, strlen(text));
    hash_done(&state, hash);
    crypt_hex(hash, HASH_BYTES, ret_hex);
}

/* {facts..., "texts": {"note": "<commitment>"}} */
enum err
events_payload(struct arena *arena, const struct event *event,
               uint8_t salts[EVENT_TEXTS_MAX][EVENT_SALT_BYTES], const char **ret_payload)
{
    const char *texts = NULL;
    struct json_out out;
    size_t bytes;

    crypt_random(salts, event->text_count * EVENT_SALT_BYTES);
    json_out_init(&out, arena);
    json_object_open(&out, NULL);
    for (size_t i = 0; i < event->text_count; i++) {
        char hex[HASH_BYTES * 2 + 1];
        event_commitment(event->texts[i].text, salts[i], EVENT_SALT_BYTES, hex);
        json_text(&out, event->texts[i].field, hex);
    }
    json_object_close(&out);
    TRY(json_out_done(&out, &texts, &bytes));

    const char *facts = event->facts != NULL ? event->facts : "";
    const char *comma = facts[0] != '\0' ? "," : "";
    const char *payload =
        event->text_count == 0
            ? arena_printf(arena, "{%s}", facts)
            : arena_printf(arena, "{%s%s\"texts\":%s}", facts, comma, texts);
    if (payload == NULL)
        return ERR_NO_MEMORY;
    *ret_payload = payload;
    return OK;
}

static enum err
save_text(struct txn *txn, int64_t seq, const struct event_text *text,
          const uint8_t salt[EVENT_SALT_BYTES])
{
    struct stmt *stmt = query(txn->db, Q_EVENT_TEXT_INSERT);

    bind_int(stmt, ":event_seq", seq);
    bind_text(stmt, ":field", text->field);
    bind_blob(stmt, ":salt", salt, EVENT_SALT_BYTES);
    if (!text->is_sealed && !text->is_elsewhere)
        bind_text(stmt, ":text", text->text);
    else if (text->is_sealed) {
        char place[96];
        const uint8_t *sealed;
        size_t bytes;
        if (!text_format(place, sizeof place, "event_text.%s:%lld", text->field,
                         (long long)seq))
            return ERR_INTERNAL;
        TRY(crypt_seal(store_keys(txn->store), txn->arena, text->text, place, &sealed,
                       &bytes));
        bind_blob(stmt, ":sealed", sealed, bytes);
    }
    return query_run(stmt, NULL);
}

/* Append the row of an event whose payload is made; `head` moves on to it. */
static enum err
append_row(struct txn *txn, const struct event *event, const char *payload,
           struct event_head *head)
{
    uint8_t hash[HASH_BYTES];
    struct chain_row row = {
        .seq = head->seq + 1,
        .ticket_id = event->ticket_id,
        .at = event->at > head->at ? event->at : head->at,
        .actor_kind = actor_kind_word(event->actor->kind),
        .actor_id = event->actor->id,
        .unit_id = event->actor->unit_id,
        .type = event->type,
        .from_state = choice_word(&words_state, event->from_state),
        .to_state = choice_word(&words_state, event->to_state),
        .version = event->version,
        .payload = payload,
    };
    chain_hash(head->hash, &row, hash);

    struct stmt *stmt = query(txn->db, Q_EVENT_INSERT);
    bind_int(stmt, ":seq", row.seq);
    bind_int(stmt, ":ticket_id", row.ticket_id);
    bind_int(stmt, ":at", row.at);
    bind_text(stmt, ":actor_kind", row.actor_kind);
    bind_int(stmt, ":actor_id", row.actor_id);
    bind_int(stmt, ":unit_id", row.unit_id);
    bind_text(stmt, ":type", row.type);
    bind_text(stmt, ":from_state", row.from_state);
    bind_text(stmt, ":to_state", row.to_state);
    bind_int(stmt, ":version", row.version);
    bind_text(stmt, ":payload", row.payload);
    bind_blob(stmt, ":hash", hash, sizeof hash);
    TRY(query_run(stmt, NULL));
    head->seq = row.seq;
    head->at = row.at;
    memcpy(head->hash, hash, sizeof hash);
    return OK;
}

enum err
events_append_ready(struct txn *txn, const struct event *event, const char *payload,
                    uint8_t salts[EVENT_TEXTS_MAX][EVENT_SALT_BYTES],
                    struct event_head *head)
{
    TRY(append_row(txn, event, payload, head));
    for (size_t i = 0; i < event->text_count; i++)
        TRY(save_text(txn, head->seq, &event->texts[i], salts[i]));
    return OK;
}

enum err
events_append(struct txn *txn, const struct event *event, int64_t *ret_seq)
{
    uint8_t salts[EVENT_TEXTS_MAX][EVENT_SALT_BYTES];
    const char *payload;
    struct event_head head;

    TRY(events_head(txn, &head));
    TRY(events_payload(txn->arena, event, salts, &payload));
    TRY(events_append_ready(txn, event, payload, salts, &head));
    if (ret_seq != NULL)
        *ret_seq = head.seq;
    return OK;
}

/* --- Reading -------------------------------------------------------------- */

static enum err
load_texts(struct db *db, struct arena *arena, struct event_row *row)
{
    struct stmt *stmt = query(db, Q_EVENT_TEXTS);
    bool has_row;

    bind_int(stmt, ":event_seq", row->seq);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row || row->text_count == EVENT_TEXTS_MAX)
            break;
        struct event_text *text = &row->texts[row->text_count++];
        text->field = row_text_copy(stmt, arena);
        text->text = row_text_copy(stmt, arena);
        text->is_sealed = row_int(stmt) != 0;
    }
    query_end(stmt);
    return OK;
}

enum err
events_of_ticket(struct db *db, struct arena *arena, int64_t ticket_id, int64_t after_seq,
                 int limit, struct event_row **ret_rows, size_t *ret_count)
{
    struct event_row *rows = arena_array(arena, struct event_row, (size_t)limit);
    struct stmt *stmt = query(db, Q_EVENTS_OF_TICKET);
    size_t count = 0;
    bool has_row;

    if (rows == NULL)
        return ERR_NO_MEMORY;
    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":after_seq", after_seq);
    bind_int(stmt, ":limit", limit);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row || count == (size_t)limit)
            break;
        struct event_row *row = &rows[count++];
        row->seq = row_int(stmt);
        row->ticket_id = row_int(stmt);
        row->at = row_int(stmt);
        row->actor_id = row_int(stmt);
        row->unit_id = row_int(stmt);
        row->version = row_int(stmt);
        row->actor_kind = row_text_copy(stmt, arena);
        row->actor_name = row_text_copy(stmt, arena);
        row->unit_name = row_text_copy(stmt, arena);
        row->type = row_text_copy(stmt, arena);
        row->from_state = row_text_copy(stmt, arena);
        row->to_state = row_text_copy(stmt, arena);
        row->payload = row_text_copy(stmt, arena);
    }
    query_end(stmt);
    for (size_t i = 0; i < count; i++)
        TRY(load_texts(db, arena, &rows[i]));
    *ret_rows = rows;
    *ret_count = count;
    return OK;
}

enum err
events_verify_chain(struct db *db, int64_t *ret_count, int64_t *ret_bad_seq)
{
    uint8_t hash[HASH_BYTES], expected[HASH_BYTES];
    struct stmt *stmt;
    int64_t count = 0;
    bool has_row;

    *ret_bad_seq = 0;
    enum err err = genesis(db, hash);
    if (err == ERR_NOT_FOUND)
        memset(
            hash, 0,
            sizeof hash); /* no event yet, or its id was removed: the first one tells */
    else
        TRY(err);
    stmt = query(db, Q_EVENTS_ALL);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        struct chain_row row = { .seq = row_int(stmt) };
        row.ticket_id = row_int(stmt);
        row.at = row_int(stmt);
        row.actor_kind = row_text(stmt);
        row.actor_id = row_int(stmt);
        row.unit_id = row_int(stmt);
        row.type = row_text(stmt);
        row.from_state = row_text(stmt);
        row.to_state = row_text(stmt);
        row.version = row_int(stmt);
        row.payload = row_text(stmt);
        size_t bytes;
        const void *stored = row_blob(stmt, &bytes);
        chain_hash(hash, &row, expected);
        count++;
        if (row.seq != count || bytes != HASH_BYTES ||
            memcmp(stored, expected, bytes) != 0) {
            *ret_bad_seq = row.seq;
            break;
        }
        memcpy(hash, expected, sizeof hash);
    }
    query_end(stmt);
    *ret_count = count;
    return OK;
}
