#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/json.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "base_internal.h"

/*
 * json_read.c - from a request's body to a struct, as a table declares.
 *
 * 1. cJSON sees only text that json_scan() accepted; so when it still refuses,
 *    the memory ran out.
 * 2. The tree is freed before json_read() returns; what the struct points to
 *    is in the arena.
 * 3. Every wrong field is found, not only the first one: whoever fills in a
 *    form wants to hear everything at once.
 * 4. Members are compared by exact bytes; cJSON's own look-up ignores case.
 */

/* 2^53 - 1: up to here each integer is a double of its own. */
#define INT_MAGNITUDE_MAX 9007199254740991.0
#define PATH_BYTES 64 /* as problem_field.field */

struct reading {
    struct arena *arena;
    struct problem *problem;
    size_t wrong_count;
    bool out_of_memory;
};

/* The place of a value, as the client would write it: "petitioner.phone". */
struct path {
    char text[PATH_BYTES];
};

static bool
wrong(struct reading *reading, const struct path *path, enum err code, const char *value)
{
    reading->wrong_count++;
    (void)problem_add(reading->problem, path->text, code, value); /* told by the count */
    return false;
}

static bool
wrong_number(struct reading *reading, const struct path *path, enum err code,
             int64_t number)
{
    char value[24];

    (void)text_format(value, sizeof value, "%lld", (long long)number); /* 20 at most */
    return wrong(reading, path, code, value);
}

static bool
wrong_range(struct reading *reading, const struct path *path,
            const struct json_field *field)
{
    char value[48];

    (void)text_format(value, sizeof value, "%lld–%lld", (long long)field->min,
                      (long long)field->max); /* 43 at most */
    return wrong(reading, path, ERR_FIELD_RANGE, value);
}

/* `name` below `parent`, cut when a client's name is very long. */
static struct path
path_member(const struct path *parent, const char *name)
{
    struct path path = *parent;
    size_t used = strlen(path.text);

    if (used > 0 && used + 1 < sizeof path.text)
        path.text[used++] = '.';
    (void)text_copy(path.text + used, sizeof path.text - used, name);
    return path;
}

static struct path
path_item(const struct path *parent, size_t index)
{
    struct path path = *parent;
    size_t used = strlen(path.text);

    (void)text_format(path.text + used, sizeof path.text - used, "[%zu]", index);
    return path;
}

/* --- One value ------------------------------------------------------------- */

static bool
read_int(struct reading *reading, const struct path *path, const struct json_field *field,
         const cJSON *item, int64_t *into)
{
    if (!cJSON_IsNumber(item))
        return wrong(reading, path, ERR_FIELD_TYPE, NULL);
    double number = item->valuedouble;

    if (!(fabs(number) <= INT_MAGNITUDE_MAX))
        return wrong_range(reading, path, field);
    int64_t integer = (int64_t)number;

    if ((double)integer != number)
        return wrong(reading, path, ERR_FIELD_TYPE, NULL);
    if (integer < field->min || integer > field->max)
        return wrong_range(reading, path, field);
    *into = integer;
    return true;
}

static bool
read_bool(struct reading *reading, const struct path *path, const cJSON *item, bool *into)
{
    if (!cJSON_IsBool(item))
        return wrong(reading, path, ERR_FIELD_TYPE, NULL);
    *into = cJSON_IsTrue(item);
    return true;
}

/* A text of `min` to `max` characters, copied into the arena. */
static bool
read_text(struct reading *reading, const struct path *path, int64_t min, int64_t max,
          const cJSON *item, const char **into)
{
    if (!cJSON_IsString(item))
        return wrong(reading, path, ERR_FIELD_TYPE, NULL);
    const char *text = item->valuestring;
    int64_t characters = (int64_t)text_characters(text);

    if (characters > max)
        return wrong_number(reading, path, ERR_FIELD_TOO_LONG, max);
    if (characters < min || (min > 0 && text_is_blank(text)))
        return wrong_number(reading, path, ERR_FIELD_TOO_SHORT, min);
    if (text_has_control(text))
        return wrong(reading, path, ERR_FIELD_INVALID, NULL);
    const char *copy = arena_text(reading->arena, text);
    if (copy == NULL) {
        reading->out_of_memory = true;
        return false;
    }
    *into = copy;
    return true;
}

