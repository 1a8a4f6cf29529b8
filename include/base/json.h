#ifndef YIDAN_BASE_JSON_H
#define YIDAN_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * json.h - strict reading of declared members, and a small writer.
 *
 * Layer    base.  cJSON parses; this wrapper refuses what it lets pass.
 * Threads  no shared state.
 * Units    text bounds are Unicode characters; `at` UTC seconds; `day` days
 *          since 1970-01-01 in the service's zone (+08:00).
 */

/* --- Reading ------------------------------------------------------------ */

enum json_kind {
    JSON_KIND_INT,       /* int64_t, bounds are its range */
    JSON_KIND_BOOL,      /* bool */
    JSON_KIND_TRISTATE,  /* enum tristate: absent, no, yes */
    JSON_KIND_TEXT,      /* const char * in the arena, bounds in characters */
    JSON_KIND_TEXT_LIST, /* struct text_list, bounds are the number of items */
    JSON_KIND_CHOICE,    /* int: index in `choices`; absent leaves it as it is */
    JSON_KIND_CHOICES,   /* uint64_t: set of indexes in `choices`, bounds: how many */
    JSON_KIND_DATE,      /* int32_t day, "YYYY-MM-DD" */
    JSON_KIND_TIME,      /* int64_t at, RFC 3339 with an offset */
    JSON_KIND_OBJECT     /* a nested struct in place, see `members` */
};

enum tristate { TRISTATE_ABSENT, TRISTATE_NO, TRISTATE_YES };

/* What a draft's number holds before it is read: no declared range contains it. */
#define NUMBER_ABSENT INT64_MIN

struct text_list {
    const char **items; /* in the arena */
    size_t count;
};

/* A declared set of words: the wire form of an enumeration, and its labels. */
struct choice {
    const char *word; /* "consult"; NULL word = a gap, never on the wire */
    const char *zh;
    const char *en;
};
struct choices {
    const char *name; /* "kind": key of the enumeration in /meta */
    const struct choice *items;
    size_t count;
};

/* The index of `word`, or -1. */
int choice_find(const struct choices *choices, const char *word);

/* The word of `index`, or NULL when out of range. */
const char *choice_word(const struct choices *choices, int index);

/* The words of a set of indexes, with commas between, in the arena; NULL when no memory. */
const char *choice_list(struct arena *arena, const struct choices *choices, uint64_t set);

/*
 * One declared member.  `max` is also the greatest length of each item of a
 * TEXT_LIST through `item_max`.  A member that is null counts as absent when
 * it is not required.  A TEXT is refused when it holds only white space and
 * `min` is at least 1.
 */
struct json_field {
    const char *name;
    enum json_kind kind;
    size_t offset; /* of the destination in the struct */
    int64_t min;
    int64_t max;
    int64_t item_max;                 /* TEXT_LIST */
    const struct choices *choices;    /* CHOICE, CHOICES */
    const struct json_field *members; /* OBJECT: ended by name NULL */
    bool required;
};

#define JSON_INT(name_, type, member, min_, max_, required_)                             \
    {                                                                                    \
        .name = name_, .kind = JSON_KIND_INT, .offset = offsetof(type, member),          \
        .min = min_, .max = max_, .required = required_                                  \
    }
#define JSON_BOOL(name_, type, member, required_)                                        \
    {                                                                                    \
        .name = name_, .kind = JSON_KIND_BOOL, .offset = offsetof(type, member),         \
        .required = required_                                                            \
    }
#define JSON_TRISTATE(name_, type, member, required_)                                    \
    {                                                                                    \
        .name = name_, .kind = JSON_KIND_TRISTATE, .offset = offsetof(type, member),     \
        .required = required_                                                            \
    }
#define JSON_TEXT(name_, type, member, min_, max_, required_)                            \
    {                                                                                    \
        .name = name_, .kind = JSON_KIND_TEXT, .offset = offsetof(type, member),         \
        .min = min_, .max = max_, .required = required_                                  \
    }
#define JSON_TEXT_LIST(name_, type, member, min_, max_, item_max_, required_)            \
    {                                                                                    \
        .name = name_, .kind = JSON_KIND_TEXT_LIST, .offset = offsetof(type, member),    \
        .min = min_, .max = max_, .item_max = item_max_, .required = required_           \
    }
#define JSON_CHOICE(name_, type, member, choices_, required_)                            \
    {                                                                                    \
        .name = name_, .kind = JSON_KIND_CHOICE, .offset = offsetof(type, member),       \
        .choices = choices_, .required = required_                                       \
    }
#define JSON_CHOICES(name_, type, member, choices_, min_, max_, required_)               \
    {                                                                                    \
        .name = name_, .kind = JSON_KIND_CHOICES, .offset = offsetof(type, member),      \
        .choices = choices_, .min = min_, .max = max_, .required = required_             \
    }
#define JSON_DATE(name_, type, member, required_)                                        \
    {                                                                                    \
        .name = name_, .kind = JSON_KIND_DATE, .offset = offsetof(type, member),         \
        .required = required_                                                            \
    }
