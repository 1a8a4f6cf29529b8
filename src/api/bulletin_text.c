#include "bulletin_text.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/timeutil.h"
#include "report_brief.h"
#include "store/reports.h"

/* bulletin_text.c - see the header. */

#define BEST_UNITS_MAX 5
#define LINE_BYTES 4000 /* an accountability has up to 4,060 characters, cut here */

struct writing {
    struct arena *arena;
    const char *text; /* NULL: out of memory, remembered until the end */
    int part;         /* the number of the last one begun */
    const struct bulletin_source *source;
    struct brief_sum now, before;
};

static void say(struct writing *writing, const char *format, ...) PRINTF_LIKE(2, 3);

static void
say(struct writing *writing, const char *format, ...)
{
    char line[LINE_BYTES * 4];
    va_list values;

    if (writing->text == NULL)
        return;
    va_start(values, format);
    (void)vsnprintf(line, sizeof line, format, values); /* cut to fit */
    va_end(values);
    writing->text = arena_printf(writing->arena, "%s%s", writing->text, line);
}

static void
begin_part(struct writing *writing, const char *head)
{
    static const char *const numbers[] = { "一", "二", "三", "四", "五", "六", "七" };
    const int most = (int)(sizeof numbers / sizeof *numbers);

    say(writing, "%s、%s\n", numbers[writing->part < most ? writing->part : most - 1],
        head);
    writing->part++;
}

/* "2026年11月1日至30日", as short as it can be said. */
static const char *
period_words(struct arena *arena, const struct report_period *period)
{
    struct civil_date from = time_date_of_day(period->from);
    struct civil_date to = time_date_of_day(period->to);

    if (period->from == period->to)
        return arena_printf(arena, "%d年%d月%d日", from.year, from.month, from.mday);
    if (from.year != to.year)
        return arena_printf(arena, "%d年%d月%d日至%d年%d月%d日", from.year, from.month,
                            from.mday, to.year, to.month, to.mday);
    if (from.month != to.month)
        return arena_printf(arena, "%d年%d月%d日至%d月%d日", from.year, from.month,
                            from.mday, to.month, to.mday);
    if (from.mday == 1 && time_date_of_day(period->to + 1).mday == 1)
        return arena_printf(arena, "%d年%d月", from.year, from.month);
    return arena_printf(arena, "%d年%d月%d日至%d日", from.year, from.month, from.mday,
                        to.mday);
}

static long long
count_of(const struct brief_sum *sum, enum assessment_measure measure)
{
    return sum->figures.counts[measure];
}

/* "，按期办结率91.2%"; nothing when there was nothing. */
static void
say_rate(struct writing *writing, const char *name, enum assessment_rate rate)
{
    const struct assessment_ratio *now = &writing->now.result.ratios[rate];
    const struct assessment_ratio *before = &writing->before.result.ratios[rate];

    if (now->denominator == 0)
        return;
    say(writing, "，%s%.1f%%", name, now->rate * 100);
    if (before->denominator == 0)
        return;
    double points = (now->rate - before->rate) * 100;
    if (points >= 0.05)
        say(writing, "（较上期上升%.1f个百分点）", points);
    else if (points <= -0.05)
        say(writing, "（较上期下降%.1f个百分点）", -points);
    else
        say(writing, "（与上期持平）");
}

static void
say_change(struct writing *writing, enum assessment_measure measure)
{
    long long more =
        count_of(&writing->now, measure) - count_of(&writing->before, measure);

    if (more > 0)
        say(writing, "，较上期增加%lld件", more);
    else if (more < 0)
        say(writing, "，较上期减少%lld件", -more);
    else
        say(writing, "，与上期持平");
}

