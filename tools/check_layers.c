/*
 * check_layers - every include against docs/layers.txt.
 *
 *     check_layers docs/layers.txt src/a/b.c include/a/b.h ...
 *
 * "x/y.h" needs the right to layer x; <lib.h> the right to that library; the
 * headers of C and POSIX are free.  "y_internal.h" stays inside its folder, a
 * generated header in the layers named below.  A file directly in src/ counts
 * as cli.  Prints `file:line: breach` for each and ends with status 1.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

enum { LAYERS_MAX = 16, WORDS_MAX = 16 };

struct layer {
    char *name;
    char *layers[WORDS_MAX];
    char *libraries[WORDS_MAX];
    bool has_everything;
};

struct law {
    struct layer layers[LAYERS_MAX];
    size_t count;
};

/* One include: where it stands, and what it names. */
struct include {
    const char *path;
    int line;
    const struct layer *layer;
    char *name;
};

struct generated {
    const char *name;
    const char *layers[4];
};

/* Everybody may use an error, but through base/error.h. */
static const struct generated generated_headers[] = {
    { "errors.gen.h", { "base" } },
    { "queries.gen.h", { "store" } },
    { "schema.gen.h", { "store", "cli" } },
    { "embedded.gen.h", { "store", "command", "api", "cli" } },
};

static const char *const free_folders[] = { "sys/",     "arpa/",  "net/",
                                            "netinet/", "linux/", "sanitizer/" };
