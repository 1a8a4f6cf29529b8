/*
 * replay.c - losses of power at many points of recorded runs: does the product, started
 * on what is left, have everything it acknowledged?
 *
 *     replay [--images N] [--seed S] DIRECTORY...
 *     replay [--images N] [--seed S] --forget WHAT DIRECTORY
 *     replay --seed S --only I [--forget WHAT] DIRECTORY
 *
 * A directory is one of load.mjs.  N images of each are built and opened; then the test
 * is tested: what leaves out the flushes of commits (log), those of attachments (files)
 * or the repair of the log (repair) must be caught in one image at least.
 *
 * All is decided by the seed.  The second form is one broken configuration alone, with
 * what it breaks; the third repeats one image and leaves another, unopened, as
 * DIRECTORY/image.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/crypt.h"
#include "base/log.h"
#include "disk.h"
#include "promise.h"
#include "record.h"

#define THOROUGH_EACH 32 /* one image in so many is looked at as `yidan verify` does */
#define EMPTY_EACH 50    /* one is of the time before anything was acknowledged */
/* What follows a failed flush: rollback, death, start, repair. */
#define TROUBLE_ENTRIES 60
#define FAILURES_MAX 64
/* A broken configuration gets one image in so many, and enough. */
#define BROKEN_SHARE 20
#define BROKEN_MIN 150
#define BROKEN_TRIES 10 /* some records have few points at which it shows */
#define TOLD_MAX 5      /* violations told of a run */
#define PATH_BYTES 4096
#define WHY_BYTES 256

static const char *const kept_words[] = { "none",   "all",  "prefix",
                                          "subset", "torn", "sectors" };
static const char *const forget_words[] = { "nothing", "log", "files", "repair" };

struct options {
    long images; /* of all directories together */
    uint64_t seed;
    long only; /* -1: all */
    enum forget forget;
    bool is_told; /* a violation is, as nobody expects it */
    char scratch[PATH_BYTES];
};

/* A record in memory; `starts` are the places of its entries. */
struct recording {
    const char *directory, *name;
    char data[PATH_BYTES], expected[PATH_BYTES];
    uint8_t *bytes;
    size_t byte_count;
    size_t *starts;
    size_t count;
};

/* One loss of power: before entry `point` happens. */
struct loss {
    long number;
    size_t point;
    struct variant variant;
    uint64_t seed;
};

static char under_way[WHY_BYTES]; /* told when an image ends the program */

/* --- Records ----------------------------------------------------------------- */

static struct record
entry_at(const struct recording *recording, size_t i, const uint8_t **ret_bytes)
{
    struct record head;

    memcpy(&head, recording->bytes + recording->starts[i], sizeof head);
    *ret_bytes = recording->bytes + recording->starts[i] + sizeof head;
    return head;
}

static bool
find_entries(struct recording *recording)
{
    size_t at = 0, room = 0;

    while (at + sizeof(struct record) <= recording->byte_count) {
        struct record head;

        memcpy(&head, recording->bytes + at, sizeof head);
        if (recording->count == room) {
            room = room == 0 ? 4096 : 2 * room;
            recording->starts =
                realloc(recording->starts, room * sizeof *recording->starts);
            if (recording->starts == NULL)
                return false;
        }
        recording->starts[recording->count++] = at;
        at += sizeof head + head.bytes;
    }
    return at == recording->byte_count && recording->count > 0;
}

static bool
recording_open(const char *directory, struct recording *ret_recording)
{
    char path[PATH_BYTES];
    struct stat facts;
    const char *slash = strrchr(directory, '/');
    struct recording recording = { .directory = directory,
                                   .name = slash == NULL ? directory : slash + 1 };

    (void)snprintf(path, sizeof path, "%s/record", directory);
    (void)snprintf(recording.data, sizeof recording.data, "%s/data", directory);
    (void)snprintf(recording.expected, sizeof recording.expected, "%s/expected",
                   directory);
    int file = open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0 || fstat(file, &facts) != 0)
        return false;
    recording.byte_count = (size_t)facts.st_size;
    recording.bytes = mmap(NULL, recording.byte_count, PROT_READ, MAP_PRIVATE, file, 0);
    (void)close(file); /* only read */
    *ret_recording = recording;
    return recording.bytes != MAP_FAILED && find_entries(ret_recording);
}