static void
say_whole(struct writing *writing)
{
    const struct assessment_sums *office = writing->source->data->office == NULL
                                               ? NULL
                                               : &writing->source->data->office->sums;

    begin_part(writing, "总体情况");
    say(writing, "本期共受理群众诉求%lld件", count_of(&writing->now, MEASURE_RECEIVED));
    if (office != NULL)
        say(writing, "（热线等渠道%lld件、网站留言%lld件）",
            (long long)office->counts[0][MEASURE_RECEIVED],
            (long long)office->counts[1][MEASURE_RECEIVED]);
    say_change(writing, MEASURE_RECEIVED);
    say(writing, "；直接答复%lld件，不予受理%lld件，交办%lld件，办结%lld件。",
        count_of(&writing->now, MEASURE_DIRECT_ANSWERS),
        count_of(&writing->now, MEASURE_DECLINED),
        count_of(&writing->now, MEASURE_DISPATCHED),
        count_of(&writing->now, MEASURE_CLOSED));
    say(writing, "到期应办%lld件，其中按期办结%lld件、超期办结%lld件、超期未办结%lld件",
        count_of(&writing->now, MEASURE_DUE), count_of(&writing->now, MEASURE_ON_TIME),
        count_of(&writing->now, MEASURE_LATE_CLOSED),
        count_of(&writing->now, MEASURE_LATE_OPEN));
    say_rate(writing, "按期办结率", RATE_ON_TIME);
    say(writing, "。回访群众%lld件", count_of(&writing->now, MEASURE_CALLBACK_REACHED));
    say_rate(writing, "满意率", RATE_SATISFIED);
    say_rate(writing, "群众认可解决率", RATE_SOLVED);
    say(writing, "。\n");
}

static void
say_categories(struct writing *writing)
{
    const struct bulletin_source *source = writing->source;
    size_t said = 0;

    for (size_t i = 0; i < source->category_count; i++) {
        const struct board_category *category = &source->categories[i];
        long long more = (long long)(category->tickets - category->before);
        if (category->tickets == 0)
            continue;
        if (said++ == 0) {
            begin_part(writing, "诉求热点");
            say(writing, "群众反映较多的是：");
        } else {
            say(writing, "；");
        }
        say(writing, "%s%lld件", category->name, (long long)category->tickets);
        if (more > 0)
            say(writing, "（较上期增加%lld件）", more);
        else if (more < 0)
            say(writing, "（较上期减少%lld件）", -more);
    }
    if (said > 0)
        say(writing, "。\n");
}

/* Units with work enough to be named, all of it in time and without a fault. */
static void
say_best(struct writing *writing)
{
    const struct report_data *data = writing->source->data;
    size_t said = 0;

    for (size_t i = 0; i < data->unit_count && said < BEST_UNITS_MAX; i++) {
        const struct report_unit *unit = &data->units[i];
        const struct assessment_ratio *on_time = &unit->result.ratios[RATE_ON_TIME];
        bool is_good = on_time->denominator > 0 &&
                       on_time->numerator == on_time->denominator &&
                       unit->figures.counts[MEASURE_UNSATISFIED] == 0 &&
                       unit->figures.counts[MEASURE_REFUSED_RETURNS] == 0 &&
                       unit->figures.counts[MEASURE_REWORKED] == 0;
        if (!is_good || unit->result.group == VOLUME_SMALL)
            continue;
        if (said++ == 0) {
            begin_part(writing, "办理较好的单位");
            say(writing, "以下单位到期诉求全部按期办结，且无退回重办、无群众不满意：");
        } else {
            say(writing, "、");
        }
        say(writing, "%s（%lld件）", unit->short_name, (long long)on_time->denominator);
    }
    if (said > 0)
        say(writing, "。\n");
}

/* One kind of fault: "逾期未办结：A（2件）、B（1件）。" */
static bool
say_fault(struct writing *writing, const char *name, enum assessment_measure measure,
          bool is_begun)
{
    const struct report_data *data = writing->source->data;
    size_t said = 0;

    for (size_t i = 0; i < data->unit_count; i++) {
        long long count = data->units[i].figures.counts[measure];
        if (count == 0)
            continue;
        if (said == 0) {
            if (!is_begun)
                begin_part(writing, "存在的问题");
            say(writing, "%s：", name);
        }
        say(writing, "%s%s（%lld件）", said++ == 0 ? "" : "、", data->units[i].short_name,
            count);
    }
    if (said > 0)
        say(writing, "。\n");
    return is_begun || said > 0;
}

static void
say_faults(struct writing *writing)
{
    static const struct {
        const char *name;
        enum assessment_measure measure;
    } faults[] = {
        { "超期未办结", MEASURE_LATE_OPEN },    { "超期办结", MEASURE_LATE_CLOSED },
        { "答复被退回重办", MEASURE_REWORKED }, { "退单不成立", MEASURE_REFUSED_RETURNS },
        { "群众不满意", MEASURE_UNSATISFIED },
    };
    bool is_begun = false;

    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        is_begun = say_fault(writing, faults[i].name, faults[i].measure, is_begun);
}

