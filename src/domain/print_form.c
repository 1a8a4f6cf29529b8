/*
 * print_form.c - THE table of printed forms.
 */
#include "domain/print_form.h"

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice print_form_items[] = { PRINT_FORMS(X) };
#undef X
const struct choices words_print_form = { "print_form", print_form_items,
                                          PRINT_FORM_COUNT };

/* clang-format off */
const struct print_rule print_rules[PRINT_FORM_COUNT] = {
/*                         need                  letters  reveal notes  signatures */
    [PRINT_ASSIGN]       = { PRINT_NEEDS_DISPATCH, "热交", true,  false, { "交办人", "签收人", "签收时间" } },
    [PRINT_SUBMIT]       = { PRINT_NEEDS_RECORD,   "热呈", false, false, { "拟办意见", "领导批示", "办理结果" } },
    [PRINT_URGE]         = { PRINT_NEEDS_RECORD,   "催",   false, false, { "签发人", "签收人", "签收时间" } },
    [PRINT_SUPERVISE]    = { PRINT_NEEDS_RECORD,   "督",   false, false, { "签发人", "签收人", "签收时间", "办理结果" } },
    [PRINT_RETURN]       = { PRINT_NEEDS_RECORD,   "热退", false, false, { "承办单位负责人", "审批意见", "审批人" } },
    [PRINT_EXTEND]       = { PRINT_NEEDS_RECORD,   "热延", false, false, { "承办单位负责人", "审批意见", "审批人" } },
    [PRINT_REPORT]       = { PRINT_NEEDS_REPLY,    "热报", false, false, { "承办人", "分管负责人", "主要负责人" } },
    [PRINT_REPLY_LETTER] = { PRINT_NEEDS_ANSWER,   "热复", true,  false, { "承办单位（盖章）", "日期" } },
    [PRINT_DOSSIER]      = { PRINT_NEEDS_NOTHING,  "热卷", false, true,  { "立卷人", "检查人" } },
};
/* clang-format on */
