#ifndef YIDAN_STORE_TICKET_LISTS_H
#define YIDAN_STORE_TICKET_LISTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"
#include "domain/ticket.h"

/*
 * ticket_lists.h - lists of tickets: filters, pages, and who sees what; and what
 * waits for somebody (todo).
 *
 * Layer    store.
 * Lifetime texts of a line end with the call it is given to, other texts lie in
 *          the arena they were read with.
 * Units    `_day` local days, 0 none.
 */

struct db;
struct reader;

/* Whose list it is.  Zeroed sees nothing. */
struct ticket_viewer {
    bool sees_all; /* every ticket; else those with a visible part of `unit_id` */
    int64_t user_id, unit_id;
    uint32_t roles;
    int32_t today;
};
struct ticket_viewer ticket_viewer(const struct actor *actor, int64_t now);

/*
 * What waits for somebody: X(NAME, "word", "zh", "en", roles).  A group holds
 * the same tickets in the inbox and in a list with ?todo=word.
 */
/* clang-format off */
#define TICKET_TODOS(X)                                                                              \
    X(DISPATCH, "dispatch", "待交办", "to dispatch", R(CLERK))                                       \
    X(SUSPECT, "suspect", "疑似垃圾待确认", "suspected spam", R(CLERK))                              \
    X(RETURN, "return", "退单待审", "returns to decide", R(CLERK))                                   \
    X(REVIEW, "review", "回复待审核", "replies to review", R(CLERK))                                 \
    X(TELL, "tell", "待政府办告知群众", "to tell the citizen", R(CLERK))                             \
    X(CALLBACK, "callback", "待回访", "to call back", R(CLERK))                                      \
    X(UNSATISFIED, "unsatisfied", "群众不满意待处理", "unsatisfied citizens", R(CLERK) | R(SUPERVISOR)) \
    X(REPEATED, "repeated", "多次重复反映待处理", "matters repeated too often", R(SUPERVISOR))      \
    X(SUBMIT, "submit", "重大敏感待呈批", "to submit to a leader", R(CLERK) | R(SUPERVISOR))         \
    X(SIGN, "sign", "待签收", "to sign for", R(HANDLER) | R(UNIT_HEAD))                              \
    X(CONTACT, "contact", "待联系群众", "to contact the citizen", R(CLERK) | R(HANDLER) | R(UNIT_HEAD)) \
    X(HANDLE, "handle", "办理中", "to handle", R(HANDLER) | R(UNIT_HEAD))                            \
    X(DRAFT, "draft", "答复稿待签发", "drafts to sign off", R(UNIT_HEAD))                            \
    X(CO, "co", "待出协办意见", "opinions to give", R(HANDLER) | R(UNIT_HEAD))                       \
    X(SUPERVISION, "supervision", "督办待答复", "supervisions to answer", R(HANDLER) | R(UNIT_HEAD)) \
    X(URGE, "urge", "未读催办", "unread urges", R(CLERK) | R(HANDLER) | R(UNIT_HEAD))                \
    X(PROMISE, "promise", "承诺待兑现", "promises due", R(HANDLER) | R(UNIT_HEAD))                   \
    X(EXTENSION, "extension", "延期待批", "extensions to decide", R(SUPERVISOR) | R(LEADER))         \
    X(SUPERVISE, "supervise", "拟发督办待签发", "prepared supervisions", R(SUPERVISOR))              \
    X(SETTLE, "settle", "督办已答复待办结", "supervisions to settle", R(SUPERVISOR))                 \
    X(INSTRUCT, "instruct", "待批示", "to instruct", R(LEADER))                                      \
    X(ALARM, "alarm", "未读提醒", "unseen alarms", R(CLERK) | R(HANDLER) | R(UNIT_HEAD) | R(SUPERVISOR) | R(LEADER))
/* clang-format on */

#define X(NAME, word, zh, en, roles) TODO_##NAME,
enum ticket_todo { TICKET_TODOS(X) TICKET_TODO_COUNT };
#undef X
extern const struct choices words_todo;
/* The roles, as ROLE_BITs, that have this group in their inbox. */
uint32_t ticket_todo_roles(enum ticket_todo todo);