static void
recording_close(struct recording *recording)
{
    (void)munmap(recording->bytes, recording->byte_count); /* ours */
    free(recording->starts);
}

/* Are all answers known, and are the files at the end those of the record? */
static bool
recording_is_whole(const struct recording *recording)
{
    struct promises *promises = promises_read(recording->expected, recording->data);
    struct disk *disk = disk_new(FORGET_NOTHING);
    const uint8_t *bytes;
    char key[RECORD_KEY_BYTES + 1];
    bool is_whole = promises != NULL;
    size_t answers = 0;

    for (size_t i = 0; i < recording->count && is_whole; i++) {
        struct record head = entry_at(recording, i, &bytes);

        disk_apply(disk, &head, bytes);
        if (head.kind != RECORD_ANSWER || head.at / 100 != 2)
            continue;
        (void)snprintf(key, sizeof key, "%.*s", (int)head.bytes, (const char *)bytes);
        is_whole = promise_give(promises, key);
        answers++;
    }
    is_whole = is_whole && disk_is(disk, recording->data);
    if (is_whole)
        (void)printf("  %-10s %6zu entries, %4zu acknowledged, %2d flushes failed, "
                     "the log began %d times\n",
                     recording->name, recording->count, promises_given(promises),
                     disk_failed_flushes(disk), disk_log_rounds(disk));
    else
        (void)printf("  %s: the record is not whole (%zu answers)\n", recording->name,
                     answers);
    disk_free(disk);
    promises_free(promises);
    return is_whole;
}

/* --- Losses --------------------------------------------------------------------- */

/* The place of the first entry of one of two kinds from `from` on; none: the end. */
static size_t
find_entry(const struct recording *recording, size_t from, enum record_kind kind,
           enum record_kind other)
{
    const uint8_t *bytes;
    size_t i = from;

    for (; i < recording->count; i++) {
        enum record_kind is = entry_at(recording, i, &bytes).kind;

        if (is == kind || is == other)
            break;
    }
    return i;
}

/* A place after one of the flushes that failed; none failed: `otherwise`. */
static size_t
choose_trouble(const struct recording *recording, uint64_t *seed, size_t otherwise)
{
    size_t places[FAILURES_MAX], count = 0, i = 0;

    while (count < FAILURES_MAX &&
           (i = find_entry(recording, i, RECORD_FLUSH_FAILED, RECORD_FLUSH_FAILED)) <
               recording->count)
        places[count++] = i++;
    if (count == 0)
        return otherwise;
    size_t point =
        places[disk_random(seed) % count] + disk_random(seed) % TROUBLE_ENTRIES;

    return point < recording->count ? point : recording->count;
}

/*
 * Of three, one anywhere, one where most is at stake (behind an answer, and while a
 * flush runs), one after a flush that failed: only there the repair has work to do.
 */
static size_t
choose_point(const struct recording *recording, enum forget forget, uint64_t *seed)
{
    size_t first = find_entry(recording, 0, RECORD_ANSWER, RECORD_ANSWER);
    size_t point = first + disk_random(seed) % (recording->count - first + 1);

    if (disk_random(seed) % EMPTY_EACH == 0)
        return disk_random(seed) % (first + 1);
    switch (forget == FORGET_REPAIR ? 2 : disk_random(seed) % 3) {
    case 0:
        return point;
    case 1:
        point = find_entry(recording, point, RECORD_ANSWER, RECORD_FLUSH);
        return point + (point < recording->count);
    default:
        return choose_trouble(recording, seed, point);
    }
}

static int
by_point(const void *one, const void *other)
{
    const struct loss *a = one, *b = other;

    return a->point != b->point ? (a->point < b->point ? -1 : 1)
                                : (a->number > b->number) - (a->number < b->number);
}

