/* call.c - see the header. */
#include "domain/call.h"

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice event_items[] = { CALL_EVENTS(X) };
static const struct choice state_items[] = { CALL_STATES(X) };
#undef X
const struct choices words_call_event = { "call_event", event_items, CALL_EVENT_COUNT };
const struct choices words_call_state = { "call_state", state_items, CALL_STATE_COUNT };

enum call_state
call_state(int64_t rang_at, int64_t answered_at, int64_t ended_at, int64_t now)
{
    bool is_answered = answered_at != 0;
    int64_t over_at = is_answered ? answered_at + CALL_TALKS_S : rang_at + CALL_RINGS_S;

    if (ended_at != 0 || now > over_at)
        return is_answered ? CALL_STATE_ENDED : CALL_STATE_MISSED;
    return is_answered ? CALL_STATE_TALKING : CALL_STATE_RINGING;
}
