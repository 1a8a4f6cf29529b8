#include "store/urge_values.h"

#include "base/timeutil.h"
#include "domain/ticket.h"
#include "store/query.h"
#include "store/rulebook.h"

/* urge_values.c - see the header. */

enum err
urge_values_read(struct db *db, struct arena *arena, const struct rulebook *rulebook,
                 const char *no, struct urge_values *ret_values)
{
    struct stmt *stmt = query(db, Q_URGE_VALUES);
    char office[SETTING_OFFICE_BYTES];

    bind_text(stmt, ":no", no);
    TRY(query_one(stmt));
    const char *title = row_text_copy(stmt, arena);
    int state = choice_find(&words_state, row_text(stmt));
    const struct unit_names *lead = rulebook_unit(rulebook, row_int(stmt));
    int64_t due_at = row_int(stmt);
    int64_t urged = row_int(stmt);
    query_end(stmt);
    bool is_units_turn = state == TICKET_DISPATCHED || state == TICKET_HANDLING;

    setting_office(&rulebook->settings, office);
    *ret_values = (struct urge_values){
        .no = arena_text(arena, no),
        .title = title,
        .unit = is_units_turn && lead != NULL ? arena_text(arena, lead->short_name)
                                              : arena_text(arena, office),
        .due_day = due_at == 0 ? 0 : time_day(due_at),
        .count = urged + 1,
    };
    return ret_values->no == NULL || title == NULL || ret_values->unit == NULL
               ? ERR_NO_MEMORY
               : OK;
}
