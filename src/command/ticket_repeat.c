/*
 * ticket_repeat.c - the third repeat of one matter makes one supervisor's to-do.
 *
 * Source: product.md, section 3, "Repeats".
 */
#include "store/matters.h"
#include "ticket_internal.h"

#define DAY_S 86400

enum err
ticket_note_repeat(struct txn *txn, const struct rulebook *rulebook, int64_t ticket_id,
                   const struct actor *actor, int64_t now)
{
    const struct settings *settings = &rulebook->settings;
    struct matter matter;

    TRY(matters_of(txn, ticket_id, now - settings->repeat_days * (int64_t)DAY_S,
                   &matter));
    if (matter.is_noticed || matter.repeats < settings->repeat_count)
        return OK;
    TRY(matters_notice(txn, &matter, ticket_id, now));
    struct event event = {
        .ticket_id = ticket_id,
        .at = now,
        .actor = actor,
        .type = "matter_repeated",
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
        /* A unit is not told the number (api_ticket_show.c). */
        .facts = arena_printf(txn->arena, "\"repeat_of\":\"%s\",\"repeats\":%lld",
                              matter.first_no, (long long)matter.repeats),
    };
    return event.facts == NULL ? ERR_NO_MEMORY : events_append(txn, &event, NULL);
}
