#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "command_internal.h"
#include "store/events.h"
#include "store/writer.h"

/*
 * command_changes.c - what a change changes, and how the trail tells it.
 *
 * 1. Before and after of numbers, switches and codes stand in the event's facts.
 *    What somebody has typed stands in erasable rows of the event, which commits to
 *    it; what is secret or of a person stands nowhere but by its name.
 */

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

static void
add(struct command_changes *changes, struct command_value value)
{
    command_changed(changes, value.name);
    assert(changes->count < COMMAND_VALUES_MAX);
    if (changes->count < COMMAND_VALUES_MAX)
        changes->values[changes->count++] = value;
}

void
command_changed_text(struct command_changes *changes, const char *name,
                     const char *before, const char *after)
{
    add(changes, (struct command_value){ .name = name,
                                         .kind = VALUE_TEXT,
                                         .text_before = before,
                                         .text_after = after });
}

void
command_changed_word(struct command_changes *changes, const char *name,
                     const char *before, const char *after)
{
    add(changes, (struct command_value){ .name = name,
                                         .kind = VALUE_WORD,
                                         .text_before = before,
                                         .text_after = after });
}

void
command_changed_number(struct command_changes *changes, const char *name, int64_t before,
                       int64_t after)
{
    add(changes,
        (struct command_value){
            .name = name, .kind = VALUE_NUMBER, .before = before, .after = after });
}

void
command_change_text(const char *typed, const char **member, const char *name,
                    struct command_changes *changes)
{
    if (typed == NULL || strcmp(typed, *member) == 0)
        return;
    command_changed_text(changes, name, *member, typed);
    *member = typed;
}

void
command_change_person(const char *typed, const char **member, const char *name,
                      struct command_changes *changes)
{
    if (typed == NULL || strcmp(typed, *member) == 0)
        return;
    command_changed(changes, name);
    *member = typed;
}

void
command_change_flag(enum tristate typed, bool *member, const char *name,
                    struct command_changes *changes)
{
    bool is_on = typed == TRISTATE_YES;

    if (typed == TRISTATE_ABSENT || is_on == *member)
        return;
    add(changes,
        (struct command_value){
            .name = name, .kind = VALUE_FLAG, .before = *member, .after = is_on });
    *member = is_on;
}

void
command_change_number(int64_t typed, int64_t *member, const char *name,
                      struct command_changes *changes)
{
    if (typed == NUMBER_ABSENT || typed == *member)
        return;
    command_changed_number(changes, name, *member, typed);
    *member = typed;
}

/* --- Telling ----------------------------------------------------------------------- */

/* {"workdays":5,"unit":"D11"}: what is no text, as it was or as it is. */
static void
write_side(struct json_out *out, const char *side, const struct command_changes *changes,
           bool is_after)
{
    json_object_open(out, side);
    for (size_t i = 0; i < changes->count; i++) {
        const struct command_value *value = &changes->values[i];
        int64_t number = is_after ? value->after : value->before;

        if (value->kind == VALUE_WORD)
            json_text(out, value->name,
                      is_after ? value->text_after : value->text_before);
        else if (value->kind == VALUE_FLAG)
            json_bool(out, value->name, number != 0);
        else if (value->kind == VALUE_NUMBER)
            json_int(out, value->name, number);
    }
    json_object_close(out);
}

/* The facts with the names of what changed and its values, without braces. */
static enum err
write_facts(struct txn *txn, const char *facts, const struct command_changes *changes,
            const char **ret_facts)
{
    const char *comma = facts[0] == '\0' ? "" : ",", *values = NULL;
    struct json_out out;
    size_t bytes = 0;

    json_out_init(&out, txn->arena);
    json_object_open(&out, NULL);
    write_side(&out, "before", changes, false);
    write_side(&out, "after", changes, true);
    json_object_close(&out);
    TRY(json_out_done(&out, &values, &bytes));
    *ret_facts = arena_printf(txn->arena, "%s%s\"changed\":%s,%.*s", facts, comma,
                              changes->list, (int)bytes - 2, values + 1);
    return *ret_facts == NULL ? ERR_NO_MEMORY : OK;
}

static enum err
add_texts(struct txn *txn, struct event *event, const struct command_changes *changes)
{
    for (size_t i = 0; i < changes->count; i++) {
        const struct command_value *value = &changes->values[i];

        if (value->kind != VALUE_TEXT)
            continue;
        const char *before = arena_printf(txn->arena, "before.%s", value->name);
        const char *after = arena_printf(txn->arena, "after.%s", value->name);

        if (before == NULL || after == NULL)
            return ERR_NO_MEMORY;
        event_add_text(event, before, value->text_before);
        event_add_text(event, after, value->text_after);
    }
    return OK;
}

enum err
command_tell_changes(struct txn *txn, const struct actor *actor, int64_t now,
                     const char *type, const char *facts,
                     const struct command_changes *changes, const char *login)
{
    struct event event = command_event(actor, now, type, facts);

    if (facts == NULL)
        return ERR_NO_MEMORY;
    event_add_text(&event, "login", login);
    if (changes != NULL && changes->bytes > 0) {
        TRY(write_facts(txn, facts, changes, &event.facts));
        TRY(add_texts(txn, &event, changes));
    }
    return events_append(txn, &event, NULL);
}

const char *
command_facts(struct txn *txn, const char *what, const char *code)
{
    return arena_printf(txn->arena, "\"%s\":\"%s\"", what, code);
}
