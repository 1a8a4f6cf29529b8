#ifndef YIDAN_DOMAIN_PRINT_FORM_H
#define YIDAN_DOMAIN_PRINT_FORM_H

#include <stdbool.h>

#include "base/json.h"

/*
 * print_form.h - the printed forms of a ticket, as one table.
 *
 * Layer    domain.
 * Source   product.md, section 9 "Printed pages".
 */

/* X(NAME, "word", "zh", "en") */
#define PRINT_FORMS(X)                                                                   \
    X(ASSIGN, "assign", "承办单", "assignment sheet")                                    \
    X(SUBMIT, "submit", "呈阅件", "submission to a leader")                              \
    X(URGE, "urge", "催办通知书", "urging notice")                                       \
    X(SUPERVISE, "supervise", "督办单", "supervision order")                             \
    X(RETURN, "return", "退单审批单", "decision on a return")                            \
    X(EXTEND, "extend", "延期审批单", "decision on an extension")                        \
    X(REPORT, "report", "办理情况报告", "report on the handling")                        \
    X(REPLY_LETTER, "reply_letter", "答复函", "letter of reply")                         \
    X(DOSSIER, "dossier", "整卷", "whole dossier")

#define X(NAME, word, zh, en) PRINT_##NAME,
enum print_form { PRINT_FORMS(X) PRINT_FORM_COUNT };
#undef X
extern const struct choices words_print_form;

/* What must be there for there to be something to print. */
enum print_need {
    PRINT_NEEDS_NOTHING,
    PRINT_NEEDS_DISPATCH,
    PRINT_NEEDS_RECORD, /* one of the kind the form is about */
    PRINT_NEEDS_REPLY,  /* the unit has replied */
    PRINT_NEEDS_ANSWER  /* the citizen may see the answer */
};

#define PRINT_SIGNATURES_MAX 5

struct print_rule {
    enum print_need need;
    const char *letters; /* between the county's word and the year: "督" */
    /*
     * May name and phone stand on it in clear (with a reason, noted)?  The form
     * for the lead unit and the letter to the citizen; all others stay masked.
     */
    bool may_reveal;
    bool has_notes; /* internal notes too */
    const char
        *signatures[PRINT_SIGNATURES_MAX]; /* cells to be filled by hand; NULL: none */
};
extern const struct print_rule print_rules[PRINT_FORM_COUNT];

#endif
