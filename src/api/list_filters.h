#ifndef YIDAN_LIST_FILTERS_H
#define YIDAN_LIST_FILTERS_H

#include <stdbool.h>

#include "http/http.h"
#include "store/record_lists.h"
#include "store/ticket_lists.h"

/*
 * list_filters.h - what the query of a list asks for: for the list itself and for
 * a file of it.
 *
 * Layer    api.
 *
 * Whose list it is, is req->actor; texts lie in req->arena.
 * Errors   ERR_HTTP_QUERY with the parameter's name, ERR_HTTP_QUERY_PERSONAL
 */

/* GET /tickets (api_ticket_list.c). */
MUST_CHECK enum err ticket_list_filter(struct request *req, struct ticket_filter *filter,
                                       int *ret_limit);

/* The lists of records (api_records.c). `*ret_none` is true when nothing can match. */
MUST_CHECK enum err record_list_filter(struct request *req, enum record_kind kind,
                                       struct record_filter *filter, int *ret_limit,
                                       bool *ret_none);

#endif
