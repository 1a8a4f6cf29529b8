#ifndef YIDAN_DOMAIN_SIMILAR_H
#define YIDAN_DOMAIN_SIMILAR_H

#include <stddef.h>
#include <stdint.h>

/*
 * similar.h - how alike two texts are: by their pairs of neighbouring characters.
 *
 * Layer    domain: pure.
 * Source   product.md, section 3, "Repeats".
 */

/* Two characters of a word, side by side. */
typedef uint64_t similar_pair;

/*
 * The pairs of folded text (base/fold.h) without those over signs and blanks,
 * rising, each once; of those that come first at most `room`.  Returns how many.
 */
size_t similar_pairs(const char *folded, similar_pair *ret_pairs, size_t room);

/* How many pairs two such lists have in common. */
size_t similar_shared(const similar_pair *left, size_t left_count,
                      const similar_pair *right, size_t right_count);

/*
 * How alike two texts are, 0 to 100: twice the shared pairs of all pairs of both
 * (Dice).  Both ways alike; a text is 100 like itself, and a part of a longer one
 * is as much less as that is longer.  Texts without pairs are alike to nothing.
 */
int similar_likeness(const similar_pair *left, size_t left_count,
                     const similar_pair *right, size_t right_count);

/*
 * What a shared pair counts, 0 to about 7: found in `found` of the tickets looked
 * at, of which at most `most` are counted.  As often as that: nothing.
 */
double similar_weight(int64_t found, int64_t most);

/* The characters of a pair as folded text, at most 8 bytes and a NUL. */
#define SIMILAR_PAIR_BYTES 9
void similar_pair_text(similar_pair pair, char ret_text[SIMILAR_PAIR_BYTES]);

/* What two tickets have in common, each 0 to 1. */
struct similar_facts {
    double subject; /* of what title and content weigh */
    double place;   /* of what the address weighs; negative: none was given */
    int is_caller;  /* the same phone */
};

/* Why a ticket is shown: bits. */
enum similar_why { SIMILAR_PLACE = 1, SIMILAR_SUBJECT = 2, SIMILAR_CALLER = 4 };

/*
 * 0 to 100 and, in `*ret_why`, for what; below SIMILAR_SCORE_MIN it is not worth
 * showing.
 */
#define SIMILAR_SCORE_MIN 30
int similar_score(const struct similar_facts *facts, unsigned *ret_why);

#endif
