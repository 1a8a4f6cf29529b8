#ifndef YIDAN_COMMAND_CMD_ERASE_H
#define YIDAN_COMMAND_CMD_ERASE_H

#include "domain/ticket.h"
#include "store/erasures.h"
#include "store/job.h"

/*
 * cmd_erase.h - personal data of a ticket that is over is taken away.
 *
 * Layer    command.
 * Source   reliability.md 9: erasure is an event, and the trail stays valid.
 */

/*
 * May the personal data of this ticket be erased: is it over, and for a merged
 * one, is the ticket over that its people wait for?
 * Errors   ERR_TICKET_WRONG_STATE  value: the state that stands in the way
 */
MUST_CHECK enum err erase_check(struct db *db, const struct ticket *ticket,
                                struct problem *reterr_problem);

/*
 * Erase what erasures.h says.  The files are the caller's to remove afterwards
 * (erasures_remove_files()).  Nothing to erase: OK, and no event.
 * Errors   ERR_NOT_FOUND, ERR_TICKET_WRONG_STATE
 */
#define ERASE_LEDGERS_MAX 16
struct cmd_erase {
    struct job job;
    struct actor actor;
    int64_t now;
    char no[TICKET_NO_BYTES];
    bool all_files;
    const char *reason; /* stays in the trail, as an erasable text of its own */

    struct erasure erasure; /* out */

    /*
     * Out: files of ledgers that are over, for upload_remove().
     * Whatever is not removed has no row any more, and goes at the next start.
     */
    char ledgers[ERASE_LEDGERS_MAX][IDENT_UUID_BYTES];
    size_t ledger_count;
};
void cmd_erase_init(struct cmd_erase *cmd);

#endif
