/*
 * demo_begin.c - how a made-up ticket begins: who calls, about what, and which
 *                turns its story will take.
 */
#include <string.h>

#include "base/timeutil.h"
#include "demo_internal.h"

#define T(name) TRAIT(name)

/* The rarer courses of events; every other ticket takes the next one of them. */
static const uint64_t plots[] = {
    T(ANSWER),
    T(DECLINE),
    T(MERGE),
    T(AMEND) | T(URGE),
    T(CO),
    T(RETURN),
    T(EXTEND),
    T(REJECT),
    T(PUBLISH),
    T(LATE),
    T(MERGE) | T(UNMERGE),
    T(SPAM),
    T(SLOW_DISPATCH),
    T(CO) | T(CO_SILENT),
    T(RETURN) | T(RETURN_AGAIN),
    T(RETURN_REFUSED),
    T(RECALL),
    T(UNSEEN) | T(SLOW_SIGN),
    T(NO_CONTACT),
    T(PROGRESS) | T(NOTE),
    T(CITIZEN_URGE) | T(SLOW_REVIEW),
    T(SENSITIVE) | T(SUBMIT),
    T(SUBMIT) | T(REPORT_BACK),
    T(SUPERVISE),
    T(LATE) | T(SUPERVISE) | T(SILENT_SUPERVISED),
    T(EXTEND_LONG),
    T(EXTEND) | T(EXTEND_REFUSED),
    T(PROMISED),
    T(PROMISED) | T(BREAKS_PROMISE),
    T(NEVER),
    T(EXPLAINED) | T(EXCLUDE),
    T(OFFICE_TELLS),
    T(HAND_BACK),
    T(SLOW_CALLBACK),
    T(CALL_REWORK),
    T(UNREACHABLE),
    T(NO_PHONE),
    T(UNHAPPY) | T(REOPEN),
    T(PUBLISH) | T(UNPUBLISH),
    T(URGENT),
    T(CRITICAL) | T(SUBMIT),
    T(CONFIDENTIAL) | T(PROGRESS),
    T(UPSTREAM),
    T(SENSITIVE),
    T(DECLINE) | T(REOPEN),
    T(ANSWER) | T(UNHAPPY),
    T(CLEARED),
    T(LATE) | T(UNHAPPY) | T(URGE),
};

/* Where the newest tickets stay, so that every desk has work on it. */
static const int desks[] = { TICKET_RECEIVED, TICKET_DISPATCHED, TICKET_HANDLING,
                             TICKET_RETURNED, TICKET_REPLIED,    TICKET_FEEDBACK,
                             TICKET_HANDLING, TICKET_DISPATCHED };

/* What is still open on some that are near their limit: nobody answers in this story. */
static const uint64_t left_open[] = {
    T(NEVER) | T(SUPERVISE) | T(SILENT_SUPERVISED),
    T(NEVER) | T(SENSITIVE) | T(SUBMIT) | T(REPORT_BACK),
    T(NEVER) | T(EXTEND),
    T(NEVER) | T(URGE),
};

static size_t
unit_by_code(const struct demo *demo, const char *code)
{
    for (size_t i = 0; i < demo->unit_count; i++)
        if (strcmp(demo->units[i].code, code) == 0)
            return i;
    return 0;
}

/* Which unit it belongs to: the topic's, or the township it happened in. */
static void
choose_unit(struct demo *demo, struct demo_story *story)
{
    const char *code = demo->topics[story->topic].unit;

    if (code[0] == '*')
        code = demo->areas[story->area].parent;
    story->unit = unit_by_code(demo, code);
}

static void
choose_course(struct demo *demo, struct demo_story *story, size_t index, size_t count)
{
    const size_t plot_count = sizeof plots / sizeof *plots;
    const size_t newest = count / 16, recent = count / 7;

    story->topic = demo_random(demo, (uint32_t)demo->topic_count);
    do
        story->area = demo_random(demo, (uint32_t)demo->area_count);
    while (demo->areas[story->area].parent[0] == '\0');

    if (index + newest >= count) {
        size_t desk = index % (sizeof desks / sizeof *desks);
        story->stop_state = desks[desk];
        story->traits = desks[desk] == TICKET_RETURNED ? T(RETURN) : 0;
        if (index % 2 == 0) { /* several about one matter in one place */
            story->topic = count % demo->topic_count;
            for (story->area = 0; demo->areas[story->area].parent[0] == '\0';)
                story->area++;
        }
    } else if (index + recent >= count && index % 4 == 0) {
        story->stop_state = TICKET_HANDLING; /* some are near their limit */
    } else if (index + recent >= count && index % 4 == 2) {
        story->traits = left_open[index / 4 % (sizeof left_open / sizeof *left_open)];
    } else if (index % 2 == 1) {
        story->traits = plots[index / 2 % plot_count];
    } else if (demo_random(demo, 20) == 0) {
        story->traits = T(LATE);
    }
    if (demo_random(demo, 3) == 0)
        story->traits |= T(PROGRESS);
    if ((story->traits & T(MERGE)) != 0 && index >= 6)
        story->topic = demo->stories[index - 6].topic; /* somebody else said it before */
    choose_unit(demo, story);
    /* Only a head who signs online hands a draft back. */
    while ((story->traits & T(HAND_BACK)) != 0 && !demo->units[story->unit].is_online) {
        story->topic = (story->topic + 1) % demo->topic_count;
        choose_unit(demo, story);
    }
}

