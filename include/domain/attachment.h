#ifndef YIDAN_DOMAIN_ATTACHMENT_H
#define YIDAN_DOMAIN_ATTACHMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "domain/ticket_words.h"

/*
 * attachment.h - which files are taken, judged by name and bytes.
 *
 * Layer    domain: pure.
 * Source   reliability.md 18: by magic bytes and extension, never unpacked.
 */

#define ATTACHMENT_NAME_CHARACTERS 100

/* How many of a file's first bytes are looked at. */
#define ATTACHMENT_HEAD_BYTES 64

/* What is known of a file after it has passed by once. */
struct attachment_look {
    unsigned char head[ATTACHMENT_HEAD_BYTES];
    size_t head_bytes; /* fewer than ATTACHMENT_HEAD_BYTES: that is all of it */
    bool has_control;  /* a byte that stands in no text: a control but tab, LF, FF, CR */
};

/* Look at the next `count` bytes of the file. */
void attachment_look_at(struct attachment_look *look, const void *bytes, size_t count);

/* One type: its wire word is words_attachment_type's. */
struct attachment_rule {
    const char *extensions; /* "jpg jpeg" */
    const char *media_type; /* what it is served as */
};
extern const struct attachment_rule attachment_rules[ATTACHMENT_TYPE_COUNT];

/*
 * A name that may be shown and stored: 1 to ATTACHMENT_NAME_CHARACTERS
 * characters of UTF-8, without control characters, slashes and backslashes.
 */
bool attachment_name_is_valid(const char *name);

/*
 * The type (enum attachment_type) of the file `name`, when its extension is a
 * known one and its bytes are of that type; CHOICE_NONE otherwise.
 */
int attachment_judge(const char *name, const struct attachment_look *look);

#endif
