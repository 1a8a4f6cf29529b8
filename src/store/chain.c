#include "store/chain.h"

#include <string.h>

/*
 * chain.c - the hash of one event.
 *
 * Every part carries its length, so that parts cannot run together, and the
 * format has a name, so that another one can follow.  Changing a byte here
 * makes every database's chain invalid: the test has a fixed value.
 */

#define EVENT_FORMAT "yidan event 1"
#define GENESIS_FORMAT "yidan chain 1"

static void
add_text(struct hash_state *state, const char *text)
{
    /* No text and the empty text differ by this byte. */
    uint8_t is_there = text != NULL;

    hash_add(state, &is_there, sizeof is_there);
    hash_add_part(state, text == NULL ? "" : text, text == NULL ? 0 : strlen(text));
}

static void
add_int(struct hash_state *state, int64_t number)
{
    uint8_t bytes[8];
    uint64_t rest = (uint64_t)number;

    for (size_t i = 0; i < sizeof bytes; i++, rest >>= 8)
        bytes[i] = (uint8_t)(rest & 0xFF);
    hash_add_part(state, bytes, sizeof bytes);
}

void
chain_genesis(const char *database_id, uint8_t ret_hash[HASH_BYTES])
{
    struct hash_state state;

    hash_init(&state);
    add_text(&state, GENESIS_FORMAT);
    add_text(&state, database_id);
    hash_done(&state, ret_hash);
}

void
chain_hash(const uint8_t previous[HASH_BYTES], const struct chain_row *row,
           uint8_t ret_hash[HASH_BYTES])
{
    struct hash_state state;

    hash_init(&state);
    add_text(&state, EVENT_FORMAT);
    add_int(&state, row->seq);
    add_int(&state, row->ticket_id);
    add_int(&state, row->at);
    add_text(&state, row->actor_kind);
    add_int(&state, row->actor_id);
    add_int(&state, row->unit_id);
    add_text(&state, row->type);
    add_text(&state, row->from_state);
    add_text(&state, row->to_state);
    add_int(&state, row->version);
    add_text(&state, row->payload);
    hash_add_part(&state, previous, HASH_BYTES);
    hash_done(&state, ret_hash);
}
