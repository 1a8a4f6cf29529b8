#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base_internal.h"

enum err
problem_add(struct problem *problem, const char *field, enum err code, const char *value)
{
    if (problem == NULL || problem->field_count == PROBLEM_FIELDS_MAX)
        return code;
    struct problem_field *row = &problem->fields[problem->field_count++];

    /* A name may come from the client and be long: cut, but never inside a character. */
    (void)text_copy(row->field, sizeof row->field, field);
    (void)text_copy(row->value, sizeof row->value, value == NULL ? "" : value);
    row->code = code;
    return code;
}

enum err
problem_value(struct problem *problem, enum err code, const char *format, ...)
{
    if (problem == NULL)
        return code;
    /* Longer than the value, so that a cut falls between characters, by text_copy(). */
    char whole[512];
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(whole, sizeof whole, format, arguments);
    va_end(arguments);
    if (length < 0)
        whole[0] = '\0';
    (void)text_copy(problem->value, sizeof problem->value, whole);
    return code;
}

/* A number that is no error of ours is a mistake of ours. */
static const struct err_entry *
err_entry_of(enum err err)
{
    if ((unsigned)err >= (unsigned)ERR_COUNT)
        err = ERR_INTERNAL;
    return &err_entries[err];
}

const char *
err_code(enum err err)
{
    return err_entry_of(err)->code;
}

enum err
err_find(const char *code)
{
    for (int i = 0; i < ERR_COUNT; i++)
        if (strcmp(err_entries[i].code, code) == 0)
            return (enum err)i;
    return ERR_INTERNAL;
}

int
err_status(enum err err)
{
    return err_entry_of(err)->status;
}

const char *
err_text(enum err err, enum language language)
{
    if ((unsigned)language >= (unsigned)LANGUAGE_COUNT)
        language = LANGUAGE_ZH;
    return err_entry_of(err)->text[language];
}
