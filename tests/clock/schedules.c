/*
 * schedules.c - the timer under any clock: each seed is a schedule of readings over the
 * tickets of cast.c, and after each reading what has happened is compared with what
 * expect.mjs worked out.
 *
 *     schedules DIRECTORY FIRST COUNT [PROCESSES]      seeds FIRST to FIRST + COUNT - 1
 *
 * The clock moves a second about due seconds, minutes, hours, up to two days, and back by
 * up to three hours; it passes, with the monotonic one, or is set, without it; the store is
 * closed and opened again, also while a due second goes by.  The timer is the real one.
 *
 * What a clock that is set back means (reliability.md 20; product.md, section 4: "exactly
 * once per ticket, kind and due moment, across restarts and clock jumps"):
 *  1. What was done stays done; when the clock comes to those seconds again nothing is
 *     done again.  So what has happened is what was due before the largest reading.
 *  2. An event's time is the reading, but never before the event before it.
 *  3. The office's warning of a missing year belongs to a morning: each morning that was
 *     the latest one at some reading is warned for, once; one that no reading fell into is
 *     over.
 *  4. A clock that moved by more than two seconds apart from the monotonic one is an event.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crypt.h"
#include "base/log.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "walk.h"

#define DAY_S 86400
#define READINGS_MAX 5000 /* of a schedule; it ends long before */
#define RESTARTS 40       /* one step in so many */
#define PASSES 4       /* one step forward in so many; the clock is set in the others */
#define VERIFIED 37    /* each so-many-th schedule, of all scenes in turn */
#define SCHEDULE_S 300 /* longer than any takes: a timer that never rests is ended */
#define TOLD 5000      /* after so many schedules a line says how far it is */
#define PROCESSES_MAX 64

struct walk walk;

/* --- Moving -------------------------------------------------------------------------- */

static uint64_t
any(uint64_t below)
{
    walk.random += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = walk.random;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % below;
}

static int64_t
between(int64_t least, int64_t most)
{
    return least + (int64_t)any((uint64_t)(most - least) + 1);
}

/* A due second that lies ahead, the next or one soon after; `now` when there is none. */
static int64_t
due_ahead(int64_t now)
{
    const struct scene *scene = walk.scene;
    uint64_t skipped = any(2) == 0 ? 0 : any(4);

    for (size_t i = 0; i < scene->count; i++) {
        if (scene->dues[i].at + 1 < now ||
            (i > 0 && scene->dues[i].at == scene->dues[i - 1].at))
            continue;
        if (skipped-- == 0)
            return scene->dues[i].at;
    }
    return now;
}

static int64_t
move_from(int64_t now)
{
    int64_t to;

    switch (any(16)) {
    case 0:
        return now - between(1, 3 * 3600);
    case 1:
        return now + between(-1, 1);
    case 2:
        return now + between(1, 60) * 60;
    case 3:
        return now + between(1, 23) * 3600;
    case 4:
    case 5:
        return now + between(1, 2 * DAY_S);
    default:
        to = due_ahead(now) + between(-1, 2);
        return to < now + 2 * DAY_S ? to : now + 2 * DAY_S;
    }
}

static void
take_step(void)
{
    int64_t now = walk.moved.wall, to = move_from(now);
    bool restarts = any(RESTARTS) == 0;
    bool passes = to > now && any(PASSES) == 0;

    walk.step++;
    walk.figures.backwards += to < now;
    if (restarts) {
        walk.figures.restarts++;
        moved_close(&walk.moved);
    }
    moved_set(&walk.moved, to, passes ? (to - now) * 1000 : between(0, 3000));
    if (restarts) {
        moved_open(&walk.moved);
        moved_start_timer(&walk.moved);
        walk.has_looked = false;
    }
    take_reading();
}

static void
run_schedule(uint64_t seed)
{
    static const int batches[] = { 1, 3, 20, 500 };

    walk.seed = seed;
    walk.random = seed * UINT64_C(0x5851f42d4c957f2d);
    walk.scene = &walk.scenes[seed % walk.scene_count];
    walk.step = 0;
    walk.has_differed = false;
    walk.latest = 0;
    walk.moved.config.sweep_batch = batches[any(4)];
    scene_lay_out(walk.scene, walk.moved.data);
    moved_set(&walk.moved, walk.scene->begin, 0);
    moved_open(&walk.moved);
    walk.seq = moved_ask(&walk.moved, "SELECT max(seq) FROM event", 0);
    walk.at = moved_ask(&walk.moved, "SELECT max(at) FROM event", 0);
    moved_start_timer(&walk.moved);
    walk.has_looked = false;
    take_reading();
    int64_t end = scene_end(walk.scene);
    while (walk.latest <= end && walk.step < READINGS_MAX && !walk.has_differed)
        take_step();
    if (walk.latest <= end && !walk.has_differed)
        fail("the schedule", "does not end");
    compare_rows();
    if (seed % VERIFIED == 0)
        verify();
    moved_close(&walk.moved);
    walk.figures.schedules++;
    for (size_t i = 0; i < walk.scene->count; i++) {
        walk.figures.kinds[walk.scene->dues[i].kind] += walk.scene->dues[i].happened;
        walk.figures.actions += walk.scene->dues[i].happened;
    }
}

