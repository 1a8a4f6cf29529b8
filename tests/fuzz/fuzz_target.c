#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "http/http_internal.h"

/*
 * Any bytes as the target of a request: what is refused stays undecoded; what
 * passes is cut and decoded within its size, and never holds a NUL.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool is_true)
{
    if (!is_true)
        abort();
}

/* Decode into a block of just the promised size. */
static void
check_decoding(const char *raw, size_t bytes, bool plus_is_space)
{
    char *text = malloc(bytes + 1);

    if (text == NULL)
        return;
    size_t length = target_decode(raw, bytes, plus_is_space, text);

    must(length <= bytes && text[length] == '\0' && memchr(text, '\0', length) == NULL);
    free(text);
}

static void
check_path(const char *path, size_t bytes)
{
    struct target_path split;
    size_t used = 0;

    must(path[0] == '/');
    if (!target_split_path(path, bytes, &split))
        return;
    for (size_t i = 0; i < split.count; i++) {
        struct segment segment = split.segments[i];

        must(segment.text == path + used + 1);
        must(segment.bytes == 0 || memchr(segment.text, '/', segment.bytes) == NULL);
        must(!(segment.bytes == 1 && segment.text[0] == '.'));
        must(!(segment.bytes == 2 && memcmp(segment.text, "..", 2) == 0));
        used += 1 + segment.bytes;
        check_decoding(segment.text, segment.bytes, false);
    }
    must(split.count == 0 ? bytes == 1 : used == bytes);
}

static void
check_query(const char *query, size_t bytes)
{
    struct request *req = calloc(1, sizeof *req);

    if (req == NULL)
        return;
    req->arena = arena_new();
    if (req->arena != NULL && target_read_query(req, query, bytes) == OK) {
        must(req->query_value_count <= QUERY_VALUES_MAX);
        for (size_t i = 0; i < req->query_value_count; i++) {
            const char *name = req->query_values[i].name;

            must(name[0] != '\0' && text_is_utf8(name, strlen(name)));
            must(request_query(req, name) == req->query_values[i].value);
        }
    }
    arena_free(req->arena);
    free(req);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *target = (const char *)data;

    if (!target_is_clean(target, size))
        return 0;
    const char *question = memchr(target, '?', size);
    size_t path_bytes = question == NULL ? size : (size_t)(question - target);

    check_path(target, path_bytes);
    if (question != NULL) {
        check_decoding(question + 1, size - path_bytes - 1, true);
        check_query(question + 1, size - path_bytes - 1);
    }
    return 0;
}
