/*
 * demo_story.c - what happens next to a made-up ticket.
 *
 * A story looks at the ticket as it is and picks the next action of the person
 * whose turn it is; what the story still holds (its traits) makes it take the
 * rarer turns.  It never looks into the database and never writes.
 */
#include <string.h>

#include "base/timeutil.h"
#include "demo_turn.h"

/* --- The office: received and returned ------------------------------------------------- */

static bool
merge(struct turn *turn)
{
    struct demo *demo = turn->demo;

    for (size_t i = demo->story_count; i-- > 0;) {
        const struct demo_story *other = &demo->stories[i];
        bool is_open =
            other->state == TICKET_DISPATCHED || other->state == TICKET_HANDLING;
        if (other == turn->story || !is_open || other->topic != turn->story->topic)
            continue;
        struct ticket_act *does = turn_act(turn, ACT_MERGE, turn_clerk(turn));
        CARRY(does, INTO, into, arena_text(demo->step, other->no));
        turn_next_in(turn, 20, 30, true);
        return true;
    }
    return false;
}

static bool
amend(struct turn *turn)
{
    struct ticket_act *does = turn_act(turn, ACT_AMEND, turn_clerk(turn));

    does->changes.address =
        demo_place(turn->demo, turn->story, "{place}文化广场东侧约五十米");
    does->changes_present = FIELD_BIT(DRAFT_ADDRESS);
    does->present |= FIELD_BIT(FIELD_CHANGES);
    CARRY(does, REASON, reason, "与来电人核对后补充详细地址");
    turn_next_in(turn, 1, 2, true);
    return true;
}

static bool
clear_suspect(struct turn *turn)
{
    struct ticket_act *does;

    if (turn_takes(turn, TRAIT(SPAM))) {
        does = turn_act(turn, ACT_DECLINE, turn_clerk(turn));
        CARRY(does, DECLINE_REASON, decline_reason, DECLINE_SPAM);
        CARRY(does, GUIDANCE, guidance, "内容为广告，与政务服务无关。");
    } else {
        does = turn_act(turn, ACT_AMEND, turn_clerk(turn));
        does->changes.suspect = TRISTATE_NO;
        does->changes_present = FIELD_BIT(DRAFT_SUSPECT);
        does->present |= FIELD_BIT(FIELD_CHANGES);
    }
    turn_next_in(turn, 1, 3, true);
    return true;
}

/* The unit that is meant, or for a ticket that will come back some other one. */
static const struct demo_unit *
unit_for(struct turn *turn)
{
    struct demo *demo = turn->demo;
    size_t unit = turn->story->unit;
    uint64_t astray = TRAIT(RETURN) | TRAIT(RETURN_AGAIN) | TRAIT(RECALL);

    if ((turn->story->traits & astray) != 0)
        unit = (unit + 7 + 11 * (size_t)turn->ticket->round) % demo->unit_count;
    return &demo->units[unit];
}

static bool
dispatch(struct turn *turn)
{
    struct demo *demo = turn->demo;
    const struct demo_unit *lead = unit_for(turn);
    const struct demo_area *area = &demo->areas[turn->story->area];
    struct ticket_act *does = turn_act(turn, ACT_DISPATCH, turn_clerk(turn));

    CARRY(does, LEAD_UNIT, lead_unit, lead->code);
    CARRY(does, NOTE, note, "请按时限办理，办结前与群众联系并告知结果。");
    if (turn_takes(turn, TRAIT(CO)) && strcmp(lead->code, area->parent) != 0) {
        const char **items = arena_array(demo->step, const char *, 1);
        if (items != NULL) {
            items[0] = area->parent; /* a township's code is its area's */
            does->co_units = (struct text_list){ items, 1 };
            does->present |= FIELD_BIT(FIELD_CO_UNITS);
        }
    }
    /* Most units look at once, a few much later. */
    if (demo_random(demo, 8) == 0)
        turn_next_in(turn, 3, 20, true);
    else
        turn->story->next_at = demo_later(demo, 1, true);
    return true;
}

