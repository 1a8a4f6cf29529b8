/*
 * ticket_columns.c - the columns of ticket and assignment and the members they
 * fill: one table each, for loading, inserting and saving.
 *
 * Invariant: the rows stand in the order of the fragments ticket_columns and
 * assignment_columns (sql/queries/ticket.sql); a test compares the names.
 */
#include "tickets_internal.h"

#include <string.h>

/* clang-format off */
#define COLUMN(type, member, kind_) .name = ":" #member, .kind = kind_, .offset = offsetof(struct type, member), .room = sizeof(((struct type *)0)->member)
#define COLUMN_INT(type, member) { COLUMN(type, member, COLUMN_KIND_INT) }
#define COLUMN_BOOL(type, member) { COLUMN(type, member, COLUMN_KIND_BOOL) }
#define COLUMN_TEXT(type, member) { COLUMN(type, member, COLUMN_KIND_TEXT) }
#define COLUMN_CHOICE(type, member, words) { COLUMN(type, member, COLUMN_KIND_CHOICE), .choices = &words }

const struct column ticket_columns[] = {
    COLUMN_INT(ticket, id),
    COLUMN_TEXT(ticket, no),
    COLUMN_TEXT(ticket, query_code),
    COLUMN_TEXT(ticket, channel),
    COLUMN_TEXT(ticket, upstream),
    COLUMN_TEXT(ticket, upstream_no),
    COLUMN_INT(ticket, upstream_received_at),
    COLUMN_INT(ticket, upstream_due_at),
    COLUMN_INT(ticket, received_at),
    COLUMN_INT(ticket, received_by),
    COLUMN_INT(ticket, occurred_at),
    COLUMN_CHOICE(ticket, kind, words_kind),
    COLUMN_TEXT(ticket, area),
    COLUMN_TEXT(ticket, category),
    COLUMN_CHOICE(ticket, urgency, words_urgency),
    COLUMN_BOOL(ticket, sensitive),
    COLUMN_BOOL(ticket, anonymous),
    COLUMN_BOOL(ticket, confidential),
    COLUMN_BOOL(ticket, may_publish),
    COLUMN_BOOL(ticket, suspect),
    COLUMN_BOOL(ticket, has_phone),
    COLUMN_INT(ticket, repeat_of),
    COLUMN_CHOICE(ticket, state, words_state),
    COLUMN_INT(ticket, version),
    COLUMN_INT(ticket, round),
    COLUMN_BOOL(ticket, hard_case),
    COLUMN_INT(ticket, lead_unit_id),
    COLUMN_INT(ticket, first_dispatched_at),
    COLUMN_INT(ticket, dispatched_at),
    COLUMN_INT(ticket, due_at),
    COLUMN_INT(ticket, effective_due_at),
    COLUMN_INT(ticket, clock_from_at),
    COLUMN_BOOL(ticket, due_provisional),
    COLUMN_BOOL(ticket, due_capped),
    COLUMN_CHOICE(ticket, light, words_light),
    COLUMN_INT(ticket, overdue_at),
    COLUMN_INT(ticket, state_due_at),
    COLUMN_INT(ticket, replied_at),
    COLUMN_INT(ticket, answered_at),
    COLUMN_CHOICE(ticket, outcome, words_outcome),
    COLUMN_INT(ticket, told_at),
    COLUMN_CHOICE(ticket, told_way, words_way),
    COLUMN_CHOICE(ticket, satisfaction_first, words_satisfaction),
    COLUMN_CHOICE(ticket, satisfaction_final, words_satisfaction),
    COLUMN_INT(ticket, solved),
    COLUMN_TEXT(ticket, exclude_class),
    COLUMN_INT(ticket, published_at),
    COLUMN_INT(ticket, merged_into),
    COLUMN_INT(ticket, merged_at),
    COLUMN_CHOICE(ticket, merged_from_state, words_state),
    COLUMN_INT(ticket, return_count),
    COLUMN_INT(ticket, extension_count),
    COLUMN_INT(ticket, rework_count),
    COLUMN_INT(ticket, urge_count),
    COLUMN_INT(ticket, citizen_urge_count),
    COLUMN_INT(ticket, supervision_count),
    COLUMN_INT(ticket, closed_at),
    COLUMN_BOOL(ticket, closed_unreachable),
    COLUMN_INT(ticket, citizen_urged_at),
    COLUMN_INT(ticket, rated_at),
};
const size_t ticket_column_count = sizeof ticket_columns / sizeof *ticket_columns;

