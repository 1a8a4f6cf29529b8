#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE_BYTES 4096
#define LOG_HEADER_BYTES 32
#define FLUSHES_MAX 64 /* that run at once */
#define ATTACHMENTS "attachments"

/* A file's bytes, as long as they go. */
struct bytes {
    uint8_t *at;
    size_t count, room;
};

/* A write or a cut that is not certain yet. */
struct piece {
    uint64_t order; /* among all of the disk */
    bool is_cut;    /* to `at` bytes */
    int64_t at;
    size_t count;
    const uint8_t *bytes; /* in the record */
};

/* A page that a failed flush left: on the disk or not. */
struct lost {
    int64_t at;
    size_t count;
    uint8_t bytes[PAGE_BYTES];
};

struct file {
    uint64_t number; /* the inode */
    bool is_log, is_attachment;
    struct bytes seen, certain;
    struct piece *pieces;
    size_t piece_count, piece_room;
    struct lost *lost;
    size_t lost_count, lost_room;
    /* Of the log: what was written since its last flush. */
    bool has_new_frames, has_new_header;
};

/* A change of names. */
struct change {
    enum record_kind kind;
    char *name, *to; /* `to` of RECORD_RENAME */
    struct file *file;
    bool is_certain;
};

struct entry {
    const char *name;
    const struct file *file; /* NULL: a folder */
};

struct folder {
    uint64_t number;
    char *name;
};

struct flush {
    int64_t number;
    uint64_t order;
    size_t changes;
    bool is_forgotten;
};

struct disk {
    enum forget forget;
    uint64_t order; /* of the next piece */
    struct file **files;
    size_t file_count, file_room;
    struct change *changes;
    size_t change_count, change_room;
    size_t certain_changes; /* the last certain one's place plus one */
    struct folder *folders;
    size_t folder_count, folder_room;
    struct flush flushes[FLUSHES_MAX];
    int failed_flushes, log_rounds;
};

static void
give_up(const char *what, const char *about)
{
    (void)fprintf(stderr, "disk: %s %s\n", what, about);
    exit(2);
}

/* Room for one more of `size` bytes each. */
static void *
grown(void *array, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return array;
    *room = *room == 0 ? 16 : 2 * *room;
    array = realloc(array, *room * size);
    if (array == NULL)
        give_up("no memory", "");
    return array;
}

uint64_t
disk_random(uint64_t *seed)
{
    uint64_t x = *seed += 0x9E3779B97F4A7C15U;

    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
}

/* --- Bytes ------------------------------------------------------------- */

static void
bytes_cut(struct bytes *bytes, size_t count)
{
    if (count > bytes->room) {
        bytes->room = 2 * count;
        bytes->at = realloc(bytes->at, bytes->room);
        if (bytes->at == NULL)
            give_up("no memory", "");
    }
    if (count > bytes->count)
        memset(bytes->at + bytes->count, 0, count - bytes->count);
    bytes->count = count;
}

static void
bytes_write(struct bytes *bytes, size_t at, const void *from, size_t count)
{
    if (at + count > bytes->count)
        bytes_cut(bytes, at + count);
    memcpy(bytes->at + at, from, count);
}

static void
bytes_copy(struct bytes *to, const struct bytes *from)
{
    bytes_cut(to, 0);
    if (from->count > 0)
        bytes_write(to, 0, from->at, from->count);
}

/* --- Pages that a failed flush left -------------------------------------- */

/* Write what is lost between `from` and `to`: whoever writes there writes it too. */
static void
lost_write(const struct file *file, struct bytes *bytes, int64_t from, int64_t to)
{
    for (size_t i = 0; i < file->lost_count; i++) {
        const struct lost *lost = &file->lost[i];
        int64_t begin = from > lost->at ? from : lost->at;
        int64_t end = lost->at + (int64_t)lost->count;

        end = to < end ? to : end;
        if (begin < end)
            bytes_write(bytes, (size_t)begin, lost->bytes + (begin - lost->at),
                        (size_t)(end - begin));
    }
}

