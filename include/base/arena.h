#ifndef YIDAN_BASE_ARENA_H
#define YIDAN_BASE_ARENA_H

#include <stddef.h>

#include "base/error.h"

/*
 * arena.h - memory that dies together: one arena per request.
 *
 * Layer    base.
 * Threads  an arena belongs to one thread at a time; it travels with its job.
 * Lifetime everything allocated lives until arena_free() or arena_reset().
 */

struct arena; /* opaque */

/* A new arena, NULL when out of memory. */
struct arena *arena_new(void);

/* `bytes` zeroed bytes aligned for any type; NULL when out of memory.  0 bytes is 1. */
void *arena_alloc(struct arena *arena, size_t bytes);

/* The same, not zeroed: for who writes every byte before it is read. */
void *arena_alloc_raw(struct arena *arena, size_t bytes);

/* A zeroed `type` in the arena. */
#define arena_make(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

/* A zeroed array of `count` `type`s; NULL also when the size overflows. */
#define arena_array(arena, type, count)                                                  \
    ((type *)arena_alloc_array((arena), (count), sizeof(type)))
void *arena_alloc_array(struct arena *arena, size_t count, size_t bytes);

/* A copy of the `bytes` bytes at `text`, NUL-terminated. */
char *arena_copy(struct arena *arena, const char *text, size_t bytes);

/* A copy of `text`; NULL stays NULL. */
char *arena_text(struct arena *arena, const char *text);

/* printf into the arena. */
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* Forget everything but keep the first block for use again. */
void arena_reset(struct arena *arena);

/* Free everything; NULL does nothing. */
void arena_free(struct arena *arena);

#endif
