#include "api_internal.h"
#include "domain/access.h"

/*
 * routes.c - THE table of endpoints: what can be asked, and by whom.
 *
 * `who` is the coarse gate; the finer rules are the handler's and the domain's.
 * A route that is not here does not exist, and a role that is not named may not.
 * Of two rows that fit a path the first one counts.
 */

#define ROLE(name) ROLE_BIT(ROLE_##name)

#define ANYONE 0
#define SIGNED_IN ((UINT32_C(1) << ROLE_COUNT) - 1)
#define STAFF ROLES_STAFF
#define CLERK ROLE(CLERK)
#define ADMIN ROLE(ADMIN)
#define HEAD ROLE(UNIT_HEAD)
#define REVEALERS (CLERK | ROLE(HANDLER) | ROLE(UNIT_HEAD) | ROLE(SUPERVISOR))

#define READ(path_, who_, function_)                                                     \
    {                                                                                    \
        .method = METHOD_GET, .path = path_, .kind = ROUTE_READ, .roles = who_,          \
        .show = function_                                                                \
    }
#define PLAIN(path_, function_)                                                          \
    {                                                                                    \
        .method = METHOD_GET, .path = path_, .kind = ROUTE_PLAIN, .show = function_      \
    }
/* Every POST that writes needs an Idempotency-Key. */
#define WRITE(verb_, path_, who_, function_)                                             \
    {                                                                                    \
        .method = METHOD_##verb_, .path = path_, .kind = ROUTE_WRITE, .roles = who_,     \
        .begin = function_##_begin, .end = function_##_end,                              \
        .needs_key = METHOD_##verb_ == METHOD_POST                                       \
    }
/* A write whose body is a file. */
#define UPLOAD(path_, who_, function_)                                                   \
    {                                                                                    \
        .method = METHOD_POST, .path = path_, .kind = ROUTE_UPLOAD, .roles = who_,       \
        .admit = function_##_admit, .begin = function_##_begin, .end = function_##_end,  \
        .needs_key = true                                                                \
    }
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
/* Signing in: nobody has a session or a CSRF token yet. */
#define SIGN_IN(path_, function_)                                                        \
    {                                                                                    \
        .method = METHOD_POST, .path = path_, .kind = ROUTE_WRITE, .roles = ANYONE,      \
        .begin = function_##_begin, .end = function_##_end, .no_csrf = true              \
    }