#define GIVE(cmd, FIELD, member, value)                                                  \
    ((cmd)->draft.member = (value), (cmd)->draft_present |= FIELD_BIT(DRAFT_##FIELD))

static void
choose_channel(struct demo *demo, const struct demo_story *story,
               struct cmd_ticket_create *cmd)
{
    static const char *const channels[] = {
        "phone", "phone", "phone", "phone",   "web",
        "web",   "sms",   "visit", "mailbox", "letter"
    };
    const char *channel = DEMO_PICK(demo, channels);

    if ((story->traits & (T(SPAM) | T(CLEARED))) != 0)
        channel = "web";
    if ((story->traits & (T(CRITICAL) | T(URGENT))) != 0)
        channel = "phone";
    GIVE(cmd, CHANNEL, channel, channel);
    if (strcmp(channel, "web") == 0 || strcmp(channel, "mailbox") == 0)
        cmd->actor = (struct actor){ .kind = ACTOR_CITIZEN };
    else
        cmd->actor = demo->clerks[demo_random(demo, DEMO_CLERKS)];
    if ((story->traits & T(UPSTREAM)) != 0) {
        cmd->actor = (struct actor){ .kind = ACTOR_TOKEN, .id = 1 };
        GIVE(cmd, UPSTREAM, upstream, "city12345");
        GIVE(cmd, UPSTREAM_NO, upstream_no,
             arena_printf(demo->step, "SZ%lld%03u", (long long)time_day(cmd->now),
                          demo_random(demo, 1000)));
        GIVE(cmd, UPSTREAM_RECEIVED_AT, upstream_received_at, cmd->now - 1800);
        GIVE(cmd, UPSTREAM_DUE_AT, upstream_due_at, time_day_end(time_day(cmd->now) + 4));
    }
}

static void
choose_petitioner(struct demo *demo, const struct demo_story *story,
                  struct cmd_ticket_create *cmd)
{
    struct petitioner_draft *petitioner = &cmd->draft.petitioner;

    petitioner->kind =
        demo_random(demo, 12) == 0 ? PETITIONER_COMPANY : PETITIONER_PERSON;
    petitioner->name = demo_name(demo);
    if ((story->traits & T(NO_PHONE)) == 0)
        petitioner->phone = demo_phone(demo);
    cmd->draft_present |= FIELD_BIT(DRAFT_PETITIONER);
}

void
demo_begin(struct demo *demo, struct demo_story *story, size_t index, size_t count,
           struct cmd_ticket_create *cmd)
{
    *story = (struct demo_story){ .stop_state = CHOICE_NONE, .state = TICKET_RECEIVED };
    choose_course(demo, story, index, count);

    const struct demo_topic *topic = &demo->topics[story->topic];
    const struct demo_area *area = &demo->areas[story->area];
    cmd_ticket_create_init(cmd);
    cmd->now = demo->now;
    choose_channel(demo, story, cmd);
    choose_petitioner(demo, story, cmd);
    GIVE(cmd, TITLE, title, demo_place(demo, story, topic->title));
    GIVE(cmd, CONTENT, content, demo_content(demo, story));
    GIVE(cmd, DEMAND, demand, topic->demand);
    GIVE(cmd, AREA, area, area->code);
    GIVE(cmd, ADDRESS, address,
         arena_printf(demo->step, "%s%s", area->parent_name, area->name));
    GIVE(cmd, CATEGORY, category, topic->category);
    int kind = choice_find(&words_kind, topic->kind);
    bool is_report = (story->traits & T(CONFIDENTIAL)) != 0;
    /* A report is confidential and keeps its unit from the citizen: rare here. */
    if (kind == KIND_REPORT && !is_report)
        kind = KIND_COMPLAINT;
    GIVE(cmd, KIND, kind, is_report ? KIND_REPORT : kind);
    GIVE(cmd, URGENCY, urgency,
         (story->traits & T(CRITICAL)) != 0 ? URGENCY_CRITICAL
         : (story->traits & T(URGENT)) != 0 ? URGENCY_URGENT
                                            : URGENCY_NORMAL);
    if ((story->traits & T(SENSITIVE)) != 0) {
        GIVE(cmd, SENSITIVE, sensitive, TRISTATE_YES);
        GIVE(cmd, SENSITIVE_REASON, sensitive_reason, "涉及多户群众，可能引发聚集");
    }
    if ((story->traits & T(PUBLISH)) != 0 || demo_random(demo, 3) == 0)
        GIVE(cmd, MAY_PUBLISH, may_publish, TRISTATE_YES);
    if ((story->traits & (T(SPAM) | T(CLEARED))) != 0)
        GIVE(cmd, SUSPECT, suspect, TRISTATE_YES);
}
