#ifndef YIDAN_COMMAND_INTERNAL_H
#define YIDAN_COMMAND_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/json.h"

/*
 * command_internal.h - what the commands share.
 *
 * Layer    command.
 */

/* One more wrong field; the problem's value is how many there are. Returns ERR_FIELDS. */
static inline enum err
command_field(struct problem *problem, const char *field, enum err code,
              const char *value)
{
    (void)problem_add(problem, field, code, value);
    return problem_value(problem, ERR_FIELDS, "%zu", problem->field_count);
}

/* Somebody else was first: it is now at `version`. */
static inline enum err
command_stale(struct problem *problem, int64_t version)
{
    return problem_value(problem, ERR_VERSION_CONFLICT, "%lld", (long long)version);
}

/*
 * The names of what changed, as they stand in an event's facts: ["name","roles"].
 * Names are literals of ours and fit by their number.
 */
struct command_changes {
    char list[320];
    size_t bytes;
};
void command_changed(struct command_changes *changes, const char *name);

/* Put what was typed into a member and note its name when that changes it. */
void command_change_text(const char *typed, const char **member, const char *name,
                         struct command_changes *changes); /* NULL: not typed */
void command_change_flag(enum tristate typed, bool *member, const char *name,
                         struct command_changes *changes);
void command_change_number(
    int64_t typed, int64_t *member, const char *name,
    struct command_changes *changes); /* NUMBER_ABSENT: not typed */

struct account_proof;
struct actor;
struct totp;
struct txn;

/*
 * Tell of something about no ticket: `facts` as in struct event, NULL when there
 * was no memory for them.
 */
MUST_CHECK enum err command_tell(struct txn *txn, const struct actor *actor, int64_t now,
                                 const char *type, const char *facts);

/* The same about something with a name of people's: the erasable text `field`. */
MUST_CHECK enum err command_tell_named(struct txn *txn, const struct actor *actor,
                                       int64_t now, const char *type, const char *facts,
                                       const char *field, const char *text);

/* Signing in is locked until then; the problem's value is the seconds. */
static inline enum err
command_locked(struct problem *problem, int64_t until, int64_t now)
{
    return problem_value(problem, ERR_SESSION_LOCKED, "%lld", (long long)(until - now));
}

/*
 * Count a wrong password or code; a lock of an account that exists (`user_id` not
 * 0) is worth an event.
 */
MUST_CHECK enum err command_count_failure(struct txn *txn, const char *login,
                                          const char *network, int64_t user_id,
                                          int64_t now);

/* Take a code of a user's second factor: each counts once (cmd_totp.c). */
MUST_CHECK enum err command_take_code(struct txn *txn, int64_t user_id,
                                      const struct totp *totp, const char *code,
                                      int64_t now, bool *ret_is_good);

/*
 * A proof that holds so far (`*ret_verdict` OK) also needs a code where its user's
 * second factor is in force: then `*ret_verdict` says what came of that (cmd_totp.c).
 */
MUST_CHECK enum err command_judge_factor(struct txn *txn, const struct actor *actor,
                                         const struct account_proof *proof,
                                         struct problem *problem, enum err *ret_verdict);

/*
 * The facts of a change: what is meant by `code`, which is plain, and the names
 * of what changed (`changes` NULL or empty: none).
 */
const char *command_facts(struct txn *txn, const char *what, const char *code,
                          const struct command_changes *changes);

#endif
