#include "api_internal.h"
#include "base/config.h"
#include "domain/access.h"

/*
 * routes.c - THE table of endpoints: what can be asked, and by whom.
 *
 * `who` is the coarse gate for users, `scopes` for the API tokens of other
 * systems; the finer rules are the handler's and the domain's.  A route that is
 * not here does not exist; a role or scope that is not named may not.
 * Of two rows that fit a path the first one counts.
 */

#define ROLE(name) ROLE_BIT(ROLE_##name)

#define ANYONE 0
#define NOBODY 0 /* of users: it is for tokens; of tokens: it is for users */
#define SCOPE(name) SCOPE_BIT(SCOPE_##name)
#define SIGNED_IN ((UINT32_C(1) << ROLE_COUNT) - 1)
#define OWN_ACCOUNT (SIGNED_IN | ROUTE_OWN_ACCOUNT) /* whatever the password */
#define STAFF ROLES_STAFF
#define CLERK ROLE(CLERK)
#define OFFICE (CLERK | ROLE(SUPERVISOR))
#define BOARD (CLERK | ROLE(SUPERVISOR) | ROLE(LEADER))
#define ADMIN ROLE(ADMIN)
#define HEAD ROLE(UNIT_HEAD)
#define UNIT ROLES_UNIT_TICKETS /* of their own unit */
#define REPORT (ROLE(SUPERVISOR) | ROLE(LEADER))
#define REVEALERS (CLERK | ROLE(HANDLER) | ROLE(UNIT_HEAD) | ROLE(SUPERVISOR))

#define READ(path_, who_, scopes_, function_)                                            \
    {                                                                                    \
        .method = METHOD_GET, .path = path_, .kind = ROUTE_READ, .roles = who_,          \
        .scopes = scopes_, .show = function_                                             \
    }
/* What a page asks by itself, and no sign that somebody is there. */
#define POLL(path_, who_, function_)                                                     \
    {                                                                                    \
        .method = METHOD_GET, .path = path_, .kind = ROUTE_READ, .roles = who_,          \
        .show = function_, .is_quiet = true                                              \
    }
#define PLAIN(path_, function_)                                                          \
    {                                                                                    \
        .method = METHOD_GET, .path = path_, .kind = ROUTE_PLAIN, .show = function_      \
    }
/* Every POST that writes needs an Idempotency-Key. */
#define WRITE(verb_, path_, who_, scopes_, function_)                                    \
    {                                                                                    \
        .method = METHOD_##verb_, .path = path_, .kind = ROUTE_WRITE, .roles = who_,     \
        .scopes = scopes_, .begin = function_##_begin, .end = function_##_end,           \
        .needs_key = METHOD_##verb_ == METHOD_POST                                       \
    }
/* A write whose body is a file. */
#define UPLOAD(path_, who_, scopes_, function_, ...)                                     \
    UPLOAD_OF(path_, who_, scopes_, function_, __VA_ARGS__)
#define UPLOAD_OF(path_, who_, scopes_, function_, type_, refusal_, setting_)            \
    {                                                                                    \
        .method = METHOD_POST, .path = path_, .kind = ROUTE_UPLOAD, .roles = who_,       \
        .scopes = scopes_, .admit = function_##_admit, .begin = function_##_begin,       \
        .end = function_##_end, .upload_type = type_, .upload_refusal = refusal_,        \
        .upload_bytes_max = offsetof(struct config, setting_), .needs_key = true         \
    }
#define ATTACHMENT "application/octet-stream", ERR_ATTACHMENT_MEDIA_TYPE, upload_bytes_max
#define LEDGER "text/csv", ERR_IMPORT_MEDIA_TYPE, import_bytes_max
/* Reading what is noted: a retry may note it again. */
#define NOTED_READ(path_, who_, function_)                                               \
    {                                                                                    \
        .method = METHOD_POST, .path = path_, .kind = ROUTE_WRITE, .roles = who_,        \
        .begin = function_##_begin, .end = function_##_end                               \
    }
/* A POST that may be repeated without harm, or that asks for a key itself. */
#define ASK(path_, who_, function_)                                                      \
    {                                                                                    \
        .method = METHOD_POST, .path = path_, .kind = ROUTE_WRITE, .roles = who_,        \
        .begin = function_##_begin, .end = function_##_end                               \
    }
