#ifndef YIDAN_COMMAND_CMD_PUBLIC_H
#define YIDAN_COMMAND_CMD_PUBLIC_H

#include <stdbool.h>

#include "command/cmd_ticket.h"
#include "domain/settings.h"
#include "store/citizens.h"
#include "store/quotas.h"

/*
 * cmd_public.h - what a citizen does on the public side: leave a message, look
 * a ticket up, urge, rate.
 *
 * Layer    command.
 * Threads  fill on any thread, run on the writer.
 * Source   product.md, section 10; reliability.md 19.
 *
 * Looking up runs on the writer too: there a wrong code is counted before the
 * next one is judged, however many come at once.
 */

struct config;

/* --- Number and query code ------------------------------------------------------- */

struct citizen_key {
    char no[TICKET_NO_BYTES];
    char code[QUERY_CODE_BYTES]; /* padded with NULs, compared whole */
    struct quota number, address;
};

/*
 * Take what was typed: space and width folded, letters as in a number.  What
 * cannot be a number or a code becomes one that nothing has.
 */
void citizen_key_init(struct citizen_key *key, const struct config *config,
                      const struct keys *keys, const char *no, const char *code,
                      const char *address);

/* Does the key fit?  `verdict`: OK, ERR_PUBLIC_WRONG_CODE or ERR_PUBLIC_LOCKED. */
struct cmd_public_lookup {
    struct job job;
    struct citizen_key key;
    int64_t now;

    enum err verdict;  /* out; the job succeeds, so that a wrong code stays counted */
    int64_t ticket_id; /* out */
};
void cmd_public_lookup_init(struct cmd_public_lookup *cmd);

/* The same, and then urge or rate as ACTOR_CITIZEN by the table of actions. */
struct cmd_public_act {
    struct cmd_ticket_act ticket; /* its job is the job */
    struct citizen_key key;

    enum err verdict;
    int64_t ticket_id;
};
void cmd_public_act_init(struct cmd_public_act *cmd, enum ticket_action action);

/* --- Messages -------------------------------------------------------------------- */

/* The quota a message from there counts against. */
struct quota message_quota_address(const struct settings *settings,
                                   const struct keys *keys, const char *address);
/* Is half of it used?  Then a question is asked. */
bool message_quota_is_half(const struct quota *quota, const struct quota_use *use);

/*
 * Receive a message.  Its form's token is the idempotency key: a replay counts
 * against no quota.
 * Errors   ERR_PUBLIC_QUOTA  value: seconds
 *          ERR_FIELDS        as for a ticket; `answer` when a question must be
 */
struct cmd_public_message {
    struct cmd_ticket_create create; /* its job is the job */
    struct quota address, phone;
    bool has_phone, is_answered, looks_like_spam;
    const char *question; /* told when it must be answered */
};
void cmd_public_message_init(struct cmd_public_message *cmd,
                             const struct settings *settings, const struct keys *keys,
                             const char *address, const char *normal_phone);

#endif
