/*
 * reply_check.c - see the header.
 *
 * 1. The look-up of near copies takes the index of all replies, so it is done with
 *    a reader before the command is handed in; the writer only reads the verdict.
 *    What was answered meanwhile is not compared: a warning need not be exact.
 */
#include "reply_check.h"

#include <string.h>

#include "api_internal.h"
#include "domain/access.h"
#include "http/http.h"
#include "list_cursor.h"
#include "store/attachments.h"
#include "store/phrases.h"
#include "store/reader.h"
#include "store/reply_copies.h"
#include "store/rulebook.h"
#include "store/tickets.h"
#include "store/units.h"
#include "ticket_json.h"

#define PHRASES_MAX 500 /* that are looked for */
#define OWN_PHONES_MAX 3

static enum err
find_phrases(struct request *req, struct quality_draft *draft)
{
    const struct phrase_filter filter = { .kind = PHRASE_EVASIVE,
                                          .has_enabled = true,
                                          .is_enabled = true };
    struct phrase *rows = NULL;
    size_t count = 0;

    TRY(phrases_page(req->reader->db, req->arena, &filter, PHRASES_MAX, &rows, &count));
    const char **phrases = arena_array(req->arena, const char *, count);
    if (phrases == NULL)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        phrases[i] = rows[i].text;
    draft->phrases = phrases;
    draft->phrase_count = count;
    return OK;
}

static enum err
count_evidence(struct request *req, int64_t ticket_id, struct quality_draft *draft)
{
    struct attachment *files = NULL;
    size_t count = 0;

    TRY(attachments_of_ticket(req->reader->db, req->arena, ticket_id, &files, &count));
    for (size_t i = 0; i < count; i++)
        draft->evidence_count += files[i].kind == ATTACHMENT_REPLY;
    return OK;
}

/* What a citizen is told to ring up is no personal data. */
static enum err
find_own_phones(struct request *req, int64_t unit_id, struct quality_draft *draft)
{
    const char **phones = arena_array(req->arena, const char *, OWN_PHONES_MAX);
    struct unit unit;

    if (phones == NULL)
        return ERR_NO_MEMORY;
    phones[draft->own_phone_count++] = req->rulebook->settings.hotline;
    if (unit_id != 0) {
        TRY(units_by_id(req->reader->db, req->arena, unit_id, &unit));
        phones[draft->own_phone_count++] = unit.phone;
        phones[draft->own_phone_count++] = unit.night_phone;
    }
    draft->own_phones = phones;
    return OK;
}

enum err
reply_check(struct request *req, const struct ticket_case *ticket_case,
            struct quality_draft *draft, struct quality *ret_quality)
{
    const struct ticket *ticket = &ticket_case->ticket;
    struct ticket_viewer viewer = request_viewer(req);
    struct ticket_text text;
    struct reply_copy copy;

    TRY(tickets_text(req->reader->db, req->arena, ticket->id, &text));
    draft->demand = text.demand;
    TRY(count_evidence(req, ticket->id, draft));
    TRY(find_phrases(req, draft));
    TRY(find_own_phones(req, ticket->lead_unit_id, draft));
    TRY(reply_copies_find(req->reader->db, req->arena, draft->reply_text, ticket->id,
                          &viewer, &copy));
    draft->copy_percent = copy.percent;
    memcpy(draft->copy_no, copy.no, sizeof draft->copy_no);
    return quality_judge(req->arena, draft, &req->rulebook->settings, ret_quality);
}

enum err
reply_check_act(struct request *req, const char *no, struct ticket_act *act)
{
    struct ticket_case *ticket_case = arena_alloc_raw(req->arena, sizeof *ticket_case);
    const struct actor *actor = &api_actor(req)->actor;
    struct quality_draft draft = {
        .reply_text = act->reply_text,
        .measures = act->measures,
        .basis = act->basis,
        .outcome = act->outcome,
    };

    if (ticket_case == NULL)
        return ERR_NO_MEMORY;
    if (act->reply_text == NULL)
        return OK;
    enum err err = tickets_case_by_no(req->reader->db, no, ticket_case);
    if (err == ERR_NOT_FOUND)
        return OK;
    TRY(err);
    if (!access_ticket(ticket_case, actor) ||
        ticket_rule_find(ticket_case->ticket.state, act->action,
                         ticket_who(ticket_case, actor)) == NULL)
        return OK;
    return reply_check(req, ticket_case, &draft, &act->quality);
}
