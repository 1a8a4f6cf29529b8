#ifndef YIDAN_CLI_DEMO_INTERNAL_H
#define YIDAN_CLI_DEMO_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "command/cmd_ticket.h"
#include "domain/ticket.h"
#include "store/rulebook.h"

/*
 * demo_internal.h - the made-up county, and the stories of its tickets.
 */

/* Stages of a ticket's life that a story may hold; each happens at most once. */
/* clang-format off */
#define DEMO_TRAITS(X) \
    X(ANSWER) X(DECLINE) X(SPAM) X(CLEARED) X(MERGE) X(UNMERGE) X(AMEND) \
    X(SLOW_DISPATCH) X(CO) X(CO_SILENT) X(RETURN) X(RETURN_AGAIN) X(RETURN_REFUSED) \
    X(RECALL) X(UNSEEN) X(SLOW_SIGN) X(NO_CONTACT) X(PROGRESS) X(NOTE) X(URGE) \
    X(CITIZEN_URGE) X(SUBMIT) X(SENSITIVE) X(REPORT_BACK) X(SUPERVISE) \
    X(SILENT_SUPERVISED) X(EXTEND) X(EXTEND_LONG) X(EXTEND_REFUSED) X(PROMISED) \
    X(BREAKS_PROMISE) X(LATE) X(NEVER) X(EXPLAINED) X(OFFICE_TELLS) X(HAND_BACK) \
    X(REJECT) X(SLOW_REVIEW) X(SLOW_CALLBACK) X(CALL_REWORK) X(UNREACHABLE) \
    X(NO_PHONE) X(UNHAPPY) X(REOPEN) X(EXCLUDE) X(PUBLISH) X(UNPUBLISH) X(URGENT) \
    X(CRITICAL) X(CONFIDENTIAL) X(UPSTREAM)
/* clang-format on */

#define X(NAME) TRAIT_##NAME,
enum demo_trait { DEMO_TRAITS(X) DEMO_TRAIT_COUNT };
#undef X
#define TRAIT(NAME) (UINT64_C(1) << TRAIT_##NAME)

struct demo_topic {
    const char *category, *unit, *kind, *title, *content, *demand, *finding, *measures,
        *answer;
};

struct demo_unit {
    const char *code, *short_name, *area;
    int kind;
    bool is_online;
    struct actor handler, head;
    const char *handler_login, *head_login;
};

struct demo_area {
    const char *code, *parent, *name, *search_key, *parent_name;
};

#define DEMO_TOPICS 64
#define DEMO_UNITS 64
#define DEMO_AREAS 128
#define DEMO_CLERKS 4
#define DEMO_FOREVER INT64_MAX

/* One ticket's story: what is still to happen, and when somebody looks again. */
struct demo_story {
    char no[TICKET_NO_BYTES];
    int64_t next_at;
    uint64_t traits; /* not yet happened */
    int stop_state;  /* it stays there: CHOICE_NONE none */
    size_t topic, area, unit;
    int state;                   /* as last seen */
    int64_t reply_at, reply_key; /* when the unit means to reply, for which round */
    int64_t opened_round;
};

struct demo {
    struct store *store;
    struct writer *writer;
    const struct rulebook *rulebook;
    struct arena *arena; /* lives as long as the demo */
    struct arena *step;  /* emptied after every hour */
    uint64_t random;
    int64_t now; /* the second at which the next thing happens */

    struct demo_topic topics[DEMO_TOPICS];
    struct demo_unit units[DEMO_UNITS];
    struct demo_area areas[DEMO_AREAS];
    size_t topic_count, unit_count, area_count;
    struct actor clerks[DEMO_CLERKS], supervisors[2], leaders[2];

    struct demo_story *stories;
    size_t story_count, story_room;
};

struct reader_pool;

/* Areas, units and people (demo_county.c). */
MUST_CHECK enum err demo_county(struct demo *demo, struct reader_pool *pool);
void demo_print(const struct demo *demo, FILE *out);

/* A number below `below`, the same ones for the same seed. */
uint32_t demo_random(struct demo *demo, uint32_t below);
#define DEMO_PICK(demo, list) ((list)[demo_random((demo), sizeof(list) / sizeof *(list))])

/* A time `hours` from now at which somebody works; units rest on days off, the office does not. */
int64_t demo_later(struct demo *demo, int hours, bool is_office);

/* What the next one of a ticket's people does. False: nobody does anything now. */
bool demo_decide(struct demo *demo, struct demo_story *story,
                 const struct ticket_case *ticket_case, struct cmd_ticket_act *cmd);

/* Begin the `index`-th story of `count`: what the citizen says. */
void demo_begin(struct demo *demo, struct demo_story *story, size_t index, size_t count,
                struct cmd_ticket_create *cmd);

/* Sentences; all in demo->step. */
const char *demo_place(struct demo *demo, const struct demo_story *story,
                       const char *text);
const char *demo_content(struct demo *demo, const struct demo_story *story);
const char *demo_name(struct demo *demo);
const char *demo_phone(struct demo *demo);
void demo_reply(struct demo *demo, const struct demo_story *story,
                struct ticket_act *act);

#endif
