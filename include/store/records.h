#ifndef YIDAN_STORE_RECORDS_H
#define YIDAN_STORE_RECORDS_H

#include "base/arena.h"
#include "base/error.h"
#include "domain/moments.h"
#include "domain/ticket.h"

/*
 * records.h - what is laid upon a ticket: urges, supervisions, submissions,
 * instructions, extensions, returns, replies, promises, callbacks; the timer's
 * moments; the outbox.
 *
 * Layer    store.
 */

struct db;
struct rulebook;
struct store;
struct txn;

/* `ret_id` may be NULL everywhere here. `number`ed kinds take the next number of the year. */
MUST_CHECK enum err urges_add(struct txn *txn, int64_t ticket_id, int64_t unit_id,
                              enum urge_kind kind, int64_t issued_by, const char *text,
                              int64_t now, int64_t *ret_id);
/* The unit's unread urges of a ticket are read now. */
MUST_CHECK enum err urges_mark_read(struct txn *txn, int64_t ticket_id, int64_t unit_id,
                                    int64_t user_id, int64_t now);
/* Its unanswered ones are answered now, by `action` (a word of the actions). */
MUST_CHECK enum err urges_answer(struct txn *txn, int64_t ticket_id, int64_t unit_id,
                                 const char *action, int64_t user_id, int64_t now);

/* A prepared one has no number; issuing gives it. */
MUST_CHECK enum err supervisions_prepare(struct txn *txn, int64_t ticket_id,
                                         int64_t unit_id, int64_t now, int64_t *ret_id);
/* Issue: takes over a prepared one of the ticket when there is one. */
MUST_CHECK enum err supervisions_issue(struct txn *txn, int64_t ticket_id,
                                       int64_t unit_id, int reason, const char *demand,
                                       int64_t issued_by, int64_t answer_due_at,
                                       int64_t now, int64_t *ret_id);
/* `id` 0: the oldest one in a fitting state. Errors: ERR_TICKET_NO_SUPERVISION. */
MUST_CHECK enum err supervisions_answer(struct txn *txn, int64_t ticket_id, int64_t id,
                                        const char *text, int64_t user_id, int64_t now);
MUST_CHECK enum err supervisions_settle(struct txn *txn, int64_t ticket_id, int64_t id,
                                        const char *note, int64_t user_id, int64_t now);
/* Open ones pass to the new lead (0: to nobody for now). */
MUST_CHECK enum err supervisions_pass(struct txn *txn, int64_t ticket_id,
                                      int64_t unit_id);
MUST_CHECK enum err supervisions_mark_read(struct txn *txn, int64_t ticket_id,
                                           int64_t unit_id, int64_t user_id, int64_t now);
/* The ticket closes: what was prepared is not issued any more, what was answered is settled. */
MUST_CHECK enum err supervisions_close(struct txn *txn, int64_t ticket_id, int64_t now);
MUST_CHECK enum err supervisions_mark_late(struct txn *txn, int64_t id, int64_t now);

MUST_CHECK enum err submissions_add(struct txn *txn, int64_t ticket_id, int64_t leader_id,
                                    const char *note, int64_t user_id, int64_t now);
/* Close those of `leader_id`; with `waive` also those of others older than a workday (`older_than`). */
MUST_CHECK enum err submissions_close(struct txn *txn, int64_t ticket_id,
                                      int64_t leader_id, bool waive, int64_t older_than,
                                      int64_t now);
MUST_CHECK enum err instructions_add(struct txn *txn, int64_t ticket_id,
                                     int64_t leader_id, const char *text,
                                     bool report_back, bool waive, int64_t supervision_id,
                                     int64_t now);

MUST_CHECK enum err extensions_add(struct txn *txn, int64_t ticket_id,
                                   const struct assignment *lead,
                                   const struct ticket_act *act, bool needs_leader,
                                   int64_t user_id, int64_t now);
/* How many were granted in the round of `assignment_id`. */
MUST_CHECK enum err extensions_granted(struct db *db, int64_t ticket_id,
                                       int64_t assignment_id, int *ret_count);
/* `state`: "granted", "refused", "withdrawn"; nothing happens when none is pending. */
MUST_CHECK enum err extensions_decide(struct txn *txn, int64_t ticket_id,
                                      const char *state, const char *note,
                                      int64_t user_id, int64_t now);

