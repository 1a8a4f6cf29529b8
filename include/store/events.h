#ifndef YIDAN_STORE_EVENTS_H
#define YIDAN_STORE_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/crypt.h"
#include "base/error.h"
#include "domain/ticket.h"

/*
 * events.h - the append-only trail of everything, hash-chained.
 *
 * Layer    store.
 * Personal and free text never enters the hashed payload: give it as texts,
 * which are kept in erasable rows and committed to with a salt.
 */

struct db;
struct txn;

#define EVENT_TEXTS_MAX 24
#define EVENT_SALT_BYTES 16

struct event_text {
    const char *field;
    const char *text;
    bool is_sealed;    /* personal data: encrypted in its row */
    bool is_elsewhere; /* committed to, but kept in another erasable row */
};

struct event {
    int64_t ticket_id; /* 0: not about a ticket */
    int64_t at;        /* event time never goes back: raised to the last one's */
    const struct actor *actor;
    const char *type; /* an action's word, or "ticket_created", "user_changed"… */
    int from_state;   /* CHOICE_NONE: none */
    int to_state;
    int64_t version; /* of the ticket after it; 0 when it changed none */
    const char *
        facts; /* members of a JSON object without braces, "" for none: codes, times, ids; never texts */
    struct event_text texts[EVENT_TEXTS_MAX];
    size_t text_count;
};

/* Add a text; NULL text is ignored, a full list keeps what fits (asserted). */
void event_add_text(struct event *event, const char *field, const char *text);
void event_add_sealed(struct event *event, const char *field, const char *text);
void event_add_commitment(struct event *event, const char *field, const char *text);

/* What the payload holds of a text: BLAKE2b(salt ‖ text) in hexadecimal. */
void event_commitment(const char *text, const void *salt, size_t salt_bytes,
                      char ret_hex[HASH_BYTES * 2 + 1]);

/* Append: `*ret_seq` (may be NULL) is its place in the total order. */
MUST_CHECK enum err events_append(struct txn *txn, const struct event *event,
                                  int64_t *ret_seq);

/*
 * For many events in one transaction, whose payloads were made before it: take
 * the head of the chain once, append each event to it.  `payload` and `salts`
 * are what events_payload() made of the same event; nothing else may append
 * meanwhile.
 */
struct event_head {
    int64_t seq, at;
    uint8_t hash[HASH_BYTES];
};
MUST_CHECK enum err events_head(struct txn *txn, struct event_head *ret_head);
MUST_CHECK enum err events_append_ready(struct txn *txn, const struct event *event,
                                        const char *payload,
                                        uint8_t salts[EVENT_TEXTS_MAX][EVENT_SALT_BYTES],
                                        struct event_head *head);

/* The payload in the arena, with a salted commitment to each text. Needs no transaction. */
MUST_CHECK enum err events_payload(struct arena *arena, const struct event *event,
                                   uint8_t salts[EVENT_TEXTS_MAX][EVENT_SALT_BYTES],
                                   const char **ret_payload);

/* One event as read back, with its texts. */
struct event_row {
    int64_t seq, ticket_id, at, actor_id, unit_id, version;
    const char *actor_kind, *actor_name, *unit_name, *type, *from_state, *to_state,
        *payload;
    struct event_text texts[EVENT_TEXTS_MAX];
    size_t text_count;
};

/* Up to `limit` events of a ticket after `after_seq`, oldest first, in the arena. */
MUST_CHECK enum err events_of_ticket(struct db *db, struct arena *arena,
                                     int64_t ticket_id, int64_t after_seq, int limit,
                                     struct event_row **ret_rows, size_t *ret_count);

/*
 * Re-derive the whole chain.  `*ret_bad_seq` is the first event that does not
 * fit, 0 when all do; `*ret_count` how many there are.
 */
MUST_CHECK enum err events_verify_chain(struct db *db, int64_t *ret_count,
                                        int64_t *ret_bad_seq);

#endif
