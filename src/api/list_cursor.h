#ifndef YIDAN_LIST_CURSOR_H
#define YIDAN_LIST_CURSOR_H

#include <stdint.h>

#include "http/http.h"

/*
 * list_cursor.h - where the next page of a list begins, as an opaque word.
 *
 * Layer    api.
 *
 * A cursor names the list's order and the last row shown, so that a page never
 * shifts under inserts and a cursor of another list is refused.
 */

#define LIST_CURSOR_CHARACTERS 40

/* The cursor after the row with these numbers, in the arena; NULL out of memory. */
const char *list_cursor_make(struct arena *arena, char order, int64_t value, int64_t id);

/* Errors: ERR_HTTP_QUERY when it is none, or not one of this order. */
MUST_CHECK enum err list_cursor_read(struct request *req, const char *cursor, char order,
                                     int64_t *ret_value, int64_t *ret_id);

/* The end of a page: "next", null at the end of the list. */
enum err list_cursor_write(struct request *req, struct json_out *out, bool has_more,
                           char order, int64_t value, int64_t id);

#endif
