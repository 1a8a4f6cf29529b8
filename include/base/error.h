#ifndef YIDAN_BASE_ERROR_H
#define YIDAN_BASE_ERROR_H

#include <stddef.h>

/*
 * error.h - one registry of errors, and how a function says why.
 *
 * Layer    base.
 * Threads  everything here is immutable or the caller's own.
 *
 * `enum err` and the texts are generated from api/errors.tsv: the row
 * "ticket.version_conflict" becomes ERR_TICKET_VERSION_CONFLICT.  OK is 0.
 */

#include "errors.gen.h"

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_, first_) __attribute__((format(printf, format_, first_)))

/*
 * Return the error of `call`, if any.  Only where nothing has to be undone:
 * in commands (the savepoint undoes), in handlers (the arena frees) and in
 * code that holds nothing.
 */
#define TRY(call)                                                                        \
    do {                                                                                 \
        enum err try_error_ = (call);                                                    \
        if (try_error_ != OK)                                                            \
            return try_error_;                                                           \
    } while (0)

enum language { LANGUAGE_ZH, LANGUAGE_EN, LANGUAGE_COUNT };

/* One wrong field of a request. */
struct problem_field {
    char field[64]; /* the member as the client wrote it, "petitioner.phone" */
    enum err code;
    char value[64]; /* fills "{}" in the text of `code`; may be empty */
};

#define PROBLEM_FIELDS_MAX 16

/*
 * Why something was refused, for a person to read.  Zeroed is "no reason
 * given".  `value` fills "{}" in the text of the error itself (the present
 * version, the number of an existing ticket).
 */
struct problem {
    char value[96];
    size_t field_count;
    struct problem_field fields[PROBLEM_FIELDS_MAX];
};

/*
 * Add `field` with its own `code`; `value` may be NULL.  NULL `problem` and a
 * full list are ignored.  Returns `code`, so that a caller can write
 * `return problem_add(...)`.
 */
enum err problem_add(struct problem *problem, const char *field, enum err code,
                     const char *value);

/* Set the value of the problem as a whole; returns `code`. */
enum err problem_value(struct problem *problem, enum err code, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* The stable word on the wire, "ticket.version_conflict"; never NULL. */
const char *err_code(enum err err);

/* The error with that word; ERR_INTERNAL when there is none. */
enum err err_find(const char *code);

/* The HTTP status; only http and api look at it. */
int err_status(enum err err);

/* The text, with "{}" where the value goes; never NULL. */
const char *err_text(enum err err, enum language language);

#endif
