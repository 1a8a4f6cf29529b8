#include "disk_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* disk_image.c - what a loss of power leaves, and what a reader sees: folders of files. */

/* --- Names ------------------------------------------------------------- */

struct entry {
    const char *name;
    const struct file *file; /* NULL: a folder */
};

struct names {
    struct entry *entries;
    size_t count, room;
};

static size_t
names_find(const struct names *names, const char *name)
{
    size_t i = 0;

    while (i < names->count && strcmp(names->entries[i].name, name) != 0)
        i++;
    return i;
}

static void
names_set(struct names *names, const char *name, const struct file *file)
{
    size_t i = names_find(names, name);

    if (i == names->count)
        names->entries = disk_grown(names->entries, names->count++, &names->room,
                                    sizeof *names->entries);
    names->entries[i] = (struct entry){ .name = name, .file = file };
}

static void
names_change(struct names *names, const struct change *change)
{
    if (change->kind == RECORD_CREATE || change->kind == RECORD_FOLDER) {
        names_set(names, change->name, change->file);
        return;
    }
    size_t i = names_find(names, change->name);

    if (i == names->count) /* its making is not on the disk */
        return;
    const struct file *file = names->entries[i].file;

    names->entries[i] = names->entries[--names->count];
    if (change->kind == RECORD_RENAME)
        names_set(names, change->to, file);
}

/* All changes before `end`; `is_by_folder`: of these only the certain ones. */
static void
names_make(const struct disk *disk, size_t end, bool is_by_folder,
           struct names *ret_names)
{
    *ret_names = (struct names){ .count = 0 };
    for (size_t i = 0; i < end; i++)
        if (!is_by_folder || disk->changes[i].is_certain)
            names_change(ret_names, &disk->changes[i]);
}

/* --- An image ------------------------------------------------------------ */

static uint64_t
choose(uint64_t *seed, uint64_t count)
{
    return count == 0 ? 0 : disk_random(seed) % count;
}

static void
sectors_write(struct bytes *bytes, const struct file *file, const struct piece *piece,
              uint64_t *seed, uint64_t of_eight)
{
    int64_t end = piece->at + (int64_t)piece->count, next;

    for (int64_t at = piece->at; at < end; at = next) {
        int64_t begin = at / SECTOR_BYTES * SECTOR_BYTES;

        next = begin + SECTOR_BYTES;
        if (choose(seed, 8) >= of_eight)
            continue;
        lost_write(file, bytes, begin, next);
        bytes_write(bytes, (size_t)at, piece->bytes + (at - piece->at),
                    (size_t)((next < end ? next : end) - at));
    }
}

static void
piece_write(struct bytes *bytes, const struct file *file, const struct piece *piece)
{
    uint64_t none = 0;

    if (piece->is_cut)
        bytes_cut(bytes, (size_t)piece->at);
    else if (file->lost_count == 0)
        bytes_write(bytes, (size_t)piece->at, piece->bytes, piece->count);
    else
        sectors_write(bytes, file, piece, &none, 8);
}

/* The bytes of `file` in an image; `cut` is the first piece that is not kept whole. */
static void
file_image(const struct file *file, enum kept kept, uint64_t cut, uint64_t *seed,
           struct bytes *bytes)
{
    uint64_t of_eight = 1 + choose(seed, 7);
    bool is_torn = false;

    bytes_copy(bytes, &file->certain);
    uint64_t of_lost = choose(seed, 9); /* none .. all */

