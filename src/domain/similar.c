/*
 * similar.c - see the header.
 */
#include "domain/similar.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"

/* From here on a person would say "the same place", "the same thing". */
#define SAME_PLACE 0.6
#define SAME_SUBJECT 0.4

/* An address says as much as the words, a caller a little. */
#define PLACE_SHARE 0.4
#define CALLER_SHARE 0.2

static int
compare(const void *a, const void *b)
{
    similar_pair left = *(const similar_pair *)a, right = *(const similar_pair *)b;

    return (left > right) - (left < right);
}

size_t
similar_pairs(const char *folded, similar_pair *ret_pairs, size_t room)
{
    size_t bytes = strlen(folded), count = 0, kept = 0;
    uint32_t last = 0, character = 0;
    bool is_in_word = false;

    for (size_t at = 0; at < bytes && count < room;) {
        at += fold_character(folded + at, bytes - at, &character);
        bool is_separator = fold_is_separator(character);
        if (is_in_word && !is_separator)
            ret_pairs[count++] = (similar_pair)last << 32 | character;
        is_in_word = !is_separator;
        last = character;
    }
    if (count > 0)
        qsort(ret_pairs, count, sizeof *ret_pairs, compare);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || ret_pairs[kept - 1] != ret_pairs[i])
            ret_pairs[kept++] = ret_pairs[i];
    return kept;
}

size_t
similar_shared(const similar_pair *left, size_t left_count, const similar_pair *right,
               size_t right_count)
{
    size_t shared = 0;

    for (size_t l = 0, r = 0; l < left_count && r < right_count;)
        if (left[l] == right[r]) {
            shared++;
            l++;
            r++;
        } else if (left[l] < right[r])
            l++;
        else
            r++;
    return shared;
}

int
similar_likeness(const similar_pair *left, size_t left_count, const similar_pair *right,
                 size_t right_count)
{
    size_t all = left_count + right_count;

    return all == 0
               ? 0
               : (int)(200 * similar_shared(left, left_count, right, right_count) / all);
}

double
similar_weight(int64_t found, int64_t most)
{
    return found >= most ? 0 : log((double)most / (double)(found < 1 ? 1 : found));
}

static size_t
encode(uint32_t character, char *to)
{
    if (character < 0x80) {
        to[0] = (char)character;
        return 1;
    }
    size_t length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    static const unsigned char heads[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    for (size_t i = length - 1; i > 0; i--, character >>= 6)
        to[i] = (char)(0x80 | (character & 0x3F));
    to[0] = (char)(heads[length] | character);
    return length;
}

void
similar_pair_text(similar_pair pair, char ret_text[SIMILAR_PAIR_BYTES])
{
    size_t bytes = encode((uint32_t)(pair >> 32), ret_text);

    bytes += encode((uint32_t)pair, ret_text + bytes);
    ret_text[bytes] = '\0';
}

int
similar_score(const struct similar_facts *facts, unsigned *ret_why)
{
    bool has_place = facts->place >= 0;
    double score = has_place
                       ? (1 - PLACE_SHARE) * facts->subject + PLACE_SHARE * facts->place
                       : facts->subject;

    if (facts->is_caller != 0)
        score += CALLER_SHARE;
    *ret_why = (has_place && facts->place >= SAME_PLACE ? SIMILAR_PLACE : 0u) |
               (facts->subject >= SAME_SUBJECT ? SIMILAR_SUBJECT : 0u) |
               (facts->is_caller != 0 ? SIMILAR_CALLER : 0u);
    return score >= 1 ? 100 : (int)(score * 100);
}
