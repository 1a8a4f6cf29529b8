#ifndef YIDAN_COMMAND_CALL_H
#define YIDAN_COMMAND_CALL_H

#include "domain/ticket.h"
#include "store/job.h"

/*
 * cmd_call.h - what the switchboard tells of a call.
 *
 * Layer    command.
 * Source   product.md, section 12: "the switchboard's call events open the
 *          caller's card on that clerk's screen".
 *
 * The same event twice does nothing the second time, and events may come in any
 * order; they are told by one switchboard, whose call_id another one cannot use.  A
 * call at an extension that is no clerk's leaves no trace.  The caller is for the
 * clerks of the extension when the call comes; they stand in an event, by number.
 */

/* An event that comes later than this opens nobody's card. */
#define CALL_FRESH_S 120

struct cmd_call {
    struct job job;
    struct actor actor;
    int event;                       /* enum call_event */
    const char *call_id, *extension; /* borrowed until the job is done */
    const char *caller;              /* normalised; NULL: withheld */
    int64_t at, now;
};
void cmd_call_init(struct cmd_call *cmd);

#endif
