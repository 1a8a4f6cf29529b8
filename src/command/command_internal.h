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

/* --- What a change changes (command_changes.c) ------------------------------------- */

#define COMMAND_VALUES_MAX 64
#define COMMAND_NAMES_BYTES 1600

enum command_value_kind { VALUE_TEXT, VALUE_WORD, VALUE_NUMBER, VALUE_FLAG };

/* What a member was and is; texts and words are borrowed until it has been told. */
struct command_value {
    const char *name;
    enum command_value_kind kind;
    const char *text_before, *text_after; /* of a word NULL: none */
    int64_t before, after;
};

/*
 * The names of what changed, as they stand in an event's facts: ["name","roles"],
 * and before and after of what the trail shows.  Names are literals of ours, or
 * stand as long, and fit by their number.
 */
struct command_changes {
    char list[COMMAND_NAMES_BYTES];
    size_t bytes; /* 0: nothing changed */
    struct command_value values[COMMAND_VALUES_MAX];
    size_t count;
};

/* By its name alone: what is secret or of a person is in no trail. */
void command_changed(struct command_changes *changes, const char *name);
/* What somebody has typed: before and after stand in erasable rows. */
void command_changed_text(struct command_changes *changes, const char *name,
                          const char *before, const char *after);
/* Codes and words of ours, NULL for none. */
void command_changed_word(struct command_changes *changes, const char *name,
                          const char *before, const char *after);
void command_changed_number(struct command_changes *changes, const char *name,
                            int64_t before, int64_t after);

/* Put what was typed into a member and note it when that changes it. */
void command_change_text(const char *typed, const char **member, const char *name,
                         struct command_changes *changes); /* NULL: not typed */
/* The same of what names or rings a person: noted by its name alone. */
void command_change_person(const char *typed, const char **member, const char *name,
                           struct command_changes *changes);
void command_change_flag(enum tristate typed, bool *member, const char *name,
                         struct command_changes *changes);
void command_change_number(
    int64_t typed, int64_t *member, const char *name,
    struct command_changes *changes); /* NUMBER_ABSENT: not typed */

struct account_proof;
struct actor;
struct totp;
struct txn;

/* An event about no ticket, to be told; what it says of people is added to it. */
struct event command_event(const struct actor *actor, int64_t now, const char *type,
                           const char *facts);

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
 * Count a wrong "password" or code ("totp") in `what`, and tell of it: of an account that exists
 * (`user_id` not 0) each time, and when that locks it.  What else was typed as a login
 * is told of once for each network and span of the lock, without a word of it, so that
 * nobody writes into the trail or fills it.
 */
MUST_CHECK enum err command_count_failure(struct txn *txn, const char *login,
                                          const char *network, int64_t user_id,
                                          const char *what, int64_t now);

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

/* The facts of a change: what is meant by `code`, which is plain. */
const char *command_facts(struct txn *txn, const char *what, const char *code);

/*
 * Tell of a change of what the administrator keeps: `facts` as above, what changed
 * (NULL: it was made or removed), and the login it is about (NULL: no person).
 */
MUST_CHECK enum err command_tell_changes(struct txn *txn, const struct actor *actor,
                                         int64_t now, const char *type, const char *facts,
                                         const struct command_changes *changes,
                                         const char *login);

#endif