#define JSON_TIME(name_, type, member, required_)                                        \
    {                                                                                    \
        .name = name_, .kind = JSON_KIND_TIME, .offset = offsetof(type, member),         \
        .required = required_                                                            \
    }
#define JSON_OBJECT(name_, type, member, members_, required_)                            \
    {                                                                                    \
        .name = name_, .kind = JSON_KIND_OBJECT, .offset = offsetof(type, member),       \
        .members = members_, .required = required_                                       \
    }
#define JSON_END                                                                         \
    {                                                                                    \
        .name = NULL                                                                     \
    }

#define JSON_REQUIRED true
#define JSON_OPTIONAL false

/*
 * Read `bytes` bytes of JSON at `body` into the struct at `into`, as declared
 * by `fields` (ended by JSON_END).  An empty body reads as {}.
 *
 * `present`, unless NULL, gets a bit for each field (by its index) that the
 * body names with a value other than null; so a table may have up to 64 rows.
 *
 * Refused as ERR_JSON_MALFORMED: anything that is not exactly one object in
 * valid UTF-8 within the limits of reliability.md 7 (no NUL or \u0000, no
 * control bytes, no duplicate keys, depth <= 16, <= 20,000 nodes, number
 * grammar of RFC 8259).
 * Refused as ERR_FIELDS, with every wrong field named in `reterr_problem`:
 * unknown members (field.unknown), missing ones (field.missing), wrong type
 * (field.type), out of bounds (field.range, field.too_long, field.too_short),
 * a word that is no choice (field.choice), a bad date or time (field.date,
 * field.time).
 * On failure `into` may be half filled; it is the arena's.
 */
MUST_CHECK enum err json_read(struct arena *arena, const char *body, size_t bytes,
                              const struct json_field *fields, void *into,
                              uint64_t *present, struct problem *reterr_problem);

/* --- Writing ------------------------------------------------------------ */

/*
 * A growing text in an arena.  Commas are placed by the writer.  Out of memory
 * is remembered, and told by json_out_done().
 */
struct json_out {
    struct arena *arena;
    char *text;
    size_t bytes, room;
    bool need_comma, failed;
};

void json_out_init(struct json_out *out, struct arena *arena);

/* Room for so many more bytes at once, where somebody can guess: spares growing. */
void json_out_expect(struct json_out *out, size_t bytes);

/*
 * Keys are trusted literals of ours and are written as they are.  NULL: in a
 * list.  What stands here are macros so that the compiler counts a key's bytes.
 */
struct json_key {
    const char *text;
    size_t bytes;
};
static inline struct json_key
json_key(const char *text)
{
    return (struct json_key){ text, text == NULL ? 0 : strlen(text) };
}

#define json_object_open(out, key) json_put_open((out), json_key(key), '{')
#define json_list_open(out, key) json_put_open((out), json_key(key), '[')
void json_put_open(struct json_out *out, struct json_key key, char bracket);
void json_object_close(struct json_out *out);
void json_list_close(struct json_out *out);

/* A NULL text is null.  Text is escaped; it must be valid UTF-8. */
#define json_text(out, key, text) json_put_text((out), json_key(key), (text))
void json_put_text(struct json_out *out, struct json_key key, const char *text);
/* The same for a word of the schema, which has nothing to escape. */
#define json_word(out, key, word) json_put_word((out), json_key(key), (word))
void json_put_word(struct json_out *out, struct json_key key, const char *word);
#define json_int(out, key, value) json_put_int((out), json_key(key), (value))
void json_put_int(struct json_out *out, struct json_key key, int64_t value);
/* 6 decimals at most. */
#define json_real(out, key, value) json_put_real((out), json_key(key), (value))
void json_put_real(struct json_out *out, struct json_key key, double value);
#define json_bool(out, key, value) json_put_bool((out), json_key(key), (value))
void json_put_bool(struct json_out *out, struct json_key key, bool value);
#define json_null(out, key) json_put_null((out), json_key(key))
void json_put_null(struct json_out *out, struct json_key key);
/* 0 is null. */
#define json_time(out, key, at) json_put_time((out), json_key(key), (at))
void json_put_time(struct json_out *out, struct json_key key, int64_t at);
#define json_date(out, key, day) json_put_date((out), json_key(key), (day))
void json_put_date(struct json_out *out, struct json_key key, int32_t day);
/* Trusted JSON. */
#define json_raw(out, key, json) json_put_raw((out), json_key(key), (json))
void json_put_raw(struct json_out *out, struct json_key key, const char *json);

/* Where the next value or member begins: what is written from there on may be kept ... */
size_t json_out_next(const struct json_out *out);
/* ... and put again, as values or members, where others of their kind may stand. */
void json_put_again(struct json_out *out, const char *text, size_t bytes);

/* The NUL-terminated text, owned by the arena.  Errors: ERR_NO_MEMORY. */
MUST_CHECK enum err json_out_done(struct json_out *out, const char **ret_text,
                                  size_t *ret_bytes);

#endif
