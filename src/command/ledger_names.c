/*
 * ledger_names.c - sorted lists of names, searched by halves.
 */
#include "command/ledger_names.h"

#include <stdlib.h>
#include <string.h>

#include "store/rulebook.h"
#include "store/units.h"
#include "store/vocabulary.h"

struct name {
    const char *text;
    bool is_code;     /* a code goes before a name that looks like it */
    const char *code; /* of what it names */
    const void *what; /* struct unit or struct channel */
};

struct name_list {
    struct name *names;
    size_t count, room;
};

struct ledger_names {
    struct name_list units, areas, categories, channels;
};

#define UNITS_AT_ONCE 200

static enum err
add(struct arena *arena, struct name_list *list, const char *text, bool is_code,
    const char *code, const void *what)
{
    if (text == NULL || *text == '\0')
        return OK;
    if (list->count == list->room) {
        size_t room = list->room == 0 ? 256 : list->room * 2;
        struct name *names = arena_array(arena, struct name, room);

        if (names == NULL)
            return ERR_NO_MEMORY;
        if (list->count > 0)
            memcpy(names, list->names, list->count * sizeof *names);
        list->names = names;
        list->room = room;
    }
    list->names[list->count++] = (struct name){ text, is_code, code, what };
    return OK;
}

static enum err
add_units(struct db *db, struct arena *arena, struct name_list *list)
{
    static const struct units_filter all = { .kind = CHOICE_NONE };
    const char *after = "";
    struct unit *units;
    size_t count;

    do {
        TRY(units_list(db, arena, &all, after, UNITS_AT_ONCE, &units, &count));
        for (size_t i = 0; i < count; i++) {
            TRY(add(arena, list, units[i].code, true, units[i].code, &units[i]));
            TRY(add(arena, list, units[i].name, false, units[i].code, &units[i]));
            TRY(add(arena, list, units[i].short_name, false, units[i].code, &units[i]));
            after = units[i].code;
        }
    } while (count == UNITS_AT_ONCE);
    return OK;
}

static enum err
add_vocabulary(struct db *db, struct arena *arena, struct ledger_names *names)
{
    struct category *categories;
    struct area *areas;
    size_t count;

    TRY(categories_all(db, arena, &categories, &count));
    for (size_t i = 0; i < count; i++) {
        const char *code = categories[i].code;
        TRY(add(arena, &names->categories, code, true, code, NULL));
        TRY(add(arena, &names->categories, categories[i].name, false, code, NULL));
    }
    TRY(areas_all(db, arena, &areas, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(add(arena, &names->areas, areas[i].code, true, areas[i].code, NULL));
        TRY(add(arena, &names->areas, areas[i].name, false, areas[i].code, NULL));
    }
    return OK;
}

static enum err
add_channels(struct arena *arena, const struct rulebook *rulebook, struct name_list *list)
{
    for (size_t i = 0; i < rulebook->channel_count; i++) {
        struct channel *channel = arena_make(arena, struct channel);

        if (channel == NULL)
            return ERR_NO_MEMORY;
        *channel = rulebook->channels[i];
        TRY(add(arena, list, channel->code, true, channel->code, channel));
        TRY(add(arena, list, channel->zh, false, channel->code, channel));
        TRY(add(arena, list, channel->en, false, channel->code, channel));
    }
    return OK;
}

static int
compare(const void *a, const void *b)
{
    const struct name *x = a, *y = b;
    int order = strcmp(x->text, y->text);

    if (order == 0)
        order = (int)y->is_code - (int)x->is_code;
    return order != 0 ? order : strcmp(x->code, y->code);
}

enum err
ledger_names_make(struct db *db, struct arena *arena, const struct rulebook *rulebook,
                  const struct ledger_names **ret_names)
{
    struct ledger_names *names = arena_make(arena, struct ledger_names);

    if (names == NULL)
        return ERR_NO_MEMORY;
    TRY(add_units(db, arena, &names->units));
    TRY(add_vocabulary(db, arena, names));
    TRY(add_channels(arena, rulebook, &names->channels));
    struct name_list *lists[] = { &names->units, &names->areas, &names->categories,
                                  &names->channels };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (lists[i]->count > 0)
            qsort(lists[i]->names, lists[i]->count, sizeof *lists[i]->names, compare);
    *ret_names = names;
    return OK;
}

/* The one that `text` names, or NULL: none, or several with that name. */
static const struct name *
find(const struct name_list *list, const char *text)
{
    size_t low = 0, high = list->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(list->names[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == list->count || strcmp(list->names[low].text, text) != 0)
        return NULL;
    const struct name *found = &list->names[low];
    for (size_t i = low + 1; i < list->count && !found->is_code; i++) {
        if (strcmp(list->names[i].text, text) != 0)
            break;
        if (strcmp(list->names[i].code, found->code) != 0)
            return NULL;
    }
    return found;
}

static const struct name *
look_up(const struct name_list *list, struct ledger_row *row, enum ledger_field field)
{
    if (row->texts[field] == NULL)
        return NULL;
    const struct name *found = find(list, row->texts[field]);
    if (found == NULL)
        ledger_fault(row, (int)field, ERR_FIELD_UNLISTED, NULL);
    return found;
}

void
ledger_names_find(const struct ledger_names *names, struct ledger_row *row)
{
    const struct name *unit = look_up(&names->units, row, LEDGER_LEAD_UNIT);
    const struct name *area = look_up(&names->areas, row, LEDGER_AREA);
    const struct name *category = look_up(&names->categories, row, LEDGER_CATEGORY);
    const struct name *channel = look_up(&names->channels, row, LEDGER_CHANNEL);

    if (unit != NULL)
        row->lead_unit_id = ((const struct unit *)unit->what)->id;
    if (area != NULL)
        row->area = area->code;
    if (category != NULL)
        row->category = category->code;
    if (channel != NULL) {
        const struct channel *found = channel->what;
        row->channel = found->code;
        row->channel_workdays = found->workdays;
        row->letter = found->letter;
    }
}
