#ifndef YIDAN_FORM_TOKEN_H
#define YIDAN_FORM_TOKEN_H

#include <stdbool.h>

#include "domain/ticket.h"
#include "http/http.h"

/*
 * form_token.h - the token of a public form: who fills it in got it from us,
 * lately, and sends it once.
 *
 * Layer    api.
 * Source   reliability.md 19.
 *
 * A token says when it was made and is signed; nothing is stored.  Its nonce is
 * the idempotency key of what is sent with it, so that a second click and a
 * retry answer the first one's result.  A question is derived from the nonce.
 */

#define FORM_NONCE_BYTES 33
#define FORM_TOKEN_BYTES 112
#define FORM_QUESTION_BYTES 64

struct form_token {
    int64_t made_at;
    char nonce[FORM_NONCE_BYTES];
    char text[FORM_TOKEN_BYTES];
};

void form_token_make(const struct request *req, struct form_token *ret_token);

/*
 * Is `text` a token of ours, and its time right?
 * Errors   ERR_PUBLIC_FORM_EXPIRED  forged too
 *          ERR_PUBLIC_TOO_QUICK
 */
MUST_CHECK enum err form_token_read(const struct request *req, const char *text,
                                    struct form_token *ret_token);

/*
 * The token of a message that has arrived: who has it may add files to the
 * ticket `no`, for public_form_max_s.  It proves what number and query code
 * would, and cannot be guessed, so nothing need be counted.
 */
#define UPLOAD_TOKEN_BYTES 128
void upload_token_make(const struct request *req, const char *no,
                       char ret_text[UPLOAD_TOKEN_BYTES]);
/* Errors: ERR_PUBLIC_UPLOAD_EXPIRED, also when it is none of ours. */
MUST_CHECK enum err upload_token_read(const struct request *req, const char *text,
                                      char ret_no[TICKET_NO_BYTES]);

/* "七加五等于几？" */
void form_question(const struct request *req, const struct form_token *token,
                   enum language language, char ret_question[FORM_QUESTION_BYTES]);
/* `answer` may be NULL; width and space do not matter. */
bool form_answer_is_right(const struct request *req, const struct form_token *token,
                          const char *answer);

#endif
