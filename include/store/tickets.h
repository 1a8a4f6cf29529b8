#ifndef YIDAN_STORE_TICKETS_H
#define YIDAN_STORE_TICKETS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "domain/ticket.h"

/*
 * tickets.h - tables ticket, ticket_text, petitioner and assignment, and the
 * case of a ticket with all that its rules depend on.
 *
 * Layer    store.
 * Threads  reads take a `struct db *` of a reader or of a transaction; writes
 *          take a transaction.
 */

struct db;
struct reader;
struct stmt;
struct store;
struct txn;

/* Read the columns of fragment `ticket_columns` from the present row. */
void tickets_row(struct stmt *stmt, struct ticket *ret_ticket);

/* Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err tickets_by_no(struct db *db, const char *no,
                                  struct ticket *ret_ticket);
MUST_CHECK enum err tickets_by_id(struct db *db, int64_t id, struct ticket *ret_ticket);

/* The whole case: ticket, assignments, open records. Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err tickets_case_by_no(struct db *db, const char *no,
                                       struct ticket_case *ret_case);
/* The same, which need not be read when nothing of it has changed since the last time. */
MUST_CHECK enum err tickets_case_at_hand(struct reader *reader, const char *no,
                                         struct ticket_case *ret_case);
MUST_CHECK enum err tickets_case_by_id(struct db *db, int64_t id,
                                       struct ticket_case *ret_case);

/* What the citizen wrote. Texts are in the arena; NULL where there is none. */
struct ticket_text {
    const char *title, *content, *demand, *respondent, *address, *tags, *sensitive_reason,
        *repeat_relation, *public_text;
};
MUST_CHECK enum err tickets_text(struct db *db, struct arena *arena, int64_t ticket_id,
                                 struct ticket_text *ret_text);

/*
 * A petitioner, opened.  Never leaves the store without access_reveal() or a
 * mask, nor past access_petitioner().
 */
struct petitioner {
    int64_t id, from_ticket;
    bool from_confidential; /* a merge brought them from a confidential ticket */
    int kind;
    const char *name, *phone, *contact_note;
};
#define PETITIONERS_MAX 20
MUST_CHECK enum err tickets_petitioners(
    struct db *db, struct store *store, struct arena *arena, int64_t ticket_id,
    struct petitioner ret_petitioners[PETITIONERS_MAX], size_t *ret_count);

/*
 * Insert: gives id, no (from received_at, the channel's letter and the day's
 * sequence) and a query code.  Counts it in the summaries.
 * Errors   ERR_FIELDS  upstream number already used (field.taken)
 */
MUST_CHECK enum err tickets_insert(struct txn *txn, struct ticket *ticket, char letter,
                                   const struct ticket_text *text,
                                   const struct petitioner_draft *petitioner,
                                   struct problem *reterr_problem);

/* Is every column the same? */
bool tickets_equal(const struct ticket *a, const struct ticket *b);

/* Save a changed ticket row; summaries follow. `before` is the row as loaded. */
MUST_CHECK enum err tickets_save(struct txn *txn, const struct ticket *before,
                                 const struct ticket *after);

/* Save those assignments that differ from `before`, insert new ones (their ids are set). */
MUST_CHECK enum err tickets_save_assignments(struct txn *txn,
                                             const struct ticket_case *before,
                                             struct ticket_case *after);

MUST_CHECK enum err tickets_save_text(struct txn *txn, int64_t ticket_id,
                                      const struct ticket_text *text);
/* Add a petitioner; `from_ticket` 0: the ticket's own. */
MUST_CHECK enum err tickets_add_petitioner(struct txn *txn, int64_t ticket_id,
                                           int64_t from_ticket, int kind,
                                           const char *name, const char *phone,
                                           const char *contact_note);
/* Forget those that a merge brought; and replace the ticket's own. */
MUST_CHECK enum err tickets_drop_petitioners(struct txn *txn, int64_t ticket_id,
                                             int64_t from_ticket);

/* Are other tickets merged into this one now? */
MUST_CHECK enum err tickets_has_merged(struct db *db, int64_t id, bool *ret_has_merged);

/* The category's name, if new tickets may have it.  Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err tickets_category_check(struct db *db, struct arena *arena,
                                           const char *code, const char **ret_name);

/* The next value of a gap-free counter. */
MUST_CHECK enum err sequences_next(struct txn *txn, const char *name, int64_t *ret_value);

#endif
