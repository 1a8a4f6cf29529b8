/*
 * demo_turn.c - see the header.
 */
#include "demo_turn.h"

#include <string.h>

#include "base/timeutil.h"
#include "domain/calendar.h"

bool
turn_takes(struct turn *turn, uint64_t trait)
{
    bool answer = (turn->story->traits & trait) != 0;

    turn->story->traits &= ~trait;
    return answer;
}

bool
turn_holds(const struct turn *turn, uint64_t trait)
{
    return (turn->story->traits & trait) != 0;
}

bool
turn_waits(struct turn *turn, int64_t until)
{
    turn->story->next_at = until;
    return false;
}

void
turn_next_in(struct turn *turn, int least_hours, uint32_t spread, bool is_office)
{
    /* What has to get to its desk in time is not left over a day off. */
    bool is_hurried = turn->story->stop_state != CHOICE_NONE;

    turn->story->next_at =
        demo_later(turn->demo, least_hours + (int)demo_random(turn->demo, spread),
                   is_office || is_hurried);
}

const struct actor *
turn_clerk(struct turn *turn)
{
    return &turn->demo->clerks[demo_random(turn->demo, DEMO_CLERKS)];
}

const struct actor *
turn_supervisor(struct turn *turn)
{
    return &turn->demo->supervisors[demo_random(turn->demo, 2)];
}

const struct demo_unit *
turn_unit(const struct turn *turn, int64_t unit_id)
{
    for (size_t i = 0; i < turn->demo->unit_count; i++)
        if (turn->demo->units[i].handler.unit_id == unit_id)
            return &turn->demo->units[i];
    return &turn->demo->units[0];
}

struct ticket_act *
turn_act(struct turn *turn, enum ticket_action action, const struct actor *actor)
{
    cmd_ticket_act_init(turn->cmd, action);
    turn->cmd->actor = *actor;
    turn->cmd->now = turn->demo->now;
    memcpy(turn->cmd->no, turn->ticket->no, sizeof turn->cmd->no);
    turn->cmd->act.version = turn->ticket->version;
    turn->cmd->act.present = FIELD_BIT(FIELD_VERSION);
    return &turn->cmd->act;
}

void
turn_told(struct turn *turn, struct ticket_act *does)
{
    CARRY(does, TOLD_AT, told_at, turn->demo->now - 600);
    CARRY(does, TOLD_WAY, told_way, turn->ticket->has_phone ? WAY_PHONE : WAY_ONLINE);
}

int32_t
turn_workday_after(const struct turn *turn, int64_t at, int workdays)
{
    return calendar_nth_workday(turn->demo->rulebook->calendar, time_day(at), workdays,
                                NULL);
}

/* --- Leaders and supervisors, in any open state ---------------------------------------- */

static bool
supervised(struct turn *turn)
{
    const struct open_supervision *supervision = &turn->is->supervisions[0];
    const struct demo_unit *unit = turn_unit(turn, turn->ticket->lead_unit_id);
    struct ticket_act *does;

    if (!supervision->is_answered) {
        if (turn_holds(turn, TRAIT(NEVER)))
            return turn_waits(turn, DEMO_FOREVER);
        if (turn_takes(turn, TRAIT(SILENT_SUPERVISED)))
            return turn_waits(turn, supervision->answer_due_at + DAY_S + HOUR_S);
        does = turn_act(turn, ACT_ANSWER_SUPERVISION, &unit->head);
        CARRY(does, TEXT, text,
              "已由主要负责人牵头，明确专人限时办理，现将进展情况予以报告。");
    } else {
        does = turn_act(turn, ACT_SETTLE_SUPERVISION, turn_supervisor(turn));
        CARRY(does, NOTE, note, "答复属实，督办事项已落实，予以办结。");
    }
    turn_next_in(turn, 2, 6, false);
    return true;
}

static bool
submitted(struct turn *turn)
{
    const struct actor *leader = &turn->demo->leaders[0];
    bool report_back = turn_takes(turn, TRAIT(REPORT_BACK));

    for (size_t i = 0; i < 2; i++)
        if (turn->demo->leaders[i].id == turn->is->submissions[0].leader_id)
            leader = &turn->demo->leaders[i];
    struct ticket_act *does = turn_act(turn, ACT_INSTRUCT, leader);
    CARRY(does, TEXT, text,
          report_back ? "请责任单位三个工作日内查清情况并书面报告。"
                      : "请依法依规妥善办理，做好群众工作。");
    if (report_back) {
        CARRY(does, REPORT_BACK, report_back, TRISTATE_YES);
        CARRY(does, REPORT_ON, report_day, turn_workday_after(turn, turn->demo->now, 3));
    }
    turn_next_in(turn, 1, 5, false);
    return true;
}

bool
turn_laid_upon(struct turn *turn, bool *ret_done)
{
    *ret_done = true;
    if (turn->is->submission_count > 0)
        return submitted(turn);
    if (turn->is->supervision_count > 0 && turn->ticket->lead_unit_id != 0)
        return supervised(turn);
    *ret_done = false;
    return false;
}
