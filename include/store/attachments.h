#ifndef YIDAN_STORE_ATTACHMENTS_H
#define YIDAN_STORE_ATTACHMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/crypt.h"
#include "base/error.h"
#include "base/ident.h"

/*
 * attachments.h - table attachment: what is attached to which ticket.
 *
 * Layer    store.
 * Threads  as tickets.h.
 */

struct db;
struct store;
struct txn;
struct upload;

/* The greatest attachments_per_ticket. */
#define ATTACHMENTS_MAX 200

struct attachment {
    char id[IDENT_UUID_BYTES];
    int64_t ticket_id;
    int kind; /* enum attachment_kind */
    int type; /* enum attachment_type */
    int64_t bytes;
    uint8_t hash[HASH_BYTES];
    const char *name; /* in the arena, and so are: */
    int64_t added_at;
    const char *added_by; /* a user's name; NULL: citizen or another system */
    const char *unit_code, *unit_name, *unit_short_name; /* NULL: nobody's */
};

/* Erased ones are not found. Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err attachments_by_id(struct db *db, struct arena *arena, const char *id,
                                      struct attachment *ret_attachment);

/* Those of a ticket, oldest first, at most ATTACHMENTS_MAX, in the arena. */
MUST_CHECK enum err attachments_of_ticket(struct db *db, struct arena *arena,
                                          int64_t ticket_id,
                                          struct attachment **ret_attachments,
                                          size_t *ret_count);
MUST_CHECK enum err attachments_count(struct db *db, int64_t ticket_id,
                                      int64_t *ret_count);

/* Those that citizens added themselves. */
MUST_CHECK enum err attachments_count_citizens(struct db *db, int64_t ticket_id,
                                               int64_t *ret_count);

/* The row of an upload whose file is placed; `event_seq` is the event that tells of it. */
MUST_CHECK enum err attachments_insert(struct txn *txn, int64_t ticket_id,
                                       int64_t event_seq, int kind, int type,
                                       const struct upload *upload, const char *name,
                                       int64_t user_id, int64_t unit_id, int64_t now);

/*
 * The file of an attachment, open for reading; close() it.
 * Errors   ERR_STORE  it is missing or has another size: see `yidan verify`
 */
MUST_CHECK enum err attachments_open_file(struct store *store,
                                          const struct attachment *attachment,
                                          int *ret_fd);

#endif
