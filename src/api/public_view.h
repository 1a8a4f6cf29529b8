#ifndef YIDAN_PUBLIC_VIEW_H
#define YIDAN_PUBLIC_VIEW_H

#include "domain/progress.h"
#include "http/http.h"
#include "store/citizens.h"

/*
 * public_view.h - what the public side shows: a ticket to whoever has its number
 * and query code, and what a form is made of.
 *
 * Layer    api.
 * Lifetime as long as the request.
 */

/* The two doors: index of words_door, whose word is the channel. */
enum { DOOR_WEB, DOOR_MAILBOX, DOOR_COUNT };
extern const struct choices words_door;

/* What everybody is told, in both languages: word, zh, en. */
extern const struct choices public_texts;

/*
 * A ticket as its citizen sees it: never notes, staff or other people.  A
 * merged ticket shows the steps and the answer of the one it follows.
 */
struct public_view {
    const char *no;
    char query_code[QUERY_CODE_BYTES];
    const char *channel;
    struct progress progress;
    int32_t expected_day;
    const char *unit; /* short name of the lead; NULL: none yet */
    bool is_merged;
    bool has_extension;
    struct citizen_extension extension;
    /* An answer, or where to go when it was declined; a text that names others is left out. */
    bool has_reply;
    struct citizen_answer reply; /* outcome CHOICE_NONE when declined */
    bool has_rating;
    struct citizen_rating rating;
    int64_t rating_changes_until;
    bool may_urge, may_rate;
};
MUST_CHECK enum err public_view_load(struct request *req, int64_t ticket_id,
                                     struct public_view *ret_view);

/* Must a form that is drawn now ask its question at once? */
MUST_CHECK enum err public_asks_question(struct request *req, bool *ret_asks);

#endif
