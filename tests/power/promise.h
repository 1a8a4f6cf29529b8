#ifndef YIDAN_TESTS_POWER_PROMISE_H
#define YIDAN_TESTS_POWER_PROMISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * promise.h - what the server has acknowledged, and whether a data directory keeps it.
 */

struct promises;

/*
 * The writes of the file `expected` (load.mjs): key, ticket, event, how many such events
 * of that ticket, its version, bytes of a file, and the ticket's text or the file's id
 * and SHA-256.  `data` is the data directory as the load left it, with the files.
 * NULL with a message when one is not as it was sent.
 */
struct promises *promises_read(const char *expected, const char *data);
void promises_free(struct promises *promises); /* NULL does nothing */

/* The one with this key is given; false: nobody knows it. */
bool promise_give(struct promises *promises, const char *key);
size_t promises_given(const struct promises *promises);

/*
 * Open the data directory `path` as the server does, look whether every promise given so
 * far is kept and nothing is half done, and write something.  `is_thorough`: all that
 * `yidan verify` looks at.  False with the reason in `why`.
 */
bool promises_kept(const struct promises *promises, const char *path, bool is_thorough,
                   char *why, size_t why_room);

#endif
