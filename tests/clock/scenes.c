/* scenes.c - see the header. */
#include "scenes.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

void
fail(const char *what, const char *why)
{
    fprintf(stderr, "schedules: %s: %s\n", what, why);
    exit(2);
}

const char *
kind_word(int kind)
{
    return kind == CLOSE_WAITS ? "close_unreachable_waits"
                               : choice_word(&words_moment, kind);
}

static int
by_key(const void *a, const void *b)
{
    const struct due *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->ticket != y->ticket)
        return x->ticket < y->ticket ? -1 : 1;
    return x->kind - y->kind;
}

void
path_in(char path[PATH_MAX], const char *directory, const char *name)
{
    if (!text_format(path, PATH_MAX, "%s/%s", directory, name))
        fail(directory, "too long");
}

static unsigned char *
read_file(const char *directory, const char *name, size_t *ret_bytes)
{
    char path[PATH_MAX];
    struct stat facts;

    path_in(path, directory, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL || fstat(fileno(file), &facts) != 0)
        fail(path, "cannot be read");
    unsigned char *bytes = malloc((size_t)facts.st_size + 1);
    if (bytes == NULL ||
        fread(bytes, 1, (size_t)facts.st_size, file) != (size_t)facts.st_size)
        fail(path, "cannot be read");
    (void)fclose(file); /* only read */
    bytes[facts.st_size] = '\0';
    *ret_bytes = (size_t)facts.st_size;
    return bytes;
}

static void
write_file(const char *directory, const char *name, const unsigned char *bytes,
           size_t count)
{
    char path[PATH_MAX];

    path_in(path, directory, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, count, file) != count || fclose(file) != 0)
        fail(path, "cannot be written");
}

/* Two units of a ticket may share a kind and a second: one line, twice. */
static void
add_due(struct scene *scene, const struct due *due)
{
    struct due *last = scene->count == 0 ? NULL : &scene->dues[scene->count - 1];

    if (last != NULL && by_key(last, due) == 0) {
        last->count++;
        return;
    }
    if (scene->count == DUE_MAX)
        fail(scene->name, "has too many lines");
    scene->dues[scene->count++] = *due;
}

static void
load_expected(struct scene *scene, char *text)
{
    static struct due lines[DUE_MAX];
    long long begin, ticket, at;
    size_t count = 0;
    char word[64], *rest = NULL;

    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        if (sscanf(line, "begin %lld", &begin) == 1) {
            scene->begin = begin;
            continue;
        }
        if (count == DUE_MAX || sscanf(line, "%lld %63s %lld", &ticket, word, &at) != 3)
            fail(scene->name, line);
        int kind = strcmp(word, kind_word(CLOSE_WAITS)) == 0
                       ? CLOSE_WAITS
                       : choice_find(&words_moment, word);
        if (kind == CHOICE_NONE)
            fail(scene->name, line);
        lines[count++] =
            (struct due){ .at = at, .ticket = ticket, .kind = kind, .count = 1 };
    }
    qsort(lines, count, sizeof *lines, by_key);
    for (size_t i = 0; i < count; i++)
        add_due(scene, &lines[i]);
    if (scene->begin == 0 || count == 0)
        fail(scene->name, "expects nothing");
}

size_t
scenes_load(const char *root, struct scene ret_scenes[SCENES_MAX])
{
    struct dirent **names = NULL;
    int name_count = scandir(root, &names, NULL, alphasort);
    size_t count = 0;

    for (int i = 0; i < name_count; i++) {
        struct scene *scene = &ret_scenes[count];
        char path[PATH_MAX];
        size_t bytes;

        if (names[i]->d_name[0] != '.' && count < SCENES_MAX &&
            text_format(scene->name, sizeof scene->name, "%s", names[i]->d_name)) {
            path_in(path, root, scene->name);
            scene->database = read_file(path, "yidan.db", &scene->database_bytes);
            scene->keys = read_file(path, "keys", &scene->keys_bytes);
            unsigned char *text = read_file(path, "expected", &bytes);
            load_expected(scene, (char *)text);
            free(text);
            count++;
        }
        free(names[i]);
    }
    free(names);
    if (count == 0)
        fail(root, "holds no scene");
    return count;
}

void
scene_lay_out(struct scene *scene, const char *directory)
{
    static const char *const old[] = { "yidan.db-wal", "yidan.db-shm" };
    char path[PATH_MAX];

    for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
        path_in(path, directory, old[i]);
        (void)unlink(path); /* the first time there is none */
    }
    write_file(directory, "yidan.db", scene->database, scene->database_bytes);
    write_file(directory, "keys", scene->keys, scene->keys_bytes);
    for (size_t i = 0; i < scene->count; i++) {
        scene->dues[i].happened = 0;
        scene->dues[i].was_latest = false;
    }
}

struct due *
scene_find(struct scene *scene, int64_t ticket, int kind, int64_t at)
{
    struct due key = { .at = at, .ticket = ticket, .kind = kind };

    return bsearch(&key, scene->dues, scene->count, sizeof key, by_key);
}

int64_t
scene_end(const struct scene *scene)
{
    size_t i = scene->count - 1;

    while (i > 0 && scene->dues[i].ticket == 0)
        i--;
    return scene->dues[i].at;
}
