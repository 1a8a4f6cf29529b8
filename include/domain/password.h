#ifndef YIDAN_DOMAIN_PASSWORD_H
#define YIDAN_DOMAIN_PASSWORD_H

#include <stdbool.h>

/*
 * password.h - which passwords people may choose.
 *
 * Layer    domain.
 * Units    characters of Unicode.
 * Source   product.md is silent; reliability.md 14 says how they are kept.
 */

#define PASSWORD_CHARACTERS_MIN 10
#define PASSWORD_CHARACTERS_MAX 128

/*
 * Would somebody who knows the login guess `password` among the first?  Both are
 * valid UTF-8; how long it may be is asked before.  True when it holds the login
 * (of three letters and more, in any case), is made of fewer than five different
 * bytes, is mostly a run (1234567890, aaaabbbbcc), or is a word that everybody
 * tries first with digits and signs around it.
 */
bool password_is_weak(const char *password, const char *login);

#endif