enum ticket_sort {
    TICKET_SORT_RECEIVED, /* newest first */
    /*
     * Least time left first; those without a deadline last.  By the unit's deadline;
     * of a to-do or a desk by the clock that runs, which may be the office's own.
     */
    TICKET_SORT_DUE
};
extern const struct choices words_ticket_sort;

/* Where a page begins: after this row.  Zeroed is the beginning of a list. */
struct ticket_cursor {
    bool is_set;
    int64_t value; /* the moment it is sorted by */
    int64_t id;
};

/* What a list is filtered by. ticket_filter_init() is no filter at all. */
struct ticket_filter {
    uint32_t states;                       /* STATE_BITs, 0: all */
    const char *channel, *area, *category; /* codes; with all below them */
    int kind, urgency, light, todo, desk;  /* CHOICE_NONE: all; not todo and desk */
    int64_t unit_id;                       /* 0: all; else with a part of this unit ... */
    int relation; /* ... as lead, as co, or CHOICE_NONE as either */
    enum tristate overdue, sensitive, suspect, supervised;
    int32_t received_from, received_to, due_from, due_to; /* days, both ends in */
    int32_t closed_from, closed_to, overdue_from, overdue_to;
    int64_t received_since; /* a moment, or 0 */
    const char
        *needle; /* one of the texts holds it, folded (search_needle()); NULL: all */
    enum ticket_sort sort; /* with a needle always TICKET_SORT_RECEIVED */
    struct ticket_cursor after;
};
void ticket_filter_init(struct ticket_filter *filter);

/* A ticket in a list: what a line shows; the rest is with the ticket.  Words are those of the schema. */
struct ticket_line {
    int64_t id;
    const char *no, *title, *channel, *kind, *urgency, *state, *light, *area, *category;
    int64_t lead_unit_id; /* 0: none; the rulebook knows its names */
    int64_t version, received_at, effective_due_at, state_due_at, overdue_at;
    bool sensitive, confidential, suspect, hard_case;
    int64_t rework_count, urge_count;
};

/* What is done with a line; its texts are borrowed for the call. */
typedef void ticket_line_take(void *context, const struct ticket_line *line);

struct ticket_page {
    const int64_t *ids; /* of its tickets, in order; in the arena */
    size_t count;
    bool has_more;             /* after them */
    struct ticket_cursor last; /* of the last one: where the next page begins */
};

/* One page: up to `limit` tickets, each one that the viewer may see. */
MUST_CHECK enum err ticket_lists_page(struct db *db, struct arena *arena,
                                      const struct ticket_viewer *viewer,
                                      const struct ticket_filter *filter, int limit,
                                      struct ticket_page *ret_page);

/*
 * What a line shows of a ticket.  Asks nobody's rights: for ids that
 * ticket_lists_page() has named in the same transaction.
 * Errors   ERR_NOT_FOUND
 */
MUST_CHECK enum err ticket_lists_line(struct db *db, int64_t ticket_id,
                                      ticket_line_take *take, void *context);

/* How many tickets a group of to-dos holds for the viewer, and how many of them are late. */
struct ticket_todo_count {
    int64_t tickets, yellow, red;
};
MUST_CHECK enum err ticket_lists_count_todo(struct db *db,
                                            const struct ticket_viewer *viewer,
                                            enum ticket_todo todo,
                                            struct ticket_todo_count *ret_count);

/*
 * Does the unit see so few tickets that all of them may be looked at for one
 * page?  What a list chooses its way by.
 */
MUST_CHECK enum err ticket_lists_few(struct db *db, int64_t unit_id, bool *ret_few);

/* Names that the full picture of a ticket needs beside its own row. */
struct ticket_names {
    const char *received_by; /* a user's name; NULL: a citizen or a system */
    const char *category_name, *area_name;
    const char *repeat_of, *merged_into; /* numbers; NULL also when not to be known of */
};
MUST_CHECK enum err ticket_lists_names(struct db *db, struct arena *arena,
                                       const struct ticket_viewer *viewer,
                                       int64_t ticket_id, struct ticket_names *ret_names);

/*
 * Is there something laid upon the ticket for the viewer's unit, or for the
 * office when the viewer is of the office, that nobody there has seen?
 */
MUST_CHECK enum err ticket_lists_unseen(struct reader *reader,
                                        const struct ticket_viewer *viewer,
                                        int64_t ticket_id, bool *ret_unseen);

#endif
