#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A chain of blocks, the newest first; the last one holds the arena itself.
 *
 * 1. Bytes of a block beyond `used` are never in anybody's hands.
 * 2. `used` is always a multiple of ALIGNMENT.
 *
 * Under the address sanitizer the bytes nobody holds are poisoned, and a gap
 * stands between two allocations, so that running over the end of one is
 * found here as it would be with malloc().
 */

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_WATCHED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ARENA_WATCHED 1
#endif

#ifdef ARENA_WATCHED
#include <sanitizer/asan_interface.h>
#ifndef __clang__
/* gcc takes hiding for reading, because the argument is a pointer to const. */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#define GAP_BYTES 16
#define HIDE(start, bytes) __asan_poison_memory_region((start), (bytes))
#define SHOW(start, bytes) __asan_unpoison_memory_region((start), (bytes))
#else
#define GAP_BYTES 0
#define HIDE(start, bytes) ((void)(start))
#define SHOW(start, bytes) ((void)(start), (void)(bytes))
#endif

#define ALIGNMENT (alignof(max_align_t) > 16 ? alignof(max_align_t) : 16)

/* Most requests fit the first block; larger ones need few more. */
#define FIRST_BLOCK_BYTES ((size_t)16 * 1024)
#define NEXT_BLOCK_BYTES ((size_t)64 * 1024)

struct block {
    struct block *older;
    size_t room; /* of `bytes` */
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *newest;
    struct block *first;
};

static size_t
rounded_up(size_t bytes)
{
    return (bytes + (ALIGNMENT - 1)) & ~(size_t)(ALIGNMENT - 1);
}

static struct block *
block_new(size_t room)
{
    if (room > SIZE_MAX - sizeof(struct block))
        return NULL;
    struct block *block = malloc(sizeof *block + room);
    if (block == NULL)
        return NULL;
    block->older = NULL;
    block->room = room;
    block->used = 0;
    HIDE(block->bytes, room);
    return block;
}

static void
block_free(struct block *block)
{
    SHOW(block->bytes, block->room);
    free(block);
}

/* Hand out `bytes` bytes of `block`, which has the room. */
static void *
block_take(struct block *block, size_t bytes, size_t rounded)
{
    unsigned char *start = block->bytes + block->used;

    block->used += rounded;
    SHOW(start, bytes);
    return start;
}

struct arena *
arena_new(void)
{
    struct block *block = block_new(FIRST_BLOCK_BYTES);
    if (block == NULL)
        return NULL;
    struct arena *arena = block_take(block, sizeof *arena, rounded_up(sizeof *arena));

    arena->newest = block;
    arena->first = block;
    return arena;
}

void *
arena_alloc_raw(struct arena *arena, size_t bytes)
{
    if (bytes == 0)
        bytes = 1;
    if (bytes > SIZE_MAX / 2)
        return NULL;
    size_t rounded = rounded_up(bytes + GAP_BYTES);
    struct block *newest = arena->newest;

    if (rounded <= newest->room - newest->used)
        return block_take(newest, bytes, rounded);

    bool is_large = rounded > NEXT_BLOCK_BYTES / 4;
    struct block *block = block_new(is_large ? rounded : NEXT_BLOCK_BYTES);
    if (block == NULL)
        return NULL;
    if (is_large) {
        /* A block of its own goes behind, so that the rest of the newest stays in use. */
        block->older = newest->older;
        newest->older = block;
    } else {
        block->older = newest;
        arena->newest = block;
    }
    return block_take(block, bytes, rounded);
}

void *
arena_alloc(struct arena *arena, size_t bytes)
{
    void *start = arena_alloc_raw(arena, bytes);

    return start == NULL ? NULL : memset(start, 0, bytes == 0 ? 1 : bytes);
}

void *
arena_alloc_array(struct arena *arena, size_t count, size_t bytes)
{
    size_t total = 0;

    if (__builtin_mul_overflow(count, bytes, &total))
        return NULL;
    return arena_alloc(arena, total);
}

char *
arena_copy(struct arena *arena, const char *text, size_t bytes)
{
    if (bytes == SIZE_MAX)
        return NULL;
    char *copy = arena_alloc_raw(arena, bytes + 1);

    if (copy == NULL)
        return NULL;
    if (bytes > 0)
        memcpy(copy, text, bytes);
    copy[bytes] = '\0';
    return copy;
}

char *
arena_text(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_copy(arena, text, strlen(text));
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
    char *text = NULL;
    va_list arguments, again;

    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length >= 0)
        text = arena_alloc(arena, (size_t)length + 1);
    if (text != NULL)
        (void)vsnprintf(text, (size_t)length + 1, format, again); /* measured above */
    va_end(again);
    va_end(arguments);
    return text;
}

/*
 * Free every block but the first, which no longer leads anywhere.  A large
 * block may stand behind the first one, so the walk does not end there.
 */
static void
blocks_free_but_first(struct arena *arena)
{
    struct block *first = arena->first;
    struct block *block = arena->newest;

    while (block != NULL) {
        struct block *older = block->older;

        if (block != first)
            block_free(block);
        block = older;
    }
    first->older = NULL;
}

void
arena_reset(struct arena *arena)
{
    struct block *first = arena->first;

    blocks_free_but_first(arena);
    arena->newest = first;
    first->used = rounded_up(sizeof *arena);
    HIDE(first->bytes + first->used, first->room - first->used);
}

void
arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    struct block *first = arena->first; /* the arena stands in it */

    blocks_free_but_first(arena);
    block_free(first);
}
