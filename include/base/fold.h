#ifndef YIDAN_BASE_FOLD_H
#define YIDAN_BASE_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * fold.h - one spelling for what a reader takes for the same text: Unicode's
 *          NFKC and full case folding ("Ａ" is "a", "㎡" is "m2").
 *
 * Layer    base; the tables are libutf8proc's.
 * Threads  a fold belongs to one thread at a time.
 * Lifetime the memory is kept from text to text until fold_done().
 *
 * Two texts are equal for a search when they fold to the same bytes.  Folding
 * what is folded changes nothing.
 */

/* A growing folded text.  Zeroed is empty; `text` is NULL or ends with a NUL. */
struct fold {
    char *text;
    size_t bytes;
    size_t room;
    int32_t *characters; /* scratch */
    size_t character_room;
};

/*
 * Append the folded form of the `bytes` bytes of valid UTF-8 at `text`.  Pieces
 * are folded each on its own: begin a new one with a separator.
 * Errors: ERR_NO_MEMORY, ERR_INTERNAL when it is not UTF-8.
 */
MUST_CHECK enum err fold_add(struct fold *fold, const char *text, size_t bytes);

/* Begin anew, keeping the memory. */
void fold_clear(struct fold *fold);
void fold_done(struct fold *fold);

/*
 * The first character of folded text, and its length in bytes (0 at the end,
 * and a bad byte is a character of its own).
 */
size_t fold_character(const char *text, size_t bytes, uint32_t *ret_character);

/*
 * Does the character part words for an index: white space, punctuation, signs?
 * Letters, digits and ideographs do not.
 */
bool fold_is_separator(uint32_t character);

#endif
