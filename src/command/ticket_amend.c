/*
 * ticket_amend.c - the texts and people of a ticket: what an action replaces, and
 * what goes out to everybody.
 *
 * Source: product.md, section 2, "amend" and "publish".
 */
#include <string.h>

#include "domain/personal.h"
#include "ticket_internal.h"

static int64_t
ticket_id(const struct effect *effect)
{
    return effect->before->ticket.id;
}

static enum err
amend_petitioner(struct effect *effect)
{
    const struct petitioner_draft *draft = &effect->cmd->act.changes.petitioner;
    struct petitioner people[PETITIONERS_MAX];
    struct petitioner own = { .kind = PETITIONER_PERSON };
    size_t count;

    TRY(tickets_petitioners(effect->txn->db, effect->txn->store, effect->txn->arena,
                            ticket_id(effect), people, &count));
    for (size_t i = 0; i < count; i++)
        if (people[i].from_ticket == 0)
            own = people[i];
    event_add_sealed(effect->event, "before.petitioner.name", own.name);
    event_add_sealed(effect->event, "before.petitioner.phone", own.phone);
    event_add_sealed(effect->event, "before.petitioner.contact_note", own.contact_note);
    TRY(tickets_drop_petitioners(effect->txn, ticket_id(effect), 0));
    return tickets_add_petitioner(effect->txn, ticket_id(effect), 0,
                                  draft->kind != CHOICE_NONE ? draft->kind : own.kind,
                                  draft->name != NULL ? draft->name : own.name,
                                  draft->phone != NULL ? draft->phone : own.phone,
                                  draft->contact_note != NULL ? draft->contact_note
                                                              : own.contact_note);
}

/* Texts and people are replaced; the values before stand in the event's erasable rows. */
enum err
ticket_amend(struct effect *effect)
{
    const struct ticket_draft *changes = &effect->cmd->act.changes;
    uint64_t present = effect->cmd->act.changes_present;
    struct ticket_text text;
    bool is_changed = false;

    TRY(tickets_text(effect->txn->db, effect->txn->arena, ticket_id(effect), &text));
    const char *tags = draft_tags(effect->txn->arena, &changes->tags);
    const struct {
        enum draft_field field;
        const char **present_value, *new_value, *before_name;
    } texts[] = {
        { DRAFT_TITLE, &text.title, changes->title, "before.title" },
        { DRAFT_CONTENT, &text.content, changes->content, "before.content" },
        { DRAFT_DEMAND, &text.demand, changes->demand, "before.demand" },
        { DRAFT_RESPONDENT, &text.respondent, changes->respondent, "before.respondent" },
        { DRAFT_ADDRESS, &text.address, changes->address, "before.address" },
        { DRAFT_TAGS, &text.tags, tags, "before.tags" },
        { DRAFT_SENSITIVE_REASON, &text.sensitive_reason, changes->sensitive_reason,
          "before.sensitive_reason" },
        { DRAFT_REPEAT_RELATION, &text.repeat_relation, changes->repeat_relation,
          "before.repeat_relation" },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if ((present & FIELD_BIT(texts[i].field)) == 0)
            continue;
        event_add_text(effect->event, texts[i].before_name, *texts[i].present_value);
        *texts[i].present_value = texts[i].new_value;
        is_changed = true;
    }
    if (is_changed)
        TRY(tickets_save_text(effect->txn, ticket_id(effect), &text));
    if ((present & FIELD_BIT(DRAFT_PETITIONER)) != 0)
        TRY(amend_petitioner(effect));
    return OK;
}

enum err
ticket_publish(struct effect *effect)
{
    struct petitioner people[PETITIONERS_MAX];
    const char *names[PETITIONERS_MAX + 1] = { NULL };
    struct ticket_text text;
    size_t count, name_count = 0;

    TRY(tickets_petitioners(effect->txn->db, effect->txn->store, effect->txn->arena,
                            ticket_id(effect), people, &count));
    for (size_t i = 0; i < count; i++)
        if (people[i].name != NULL)
            names[name_count++] = people[i].name;
    size_t bytes = strlen(effect->cmd->act.public_text) + 1;
    char *folded = arena_alloc(effect->txn->arena, bytes);
    char *joined = arena_alloc(effect->txn->arena, bytes);
    if (folded == NULL || joined == NULL)
        return ERR_NO_MEMORY;
    personal_fold(effect->cmd->act.public_text, false, folded);
    personal_fold(effect->cmd->act.public_text, true, joined);
    enum personal found = personal_find(folded);
    if (found == PERSONAL_NONE)
        found = personal_find_name(joined, names);
    personal_fold_numerals(effect->cmd->act.public_text, folded);
    if (found == PERSONAL_NONE)
        found = personal_find(folded);
    if (found != PERSONAL_NONE) {
        struct problem *problem = &effect->cmd->job.problem;
        (void)problem_add(problem, "public_text", ERR_TICKET_PERSONAL_DATA,
                          personal_word(found));
        return problem_value(problem, ERR_FIELDS, "1");
    }
    TRY(tickets_text(effect->txn->db, effect->txn->arena, ticket_id(effect), &text));
    text.public_text = effect->cmd->act.public_text;
    return tickets_save_text(effect->txn, ticket_id(effect), &text);
}