static struct loss *
choose_losses(const struct recording *recording, enum forget forget, uint64_t seed,
              long images)
{
    struct loss *losses = calloc((size_t)images, sizeof *losses);

    for (long i = 0; losses != NULL && i < images; i++) {
        uint64_t own = seed * 1000003U + (uint64_t)i;

        (void)disk_random(&own);
        losses[i].number = i;
        losses[i].point = choose_point(recording, forget, &own);
        losses[i].variant.kept = (enum kept)(disk_random(&own) % KEPT_COUNT);
        losses[i].variant.is_by_folder = disk_random(&own) % 2 == 0;
        losses[i].seed = disk_random(&own);
    }
    if (losses != NULL)
        qsort(losses, (size_t)images, sizeof *losses, by_point);
    return losses;
}

static int
remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
    (void)facts;
    (void)kind;
    (void)place;
    return remove(path);
}

static void
remove_all(const char *path)
{
    (void)nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS); /* mkdir() then tells */
}

static void
make_image(const struct disk *disk, const struct loss *loss, const char *path)
{
    if (mkdir(path, 0700) != 0) {
        (void)fprintf(stderr, "replay: %s: %s\n", path, strerror(errno));
        exit(2);
    }
    disk_image(disk, loss->variant, loss->seed, path);
}

/* One image; false: a violation, told unless enough were. */
static bool
try_loss(const struct recording *recording, const struct options *options,
         const struct disk *disk, const struct promises *promises,
         const struct loss *loss, bool is_told)
{
    char path[PATH_BYTES + 16], why[WHY_BYTES] = "";

    (void)snprintf(under_way, sizeof under_way,
                   "%s: image %ld of %ld, seed %llu, forgets %s, at entry %zu, kept %s, "
                   "names %s",
                   recording->name, loss->number, options->images,
                   (unsigned long long)options->seed, forget_words[options->forget],
                   loss->point, kept_words[loss->variant.kept],
                   loss->variant.is_by_folder ? "by folder" : "in order");
    (void)snprintf(path, sizeof path, "%s/image", options->scratch);
    make_image(disk, loss, path);
    bool is_good =
        promises_kept(promises, path, loss->number % THOROUGH_EACH == 0, why, sizeof why);

    remove_all(path);
    if (!is_good && is_told)
        (void)printf("  violation in %s: %s\n", under_way, why);
    if (options->only >= 0) {
        (void)snprintf(path, sizeof path, "%s/image", recording->directory);
        remove_all(path);
        make_image(disk, loss, path);
        (void)printf("  %s\n  %s; left as %s\n", under_way, is_good ? "good" : why, path);
    }
    return is_good;
}

/* Go through a record and lose power; how many images were violations, -1: no run. */
static long
run(const struct recording *recording, const struct options *options)
{
    struct loss *losses =
        choose_losses(recording, options->forget, options->seed, options->images);
    struct promises *promises = promises_read(recording->expected, recording->data);
    struct disk *disk = disk_new(options->forget);
    const uint8_t *bytes;
    char key[RECORD_KEY_BYTES + 1];
    long next = 0, violations = 0;

    for (size_t i = 0; losses != NULL && promises != NULL && i <= recording->count; i++) {
        for (; next < options->images && losses[next].point == i; next++)
            if (options->only < 0 || options->only == losses[next].number)
                violations += !try_loss(recording, options, disk, promises, &losses[next],
                                        violations < TOLD_MAX && options->is_told);
        if (i == recording->count)
            break;
        struct record head = entry_at(recording, i, &bytes);

        disk_apply(disk, &head, bytes);
        if (head.kind != RECORD_ANSWER || head.at / 100 != 2)
            continue;
        (void)snprintf(key, sizeof key, "%.*s", (int)head.bytes, (const char *)bytes);
        (void)promise_give(promises, key); /* known: recording_is_whole() */
    }
    bool is_run = losses != NULL && promises != NULL && next == options->images;

    disk_free(disk);
    promises_free(promises);
    free(losses);
    return is_run ? violations : -1;
}

/* --- The whole ------------------------------------------------------------------- */

