/*
 * cmd_public.c - see the header.
 *
 * 1. A wrong number and a wrong code run the same statements on as many rows
 *    and write the same counters, and are answered alike.
 * 2. What a citizen does to a ticket goes through ticket_decide() like what
 *    anybody does.
 */
#include "command/cmd_public.h"

#include <string.h>

#include "base/config.h"
#include "base/text.h"
#include "command/cmd_session.h"
#include "command_internal.h"
#include "domain/personal.h"
#include "domain/spam.h"
#include "store/phrases.h"
#include "store/query.h"
#include "store/store.h"
#include "store/writer.h"
#include "ticket_internal.h"

#define HOUR_S 3600
#define DAY_S 86400
#define TYPED_BYTES 128
#define PHRASES_MAX 500 /* that are looked for */

/* --- Number and query code ------------------------------------------------------- */

/* An address as it is counted: a network of IPv6 is one household's. */
static void
counted_address(const char *address, char ret_counted[NETWORK_BYTES])
{
    if (strchr(address, ':') != NULL)
        network_of_address(address, ret_counted);
    else
        (void)text_format(ret_counted, NETWORK_BYTES, "%s", address);
}

/* `typed` without space and width, in `room` bytes; what does not fit is nothing. */
static void
take_typed(const char *typed, size_t room, char *ret_text)
{
    char folded[TYPED_BYTES] = "";

    memset(ret_text, 0, room);
    if (strlen(typed) < sizeof folded)
        personal_fold(typed, true, folded);
    if (strlen(folded) < room)
        memcpy(ret_text, folded, strlen(folded));
    for (char *at = ret_text; *at != '\0'; at++)
        if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
}

void
citizen_key_init(struct citizen_key *key, const struct config *config,
                 const struct keys *keys, const char *no, const char *code,
                 const char *address)
{
    char counted[NETWORK_BYTES];

    *key = (struct citizen_key){
        .number = { .kind = QUOTA_CODE_NUMBER,
                    .most = config->public_wrong_codes,
                    .window_s = config->public_lock_s,
                    .lock_s = config->public_lock_s },
        .address = { .kind = QUOTA_CODE_ADDRESS,
                     .most = config->public_wrong_hourly,
                     .window_s = HOUR_S },
    };
    take_typed(no, sizeof key->no, key->no);
    take_typed(code, sizeof key->code, key->code);
    counted_address(address, counted);
    quota_subject(keys, QUOTA_CODE_NUMBER, key->no, key->number.subject);
    quota_subject(keys, QUOTA_CODE_ADDRESS, counted, key->address.subject);
}

static enum err
judge(struct txn *txn, const struct citizen_key *key, int64_t now, enum err *ret_verdict,
      int64_t *ret_ticket_id, struct problem *reterr_problem)
{
    struct quota_use number, address;
    char code[QUERY_CODE_BYTES];
    int64_t id;

    TRY(quotas_find(txn->db, &key->number, now, &number));
    TRY(quotas_find(txn->db, &key->address, now, &address));
    int64_t until = number.locked_until > address.locked_until ? number.locked_until
                                                               : address.locked_until;
    if (until != 0) {
        *ret_verdict = problem_value(reterr_problem, ERR_PUBLIC_LOCKED, "%lld",
                                     (long long)(until - now));
        return OK;
    }
    TRY(citizens_key(txn->db, key->no, &id, code));
    bool is_right = crypt_equal(code, key->code, sizeof code);
    if (is_right && id != 0) {
        *ret_ticket_id = id;
        *ret_verdict = OK;
        return OK;
    }
    TRY(quotas_count(txn, &key->number, now));
    TRY(quotas_count(txn, &key->address, now));
    *ret_verdict = ERR_PUBLIC_WRONG_CODE;
    return OK;
}

static enum err
cmd_public_lookup_run(struct txn *txn, struct job *job)
{
    struct cmd_public_lookup *cmd = job_as(job, struct cmd_public_lookup);

    return judge(txn, &cmd->key, cmd->now, &cmd->verdict, &cmd->ticket_id,
                 &cmd->job.problem);
}

void
cmd_public_lookup_init(struct cmd_public_lookup *cmd)
{
    *cmd = (struct cmd_public_lookup){
        .job = { .name = "public_lookup", .run = cmd_public_lookup_run },
        .verdict = ERR_PUBLIC_WRONG_CODE,
    };
}

static enum err
cmd_public_act_run(struct txn *txn, struct job *job)
{
    struct cmd_public_act *cmd = (struct cmd_public_act *)(void *)job_as(
        job, struct cmd_ticket_act); /* its first member */

    TRY(judge(txn, &cmd->key, cmd->ticket.now, &cmd->verdict, &cmd->ticket_id,
              &job->problem));
    if (cmd->verdict != OK)
        return OK;
    memcpy(cmd->ticket.no, cmd->key.no, sizeof cmd->ticket.no);
    return ticket_act_run(txn, &cmd->ticket);
}

