#include "public_view.h"

#include <string.h>

#include "base/config.h"
#include "base/text.h"
#include "command/cmd_public.h"
#include "domain/personal.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/store.h"
#include "store/ticket_lists.h"
#include "store/tickets.h"
#include "store/units.h"

/*
 * public_view.c - see the header.
 *
 * 1. What is shown is taken piece by piece; nothing is shown by leaving out.
 * 2. A reply may be read by the citizens of several tickets: to each of them
 *    the names of the others are masked, and a text in which one of them is
 *    still found, however written, is not shown at all.
 */

#define RATING_CHANGES_S 86400
#define MASKED_BYTES 256

static const struct choice door_items[DOOR_COUNT] = {
    [DOOR_WEB] = { "web", "网站留言", "Web message" },
    [DOOR_MAILBOX] = { "mailbox", "县长信箱", "Letter to the county head" },
};
const struct choices words_door = { "door", door_items, DOOR_COUNT };

static const struct choice text_items[] = {
    { "privacy", "您的姓名和电话只用于办理和回访，不会公开。",
      "Your name and phone are used to handle your message and to call you back only." },
    { "emergency", "遇到危及人身安全的紧急情况，请直接拨打 110、119 或 120。",
      "In an emergency call 110, 119 or 120." },
    { "keep", "请记下编号和查询码，凭它们查询办理进度。",
      "Write down the number and the query code: you look the ticket up with them." },
};
const struct choices public_texts = { "text", text_items,
                                      sizeof text_items / sizeof *text_items };

