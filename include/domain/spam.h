#ifndef YIDAN_DOMAIN_SPAM_H
#define YIDAN_DOMAIN_SPAM_H

#include <stdbool.h>
#include <stddef.h>

/*
 * spam.h - does a message from the public form look like spam?
 *
 * Layer    domain.
 * Source   product.md, section 2, "Suspected spam"; reliability.md 19.
 *
 * A guess, never a verdict: such a ticket is received without a clock, and a
 * clerk clears or declines it.
 */

/*
 * `text` is valid UTF-8.  `phrases` are those the office calls spam, compared
 * without space, width and case; NULL with `count` 0 for none.
 * True for a link, for one character or group repeated over and over, and for
 * a phrase.
 */
bool spam_suspected(const char *text, const char *const *phrases, size_t count);

#endif
