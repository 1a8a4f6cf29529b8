/*
 * demo_unit.c - what the unit in charge of a made-up ticket does next.
 */
#include <string.h>

#include "base/timeutil.h"
#include "demo_turn.h"

/* --- The unit: dispatched ---------------------------------------------------------------- */

static bool
give_back(struct turn *turn, const struct demo_unit *unit)
{
    struct demo *demo = turn->demo;
    const struct demo_unit *other = &demo->units[turn->story->unit];
    struct ticket_act *does = turn_act(turn, ACT_RETURN, &unit->handler);

    if (other == unit)
        other = &demo->units[(turn->story->unit + 1) % demo->unit_count];
    CARRY(does, RETURN_REASON, return_reason, 0 /* not_our_duty */);
    CARRY(does, BASIS, basis, "依据单位职责清单，该事项不在我单位职责范围内。");
    CARRY(does, SUGGESTED_UNIT, suggested_unit, other->code);
    turn_next_in(turn, 1, 4, true);
    return true;
}

bool
turn_dispatched(struct turn *turn)
{
    const struct demo_unit *unit = turn_unit(turn, turn->ticket->lead_unit_id);
    bool is_wrong_unit = unit != &turn->demo->units[turn->story->unit];

    bool may_return = turn->demo->now <= deadline_return(turn->demo->rulebook->calendar,
                                                         &turn->demo->rulebook->limits,
                                                         turn->ticket->dispatched_at);

    /* Who has looked too late cannot return it: the clerk takes it back then. */
    if (is_wrong_unit && (turn_takes(turn, TRAIT(RECALL)) || !may_return)) {
        struct ticket_act *does = turn_act(turn, ACT_RECALL, turn_clerk(turn));
        CARRY(does, REASON, reason, "交办单位有误，撤回改派。");
        turn_next_in(turn, 0, 2, true);
        return true;
    }
    if (is_wrong_unit &&
        (turn_takes(turn, TRAIT(RETURN)) || turn_takes(turn, TRAIT(RETURN_AGAIN))))
        return give_back(turn, unit);
    if (!is_wrong_unit && may_return && turn_holds(turn, TRAIT(RETURN_REFUSED)) &&
        turn->ticket->round == 1)
        return give_back(turn, unit);
    if (turn_takes(turn, TRAIT(SLOW_SIGN)))
        return turn_waits(turn, demo_later(turn->demo, 40, false));
    (void)turn_act(turn, ACT_SIGN, &unit->handler);
    turn_next_in(turn, 1, 6, false);
    return true;
}

/* --- The unit: handling ------------------------------------------------------------------ */

static bool
co_units(struct turn *turn, bool *ret_done)
{
    for (size_t i = 0; i < turn->is->assignment_count; i++) {
        const struct assignment *co = &turn->is->assignments[i];
        if (!co->is_active || co->relation != RELATION_CO || co->replied_at != 0)
            continue;
        const struct demo_unit *unit = turn_unit(turn, co->unit_id);
        *ret_done = true;
        if (co->signed_at == 0)
            (void)turn_act(turn, ACT_SIGN, &unit->handler);
        else if (turn_holds(turn, TRAIT(CO_SILENT)))
            break;
        else {
            struct ticket_act *does = turn_act(turn, ACT_CO_REPLY, &unit->handler);
            CARRY(does, TEXT, text, "我单位已配合现场核查，情况属实，无其他意见。");
        }
        turn_next_in(turn, 2, 8, false);
        return true;
    }
    *ret_done = false;
    return false;
}

static bool
extension(struct turn *turn)
{
    const struct actor *decides = turn->is->extension.needs_leader
                                      ? &turn->demo->leaders[1]
                                      : turn_supervisor(turn);
    if (turn_holds(turn, TRAIT(NEVER)))
        return turn_waits(turn, DEMO_FOREVER);
    bool refused = turn_takes(turn, TRAIT(EXTEND_REFUSED));
    struct ticket_act *does =
        turn_act(turn, refused ? ACT_REFUSE_EXTENSION : ACT_GRANT_EXTENSION, decides);

    CARRY(does, NOTE, note,
          refused ? "理由不充分，请按原时限办理。" : "同意延期，请做好解释。");
    turn_next_in(turn, 2, 6, false);
    return true;
}