static const char *const free_headers[] = {
    "aio.h",     "assert.h",   "complex.h",  "ctype.h",    "dirent.h",      "dlfcn.h",
    "endian.h",  "errno.h",    "execinfo.h", "fcntl.h",    "fenv.h",        "float.h",
    "fnmatch.h", "ftw.h",      "getopt.h",   "glob.h",     "grp.h",         "iconv.h",
    "ifaddrs.h", "inttypes.h", "iso646.h",   "langinfo.h", "libgen.h",      "limits.h",
    "locale.h",  "malloc.h",   "math.h",     "netdb.h",    "poll.h",        "pthread.h",
    "pwd.h",     "regex.h",    "sched.h",    "search.h",   "semaphore.h",   "setjmp.h",
    "signal.h",  "spawn.h",    "stdalign.h", "stdarg.h",   "stdatomic.h",   "stdbool.h",
    "stddef.h",  "stdint.h",   "stdio.h",    "stdlib.h",   "stdnoreturn.h", "string.h",
    "strings.h", "syslog.h",   "termios.h",  "threads.h",  "time.h",        "uchar.h",
    "unistd.h",  "utime.h",    "wchar.h",    "wctype.h",
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool
has_word(char *const *words, const char *word)
{
    for (size_t i = 0; i < WORDS_MAX && words[i] != NULL; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static const struct layer *
layer_find(const struct law *law, const char *name, size_t length)
{
    for (size_t i = 0; i < law->count; i++)
        if (strlen(law->layers[i].name) == length &&
            memcmp(law->layers[i].name, name, length) == 0)
            return &law->layers[i];
    return NULL;
}

static void
words_split(char *text, char **words, const char *path, int line)
{
    size_t count = 0;

    for (char *word = NULL; text != NULL && (word = strsep(&text, " \t\r")) != NULL;) {
        if (*word == '\0')
            continue;
        if (count == WORDS_MAX - 1)
            tool_fail(path, line, "too many words");
        words[count++] = word;
    }
}

static void
law_read(struct law *law, const char *path)
{
    char *rest = tool_read(path, NULL);

    for (int number = 1; rest != NULL; number++) {
        char *line = strsep(&rest, "\n");

        if (line[0] == '#' || line[strspn(line, " \t\r")] == '\0')
            continue;
        char *name = strsep(&line, ":");
        char *layers = strsep(&line, "|");

        if (layers == NULL || line == NULL)
            tool_fail(path, number, "a line is: layer: layers | libraries");
        if (law->count == LAYERS_MAX || layer_find(law, name, strlen(name)) != NULL)
            tool_fail(path, number, "the layer %s is one too many", name);
        struct layer *layer = &law->layers[law->count++];

        layer->name = name;
        words_split(layers, layer->layers, path, number);
        words_split(line, layer->libraries, path, number);
        layer->has_everything = has_word(layer->layers, "everything");
    }
    for (size_t i = 0; i < law->count; i++)
        for (char **word = law->layers[i].layers; *word != NULL; word++)
            if (strcmp(*word, "everything") != 0 &&
                layer_find(law, *word, strlen(*word)) == NULL)
                tool_fail(path, 0, "%s may include %s, which is no layer",
                          law->layers[i].name, *word);
}

static int breach(const struct include *include, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int
breach(const struct include *include, const char *format, ...)
{
    va_list arguments;

    (void)fprintf(stderr, "%s:%d: ", include->path, include->line);
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
    return 1;
}

static int
check_library(const struct law *law, const struct include *include)
{
    const char *name = include->name;
    bool is_known = false;

    for (size_t i = 0; i < COUNT(free_folders); i++)
        if (strncmp(name, free_folders[i], strlen(free_folders[i])) == 0)
            return 0;
    for (size_t i = 0; i < COUNT(free_headers); i++)
        if (strcmp(name, free_headers[i]) == 0)
            return 0;
    for (size_t i = 0; i < law->count; i++)
        is_known = is_known || has_word(law->layers[i].libraries, name);
    if (!is_known)
        return breach(include, "<%s> is neither of C or POSIX nor a library of any layer",
                      name);
    if (include->layer->has_everything || has_word(include->layer->libraries, name))
        return 0;
    return breach(include, "%s may not use <%s>", include->layer->name, name);
}

static int
check_generated(const struct include *include)
{
    for (size_t i = 0; i < COUNT(generated_headers); i++) {
        const struct generated *header = &generated_headers[i];

        if (strcmp(include->name, header->name) != 0)
            continue;
        for (size_t j = 0; j < COUNT(header->layers) && header->layers[j] != NULL; j++)
            if (strcmp(include->layer->name, header->layers[j]) == 0)
                return 0;
        return breach(include, "%s may not include the generated %s",
                      include->layer->name, header->name);
    }
    return breach(include, "no generated header is named %s", include->name);
}

static bool
is_public(const char *path)
{
    return strncmp(path, "include/", 8) == 0 || strstr(path, "/include/") != NULL;
}

/* "y.h" beside the file that includes it. */
static int
check_beside(const struct include *include)
{
    if (is_public(include->path))
        return breach(include, "a public header includes the internal \"%s\"",
                      include->name);
    const char *slash = strrchr(include->path, '/');
    struct tool_text beside = { 0 };

    tool_add(&beside, include->path,
             slash == NULL ? 0 : (size_t)(slash + 1 - include->path));
    tool_add_text(&beside, include->name);
    FILE *found = fopen(beside.bytes, "rb");

    if (found == NULL)
        return breach(include, "\"%s\" is not in this folder", include->name);
    (void)fclose(found); /* only looked for */
    return 0;
}

static int
check_ours(const struct law *law, const struct include *include)
{
    const char *name = include->name;
    const char *slash = strchr(name, '/');

    if (strstr(name, "..") != NULL)
        return breach(include, "\"%s\" climbs out of its folder", name);
    if (strlen(name) > 6 && strcmp(name + strlen(name) - 6, ".gen.h") == 0)
        return check_generated(include);
    if (slash == NULL)
        return check_beside(include);
    const struct layer *target = layer_find(law, name, (size_t)(slash - name));

    if (target == NULL)
        return breach(include, "\"%s\" is in no layer", name);
    if (strstr(name, "_internal.h") != NULL &&
        (is_public(include->path) || target != include->layer))
        return breach(include, "\"%s\" is internal to %s", name, target->name);
    if (include->layer->has_everything || has_word(include->layer->layers, target->name))
        return 0;
    return breach(include, "%s may not include %s (\"%s\")", include->layer->name,
                  target->name, name);
}

/* The layer is the folder after the last src/ or include/ of the path. */
static const struct layer *
layer_of(const struct law *law, const char *path)
{
    const char *start = NULL;

    for (const char *at = path; at != NULL; at = strchr(at, '/')) {
        at += *at == '/';
        if (strncmp(at, "src/", 4) == 0)
            start = at + 4;
        else if (strncmp(at, "include/", 8) == 0)
            start = at + 8;
    }
    if (start == NULL)
        tool_fail(path, 0, "neither in src nor in include");
    const char *slash = strchr(start, '/');
    const struct layer *layer = slash == NULL
                                    ? layer_find(law, "cli", 3)
                                    : layer_find(law, start, (size_t)(slash - start));

    if (layer == NULL)
        tool_fail(path, 0, "is in no layer of the law");
    return layer;
}

static int
file_check(const struct law *law, const char *path)
{
    struct include include = { .path = path, .layer = layer_of(law, path) };
    char *rest = tool_read(path, NULL);
    int breaches = 0;

    while (rest != NULL) {
        char *line = strsep(&rest, "\n");

        include.line++;
        line += strspn(line, " \t");
        if (*line != '#')
            continue;
        line++;
        line += strspn(line, " \t");
        if (strncmp(line, "include", 7) != 0)
            continue;
        line += 7;
        line += strspn(line, " \t");
        bool is_ours = *line == '"';
        char *end = *line == '\0' ? NULL : strchr(line + 1, is_ours ? '"' : '>');

        if (end == NULL || (!is_ours && *line != '<')) {
            breaches += breach(&include, "an include names its file");
            continue;
        }
        *end = '\0';
        include.name = line + 1;
        breaches += is_ours ? check_ours(law, &include) : check_library(law, &include);
    }
    return breaches;
}

int
main(int argc, char **argv)
{
    struct law law = { 0 };
    int breaches = 0;

    if (argc < 2)
        tool_fail("usage", 0, "check_layers layers.txt file...");
    law_read(&law, argv[1]);
    for (int i = 2; i < argc; i++)
        breaches += file_check(&law, argv[i]);
    return breaches == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
