#ifndef YIDAN_EXPORT_LISTS_H
#define YIDAN_EXPORT_LISTS_H

#include "base/json.h"
#include "http/http.h"

/*
 * export_lists.h - which lists can be made a file of.
 *
 * Layer    api.
 */

/* "tickets", "urges" …: the last word of the list's path. */
extern const struct choices words_export_list;

/*
 * Would the list numbered `list` take req's query (see request_query_set())?
 * Errors   ERR_HTTP_QUERY, ERR_HTTP_QUERY_PERSONAL, also for limit and cursor: a
 *          file holds the whole list
 */
MUST_CHECK enum err export_list_check(struct request *req, int list);

#endif
