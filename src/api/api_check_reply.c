/*
 * api_check_reply.c - POST /tickets/check-reply: what would be found in a reply.
 *
 * A question, but not a GET: a draft is not for a URL.
 */
#include "api_internal.h"
#include "domain/access.h"
#include "reply_check.h"
#include "store/reader.h"
#include "store/tickets.h"

struct check_body {
    const char *no, *reply_text, *measures, *basis;
    int outcome;
};

/* Bounds as in ticket_act_fields. */
/* clang-format off */
static const struct json_field check_fields[] = {
    JSON_TEXT  ("no",         struct check_body, no,         1, 23,    JSON_REQUIRED),
    JSON_TEXT  ("reply_text", struct check_body, reply_text, 1, 20000, JSON_REQUIRED),
    JSON_TEXT  ("measures",   struct check_body, measures,   1, 10000, JSON_OPTIONAL),
    JSON_TEXT  ("basis",      struct check_body, basis,      1, 5000,  JSON_OPTIONAL),
    JSON_CHOICE("outcome",    struct check_body, outcome,    &words_outcome, JSON_OPTIONAL),
    JSON_END
};
/* clang-format on */

/* What shows it; of personal data the kind alone. */
static void
write_evidence(struct json_out *out, const struct quality *quality, int finding)
{
    json_object_open(out, "evidence");
    switch ((enum quality_finding)finding) {
    case QUALITY_TOO_SHORT:
        json_int(out, "characters", quality->characters);
        json_int(out, "at_least", quality->characters_min);
        break;
    case QUALITY_EVASIVE:
        json_text(out, "phrase", quality->phrase);
        break;
    case QUALITY_NEAR_COPY:
        json_int(out, "percent", quality->copy_percent);
        json_text(out, "ticket", quality->copy_no);
        break;
    case QUALITY_PERSONAL_DATA:
        json_text(out, "personal", personal_word(quality->personal));
        break;
    case QUALITY_DEMAND_UNMENTIONED:
        json_text(out, "demand", quality->demand);
        break;
    default:
        break;
    }
    json_object_close(out);
}

/* POST /tickets/check-reply */
enum err
ticket_check_reply(struct request *req)
{
    struct ticket_case *ticket_case = arena_alloc_raw(req->arena, sizeof *ticket_case);
    struct check_body body = { .outcome = CHOICE_NONE };
    struct quality quality;
    struct json_out out;

    if (ticket_case == NULL)
        return ERR_NO_MEMORY;
    TRY(request_body(req, check_fields, &body, NULL));
    TRY(tickets_case_at_hand(req->reader, body.no, ticket_case));
    if (!access_ticket(ticket_case, &api_actor(req)->actor))
        return ERR_NOT_FOUND;
    struct quality_draft draft = {
        .reply_text = body.reply_text,
        .measures = body.measures,
        .basis = body.basis,
        .outcome = body.outcome,
    };
    TRY(reply_check(req, ticket_case, &draft, &quality));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "findings");
    for (int i = 0; i < QUALITY_FINDING_COUNT; i++) {
        const struct choice *word = &words_quality_finding.items[i];
        if ((quality.findings & QUALITY_BIT(i)) == 0)
            continue;
        json_object_open(&out, NULL);
        json_word(&out, "code", word->word);
        json_word(&out, "severity",
                  choice_word(&words_quality_severity, (int)quality_rules[i].severity));
        json_text(&out, "zh", word->zh);
        json_text(&out, "en", word->en);
        json_text(&out, "field", quality_rules[i].field);
        write_evidence(&out, &quality, i);
        json_object_close(&out);
    }
    json_list_close(&out);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
