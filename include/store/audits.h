#ifndef YIDAN_STORE_AUDITS_H
#define YIDAN_STORE_AUDITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "domain/access.h"

/*
 * audits.h - the trail as an auditor reads it: who did what and when.
 *
 * Layer    store.
 * Threads  as tickets.h.
 * Lifetime texts of a row lie in the arena it was read with.
 */

struct db;

struct audit_row {
    int64_t seq, at;
    const char *type, *actor_kind;
    const char *actor_login, *actor_name; /* NULL: no user */
    const char *unit_name;
    const char *ticket_no; /* NULL: about no ticket */
    const char *from_state, *to_state;
    int64_t version;
    const char *payload; /* facts and commitments; no text */
    const char *login;   /* whom an event about a person is about; erasable */
    const char *reason;  /* why personal data were read: only for who sees the ticket */
};

/* Zeroed sees the viewer's own doing and nothing else. */
struct audit_filter {
    struct access_audit scope;
    int64_t viewer, viewer_unit;
    bool sees_tickets_now; /* all tickets, for one's own doing */
    int64_t ticket_id;     /* 0: of all */
    int64_t actor_id;      /* user; 0: of all */
    const char *type;      /* NULL: all */
    int64_t from, to;      /* UTC seconds; to 0: no end */
    int64_t before;        /* events with a smaller seq; 0: from the newest */
};

/* Up to `limit` events, newest first. */
MUST_CHECK enum err audits_read(struct db *db, struct arena *arena,
                                const struct audit_filter *filter, int limit,
                                struct audit_row **ret_rows, size_t *ret_count);

/* A text of an event about what the administrator keeps: "before.name", "after.name". */
struct audit_text {
    const char *field, *text;
};
#define AUDIT_TEXTS_MAX 24

/* Up to AUDIT_TEXTS_MAX of them, in the arena. */
MUST_CHECK enum err audits_texts(struct db *db, struct arena *arena, int64_t seq,
                                 struct audit_text *ret_texts, size_t *ret_count);

/* Who read or printed personal data of a ticket: up to `limit`, newest first. */
MUST_CHECK enum err audits_views(struct db *db, struct arena *arena, int64_t ticket_id,
                                 int64_t before, int limit, struct audit_row **ret_rows,
                                 size_t *ret_count);

#endif
