#ifndef YIDAN_PUBLIC_FORMS_H
#define YIDAN_PUBLIC_FORMS_H

#include "command/cmd_public.h"
#include "form_token.h"
#include "public_view.h"

/*
 * public_forms.h - what the public side takes: the same members whether they
 * come as JSON or from a form, and the same jobs.
 *
 * Layer    api.
 */

/* POST …/messages */
struct public_message {
    const char *token;
    int door, kind;
    const char *title, *content, *area, *address, *name, *phone;
    const char *phone_seen; /* an odd `phone` of which one was told, and it is right */
    enum tristate may_publish, confidential;
    const char *answer;  /* to the question, when one is asked */
    const char *website; /* nobody sees this field: who fills it in is a machine */
};
extern const struct json_field public_message_fields[];
void public_message_clear(struct public_message *message);

/* What its sender keeps. */
struct public_receipt {
    const char *no, *query_code;
    int32_t expected_day;
    const char *upload_token;
};

MUST_CHECK enum err public_message_begin(struct request *req,
                                         const struct public_message *message,
                                         struct job **ret_job);
MUST_CHECK enum err public_message_end(struct request *req, struct job *job,
                                       struct public_receipt *ret_receipt);

/* POST …/lookup, …/urge, …/rating: number and query code, and what is said. */
struct public_proof {
    const char *no, *code;
    const char *note;
    int satisfaction;
    const char *comment;
};
extern const struct json_field public_lookup_fields[], public_urge_fields[],
    public_rating_fields[];
void public_proof_clear(struct public_proof *proof);

MUST_CHECK enum err public_lookup_begin(struct request *req,
                                        const struct public_proof *proof,
                                        struct job **ret_job);
MUST_CHECK enum err public_act_begin(struct request *req, enum ticket_action action,
                                     const struct public_proof *proof,
                                     struct job **ret_job);
/* Errors: the verdict (ERR_PUBLIC_WRONG_CODE, ERR_PUBLIC_LOCKED) too. */
MUST_CHECK enum err public_lookup_end(struct request *req, struct job *job,
                                      struct public_view *ret_view);
MUST_CHECK enum err public_act_end(struct request *req, struct job *job,
                                   struct public_view *ret_view);

/* GET …/replies: a page of them, by category. */
struct public_replies {
    struct public_reply *items;
    size_t count;
    const char *next; /* cursor; NULL at the end */
};
struct public_replies_query {
    const char *category, *cursor;
    int64_t limit;
    int language; /* pages only */
};
MUST_CHECK enum err public_replies_load(struct request *req,
                                        const struct public_replies_query *asked,
                                        struct public_replies *ret_replies);

#endif
