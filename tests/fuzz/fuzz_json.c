#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

/*
 * Any bytes as a request's body.  Beyond "no crash": what is accepted obeys
 * the table, is written and read back the same, and cJSON never refuses what
 * the strict scan let pass (which would show as "out of memory").
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct choice color_items[] = { { "red", "红", "red" },
                                             { NULL, NULL, NULL },
                                             { "blue", "蓝", "blue" } };
static const struct choices colors = { "color", color_items, 3 };

struct person {
    const char *phone;
    int64_t age;
};
static const struct json_field person_fields[] = {
    JSON_TEXT("phone", struct person, phone, 1, 20, JSON_OPTIONAL),
    JSON_INT("age", struct person, age, 0, 150, JSON_OPTIONAL),
    JSON_END,
};

struct body {
    int64_t n;
    bool b;
    enum tristate s;
    const char *t;
    struct text_list l;
    int c;
    uint64_t cs;
    int32_t d;
    int64_t at;
    struct person p;
};
static const struct json_field body_fields[] = {
    JSON_INT("n", struct body, n, INT64_MIN, INT64_MAX, JSON_OPTIONAL),
    JSON_BOOL("b", struct body, b, JSON_OPTIONAL),
    JSON_TRISTATE("s", struct body, s, JSON_OPTIONAL),
    JSON_TEXT("t", struct body, t, 0, 50, JSON_OPTIONAL),
    JSON_TEXT_LIST("l", struct body, l, 0, 5, 10, JSON_OPTIONAL),
    JSON_CHOICE("c", struct body, c, &colors, JSON_OPTIONAL),
    JSON_CHOICES("cs", struct body, cs, &colors, 0, 2, JSON_OPTIONAL),
    JSON_DATE("d", struct body, d, JSON_OPTIONAL),
    JSON_TIME("at", struct body, at, JSON_OPTIONAL),
    JSON_OBJECT("p", struct body, p, person_fields, JSON_OPTIONAL),
    JSON_END,
};

static void
must(bool is_true)
{
    if (!is_true)
        abort();
}

static bool
same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
check_echo(struct arena *arena, const struct body *body)
{
    struct json_out out;
    struct body echo = { .c = -1 };
    const char *text = NULL;
    size_t bytes = 0;

    json_out_init(&out, arena);
    json_object_open(&out, NULL);
    json_int(&out, "n", body->n);
    json_bool(&out, "b", body->b);
    json_text(&out, "t", body->t);
    if (body->l.items != NULL) {
        json_list_open(&out, "l");
        for (size_t i = 0; i < body->l.count; i++)
            json_text(&out, NULL, body->l.items[i]);
        json_list_close(&out);
    }
    if (body->c >= 0)
        json_text(&out, "c", choice_word(&colors, body->c));
    json_date(&out, "d", body->d);
    json_time(&out, "at", body->at);
    json_object_open(&out, "p");
    json_text(&out, "phone", body->p.phone);
    json_int(&out, "age", body->p.age);
    json_object_close(&out);
    json_object_close(&out);
    must(json_out_done(&out, &text, &bytes) == OK);
    must(json_read(arena, text, bytes, body_fields, &echo, NULL, NULL) == OK);
    must(echo.n == body->n && echo.b == body->b && echo.c == body->c);
    must(echo.d == body->d && echo.at == body->at);
    must(same_text(echo.t, body->t) && same_text(echo.p.phone, body->p.phone));
    must(echo.l.count == body->l.count && (echo.l.count == 0 || echo.l.items != NULL));
    for (size_t i = 0; i < body->l.count; i++)
        must(same_text(echo.l.items[i], body->l.items[i]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct body body = { .c = -1 };
    struct problem problem = { 0 };
    uint64_t present = 0;

    if (arena == NULL)
        return 0;
    enum err error = json_read(arena, (const char *)data, size, body_fields, &body,
                               &present, &problem);
    must(error == OK || error == ERR_FIELDS || error == ERR_JSON_MALFORMED);
    must(text_is_utf8(problem.value, strlen(problem.value)));
    must((error == ERR_FIELDS) == (problem.field_count > 0));
    for (size_t i = 0; i < problem.field_count; i++) {
        must(text_is_utf8(problem.fields[i].field, strlen(problem.fields[i].field)));
        must(text_is_utf8(problem.fields[i].value, strlen(problem.fields[i].value)));
    }
    if (error == OK) {
        must(present >> 10 == 0);
        check_echo(arena, &body);
    }
    arena_free(arena);
    return 0;
}
