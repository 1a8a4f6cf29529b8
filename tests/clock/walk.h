#ifndef YIDAN_TESTS_WALK_H
#define YIDAN_TESTS_WALK_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "moved.h"
#include "scenes.h"

/*
 * walk.h - a schedule under way, one in each process, and what is compared at its readings.
 *
 * What differs is printed with seed, step and clock, and counted; the schedule ends there.
 */

/* All of them are sums. */
struct figures {
    long schedules, readings, at_last_second, at_next, backwards, restarts, jumps,
        actions, comparisons, verified, differences;
    long kinds[KINDS];
};

extern struct walk {
    const char *root; /* holds the scenes */
    struct scene scenes[SCENES_MAX];
    size_t scene_count;

    /* The schedule. */
    uint64_t seed, random;
    struct scene *scene;
    int step;
    bool has_differed;

    struct moved moved;
    bool has_looked;
    int64_t last_wall, last_ms, expected_jump; /* 0: none */
    int64_t latest;
    int64_t seq, at; /* of the last event */

    struct figures figures;
} walk;

/* Let the timer look at the clock as it stands now, and look at what it did. */
void take_reading(void);

/* At the end: what the events tell has its rows, and nothing is left that is due. */
void compare_rows(void);

/* All that `yidan verify` looks at. */
void verify(void);

#endif
