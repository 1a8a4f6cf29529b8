/*
 * suggest.c - see the header: the weights stand there.
 */
#include "domain/suggest.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/text.h"

/* One character is in every text. */
#define KEYWORD_CHARACTERS_MIN 2

static void
give(struct suggest_unit *unit, enum suggest_why why, int points, int most,
     const char *shown)
{
    struct suggest_reason *reason = &unit->reasons[why];

    if (reason->points + points > most)
        points = most - reason->points;
    reason->points += points;
    unit->points += points;
    if (shown == NULL || reason->shown_count == SUGGEST_SHOWN)
        return;
    for (size_t i = 0; i < reason->shown_count; i++)
        if (strcmp(reason->shown[i], shown) == 0)
            return;
    reason->shown[reason->shown_count++] = shown;
}

static struct suggest_unit *
find(struct suggest_unit *units, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(units[i].code, code) == 0)
            return &units[i];
    return NULL;
}

void
suggest_category(struct suggest_unit *units, size_t count, const char *code,
                 const char *name)
{
    struct suggest_unit *unit = find(units, count, code);

    if (unit != NULL)
        give(unit, SUGGEST_CATEGORY, SUGGEST_POINTS_CATEGORY, SUGGEST_POINTS_CATEGORY,
             name);
}

void
suggest_area(struct suggest_unit *units, size_t count, const char *code, const char *name)
{
    struct suggest_unit *unit = find(units, count, code);

    if (unit != NULL)
        give(unit, SUGGEST_AREA, SUGGEST_POINTS_AREA, SUGGEST_POINTS_AREA, name);
}

/* Give points for each word of `keywords` that stands in the text. */
static enum err
look_for(struct arena *arena, struct fold *fold, struct suggest_unit *unit,
         const char *keywords, const char *folded)
{
    static const char blanks[] = " \t\n";

    for (const char *at = keywords + strspn(keywords, blanks); *at != '\0';
         at += strspn(at, blanks)) {
        size_t bytes = strcspn(at, blanks);
        fold_clear(fold);
        TRY(fold_add(fold, at, bytes));
        if (text_characters(fold->text) >= KEYWORD_CHARACTERS_MIN &&
            strstr(folded, fold->text) != NULL) {
            const char *word = arena_copy(arena, at, bytes);
            if (word == NULL)
                return ERR_NO_MEMORY;
            give(unit, SUGGEST_DUTY, SUGGEST_POINTS_DUTY, SUGGEST_POINTS_DUTY_MOST, word);
        }
        at += bytes;
    }
    return OK;
}

enum err
suggest_duties(struct arena *arena, struct suggest_unit *units, size_t count,
               const char *folded)
{
    struct fold fold = { .text = NULL };
    enum err err = OK;

    for (size_t i = 0; i < count && err == OK; i++)
        err = look_for(arena, &fold, &units[i], units[i].duty_keywords, folded);
    fold_done(&fold);
    return err;
}

enum err
suggest_keywords(struct arena *arena, struct suggest_unit *units, size_t count,
                 const char *code, const char *keywords, const char *folded)
{
    struct suggest_unit *unit = find(units, count, code);
    struct fold fold = { .text = NULL };

    if (unit == NULL)
        return OK;
    enum err err = look_for(arena, &fold, unit, keywords, folded);
    fold_done(&fold);
    return err;
}

void
suggest_similar(struct suggest_unit *units, size_t count,
                const struct suggest_ticket *tickets, size_t ticket_count)
{
    int all = 0;

    for (size_t i = 0; i < ticket_count; i++)
        all += tickets[i].score;
    for (size_t u = 0; u < count && all > 0; u++) {
        int own = 0;
        for (size_t i = 0; i < ticket_count; i++)
            if (tickets[i].unit_id == units[u].id)
                own += tickets[i].score;
        for (size_t i = 0; i < ticket_count && own > 0; i++)
            if (tickets[i].unit_id == units[u].id)
                give(&units[u], SUGGEST_SIMILAR, 0, SUGGEST_POINTS_SIMILAR,
                     tickets[i].no);
        if (own > 0)
            give(&units[u], SUGGEST_SIMILAR,
                 (SUGGEST_POINTS_SIMILAR * own + all - 1) / all, SUGGEST_POINTS_SIMILAR,
                 NULL);
    }
}

static int
by_points(const void *a, const void *b)
{
    const struct suggest_unit *left = a, *right = b;

    return left->points != right->points ? right->points - left->points
                                         : strcmp(left->code, right->code);
}

size_t
suggest_rank(struct suggest_unit *units, size_t count)
{
    size_t best = 0;

    if (count > 0)
        qsort(units, count, sizeof *units, by_points);
    while (best < count && best < SUGGEST_MAX && units[best].points > 0)
        best++;
    return best;
}