/* The number of items, when `item` is a list within the bounds of `field`. */
static bool
read_count(struct reading *reading, const struct path *path,
           const struct json_field *field, const cJSON *item, size_t *ret_count)
{
    size_t count = 0;

    if (!cJSON_IsArray(item))
        return wrong(reading, path, ERR_FIELD_TYPE, NULL);
    for (const cJSON *one = item->child; one != NULL; one = one->next)
        count++;
    if ((int64_t)count < field->min || (int64_t)count > field->max)
        return wrong_range(reading, path, field);
    *ret_count = count;
    return true;
}

/* An item that says nothing is no item, so its least length is 1. */
static bool
read_text_list(struct reading *reading, const struct path *path,
               const struct json_field *field, const cJSON *item, struct text_list *into)
{
    struct text_list list = { NULL, 0 };
    size_t index = 0;
    bool is_right = true;

    if (!read_count(reading, path, field, item, &list.count))
        return false;
    list.items = arena_array(reading->arena, const char *, list.count);
    if (list.items == NULL) {
        reading->out_of_memory = true;
        return false;
    }
    for (const cJSON *one = item->child; one != NULL; one = one->next, index++) {
        struct path place = path_item(path, index);

        is_right &=
            read_text(reading, &place, 1, field->item_max, one, &list.items[index]);
    }
    if (is_right)
        *into = list;
    return is_right;
}

static bool
read_choice(struct reading *reading, const struct path *path,
            const struct json_field *field, const cJSON *item, int *into)
{
    if (!cJSON_IsString(item))
        return wrong(reading, path, ERR_FIELD_TYPE, NULL);
    int index = choice_find(field->choices, item->valuestring);

    if (index < 0)
        return wrong(reading, path, ERR_FIELD_CHOICE, NULL);
    *into = index;
    return true;
}

static bool
read_choices(struct reading *reading, const struct path *path,
             const struct json_field *field, const cJSON *item, uint64_t *into)
{
    size_t count = 0, position = 0;
    uint64_t set = 0;
    bool is_right = true;

    if (!read_count(reading, path, field, item, &count))
        return false;
    for (const cJSON *one = item->child; one != NULL; one = one->next, position++) {
        struct path place = path_item(path, position);
        int index = 0;

        if (!read_choice(reading, &place, field, one, &index)) {
            is_right = false;
            continue;
        }
        assert(index < 64); /* the table's author chose a set that fits */
        if ((set >> index & 1) != 0)
            is_right = wrong(reading, &place, ERR_FIELD_DUPLICATE, one->valuestring);
        set |= UINT64_C(1) << index;
    }
    if (is_right)
        *into = set;
    return is_right;
}

static bool
read_date(struct reading *reading, const struct path *path, const cJSON *item,
          int32_t *into)
{
    if (!cJSON_IsString(item))
        return wrong(reading, path, ERR_FIELD_TYPE, NULL);
    if (!time_parse_day(item->valuestring, into))
        return wrong(reading, path, ERR_FIELD_DATE, NULL);
    return true;
}

static bool
read_time(struct reading *reading, const struct path *path, const cJSON *item,
          int64_t *into)
{
    if (!cJSON_IsString(item))
        return wrong(reading, path, ERR_FIELD_TYPE, NULL);
    if (!time_parse(item->valuestring, into))
        return wrong(reading, path, ERR_FIELD_TIME, NULL);
    return true;
}

/* --- An object ------------------------------------------------------------- */

static void read_object(struct reading *reading, const struct path *path,
                        const struct json_field *fields, const cJSON *object, void *into,
                        uint64_t *present);

static void
read_field(struct reading *reading, const struct path *path,
           const struct json_field *field, const cJSON *item, void *into)
{
    bool is_true = false;

    switch (field->kind) {
    case JSON_KIND_INT:
        (void)read_int(reading, path, field, item, into);
        break;
    case JSON_KIND_BOOL:
        (void)read_bool(reading, path, item, into);
        break;
    case JSON_KIND_TRISTATE:
        if (read_bool(reading, path, item, &is_true))
            *(enum tristate *)into = is_true ? TRISTATE_YES : TRISTATE_NO;
        break;
    case JSON_KIND_TEXT:
        (void)read_text(reading, path, field->min, field->max, item, into);
        break;
    case JSON_KIND_TEXT_LIST:
        (void)read_text_list(reading, path, field, item, into);
        break;
    case JSON_KIND_CHOICE:
        (void)read_choice(reading, path, field, item, into);
        break;
    case JSON_KIND_CHOICES:
        (void)read_choices(reading, path, field, item, into);
        break;
    case JSON_KIND_DATE:
        (void)read_date(reading, path, item, into);
        break;
    case JSON_KIND_TIME:
        (void)read_time(reading, path, item, into);
        break;
    case JSON_KIND_OBJECT:
        if (cJSON_IsObject(item))
            read_object(reading, path, field->members, item, into, NULL);
        else
            (void)wrong(reading, path, ERR_FIELD_TYPE, NULL);
        break;
    }
    /* What is ignored with (void) above is counted in `reading`. */
}

