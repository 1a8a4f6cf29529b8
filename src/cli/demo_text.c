/*
 * demo_text.c - what the made-up people say.
 *
 * Sentences are put together from short lists, so that four hundred tickets
 * read differently and search has something to find.  No person, place or
 * number is real.
 */
#include <string.h>

#include "demo_internal.h"

uint32_t
demo_random(struct demo *demo, uint32_t below)
{
    /* xorshift64*: the same numbers everywhere, and nothing secret. */
    demo->random ^= demo->random >> 12;
    demo->random ^= demo->random << 25;
    demo->random ^= demo->random >> 27;
    return (uint32_t)((demo->random * UINT64_C(2685821657736338717)) >> 33) % below;
}

/* `text` with every "{place}" filled. */
const char *
demo_place(struct demo *demo, const struct demo_story *story, const char *text)
{
    static const char mark[] = "{place}";
    const struct demo_area *area = &demo->areas[story->area];
    const char *found = strstr(text, mark);

    if (found == NULL)
        return text;
    return arena_printf(demo->step, "%.*s%s%s%s", (int)(found - text), text,
                        area->parent_name, area->name, found + sizeof mark - 1);
}

const char *
demo_content(struct demo *demo, const struct demo_story *story)
{
    static const char *const openings[] = {
        "你好，我是%s%s的群众，反映一个问题：",
        "我住在%s%s，有件事想请政府帮忙：",
        "来电反映%s%s的情况：",
        "代表%s%s的几户邻居反映：",
        "在%s%s遇到一件事：",
    };
    static const char *const since[] = {
        "这个情况从上个月就有了。",
        "已经持续一个多星期。",
        "以前向村上反映过一次，没有结果。",
        "邻居们意见都很大。",
        "希望不要再拖了。",
        "",
    };
    static const char *const endings[] = {
        "请尽快派人来看一看。",
        "恳请有关部门核实处理。",
        "麻烦给个明确的答复。",
        "处理以后请打电话告诉我。",
        "谢谢。",
    };
    const struct demo_topic *topic = &demo->topics[story->topic];
    const struct demo_area *area = &demo->areas[story->area];
    const char *opening = arena_printf(demo->step, "%s", DEMO_PICK(demo, openings));
    const char *first = strstr(opening, "%s");
    const char *second = strstr(first + 2, "%s");

    return arena_printf(demo->step, "%.*s%s%.*s%s%s%s%s%s", (int)(first - opening),
                        opening, area->parent_name, (int)(second - first - 2), first + 2,
                        area->name, second + 2, demo_place(demo, story, topic->content),
                        DEMO_PICK(demo, since), DEMO_PICK(demo, endings));
}

const char *
demo_name(struct demo *demo)
{
    static const char *const families[] = { "赵", "钱", "孙", "李", "周", "吴",
                                            "郑", "王", "冯", "陈", "褚", "卫",
                                            "蒋", "沈", "韩", "杨" };
    static const char *const given[] = { "小溪", "大山", "春燕", "秋生", "建平",
                                         "桂兰", "志远", "玉梅", "永红", "文静",
                                         "海涛", "雪莲", "长青", "明霞" };

    return arena_printf(demo->step, "%s%s", DEMO_PICK(demo, families),
                        DEMO_PICK(demo, given));
}

/* Few enough that some people call again; 138-0000 is nobody's. */
const char *
demo_phone(struct demo *demo)
{
    return arena_printf(demo->step, "1380000%04u", 1000 + demo_random(demo, 260));
}

/* The parts of a reply that reads like one. */
void
demo_reply(struct demo *demo, const struct demo_story *story, struct ticket_act *act)
{
    static const char *const arrivals[] = {
        "接到交办单后，我单位高度重视，当日安排人员到现场核查。",
        "接单后，经办人员第一时间与您电话联系，并前往现场了解情况。",
        "我单位收到工单后，会同村社干部实地查看。",
    };
    static const char *const thanks[] = {
        "感谢您对我县工作的关心和支持，如有疑问请随时与我们联系。",
        "给您带来的不便深表歉意，欢迎继续监督。",
        "今后如再发现类似问题，可随时拨打县便民服务热线。",
    };
    const struct demo_topic *topic = &demo->topics[story->topic];

    act->finding = arena_printf(demo->step, "%s经核查，%s。", DEMO_PICK(demo, arrivals),
                                topic->finding);
    act->measures = arena_printf(demo->step, "%s。处理过程已拍照留存，并告知所在村社。",
                                 topic->measures);
    act->reply_text = arena_printf(
        demo->step, "您好！您反映的“%s”一事，现答复如下：经核查，%s。目前，%s。%s。%s",
        demo_place(demo, story, topic->title), topic->finding, topic->measures,
        topic->answer, DEMO_PICK(demo, thanks));
    act->present |= FIELD_BIT(FIELD_FINDING) | FIELD_BIT(FIELD_MEASURES) |
                    FIELD_BIT(FIELD_REPLY_TEXT);
}