static void
lost_forget(struct file *file, int64_t from, int64_t to)
{
    size_t kept = 0;

    for (size_t i = 0; i < file->lost_count; i++)
        if (file->lost[i].at + PAGE_BYTES <= from || file->lost[i].at >= to)
            file->lost[kept++] = file->lost[i];
    file->lost_count = kept;
}

static struct lost *
lost_page(struct file *file, int64_t at)
{
    for (size_t i = 0; i < file->lost_count; i++)
        if (file->lost[i].at == at)
            return &file->lost[i];
    file->lost =
        grown(file->lost, file->lost_count, &file->lost_room, sizeof *file->lost);
    struct lost *lost = &file->lost[file->lost_count++];
    size_t has = (size_t)at < file->certain.count ? file->certain.count - (size_t)at : 0;

    /* A page is the file's: what of it was not written is as it was. */
    *lost = (struct lost){ .at = at, .count = has < PAGE_BYTES ? has : PAGE_BYTES };
    if (lost->count > 0)
        memcpy(lost->bytes, file->certain.at + at, lost->count);
    return lost;
}

static void
lost_add(struct file *file, const struct piece *piece)
{
    int64_t end = piece->at + (int64_t)piece->count;

    for (int64_t at = piece->at / PAGE_BYTES * PAGE_BYTES; at < end; at += PAGE_BYTES) {
        struct lost *lost = lost_page(file, at);
        int64_t from = piece->at > at ? piece->at : at;
        int64_t to = end < at + PAGE_BYTES ? end : at + PAGE_BYTES;

        memcpy(lost->bytes + (from - at), piece->bytes + (from - piece->at),
               (size_t)(to - from));
        if (lost->count < (size_t)(to - at))
            lost->count = (size_t)(to - at);
    }
}

/* --- Pieces ------------------------------------------------------------ */