static double
now_s(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The configuration as it is: no violation in any of the records. */
static bool
run_honest(struct recording *recordings, int count, const struct options *options)
{
    struct options own = *options;
    double begin = now_s();
    long violations = 0, images = 0;

    own.forget = FORGET_NOTHING;
    own.is_told = true;
    for (int i = 0; i < count; i++) {
        own.images = options->images * (i + 1) / count - options->images * i / count;
        long found = run(&recordings[i], &own);

        if (found < 0)
            return false;
        violations += found;
        images += own.images;
    }
    double took_s = now_s() - begin;

    (void)printf("  %-10s %6ld images, %ld violations, %.0f images/s\n", "as it is",
                 images, violations, (double)images / took_s);
    return violations == 0;
}

/* A broken one must be caught. */
static bool
run_broken(const struct recording *recording, const struct options *options,
           enum forget forget)
{
    struct options own = *options;

    own.forget = forget;
    own.is_told = options->forget != FORGET_NOTHING;
    if (options->forget == FORGET_NOTHING)
        own.images = options->images / BROKEN_SHARE > BROKEN_MIN
                         ? options->images / BROKEN_SHARE
                         : BROKEN_MIN;
    long violations = 0, images = 0;

    for (int i = 0; i < BROKEN_TRIES && violations == 0; i++) {
        violations = run(recording, &own);
        images += own.images;
        own.seed++;
    }
    (void)printf("  %-10s %6ld images, %ld violations: %s\n", forget_words[forget],
                 images, violations, violations > 0 ? "caught" : "NOT caught");
    return violations > 0;
}

static void
tell_end(int number)
{
    ssize_t ignored = write(STDERR_FILENO, under_way, strlen(under_way));

    ignored = write(STDERR_FILENO, " ended the program\n", 19);
    (void)ignored; /* there is nobody else to tell */
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

static bool
read_options(int argc, char **argv, struct options *ret_options, int *ret_next)
{
    struct options options = { .images = 3000, .seed = 1, .only = -1 };
    int i = 1;

    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        const char *name = argv[i] + 2, *value = argv[i + 1];

        if (strcmp(name, "images") == 0)
            options.images = strtol(value, NULL, 10);
        else if (strcmp(name, "seed") == 0)
            options.seed = strtoull(value, NULL, 10);
        else if (strcmp(name, "only") == 0)
            options.only = strtol(value, NULL, 10);
        else if (strcmp(name, "forget") == 0)
            while (options.forget < FORGET_REPAIR &&
                   strcmp(value, forget_words[options.forget]) != 0)
                options.forget++;
        else
            return false;
    }
    *ret_options = options;
    *ret_next = i;
    return i < argc && options.images > 0 && (options.only < 0 || i + 1 == argc);
}

static bool
run_all(struct recording *recordings, int count, const struct options *options)
{
    if (options->only >= 0)
        return run(&recordings[0], options) == 0;
    if (options->forget != FORGET_NOTHING)
        return run_broken(&recordings[0], options, options->forget);
    bool is_good = run_honest(recordings, count, options);

    for (enum forget forget = FORGET_LOG_FLUSHES; forget <= FORGET_REPAIR; forget++) {
        /* Only after a failed flush the repair has something to do: the last record. */
        const struct recording *one =
            &recordings[forget == FORGET_REPAIR ? count - 1 : 0];

        is_good = run_broken(one, options, forget) && is_good;
    }
    return is_good;
}

#define RECORDINGS_MAX 8

int
main(int argc, char **argv)
{
    struct recording recordings[RECORDINGS_MAX];
    struct options options;
    int next = 0, count = 0;
    bool is_good = true;

    if (!read_options(argc, argv, &options, &next) || argc - next > RECORDINGS_MAX) {
        (void)fprintf(stderr, "usage: see the head of replay.c\n");
        return 2;
    }
    (void)setvbuf(stdout, NULL, _IOLBF, 0);         /* only a matter of looks */
    log_level_set((enum log_level)(LOG_ERROR + 1)); /* failures here are wanted */
    (void)snprintf(options.scratch, sizeof options.scratch, "%s/yidan-power-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (crypt_start() != OK || mkdtemp(options.scratch) == NULL)
        return 2;
    (void)signal(SIGABRT, tell_end); /* these two cannot fail */
    (void)signal(SIGSEGV, tell_end);
    for (; next < argc && is_good; next++, count++)
        is_good = recording_open(argv[next], &recordings[count]) &&
                  (options.only >= 0 || recording_is_whole(&recordings[count]));
    is_good = is_good && run_all(recordings, count, &options);
    for (int i = 0; i < count; i++)
        recording_close(&recordings[i]);
    remove_all(options.scratch);
    return is_good ? 0 : 1;
}
