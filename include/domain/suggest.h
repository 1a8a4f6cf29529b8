#ifndef YIDAN_DOMAIN_SUGGEST_H
#define YIDAN_DOMAIN_SUGGEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "domain/ticket_words.h"

/*
 * suggest.h - which units a new ticket may belong to, and why.  A person decides.
 *
 * Layer    domain: pure; what is given must be looked up.
 * Lifetime texts are borrowed.
 * Source   product.md, section 8, "Recommended unit".
 *
 * Each reason gives a unit points, at most these, and the points are added up:
 *
 *     category  50        the unit that mostly handles the category, or the nearest above it
 *     similar   40        of the points of the most similar closed tickets its share
 *     duty      15 each   its duty keywords, or its categories' keywords, in the text; at most 45
 *     area      25        it is responsible for the area, or for the township of it
 *
 * The order is that of the points; among equals that of the codes.
 */

#define SUGGEST_MAX 3   /* units proposed */
#define SUGGEST_SHOWN 3 /* words or numbers shown for a reason */

#define SUGGEST_POINTS_CATEGORY 50
#define SUGGEST_POINTS_SIMILAR 40
#define SUGGEST_POINTS_DUTY 15
#define SUGGEST_POINTS_DUTY_MOST 45
#define SUGGEST_POINTS_AREA 25

struct suggest_reason {
    int points; /* 0: no reason */
    const char *shown[SUGGEST_SHOWN];
    size_t shown_count;
};

/* A unit that may lead, and what speaks for it. */
struct suggest_unit {
    int64_t id;
    const char *code;
    const char *duty_keywords; /* parted by spaces */
    int points;
    struct suggest_reason reasons[SUGGEST_WHY_COUNT];
};

/* The unit of the ticket's category; `name` is that of the category. */
void suggest_category(struct suggest_unit *units, size_t count, const char *code,
                      const char *name);

/* Unit `code` is responsible for the area called `name`. */
void suggest_area(struct suggest_unit *units, size_t count, const char *code,
                  const char *name);

/*
 * Keywords (parted by spaces) in the ticket's text, which is folded (base/fold.h):
 * the units' own, or those of a category that unit `code` mostly handles.  What
 * was found lies in the arena.  Errors: ERR_NO_MEMORY, ERR_INTERNAL.
 */
MUST_CHECK enum err suggest_duties(struct arena *arena, struct suggest_unit *units,
                                   size_t count, const char *folded);
MUST_CHECK enum err suggest_keywords(struct arena *arena, struct suggest_unit *units,
                                     size_t count, const char *code, const char *keywords,
                                     const char *folded);

/* A closed ticket that is alike, 0 to 100. */
struct suggest_ticket {
    const char *no;
    int64_t unit_id;
    int score;
};
/* Most alike first. */
void suggest_similar(struct suggest_unit *units, size_t count,
                     const struct suggest_ticket *tickets, size_t ticket_count);

/* Bring the best to the front; returns how many of them have any points, up to SUGGEST_MAX. */
size_t suggest_rank(struct suggest_unit *units, size_t count);

#endif
