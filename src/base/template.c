#include "base/template.h"

#include <string.h>

/* template.c - see the header. */

#define DEPTH_MAX 16
#define NAME_BYTES 40
#define FIRST_ROOM ((size_t)8 * 1024)

struct value {
    const char *name, *text;
    struct fill *first, *last; /* items of a list */
    struct value *next;
};

struct fill {
    struct arena *arena;
    struct value *values;
    const struct fill *outer;
    struct fill *next; /* item of the same list */
};

/* The page as it grows, and how it is made. */
struct page {
    struct arena *arena;
    enum language language;
    const char *(*find)(const char *name);
    char *text;
    size_t bytes, room;
};

/* --- Values --------------------------------------------------------------------- */

struct fill *
fill_new(struct arena *arena)
{
    struct fill *fill = arena_make(arena, struct fill);

    if (fill != NULL)
        fill->arena = arena;
    return fill;
}

static struct value *
own_value(struct fill *fill, const char *name)
{
    for (struct value *value = fill->values; value != NULL; value = value->next)
        if (strcmp(value->name, name) == 0)
            return value;
    struct value *value = arena_make(fill->arena, struct value);

    if (value == NULL)
        return NULL;
    value->name = name;
    value->next = fill->values;
    fill->values = value;
    return value;
}

void
fill_text(struct fill *fill, const char *name, const char *text)
{
    struct value *value = fill == NULL ? NULL : own_value(fill, name);

    if (value != NULL)
        value->text = text;
}

void
fill_flag(struct fill *fill, const char *name, bool is_so)
{
    fill_text(fill, name, is_so ? "1" : NULL);
}

struct fill *
fill_item(struct fill *fill, const char *name)
{
    struct value *value = fill == NULL ? NULL : own_value(fill, name);
    struct fill *item = value == NULL ? NULL : fill_new(fill->arena);

    if (item == NULL)
        return NULL;
    item->outer = fill;
    if (value->last == NULL)
        value->first = item;
    else
        value->last->next = item;
    value->last = item;
    return item;
}

static const struct value *
find_value(const struct fill *fill, const char *name)
{
    for (; fill != NULL; fill = fill->outer)
        for (const struct value *value = fill->values; value != NULL; value = value->next)
            if (strcmp(value->name, name) == 0)
                return value;
    return NULL;
}

/* --- The page -------------------------------------------------------------------- */

static enum err
put(struct page *page, const char *text, size_t bytes)
{
    if (page->bytes + bytes + 1 > page->room) {
        size_t room = 2 * page->room + bytes + FIRST_ROOM;
        char *larger = arena_alloc_raw(page->arena, room);

        if (larger == NULL)
            return ERR_NO_MEMORY;
        if (page->bytes > 0)
            memcpy(larger, page->text, page->bytes);
        page->text = larger;
        page->room = room;
    }
    memcpy(page->text + page->bytes, text, bytes);
    page->bytes += bytes;
    page->text[page->bytes] = '\0';
    return OK;
}

static enum err
put_escaped(struct page *page, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        const char *entity = *text == '&'    ? "&amp;"
                             : *text == '<'  ? "&lt;"
                             : *text == '>'  ? "&gt;"
                             : *text == '"'  ? "&quot;"
                             : *text == '\'' ? "&#39;"
                                             : NULL;

        if (entity != NULL)
            TRY(put(page, entity, strlen(entity)));
        else
            TRY(put(page, text, 1));
    }
    return OK;
}

/* "{{…}}" at `at`: its first character and its name; returns what follows, or NULL. */
static const char *
read_tag(const char *at, const char *end, char *ret_kind, char ret_name[NAME_BYTES])
{
    const char *name = at + 2;

    *ret_kind = '\0';
    if (name < end && strchr("#^/>", *name) != NULL)
        *ret_kind = *name++;
    const char *close = name;

    while (close + 1 < end && !(close[0] == '}' && close[1] == '}'))
        close++;
    size_t bytes = (size_t)(close - name);
    if (close + 1 >= end || bytes == 0 || bytes >= NAME_BYTES)
        return NULL;
    memcpy(ret_name, name, bytes);
    ret_name[bytes] = '\0';
    return close + 2;
}

