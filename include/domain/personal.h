#ifndef YIDAN_DOMAIN_PERSONAL_H
#define YIDAN_DOMAIN_PERSONAL_H

/*
 * personal.h - personal data in a text that is about to become public.
 *
 * Layer    domain.
 * Source   product.md, section 2, `publish`.
 */

#include <stdbool.h>

enum personal {
    PERSONAL_NONE,
    PERSONAL_PHONE,
    PERSONAL_ID_CARD,
    PERSONAL_PLATE,
    PERSONAL_NAME
};

/*
 * The first kind of personal data found in `text` (valid UTF-8, folded): a
 * mobile or landline number, an identity-card number, a vehicle plate.
 */
enum personal personal_find(const char *text);

/* PERSONAL_NAME when `text` (folded, without spaces) holds one of `names`, ended by NULL. */
enum personal personal_find_name(const char *text, const char *const *names);

/*
 * Copy `text` (valid UTF-8) with full-width forms as plain ones and without
 * characters that are not seen; without white space too when `drops_space`.
 * The copy is never longer: `ret_folded` has room for strlen + 1.
 */
void personal_fold(const char *text, bool drops_space, char *ret_folded);

/* The same, with space, and with Chinese, circled and mathematical numerals as digits. */
void personal_fold_numerals(const char *text, char *ret_folded);

/* What it is, in both languages: "电话 phone"; never NULL. */
const char *personal_word(enum personal personal);

#endif
