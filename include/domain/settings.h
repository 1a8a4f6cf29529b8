#ifndef YIDAN_DOMAIN_SETTINGS_H
#define YIDAN_DOMAIN_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * settings.h - what the office sets for itself, kept in the database.
 *
 * Layer    domain: data.  The process has settings of its own (base/config.h),
 *          the time rules are in domain/deadline.h.
 * Lifetime a struct settings is a value; the present one is in the rulebook.
 */

/* X(member, default, least and most characters, "zh", "en") */
/* clang-format off */
#define SETTING_TEXTS(X)                                                                 \
    X(county_name, "本县", 1, 20, "县名，用于页面和打印件", "name of the county, on pages and printed forms") \
    X(office_name, "人民政府办公室", 1, 30, "承办机构名称，用于页面和打印件；不含县名的，前面加上县名", "name of the office, on pages and printed forms; the county's goes before it unless it is in it") \
    X(hotline, "12345", 1, 20, "热线号码", "number of the hotline")                          \
    X(document_word, "", 0, 8, "文号的代字：填“静”则为静督〔2026〕3号", "the county's word, one Chinese sign, that document numbers begin with") \
    X(special_word, "督专", 1, 8, "专报文号中代字之后的字：督专即静督专〔2026〕1号", "what follows the county's word in the number of a special report") \
    X(circular_word, "督通", 1, 8, "通报文号中代字之后的字：督通即静督通〔2026〕1号", "what follows the county's word in the number of a circular") \
    X(daily_word, "督日", 1, 8, "日报文号中代字之后的字：督日即静督日〔2026〕1号", "what follows the county's word in the number of a daily brief") \
    X(weekly_word, "督周", 1, 8, "周报文号中代字之后的字：督周即静督周〔2026〕1号", "what follows the county's word in the number of a weekly brief")

/* X(member, default, min, max, "unit", "zh", "en"); unit "0|1" is yes or no */
#define SETTING_NUMBERS(X)                                                               \
    X(public_address_daily, 30, 1, 100000, "messages", "每个网络地址每天可留言数，过半时要求回答问题", "public messages from an address in a day; from half of it on a question is asked") \
    X(public_phone_daily, 6, 1, 1000, "messages", "每个电话每天可留言数，过半时要求回答问题", "public messages of a phone in a day; the same") \
    X(reply_characters_min, 50, 0, 2000, "characters", "答复少于多少字提示过短", "a reply with fewer characters is called too short") \
    X(reply_copy_percent, 90, 50, 100, "%", "与其他工单的答复相似到百分之几算雷同", "from this likeness on a reply is called a copy of another ticket's") \
    X(repeat_count, 3, 1, 100, "", "同一事项重复几次由督查员处理", "so many repeats of one matter make a supervisor's to-do") \
    X(repeat_days, 180, 1, 3650, "days", "多少天内的重复才计算", "repeats are counted for so long") \
    X(draft_days, 30, 1, 365, "days", "草稿保留天数", "how long drafts are kept")         \
    X(sms_repeat_minutes, 10, 0, 1440, "minutes", "同一号码在此时间内发来的相同短信算作一条，0 为不合并", "the same SMS of the same phone within this time is one message; 0: never") \
    X(gateway_days, 30, 1, 365, "days", "短信和来电的识别信息保留天数", "how long is kept what tells messages and calls of other systems apart") \
    X(drafts_per_user, 50, 1, 500, "", "每人草稿数上限", "drafts a user may have")        \
    X(views_per_user, 50, 1, 200, "", "每人保存的筛选数上限", "saved filters a user may have") \
    X(weight_on_time, 30, 0, 100, "points", "考核权重：按期办结", "weight in the score: on time") \
    X(weight_sign, 10, 0, 100, "points", "考核权重：按时签收", "weight in the score: signed on time") \
    X(weight_contact, 10, 0, 100, "points", "考核权重：按时首次联系", "weight in the score: contacted on time") \
    X(weight_rework, 15, 0, 100, "points", "考核权重：退回重办", "weight in the score: rework") \
    X(weight_satisfied, 15, 0, 100, "points", "考核权重：群众满意", "weight in the score: satisfied") \
    X(weight_solved, 10, 0, 100, "points", "考核权重：群众认可解决", "weight in the score: solved") \
    X(weight_refused_returns, 5, 0, 100, "points", "考核权重：不成立退单", "weight in the score: refused returns") \
    X(threshold_on_time, 90, 0, 100, "%", "考核底线：按期办结率低于此数即标出", "marked in the assessment: on time, below this") \
    X(threshold_sign, 95, 0, 100, "%", "考核底线：按时签收率低于此数即标出", "marked in the assessment: signed on time, below this") \
    X(threshold_contact, 90, 0, 100, "%", "考核底线：按时首次联系率低于此数即标出", "marked in the assessment: contacted on time, below this") \
    X(threshold_rework, 10, 0, 100, "%", "考核底线：退回重办率高于此数即标出", "marked in the assessment: rework, above this") \
    X(threshold_satisfied, 90, 0, 100, "%", "考核底线：满意率低于此数即标出", "marked in the assessment: satisfied, below this") \
    X(threshold_solved, 80, 0, 100, "%", "考核底线：解决率低于此数即标出", "marked in the assessment: solved, below this") \
    X(threshold_refused_returns, 50, 0, 100, "%", "考核底线：不成立退单率高于此数即标出", "marked in the assessment: refused returns, above this") \
    X(threshold_supervision, 90, 0, 100, "%", "考核底线：督办按时答复率低于此数即标出", "marked in the assessment: supervisions answered in time, below this") \
    X(weight_supervision, 5, 0, 100, "points", "考核权重：督办按时答复", "weight in the score: supervisions") \
    X(volume_large, 30, 1, 100000, "tickets", "考核分组：每月办件不少于此数为办件量大", "assessment groups: large from so many a month") \
    X(volume_medium, 10, 1, 100000, "tickets", "考核分组：每月办件不少于此数为办件量中", "assessment groups: medium from so many a month") \
    X(export_hours, 24, 1, 168, "hours", "导出文件保留小时数", "how long exported files are kept") \
    X(exports_per_user, 10, 1, 100, "", "每人保留的导出文件数，超过时删除最早的", "exported files a user may keep; the oldest goes")
