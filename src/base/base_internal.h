#ifndef YIDAN_BASE_INTERNAL_H
#define YIDAN_BASE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * base_internal.h - what the files of this layer share with each other only.
 *
 * Layer    base.
 * Threads  pure functions.
 */

/* A UTF-8 character has at most this many bytes. */
#define CHARACTER_BYTES 4

/*
 * Decode the first character of the `bytes` bytes at `text` (RFC 3629).
 * Returns its length, or 0 when there is none or it is not valid.
 */
size_t text_decode(const char *text, size_t bytes, uint32_t *ret_character);

/*
 * Copy as much of valid UTF-8 `from` to `to` as fits `room` bytes with the
 * NUL; never half a character.  Returns false when it was cut.
 */
bool text_copy(char *to, size_t room, const char *from);

/* A control character (C0, DEL, C1) other than tab, line feed, carriage return? */
bool text_has_control(const char *text);

/* The limits of reliability.md 7. */
#define JSON_BODY_BYTES_MAX ((size_t)256 * 1024)
#define JSON_DEPTH_MAX 16
#define JSON_NODES_MAX 20000
#define JSON_NUMBER_BYTES_MAX 40 /* cJSON itself cuts a number at 63 bytes */

/* Where and why a text is not the JSON we accept. */
struct json_fault {
    size_t at_byte;
    const char *reason; /* static */
};

/*
 * Is this exactly one JSON object within the limits above?  Everything is
 * checked here but duplicate keys, which json_read.c finds in the parsed tree.
 */
bool json_scan(const char *text, size_t bytes, struct json_fault *ret_fault);

#endif
