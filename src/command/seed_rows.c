/*
 * seed_rows.c - see the header.
 */
#include "command/seed_rows.h"

#include <string.h>

#include "embedded.gen.h"

enum err
seed_rows_open(struct arena *arena, const char *name, struct seed_rows *ret_rows)
{
    for (size_t i = 0; i < embedded_file_count; i++) {
        if (strcmp(embedded_files[i].name, name) != 0)
            continue;
        const char *fields[SEED_FIELDS_MAX];
        struct seed_rows rows = {
            .next = arena_copy(arena, (const char *)embedded_files[i].bytes,
                               embedded_files[i].size),
        };
        if (rows.next == NULL)
            return ERR_NO_MEMORY;
        (void)seed_rows_next(&rows, fields); /* the header */
        *ret_rows = rows;
        return OK;
    }
    return ERR_NOT_FOUND;
}

bool
seed_rows_next(struct seed_rows *rows, const char *ret_fields[SEED_FIELDS_MAX])
{
    char *line;

    do {
        line = rows->next;
        if (line[0] == '\0')
            return false;
        size_t length = strcspn(line, "\n");
        rows->next = line + length + (line[length] == '\n');
        line[length] = '\0';
    } while (line[0] == '#' || line[0] == '\0');

    for (size_t i = 0; i < SEED_FIELDS_MAX; i++) {
        ret_fields[i] = line;
        size_t length = strcspn(line, ",");
        line += length;
        if (*line == ',')
            *line++ = '\0';
    }
    return true;
}
