#ifndef YIDAN_BASE_TEXT_H
#define YIDAN_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * text.h - UTF-8, phones and masks.
 *
 * Layer    base.
 * Threads  pure functions.
 */

/* Is this valid UTF-8 (RFC 3629: no surrogates, no overlong forms, no NUL)? */
bool text_is_utf8(const char *text, size_t bytes);

/* Unicode characters in valid UTF-8. */
size_t text_characters(const char *text);

/* The byte length of the first `characters` characters of `text`. */
size_t text_prefix_bytes(const char *text, size_t characters);

/* Only white space (ASCII, U+00A0, U+3000)? */
bool text_is_blank(const char *text);

/*
 * Normalise a phone so that the same caller matches however typed: full-width
 * digits, spaces, dashes, brackets, "+86", "0086", "17951" prefixes and the
 * county's own area code `area_code` ("" for none) before a landline go.
 * `ret_phone` holds at least PHONE_BYTES.  False when what is left is not
 * 3 to 20 digits.
 */
#define PHONE_BYTES 24
bool text_phone(const char *typed, const char *area_code, char *ret_phone);

/*
 * Does `phone`, as text_phone() has it, look like a number one can be called on: a
 * mobile, a landline with or without its area code, a 400 or 800 number, one from
 * abroad?  What does not is perhaps mistyped, and still a number.
 */
bool text_phone_is_usual(const char *phone);

/* "138****1234" and "张**": what a masked viewer sees. `ret_masked` at least `room` bytes. */
void text_mask_phone(const char *phone, char *ret_masked, size_t room);
void text_mask_name(const char *name, char *ret_masked, size_t room);

/*
 * The first sentence of `content` as a title of at most `characters`
 * characters, with "…" where it was cut; white space folded.
 */
void text_title(const char *content, size_t characters, char *ret_title, size_t room);

/* snprintf that says whether it fitted. */
bool text_format(char *text, size_t room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
