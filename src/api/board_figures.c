/*
 * board_figures.c - see the header.
 */
#include "board_figures.h"

#include <string.h>

#include "base/timeutil.h"

/* clang-format off */
#define AT_UNITS "state=dispatched,handling,returned"
#define BOARD(id_, zh_, en_, source_, which_, query_) { id_, zh_, en_, source_, which_, false, query_ }
#define DESK(id_, zh_, en_, which_)                                                      \
    { id_, zh_, en_, FIGURE_DESK, which_, true, "desk=" id_ }
const struct figure board_figures[] = {
    BOARD("received_today", "今日接收",     "received today",               FIGURE_RECEIVED, 0,                "received_from=*&received_to=*"),
    BOARD("dispatch",       "待交办",       "waiting for dispatch",         FIGURE_WAITING,  0,                "state=received&suspect=false"),
    BOARD("dispatch_late",  "未当日交办",   "not dispatched the same day",  FIGURE_DESK, DESK_DISPATCH_LATE,   "desk=dispatch_late"),
    BOARD("sign_late",      "超时未签收",   "not signed in time",           FIGURE_DESK, DESK_SIGN_LATE,       "desk=sign_late"),
    BOARD("due_today",      "今日到期",     "due today",                    FIGURE_DUE,      0,                AT_UNITS "&due_from=*&due_to=*"),
    BOARD("yellow",         "临期（黄灯）", "yellow",                       FIGURE_LIGHT, LIGHT_YELLOW,        "light=yellow"),
    BOARD("red",            "逾期（红灯）", "red",                          FIGURE_LIGHT, LIGHT_RED,           "light=red"),
    BOARD("review",         "待审核",       "to review",                    FIGURE_STATE, TICKET_REPLIED,      "state=replied"),
    BOARD("callback",       "待回访",       "to call back",                 FIGURE_DESK, DESK_CALLBACK,        "desk=callback"),
    BOARD("return",         "退单待审",     "returns to decide",            FIGURE_STATE, TICKET_RETURNED,     "state=returned"),
    BOARD("extension",      "延期待批",     "extensions to decide",         FIGURE_DESK, DESK_EXTENSION,       "desk=extension"),
    BOARD("submission",     "待领导批示",   "waiting for a leader's word",  FIGURE_DESK, DESK_SUBMISSION,      "desk=submission"),
    BOARD("instruction",    "领导批示在办", "leaders' instructions open",   FIGURE_DESK, DESK_INSTRUCTION,     "desk=instruction"),
    BOARD("supervised",     "督办待答复",   "supervisions unanswered",      FIGURE_DESK, DESK_SUPERVISED,      "desk=supervised"),
    BOARD("promise",        "承诺到期",     "promises due",                 FIGURE_DESK, DESK_PROMISE,         "desk=promise"),
    DESK( "should_urge",    "应催办",       "should be urged",              DESK_SHOULD_URGE),
    DESK( "urged",          "已催待复",     "urged, waiting for an answer", DESK_URGED),
    DESK( "unopened",       "交办后未查看", "not opened by the unit",       DESK_UNOPENED),
    DESK( "criticism",      "通报批评候选", "candidates for criticism",     DESK_CRITICISM),
    DESK( "promise_broken", "承诺未兑现",   "promises broken",              DESK_PROMISE_BROKEN),
};
/* clang-format on */
const size_t board_figure_count = sizeof board_figures / sizeof *board_figures;

int64_t
board_figure_value(const struct figure *figure, const struct board_counts *counts,
                   int64_t received)
{
    switch (figure->source) {
    case FIGURE_RECEIVED:
        return received;
    case FIGURE_WAITING:
        return counts->states[TICKET_RECEIVED] - counts->desks[DESK_SUSPECT];
    case FIGURE_DUE:
        return counts->due_today;
    case FIGURE_STATE:
        return counts->states[figure->which];
    case FIGURE_LIGHT:
        return counts->lights[figure->which];
    case FIGURE_DESK:
        return counts->desks[figure->which];
    }
    return 0;
}

const char *
board_figure_href(struct arena *arena, const struct figure *figure, int32_t today)
{
    char day[TIME_TEXT_BYTES];
    const char *href = "/api/v1/tickets?", *rest = figure->query;

    time_format_day(today, day);
    while (href != NULL && *rest != '\0') {
        size_t bytes = strcspn(rest, "*");
        bool is_day = rest[bytes] == '*';

        href = arena_printf(arena, "%s%.*s%s", href, (int)bytes, rest, is_day ? day : "");
        rest += bytes + is_day;
    }
    return href;
}
