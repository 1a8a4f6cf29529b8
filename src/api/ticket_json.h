#ifndef YIDAN_TICKET_JSON_H
#define YIDAN_TICKET_JSON_H

#include "http/http.h"
#include "store/record_lists.h"
#include "store/ticket_lists.h"

/*
 * ticket_json.h - tickets and what is laid upon them, on the wire.
 *
 * Layer    api.
 */

struct rulebook;
struct ticket_case;

/* The lines of a page, which the request's reader has found for its actor. */
MUST_CHECK enum err ticket_json_page(struct request *req, const struct ticket_page *page,
                                     struct json_out *out);

/* One line, as a member `key`. */
void ticket_json_line(struct json_out *out, const char *key,
                      const struct rulebook *rulebook, const struct ticket_line *line);

/*
 * The whole ticket as the request's actor may see it now: product.md 3, its
 * assignments, its open records, and what the actor may do.
 * Errors   ERR_NOT_FOUND  also when the actor may not know of it
 */
MUST_CHECK enum err ticket_json_full(struct request *req, const char *no,
                                     struct json_out *out);

/* The same for a case that is loaded already. */
MUST_CHECK enum err ticket_json_case(struct request *req,
                                     const struct ticket_case *ticket_case,
                                     struct json_out *out);

/* The same for what the request's actor has just brought in; no reader is needed. */
struct ticket_received;
struct petitioner_draft;
MUST_CHECK enum err ticket_json_received(struct request *req,
                                         const struct ticket_received *received,
                                         const struct petitioner_draft *petitioner,
                                         struct json_out *out);

/* The same as a member of something larger. */
MUST_CHECK enum err ticket_json_member(struct request *req,
                                       const struct ticket_case *ticket_case,
                                       const char *key, struct json_out *out);

/* "actions": each with its name and the fields it must and may have. */
void ticket_actions_json(struct json_out *out, const struct request *req,
                         const struct ticket_case *ticket_case);

/* A record of `kind`; `with_ticket` names the ticket it is laid upon. */
void record_json(struct json_out *out, const char *key, enum record_kind kind,
                 const struct record_row *row, bool with_ticket);

/* {"code", "name", "short_name"}, or null. */
void unit_json(struct json_out *out, const char *key, const char *code, const char *name,
               const char *short_name);

/* The same of the unit `id`; null for 0. */
void unit_names_json(struct json_out *out, const char *key,
                     const struct rulebook *rulebook, int64_t id);

/* The viewer of lists that asks. */
struct ticket_viewer request_viewer(const struct request *req);

/*
 * What another system gets for a ticket it brought: number and query code, to
 * hand to the citizen.  It sees no ticket.  (api_ticket_write.c)
 */
MUST_CHECK enum err ticket_reply_receipt(struct request *req, int status, const char *no);

#endif
