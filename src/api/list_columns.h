#ifndef YIDAN_LIST_COLUMNS_H
#define YIDAN_LIST_COLUMNS_H

/*
 * list_columns.h - what a line of the list of tickets shows, as JSON
 * (list_json.c) and as a row of a table (export_lists.c): one list of columns.
 *
 * Layer    api.
 *
 * X(kind, "name on the wire", member of struct ticket_line, words it is one of,
 *   "zh" and "en" over the column, width in characters, 0: usual)
 */
/* clang-format off */
#define TICKET_LINE_COLUMNS(X)                                                                       \
    X(WORD,     "no",               no,               NULL,           "工单编号", "no",            17) \
    X(TEXT,     "title",            title,            NULL,           "标题",     "title",         40) \
    X(CHANNEL,  "channel",          channel,          NULL,           "渠道",     "channel",       10) \
    X(WORD,     "kind",             kind,             &words_kind,    "诉求类型", "kind",          10) \
    X(WORD,     "urgency",          urgency,          &words_urgency, "紧急程度", "urgency",       10) \
    X(WORD,     "state",            state,            &words_state,   "状态",     "state",         14) \
    X(INT,      "version",          version,          NULL,           "版本",     "version",        6) \
    X(WORD,     "light",            light,            &words_light,   "时限灯",   "light",          8) \
    X(TIME,     "received_at",      received_at,      NULL,           "接收时间", "received at",    0) \
    X(TIME,     "effective_due_at", effective_due_at, NULL,           "办理期限", "due at",         0) \
    X(TIME,     "state_due_at",     state_due_at,     NULL,           "本步期限", "step due at",    0) \
    X(TIME,     "overdue_at",       overdue_at,       NULL,           "逾期时间", "overdue since",  0) \
    X(UNIT,     "lead_unit",        lead_unit_id,     NULL,           "主办单位", "lead unit",     20) \
    X(AREA,     "area",             area,             NULL,           "所属区域", "area",          16) \
    X(CATEGORY, "category",         category,         NULL,           "分类",     "category",      20) \
    X(BOOL,     "sensitive",        sensitive,        NULL,           "敏感",     "sensitive",      8) \
    X(BOOL,     "confidential",     confidential,     NULL,           "保密",     "confidential",  12) \
    X(BOOL,     "suspect",          suspect,          NULL,           "疑似垃圾", "suspected spam", 10) \
    X(BOOL,     "hard_case",        hard_case,        NULL,           "疑难",     "hard case",      8) \
    X(INT,      "rework_count",     rework_count,     NULL,           "重办次数", "reworks",        8) \
    X(INT,      "urge_count",       urge_count,       NULL,           "催办次数", "urges",          8)
/* clang-format on */

#endif
