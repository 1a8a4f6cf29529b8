#include "support/golden.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The number of the first line in which the texts differ. */
static int
first_difference(const char *a, const char *b)
{
    int line = 1;

    for (; *a != '\0' && *a == *b; a++, b++)
        line += *a == '\n';
    return line;
}

void
golden_check(const char *name, const char *text)
{
    char path[256];
    static char stored[1 << 20];

    snprintf(path, sizeof path, "tests/golden/%s", name);
    if (getenv("UPDATE_GOLDEN") != NULL) {
        FILE *file = fopen(path, "w");
        ck_assert_ptr_nonnull(file);
        ck_assert_uint_eq(fwrite(text, 1, strlen(text), file), strlen(text));
        ck_assert_int_eq(fclose(file), 0);
        return;
    }
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s is missing; UPDATE_GOLDEN=1 writes it", path);
    size_t bytes = fread(stored, 1, sizeof stored - 1, file);
    stored[bytes] = '\0';
    fclose(file);
    ck_assert_msg(strcmp(stored, text) == 0,
                  "%s differs from line %d on; UPDATE_GOLDEN=1 takes the change", path,
                  first_difference(stored, text));
}
