#ifndef YIDAN_DOMAIN_URGE_TEXT_H
#define YIDAN_DOMAIN_URGE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "domain/ticket_words.h"

/*
 * urge_text.h - one urging text to many, each with its own values: {编号}, {单位} …
 *
 * Layer    domain: pure.
 *
 * A word in braces stands for a value, in Chinese or as its plain word ({no}).
 * Braces that do not close are text.
 */

/* X(NAME, "word", "zh", "en") */
#define URGE_WORDS(X)                                                                    \
    X(NO, "no", "编号", "number of the ticket")                                          \
    X(TITLE, "title", "标题", "its title")                                               \
    X(UNIT, "unit", "单位", "whose turn it is")                                          \
    X(DUE, "due", "期限", "the day it is due")                                           \
    X(COUNT, "count", "次数", "how often it was urged, with this time")
#define X(NAME, word, zh, en) URGE_WORD_##NAME,
enum urge_word { URGE_WORDS(X) URGE_WORDS_COUNT };
#undef X
extern const struct choices words_urge_word;

/* So many in one text: what comes of it stays a text that one reads. */
#define URGE_WORDS_MAX 20

struct urge_values {
    const char *no, *title;
    const char *unit; /* its short name, or the office's */
    int32_t due_day;  /* 0: none */
    int64_t count;
};

/* Does a word stand in `text`? */
bool urge_text_has_words(const char *text);

/* Is each word known, and are there not too many?  Else `*ret_word` is what is wrong. */
bool urge_text_is_good(struct arena *arena, const char *text, const char **ret_word);

/* `text` with its values, in the arena; NULL when out of memory. */
const char *urge_text_fill(struct arena *arena, const char *text,
                           const struct urge_values *values);

#endif