static bool
is_declared(const struct json_field *fields, const char *name)
{
    for (const struct json_field *field = fields; field->name != NULL; field++)
        if (strcmp(field->name, name) == 0)
            return true;
    return false;
}

/*
 * Known members first, in the order of the table, which is the order of the
 * form; then the unknown ones in the order of the body.
 */
static void
read_object(struct reading *reading, const struct path *path,
            const struct json_field *fields, const cJSON *object, void *into,
            uint64_t *present)
{
    for (const struct json_field *field = fields; field->name != NULL; field++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, field->name);
        bool is_given = item != NULL && !cJSON_IsNull(item);

        assert(field - fields < 64); /* `present` has no more bits */
        if (!is_given && !field->required)
            continue; /* most are not given: no path is made for them */
        struct path place = path_member(path, field->name);

        if (!is_given) {
            (void)wrong(reading, &place, ERR_FIELD_MISSING, NULL);
            continue;
        }
        if (present != NULL)
            *present |= UINT64_C(1) << (field - fields);
        read_field(reading, &place, field, item, (char *)into + field->offset);
    }
    for (const cJSON *item = object->child; item != NULL; item = item->next)
        if (!is_declared(fields, item->string)) {
            struct path place = path_member(path, item->string);

            (void)wrong(reading, &place, ERR_FIELD_UNKNOWN, NULL);
        }
}

/* --- Keys given twice ------------------------------------------------------ */

static int
compare_keys(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/*
 * Find a key that stands twice in one object, at any depth.  Keys are compared
 * after their escapes were decoded ("a" and "\u0061" are one), and sorted, so
 * that a body of twenty thousand keys costs no more than its share.
 * `*ret_key` is NULL when there is none.
 */
static enum err
find_double_key(struct arena *arena, const cJSON *value, const char **ret_key)
{
    size_t count = 0;

    for (const cJSON *item = value->child; item != NULL; item = item->next) {
        count++;
        if (item->child == NULL)
            continue;
        TRY(find_double_key(arena, item, ret_key));
        if (*ret_key != NULL)
            return OK;
    }
    if (!cJSON_IsObject(value) || count < 2)
        return OK;

    const char **keys = arena_array(arena, const char *, count);
    if (keys == NULL)
        return ERR_NO_MEMORY;
    size_t used = 0;
    for (const cJSON *item = value->child; item != NULL; item = item->next)
        keys[used++] = item->string;
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 1; i < count; i++)
        if (strcmp(keys[i - 1], keys[i]) == 0) {
            *ret_key = keys[i];
            break;
        }
    return OK;
}

/* --- The body -------------------------------------------------------------- */

static enum err
read_tree(struct arena *arena, const cJSON *tree, const struct json_field *fields,
          void *into, uint64_t *present, struct problem *reterr_problem)
{
    struct reading reading = { .arena = arena, .problem = reterr_problem };
    const struct path root = { "" };
    const char *twice = NULL;
    uint64_t named = 0;

    TRY(find_double_key(arena, tree, &twice));
    if (twice != NULL)
        return problem_value(reterr_problem, ERR_JSON_MALFORMED,
                             "the key \"%s\" is given twice", twice);
    read_object(&reading, &root, fields, tree, into, &named);
    if (reading.out_of_memory)
        return ERR_NO_MEMORY;
    if (reading.wrong_count > 0)
        return problem_value(reterr_problem, ERR_FIELDS, "%zu", reading.wrong_count);
    if (present != NULL)
        *present = named;
    return OK;
}

enum err
json_read(struct arena *arena, const char *body, size_t bytes,
          const struct json_field *fields, void *into, uint64_t *present,
          struct problem *reterr_problem)
{
    struct json_fault fault;

    if (bytes == 0) {
        body = "{}";
        bytes = 2;
    }
    if (!json_scan(body, bytes, &fault))
        return problem_value(reterr_problem, ERR_JSON_MALFORMED, "byte %zu: %s",
                             fault.at_byte, fault.reason);

    cJSON *tree = cJSON_ParseWithLength(body, bytes);
    if (tree == NULL)
        return ERR_NO_MEMORY; /* invariant 1 */
    enum err error = read_tree(arena, tree, fields, into, present, reterr_problem);
    cJSON_Delete(tree);
    return error;
}
