#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "http/http_internal.h"

/*
 * Any bytes as the body of a form: what passes has names of ours, each once,
 * and values that are text and no longer than what was sent.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool is_true)
{
    if (!is_true)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct form form;

    if (arena == NULL)
        return 0;
    enum err error = form_parse(arena, (const char *)data, size, &form);
    must(error == OK || error == ERR_FORM_MALFORMED);
    if (error == OK) {
        size_t bytes = 0;

        must(form.count <= FORM_PAIRS_MAX);
        for (size_t i = 0; i < form.count; i++) {
            const char *name = form.pairs[i].name, *value = form.pairs[i].value;

            must(name[0] != '\0' && strlen(name) <= FORM_NAME_BYTES_MAX);
            must(strspn(name, "abcdefghijklmnopqrstuvwxyz_") == strlen(name));
            must(text_is_utf8(value, strlen(value)));
            for (size_t k = 0; k < i; k++)
                must(strcmp(form.pairs[k].name, name) != 0);
            bytes += strlen(name) + strlen(value) + 1;
        }
        must(bytes <= size + 1);
    }
    arena_free(arena);
    return 0;
}