/* ERR_NOT_FOUND is an answer here, anything else an error. */
static enum err
maybe(enum err err, bool *ret_has)
{
    *ret_has = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

/* --- Other people (invariant 2) ---------------------------------------------------- */

/* `text` with each `from` replaced by `to`; NULL: out of memory. */
static const char *
replaced(struct arena *arena, const char *text, const char *from, const char *to)
{
    const char *found;

    while ((found = strstr(text, from)) != NULL) {
        text = arena_printf(arena, "%.*s%s%s", (int)(found - text), text, to,
                            found + strlen(from));
        if (text == NULL)
            return NULL;
    }
    return text;
}

/* The digits of `text` alone, numerals of any kind. */
static const char *
digits_of(struct arena *arena, const char *text)
{
    char *folded = arena_alloc(arena, strlen(text) + 1);
    size_t count = 0;

    if (folded == NULL)
        return NULL;
    personal_fold_numerals(text, folded);
    for (const char *at = folded; *at != '\0'; at++)
        if (*at >= '0' && *at <= '9')
            folded[count++] = *at;
    folded[count] = '\0';
    return folded;
}

/* Is one of `people` still to be found in `text`? */
static enum err
still_found(struct request *req, const char *text, const char *const *names,
            const char *const *phones, bool *ret_found)
{
    char *joined = arena_alloc(req->arena, strlen(text) + 1);
    const char *digits = digits_of(req->arena, text);

    if (joined == NULL || digits == NULL)
        return ERR_NO_MEMORY;
    personal_fold(text, true, joined);
    *ret_found = personal_find_name(joined, names) != PERSONAL_NONE;
    for (size_t i = 0; phones[i] != NULL; i++)
        *ret_found = *ret_found || strstr(digits, phones[i]) != NULL;
    return OK;
}

/* `*text` (may be NULL) of ticket `shown_id` for the citizen of `own_id`: NULL when it cannot be. */
static enum err
without_others(struct request *req, int64_t shown_id, int64_t own_id, const char **text)
{
    struct petitioner people[PETITIONERS_MAX];
    const char *names[PETITIONERS_MAX + 1] = { NULL };
    const char *phones[PETITIONERS_MAX + 1] = { NULL };
    const char *own_name = NULL;
    size_t count, name_count = 0, phone_count = 0;
    bool is_found = false;

    if (*text == NULL)
        return OK;
    TRY(tickets_petitioners(req->reader->db, req->store, req->arena, shown_id, people,
                            &count));
    for (size_t i = 0; i < count; i++) {
        int64_t of = people[i].from_ticket != 0 ? people[i].from_ticket : shown_id;

        if (of == own_id && people[i].name != NULL)
            own_name = people[i].name;
    }
    for (size_t i = 0; i < count; i++) {
        int64_t of = people[i].from_ticket != 0 ? people[i].from_ticket : shown_id;
        char masked[MASKED_BYTES], phone[PHONE_BYTES];

        if (of == own_id)
            continue;
        if (people[i].phone != NULL && text_phone(people[i].phone, "", phone))
            phones[phone_count++] = arena_text(req->arena, phone);
        if (people[i].name == NULL || strlen(people[i].name) < 4 ||
            (own_name != NULL && strcmp(own_name, people[i].name) == 0))
            continue;
        text_mask_name(people[i].name, masked, sizeof masked);
        if (strstr(masked, people[i].name) == NULL)
            *text = replaced(req->arena, *text, people[i].name, masked);
        if (*text == NULL)
            return ERR_NO_MEMORY;
        names[name_count++] = people[i].name;
    }
    TRY(still_found(req, *text, names, phones, &is_found));
    if (is_found)
        *text = NULL;
    return OK;
}

/* --- A ticket -------------------------------------------------------------------------- */

static enum err
load_reply(struct request *req, const struct ticket *shown, int64_t own_id,
           struct public_view *view)
{
    struct db *db = req->reader->db;

    view->reply.outcome = CHOICE_NONE;
    if (view->progress.is_declined)
        TRY(maybe(citizens_guidance(db, req->arena, shown->id, &view->reply.text),
                  &view->has_reply));
    else if (view->progress.is_answer_visible)
        TRY(maybe(citizens_answer(db, req->arena, shown->id, &view->reply),
                  &view->has_reply));
    else
        TRY(maybe(citizens_extension(db, req->arena, shown->id, &view->extension),
                  &view->has_extension));
    TRY(without_others(req, shown->id, own_id, &view->reply.text));
    return without_others(req, shown->id, own_id, &view->extension.interim_reply);
}

/* What the citizen may do to the ticket itself, asked of the table. */
static void
load_possible(struct request *req, const struct ticket_case *own,
              struct public_view *view)
{
    static const struct actor citizen = { .kind = ACTOR_CITIZEN };
    const struct ticket_rule *rules[TICKET_ACTION_COUNT];
    size_t count = ticket_possible(own, &citizen, req->rulebook->calendar,
                                   &req->rulebook->limits, req->now, rules);

    for (size_t i = 0; i < count; i++) {
        view->may_urge = view->may_urge || rules[i]->action == ACT_URGE;
        view->may_rate = view->may_rate || rules[i]->action == ACT_RATE;
    }
}

static void
load_unit(struct request *req, const struct ticket *shown, struct public_view *view)
{
    const struct unit_names *unit = rulebook_unit(req->rulebook, shown->lead_unit_id);

    if (unit != NULL)
        view->unit = unit->short_name[0] != '\0' ? unit->short_name : unit->name;
}

enum err
public_view_load(struct request *req, int64_t ticket_id, struct public_view *ret_view)
{
    struct ticket_case *own = arena_alloc_raw(req->arena, sizeof *own);
    struct ticket_case *shown = own;
    struct public_view view = { .extension = { .reason = CHOICE_NONE } };

    if (own == NULL)
        return ERR_NO_MEMORY;
    TRY(tickets_case_by_id(req->reader->db, ticket_id, own));
    view.is_merged = own->ticket.state == TICKET_MERGED;
    if (view.is_merged) {
        shown = arena_alloc_raw(req->arena, sizeof *shown);
        if (shown == NULL)
            return ERR_NO_MEMORY;
        TRY(tickets_case_by_id(req->reader->db, own->ticket.merged_into, shown));
    }
    const struct channel *channel =
        rulebook_channel(req->rulebook, shown->ticket.channel);

    view.no = own->ticket.no;
    view.channel = own->ticket.channel;
    memcpy(view.query_code, own->ticket.query_code, sizeof view.query_code);
    view.progress = progress_of(shown);
    view.progress.at[PROGRESS_ACCEPTED] = own->ticket.received_at;
    view.expected_day =
        progress_expected_day(shown, req->rulebook->calendar, &req->rulebook->limits,
                              channel != NULL ? channel->workdays : 5);
    load_unit(req, &shown->ticket, &view);
    TRY(load_reply(req, &shown->ticket, own->ticket.id, &view));
    if (own->ticket.rated_at != 0) {
        TRY(maybe(citizens_rating(req->reader->db, req->arena, own->ticket.id,
                                  own->ticket.answered_at, &view.rating),
                  &view.has_rating));
        view.rating_changes_until = own->ticket.rated_at + RATING_CHANGES_S;
    }
    load_possible(req, own, &view);
    *ret_view = view;
    return OK;
}

/* --- Forms ------------------------------------------------------------------------------ */

enum err
public_asks_question(struct request *req, bool *ret_asks)
{
    struct quota quota = message_quota_address(&req->rulebook->settings,
                                               store_keys(req->store), req->address);
    struct quota_use use;

    TRY(quotas_find(req->reader->db, &quota, req->now, &use));
    *ret_asks = message_quota_is_half(&quota, &use);
    return OK;
}
