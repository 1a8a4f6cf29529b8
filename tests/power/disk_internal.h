#ifndef YIDAN_TESTS_POWER_DISK_INTERNAL_H
#define YIDAN_TESTS_POWER_DISK_INTERNAL_H

#include "disk.h"

/*
 * disk_internal.h - what disk.c learns from a record and disk_image.c makes images of.
 */

#define PAGE_BYTES 4096
#define FLUSHES_MAX 64 /* that run at once */

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

/* Say that the test is broken, and end the program. */
void disk_give_up(const char *what, const char *about);

/* `array` with room for one more of `size` bytes each; it may have moved. */
void *disk_grown(void *array, size_t count, size_t *room, size_t size);

/* Cut to `count` bytes, or fill up with zeros. */
void bytes_cut(struct bytes *bytes, size_t count);
void bytes_write(struct bytes *bytes, size_t at, const void *from, size_t count);
void bytes_copy(struct bytes *to, const struct bytes *from);

/* Write what is lost between `from` and `to`: whoever writes there writes it too. */
void lost_write(const struct file *file, struct bytes *bytes, int64_t from, int64_t to);

#endif