static bool
extend(struct turn *turn, const struct demo_unit *unit, bool is_long)
{
    struct ticket_act *does = turn_act(turn, ACT_EXTEND, &unit->handler);

    CARRY(does, EXTEND_REASON, extend_reason,
          is_long ? 2 /* funding */ : 1 /* coordination */);
    CARRY(does, REASON, reason, "涉及多个单位和施工组织，需要增加办理时间。");
    CARRY(does, PROMISED_ON, promised_day,
          turn_workday_after(turn, turn->ticket->effective_due_at, is_long ? 12 : 3));
    CARRY(does, INTERIM_REPLY, interim_reply,
          "您反映的事项正在办理，因协调需要时间，将延期答复。");
    turn_told(turn, does);
    turn->story->reply_key = -1; /* the unit plans anew */
    turn_next_in(turn, 2, 5, false);
    return true;
}

/* When does the unit mean to reply? Planned once for each deadline. */
static int64_t
reply_at(struct turn *turn)
{
    struct demo_story *story = turn->story;
    int64_t due_at = turn->ticket->effective_due_at;
    int64_t left_s = due_at - turn->demo->now;

    if (story->reply_key == due_at)
        return story->reply_at;
    story->reply_key = due_at;
    if (turn_holds(turn, TRAIT(NEVER)))
        story->reply_at = DEMO_FOREVER;
    else if (story->stop_state != CHOICE_NONE)
        story->reply_at = turn->demo->now; /* it has to get to its desk in time */
    else if (turn_takes(turn, TRAIT(LATE)))
        story->reply_at = due_at + (1 + demo_random(turn->demo, 7)) * (int64_t)DAY_S;
    else {
        int64_t hours = left_s > 12 * HOUR_S ? left_s / HOUR_S - 8 : 2;
        int64_t at = demo_later(turn->demo,
                                1 + (int)demo_random(turn->demo, (uint32_t)hours), false);
        story->reply_at = at < due_at ? at : turn->demo->now;
    }
    return story->reply_at;
}

static void
carry_reply(struct turn *turn, struct ticket_act *does, const struct demo_unit *unit)
{
    bool is_silent = false;

    demo_reply(turn->demo, turn->story, does);
    CARRY(does, OUTCOME, outcome, OUTCOME_SOLVED);
    if (turn_holds(turn, TRAIT(PROMISED))) {
        CARRY(does, OUTCOME, outcome, OUTCOME_PROMISED);
        CARRY(does, PROMISED_ON, promised_day,
              turn_workday_after(turn, turn->demo->now, 6));
    } else if (turn_holds(turn, TRAIT(EXPLAINED))) {
        CARRY(does, OUTCOME, outcome, OUTCOME_EXPLAINED);
        CARRY(does, BASIS, basis, "依据现行有关规定，该诉求不符合办理条件。");
    }
    if (turn->ticket->confidential || turn_holds(turn, TRAIT(NO_CONTACT))) {
        CARRY(does, CONTACTED, contacted, TRISTATE_NO);
        CARRY(does, NO_CONTACT_REASON, no_contact_reason,
              turn->ticket->confidential ? "保密件，由受理中心联系"
                                         : "多次拨打电话无人接听");
    } else
        CARRY(does, CONTACTED, contacted, TRISTATE_YES);
    if (turn->ticket->confidential || turn_holds(turn, TRAIT(OFFICE_TELLS)))
        CARRY(does, OFFICE_TELLS, office_tells, TRISTATE_YES);
    else
        turn_told(turn, does);
    if (!unit->is_online && does->action == ACT_REPLY)
        CARRY(does, SIGNED_OFF_BY, signed_off_by,
              arena_printf(turn->demo->step, "%s分管负责人", unit->short_name));
    for (size_t i = 0; i < turn->is->assignment_count; i++)
        is_silent = is_silent || (turn->is->assignments[i].is_active &&
                                  turn->is->assignments[i].relation == RELATION_CO &&
                                  turn->is->assignments[i].replied_at == 0);
    if (is_silent && does->action == ACT_REPLY)
        CARRY(does, CO_WAIVED_REASON, co_waived_reason, "协办单位逾期未反馈，先行答复。");
}