/* --- Processes ----------------------------------------------------------------------- */

static bool
print_figures(const struct figures *sum, double seconds)
{
    bool are_few = sum->schedules < (long)walk.scene_count; /* some scene never came */

    printf("%ld schedules on %zu scenes, %ld readings: %ld at a last second, %ld at the"
           " next, %ld backwards, %ld after a restart, %ld jumps told\n",
           sum->schedules, walk.scene_count, sum->readings, sum->at_last_second,
           sum->at_next, sum->backwards, sum->restarts, sum->jumps);
    int missing = 0;
    for (int kind = 0; kind < KINDS; kind++) {
        printf("%s%s %ld", kind == 0 ? "" : ", ", kind_word(kind), sum->kinds[kind]);
        missing += sum->kinds[kind] == 0;
    }
    printf("\n%ld due actions, %ld comparisons, %ld verified, %ld differences, %.1f s\n",
           sum->actions, sum->comparisons, sum->verified, sum->differences, seconds);
    if (missing > 0 && !are_few)
        printf("%d kinds never came\n", missing);
    return sum->differences == 0 && (missing == 0 || are_few);
}

/* Seeds `first`, `first` + `stride` … below `end`, in a directory of its own. */
static void
walk_through(uint64_t first, uint64_t end, uint64_t stride, struct figures *ret_figures)
{
    if (!text_format(walk.moved.data, sizeof walk.moved.data, "%s/.walk-%d", walk.root,
                     (int)getpid()) ||
        !text_format(walk.moved.config.data, sizeof walk.moved.config.data, "%s",
                     walk.moved.data) ||
        mkdir(walk.moved.data, 0700) != 0)
        fail(walk.moved.data, "cannot be made");
    for (uint64_t seed = first; seed < end; seed += stride) {
        (void)alarm(SCHEDULE_S); /* the one before is over */
        run_schedule(seed);
        *ret_figures = walk.figures;
        if (walk.figures.schedules % TOLD != 0)
            continue;
        printf("process %d: %ld schedules, %ld differences\n", (int)getpid(),
               walk.figures.schedules, walk.figures.differences);
        (void)fflush(stdout); /* only that it is seen earlier */
    }
}

/* Each takes every so-many-th seed.  Did all come to their end? */
static bool
walk_side_by_side(uint64_t first, uint64_t count, int processes, struct figures *shared)
{
    pid_t pids[PROCESSES_MAX];
    bool are_complete = true;

    (void)fflush(stdout); /* or each would print it again */
    for (int i = 0; i < processes; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            walk_through(first + (uint64_t)i, first + count, (uint64_t)processes,
                         &shared[i]);
            exit(0);
        }
    }
    for (int i = 0; i < processes; i++) {
        int status = 0;

        if (pids[i] > 0 && waitpid(pids[i], &status, 0) == pids[i] && WIFEXITED(status) &&
            WEXITSTATUS(status) == 0)
            continue;
        printf("DIFFERS seed %llu: it did not come to its end\n",
               (unsigned long long)(first + (uint64_t)i +
                                    (uint64_t)(shared[i].schedules * processes)));
        are_complete = false;
    }
    return are_complete;
}

static double
seconds_now(void)
{
    return (double)time_monotonic_ms() / 1000;
}

int
main(int argc, char **argv)
{
    struct figures sum = { .schedules = 0 };

    if (argc < 4 || argc > 5) {
        fprintf(stderr, "usage: schedules DIRECTORY FIRST COUNT [PROCESSES]\n");
        return 2;
    }
    walk.root = argv[1];
    uint64_t first = strtoull(argv[2], NULL, 10), count = strtoull(argv[3], NULL, 10);
    int processes = argc < 5 ? 1 : atoi(argv[4]);
    if (processes < 1 || processes > PROCESSES_MAX)
        fail(argv[4], "so many processes");
    log_level_set(LOG_ERROR);
    (void)umask(077); /* keys are for their owner; the mask before does not matter */
    must(crypt_start(), "crypt");
    walk.scene_count = scenes_load(walk.root, walk.scenes);
    moved_init(&walk.moved);
    walk.moved.config.disk_reserve_bytes = walk.moved.config.upload_reserve_bytes = 0;

    double began = seconds_now();
    struct figures *shared =
        mmap(NULL, PROCESSES_MAX * sizeof *shared, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        fail("memory", "too little");
    bool are_complete = walk_side_by_side(first, count, processes, shared);
    for (int i = 0; i < processes; i++)
        for (size_t k = 0; k < sizeof sum / sizeof(long); k++)
            ((long *)&sum)[k] += ((const long *)&shared[i])[k];
    return print_figures(&sum, seconds_now() - began) && are_complete ? 0 : 1;
}
