#ifndef YIDAN_CLI_DEMO_H
#define YIDAN_CLI_DEMO_H

#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

/*
 * demo.h - a small made-up county to try the program with.
 *
 * Layer    cli.
 *
 * Everything is made by the commands the API uses, at times that move through
 * the last weeks up to `now`, with the timer's sweeps between them; so a demo
 * database is one that could have been lived.  Only query codes and salts
 * differ between two databases of the same seed and `now`.
 */

struct store;
struct writer;

#define DEMO_PASSWORD "yunxi-demo-2026"

struct demo_options {
    int64_t now;
    uint64_t seed;
    int tickets; /* at least; what comes in last is still open */
    int days;
};

/* What came of it. */
struct demo_result {
    int tickets, actions, conflicts, refused;
    int sweeps, moments;
    char first_refusal[96]; /* an action and its error, when `refused` is above 0 */
};

/* Fill an empty database. `out` gets the table of accounts; NULL: silent. */
MUST_CHECK enum err demo_fill(struct store *store, struct writer *writer,
                              const struct demo_options *options, FILE *out,
                              struct demo_result *ret_result);

/* demo_run(), what `init --demo` calls, is declared in cli_internal.h. */

#endif