    for (size_t i = 0; i < file->lost_count; i++)
        if (choose(seed, 8) < of_lost)
            bytes_write(bytes, (size_t)file->lost[i].at, file->lost[i].bytes,
                        file->lost[i].count);
    for (size_t i = 0; i < file->piece_count; i++) {
        const struct piece *piece = &file->pieces[i];
        bool is_kept =
            kept == KEPT_ALL || (kept == KEPT_SUBSET && choose(seed, 8) < of_eight) ||
            ((kept == KEPT_PREFIX || kept == KEPT_TORN) && piece->order < cut) ||
            (kept == KEPT_SECTORS && piece->is_cut && choose(seed, 2) == 0);

        if (is_kept)
            piece_write(bytes, file, piece);
        else if (!piece->is_cut &&
                 (kept == KEPT_SECTORS || (kept == KEPT_TORN && !is_torn)))
            sectors_write(bytes, file, piece, seed, of_eight);
        is_torn = is_torn || !is_kept;
    }
}

static void
file_write(const char *path, const struct bytes *bytes)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (file < 0 && errno == ENOENT) /* its folder is not on the disk */
        return;
    if (file < 0 || (bytes->count > 0 &&
                     write(file, bytes->at, bytes->count) != (ssize_t)bytes->count))
        disk_give_up("cannot write", path);
    (void)close(file); /* for this process */
}

/* The order of the first piece that is not kept, somewhere among all of them. */
static uint64_t
choose_cut(const struct disk *disk, uint64_t *seed)
{
    uint64_t first = disk->order;

    for (size_t i = 0; i < disk->file_count; i++)
        if (disk->files[i]->piece_count > 0 && disk->files[i]->pieces[0].order < first)
            first = disk->files[i]->pieces[0].order;
    return first + choose(seed, disk->order - first + 1);
}

void
disk_image(const struct disk *disk, struct variant variant, uint64_t seed,
           const char *path)
{
    uint64_t cut = choose_cut(disk, &seed);
    size_t end = disk->certain_changes +
                 choose(&seed, disk->change_count - disk->certain_changes + 1);
    char name[PATH_MAX];
    struct names names;
    struct bytes bytes = { .count = 0 };

    if (variant.kept == KEPT_NONE)
        end = disk->certain_changes;
    if (variant.kept == KEPT_ALL || variant.is_by_folder)
        end = disk->change_count;
    names_make(disk, end, variant.is_by_folder, &names);
    for (size_t i = 0; i < names.count; i++)
        if (names.entries[i].file == NULL) {
            (void)snprintf(name, sizeof name, "%s/%s", path, names.entries[i].name);
            if (mkdir(name, 0700) != 0)
                disk_give_up("cannot make", name);
        }
    for (size_t i = 0; i < names.count; i++)
        if (names.entries[i].file != NULL) {
            (void)snprintf(name, sizeof name, "%s/%s", path, names.entries[i].name);
            file_image(names.entries[i].file, variant.kept, cut, &seed, &bytes);
            file_write(name, &bytes);
        }
    free(bytes.at);
    free(names.entries);
}

/* --- The record against the files ------------------------------------------ */

static bool
is_file(const char *path, const struct bytes *bytes)
{
    uint8_t block[PAGE_BYTES];
    size_t at = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = file < 0 ? -1 : 0;

    while (file >= 0 && (got = read(file, block, sizeof block)) > 0) {
        if (at + (size_t)got > bytes->count ||
            memcmp(bytes->at + at, block, (size_t)got) != 0)
            break;
        at += (size_t)got;
    }
    if (file >= 0)
        (void)close(file); /* only read */
    return got == 0 && at == bytes->count;
}

bool
disk_is(const struct disk *disk, const char *path)
{
    char name[PATH_MAX];
    struct names names;
    bool is_same = true;

    names_make(disk, disk->change_count, false, &names);
    for (size_t i = 0; i < names.count && is_same; i++) {
        const struct entry *entry = &names.entries[i];

        (void)snprintf(name, sizeof name, "%s/%s", path, entry->name);
        is_same = entry->file == NULL ? access(name, F_OK) == 0
                                      : is_file(name, &entry->file->seen);
        if (!is_same)
            (void)printf("  not as recorded: %s\n", entry->name);
    }
    free(names.entries);
    return is_same;
}
