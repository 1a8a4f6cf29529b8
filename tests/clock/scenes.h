#ifndef YIDAN_TESTS_SCENES_H
#define YIDAN_TESTS_SCENES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/moments.h"

/*
 * scenes.h - what cast.c laid out and expect.mjs worked out for it, in memory.
 *
 * Whatever goes wrong here ends the program with 2.
 */

#define SCENES_MAX 32
#define DUE_MAX 512

/* A closing that waits for somebody's word: told, not done. */
#define CLOSE_WAITS MOMENT_KIND_COUNT
#define KINDS (MOMENT_KIND_COUNT + 1)

/* A line of `expected`. */
struct due {
    int64_t at, ticket; /* ticket 0: the office's warning of that morning */
    int kind;
    int count, happened;
    bool was_latest; /* of a morning: some reading fell between it and the next */
};

struct scene {
    char name[64];
    unsigned char *database, *keys;
    size_t database_bytes, keys_bytes;
    int64_t begin;            /* the last action, and the first reading */
    struct due dues[DUE_MAX]; /* by time, ticket and kind */
    size_t count;
};

/* All of `root`, by name; how many. */
size_t scenes_load(const char *root, struct scene ret_scenes[SCENES_MAX]);

/* A data directory with the scene as it was laid out; nothing has happened. */
void scene_lay_out(struct scene *scene, const char *directory);

/* NULL: that is not expected. */
struct due *scene_find(struct scene *scene, int64_t ticket, int kind, int64_t at);

/* The last due second of a ticket; the mornings go on. */
int64_t scene_end(const struct scene *scene);

const char *kind_word(int kind);

/* "directory/name" */
void path_in(char path[PATH_MAX], const char *directory, const char *name);

_Noreturn void fail(const char *what, const char *why);

#endif