static bool
decide_received(struct turn *turn)
{
    struct ticket_act *does;

    if (turn->ticket->suspect)
        return clear_suspect(turn);
    if (turn_takes(turn, TRAIT(SLOW_DISPATCH)))
        return turn_waits(turn, demo_later(turn->demo, 26, true));
    if (turn->ticket->round == 0 && turn_takes(turn, TRAIT(ANSWER))) {
        does = turn_act(turn, ACT_ANSWER, turn_clerk(turn));
        CARRY(does, REPLY_TEXT, reply_text,
              demo_place(turn->demo, turn->story,
                         turn->demo->topics[turn->story->topic].answer));
        turn_told(turn, does);
        turn_next_in(turn, 20, 40, true);
        return true;
    }
    if (turn->ticket->round == 0 && turn_takes(turn, TRAIT(DECLINE))) {
        does = turn_act(turn, ACT_DECLINE, turn_clerk(turn));
        CARRY(does, DECLINE_REASON, decline_reason,
              demo_random(turn->demo, 2) == 0 ? DECLINE_COURT : DECLINE_PETITION);
        CARRY(does, GUIDANCE, guidance, "该事项已进入法定程序，请按原渠道办理。");
        turn_told(turn, does);
        turn_next_in(turn, 20, 40, true);
        return true;
    }
    if (turn_takes(turn, TRAIT(AMEND)))
        return amend(turn);
    if (turn_takes(turn, TRAIT(SUBMIT))) {
        does = turn_act(turn, ACT_SUBMIT, turn_clerk(turn));
        CARRY(does, LEADER, leader,
              demo_random(turn->demo, 2) == 0 ? "leader1" : "leader2");
        CARRY(does, NOTE, note, "涉及群众反映强烈事项，呈请领导阅示。");
        turn_next_in(turn, 0, 1, true);
        return true;
    }
    if (turn->ticket->round == 0 && turn_takes(turn, TRAIT(MERGE)) && merge(turn))
        return true;
    return dispatch(turn);
}

static bool
decide_returned(struct turn *turn)
{
    struct ticket_act *does;

    if (turn_takes(turn, TRAIT(RETURN_REFUSED))) {
        does = turn_act(turn, ACT_REFUSE_RETURN, turn_clerk(turn));
        CARRY(does, REASON, reason, "经核对职责清单，该事项属你单位职责，请继续办理。");
    } else {
        does = turn_act(turn, ACT_ACCEPT_RETURN, turn_clerk(turn));
        CARRY(does, NOTE, note, "同意退单，改派相关单位。");
    }
    turn_next_in(turn, 1, 3, true);
    return true;
}

/* --- After the reply ----------------------------------------------------------------------- */

static bool
decide_replied(struct turn *turn)
{
    struct ticket_act *does;
    bool is_done;

    if (turn_takes(turn, TRAIT(SLOW_REVIEW)))
        return turn_waits(turn, demo_later(turn->demo, 50, true));
    bool result = turn_laid_upon(turn, &is_done);
    if (is_done)
        return result;
    if (turn_takes(turn, TRAIT(REJECT))) {
        does = turn_act(turn, ACT_REJECT_REPLY, turn_clerk(turn));
        CARRY(does, REASON_CODES, reason_codes,
              (1u << 3) | (1u << 4)); /* facts, evidence */
        CARRY(does, NOTE, note, "请补充现场处理前后照片，并说明完成时间。");
    } else {
        does = turn_act(turn, ACT_APPROVE_REPLY, turn_clerk(turn));
        if (turn->is->reply.told_at == 0)
            turn_told(turn, does);
    }
    turn_next_in(turn, 3, 24, true);
    return true;
}

/* Some of those who wrote by themselves rate by themselves, once. */
static bool
rates(const struct turn *turn)
{
    bool is_written = strcmp(turn->ticket->channel, "web") == 0 ||
                      strcmp(turn->ticket->channel, "mailbox") == 0;

    return is_written && turn->ticket->rated_at == 0 && turn->ticket->id % 3 == 1;
}

static bool
decide_rating(struct turn *turn)
{
    static const struct actor citizen = { .kind = ACTOR_CITIZEN };
    struct ticket_act *does = turn_act(turn, ACT_RATE, &citizen);
    bool is_unhappy = turn_holds(turn, TRAIT(UNHAPPY) | TRAIT(CALL_REWORK));

    CARRY(does, SATISFACTION, satisfaction,
          is_unhappy ? SATISFACTION_UNSATISFIED : SATISFACTION_BASIC);
    if (is_unhappy)
        CARRY(does, COMMENT, comment, "只处理了一半，过几天又是老样子。");
    turn_next_in(turn, 20, 30, true);
    return true;
}

static bool
decide_feedback(struct turn *turn)
{
    struct ticket_act *does;
    bool is_done;

    bool result = turn_laid_upon(turn, &is_done);
    if (is_done)
        return result;
    if (rates(turn))
        return decide_rating(turn);
    if (!turn->ticket->has_phone)
        return turn_waits(turn, turn->demo->now + DAY_S); /* the timer closes it */
    if (turn_takes(turn, TRAIT(SLOW_CALLBACK)))
        return turn_waits(turn, demo_later(turn->demo, 130, true));
    does = turn_act(turn, ACT_CALL_BACK, turn_clerk(turn));
    if (turn_holds(turn, TRAIT(UNREACHABLE))) {
        CARRY(does, CONNECTED, connected, TRISTATE_NO);
        CARRY(does, COMMENT, comment, "电话无人接听");
        turn_next_in(turn, 22, 4, true);
        return true;
    }
    bool is_rework = turn_takes(turn, TRAIT(CALL_REWORK));
    bool is_unhappy = is_rework || turn_takes(turn, TRAIT(UNHAPPY));
    CARRY(does, CONNECTED, connected, TRISTATE_YES);
    CARRY(does, CONTACTED_BY_UNIT, contacted_by_unit, TRISTATE_YES);
    CARRY(does, SOLVED, solved, is_unhappy ? TRISTATE_NO : TRISTATE_YES);
    CARRY(does, SATISFACTION, satisfaction,
          is_unhappy                        ? SATISFACTION_UNSATISFIED
          : demo_random(turn->demo, 4) == 0 ? SATISFACTION_BASIC
                                            : SATISFACTION_SATISFIED);
    if (is_rework)
        CARRY(does, REWORK, rework, TRISTATE_YES);
    CARRY(does, COMMENT, comment, is_unhappy ? "问题没有彻底解决" : "对处理结果认可");
    turn_next_in(turn, 20, 30, true);
    return true;
}

