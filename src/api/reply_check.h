#ifndef YIDAN_API_REPLY_CHECK_H
#define YIDAN_API_REPLY_CHECK_H

#include "domain/quality.h"
#include "domain/ticket.h"

/*
 * reply_check.h - a draft of a reply, looked through for its sender.
 *
 * Layer    api.
 * Threads  on the pool thread, with the request's reader.
 */

struct request;

/*
 * Look up what the check needs to know of the ticket and of other replies, and
 * judge.  Of `draft` the caller fills what the sender wrote.  The actor must be
 * allowed to see the ticket.
 */
MUST_CHECK enum err reply_check(struct request *req,
                                const struct ticket_case *ticket_case,
                                struct quality_draft *draft, struct quality *ret_quality);

/*
 * The same for an action that sends or proposes a reply: the verdict is left in
 * the act, for ticket_decide() to judge on the writer, where nothing is looked up
 * any more.  Nothing is done when the command will refuse the action anyway.
 */
MUST_CHECK enum err reply_check_act(struct request *req, const char *no,
                                    struct ticket_act *act);

#endif
