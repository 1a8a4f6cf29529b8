#include "store/kept.h"

#include <stdlib.h>
#include <string.h>

#include "store/reader.h"
#include "store_internal.h"

/*
 * kept.c - see the header.
 *
 * 1. Every key has one place, which the next one with the same place takes.
 * 2. What is kept carries the mark its rows had (changes.c), and is good only
 *    while they have it.  A mark that the snapshot might not include yet is none:
 *    then nothing is found and nothing kept.
 */

struct piece {
    struct kept_key key;
    struct changes_mark mark;
    size_t bytes, room;
    char *text; /* NULL: never used */
};

enum rows { ROWS_TICKET, ROWS_PEOPLE, ROWS_NONE };

struct kind {
    size_t places;
    enum rows rows;
};

#define X(NAME, places, rows) { places, ROWS_##rows },
static const struct kind kinds[] = { KEPT_KINDS(X) };
#undef X

struct kept {
    struct piece *pieces[KEPT_KIND_COUNT]; /* made when first wanted */
};

struct kept *
kept_new(void)
{
    return calloc(1, sizeof(struct kept));
}

void
kept_free(struct kept *kept)
{
    if (kept == NULL)
        return;
    for (size_t kind = 0; kind < KEPT_KIND_COUNT; kind++) {
        for (size_t i = 0; kept->pieces[kind] != NULL && i < kinds[kind].places; i++)
            free(kept->pieces[kind][i].text);
        free(kept->pieces[kind]);
    }
    free(kept);
}

/* The mark of the rows behind the key, if the reader's snapshot is sure to have them. */
static bool
mark_of(const struct reader *reader, const struct kept_key *key,
        struct changes_mark *ret_mark)
{
    switch (kinds[key->kind].rows) {
    case ROWS_NONE:
        *ret_mark = (struct changes_mark){ 0, 0 };
        return true;
    case ROWS_TICKET:
        *ret_mark = changes_of_ticket(reader->store, key->id);
        break;
    case ROWS_PEOPLE:
        *ret_mark = changes_of_people(reader->store);
        break;
    }
    return ret_mark->ticket <= reader->commits && ret_mark->office <= reader->commits;
}

static struct piece *
place_of(const struct reader *reader, const struct kept_key *key)
{
    struct piece *pieces = reader->kept->pieces[key->kind];

    return pieces == NULL ? NULL : &pieces[(uint64_t)key->id % kinds[key->kind].places];
}

const void *
kept_find(const struct reader *reader, const struct kept_key *key, size_t *ret_bytes)
{
    const struct piece *piece = place_of(reader, key);
    struct changes_mark mark;

    if (piece == NULL || piece->text == NULL || piece->key.id != key->id ||
        piece->key.edition != key->edition || !mark_of(reader, key, &mark) ||
        mark.ticket != piece->mark.ticket || mark.office != piece->mark.office)
        return NULL;
    *ret_bytes = piece->bytes;
    return piece->text;
}

/* Room for `count` bytes in the piece, or false: then it is empty. */
static bool
make_room(struct piece *piece, size_t count)
{
    if (piece->text != NULL && count <= piece->room)
        return true;
    free(piece->text);
    piece->text = malloc(count + 1);
    piece->room = count;
    return piece->text != NULL;
}

void
kept_put(struct reader *reader, const struct kept_key *key, const void *bytes,
         size_t count)
{
    struct changes_mark mark;

    if (!mark_of(reader, key, &mark))
        return;
    if (reader->kept->pieces[key->kind] == NULL)
        reader->kept->pieces[key->kind] =
            calloc(kinds[key->kind].places, sizeof(struct piece));
    struct piece *piece = place_of(reader, key);

    if (piece == NULL || !make_room(piece, count))
        return;
    memcpy(piece->text, bytes, count);
    piece->text[count] = '\0';
    piece->bytes = count;
    piece->key = *key;
    piece->mark = mark;
}
