#ifndef YIDAN_STORE_REPORTS_H
#define YIDAN_STORE_REPORTS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"

/*
 * reports.h - tables report_published and bulletin: reports that stay as said.
 *
 * Layer    store.
 * Lifetime texts lie in the arena they were read with.
 */

struct db;
struct txn;

/* A published month. */
#define REPORT_MONTH_CHARACTERS 7
struct report_published {
    const char *month; /* "2026-11" */
    int64_t formula_version, at;
    const char *login, *name; /* of who published it */
    const char *inputs;       /* JSON; NULL in a list */
};
/* Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err reports_published(struct db *db, struct arena *arena,
                                      const char *month,
                                      struct report_published *ret_published);
/* Up to `limit`, newest first, before `before` ("~" from the newest). */
MUST_CHECK enum err reports_published_list(struct db *db, struct arena *arena,
                                           const char *before, int limit,
                                           struct report_published **ret_items,
                                           size_t *ret_count);
MUST_CHECK enum err reports_publish(struct txn *txn, const char *month,
                                    int64_t formula_version, const char *inputs,
                                    int64_t user_id, int64_t now);

/* X(NAME, "word", "zh", "en") */
#define BULLETIN_KINDS(X)                                                                \
    X(SPECIAL, "special", "动态专报", "special report")                                  \
    X(CIRCULAR, "circular", "通报", "circular")                                          \
    X(DAILY, "daily", "日报", "daily brief")                                             \
    X(WEEKLY, "weekly", "周报", "weekly brief")
#define BULLETIN_STATES(X)                                                               \
    X(DRAFT, "draft", "草稿", "draft")                                                   \
    X(ISSUED, "issued", "已印发", "issued")
#define X(NAME, word, zh, en) BULLETIN_##NAME,
enum bulletin_kind { BULLETIN_KINDS(X) BULLETIN_KIND_COUNT };
enum bulletin_state { BULLETIN_STATES(X) BULLETIN_STATE_COUNT };
#undef X
extern const struct choices words_bulletin_kind, words_bulletin_state;

struct bulletin {
    int64_t id;
    int kind, state;
    const char *number; /* NULL while a draft */
    int32_t from, to;   /* days, both in */
    const char *title, *text;
    int64_t version, created_at, issued_at;
    const char *created_by, *issued_by; /* names; NULL: nobody yet */
    /* Not in lists. */
    const char *figures; /* of a brief: the body of GET /reports/brief; else NULL */
    const char *office;  /* what it was called when this was issued */
};
/* Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err bulletins_by_id(struct db *db, struct arena *arena, int64_t id,
                                    struct bulletin *ret_bulletin);
/* Up to `limit`, newest first, with ids below `before`; `kind` CHOICE_NONE: all. */
MUST_CHECK enum err bulletins_list(struct db *db, struct arena *arena, int kind,
                                   bool with_drafts, int64_t before, int limit,
                                   struct bulletin **ret_items, size_t *ret_count);
MUST_CHECK enum err bulletins_insert(struct txn *txn, const struct bulletin *bulletin,
                                     int64_t user_id, int64_t now, int64_t *ret_id);
/* Errors: ERR_VERSION_CONFLICT when it is not the draft of that version. */
MUST_CHECK enum err bulletins_change(struct txn *txn, int64_t id, int64_t version,
                                     const char *title, const char *text);
MUST_CHECK enum err bulletins_issue(struct txn *txn, int64_t id, int64_t version,
                                    const char *number, const char *office,
                                    int64_t user_id, int64_t now);

#endif
