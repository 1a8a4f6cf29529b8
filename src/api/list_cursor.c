/*
 * list_cursor.c - "d6a3f-1c": the order's letter and two numbers in hexadecimal.
 *
 * Exactly one spelling of a cursor is accepted: the one that is made here.
 */
#include "list_cursor.h"

#include <string.h>

const char *
list_cursor_make(struct arena *arena, char order, int64_t value, int64_t id)
{
    return arena_printf(arena, "%c%llx-%llx", order, (unsigned long long)value,
                        (unsigned long long)id);
}

/* Digits up to `end`; no sign, no leading zero, at most 63 bits. */
static bool
read_number(const char **text, char end, int64_t *ret_number)
{
    const char *at = *text;
    int64_t number = 0;

    if (*at == end || (at[0] == '0' && at[1] != end))
        return false;
    for (; *at != end; at++) {
        int digit = *at >= '0' && *at <= '9'   ? *at - '0'
                    : *at >= 'a' && *at <= 'f' ? *at - 'a' + 10
                                               : -1;
        if (digit < 0 || number > INT64_MAX >> 4)
            return false;
        number = number << 4 | digit;
    }
    *text = at;
    *ret_number = number;
    return true;
}

enum err
list_cursor_read(struct request *req, const char *cursor, char order, int64_t *ret_value,
                 int64_t *ret_id)
{
    const char *at = cursor;
    int64_t value, id;

    if (*at != order)
        return problem_value(&req->problem, ERR_HTTP_QUERY, "cursor");
    at++;
    if (!read_number(&at, '-', &value))
        return problem_value(&req->problem, ERR_HTTP_QUERY, "cursor");
    at++;
    if (!read_number(&at, '\0', &id))
        return problem_value(&req->problem, ERR_HTTP_QUERY, "cursor");
    *ret_value = value;
    *ret_id = id;
    return OK;
}

enum err
list_cursor_write(struct request *req, struct json_out *out, bool has_more, char order,
                  int64_t value, int64_t id)
{
    if (!has_more) {
        json_null(out, "next");
        return OK;
    }
    const char *cursor = list_cursor_make(req->arena, order, value, id);
    if (cursor == NULL)
        return ERR_NO_MEMORY;
    json_text(out, "next", cursor);
    return OK;
}
