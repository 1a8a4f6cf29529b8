#include "stream_counts.h"

#include <string.h>

#include "base/timeutil.h"
#include "domain/access.h"

/*
 * stream_counts.c - see the header.
 *
 * A group is counted by the statement of the inbox, once a round for each set of
 * viewers that it cannot tell apart: a whole unit, or all clerks.
 */

#define COUNT_EVERY_MS 1000
#define COUNT_ANYWAY_MS                                                                  \
    30000 /* what no event tells of: something was seen, a day ended */

struct todo_count {
    struct todo_count *next;
    bool sees_all;
    uint32_t roles;
    int64_t unit_id, user_id;
    struct ticket_todo_count count;
};

void
stream_counting_init(struct stream_counting *counting, struct db *db, struct arena *arena)
{
    *counting = (struct stream_counting){ .db = db,
                                          .arena = arena,
                                          .now_ms = time_monotonic_ms() };
}

/* What the statement of a group asks of a viewer (ticket_lists.c, bind_todo). */
static struct todo_count
key_of(const struct ticket_viewer *viewer, enum ticket_todo todo)
{
    bool is_personal = todo == TODO_ALARM || todo == TODO_INSTRUCT;

    return (struct todo_count){
        .sees_all = viewer->sees_all,
        .roles = viewer->roles & ROLES_STAFF,
        .unit_id = viewer->unit_id, /* 0: not a unit's user */
        .user_id = is_personal ? viewer->user_id : 0,
    };
}

static enum err
count_group(struct stream_counting *counting, const struct ticket_viewer *viewer,
            enum ticket_todo todo, struct ticket_todo_count *ret_count)
{
    struct todo_count key = key_of(viewer, todo);

    for (const struct todo_count *one = counting->counted[todo]; one != NULL;
         one = one->next)
        if (one->sees_all == key.sees_all && one->roles == key.roles &&
            one->unit_id == key.unit_id && one->user_id == key.user_id) {
            *ret_count = one->count;
            return OK;
        }
    struct todo_count *made = arena_make(counting->arena, struct todo_count);

    if (made == NULL)
        return ERR_NO_MEMORY;
    TRY(ticket_lists_count_todo(counting->db, viewer, todo, &key.count));
    *made = key;
    made->next = counting->counted[todo];
    counting->counted[todo] = made;
    *ret_count = key.count;
    return OK;
}

static bool
has_group(const struct ticket_viewer *viewer, int todo)
{
    return (ticket_todo_roles((enum ticket_todo)todo) & viewer->roles) != 0;
}

enum err
stream_count(struct stream_counting *counting, const struct ticket_viewer *viewer,
             struct stream_counted *counted, bool *ret_changed)
{
    int64_t age_ms = counting->now_ms - counted->at_ms;
    struct ticket_todo_count groups[TICKET_TODO_COUNT];

    *ret_changed = false;
    if (counted->is_known &&
        age_ms < (counted->is_touched ? COUNT_EVERY_MS : COUNT_ANYWAY_MS))
        return OK;
    memset(groups, 0, sizeof groups);
    for (int todo = 0; todo < TICKET_TODO_COUNT; todo++)
        if (has_group(viewer, todo))
            TRY(count_group(counting, viewer, (enum ticket_todo)todo, &groups[todo]));
    *ret_changed =
        !counted->is_known || memcmp(groups, counted->groups, sizeof groups) != 0;
    memcpy(counted->groups, groups, sizeof groups);
    counted->is_known = true;
    counted->is_touched = false;
    counted->at_ms = counting->now_ms;
    return OK;
}

void
stream_counted_json(struct json_out *out, const struct ticket_viewer *viewer,
                    const struct stream_counted *counted)
{
    json_object_open(out, NULL);
    json_list_open(out, "groups");
    for (int todo = 0; todo < TICKET_TODO_COUNT; todo++) {
        if (!has_group(viewer, todo))
            continue;
        json_object_open(out, NULL);
        json_word(out, "todo", choice_word(&words_todo, todo));
        json_int(out, "count", counted->groups[todo].tickets);
        json_int(out, "yellow", counted->groups[todo].yellow);
        json_int(out, "red", counted->groups[todo].red);
        json_object_close(out);
    }
    json_list_close(out);
    json_object_close(out);
}