static bool
keep_promise(struct turn *turn)
{
    const struct open_promise *promise = &turn->is->promises[0];
    const struct demo_unit *unit = turn_unit(turn, promise->unit_id);
    int64_t due_at = time_day_end(promise->promised_day);
    bool is_broken = turn_holds(turn, TRAIT(BREAKS_PROMISE));
    int64_t at = is_broken ? due_at + 3 * (int64_t)DAY_S : due_at - 6 * HOUR_S;

    if (unit->handler.unit_id != turn->ticket->lead_unit_id)
        return turn_waits(turn, DEMO_FOREVER);
    if (turn->demo->now < at)
        return turn_waits(turn, at);
    struct ticket_act *does = turn_act(turn, ACT_KEEP_PROMISE, &unit->handler);
    CARRY(does, EVIDENCE, evidence, "工程已完工并验收，现场照片已归档。");
    turn_next_in(turn, 10, 10, true);
    return true;
}

static bool
decide_over(struct turn *turn)
{
    const struct ticket *ticket = turn->ticket;
    struct ticket_act *does;

    turn_next_in(turn, 12, 30, true);
    if (ticket->state == TICKET_MERGED) {
        if (!turn_takes(turn, TRAIT(UNMERGE)))
            return turn_waits(turn, DEMO_FOREVER);
        does = turn_act(turn, ACT_UNMERGE, turn_clerk(turn));
        CARRY(does, REASON, reason, "核对后不是同一事项，撤销并单。");
        return true;
    }
    if (turn_takes(turn, TRAIT(REOPEN))) {
        does = turn_act(turn, ACT_REOPEN, turn_supervisor(turn));
        CARRY(does, REASON, reason, "群众再次反映问题反弹，重新办理。");
        return true;
    }
    if (turn->is->promise_count > 0)
        return keep_promise(turn);
    if (ticket->state != TICKET_CLOSED)
        return turn_waits(turn, DEMO_FOREVER);
    if (ticket->lead_unit_id != 0 && turn_takes(turn, TRAIT(EXCLUDE))) {
        does = turn_act(turn, ACT_EXCLUDE, turn_supervisor(turn));
        CARRY(does, CLASS, exclude_class, 2 /* against_policy */);
        CARRY(does, EVIDENCE, evidence, "诉求不符合现行政策，单位已当面解释并取得理解。");
        return true;
    }
    if (ticket->may_publish && turn_takes(turn, TRAIT(PUBLISH))) {
        does = turn_act(turn, ACT_PUBLISH, turn_clerk(turn));
        CARRY(does, PUBLIC_TEXT, public_text,
              demo_place(turn->demo, turn->story,
                         turn->demo->topics[turn->story->topic].answer));
        return true;
    }
    if (ticket->published_at != 0 && turn_takes(turn, TRAIT(UNPUBLISH))) {
        does = turn_act(turn, ACT_UNPUBLISH, turn_clerk(turn));
        CARRY(does, NOTE, note, "内容需要补充，暂时撤回。");
        return true;
    }
    return turn_waits(turn, DEMO_FOREVER);
}

bool
demo_decide(struct demo *demo, struct demo_story *story,
            const struct ticket_case *ticket_case, struct cmd_ticket_act *cmd)
{
    struct turn turn = { demo, story, ticket_case, &ticket_case->ticket, cmd };

    story->state = turn.ticket->state;
    if (story->state == story->stop_state)
        return turn_waits(&turn, DEMO_FOREVER);
    switch ((enum ticket_state)turn.ticket->state) {
    case TICKET_RECEIVED:
        return decide_received(&turn);
    case TICKET_DISPATCHED:
        return turn_dispatched(&turn);
    case TICKET_HANDLING:
        return turn_handling(&turn);
    case TICKET_RETURNED:
        return decide_returned(&turn);
    case TICKET_REPLIED:
        return decide_replied(&turn);
    case TICKET_FEEDBACK:
        return decide_feedback(&turn);
    case TICKET_CLOSED:
    case TICKET_DECLINED:
    case TICKET_MERGED:
        return decide_over(&turn);
    case TICKET_STATE_COUNT:
        break;
    }
    return turn_waits(&turn, DEMO_FOREVER);
}