/* Where the section that begins at `at` closes: its "{{/"; NULL when it does not. */
static const char *
section_end(const char *at, const char *end, const char *name)
{
    char kind, other[NAME_BYTES];
    int depth = 1;

    for (; at + 1 < end; at++) {
        if (at[0] != '{' || at[1] != '{')
            continue;
        if (read_tag(at, end, &kind, other) == NULL)
            return NULL;
        if (strcmp(other, name) == 0)
            depth += kind == '/' ? -1 : kind == '#' || kind == '^' ? 1 : 0;
        if (depth == 0)
            return at;
    }
    return NULL;
}

static enum err fill_part(struct page *page, const struct fill *fill, const char *at,
                          const char *end, int depth);

static enum err
fill_section(struct page *page, const struct fill *fill, char kind, const char *name,
             const char *at, const char *end, int depth)
{
    const struct value *value = find_value(fill, name);
    bool is_text = value != NULL && value->text != NULL && value->text[0] != '\0';
    bool is_there = is_text || (value != NULL && value->first != NULL);

    if (kind == '^')
        return is_there ? OK : fill_part(page, fill, at, end, depth);
    if (is_text)
        return fill_part(page, fill, at, end, depth);
    for (const struct fill *item = is_there ? value->first : NULL; item != NULL;
         item = item->next)
        TRY(fill_part(page, item, at, end, depth));
    return OK;
}

/* "[[中文|English]]": `at` is behind the brackets. */
static enum err
fill_words(struct page *page, const struct fill *fill, const char *at, const char *end,
           int depth)
{
    const char *bar = memchr(at, '|', (size_t)(end - at));

    if (bar == NULL)
        return ERR_INTERNAL;
    if (page->language == LANGUAGE_ZH)
        return fill_part(page, fill, at, bar, depth);
    return fill_part(page, fill, bar + 1, end, depth);
}

static enum err
fill_tag(struct page *page, const struct fill *fill, const char **at, const char *end,
         int depth)
{
    char kind, name[NAME_BYTES];
    const char *rest = read_tag(*at, end, &kind, name);

    if (rest == NULL || kind == '/')
        return ERR_INTERNAL;
    *at = rest;
    if (kind == '\0') {
        const struct value *value = find_value(fill, name);

        return put_escaped(page, value == NULL ? NULL : value->text);
    }
    if (kind == '>') {
        const char *other = page->find(name);

        return other == NULL ? ERR_INTERNAL
                             : fill_part(page, fill, other, other + strlen(other), depth);
    }
    const char *close = section_end(rest, end, name);

    if (close == NULL)
        return ERR_INTERNAL;
    *at = close + strlen("{{/") + strlen(name) + strlen("}}");
    return fill_section(page, fill, kind, name, rest, close, depth);
}

static enum err
fill_part(struct page *page, const struct fill *fill, const char *at, const char *end,
          int depth)
{
    if (depth == DEPTH_MAX)
        return ERR_INTERNAL;
    while (at < end) {
        const char *stop = at;

        while (stop + 1 < end && memcmp(stop, "{{", 2) != 0 && memcmp(stop, "[[", 2) != 0)
            stop++;
        if (stop + 1 >= end)
            return put(page, at, (size_t)(end - at));
        TRY(put(page, at, (size_t)(stop - at)));
        at = stop;
        if (*at == '{') {
            TRY(fill_tag(page, fill, &at, end, depth + 1));
            continue;
        }
        const char *close = at + 2;
        while (close + 1 < end && memcmp(close, "]]", 2) != 0)
            close++;
        if (close + 1 >= end)
            return ERR_INTERNAL;
        TRY(fill_words(page, fill, at + 2, close, depth + 1));
        at = close + 2;
    }
    return OK;
}

enum err
template_fill(const struct fill *fill, enum language language,
              const char *(*find)(const char *name), const char *name,
              const char **ret_text, size_t *ret_bytes)
{
    const char *text = find(name);

    if (fill == NULL)
        return ERR_NO_MEMORY;
    if (text == NULL)
        return ERR_INTERNAL;
    struct page page = { .arena = fill->arena, .language = language, .find = find };
    TRY(put(&page, "", 0));
    TRY(fill_part(&page, fill, text, text + strlen(text), 0));
    *ret_text = page.text;
    *ret_bytes = page.bytes;
    return OK;
}