MUST_CHECK enum err returns_add(struct txn *txn, int64_t ticket_id,
                                const struct assignment *lead, const char *from_state,
                                const struct ticket_act *act, int64_t user_id,
                                int64_t now);
MUST_CHECK enum err returns_decide(struct txn *txn, int64_t ticket_id, const char *state,
                                   const char *note, int64_t user_id, int64_t now);

/* `state`: "proposed" or "sent"; earlier proposals become "replaced". */
MUST_CHECK enum err replies_add(struct txn *txn, int64_t ticket_id, int64_t assignment_id,
                                int64_t unit_id, const char *state,
                                const struct ticket_act *act, int outcome,
                                int64_t user_id, int64_t now);
/* From `from` to `to`, the latest one: handed_back, approved, rejected, withdrawn. */
MUST_CHECK enum err replies_review(struct txn *txn, int64_t ticket_id, const char *from,
                                   const char *to, const char *reject_reasons,
                                   const char *note, int64_t user_id, int64_t now);

MUST_CHECK enum err promises_add(struct txn *txn, int64_t ticket_id, int64_t unit_id,
                                 const char *source, int32_t day, int64_t now);
MUST_CHECK enum err promises_keep(struct txn *txn, int64_t ticket_id, int64_t unit_id,
                                  int64_t id, const char *evidence, int64_t user_id,
                                  int64_t now);
/* The unit has the ticket no longer: what it promised is nobody's to keep. */
MUST_CHECK enum err promises_drop(struct txn *txn, int64_t ticket_id, int64_t unit_id);
MUST_CHECK enum err promises_mark_broken(struct txn *txn, int64_t id, int64_t now);

MUST_CHECK enum err callbacks_add(struct txn *txn, int64_t ticket_id, int64_t round,
                                  const struct ticket_act *act, int64_t user_id,
                                  int64_t now);

/*
 * The citizen's rating of the answer given at `answered_at`: made, or changed.
 * Unsatisfied `after_closing` it waits for a supervisor until it is settled.
 */
MUST_CHECK enum err ratings_put(struct txn *txn, int64_t ticket_id, int64_t answered_at,
                                const struct ticket_act *act, bool after_closing,
                                int64_t now);
MUST_CHECK enum err ratings_settle(struct txn *txn, int64_t ticket_id, int64_t user_id,
                                   int64_t now);

/*
 * Make the pending moments of a ticket equal to the plan of its present case,
 * leaving out those that have fired.  The case is loaded again, so call it
 * after all records are written.
 */
MUST_CHECK enum err moments_sync(struct txn *txn, int64_t ticket_id);
/* The same for a case that is known to be as stored (a ticket just received). */
MUST_CHECK enum err moments_sync_case(struct txn *txn,
                                      const struct ticket_case *ticket_case);

/* The same under a rulebook that is not yet the store's. */
MUST_CHECK enum err moments_sync_under(struct txn *txn,
                                       const struct ticket_case *ticket_case,
                                       const struct rulebook *rulebook);

/* One due moment, in order; false when nothing is due before `now`. */
struct due_moment {
    int64_t ticket_id, subject, due_at;
    int kind;
};
MUST_CHECK enum err moments_next(struct txn *txn, int64_t now,
                                 struct due_moment *ret_moment, bool *ret_found);
/* Mark as done; `*ret_first` is false when it had been done before. */
MUST_CHECK enum err moments_fire(struct txn *txn, const struct due_moment *moment,
                                 int64_t now, bool *ret_first);
/* When the earliest pending moment is due; 0: none. Takes a reader's or a transaction's db. */
MUST_CHECK enum err moments_earliest(struct db *db, int64_t *ret_due_at);

/* A flag for somebody: unit 0 is the office; `kind` is an action's or a moment's word. */
MUST_CHECK enum err outbox_post(struct txn *txn, const char *kind, int64_t ticket_id,
                                int64_t unit_id, int64_t user_id, bool is_alarm,
                                int64_t now, int64_t not_before);
/* The alarms of a ticket are seen when somebody there opens it or acts. */
MUST_CHECK enum err outbox_mark_seen(struct txn *txn, int64_t ticket_id, int64_t unit_id,
                                     int64_t now);

#endif
