/*
 * ticket_event.c - what the event of an action holds: facts in the hashed
 * payload, texts committed to and kept in erasable rows.
 *
 * Both come from the table of fields, so that a new field needs nothing here.
 */
#include <string.h>

#include "ticket_internal.h"

/* Texts that name something of ours rather than say something: facts. */
static bool
is_code(enum ticket_field field)
{
    switch (field) {
    case FIELD_LEAD_UNIT:
    case FIELD_INTO:
    case FIELD_LEADER:
    case FIELD_SUGGESTED_UNIT:
        return true;
    default:
        return false;
    }
}

/* Kept in a row of its own: table reply, ticket_text. */
static bool
is_elsewhere(enum ticket_field field)
{
    switch (field) {
    case FIELD_FINDING:
    case FIELD_MEASURES:
    case FIELD_REPLY_TEXT:
    case FIELD_PUBLIC_TEXT:
        return true;
    default:
        return false;
    }
}

static const void *
member(const struct ticket_act *act, enum ticket_field field)
{
    return (const char *)act + ticket_act_fields[field].offset;
}

static void
write_set(struct json_out *out, const struct json_field *field, uint64_t set)
{
    json_list_open(out, field->name);
    for (size_t i = 0; i < field->choices->count; i++)
        if ((set & (UINT64_C(1) << i)) != 0)
            json_text(out, NULL, field->choices->items[i].word);
    json_list_close(out);
}

static void
write_fact(struct effect *effect, struct json_out *out, enum ticket_field which)
{
    const struct ticket_act *act = &effect->cmd->act;
    const struct json_field *field = &ticket_act_fields[which];
    const void *value = member(act, which);

    switch (field->kind) {
    case JSON_KIND_INT:
        if (which != FIELD_VERSION)
            json_int(out, field->name, *(const int64_t *)value);
        break;
    case JSON_KIND_BOOL:
        json_bool(out, field->name, *(const bool *)value);
        break;
    case JSON_KIND_TRISTATE:
        json_bool(out, field->name, *(const enum tristate *)value == TRISTATE_YES);
        break;
    case JSON_KIND_CHOICE:
        json_text(out, field->name, choice_word(field->choices, *(const int *)value));
        break;
    case JSON_KIND_CHOICES:
        write_set(out, field, *(const uint64_t *)value);
        break;
    case JSON_KIND_DATE:
        json_date(out, field->name, *(const int32_t *)value);
        break;
    case JSON_KIND_TIME:
        json_time(out, field->name, *(const int64_t *)value);
        break;
    case JSON_KIND_TEXT: {
        const char *text = *(const char *const *)value;
        if (is_code(which))
            json_text(out, field->name, text);
        else if (is_elsewhere(which))
            event_add_commitment(effect->event, field->name, text);
        else
            event_add_text(effect->event, field->name, text);
        break;
    }
    case JSON_KIND_TEXT_LIST: {
        const struct text_list *list = value;
        json_list_open(out, field->name);
        for (size_t i = 0; i < list->count; i++)
            json_text(out, NULL, list->items[i]);
        json_list_close(out);
        break;
    }
    case JSON_KIND_OBJECT: /* `changes`: the names; the values before are the effect's */
        json_list_open(out, field->name);
        for (int i = 0; i < DRAFT_FIELD_COUNT; i++)
            if ((act->changes_present & FIELD_BIT(i)) != 0)
                json_text(out, NULL, ticket_draft_fields[i].name);
        json_list_close(out);
        break;
    }
}

/* What the clocks became, for whoever reads the trail. */
static void
write_clocks(const struct effect *effect, struct json_out *out)
{
    const struct ticket *before = &effect->before->ticket;
    const struct ticket *after = &effect->change->after.ticket;

    if (after->due_at != before->due_at)
        json_time(out, "due_at", after->due_at);
    if (after->effective_due_at != before->effective_due_at)
        json_time(out, "effective_due_at", after->effective_due_at);
    if (after->due_capped && !before->due_capped)
        json_bool(out, "due_capped", true);
}

/* What was found in the reply and overridden. */
static void
write_quality(const struct effect *effect, struct json_out *out)
{
    const struct quality *quality = &effect->cmd->act.quality;

    if (quality->findings == 0)
        return;
    json_list_open(out, "quality_findings");
    for (size_t i = 0; i < words_quality_finding.count; i++)
        if ((quality->findings & QUALITY_BIT(i)) != 0)
            json_text(out, NULL, words_quality_finding.items[i].word);
    json_list_close(out);
}

enum err
ticket_event_carry(struct effect *effect, const char **ret_facts)
{
    struct json_out out;
    const char *object;
    size_t bytes;

    json_out_init(&out, effect->txn->arena);
    json_object_open(&out, NULL);
    for (int field = 0; field < TICKET_FIELD_COUNT; field++)
        if ((effect->cmd->act.present & FIELD_BIT(field)) != 0)
            write_fact(effect, &out, (enum ticket_field)field);
    write_quality(effect, &out);
    write_clocks(effect, &out);
    json_object_close(&out);
    TRY(json_out_done(&out, &object, &bytes));
    *ret_facts = arena_copy(effect->txn->arena, object + 1, bytes - 2);
    return *ret_facts != NULL ? OK : ERR_NO_MEMORY;
}
