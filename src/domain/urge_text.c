#include "domain/urge_text.h"

#include <string.h>

#include "base/timeutil.h"

/* urge_text.c - see the header. */

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice word_items[] = { URGE_WORDS(X) };
#undef X
const struct choices words_urge_word = { "urge_word", word_items, URGE_WORDS_COUNT };

/* A word in braces; NULL when there is no other. */
struct braced {
    const char *open, *word, *after;
    size_t bytes; /* of the word */
};

/* The next one from `text` on; `open` is NULL when there is none. */
static struct braced
next_word(const char *text)
{
    const char *open = strchr(text, '{');
    const char *close = open == NULL ? NULL : strchr(open, '}');

    if (close == NULL)
        return (struct braced){ .open = NULL };
    for (const char *at = open; at < close; at++) /* the innermost pair */
        if (*at == '{')
            open = at;
    return (struct braced){ open, open + 1, close + 1, (size_t)(close - open - 1) };
}

static bool
is(const struct braced *braced, const char *word)
{
    return strlen(word) == braced->bytes &&
           memcmp(braced->word, word, braced->bytes) == 0;
}

static int
which(const struct braced *braced)
{
    for (int i = 0; i < URGE_WORDS_COUNT; i++)
        if (is(braced, word_items[i].zh) || is(braced, word_items[i].word))
            return i;
    return CHOICE_NONE;
}

bool
urge_text_has_words(const char *text)
{
    return next_word(text).open != NULL;
}

bool
urge_text_is_good(struct arena *arena, const char *text, const char **ret_word)
{
    int words = 0;

    for (struct braced one = next_word(text); one.open != NULL;
         one = next_word(one.after))
        if (which(&one) == CHOICE_NONE || ++words > URGE_WORDS_MAX) {
            *ret_word = arena_copy(arena, one.open, (size_t)(one.after - one.open));
            return false;
        }
    return true;
}

static const char *
value_of(struct arena *arena, int word, const struct urge_values *values)
{
    struct civil_date due = time_date_of_day(values->due_day);

    switch ((enum urge_word)word) {
    case URGE_WORD_NO:
        return values->no;
    case URGE_WORD_TITLE:
        return values->title;
    case URGE_WORD_UNIT:
        return values->unit;
    case URGE_WORD_DUE:
        return values->due_day == 0
                   ? "（未定）"
                   : arena_printf(arena, "%d年%d月%d日", due.year, due.month, due.mday);
    case URGE_WORD_COUNT:
        return arena_printf(arena, "%lld", (long long)values->count);
    case URGE_WORDS_COUNT:
        break;
    }
    return "";
}

const char *
urge_text_fill(struct arena *arena, const char *text, const struct urge_values *values)
{
    const char *filled = "";

    for (struct braced one = next_word(text); one.open != NULL && filled != NULL;
         one = next_word(text)) {
        const char *value = value_of(arena, which(&one), values);
        if (value == NULL)
            return NULL;
        filled =
            arena_printf(arena, "%s%.*s%s", filled, (int)(one.open - text), text, value);
        text = one.after;
    }
    return filled == NULL ? NULL : arena_printf(arena, "%s%s", filled, text);
}
