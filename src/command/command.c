#include "command_internal.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/config.h"
#include "store/events.h"
#include "store/logins.h"
#include "store/store.h"
#include "store/writer.h"

/* command.c - what the commands share; see the header. */

void
command_changed(struct command_changes *changes, const char *name)
{
    size_t room = sizeof changes->list - changes->bytes;

    /* The closing bracket is overwritten by the next name. */
    bool fits = changes->bytes == 0
                    ? text_format(changes->list, room, "[\"%s\"]", name)
                    : text_format(changes->list + changes->bytes, room, ",\"%s\"]", name);
    assert(fits);
    if (fits)
        changes->bytes = strlen(changes->list) - 1;
}

void
command_change_text(const char *typed, const char **member, const char *name,
                    struct command_changes *changes)
{
    if (typed == NULL || strcmp(typed, *member) == 0)
        return;
    *member = typed;
    command_changed(changes, name);
}

void
command_change_flag(enum tristate typed, bool *member, const char *name,
                    struct command_changes *changes)
{
    if (typed == TRISTATE_ABSENT || (typed == TRISTATE_YES) == *member)
        return;
    *member = typed == TRISTATE_YES;
    command_changed(changes, name);
}

void
command_change_number(int64_t typed, int64_t *member, const char *name,
                      struct command_changes *changes)
{
    if (typed == NUMBER_ABSENT || typed == *member)
        return;
    *member = typed;
    command_changed(changes, name);
}

enum err
command_tell(struct txn *txn, const struct actor *actor, int64_t now, const char *type,
             const char *facts)
{
    struct event event = {
        .at = now,
        .actor = actor,
        .type = type,
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
        .facts = facts,
    };

    return facts == NULL ? ERR_NO_MEMORY : events_append(txn, &event, NULL);
}

enum err
command_tell_named(struct txn *txn, const struct actor *actor, int64_t now,
                   const char *type, const char *facts, const char *field,
                   const char *text)
{
    struct event event = {
        .at = now,
        .actor = actor,
        .type = type,
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
        .facts = facts,
    };

    if (facts == NULL)
        return ERR_NO_MEMORY;
    event_add_text(&event, field, text);
    return events_append(txn, &event, NULL);
}

enum err
command_count_failure(struct txn *txn, const char *login, const char *network,
                      int64_t user_id, int64_t now)
{
    const struct config *config = store_config(txn->store);
    const struct actor nobody = { .kind = ACTOR_CITIZEN };
    int64_t until = 0;

    TRY(logins_fail(txn, login, network, now, config->login_failures,
                    config->login_lock_s, &until));
    if (until == 0 || user_id == 0)
        return OK;
    return command_tell(txn, &nobody, now, "login_locked",
                        arena_printf(txn->arena, "\"user\":%lld", (long long)user_id));
}

const char *
command_facts(struct txn *txn, const char *what, const char *code,
              const struct command_changes *changes)
{
    bool has_changes = changes != NULL && changes->bytes > 0;

    return arena_printf(txn->arena, "\"%s\":\"%s\"%s%s", what, code,
                        has_changes ? ",\"changed\":" : "",
                        has_changes ? changes->list : "");
}