/* clang-format off */
const struct route api_routes[] = {
    /*            path                              who        functions */
    PLAIN(        "/healthz",                                  health_live),
    PLAIN(        "/readyz",                                   health_ready),
    PLAIN(        "/metrics",                                  health_metrics),
    PLAIN(        "/api/v1/openapi.yaml",                      contract_show),

    READ (        "/api/v1/session",                SIGNED_IN, session_show),
    SIGN_IN(      "/api/v1/session",                           session_create),
    WRITE(DELETE, "/api/v1/session",                SIGNED_IN, session_delete),

    READ (        "/api/v1/meta",                   SIGNED_IN, meta_show),

    READ (        "/api/v1/users",                  STAFF | ADMIN, user_list),
    READ (        "/api/v1/users/{login}",          ADMIN,     user_show),
    WRITE(POST,   "/api/v1/users",                  ADMIN,     user_create),
    WRITE(PATCH,  "/api/v1/users/{login}",          ADMIN,     user_change),

    READ (        "/api/v1/units",                  STAFF | ADMIN, unit_list),
    READ (        "/api/v1/units/{code}",           STAFF | ADMIN, unit_show),
    WRITE(POST,   "/api/v1/units",                  ADMIN,     unit_create),
    WRITE(PATCH,  "/api/v1/units/{code}",           ADMIN,     unit_change),
    WRITE(DELETE, "/api/v1/units/{code}",           ADMIN,     unit_delete),

    READ (        "/api/v1/categories",             STAFF | ADMIN, category_list),
    READ (        "/api/v1/categories/{code}",      STAFF | ADMIN, category_show),
    WRITE(POST,   "/api/v1/categories",             ADMIN,     category_create),
    WRITE(PATCH,  "/api/v1/categories/{code}",      ADMIN,     category_change),
    WRITE(DELETE, "/api/v1/categories/{code}",      ADMIN,     category_delete),
    READ (        "/api/v1/areas",                  STAFF | ADMIN, area_list),
    READ (        "/api/v1/areas/{code}",           STAFF | ADMIN, area_show),
    WRITE(POST,   "/api/v1/areas",                  ADMIN,     area_create),
    WRITE(PATCH,  "/api/v1/areas/{code}",           ADMIN,     area_change),
    WRITE(DELETE, "/api/v1/areas/{code}",           ADMIN,     area_delete),
    READ (        "/api/v1/channels",               STAFF | ADMIN, channel_list),
    READ (        "/api/v1/channels/{code}",        STAFF | ADMIN, channel_show),
    WRITE(POST,   "/api/v1/channels",               ADMIN,     channel_create),
    WRITE(PATCH,  "/api/v1/channels/{code}",        ADMIN,     channel_change),
    WRITE(DELETE, "/api/v1/channels/{code}",        ADMIN,     channel_delete),
    READ (        "/api/v1/drafts",                 STAFF,     draft_list),
    READ (        "/api/v1/drafts/{form}/{subject}", STAFF,    draft_show),
    WRITE(PUT,    "/api/v1/drafts/{form}/{subject}", STAFF,    draft_put),
    WRITE(DELETE, "/api/v1/drafts/{form}/{subject}", STAFF,    draft_delete),
    READ (        "/api/v1/views",                  STAFF,     view_list),
    WRITE(POST,   "/api/v1/views",                  STAFF,     view_create),
    WRITE(DELETE, "/api/v1/views/{id}",             STAFF,     view_delete),
    READ (        "/api/v1/phrases",                STAFF | ADMIN, phrase_list),
    WRITE(POST,   "/api/v1/phrases",                ADMIN,     phrase_create),
    WRITE(PATCH,  "/api/v1/phrases/{id}",           ADMIN,     phrase_change),
    WRITE(DELETE, "/api/v1/phrases/{id}",           ADMIN,     phrase_delete),
    READ (        "/api/v1/templates",              STAFF | ADMIN, template_list),
    WRITE(POST,   "/api/v1/templates",              ADMIN | HEAD, template_create),
    WRITE(PATCH,  "/api/v1/templates/{id}",         ADMIN | HEAD, template_change),
    WRITE(DELETE, "/api/v1/templates/{id}",         ADMIN | HEAD, template_delete),
    READ (        "/api/v1/limits",                 STAFF | ADMIN, limits_show),
    WRITE(PATCH,  "/api/v1/limits",                 ADMIN,     limits_change),
    READ (        "/api/v1/settings",               STAFF | ADMIN, settings_show),
    WRITE(PATCH,  "/api/v1/settings",               ADMIN,     settings_change),

    READ (        "/api/v1/calendar",               STAFF | ADMIN, calendar_show),
    WRITE(PUT,    "/api/v1/calendar/{date}",        ADMIN,     calendar_day),
    ASK  (        "/api/v1/calendar/import",        ADMIN,     calendar_import),

    READ (        "/api/v1/tickets",                STAFF,     ticket_list),
    WRITE(POST,   "/api/v1/tickets",                CLERK,     ticket_create),
    READ (        "/api/v1/tickets/{no}",           STAFF,     ticket_show),
    READ (        "/api/v1/tickets/{no}/events",    STAFF,     ticket_events),
    READ (        "/api/v1/tickets/{no}/views",     CLERK | ROLE(SUPERVISOR) | ROLE(AUDITOR), ticket_views),
    NOTED_READ(   "/api/v1/tickets/{no}/reveal",    REVEALERS, ticket_reveal),
    READ (        "/api/v1/tickets/{no}/attachments", STAFF,   attachment_list),
    UPLOAD(       "/api/v1/tickets/{no}/attachments", STAFF,   attachment_add),
    READ (        "/api/v1/attachments/{id}",       STAFF,     attachment_show),
    WRITE(POST,   "/api/v1/tickets/{no}/{action}",  STAFF,     ticket_act),

    READ (        "/api/v1/audit",                  SIGNED_IN, audit_list),

    READ (        "/api/v1/inbox",                  STAFF,     inbox_show),
    READ (        "/api/v1/urges",                  STAFF,     urges_list),
    READ (        "/api/v1/supervisions",           STAFF,     supervisions_list),
    READ (        "/api/v1/instructions",           STAFF,     instructions_list),
    READ (        "/api/v1/extensions",             STAFF,     extensions_list),
    READ (        "/api/v1/returns",                STAFF,     returns_list),
    READ (        "/api/v1/promises",               STAFF,     promises_list),
    READ (        "/api/v1/callbacks",              STAFF,     callbacks_list),
};
/* clang-format on */

const size_t api_route_count = sizeof api_routes / sizeof *api_routes;
