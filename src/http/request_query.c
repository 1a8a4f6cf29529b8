#include "http_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/timeutil.h"

/*
 * request_query.c - declared query parameters, read like the members of a body.
 */

static bool
read_int(const struct json_field *field, const char *text, int64_t *into)
{
    size_t digits = strspn(text + (text[0] == '-'), "0123456789");

    /* Eighteen digits always fit. */
    if (digits == 0 || digits > 18 || text[digits + (text[0] == '-')] != '\0')
        return false;
    int64_t number = strtoll(text, NULL, 10);

    if (number < field->min || number > field->max)
        return false;
    *into = number;
    return true;
}

static bool
read_bool(const char *text, bool *into)
{
    bool is_true = strcmp(text, "true") == 0;

    if (!is_true && strcmp(text, "false") != 0)
        return false;
    *into = is_true;
    return true;
}

static bool
read_text(const struct json_field *field, const char *text, const char **into)
{
    int64_t characters = (int64_t)text_characters(text);

    if (characters < field->min || characters > field->max ||
        (field->min >= 1 && text_is_blank(text)))
        return false;
    *into = text;
    return true;
}

/* Comma separated words, each once. */
static bool
read_choices(struct arena *arena, const struct json_field *field, const char *text,
             uint64_t *into)
{
    uint64_t set = 0;
    int64_t count = 0;

    for (;;) {
        size_t bytes = strcspn(text, ",");
        const char *word = arena_copy(arena, text, bytes);
        int index = word == NULL ? -1 : choice_find(field->choices, word);

        if (index < 0 || index >= 64 || (set & (UINT64_C(1) << index)) != 0)
            return false;
        set |= UINT64_C(1) << index;
        count++;
        if (text[bytes] == '\0')
            break;
        text += bytes + 1;
    }
    if (count < field->min || (field->max > 0 && count > field->max))
        return false;
    *into = set;
    return true;
}

static bool
read_value(struct arena *arena, const struct json_field *field, const char *text,
           void *into)
{
    void *place = (char *)into + field->offset;
    bool is_true = false;

    switch (field->kind) {
    case JSON_KIND_INT:
        return read_int(field, text, place);
    case JSON_KIND_BOOL:
        return read_bool(text, place);
    case JSON_KIND_TRISTATE:
        if (!read_bool(text, &is_true))
            return false;
        *(enum tristate *)place = is_true ? TRISTATE_YES : TRISTATE_NO;
        return true;
    case JSON_KIND_TEXT:
        return read_text(field, text, place);
    case JSON_KIND_CHOICE: {
        int index = choice_find(field->choices, text);

        if (index < 0)
            return false;
        *(int *)place = index;
        return true;
    }
    case JSON_KIND_CHOICES:
        return read_choices(arena, field, text, place);
    case JSON_KIND_DATE:
        return time_parse_day(text, place);
    case JSON_KIND_TIME:
        return time_parse(text, place);
    case JSON_KIND_TEXT_LIST:
    case JSON_KIND_OBJECT:
        break; /* have no form in a query */
    }
    return false;
}

enum err
request_query_read(struct request *req, const struct json_field *fields, void *into,
                   uint64_t *present)
{
    uint64_t found = 0;

    req->query_is_read = true;
    for (size_t i = 0; i < req->query_value_count; i++) {
        const char *name = req->query_values[i].name;
        size_t row = 0;

        while (fields[row].name != NULL && strcmp(fields[row].name, name) != 0)
            row++;
        if (fields[row].name == NULL ||
            !read_value(req->arena, &fields[row], req->query_values[i].value, into))
            return problem_value(&req->problem, ERR_HTTP_QUERY, "%s", name);
        found |= UINT64_C(1) << row;
    }
    for (size_t row = 0; fields[row].name != NULL; row++)
        if (fields[row].required && (found & (UINT64_C(1) << row)) == 0)
            return problem_value(&req->problem, ERR_HTTP_QUERY, "%s", fields[row].name);
    if (present != NULL)
        *present = found;
    return OK;
}

enum err
request_query_set(struct request *req, const char *query)
{
    const char *target = arena_printf(req->arena, "/?%s", query);

    if (target == NULL)
        return ERR_NO_MEMORY;
    if (!target_is_clean(target, strlen(target)))
        return problem_value(&req->problem, ERR_HTTP_QUERY, "%s", "query");
    req->query_is_read = false;
    return target_read_query(req, target + 2, strlen(query));
}

enum err
request_query_done(struct request *req)
{
    if (req->query_is_read || req->query_value_count == 0)
        return OK;
    return problem_value(&req->problem, ERR_HTTP_QUERY, "%s", req->query_values[0].name);
}