/* What another system tells: its own number of it makes a retry harmless. */
#define TOLD(path_, scopes_, function_)                                                  \
    {                                                                                    \
        .method = METHOD_POST, .path = path_, .kind = ROUTE_WRITE, .scopes = scopes_,    \
        .begin = function_##_begin, .end = function_##_end                               \
    }
/* A question that does not belong into a URL: read like a GET, and writes nothing. */
#define QUESTION(path_, who_, function_)                                                 \
    {                                                                                    \
        .method = METHOD_POST, .path = path_, .kind = ROUTE_READ, .roles = who_,         \
        .show = function_                                                                \
    }
/* Signing in: nobody has a session or a CSRF token yet. */
#define SIGN_IN(path_, function_)                                                        \
    {                                                                                    \
        .method = METHOD_POST, .path = path_, .kind = ROUTE_WRITE, .roles = ANYONE,      \
        .begin = function_##_begin, .end = function_##_end, .no_csrf = true              \
    }

/*
 * The public side: nobody has a session, a message carries its form's token,
 * and what a citizen repeats does no harm.
 */
#define PUBLIC(path_, function_)                                                         \
    {                                                                                    \
        .method = METHOD_POST, .path = path_, .kind = ROUTE_WRITE, .roles = ANYONE,      \
        .begin = function_##_begin, .end = function_##_end, .no_csrf = true              \
    }

/* A file from a citizen, who shows the token of the message it belongs to. */
#define PUBLIC_UPLOAD(path_, function_, ...)                                             \
    PUBLIC_UPLOAD_OF(path_, function_, __VA_ARGS__)
#define PUBLIC_UPLOAD_OF(path_, function_, type_, refusal_, setting_)                    \
    {                                                                                    \
        .method = METHOD_POST, .path = path_, .kind = ROUTE_UPLOAD, .roles = ANYONE,     \
        .admit = function_##_admit, .begin = function_##_begin, .end = function_##_end,  \
        .upload_type = type_, .upload_refusal = refusal_,                                \
        .upload_bytes_max = offsetof(struct config, setting_), .needs_key = true,        \
        .no_csrf = true                                                                  \
    }

/* The same as a form of a page; what is refused is told on a page too. */
#define FORM(path_, function_, refused_)                                                 \
    {                                                                                    \
        .method = METHOD_POST, .path = path_, .kind = ROUTE_WRITE, .roles = ANYONE,      \
        .begin = function_##_begin, .end = function_##_end, .no_csrf = true,             \
        .takes_form = true, .refused = refused_                                          \
    }

