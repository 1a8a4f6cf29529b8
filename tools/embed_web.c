/*
 * embed_web - the built browser's side as C, sorted by path.
 *
 *     embed_web web.gen.c DIR
 *
 * A file NAME.gz or NAME.br beside NAME is its compressed form.  Names that begin
 * with a dot are the build's own and left out.  index.html must be there: it is
 * what every page of the application begins with.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tool.h"

struct form {
    char *bytes; /* NULL: there is none */
    size_t size;
};

struct page {
    const char *path; /* "/assets/main-Ab12Cd34.js" */
    struct form plain, gzip, brotli;
};

static struct page *pages;
static size_t page_count;

static const struct {
    const char *extension, *media_type;
} media_types[] = {
    { ".html", "text/html; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },
    { ".json", "application/json" },
    { ".svg", "image/svg+xml" },
    { ".png", "image/png" },
    { ".ico", "image/x-icon" },
};

static const char *
media_type_of(const char *path)
{
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot != NULL && i < sizeof media_types / sizeof *media_types; i++)
        if (strcmp(dot, media_types[i].extension) == 0)
            return media_types[i].media_type;
    tool_fail(path, 0, "what kind of file is this? add it to media_types");
}

static bool
ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length > tail && strcmp(text + length - tail, end) == 0;
}

static char *
joined(const char *folder, const char *name)
{
    struct tool_text text = { .bytes = NULL };

    tool_add_text(&text, folder);
    tool_add_text(&text, "/");
    tool_add_text(&text, name);
    return text.bytes;
}

static void
read_form(const char *path, const char *extension, struct form *form)
{
    struct tool_text file = { .bytes = NULL };
    struct stat stat_of_it;

    tool_add_text(&file, path);
    tool_add_text(&file, extension);
    if (stat(file.bytes, &stat_of_it) == 0)
        form->bytes = tool_read(file.bytes, &form->size);
}

static void
read_folder(const char *root, const char *folder)
{
    DIR *opened = opendir(folder);

    if (opened == NULL)
        tool_fail(folder, 0, "no such folder");
    for (const struct dirent *entry; (entry = readdir(opened)) != NULL;) {
        struct stat stat_of_it;

        if (entry->d_name[0] == '.' || ends_with(entry->d_name, ".gz") ||
            ends_with(entry->d_name, ".br"))
            continue;
        char *path = joined(folder, entry->d_name);

        if (stat(path, &stat_of_it) != 0)
            tool_fail(path, 0, "cannot be read");
        if (S_ISDIR(stat_of_it.st_mode)) {
            read_folder(root, path);
            continue;
        }
        pages = tool_grow(pages, page_count, sizeof *pages);
        pages[page_count] = (struct page){ .path = path + strlen(root) };
        read_form(path, "", &pages[page_count].plain);
        read_form(path, ".gz", &pages[page_count].gzip);
        read_form(path, ".br", &pages[page_count].brotli);
        page_count++;
    }
    (void)closedir(opened); /* only read */
}

static int
compare_pages(const void *left, const void *right)
{
    return strcmp(((const struct page *)left)->path, ((const struct page *)right)->path);
}

/* FNV-1a: tells one build's file from another's; nobody is kept from anything by it. */
static uint64_t
digest(const struct form *form)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < form->size; i++)
        hash = (hash ^ (unsigned char)form->bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static void
write_form(FILE *out, const char *name, size_t index, const struct form *form)
{
    if (form->bytes == NULL)
        return;
    (void)fprintf(out, "      .%s = { %s_%zu, %zu, \"\\\"%016llx-%zx\\\"\" },\n", name,
                  name, index, form->size, (unsigned long long)digest(form), form->size);
}

static void
write_bytes(FILE *out, const char *name, size_t index, const struct form *form)
{
    if (form->bytes == NULL)
        return;
    (void)fprintf(out, "static const unsigned char %s_%zu[] = {", name, index);
    tool_put_bytes(out, form->bytes, form->size);
    (void)fputs("};\n", out);
}

static void
write_source(const char *path)
{
    FILE *out = tool_create(path);

    (void)fputs("/* Made by embed_web; not to be edited. */\n"
                "#include \"http/asset.h\"\n\n"
                "extern const struct asset_table web_assets;\n",
                out);
    for (size_t i = 0; i < page_count; i++) {
        (void)fprintf(out, "\n/* %s */\n", pages[i].path);
        write_bytes(out, "plain", i, &pages[i].plain);
        write_bytes(out, "gzip", i, &pages[i].gzip);
        write_bytes(out, "brotli", i, &pages[i].brotli);
    }
    (void)fputs("\nstatic const struct asset assets[] = {\n", out);
    for (size_t i = 0; i < page_count; i++) {
        bool is_immutable = strncmp(pages[i].path, "/assets/", 8) == 0;

        (void)fputs("    { .path = ", out);
        tool_put_string(out, pages[i].path);
        (void)fputs(",\n      .media_type = ", out);
        tool_put_string(out, media_type_of(pages[i].path));
        (void)fprintf(out, ",\n      .is_immutable = %s,\n",
                      is_immutable ? "true" : "false");
        write_form(out, "plain", i, &pages[i].plain);
        write_form(out, "gzip", i, &pages[i].gzip);
        write_form(out, "brotli", i, &pages[i].brotli);
        (void)fputs("    },\n", out);
    }
    (void)fprintf(out, "};\n\nconst struct asset_table web_assets = { assets, %zu };\n",
                  page_count);
    tool_close(out, path);
}

int
main(int argc, char **argv)
{
    bool has_index = false;

    if (argc != 3)
        tool_fail("usage", 0, "embed_web out.c DIR");
    read_folder(argv[2], argv[2]);
    qsort(pages, page_count, sizeof *pages, compare_pages);
    for (size_t i = 0; i < page_count; i++) {
        (void)media_type_of(pages[i].path); /* before anything is written */
        has_index = has_index || strcmp(pages[i].path, "/index.html") == 0;
    }
    if (!has_index)
        tool_fail(argv[2], 0, "has no index.html");
    write_source(argv[1]);
    return EXIT_SUCCESS;
}