static bool
reply(struct turn *turn, const struct demo_unit *unit)
{
    struct ticket_act *does;

    if (unit->is_online && !turn->is->reply.is_proposed) {
        does = turn_act(turn, ACT_PROPOSE_REPLY, &unit->handler);
        carry_reply(turn, does, unit);
    } else if (unit->is_online && turn_takes(turn, TRAIT(HAND_BACK))) {
        does = turn_act(turn, ACT_HAND_BACK, &unit->head);
        CARRY(does, NOTE, note, "请补充现场照片和处理结果。");
    } else {
        does = turn_act(turn, ACT_REPLY, &unit->head);
        if (!unit->is_online)
            turn->cmd->actor = unit->handler;
        carry_reply(turn, does, unit);
    }
    turn_next_in(turn, 1, 4, true);
    return true;
}

/* Small things on the way that need no order. */
static bool
on_the_way(struct turn *turn, const struct demo_unit *unit, bool *ret_done)
{
    static const struct actor citizen = { .kind = ACTOR_CITIZEN };
    struct ticket_act *does;

    *ret_done = true;
    turn_next_in(turn, 2, 8, false);
    if (turn_takes(turn, TRAIT(PROGRESS))) {
        does = turn_act(turn, ACT_PROGRESS, &unit->handler);
        CARRY(does, NOTE, note, "已到现场查看，正在联系施工队伍。");
    } else if (turn_takes(turn, TRAIT(NOTE))) {
        does = turn_act(turn, ACT_NOTE, turn_clerk(turn));
        CARRY(does, TEXT, text, "来电人情绪较激动，回访时注意方式。");
    } else if (turn_takes(turn, TRAIT(URGE))) {
        does = turn_act(turn, ACT_URGE, turn_clerk(turn));
        CARRY(does, NOTE, note, "群众再次来电询问进展，请加快办理。");
    } else if (turn_takes(turn, TRAIT(CITIZEN_URGE))) {
        does = turn_act(turn, ACT_URGE, &citizen);
        CARRY(does, NOTE, note, "请问办得怎么样了？");
    } else if (turn_takes(turn, TRAIT(SUPERVISE))) {
        does = turn_act(turn, ACT_SUPERVISE, turn_supervisor(turn));
        CARRY(does, SUPERVISE_REASON, supervise_reason, SUPERVISE_PUBLIC_CONCERN);
        CARRY(does, DEMAND, demand, "请你单位限期办结并书面报告办理情况。");
        CARRY(does, ANSWER_DUE_ON, answer_due_day,
              turn_workday_after(turn, turn->demo->now, 2));
    } else {
        *ret_done = false;
        return false;
    }
    return true;
}

bool
turn_handling(struct turn *turn)
{
    const struct demo_unit *unit = turn_unit(turn, turn->ticket->lead_unit_id);
    const struct assignment *lead = ticket_case_lead(turn->is);
    bool is_done;

    if (turn->is->extension.id != 0)
        return extension(turn);
    if (lead != NULL && lead->contacted_at == 0 && !turn_holds(turn, TRAIT(NO_CONTACT))) {
        struct ticket_act *does =
            turn_act(turn, ACT_CONTACT,
                     turn->ticket->confidential ? turn_clerk(turn) : &unit->handler);
        CARRY(does, WAY, way, turn->ticket->has_phone ? WAY_PHONE : WAY_VISIT);
        CARRY(does, AT, at, turn->demo->now - 300);
        CARRY(does, NOTE, note, "已与群众联系，了解具体情况和诉求。");
        turn_next_in(turn, 2, 8, false);
        return true;
    }
    bool result = co_units(turn, &is_done);
    if (is_done)
        return result;
    result = on_the_way(turn, unit, &is_done);
    if (is_done)
        return result;
    result = turn_laid_upon(turn, &is_done);
    if (is_done)
        return result;
    bool may_extend = turn->ticket->rework_count == 0 &&
                      turn->demo->now + HOUR_S < turn->ticket->effective_due_at;
    if (may_extend && (turn_takes(turn, TRAIT(EXTEND))))
        return extend(turn, unit, false);
    if (may_extend && (turn_takes(turn, TRAIT(EXTEND_LONG))))
        return extend(turn, unit, true);
    if (turn->demo->now < reply_at(turn))
        return turn_waits(turn, turn->story->reply_at);
    return reply(turn, unit);
}
