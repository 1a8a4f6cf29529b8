#include "base/json.h"

#include <string.h>

/*
 * choice.c - words of a declared set and their numbers.  The sets are short,
 * so a walk is as fast as anything.
 */

int
choice_find(const struct choices *choices, const char *word)
{
    for (size_t i = 0; i < choices->count; i++)
        if (choices->items[i].word != NULL && strcmp(choices->items[i].word, word) == 0)
            return (int)i;
    return -1;
}

const char *
choice_word(const struct choices *choices, int index)
{
    if (index < 0 || (size_t)index >= choices->count)
        return NULL;
    return choices->items[index].word;
}

const char *
choice_list(struct arena *arena, const struct choices *choices, uint64_t set)
{
    const char *list = "";

    for (size_t i = 0; i < choices->count && list != NULL; i++)
        if ((set & (UINT64_C(1) << i)) != 0)
            list = arena_printf(arena, "%s%s%s", list, list[0] != '\0' ? "," : "",
                                choices->items[i].word);
    return list;
}