static void
piece_make_certain(struct file *file, const struct piece *piece)
{
    if (piece->is_cut) {
        lost_forget(file, piece->at, INT64_MAX);
        bytes_cut(&file->certain, (size_t)piece->at);
        return;
    }
    int64_t from = piece->at / PAGE_BYTES * PAGE_BYTES;
    int64_t to = piece->at + (int64_t)piece->count;

    to = (to + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    lost_write(file, &file->certain, from, to);
    lost_forget(file, from, to);
    bytes_write(&file->certain, (size_t)piece->at, piece->bytes, piece->count);
}

/*
 * A failed flush: its pages count as written and are not.  A file's length is kept by
 * the journal, which does not care.
 */
static void
piece_lose(struct file *file, const struct piece *piece)
{
    if (piece->is_cut)
        piece_make_certain(file, piece);
    else
        lost_add(file, piece);
}

static void
file_flushed(struct file *file, uint64_t before, bool is_failed)
{
    size_t done = 0;

    while (done < file->piece_count && file->pieces[done].order < before) {
        if (is_failed)
            piece_lose(file, &file->pieces[done]);
        else
            piece_make_certain(file, &file->pieces[done]);
        done++;
    }
    file->piece_count -= done;
    memmove(file->pieces, file->pieces + done, file->piece_count * sizeof *file->pieces);
}

static void
file_add(struct disk *disk, struct file *file, const struct piece *piece)
{
    file->pieces =
        grown(file->pieces, file->piece_count, &file->piece_room, sizeof *file->pieces);
    file->pieces[file->piece_count] = *piece;
    file->pieces[file->piece_count++].order = disk->order++;
}

/* --- What happens -------------------------------------------------------- */

static bool
ends_with(const char *text, const char *end)
{
    size_t bytes = strlen(text), end_bytes = strlen(end);

    return bytes >= end_bytes && strcmp(text + bytes - end_bytes, end) == 0;
}

static struct file *
file_find(const struct disk *disk, uint64_t number)
{
    for (size_t i = disk->file_count; i > 0; i--)
        if (disk->files[i - 1]->number == number)
            return disk->files[i - 1];
    return NULL;
}

static struct file *
file_of(const struct disk *disk, uint64_t number)
{
    struct file *file = file_find(disk, number);

    if (file == NULL)
        give_up("a file that was never made", "");
    return file;
}

static const char *
folder_of(const struct disk *disk, uint64_t number)
{
    for (size_t i = 0; i < disk->folder_count; i++)
        if (disk->folders[i].number == number)
            return disk->folders[i].name;
    return NULL;
}

static struct change *
change_add(struct disk *disk, enum record_kind kind, const char *name)
{
    disk->changes = grown(disk->changes, disk->change_count, &disk->change_room,
                          sizeof *disk->changes);
    struct change *change = &disk->changes[disk->change_count++];

    *change = (struct change){ .kind = kind, .name = strdup(name) };
    return change;
}

static void
file_make(struct disk *disk, uint64_t number, const char *name)
{
    struct file *file = calloc(1, sizeof *file);

    if (file == NULL)
        give_up("no memory", "");
    file->number = number;
    file->is_log = ends_with(name, "-wal");
    file->is_attachment = strncmp(name, ATTACHMENTS "/", strlen(ATTACHMENTS) + 1) == 0;
    disk->files =
        grown(disk->files, disk->file_count, &disk->file_room, sizeof *disk->files);
    disk->files[disk->file_count++] = file;
    change_add(disk, RECORD_CREATE, name)->file = file;
}

static void
folder_note(struct disk *disk, uint64_t number, const char *name)
{
    if (folder_of(disk, number) != NULL)
        return;
    disk->folders = grown(disk->folders, disk->folder_count, &disk->folder_room,
                          sizeof *disk->folders);
    disk->folders[disk->folder_count++] =
        (struct folder){ .number = number, .name = strdup(name) };
}

static void
write_happens(struct disk *disk, struct file *file, const struct record *head,
              const void *bytes)
{
    struct piece piece = { .at = head->at, .count = head->bytes, .bytes = bytes };
    size_t end = (size_t)head->at + head->bytes;
    bool is_same = end <= file->seen.count &&
                   memcmp(file->seen.at + head->at, bytes, head->bytes) == 0;

    if (file->is_log && head->at < LOG_HEADER_BYTES) {
        disk->log_rounds += !is_same;
        file->has_new_header = true;
    } else if (file->is_log) {
        file->has_new_frames = true;
    }
    bytes_write(&file->seen, (size_t)head->at, bytes, head->bytes);
    if (disk->forget == FORGET_REPAIR && file->is_log && is_same)
        return;
    file_add(disk, file, &piece);
}

/* A flush begins: what makes it one that a broken configuration would not do? */
static bool
is_forgotten(const struct disk *disk, struct file *file, const char *folder)
{
    if (file == NULL)
        return disk->forget == FORGET_FILE_FLUSHES && strcmp(folder, ATTACHMENTS) == 0;
    /* NORMAL still flushes the log's header, and before a checkpoint. */
    bool is_commit = file->has_new_frames && !file->has_new_header;

    file->has_new_frames = file->has_new_header = false;
    return (disk->forget == FORGET_LOG_FLUSHES && file->is_log && is_commit) ||
           (disk->forget == FORGET_FILE_FLUSHES && file->is_attachment);
}

static void
flush_begins(struct disk *disk, const struct record *head)
{
    const char *folder = folder_of(disk, head->file);
    struct file *file = folder == NULL ? file_of(disk, head->file) : NULL;

    for (size_t i = 0; i < FLUSHES_MAX; i++)
        if (disk->flushes[i].number == 0) {
            disk->flushes[i] = (struct flush){ .number = head->at,
                                               .order = disk->order,
                                               .changes = disk->change_count };
            disk->flushes[i].is_forgotten = is_forgotten(disk, file, folder);
            return;
        }
    give_up("too many flushes at once", "");
}

static bool
is_in(const char *name, const char *folder)
{
    const char *slash = strrchr(name, '/');
    size_t bytes = slash == NULL ? 0 : (size_t)(slash - name);

    return strlen(folder) == bytes && strncmp(name, folder, bytes) == 0;
}

static void
folder_flushed(struct disk *disk, const char *folder, size_t changes)
{
    for (size_t i = 0; i < changes; i++)
        if (is_in(disk->changes[i].name, folder)) {
            disk->changes[i].is_certain = true;
            if (disk->certain_changes < i + 1)
                disk->certain_changes = i + 1;
        }
}

static void
flush_ends(struct disk *disk, const struct record *head, bool is_failed)
{
    struct flush *flush = disk->flushes;

    while (flush < disk->flushes + FLUSHES_MAX && flush->number != head->at)
        flush++;
    if (flush == disk->flushes + FLUSHES_MAX)
        give_up("a flush that never began", "");
    const char *folder = folder_of(disk, head->file);

    disk->failed_flushes += is_failed;
    if (folder == NULL && (is_failed || !flush->is_forgotten))
        file_flushed(file_of(disk, head->file), flush->order, is_failed);
    else if (folder != NULL && !is_failed && !flush->is_forgotten)
        folder_flushed(disk, folder, flush->changes);
    flush->number = 0;
}

void
disk_apply(struct disk *disk, const struct record *head, const void *bytes)
{
    char name[PATH_MAX], to[PATH_MAX] = "";
    struct file *file;

    if (head->kind != RECORD_WRITE && head->kind != RECORD_ANSWER) {
        size_t length = head->bytes > 0 ? strnlen(bytes, head->bytes) : 0;

        (void)snprintf(name, sizeof name, "%.*s", (int)length, (const char *)bytes);
        if (length < head->bytes)
            (void)snprintf(to, sizeof to, "%.*s", (int)(head->bytes - length - 1),
                           (const char *)bytes + length + 1);
    }
    switch ((enum record_kind)head->kind) {
    case RECORD_CREATE:
        file_make(disk, head->file, name);
        break;
    case RECORD_FOLDER:
    case RECORD_UNLINK:
        (void)change_add(disk, head->kind, name);
        break;
    case RECORD_RENAME:
        change_add(disk, head->kind, name)->to = strdup(to);
        break;
    case RECORD_OPEN_FOLDER:
        folder_note(disk, head->file, name);
        break;
    case RECORD_WRITE:
        write_happens(disk, file_of(disk, head->file), head, bytes);
        break;
    case RECORD_CUT:
        file = file_of(disk, head->file);
        bytes_cut(&file->seen, (size_t)head->at);
        file_add(disk, file, &(struct piece){ .is_cut = true, .at = head->at });
        break;
    case RECORD_FLUSH:
        flush_begins(disk, head);
        break;
    case RECORD_FLUSHED:
        flush_ends(disk, head, false);
        break;
    case RECORD_FLUSH_FAILED:
        flush_ends(disk, head, true);
        break;
    case RECORD_ANSWER:
        break;
    default:
        give_up("an entry nobody knows", "");
    }
}

/* --- Names ------------------------------------------------------------- */

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
        names->entries =
            grown(names->entries, names->count++, &names->room, sizeof *names->entries);
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
        give_up("cannot write", path);
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
                give_up("cannot make", name);
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

int
disk_failed_flushes(const struct disk *disk)
{
    return disk->failed_flushes;
}

int
disk_log_rounds(const struct disk *disk)
{
    return disk->log_rounds;
}

/* --- Life ---------------------------------------------------------------- */

struct disk *
disk_new(enum forget forget)
{
    struct disk *disk = calloc(1, sizeof *disk);

    if (disk == NULL)
        give_up("no memory", "");
    disk->forget = forget;
    return disk;
}

void
disk_free(struct disk *disk)
{
    for (size_t i = 0; i < disk->file_count; i++) {
        free(disk->files[i]->seen.at);
        free(disk->files[i]->certain.at);
        free(disk->files[i]->pieces);
        free(disk->files[i]->lost);
        free(disk->files[i]);
    }
    for (size_t i = 0; i < disk->change_count; i++) {
        free(disk->changes[i].name);
        free(disk->changes[i].to);
    }
    for (size_t i = 0; i < disk->folder_count; i++)
        free(disk->folders[i].name);
    free(disk->files);
    free(disk->changes);
    free(disk->folders);
    free(disk);
}
