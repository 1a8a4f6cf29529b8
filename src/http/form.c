#include "http_internal.h"

#include <string.h>

#include "base/text.h"

/*
 * form.c - bodies of application/x-www-form-urlencoded, from pages that work
 *          without a script.
 *
 * 1. As strict as the scan of JSON: names of ours, each once, whole escapes, no
 *    NUL, valid UTF-8, a bounded number; nothing is decoded that was not seen.
 * 2. What is declared is read by json_read() from a JSON text made of the
 *    pairs, so that a member is checked alike wherever it comes from.
 */

static int
hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool
is_name(const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if ((text[i] < 'a' || text[i] > 'z') && text[i] != '_')
            return false;
    return bytes > 0 && bytes <= FORM_NAME_BYTES_MAX;
}

/* The decoded value with line ends as "\n"; NULL when it is not one. */
static const char *
read_value(struct arena *arena, const char *from, size_t bytes, bool *ret_no_memory)
{
    char *value = arena_alloc(arena, bytes + 1);
    size_t count = 0;

    *ret_no_memory = value == NULL;
    if (value == NULL)
        return NULL;
    for (size_t i = 0; i < bytes; i++) {
        char c = from[i];

        if (c == '%') {
            if (bytes - i < 3 || hex_digit(from[i + 1]) < 0 || hex_digit(from[i + 2]) < 0)
                return NULL;
            c = (char)(hex_digit(from[i + 1]) * 16 + hex_digit(from[i + 2]));
            i += 2;
            if (c == '\0')
                return NULL;
        } else if (c == '+')
            c = ' ';
        else if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                   (c >= '0' && c <= '9') || (c != '\0' && strchr("*-._~", c) != NULL)))
            return NULL;
        if (c == '\n' && count > 0 && value[count - 1] == '\r')
            value[count - 1] = '\n';
        else
            value[count++] = c;
    }
    value[count] = '\0';
    return text_is_utf8(value, count) ? value : NULL;
}

enum err
form_parse(struct arena *arena, const char *body, size_t bytes, struct form *ret_form)
{
    struct form form = { .count = 0 };
    const char *end = body + bytes;

    for (const char *at = body; at < end;) {
        const char *stop = memchr(at, '&', (size_t)(end - at));
        const char *last = stop == NULL ? end : stop;
        const char *equals = memchr(at, '=', (size_t)(last - at));
        bool no_memory = false;

        if (equals == NULL || !is_name(at, (size_t)(equals - at)) ||
            form.count == FORM_PAIRS_MAX || (stop != NULL && stop + 1 == end))
            return ERR_FORM_MALFORMED;
        struct form_pair *pair = &form.pairs[form.count++];
        pair->name = arena_copy(arena, at, (size_t)(equals - at));
        pair->value =
            read_value(arena, equals + 1, (size_t)(last - equals - 1), &no_memory);
        if (no_memory || pair->name == NULL)
            return ERR_NO_MEMORY;
        if (pair->value == NULL)
            return ERR_FORM_MALFORMED;
        for (size_t i = 0; i + 1 < form.count; i++)
            if (strcmp(form.pairs[i].name, pair->name) == 0)
                return ERR_FORM_MALFORMED;
        at = last + 1;
    }
    *ret_form = form;
    return OK;
}

/* A checked box is true; what is empty is not there. */
static void
write_pair(struct json_out *out, const struct json_field *fields,
           const struct form_pair *pair)
{
    const struct json_field *field = fields;

    while (field->name != NULL && strcmp(field->name, pair->name) != 0)
        field++;
    bool is_box = field->name != NULL &&
                  (field->kind == JSON_KIND_BOOL || field->kind == JSON_KIND_TRISTATE);

    if (pair->value[0] == '\0')
        return;
    if (is_box && strcmp(pair->value, "1") == 0)
        json_bool(out, pair->name, true);
    else
        json_text(out, pair->name, pair->value);
}

enum err
request_form(struct request *req, const struct json_field *fields, const char *beside,
             void *into)
{
    struct form *form = arena_make(req->arena, struct form);
    struct json_out out;
    const char *json = NULL;
    size_t bytes = 0;

    if (form == NULL)
        return ERR_NO_MEMORY;
    TRY(form_parse(req->arena, req->body, req->body_bytes, form));
    req->form = form;
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    for (size_t i = 0; i < form->count; i++)
        if (beside == NULL || strcmp(form->pairs[i].name, beside) != 0)
            write_pair(&out, fields, &form->pairs[i]);
    json_object_close(&out);
    TRY(json_out_done(&out, &json, &bytes));
    return json_read(req->arena, json, bytes, fields, into, NULL, &req->problem);
}

const char *
request_form_value(const struct request *req, const char *name)
{
    for (size_t i = 0; req->form != NULL && i < req->form->count; i++)
        if (strcmp(req->form->pairs[i].name, name) == 0)
            return req->form->pairs[i].value;
    return "";
}
