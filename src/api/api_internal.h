#ifndef YIDAN_API_INTERNAL_H
#define YIDAN_API_INTERNAL_H

#include "api/api.h"
#include "store/sessions.h"

/*
 * api_internal.h - the handlers that routes.c names, and what they share.
 *
 * Layer    api.
 */

/* A read is one function; a write is a pair, NAME_begin and NAME_end. */
#define HANDLER_READ(name) enum err name(struct request *req)
#define HANDLER_WRITE(name)                                                              \
    enum err name##_begin(struct request *req, struct job **ret_job);                    \
    enum err name##_end(struct request *req, struct job *job)

/* --- Handlers, by file --------------------------------------------------------- */

/* api_session.c */
HANDLER_READ(session_show);
HANDLER_WRITE(session_create);
HANDLER_WRITE(session_delete);

/* api_account.c */
HANDLER_WRITE(own_password);
HANDLER_WRITE(own_totp);
HANDLER_WRITE(own_totp_confirm);
HANDLER_WRITE(own_totp_remove);
HANDLER_READ(own_session_list);
HANDLER_WRITE(own_session_end);
HANDLER_WRITE(own_sessions_end);

/* api_tokens.c */
HANDLER_READ(token_list);
HANDLER_WRITE(token_create);
HANDLER_WRITE(token_remove);

/* api_users.c */
HANDLER_READ(user_list);
HANDLER_READ(user_show);
HANDLER_WRITE(user_create);
HANDLER_WRITE(user_change);
HANDLER_WRITE(user_delete);

/* api_units.c */
HANDLER_READ(unit_list);
HANDLER_READ(unit_show);
HANDLER_WRITE(unit_create);
HANDLER_WRITE(unit_change);
HANDLER_WRITE(unit_delete);

/* api_vocabulary.c */
HANDLER_READ(category_list);
HANDLER_READ(category_show);
HANDLER_WRITE(category_create);
HANDLER_WRITE(category_change);
HANDLER_WRITE(category_delete);
HANDLER_READ(area_list);
HANDLER_READ(area_show);
HANDLER_WRITE(area_create);
HANDLER_WRITE(area_change);
HANDLER_WRITE(area_delete);

/* api_settings.c */
HANDLER_READ(limits_show);
HANDLER_WRITE(limits_change);
HANDLER_READ(settings_show);
HANDLER_WRITE(settings_change);

/* api_phrases.c */
HANDLER_READ(phrase_list);
HANDLER_WRITE(phrase_create);
HANDLER_WRITE(phrase_change);
HANDLER_WRITE(phrase_delete);
HANDLER_READ(template_list);
HANDLER_WRITE(template_create);
HANDLER_WRITE(template_change);
HANDLER_WRITE(template_delete);

/* api_belongings.c */
HANDLER_READ(draft_list);
HANDLER_READ(draft_show);
HANDLER_WRITE(draft_put);
HANDLER_WRITE(draft_delete);
HANDLER_READ(view_list);
HANDLER_WRITE(view_create);
HANDLER_WRITE(view_delete);

/* api_channels.c */
HANDLER_READ(channel_list);
HANDLER_READ(channel_show);
HANDLER_WRITE(channel_create);
HANDLER_WRITE(channel_change);
HANDLER_WRITE(channel_delete);

/* api_calendar.c */
HANDLER_READ(calendar_show);
HANDLER_WRITE(calendar_day);
HANDLER_WRITE(calendar_import);

/* api_meta.c */
HANDLER_READ(meta_show);

/* api_assessment.c */
HANDLER_READ(assessment_show);
HANDLER_READ(assessment_sheet);
HANDLER_READ(assessment_tickets);
HANDLER_READ(assessment_months);

/* api_bulletins.c */
HANDLER_READ(bulletin_list);
HANDLER_READ(bulletin_show);
HANDLER_WRITE(bulletin_create);
HANDLER_WRITE(bulletin_change);
HANDLER_WRITE(bulletin_issue);

/* api_reports.c, api_published.c */
HANDLER_READ(monthly_show);
HANDLER_READ(monthly_sheet);
HANDLER_READ(brief_show);
HANDLER_READ(brief_sheet);
HANDLER_READ(published_list);
HANDLER_READ(published_show);
HANDLER_WRITE(published_create);

/* api_public.c */
HANDLER_READ(public_meta_show);
HANDLER_READ(public_replies_list);
HANDLER_WRITE(public_message_create);
enum err public_file_add_admit(struct request *req);
HANDLER_WRITE(public_file_add);
HANDLER_WRITE(public_lookup_find);
HANDLER_WRITE(public_urge_create);
HANDLER_WRITE(public_rating_create);

/* api_pages.c; refused: the page that tells of an error */
HANDLER_READ(page_index);
HANDLER_READ(page_message);
HANDLER_READ(page_progress);
HANDLER_READ(page_rate);
HANDLER_READ(page_replies);
HANDLER_READ(page_help);
HANDLER_READ(page_style);
HANDLER_WRITE(page_message_send);
HANDLER_WRITE(page_look);
HANDLER_WRITE(page_urge);
HANDLER_WRITE(page_rate_send);
enum err page_message_refused(struct request *req, enum err err);
enum err page_look_refused(struct request *req, enum err err);
enum err page_rate_refused(struct request *req, enum err err);

/* api_health.c */
HANDLER_READ(health_live);
HANDLER_READ(health_ready);
HANDLER_READ(health_metrics);
HANDLER_READ(contract_show);

