#ifndef YIDAN_DOMAIN_CALL_H
#define YIDAN_DOMAIN_CALL_H

#include <stdint.h>

#include "base/json.h"

/*
 * call.h - what a switchboard tells of a call, and how it stands.
 *
 * Layer    domain: data.
 * Source   api.md, `/calls`; product.md, section 12.
 */

#define CALL_EVENTS(X)                                                                   \
    X(RING, "ring", "振铃", "ringing")                                                   \
    X(ANSWER, "answer", "接听", "answered")                                              \
    X(HANGUP, "hangup", "挂断", "ended")

#define X(NAME, word, zh, en) CALL_##NAME,
enum call_event { CALL_EVENTS(X) CALL_EVENT_COUNT };
#undef X
extern const struct choices words_call_event;

#define CALL_STATES(X)                                                                   \
    X(RINGING, "ringing", "振铃中", "ringing")                                           \
    X(TALKING, "talking", "通话中", "talking")                                           \
    X(ENDED, "ended", "已结束", "ended")                                                 \
    X(MISSED, "missed", "未接", "missed")

#define X(NAME, word, zh, en) CALL_STATE_##NAME,
enum call_state { CALL_STATES(X) CALL_STATE_COUNT };
#undef X
extern const struct choices words_call_state;

/* An end that the switchboard never told of is taken for granted after so many seconds. */
#define CALL_RINGS_S 120
#define CALL_TALKS_S (2 * 3600)

/* How a call stands at `now`; moments of 0 have not come. */
enum call_state call_state(int64_t rang_at, int64_t answered_at, int64_t ended_at,
                           int64_t now);

#endif