/* clang-format off */
const struct route api_routes[] = {
    /*            path                              who            scopes         functions */
    PLAIN(        "/healthz",                                                health_live),
    PLAIN(        "/readyz",                                                 health_ready),
    PLAIN(        "/metrics",                                                health_metrics),
    PLAIN(        "/api/v1/openapi.yaml",                                    contract_show),

    READ(         "/api/v1/session",                OWN_ACCOUNT,   NOBODY,        session_show),
    SIGN_IN(      "/api/v1/session",                                         session_create),
    WRITE(DELETE, "/api/v1/session",                OWN_ACCOUNT,   NOBODY,        session_delete),
    WRITE(POST,   "/api/v1/me/password",            OWN_ACCOUNT,   NOBODY,        own_password),
    WRITE(POST,   "/api/v1/me/totp",                OWN_ACCOUNT,   NOBODY,        own_totp),
    WRITE(POST,   "/api/v1/me/totp/confirm",        OWN_ACCOUNT,   NOBODY,        own_totp_confirm),
    WRITE(DELETE, "/api/v1/me/totp",                OWN_ACCOUNT,   NOBODY,        own_totp_remove),
    READ(         "/api/v1/me/sessions",            OWN_ACCOUNT,   NOBODY,        own_session_list),
    WRITE(DELETE, "/api/v1/me/sessions",            OWN_ACCOUNT,   NOBODY,        own_sessions_end),
    WRITE(DELETE, "/api/v1/me/sessions/{id}",       OWN_ACCOUNT,   NOBODY,        own_session_end),

    READ(         "/api/v1/meta",                   OWN_ACCOUNT,   NOBODY,        meta_show),

    READ(         "/api/v1/users",                  STAFF | ADMIN, NOBODY,        user_list),
    READ(         "/api/v1/users/{login}",          ADMIN,         NOBODY,        user_show),
    WRITE(POST,   "/api/v1/users",                  ADMIN,         NOBODY,        user_create),
    WRITE(PATCH,  "/api/v1/users/{login}",          ADMIN,         NOBODY,        user_change),
    WRITE(DELETE, "/api/v1/users/{login}",          ADMIN,         NOBODY,        user_delete),

    READ(         "/api/v1/tokens",                 ADMIN,         NOBODY,        token_list),
    WRITE(POST,   "/api/v1/tokens",                 ADMIN,         NOBODY,        token_create),
    WRITE(DELETE, "/api/v1/tokens/{id}",            ADMIN,         NOBODY,        token_remove),

    READ(         "/api/v1/units",                  STAFF | ADMIN, NOBODY,        unit_list),
    READ(         "/api/v1/units/{code}",           STAFF | ADMIN, NOBODY,        unit_show),
    WRITE(POST,   "/api/v1/units",                  ADMIN,         NOBODY,        unit_create),
    WRITE(PATCH,  "/api/v1/units/{code}",           ADMIN,         NOBODY,        unit_change),
    WRITE(DELETE, "/api/v1/units/{code}",           ADMIN,         NOBODY,        unit_delete),

    READ(         "/api/v1/categories",             STAFF | ADMIN, NOBODY,        category_list),
    READ(         "/api/v1/categories/{code}",      STAFF | ADMIN, NOBODY,        category_show),
    WRITE(POST,   "/api/v1/categories",             ADMIN,         NOBODY,        category_create),
    WRITE(PATCH,  "/api/v1/categories/{code}",      ADMIN,         NOBODY,        category_change),
    WRITE(DELETE, "/api/v1/categories/{code}",      ADMIN,         NOBODY,        category_delete),
    READ(         "/api/v1/areas",                  STAFF | ADMIN, NOBODY,        area_list),
    READ(         "/api/v1/areas/{code}",           STAFF | ADMIN, NOBODY,        area_show),
    WRITE(POST,   "/api/v1/areas",                  ADMIN,         NOBODY,        area_create),
    WRITE(PATCH,  "/api/v1/areas/{code}",           ADMIN,         NOBODY,        area_change),
    WRITE(DELETE, "/api/v1/areas/{code}",           ADMIN,         NOBODY,        area_delete),
    READ(         "/api/v1/channels",               STAFF | ADMIN, NOBODY,        channel_list),
    READ(         "/api/v1/channels/{code}",        STAFF | ADMIN, NOBODY,        channel_show),
    WRITE(POST,   "/api/v1/channels",               ADMIN,         NOBODY,        channel_create),
    WRITE(PATCH,  "/api/v1/channels/{code}",        ADMIN,         NOBODY,        channel_change),
    WRITE(DELETE, "/api/v1/channels/{code}",        ADMIN,         NOBODY,        channel_delete),
    READ(         "/api/v1/drafts",                 STAFF,         NOBODY,        draft_list),
    READ(         "/api/v1/drafts/{form}/{subject}", STAFF,         NOBODY,        draft_show),
    WRITE(PUT,    "/api/v1/drafts/{form}/{subject}", STAFF,         NOBODY,        draft_put),
    WRITE(DELETE, "/api/v1/drafts/{form}/{subject}", STAFF,         NOBODY,        draft_delete),
    READ(         "/api/v1/views",                  STAFF,         NOBODY,        view_list),
    WRITE(POST,   "/api/v1/views",                  STAFF,         NOBODY,        view_create),
    WRITE(DELETE, "/api/v1/views/{id}",             STAFF,         NOBODY,        view_delete),
    READ(         "/api/v1/phrases",                STAFF | ADMIN, NOBODY,        phrase_list),
    WRITE(POST,   "/api/v1/phrases",                ADMIN,         NOBODY,        phrase_create),
    WRITE(PATCH,  "/api/v1/phrases/{id}",           ADMIN,         NOBODY,        phrase_change),
    WRITE(DELETE, "/api/v1/phrases/{id}",           ADMIN,         NOBODY,        phrase_delete),
    READ(         "/api/v1/templates",              STAFF | ADMIN, NOBODY,        template_list),
    WRITE(POST,   "/api/v1/templates",              ADMIN | HEAD,  NOBODY,        template_create),
    WRITE(PATCH,  "/api/v1/templates/{id}",         ADMIN | HEAD,  NOBODY,        template_change),
    WRITE(DELETE, "/api/v1/templates/{id}",         ADMIN | HEAD,  NOBODY,        template_delete),
    READ(         "/api/v1/limits",                 STAFF | ADMIN, NOBODY,        limits_show),
    WRITE(PATCH,  "/api/v1/limits",                 ADMIN,         NOBODY,        limits_change),
    READ(         "/api/v1/settings",               STAFF | ADMIN, NOBODY,        settings_show),
    WRITE(PATCH,  "/api/v1/settings",               ADMIN,         NOBODY,        settings_change),

    READ(         "/api/v1/calendar",               STAFF | ADMIN, NOBODY,        calendar_show),
    WRITE(PUT,    "/api/v1/calendar/{date}",        ADMIN,         NOBODY,        calendar_day),
    ASK  (        "/api/v1/calendar/import",        ADMIN,     calendar_import),

    READ(         "/api/v1/tickets",                STAFF,         NOBODY,        ticket_list),
    WRITE(POST,   "/api/v1/tickets",                CLERK,         SCOPE(INTAKE), ticket_create),
    QUESTION(     "/api/v1/tickets/similar",        CLERK,                        ticket_similar),
    QUESTION(     "/api/v1/tickets/suggest-unit",   CLERK,                        ticket_suggest_unit),
    QUESTION(     "/api/v1/tickets/check-reply",    ROLES_UNIT_TICKETS,           ticket_check_reply),
    READ(         "/api/v1/tickets/preview-due",    CLERK,         NOBODY,        preview_due_show),
    READ(         "/api/v1/tickets/{no}",           STAFF,         NOBODY,        ticket_show),
    READ(         "/api/v1/tickets/{no}/events",    STAFF,         NOBODY,        ticket_events),
    READ(         "/api/v1/tickets/{no}/views",     CLERK | ROLE(SUPERVISOR) | ROLE(AUDITOR),NOBODY,        ticket_views),
    NOTED_READ(   "/api/v1/tickets/{no}/reveal",    REVEALERS,                    ticket_reveal),
    READ(         "/api/v1/tickets/{no}/attachments", STAFF,         NOBODY,        attachment_list),
    UPLOAD(       "/api/v1/tickets/{no}/attachments", STAFF,         NOBODY,        attachment_add, ATTACHMENT),
    READ(         "/api/v1/attachments/{id}",       STAFF,         NOBODY,        attachment_show),
    READ(         "/api/v1/tickets/{no}/print/{form}", STAFF,        NOBODY,        ticket_print_show),
    NOTED_READ(   "/api/v1/tickets/{no}/print/{form}", REVEALERS,                   ticket_print),
    WRITE(POST,   "/api/v1/tickets/{no}/{action}",  STAFF,         NOBODY,        ticket_act),

    READ(         "/api/v1/audit",                  SIGNED_IN,     NOBODY,        audit_list),

    READ(         "/api/v1/imports",                CLERK,         SCOPE(IMPORT), import_list),
    UPLOAD(       "/api/v1/imports",                CLERK,         SCOPE(IMPORT), import_create, LEDGER),
    READ(         "/api/v1/imports/{id}",           CLERK,         SCOPE(IMPORT), import_show),
    WRITE(DELETE, "/api/v1/imports/{id}",           CLERK,         SCOPE(IMPORT), import_cancel),

    READ(         "/api/v1/exports",                STAFF,         NOBODY,        export_list),
    WRITE(POST,   "/api/v1/exports",                STAFF,         NOBODY,        export_create),
    READ(         "/api/v1/exports/{id}",           STAFF,         NOBODY,        export_show),
    READ(         "/api/v1/exports/{id}/file",      STAFF,         NOBODY,        export_file),

    READ(         "/api/v1/dashboard",              BOARD,         NOBODY,        dashboard_show),
    POLL(         "/api/v1/inbox",                  STAFF,                        inbox_show),
    WRITE(POST,   "/api/v1/inbox/read",             STAFF,         NOBODY,        inbox_read),
    POLL(         "/api/v1/stream",                 STAFF,                        stream_show),
    READ(         "/api/v1/calls",                  CLERK,         NOBODY,        call_list),
    TOLD(         "/api/v1/calls",                                 SCOPE(SWITCHBOARD), call_tell),
    TOLD(         "/api/v1/sms",                                   SCOPE(SMS),    sms_create),
    TOLD(         "/api/v1/upstream/{platform}/tickets",           SCOPE(UPSTREAM), upstream_create),
    READ(         "/api/v1/upstream/{platform}/answered", NOBODY,  SCOPE(UPSTREAM), upstream_answered_list),

    READ(         "/api/v1/urges",                  STAFF,         NOBODY,        urges_list),
    WRITE(POST,   "/api/v1/urges",                  OFFICE,        NOBODY,        urges_create),
    QUESTION(     "/api/v1/urges/preview",          OFFICE,                       urges_preview),
    READ(         "/api/v1/supervisions",           STAFF,         NOBODY,        supervisions_list),
    READ(         "/api/v1/instructions",           STAFF,         NOBODY,        instructions_list),
    READ(         "/api/v1/extensions",             STAFF,         NOBODY,        extensions_list),
    READ(         "/api/v1/returns",                STAFF,         NOBODY,        returns_list),
    READ(         "/api/v1/promises",               STAFF,         NOBODY,        promises_list),
    READ(         "/api/v1/callbacks",              STAFF,         NOBODY,        callbacks_list),
    READ(         "/api/v1/accountability",         STAFF,         NOBODY,        accountability_list),
    WRITE(POST,   "/api/v1/accountability",         ROLE(SUPERVISOR), NOBODY,     accountability_create),

    READ(         "/api/v1/reports/assessment",     REPORT | UNIT, NOBODY,        assessment_show),
    READ(         "/api/v1/reports/assessment/tickets", REPORT | UNIT, NOBODY,    assessment_tickets),
    READ(         "/api/v1/reports/assessment/months", REPORT | UNIT, NOBODY,     assessment_months),
    READ(         "/api/v1/reports/assessment.xlsx", REPORT | UNIT, NOBODY,       assessment_sheet),
    READ(         "/api/v1/reports/monthly",        REPORT,        NOBODY,        monthly_show),
    READ(         "/api/v1/reports/monthly.xlsx",   REPORT,        NOBODY,        monthly_sheet),
    READ(         "/api/v1/reports/brief",          REPORT,        NOBODY,        brief_show),
    READ(         "/api/v1/reports/brief.xlsx",     REPORT,        NOBODY,        brief_sheet),
    READ(         "/api/v1/reports/published",      REPORT,        NOBODY,        published_list),
    READ(         "/api/v1/reports/published/{month}", REPORT,     NOBODY,        published_show),
    WRITE(POST,   "/api/v1/reports/published",      ROLE(SUPERVISOR), NOBODY,     published_create),
    READ(         "/api/v1/bulletins",              REPORT,        NOBODY,        bulletin_list),
    READ(         "/api/v1/bulletins/{id}",         REPORT,        NOBODY,        bulletin_show),
    WRITE(POST,   "/api/v1/bulletins",              ROLE(SUPERVISOR), NOBODY,     bulletin_create),
    WRITE(PUT,    "/api/v1/bulletins/{id}",         ROLE(SUPERVISOR), NOBODY,     bulletin_change),
    WRITE(POST,   "/api/v1/bulletins/{id}/issue",   ROLE(SUPERVISOR), NOBODY,     bulletin_issue),

    READ(         "/api/v1/public/meta",            ANYONE,        NOBODY,        public_meta_show),
    PUBLIC(       "/api/v1/public/messages",                                 public_message_create),
    PUBLIC_UPLOAD("/api/v1/public/attachments",                              public_file_add, ATTACHMENT),
    PUBLIC(       "/api/v1/public/lookup",                                   public_lookup_find),
    PUBLIC(       "/api/v1/public/urge",                                     public_urge_create),
    PUBLIC(       "/api/v1/public/rating",                                   public_rating_create),
    READ(         "/api/v1/public/replies",         ANYONE,        NOBODY,        public_replies_list),

    READ(         "/public/",                       ANYONE,        NOBODY,        page_index),
    READ(         "/public/message",                ANYONE,        NOBODY,        page_message),
    FORM(         "/public/message",                                         page_message_send, page_message_refused),
    READ(         "/public/progress",               ANYONE,        NOBODY,        page_progress),
    FORM(         "/public/progress",                                        page_look, page_look_refused),
    FORM(         "/public/urge",                                            page_urge, page_look_refused),
    READ(         "/public/rate",                   ANYONE,        NOBODY,        page_rate),
    FORM(         "/public/rate",                                            page_rate_send, page_rate_refused),
    READ(         "/public/replies",                ANYONE,        NOBODY,        page_replies),
    READ(         "/public/help",                   ANYONE,        NOBODY,        page_help),
    PLAIN(        "/public/citizen.css",                                     page_style),
};
/* clang-format on */

const size_t api_route_count = sizeof api_routes / sizeof *api_routes;
