#ifndef YIDAN_COMMAND_INTERNAL_H
#define YIDAN_COMMAND_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * command_internal.h - what the commands share.
 *
 * Layer    command.
 */

/* One more wrong field; the problem's value is how many there are. Returns ERR_FIELDS. */
static inline enum err
command_field(struct problem *problem, const char *field, enum err code,
              const char *value)
{
    (void)problem_add(problem, field, code, value);
    return problem_value(problem, ERR_FIELDS, "%zu", problem->field_count);
}

/* Somebody else was first: it is now at `version`. */
static inline enum err
command_stale(struct problem *problem, int64_t version)
{
    return problem_value(problem, ERR_VERSION_CONFLICT, "%lld", (long long)version);
}

/*
 * The names of what changed, as they stand in an event's facts: ["name","roles"].
 * Names are literals of ours and fit by their number.
 */
struct command_changes {
    char list[320];
    size_t bytes;
};
void command_changed(struct command_changes *changes, const char *name);

#endif
