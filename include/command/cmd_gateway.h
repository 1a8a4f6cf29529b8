#ifndef YIDAN_COMMAND_GATEWAY_H
#define YIDAN_COMMAND_GATEWAY_H

#include <stdbool.h>

#include "base/crypt.h"
#include "command/cmd_ticket.h"

/*
 * cmd_gateway.h - tickets that other systems bring: the SMS gateway, the city's
 * platform.  What they call a message makes a retry harmless, so they need no
 * Idempotency-Key.
 *
 * Layer    command.
 * Source   product.md, section 12.
 */

/*
 * An SMS makes a ticket, unless the gateway brought it before, or the same words
 * came from the same phone within `sms_repeat_minutes`: then it is that ticket.
 */
struct cmd_sms {
    struct cmd_ticket_create create; /* its job is the job; its `no` the answer */
    const char *message_id;          /* borrowed until the job is done */
    uint8_t content_index[HASH_BYTES];
    int64_t same_since; /* from then on the same words are the same message */
};
/* `phone` is normalised; `content` as it came. */
void cmd_sms_init(struct cmd_sms *cmd, const struct keys *keys, const char *phone,
                  const char *content);

/* A platform's ticket: the first one of its number counts. */
struct cmd_upstream {
    struct cmd_ticket_create create; /* the draft names platform and number */
    bool was_known;                  /* out */
};
void cmd_upstream_init(struct cmd_upstream *cmd);

#endif
