/*
 * Gives a fuzz target every input that is kept: the files of the folders named,
 * each a seed or a former crash.  A fault ends the program, as under the fuzzer.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The copy has exactly the input's size, so that a sanitizer sees a read beyond it. */
static bool
replay(const char *path)
{
    FILE *in = fopen(path, "rb");
    long size = 0;

    if (in == NULL)
        return false;
    if (fseek(in, 0, SEEK_END) != 0 || (size = ftell(in)) < 0 ||
        fseek(in, 0, SEEK_SET) != 0)
        size = -1;
    uint8_t *bytes = size < 0 ? NULL : malloc((size_t)size == 0 ? 1 : (size_t)size);
    bool is_read = bytes != NULL && fread(bytes, 1, (size_t)size, in) == (size_t)size;

    (void)fclose(in); /* only read from */
    if (is_read) {
        (void)printf("%s\n", path); /* before, so that the last line names a crash */
        (void)fflush(stdout);
        (void)LLVMFuzzerTestOneInput(bytes, (size_t)size);
    }
    free(bytes);
    return is_read;
}

int
main(int argc, char **argv)
{
    int count = 0;

    (void)LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);

        if (folder == NULL && errno == ENOENT)
            continue; /* a target need not have both */
        if (folder == NULL) {
            perror(argv[i]);
            return EXIT_FAILURE;
        }
        for (struct dirent *entry = readdir(folder); entry != NULL;
             entry = readdir(folder)) {
            char path[PATH_MAX];

            if (entry->d_name[0] == '.')
                continue;
            (void)snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
            if (!replay(path)) {
                perror(path);
                return EXIT_FAILURE;
            }
            count++;
        }
        (void)closedir(folder);
    }
    (void)printf("%s: %d inputs\n", argv[0], count);
    return EXIT_SUCCESS;
}