const struct column assignment_columns[] = {
    COLUMN_INT(assignment, id),
    COLUMN_INT(assignment, round),
    COLUMN_INT(assignment, unit_id),
    COLUMN_CHOICE(assignment, relation, words_relation),
    COLUMN_BOOL(assignment, is_active),
    COLUMN_BOOL(assignment, is_visible),
    COLUMN_BOOL(assignment, is_counted),
    COLUMN_BOOL(assignment, is_designated),
    COLUMN_BOOL(assignment, return_refused),
    COLUMN_INT(assignment, dispatched_at),
    COLUMN_INT(assignment, due_at),
    COLUMN_INT(assignment, effective_due_at),
    COLUMN_INT(assignment, sign_due_at),
    COLUMN_INT(assignment, opened_at),
    COLUMN_INT(assignment, signed_at),
    COLUMN_INT(assignment, sign_late_at),
    COLUMN_INT(assignment, contact_due_at),
    COLUMN_INT(assignment, contacted_at),
    COLUMN_INT(assignment, contact_late_at),
    COLUMN_INT(assignment, replied_at),
    COLUMN_INT(assignment, overdue_at),
    COLUMN_INT(assignment, rework_count),
    COLUMN_INT(assignment, ended_at),
    COLUMN_TEXT(assignment, end_reason),
};
const size_t assignment_column_count = sizeof assignment_columns / sizeof *assignment_columns;
/* clang-format on */

void
columns_read(struct stmt *stmt, const struct column *columns, size_t count, void *into)
{
    for (size_t i = 0; i < count; i++) {
        char *member = (char *)into + columns[i].offset;
        switch (columns[i].kind) {
        case COLUMN_KIND_INT:
            *(int64_t *)(void *)member = row_int(stmt);
            break;
        case COLUMN_KIND_BOOL:
            *(bool *)(void *)member = row_int(stmt) != 0;
            break;
        case COLUMN_KIND_TEXT:
            row_copy(stmt, member, columns[i].room);
            break;
        case COLUMN_KIND_CHOICE: {
            const char *word = row_text(stmt);
            *(int *)(void *)member =
                word == NULL ? CHOICE_NONE : choice_find(columns[i].choices, word);
            break;
        }
        }
    }
}

void
columns_bind(struct stmt *stmt, const struct column *columns, size_t count,
             const char *const *left_out, const void *from)
{
    for (size_t i = 0; i < count; i++) {
        const char *member = (const char *)from + columns[i].offset;
        bool is_left_out = false;
        for (size_t k = 0; left_out[k] != NULL && !is_left_out; k++)
            is_left_out = strcmp(left_out[k], columns[i].name) == 0;
        if (is_left_out)
            continue;
        switch (columns[i].kind) {
        case COLUMN_KIND_INT:
            bind_int(stmt, columns[i].name, *(const int64_t *)(const void *)member);
            break;
        case COLUMN_KIND_BOOL:
            bind_int(stmt, columns[i].name, *(const bool *)(const void *)member);
            break;
        case COLUMN_KIND_TEXT:
            bind_text(stmt, columns[i].name, *member == '\0' ? NULL : member);
            break;
        case COLUMN_KIND_CHOICE:
            bind_text(
                stmt, columns[i].name,
                choice_word(columns[i].choices, *(const int *)(const void *)member));
            break;
        }
    }
}

bool
columns_equal(const struct column *columns, size_t count, const void *a, const void *b)
{
    for (size_t i = 0; i < count; i++) {
        const char *one = (const char *)a + columns[i].offset;
        const char *other = (const char *)b + columns[i].offset;
        bool is_same = columns[i].kind == COLUMN_KIND_TEXT
                           ? strcmp(one, other) == 0
                           : memcmp(one, other, columns[i].room) == 0;
        if (!is_same)
            return false;
    }
    return true;
}
