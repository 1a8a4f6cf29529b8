/*
 * ticket_list_words.c - what lists are asked with, and the names around one ticket.
 */
#include "base/timeutil.h"
#include "domain/access.h"
#include "store/kept.h"
#include "store/query.h"
#include "store/reader.h"
#include "store/ticket_lists.h"

/* To count so many costs a tenth of a millisecond, to look at them some three. */
#define FEW_TICKETS 3000

#define X(NAME, word_, zh_, en_, roles_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice todo_items[] = { TICKET_TODOS(X) };
#undef X
const struct choices words_todo = { "todo", todo_items, TICKET_TODO_COUNT };

static const struct choice sort_items[] = {
    { "received", "最新接收在前", "newest first" },
    { "due", "剩余时间最少在前", "least time left first" },
};
const struct choices words_ticket_sort = { "sort", sort_items, 2 };

#define R(role) ROLE_BIT(ROLE_##role)
#define X(NAME, word, zh, en, roles) roles,
static const uint32_t todo_roles[] = { TICKET_TODOS(X) };
#undef X
#undef R

uint32_t
ticket_todo_roles(enum ticket_todo todo)
{
    return todo_roles[todo];
}

struct ticket_viewer
ticket_viewer(const struct actor *actor, int64_t now)
{
    bool is_user = actor->kind == ACTOR_USER;
    bool is_unit = is_user && (actor->roles & ROLES_UNIT_TICKETS) != 0;

    return (struct ticket_viewer){
        .sees_all = access_all_tickets(actor),
        .user_id = is_user ? actor->id : 0,
        .unit_id = is_unit ? actor->unit_id : 0,
        .roles = is_user ? actor->roles : 0,
        .today = time_day(now),
    };
}

void
ticket_filter_init(struct ticket_filter *filter)
{
    *filter = (struct ticket_filter){
        .kind = CHOICE_NONE,
        .urgency = CHOICE_NONE,
        .light = CHOICE_NONE,
        .todo = CHOICE_NONE,
        .desk = CHOICE_NONE,
        .relation = CHOICE_NONE,
    };
}

enum err
ticket_lists_few(struct db *db, int64_t unit_id, bool *ret_few)
{
    struct stmt *stmt = query(db, Q_UNIT_TICKETS);
    int count = 0;
    bool has_row;

    bind_int(stmt, ":unit_id", unit_id);
    bind_int(stmt, ":limit", FEW_TICKETS);
    for (;; count++) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
    }
    *ret_few = count < FEW_TICKETS;
    return OK;
}

enum err
ticket_lists_names(struct db *db, struct arena *arena, const struct ticket_viewer *viewer,
                   int64_t ticket_id, struct ticket_names *ret_names)
{
    struct stmt *stmt = query(db, Q_TICKET_NAMES);

    bind_int(stmt, ":sees_all", viewer->sees_all);
    bind_int(stmt, ":viewer_unit", viewer->unit_id);
    bind_int(stmt, ":ticket_id", ticket_id);
    TRY(query_one(stmt));
    ret_names->received_by = row_text_copy(stmt, arena);
    ret_names->category_name = row_text_copy(stmt, arena);
    ret_names->area_name = row_text_copy(stmt, arena);
    ret_names->repeat_of = row_text_copy(stmt, arena);
    ret_names->merged_into = row_text_copy(stmt, arena);
    query_end(stmt);
    return OK;
}

static enum err
is_unseen_by(struct db *db, int64_t unit_id, int64_t ticket_id, bool *ret_unseen)
{
    struct stmt *stmt = query(db, Q_TICKET_UNSEEN);

    bind_int(stmt, ":unit_id", unit_id);
    bind_int(stmt, ":ticket_id", ticket_id);
    TRY(query_one(stmt));
    *ret_unseen = row_int(stmt) != 0;
    query_end(stmt);
    return OK;
}

enum err
ticket_lists_unseen(struct reader *reader, const struct ticket_viewer *viewer,
                    int64_t ticket_id, bool *ret_unseen)
{
    bool is_office =
        (viewer->roles & (ROLE_BIT(ROLE_CLERK) | ROLE_BIT(ROLE_SUPERVISOR))) != 0;
    const struct kept_key key = {
        .kind = KEPT_SEEN,
        .id = ticket_id,
        .edition = viewer->unit_id * 2 + is_office,
    };
    bool is_unseen = false;
    size_t bytes;

    *ret_unseen = false;
    if (kept_find(reader, &key, &bytes) != NULL)
        return OK;
    if (viewer->unit_id != 0)
        TRY(is_unseen_by(reader->db, viewer->unit_id, ticket_id, &is_unseen));
    if (!is_unseen && is_office)
        TRY(is_unseen_by(reader->db, 0, ticket_id, &is_unseen)); /* 0: the office */
    if (!is_unseen)
        kept_put(reader, &key, "", 0); /* what is unseen is about to be seen */
    *ret_unseen = is_unseen;
    return OK;
}
