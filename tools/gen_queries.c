/*
 * gen_queries - the named statements of sql/queries/ to C.
 *
 *     gen_queries queries.gen.h queries.gen.c sql/queries/a.sql ...
 *
 * A file is a sequence of blocks; comments are dropped:
 *
 *     -- fragment: unit_columns        text that statements of any file may
 *     unit.code, unit.name             use, and other fragments too
 *
 *     -- name: unit_by_code
 *     -- access: read                  or write
 *     -- scan: why a scan is harmless  only when the plan has one
 *     SELECT / *= unit_columns * / FROM unit WHERE code = :code;
 *
 * (without the blanks in the marks).  Fragments are put in here, at build
 * time, so that no SQL is made at run time.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

enum { FRAGMENT_DEPTH_MAX = 4 };

struct block {
    const char *path;
    int line;      /* of the name */
    int body_line; /* where `body` starts */
    char *name;
    bool is_fragment;
    bool has_access;
    bool is_write;
    char *scan_reason; /* NULL: may not scan */
    struct tool_text body;
    struct tool_text sql; /* expanded */
};

struct blocks {
    struct block *rows;
    size_t count;
};

static bool
name_is_good(const char *name)
{
    if (*name < 'a' || *name > 'z')
        return false;
    return name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct block *
block_find(struct blocks *blocks, const char *name, size_t length, bool is_fragment)
{
    for (size_t i = 0; i < blocks->count; i++) {
        struct block *block = &blocks->rows[i];

        if (block->is_fragment == is_fragment && strlen(block->name) == length &&
            memcmp(block->name, name, length) == 0)
            return block;
    }
    return NULL;
}

/* The value of "-- key: value" without blanks around it; NULL when the line is another. */
static char *
mark_value(const char *line, const char *key)
{
    size_t length = strlen(key);

    if (strncmp(line, "-- ", 3) != 0 || strncmp(line + 3, key, length) != 0 ||
        line[3 + length] != ':')
        return NULL;
    const char *start = line + 3 + length + 1;
    const char *end = start + strlen(start);

    while (is_space(*start))
        start++;
    while (end > start && is_space(end[-1]))
        end--;
    return tool_copy(start, (size_t)(end - start));
}

static struct block *
block_start(struct blocks *blocks, const char *path, int line, char *name,
            bool is_fragment)
{
    if (!name_is_good(name))
        tool_fail(path, line, "bad name \"%s\"", name);
    struct block *same = block_find(blocks, name, strlen(name), is_fragment);

    if (same != NULL)
        tool_fail(path, line, "%s is already in %s:%d", name, same->path, same->line);
    blocks->rows = tool_grow(blocks->rows, blocks->count, sizeof *blocks->rows);
    struct block *block = &blocks->rows[blocks->count++];

    *block = (struct block){
        .path = path, .line = line, .name = name, .is_fragment = is_fragment
    };
    return block;
}

/* Take "-- access:" or "-- scan:" of a statement; false when the line is neither. */
static bool
block_take_mark(struct block *block, const char *line, int number)
{
    char *access = mark_value(line, "access");
    char *scan = mark_value(line, "scan");

    if (access == NULL && scan == NULL)
        return false;
    if (block == NULL || block->is_fragment || block->body.size > 0)
        tool_fail(block == NULL ? "?" : block->path, number,
                  "access and scan stand between the name and its statement");
    if (scan != NULL) {
        if (*scan == '\0' || block->scan_reason != NULL)
            tool_fail(block->path, number, "%s: one scan, and with a reason",
                      block->name);
        block->scan_reason = scan;
        return true;
    }
    if (block->has_access)
        tool_fail(block->path, number, "%s has two lines of access", block->name);
    block->has_access = true;
    block->is_write = strcmp(access, "write") == 0;
    if (!block->is_write && strcmp(access, "read") != 0)
        tool_fail(block->path, number, "the access of %s is read or write, not \"%s\"",
                  block->name, access);
    return true;
}

static void
file_read(struct blocks *blocks, const char *path)
{
    char *rest = tool_read(path, NULL);
    struct block *block = NULL;

    for (int number = 1; rest != NULL; number++) {
        char *line = strsep(&rest, "\n");
        char *name = mark_value(line, "name");
        char *fragment = mark_value(line, "fragment");

        if (name != NULL || fragment != NULL) {
            block = block_start(blocks, path, number, name != NULL ? name : fragment,
                                fragment != NULL);
            continue;
        }
        bool is_comment = strncmp(line + strspn(line, " \t"), "--", 2) == 0;
        bool is_empty = line[strspn(line, " \t\r")] == '\0';

        if (block == NULL && !is_comment && !is_empty)
            tool_fail(path, number, "a statement without \"-- name:\"");
        if (block == NULL && (mark_value(line, "access") || mark_value(line, "scan")))
            tool_fail(path, number, "access and scan come after \"-- name:\"");
        if (block == NULL || block_take_mark(block, line, number))
            continue;
        if (block->body.size == 0 && (is_comment || is_empty))
            continue;
        if (block->body.size == 0)
            block->body_line = number;
        tool_add_text(&block->body, line);
        tool_add(&block->body, "\n", 1);
    }
}

/* Where the quoted text at `at` ends: '...', "...", `...` or [...]. */
static const char *
quote_end(const struct block *block, const char *at, int line)
{
    char close = '\0';

    if (*at == '[')
        close = ']';
    else
        close = *at;
    const char *end = strchr(at + 1, close);

    if (end == NULL)
        tool_fail(block->path, line, "%s: %c is not closed", block->name, *at);
    return end + 1; /* a doubled quote reads as two quoted texts side by side */
}

static const char *
comment_end(const struct block *block, const char *at, int line)
{
    if (at[0] == '-')
        return at + strcspn(at, "\n");
    const char *end = strstr(at, "*/");

    if (end == NULL)
        tool_fail(block->path, line, "%s: the comment is not closed", block->name);
    return end + 2;
}

static void expand(struct blocks *blocks, const struct block *block,
                   struct tool_text *sql, int depth);

/* Put the fragment that "/ *= name * /" at `at` names into `sql`. */
static void
expand_fragment(struct blocks *blocks, const struct block *block, const char *at,
                const char *end, int line, struct tool_text *sql, int depth)
{
    const char *start = at + 3;
    const char *stop = end - 2;

    while (start < stop && is_space(*start))
        start++;
    while (stop > start && is_space(stop[-1]))
        stop--;
    struct block *fragment = block_find(blocks, start, (size_t)(stop - start), true);

    if (fragment == NULL)
        tool_fail(block->path, line, "no fragment is named \"%.*s\"", (int)(stop - start),
                  start);
    if (depth == FRAGMENT_DEPTH_MAX)
        tool_fail(block->path, line, "fragments inside fragments go deeper than %d",
                  FRAGMENT_DEPTH_MAX);
    expand(blocks, fragment, sql, depth + 1);
}

/* Drop blanks at the end of what stands in `sql` from `from` on. */
static void
trim(struct tool_text *sql, size_t from)
{
    while (sql->size > from && is_space(sql->bytes[sql->size - 1]))
        sql->bytes[--sql->size] = '\0';
}

/* Add the body of `block` to `sql`: comments dropped, fragments put in, form checked. */
static void
expand(struct blocks *blocks, const struct block *block, struct tool_text *sql, int depth)
{
    int line = block->body_line;
    size_t from = sql->size;
    bool is_closed = false;

    for (const char *at = block->body.bytes, *next = NULL; at != NULL && *at != '\0';
         at = next) {
        bool is_comment = strncmp(at, "--", 2) == 0 || strncmp(at, "/*", 2) == 0;

        next = at + 1;
        if (is_comment)
            next = comment_end(block, at, line);
        else if (strchr("'\"`[", *at) != NULL)
            next = quote_end(block, at, line);
        if (is_closed && !is_space(*at) && (!is_comment || at[2] == '='))
            tool_fail(block->path, line, "%s: more than one statement", block->name);
        if (*at == ';' && block->is_fragment)
            tool_fail(block->path, line, "the fragment %s holds a ';'", block->name);

        if (is_comment && strncmp(at, "/*=", 3) == 0)
            expand_fragment(blocks, block, at, next, line, sql, depth);
        else if (*at == '\n')
            trim(sql, from);
        else if (is_comment)
            tool_add(sql, " ", 1); /* what it parted stays apart */
        if (!is_comment)
            tool_add(sql, at, (size_t)(next - at));
        is_closed = is_closed || *at == ';';
        for (; at < next; at++)
            line += *at == '\n';
    }
    trim(sql, from);
    if (sql->size == from)
        tool_fail(block->path, block->line, "%s is empty", block->name);
    if (!block->is_fragment && !is_closed)
        tool_fail(block->path, block->line, "%s does not end in ';'", block->name);
}

static void
header_write(const struct blocks *blocks, size_t query_count, const char *path)
{
    FILE *out = tool_create(path);

    (void)fputs("/* Made from sql/queries by gen_queries; not to be edited. */\n"
                "#ifndef YIDAN_QUERIES_GEN_H\n"
                "#define YIDAN_QUERIES_GEN_H\n\n"
                "#include <stdbool.h>\n\n"
                "enum query {\n",
                out);
    for (size_t i = 0; i < blocks->count; i++)
        if (!blocks->rows[i].is_fragment) {
            (void)fputs("    Q_", out);
            tool_put_constant(out, blocks->rows[i].name);
            (void)fputs(",\n", out);
        }
    /* C has no empty array: without a statement there is one row of nothing. */
    (void)fprintf(out,
                  "    QUERY_COUNT\n};\n\n"
                  "struct query_text {\n"
                  "    const char *name;\n"
                  "    const char *sql;\n"
                  "    bool is_write;\n"
                  "    const char *scan_reason; /* NULL: may not scan */\n"
                  "    const char *file;\n"
                  "};\n\n"
                  "extern const struct query_text query_texts[%s];\n\n"
                  "#endif\n",
                  query_count == 0 ? "1" : "QUERY_COUNT");
    tool_close(out, path);
}

static void
source_write(const struct blocks *blocks, size_t query_count, const char *path)
{
    FILE *out = tool_create(path);

    (void)fputs("/* Made from sql/queries by gen_queries; not to be edited. */\n"
                "#include \"queries.gen.h\"\n\n"
                "#include <stddef.h>\n",
                out);
    for (size_t i = 0; i < blocks->count; i++) {
        const struct block *block = &blocks->rows[i];

        if (block->is_fragment)
            continue;
        (void)fprintf(out, "\n/* %s:%d\n", block->path, block->line);
        /* To read along; a quoted mark of a comment would end this one. */
        for (const char *at = block->sql.bytes; *at != '\0'; at++)
            (void)fputc(
                strncmp(at, "*/", 2) == 0 || strncmp(at, "/*", 2) == 0 ? '?' : *at, out);
        (void)fprintf(out, "\n*/\nstatic const unsigned char sql_%s[] = {", block->name);
        tool_put_bytes(out, block->sql.bytes, block->sql.size);
        (void)fputs("};\n", out);
    }
    (void)fputs("\nconst struct query_text query_texts[] = {\n", out);
    for (size_t i = 0; i < blocks->count; i++) {
        const struct block *block = &blocks->rows[i];

        if (block->is_fragment)
            continue;
        (void)fprintf(out, "    { \"%s\", (const char *)sql_%s, %s, ", block->name,
                      block->name, block->is_write ? "true" : "false");
        if (block->scan_reason == NULL)
            (void)fputs("NULL", out);
        else
            tool_put_string(out, block->scan_reason);
        (void)fputs(", ", out);
        tool_put_string(out, block->path);
        (void)fputs(" },\n", out);
    }
    if (query_count == 0)
        (void)fputs("    { NULL, NULL, false, NULL, NULL }\n", out);
    (void)fputs("};\n", out);
    tool_close(out, path);
}

int
main(int argc, char **argv)
{
    struct blocks blocks = { 0 };
    size_t query_count = 0;

    if (argc < 3)
        tool_fail("usage", 0, "gen_queries queries.gen.h queries.gen.c file.sql...");
    for (int i = 3; i < argc; i++)
        file_read(&blocks, argv[i]);
    for (size_t i = 0; i < blocks.count; i++) {
        struct block *block = &blocks.rows[i];

        /* A fragment is expanded too: a wrong one is found before it is used. */
        if (!block->is_fragment && !block->has_access)
            tool_fail(block->path, block->line, "%s has no \"-- access:\"", block->name);
        query_count += !block->is_fragment;
        expand(&blocks, block, &block->sql, 0);
    }
    header_write(&blocks, query_count, argv[1]);
    source_write(&blocks, query_count, argv[2]);
    return EXIT_SUCCESS;
}
