#include "disk_internal.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOG_HEADER_BYTES 32
#define ATTACHMENTS "attachments"

void
disk_give_up(const char *what, const char *about)
{
    (void)fprintf(stderr, "disk: %s %s\n", what, about);
    exit(2);
}

void *
disk_grown(void *array, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return array;
    *room = *room == 0 ? 16 : 2 * *room;
    array = realloc(array, *room * size);
    if (array == NULL)
        disk_give_up("no memory", "");
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

void
bytes_cut(struct bytes *bytes, size_t count)
{
    if (count > bytes->room) {
        bytes->room = 2 * count;
        bytes->at = realloc(bytes->at, bytes->room);
        if (bytes->at == NULL)
            disk_give_up("no memory", "");
    }
    if (count > bytes->count)
        memset(bytes->at + bytes->count, 0, count - bytes->count);
    bytes->count = count;
}

void
bytes_write(struct bytes *bytes, size_t at, const void *from, size_t count)
{
    if (at + count > bytes->count)
        bytes_cut(bytes, at + count);
    memcpy(bytes->at + at, from, count);
}

void
bytes_copy(struct bytes *to, const struct bytes *from)
{
    bytes_cut(to, 0);
    if (from->count > 0)
        bytes_write(to, 0, from->at, from->count);
}

/* --- Pages that a failed flush left -------------------------------------- */

void
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
        disk_grown(file->lost, file->lost_count, &file->lost_room, sizeof *file->lost);
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
    file->pieces = disk_grown(file->pieces, file->piece_count, &file->piece_room,
                              sizeof *file->pieces);
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
        disk_give_up("a file that was never made", "");
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
    disk->changes = disk_grown(disk->changes, disk->change_count, &disk->change_room,
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
        disk_give_up("no memory", "");
    file->number = number;
    file->is_log = ends_with(name, "-wal");
    file->is_attachment = strncmp(name, ATTACHMENTS "/", strlen(ATTACHMENTS) + 1) == 0;
    disk->files =
        disk_grown(disk->files, disk->file_count, &disk->file_room, sizeof *disk->files);
    disk->files[disk->file_count++] = file;
    change_add(disk, RECORD_CREATE, name)->file = file;
}

static void
folder_note(struct disk *disk, uint64_t number, const char *name)
{
    if (folder_of(disk, number) != NULL)
        return;
    disk->folders = disk_grown(disk->folders, disk->folder_count, &disk->folder_room,
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
    disk_give_up("too many flushes at once", "");
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
        disk_give_up("a flush that never began", "");
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
        disk_give_up("an entry nobody knows", "");
    }
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
        disk_give_up("no memory", "");
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
