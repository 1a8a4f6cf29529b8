/*
 * api_similar.c - POST /tickets/similar: who has called before, and with what.
 *
 * A question, but not a GET: a phone must not stand in a URL.
 */
#include "api_internal.h"
#include "base/config.h"
#include "base/text.h"
#include "domain/similar.h"
#include "store/reader.h"
#include "store/similar.h"
#include "store/store.h"
#include "store/rulebook.h"
#include "ticket_json.h"

/* clang-format off */
static const struct json_field similar_fields[] = {
    JSON_TEXT("phone",   struct similar_draft, phone,   3, 30,    JSON_OPTIONAL),
    JSON_TEXT("title",   struct similar_draft, title,   1, 60,    JSON_OPTIONAL),
    JSON_TEXT("content", struct similar_draft, content, 1, 10000, JSON_OPTIONAL),
    JSON_TEXT("address", struct similar_draft, address, 1, 200,   JSON_OPTIONAL),
    JSON_END
};
/* clang-format on */

static void
write_similar(struct json_out *out, const struct rulebook *rulebook,
              const struct similar_ticket *ticket)
{
    json_object_open(out, NULL);
    json_int(out, "score", ticket->score);
    json_list_open(out, "why");
    if ((ticket->why & SIMILAR_PLACE) != 0)
        json_text(out, NULL, "same_place");
    if ((ticket->why & SIMILAR_SUBJECT) != 0)
        json_text(out, NULL, "same_subject");
    if ((ticket->why & SIMILAR_CALLER) != 0)
        json_text(out, NULL, "same_caller");
    json_list_close(out);
    ticket_json_line(out, "ticket", rulebook, &ticket->line);
    json_object_close(out);
}

/* POST /tickets/similar */
enum err
ticket_similar(struct request *req)
{
    struct similar_draft draft = { .phone = NULL };
    struct similar_answer *answer = arena_make(req->arena, struct similar_answer);
    char phone[PHONE_BYTES];
    struct json_out out;

    if (answer == NULL)
        return ERR_NO_MEMORY;
    TRY(request_body(req, similar_fields, &draft, NULL));
    if (draft.phone != NULL &&
        !text_phone(draft.phone, store_config(req->store)->area_code, phone))
        return api_field(req, "phone", ERR_FIELD_PHONE, NULL);
    TRY(similar_find(req->reader->db, req->store, req->arena, &draft, req->now, answer));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "caller");
    for (size_t i = 0; i < answer->caller_count; i++)
        ticket_json_line(&out, NULL, req->rulebook, &answer->caller[i]);
    json_list_close(&out);
    json_list_open(&out, "similar");
    for (size_t i = 0; i < answer->similar_count; i++)
        write_similar(&out, req->rulebook, &answer->similar[i]);
    json_list_close(&out);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
