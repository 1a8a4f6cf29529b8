#include "store/notices.h"

#include <assert.h>

#include "domain/access.h"
#include "store/query.h"
#include "store/writer.h"

/* notices.c - see the header. */

enum err
notices_read(struct txn *txn, const struct ticket_viewer *viewer, enum ticket_todo todo,
             int64_t ticket_id, int64_t now, int64_t *ret_count)
{
    assert(todo == TODO_URGE || todo == TODO_ALARM);
    struct stmt *stmt =
        query(txn->db, todo == TODO_URGE ? Q_NOTICE_READ_URGES : Q_NOTICE_SEE_ALARMS);

    bool is_unit = (viewer->roles & ROLES_UNIT_TICKETS) != 0;
    bool is_clerk = (viewer->roles & ROLE_BIT(ROLE_CLERK)) != 0;
    bool is_supervisor = (viewer->roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0;

    /* As the list of the group binds them (ticket_lists.c, bind_todo). */
    bind_int(stmt, ":my_unit", is_unit ? viewer->unit_id : -1);
    bind_int(stmt, ":user", viewer->user_id);
    if (todo == TODO_URGE)
        bind_int(stmt, ":is_clerk", is_clerk);
    else
        bind_int(stmt, ":is_office", is_clerk || is_supervisor);
    bind_int(stmt, ":sees_all", viewer->sees_all);
    bind_int(stmt, ":viewer_unit", viewer->unit_id);
    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":now", now);
    return query_run(stmt, ret_count);
}
