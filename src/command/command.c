#include "command_internal.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/config.h"
#include "store/events.h"
#include "store/logins.h"
#include "store/store.h"
#include "store/writer.h"

/* command.c - what the commands share; see the header. */

#define STRANGER "*" /* no login begins with it */

enum err
command_tell(struct txn *txn, const struct actor *actor, int64_t now, const char *type,
             const char *facts)
{
    return command_tell_named(txn, actor, now, type, facts, NULL, NULL);
}

struct event
command_event(const struct actor *actor, int64_t now, const char *type, const char *facts)
{
    return (struct event){
        .at = now,
        .actor = actor,
        .type = type,
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
        .facts = facts,
    };
}

enum err
command_tell_named(struct txn *txn, const struct actor *actor, int64_t now,
                   const char *type, const char *facts, const char *field,
                   const char *text)
{
    struct event event = command_event(actor, now, type, facts);

    if (facts == NULL)
        return ERR_NO_MEMORY;
    event_add_text(&event, field, text);
    return events_append(txn, &event, NULL);
}

/* Of nobody: under a login that none can have; true once in a span of the lock. */
static enum err
is_first_stranger(struct txn *txn, const char *network, int64_t now, bool *ret_is_first)
{
    const int64_t lock_s = store_config(txn->store)->login_lock_s;
    int64_t until = 0;

    TRY(logins_locked_until(txn->db, STRANGER, network, now, &until));
    *ret_is_first = until == 0;
    /* The first one locks: this row says until when nothing more is told. */
    return until != 0 ? OK : logins_fail(txn, STRANGER, network, now, 1, lock_s, &until);
}

enum err
command_count_failure(struct txn *txn, const char *login, const char *network,
                      int64_t user_id, const char *what, int64_t now)
{
    const struct config *config = store_config(txn->store);
    const struct actor nobody = { .kind = ACTOR_CITIZEN };
    int64_t until = 0;
    bool is_told = true;

    TRY(logins_fail(txn, login, network, now, config->login_failures,
                    config->login_lock_s, &until));
    if (user_id == 0) {
        TRY(is_first_stranger(txn, network, now, &is_told));
        return !is_told ? OK
                        : command_tell(txn, &nobody, now, "login_failed",
                                       arena_printf(txn->arena,
                                                    "\"known\":false,\"network\":\"%s\"",
                                                    network));
    }
    TRY(command_tell_named(
        txn, &nobody, now, "login_failed",
        arena_printf(txn->arena,
                     "\"user\":%lld,\"known\":true,\"wrong\":\"%s\",\"network\":\"%s\"",
                     (long long)user_id, what, network),
        "login", login));
    if (until == 0)
        return OK;
    return command_tell(txn, &nobody, now, "login_locked",
                        arena_printf(txn->arena, "\"user\":%lld", (long long)user_id));
}
