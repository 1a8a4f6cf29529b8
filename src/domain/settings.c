#include "domain/settings.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* settings.c - see the header. */

const struct setting settings_table[SETTING_COUNT] = {
#define X(member, fallback, min_, max_, zh_, en_)                                        \
    [SETTING_##member] = { .name = #member,                                              \
                           .text = fallback,                                             \
                           .min = min_,                                                  \
                           .max = max_,                                                  \
                           .unit = "",                                                   \
                           .zh = zh_,                                                    \
                           .en = en_,                                                    \
                           .offset = offsetof(struct settings, member),                  \
                           .room = sizeof((struct settings *)NULL)->member },
    SETTING_TEXTS(X)
#undef X
#define X(member, fallback, min_, max_, unit_, zh_, en_)                                 \
    [SETTING_##member] = { .name = #member,                                              \
                           .number = fallback,                                           \
                           .min = min_,                                                  \
                           .max = max_,                                                  \
                           .unit = unit_,                                                \
                           .zh = zh_,                                                    \
                           .en = en_,                                                    \
                           .offset = offsetof(struct settings, member) },
        SETTING_NUMBERS(X)
#undef X
};

struct settings
settings_defaults(void)
{
    return (struct settings){
#define X(member, fallback, min, max, zh, en) .member = fallback,
        SETTING_TEXTS(X)
#undef X
#define X(member, fallback, min, max, unit, zh, en) .member = (fallback),
            SETTING_NUMBERS(X)
#undef X
    };
}

const struct setting *
setting_find(const char *name)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (strcmp(settings_table[i].name, name) == 0)
            return &settings_table[i];
    return NULL;
}

const char *
setting_text(const struct settings *settings, const struct setting *row)
{
    assert(row->text != NULL);
    return (const char *)settings + row->offset;
}

int32_t
setting_number(const struct settings *settings, const struct setting *row)
{
    const void *member = (const char *)settings + row->offset;

    assert(row->text == NULL);
    return *(const int32_t *)member;
}

bool
setting_parse(struct settings *settings, const struct setting *row, const char *value)
{
    void *member = (char *)settings + row->offset;
    char *end = NULL;

    if (row->text != NULL) {
        if (strlen(value) >= row->room)
            return false;
        memcpy(member, value, strlen(value) + 1);
        return true;
    }
    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || number < row->min ||
        number > row->max)
        return false;
    *(int32_t *)member = (int32_t)number;
    return true;
}

void
setting_office(const struct settings *settings, char ret_name[SETTING_OFFICE_BYTES])
{
    const char *county = settings->county_name, *office = settings->office_name;
    size_t bytes = strlen(county), last = bytes;

    while (last > 0 && ((unsigned char)county[--last] & 0xC0) == 0x80)
        ; /* to where its last character begins */
    if (strstr(office, county) != NULL)
        bytes = 0;
    else if (strncmp(office, county + last, bytes - last) == 0)
        bytes = last; /* 云溪县 and 县政府办 have it in common */
    (void)text_format(ret_name, SETTING_OFFICE_BYTES,
                      "%.*s%s", /* by the bounds of both */
                      (int)bytes, county, office);
}