/* api_ticket*.c, api_attachments.c, api_audit.c, api_print.c, api_records.c, api_inbox.c */
HANDLER_READ(preview_due_show);
HANDLER_READ(ticket_list);
HANDLER_READ(ticket_similar);
HANDLER_READ(ticket_check_reply);
HANDLER_READ(ticket_suggest_unit);
HANDLER_READ(ticket_show);
HANDLER_READ(ticket_events);
HANDLER_WRITE(ticket_create);
HANDLER_WRITE(ticket_act);
HANDLER_WRITE(ticket_reveal);
HANDLER_READ(audit_list);
HANDLER_READ(ticket_views);
HANDLER_READ(ticket_print_show);
HANDLER_WRITE(ticket_print);
HANDLER_READ(attachment_list);
HANDLER_READ(attachment_show);
enum err attachment_add_admit(struct request *req);
HANDLER_WRITE(attachment_add);
HANDLER_READ(inbox_show);
HANDLER_WRITE(inbox_read);

/* api_urges.c */
HANDLER_WRITE(urges_create);
HANDLER_READ(urges_preview);

/* api_dashboard.c */
HANDLER_READ(dashboard_show);
HANDLER_READ(urges_list);
HANDLER_READ(supervisions_list);
HANDLER_READ(instructions_list);
HANDLER_READ(extensions_list);
HANDLER_READ(returns_list);
HANDLER_READ(promises_list);
HANDLER_READ(callbacks_list);
HANDLER_READ(accountability_list);
HANDLER_WRITE(accountability_create);

/* stream_feed.c */
HANDLER_READ(stream_show);

/* api_calls.c */
HANDLER_WRITE(call_tell);
HANDLER_READ(call_list);

/* api_gateways.c */
HANDLER_WRITE(sms_create);
HANDLER_WRITE(upstream_create);
HANDLER_READ(upstream_answered_list);

/* api_imports.c */
HANDLER_READ(import_list);
HANDLER_READ(import_show);
enum err import_create_admit(struct request *req);
HANDLER_WRITE(import_create);
HANDLER_WRITE(import_cancel);

/* api_exports.c */
HANDLER_READ(export_list);
HANDLER_READ(export_show);
HANDLER_READ(export_file);
HANDLER_WRITE(export_create);

/* --- Shared (api.c) -------------------------------------------------------------- */

/*
 * The idempotency of a POST that writes: who, the header Idempotency-Key (1 to
 * 100 visible ASCII characters), and a hash of method, path and body.
 * Errors: ERR_IDEMPOTENCY_REQUIRED.
 */
MUST_CHECK enum err api_idempotency(struct request *req,
                                    struct idempotency *ret_idempotency);
/* The same for `actor`, who has no account. */
MUST_CHECK enum err api_idempotency_of(struct request *req, const char *actor,
                                       struct idempotency *ret_idempotency);

/* The bounds of every list's `limit`. */
#define LIST_LIMIT_DEFAULT 50
#define LIST_LIMIT_MAX 200

/* One more wrong field of a request. Returns ERR_FIELDS. */
enum err api_field(struct request *req, const char *field, enum err code,
                   const char *value);

/* A member that is a choice: its word, or null when there is none. */
void api_choice(struct json_out *out, const char *key, const struct choices *choices,
                int index);

/* A set of choices as a list of words; bit i is choice i. */
void api_choices(struct json_out *out, const char *key, const struct choices *choices,
                 uint64_t set);

/* Words that are kept comma separated (NULL: none), as a list. */
void api_words(struct json_out *out, const char *key, const char *words);

/* 201 with the `Location` of what was made; its JSON is the reply made last. */
MUST_CHECK enum err api_location(struct request *req, const char *collection,
                                 const char *code);

/* A number in the path. Errors: ERR_NOT_FOUND when it is none. */
MUST_CHECK enum err api_path_id(struct request *req, const char *name, int64_t *ret_id);

/*
 * "attachment; filename*=UTF-8''…" for a file that is saved under `name`: every
 * byte but letters, digits and -._~ is escaped.  NULL: out of memory.
 */
const char *api_saving(struct request *req, const char *name);

/* What remains to be said when something is gone: 204. For NAME_end of a DELETE. */
MUST_CHECK enum err api_gone(struct request *req, struct job *job);

/* The name of the session cookie, which depends on secure_cookie. */
const char *api_session_cookie(const struct request *req);

/*
 * Make the user of the session with the secret `token` the request's actor
 * (api_who.c).  Errors: ERR_SESSION_REQUIRED.
 */
MUST_CHECK enum err api_sign_in(struct request *req, const char *token);

/*
 * The session whose secret has the hash `hash`, if it is still good at `now`.
 * Errors   ERR_SESSION_REQUIRED whatever is wrong with it, ERR_STORE, ERR_DEADLINE
 */
MUST_CHECK enum err api_session_by_hash(const struct http_config *http,
                                        struct reader *reader,
                                        const uint8_t hash[HASH_BYTES], int64_t now,
                                        struct session *ret_session);

/* --- API tokens (bearer.c) --------------------------------------------------------- */

/* What stands after "Bearer" in the header Authorization, or NULL. */
const char *bearer_text(const struct request *req);

/*
 * Make the API token `text` the request's actor, if its scopes open the route.
 * Errors   ERR_TOKEN_INVALID, ERR_TOKEN_LOCKED, ERR_FORBIDDEN
 */
MUST_CHECK enum err bearer_who(struct request *req, const char *text);

/* --- When sessions were last seen (last_seen.c) ------------------------------------ */

/*
 * When `session_id` was last seen: the later of `stored_at` and what memory
 * knows.
 */
int64_t last_seen_get(struct last_seen *seen, int64_t session_id, int64_t stored_at);

/*
 * It is seen `now`.  True when that is to be written down: more than
 * `write_every_s` after the last time, and nobody else was told so meanwhile.
 */
bool last_seen_put(struct last_seen *seen, int64_t session_id, int64_t stored_at,
                   int64_t now, int64_t write_every_s);

#endif
