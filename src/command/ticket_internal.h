#ifndef YIDAN_COMMAND_TICKET_INTERNAL_H
#define YIDAN_COMMAND_TICKET_INTERNAL_H

#include "base/json.h"
#include "command/cmd_ticket.h"
#include "store/events.h"
#include "store/rulebook.h"
#include "store/tickets.h"
#include "store/writer.h"

/*
 * ticket_internal.h - what the files of the ticket's commands share.
 *
 * Layer    command.
 */

/* The whole command, in the transaction of another one. */
MUST_CHECK enum err ticket_create_run(struct txn *txn, struct cmd_ticket_create *cmd);
MUST_CHECK enum err ticket_act_run(struct txn *txn, struct cmd_ticket_act *cmd);

/* One action under way. */
struct effect {
    struct txn *txn;
    struct cmd_ticket_act *cmd;
    const struct rulebook *rulebook;
    const struct ticket_case *before;
    struct ticket_change *change;
    struct event *event; /* texts may be added */
};

/* Look up what the request names (units, leader, the other ticket) into the act. */
MUST_CHECK enum err ticket_look_up(struct txn *txn, const struct rulebook *rulebook,
                                   const struct ticket_case *ticket_case,
                                   struct ticket_act *act);

/* What a draft names, as it was found; what it does not name stays as it is. */
struct draft_found {
    int64_t repeat_of;
    const char *category_name, *area_name; /* in the transaction's arena */
};

/*
 * Does everything a draft names exist (channel, category, area, repeat_of),
 * and is its phone one?  Only the fields in `present` are looked at.
 * Wrong ones are added to the problem; ERR_FIELDS when there is any.
 */
MUST_CHECK enum err draft_check(struct txn *txn, const struct rulebook *rulebook,
                                const struct ticket_draft *draft, uint64_t present,
                                const char *prefix, struct draft_found *ret_found,
                                struct problem *reterr_problem);

/*
 * A ticket has become a repeat of another, or was merged: is it time for a
 * supervisor to look at the matter?  `ticket_id` is the one to look at.  After the
 * ticket's row is stored.
 */
MUST_CHECK enum err ticket_note_repeat(struct txn *txn, const struct rulebook *rulebook,
                                       int64_t ticket_id, const struct actor *actor,
                                       int64_t now);

/* Tags as one line: words separated by a line feed; NULL for none. */
const char *draft_tags(struct arena *arena, const struct text_list *tags);

/* Facts and texts of the request for its event, from the table of fields. */
MUST_CHECK enum err ticket_event_carry(struct effect *effect, const char **ret_facts);

/* Write the records this action makes or moves. */
MUST_CHECK enum err ticket_effects(struct effect *effect);

/* Of these: replace texts and people; the values before go into the event (ticket_amend.c). */
MUST_CHECK enum err ticket_amend(struct effect *effect);
/*
 * Keep the text for everybody.
 * Errors   ERR_FIELDS with ERR_TICKET_PERSONAL_DATA when it holds a phone, ID-card or
 *          plate number, or a name of the ticket's people.
 */
MUST_CHECK enum err ticket_publish(struct effect *effect);

/* Tell whoever must know. */
MUST_CHECK enum err ticket_tell(struct effect *effect);

#endif