static void
say_accountability(struct writing *writing)
{
    const struct bulletin_source *source = writing->source;

    if (source->accountability_count == 0)
        return;
    begin_part(writing, "责任追究");
    for (size_t i = 0; i < source->accountability_count; i++) {
        const struct accountability_line *line = &source->accountabilities[i];
        struct civil_date day = time_date_of_day(line->decided_day);
        if (line->person == NULL || line->finding == NULL || line->measure == NULL)
            continue; /* erased */
        say(writing, "%s %s：%s 处理：%s（%d年%d月%d日，工单%s）。\n", line->unit_name,
            line->person, line->finding, line->measure, day.year, day.month, day.mday,
            line->ticket_no);
    }
}

static void
say_circular_end(struct writing *writing)
{
    begin_part(writing, "工作要求");
    say(writing,
        "各单位要压实主要负责人责任，对照本通报逐件核查超期和群众不满意的诉求，"
        "说明原因、明确时限、办理到位；确需延期的，应当先向群众说明并按程序报批。"
        "政府办将持续督办，并将整改情况纳入下期通报。\n");
}

static void
say_special_end(struct writing *writing)
{
    begin_part(writing, "下步打算");
    say(writing, "对超期未办结的诉求逐件督办，明确责任单位和完成时限；对集中反映的问题，"
                 "会同主管部门研究成因、提出整改措施；对群众不满意的诉求重新核实办理，"
                 "办理结果及时向群众反馈。\n");
}

/* What a kind is made of; its period stands in the title. */
static const struct layout {
    const char *title_before, *title_after, *subject;
    bool is_to_units; /* it begins with whom it is for */
    bool has_categories, has_best, has_accountability;
    void (*say_end)(struct writing *writing); /* NULL: it ends with the facts */
} layouts[] = {
    [BULLETIN_SPECIAL] = { .title_before = "群众诉求办理动态（",
                           .title_after = "）",
                           .subject = "动态报告",
                           .has_categories = true,
                           .say_end = say_special_end },
    [BULLETIN_CIRCULAR] = { .title_before = "关于",
                            .title_after = "群众诉求办理情况的通报",
                            .subject = "情况通报",
                            .is_to_units = true,
                            .has_best = true,
                            .has_accountability = true,
                            .say_end = say_circular_end },
    [BULLETIN_DAILY] = { .title_before = "群众诉求办理日报（",
                         .title_after = "）",
                         .subject = "情况报告",
                         .has_categories = true },
    [BULLETIN_WEEKLY] = { .title_before = "群众诉求办理周报（",
                          .title_after = "）",
                          .subject = "情况报告",
                          .has_categories = true,
                          .has_best = true,
                          .say_end = say_special_end },
};

enum err
bulletin_write(struct arena *arena, int kind, const struct bulletin_source *source,
               const char **ret_title, const char **ret_text)
{
    const char *period = period_words(arena, &source->data->period);
    struct writing writing = { .arena = arena, .text = "", .source = source };
    const struct layout *layout = &layouts[kind];

    if (period == NULL)
        return ERR_NO_MEMORY;
    brief_sum_up(source->data, &writing.now);
    brief_sum_up(source->before, &writing.before);
    if (layout->is_to_units)
        say(&writing, "各乡镇人民政府，县直各部门，驻县有关单位：\n");
    say(&writing, "现将%s%s群众诉求办理%s如下。\n", period, source->county,
        layout->subject);
    say_whole(&writing);
    if (layout->has_categories)
        say_categories(&writing);
    if (layout->has_best)
        say_best(&writing);
    say_faults(&writing);
    if (layout->has_accountability)
        say_accountability(&writing);
    if (layout->say_end != NULL)
        layout->say_end(&writing);
    *ret_title =
        arena_printf(arena, "%s%s%s", layout->title_before, period, layout->title_after);
    *ret_text = writing.text;
    return writing.text == NULL || *ret_title == NULL ? ERR_NO_MEMORY : OK;
}
