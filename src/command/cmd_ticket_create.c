/*
 * cmd_ticket_create.c - receive a ticket: check what it names, insert, record.
 */
#include <string.h>

#include "base/text.h"
#include "command/cmd_ticket.h"
#include "store/assessments.h"
#include "store/query.h"
#include "store/records.h"
#include "store/store.h"
#include "store/vocabulary.h"
#include "ticket_internal.h"

#define TITLE_CHARACTERS 60
#define TITLE_BYTES (TITLE_CHARACTERS * 4 + 1)

static void
wrong(struct txn *txn, struct problem *problem, const char *prefix, const char *field,
      enum err code, const char *value)
{
    const char *name = arena_printf(txn->arena, "%s%s", prefix, field);

    (void)problem_add(problem, name != NULL ? name : field, code, value);
}

/* ERR_NOT_FOUND is an answer here, anything else an error. */
static enum err
exists(enum err err, bool *ret_exists)
{
    *ret_exists = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
draft_check(struct txn *txn, const struct rulebook *rulebook,
            const struct ticket_draft *draft, uint64_t present, const char *prefix,
            struct draft_found *ret_found, struct problem *reterr_problem)
{
    size_t before = reterr_problem->field_count;
    char phone[PHONE_BYTES];
    bool found;

#define GIVEN(field) ((present & FIELD_BIT(DRAFT_##field)) != 0)
    if (GIVEN(CHANNEL)) {
        const struct channel *channel = rulebook_channel(rulebook, draft->channel);
        if (channel == NULL || !channel->is_enabled)
            wrong(txn, reterr_problem, prefix, "channel", ERR_FIELD_NOT_FOUND,
                  draft->channel);
    }
    if (GIVEN(CATEGORY)) {
        TRY(exists(tickets_category_check(txn->db, txn->arena, draft->category,
                                          &ret_found->category_name),
                   &found));
        if (!found)
            wrong(txn, reterr_problem, prefix, "category", ERR_FIELD_NOT_FOUND,
                  draft->category);
    }
    if (GIVEN(AREA)) {
        TRY(exists(areas_check(txn->db, txn->arena, draft->area, &ret_found->area_name),
                   &found));
        if (!found)
            wrong(txn, reterr_problem, prefix, "area", ERR_FIELD_NOT_FOUND, draft->area);
    }
    if (GIVEN(REPEAT_OF)) {
        struct ticket repeated;
        TRY(exists(tickets_by_no(txn->db, draft->repeat_of, &repeated), &found));
        if (!found)
            wrong(txn, reterr_problem, prefix, "repeat_of", ERR_FIELD_NOT_FOUND,
                  draft->repeat_of);
        else
            ret_found->repeat_of = repeated.id;
    }
    if (GIVEN(PETITIONER) && draft->petitioner.phone != NULL &&
        !text_phone(draft->petitioner.phone, store_config(txn->store)->area_code, phone))
        wrong(txn, reterr_problem, prefix, "petitioner.phone", ERR_FIELD_PHONE, NULL);
#undef GIVEN
    if (reterr_problem->field_count == before)
        return OK;
    return problem_value(reterr_problem, ERR_FIELDS, "%zu", reterr_problem->field_count);
}

const char *
draft_tags(struct arena *arena, const struct text_list *tags)
{
    const char *line = NULL;

    for (size_t i = 0; i < tags->count; i++)
        line = arena_printf(arena, "%s%s%s", line != NULL ? line : "",
                            line != NULL ? "\n" : "", tags->items[i]);
    return line;
}

static void
add_commitments(struct event *event, const struct ticket_text *text,
                const struct petitioner_draft *petitioner)
{
    event_add_commitment(event, "title", text->title);
    event_add_commitment(event, "content", text->content);
    event_add_commitment(event, "demand", text->demand);
    event_add_commitment(event, "respondent", text->respondent);
    event_add_commitment(event, "address", text->address);
    event_add_commitment(event, "sensitive_reason", text->sensitive_reason);
    event_add_commitment(event, "petitioner.name", petitioner->name);
    event_add_commitment(event, "petitioner.phone", petitioner->phone);
    event_add_commitment(event, "petitioner.contact_note", petitioner->contact_note);
}

static enum err
make_facts(struct txn *txn, const struct ticket *ticket, const char **ret_facts)
{
    struct json_out out;
    size_t bytes;
    const char *object;

    json_out_init(&out, txn->arena);
    json_object_open(&out, NULL);
    json_text(&out, "no", ticket->no);
    json_text(&out, "channel", ticket->channel);
    json_text(&out, "kind", choice_word(&words_kind, ticket->kind));
    json_text(&out, "urgency", choice_word(&words_urgency, ticket->urgency));
    json_bool(&out, "sensitive", ticket->sensitive);
    json_object_close(&out);
    TRY(json_out_done(&out, &object, &bytes));
    *ret_facts = arena_copy(txn->arena, object + 1, bytes - 2); /* without the braces */
    return *ret_facts != NULL ? OK : ERR_NO_MEMORY;
}

/* A copy that outlives the transaction; NULL stays NULL. */
static bool
keep(struct arena *arena, const char *text, const char **ret_copy)
{
    *ret_copy = arena_text(arena, text);
    return text == NULL || *ret_copy != NULL;
}

/* The draft's own texts are the caller's already. */
static enum err
tell_received(struct cmd_ticket_create *cmd, const struct ticket *ticket,
              const struct ticket_text *text, const struct draft_found *found)
{
    struct ticket_received *received = arena_make(cmd->arena, struct ticket_received);

    if (received == NULL)
        return ERR_NO_MEMORY;
    received->ticket_case.ticket = *ticket;
    received->ticket_case.lead_sign_off = SIGN_OFF_RECORDED;
    received->text = *text;
    if (!keep(cmd->arena, text->title, &received->text.title) ||
        !keep(cmd->arena, text->tags, &received->text.tags) ||
        !keep(cmd->arena, found->category_name, &received->category_name) ||
        !keep(cmd->arena, found->area_name, &received->area_name))
        return ERR_NO_MEMORY;
    cmd->received = received;
    cmd->job.needs_no_reader = true;
    return OK;
}

static enum err
create(struct txn *txn, struct cmd_ticket_create *cmd, const struct rulebook *rulebook)
{
    const struct ticket_draft *draft = &cmd->draft;
    struct ticket_case received = { .lead_sign_off = SIGN_OFF_RECORDED, .is_new = true };
    struct ticket *ticket = &received.ticket;
    struct draft_found found = { .repeat_of = 0 };
    char title[TITLE_BYTES];

    TRY(draft_check(txn, rulebook, draft, cmd->draft_present, "", &found,
                    &cmd->job.problem));
    TRY(ticket_receive(draft, &cmd->actor, rulebook->calendar, &rulebook->limits,
                       cmd->now, ticket, &cmd->job.problem));
    ticket->repeat_of = found.repeat_of;

    struct ticket_text text = {
        .title = draft->title,
        .content = draft->content,
        .demand = draft->demand,
        .respondent = draft->respondent,
        .address = draft->address,
        .tags = draft_tags(txn->arena, &draft->tags),
        .sensitive_reason = draft->sensitive_reason,
        .repeat_relation = draft->repeat_relation,
    };
    if (text.title == NULL) {
        text_title(draft->content, TITLE_CHARACTERS, title, sizeof title);
        text.title = title;
    }
    const struct channel *channel = rulebook_channel(rulebook, draft->channel);
    TRY(tickets_insert(txn, ticket, channel->letter, &text, &draft->petitioner,
                       &cmd->job.problem));

    struct event event = {
        .ticket_id = ticket->id,
        .at = cmd->now,
        .actor = &cmd->actor,
        .type = "ticket_created",
        .from_state = CHOICE_NONE,
        .to_state = TICKET_RECEIVED,
        .version = ticket->version,
    };
    TRY(make_facts(txn, ticket, &event.facts));
    add_commitments(&event, &text, &draft->petitioner);
    TRY(events_append(txn, &event, NULL));
    if (found.repeat_of != 0)
        TRY(ticket_note_repeat(txn, rulebook, ticket->id, &cmd->actor, cmd->now));
    TRY(moments_sync_case(txn, &received));
    TRY(assessments_sync_case(txn, &received));
    TRY(outbox_post(txn, event.type, ticket->id, 0, 0, false, cmd->now, cmd->now));

    memcpy(cmd->no, ticket->no, sizeof cmd->no);
    if (cmd->arena != NULL && found.repeat_of == 0)
        TRY(tell_received(cmd, ticket, &text, &found));
    return idempotency_save(txn, &cmd->idempotency, cmd->no, cmd->now);
}

enum err
ticket_create_run(struct txn *txn, struct cmd_ticket_create *cmd)
{
    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay)
        return text_format(cmd->no, sizeof cmd->no, "%s", cmd->idempotency.result)
                   ? OK
                   : ERR_INTERNAL;
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    enum err err = create(txn, cmd, rulebook);
    rulebook_release(rulebook);
    return err;
}

static enum err
cmd_ticket_create_run(struct txn *txn, struct job *job)
{
    return ticket_create_run(txn, job_as(job, struct cmd_ticket_create));
}

void
cmd_ticket_create_init(struct cmd_ticket_create *cmd)
{
    *cmd = (struct cmd_ticket_create){
        .job = { .name = "ticket_create",
                 .run = cmd_ticket_create_run,
                 .is_repeatable = true },
    };
    ticket_draft_init(&cmd->draft);
}
