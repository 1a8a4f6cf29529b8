#ifndef YIDAN_COMMAND_CMD_OPEN_H
#define YIDAN_COMMAND_CMD_OPEN_H

#include <stdint.h>

#include "base/error.h"

/*
 * cmd_open.h - somebody has looked at a ticket.
 *
 * Layer    command.
 * Threads  any; the job owns its memory and is waited for by nobody.
 */

struct actor;
struct writer;

/*
 * Note that `actor`, a user, opened the ticket: the unit's assignment is
 * opened (the first time with an event), its urges and supervisions are read,
 * its alarms seen.  For office staff the office's urges and alarms are.
 *
 * Best effort: who looks must not wait, and the next look notes it again.
 * Errors   ERR_NO_MEMORY, and those of writer_reserve(); OK says only that it
 *          will be tried.
 */
MUST_CHECK enum err cmd_open_submit(struct writer *writer, int64_t ticket_id,
                                    const struct actor *actor, int64_t now);

#endif