/* clang-format on */

struct settings {
#define X(member, fallback, min, max, zh, en) char member[4 * (max) + 1];
    SETTING_TEXTS(X)
#undef X
#define X(member, fallback, min, max, unit, zh, en) int32_t member;
    SETTING_NUMBERS(X)
#undef X
};

/* Indexes of the table: the texts, then the numbers. */
#define X(member, ...) SETTING_##member,
enum {
    SETTING_TEXTS(X) SETTING_TEXT_COUNT,
    SETTING_LAST_TEXT = SETTING_TEXT_COUNT - 1,
    SETTING_NUMBERS(X) SETTING_COUNT
};
#undef X

/* One row: a text when `text` is not NULL (`min` to `max` characters), else a number. */
struct setting {
    const char *name;
    const char *text; /* its default */
    int32_t number;   /* its default */
    int32_t min, max;
    const char *unit, *zh, *en;
    size_t offset; /* in struct settings */
    size_t room;   /* bytes of a text there */
};
extern const struct setting settings_table[SETTING_COUNT];

/* Everything as shipped. */
struct settings settings_defaults(void);

/* The office's name in full, the county's in it once: 云溪县人民政府办公室, also of 县人民政府办公室. */
#define SETTING_OFFICE_BYTES (4 * (20 + 30) + 1)
void setting_office(const struct settings *settings, char ret_name[SETTING_OFFICE_BYTES]);

/* The row called `name`, or NULL. */
const struct setting *setting_find(const char *name);

/* A value of `settings`; the text one is borrowed from it. */
const char *setting_text(const struct settings *settings, const struct setting *row);
int32_t setting_number(const struct settings *settings, const struct setting *row);

/*
 * Put what stands in the database into `settings`.  False when it is no number,
 * out of bounds or too long.
 */
bool setting_parse(struct settings *settings, const struct setting *row,
                   const char *value);

#endif