void
cmd_public_act_init(struct cmd_public_act *cmd, enum ticket_action action)
{
    *cmd = (struct cmd_public_act){ .verdict = ERR_PUBLIC_WRONG_CODE };
    cmd_ticket_act_init(&cmd->ticket, action);
    cmd->ticket.job.name = "public_act";
    cmd->ticket.job.run = cmd_public_act_run;
    cmd->ticket.actor = (struct actor){ .kind = ACTOR_CITIZEN };
}

/* --- Messages -------------------------------------------------------------------- */

struct quota
message_quota_address(const struct settings *settings, const struct keys *keys,
                      const char *address)
{
    struct quota quota = { .kind = QUOTA_MESSAGE_ADDRESS,
                           .most = settings->public_address_daily,
                           .window_s = DAY_S };
    char counted[NETWORK_BYTES];

    counted_address(address, counted);
    quota_subject(keys, QUOTA_MESSAGE_ADDRESS, counted, quota.subject);
    return quota;
}

bool
message_quota_is_half(const struct quota *quota, const struct quota_use *use)
{
    return 2 * use->count >= quota->most;
}

static enum err
check_quotas(struct txn *txn, struct cmd_public_message *cmd)
{
    const struct quota *quotas[] = { &cmd->address, &cmd->phone };
    struct problem *problem = &cmd->create.job.problem;
    int64_t now = cmd->create.now;
    bool is_half = false;

    for (size_t i = 0; i < (cmd->has_phone ? 2u : 1u); i++) {
        struct quota_use use;

        TRY(quotas_find(txn->db, quotas[i], now, &use));
        if (use.locked_until != 0)
            return problem_value(problem, ERR_PUBLIC_QUOTA, "%lld",
                                 (long long)(use.locked_until - now));
        is_half = is_half || message_quota_is_half(quotas[i], &use);
    }
    if (!is_half || cmd->is_answered)
        return OK;
    return command_field(problem, "answer", ERR_PUBLIC_QUESTION, cmd->question);
}

/* Does it look like spam, also by the office's own phrases? */
static enum err
judge_spam(struct txn *txn, const struct cmd_public_message *cmd, bool *ret_is_spam)
{
    const struct ticket_draft *draft = &cmd->create.draft;
    const struct phrase_filter filter = { .kind = PHRASE_SPAM,
                                          .has_enabled = true,
                                          .is_enabled = true };
    struct phrase *rows = NULL;
    size_t count = 0;

    TRY(phrases_page(txn->db, txn->arena, &filter, PHRASES_MAX, &rows, &count));
    const char **phrases = arena_array(txn->arena, const char *, count);
    if (phrases == NULL)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        phrases[i] = rows[i].text;
    *ret_is_spam = cmd->looks_like_spam ||
                   spam_suspected(draft->content, phrases, count) ||
                   (draft->title != NULL && spam_suspected(draft->title, phrases, count));
    return OK;
}

static enum err
cmd_public_message_run(struct txn *txn, struct job *job)
{
    struct cmd_public_message *cmd = (struct cmd_public_message *)(void *)job_as(
        job, struct cmd_ticket_create); /* its first member */
    struct ticket_draft *draft = &cmd->create.draft;

    TRY(idempotency_find(txn, &cmd->create.idempotency, cmd->create.now));
    if (!cmd->create.idempotency.is_replay) {
        TRY(check_quotas(txn, cmd));
        TRY(quotas_count(txn, &cmd->address, cmd->create.now));
        if (cmd->has_phone)
            TRY(quotas_count(txn, &cmd->phone, cmd->create.now));
        bool is_spam = false;
        TRY(judge_spam(txn, cmd, &is_spam));
        if (is_spam)
            draft->suspect = TRISTATE_YES;
        cmd->create.draft_present = ticket_draft_present(draft);
    }
    return ticket_create_run(txn, &cmd->create);
}

void
cmd_public_message_init(struct cmd_public_message *cmd, const struct settings *settings,
                        const struct keys *keys, const char *address,
                        const char *normal_phone)
{
    *cmd = (struct cmd_public_message){
        .phone = { .kind = QUOTA_MESSAGE_PHONE,
                   .most = settings->public_phone_daily,
                   .window_s = DAY_S },
        .has_phone = normal_phone != NULL,
        .question = "",
    };
    cmd->address = message_quota_address(settings, keys, address);
    if (normal_phone != NULL)
        quota_subject(keys, QUOTA_MESSAGE_PHONE, normal_phone, cmd->phone.subject);
    cmd_ticket_create_init(&cmd->create);
    cmd->create.job.name = "public_message";
    cmd->create.job.run = cmd_public_message_run;
    cmd->create.actor = (struct actor){ .kind = ACTOR_CITIZEN };
}
