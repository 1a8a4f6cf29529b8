/*
 * embed - files as C, in order.
 *
 *     embed schema schema.gen.h schema.gen.c sql/schema/NNNN_*.sql
 *     embed files embedded.gen.h embedded.gen.c name=path ...
 *
 * The schema's steps must be numbered 0001, 0002 ... without a gap.  Bytes are
 * written as numbers: a string literal may be 4095 long in C11, and no more.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

struct file {
    const char *path;
    const char *name;
    char *bytes;
    size_t size;
};

/* The name of step `number` in NNNN_name.sql: "name". */
static const char *
step_name(const char *path, int number)
{
    const char *base = strrchr(path, '/');
    const char *name = base == NULL ? path : base + 1;
    size_t length = strlen(name);
    char wanted[16];

    (void)snprintf(wanted, sizeof wanted, "%04d_", number);
    if (strncmp(name, wanted, 5) != 0)
        tool_fail(path, 0, "the schema's steps have no gap and no double; %s... is next",
                  wanted);
    if (length <= 9 || strcmp(name + length - 4, ".sql") != 0)
        tool_fail(path, 0, "a step is named NNNN_what.sql");
    return tool_copy(name + 5, length - 9);
}

static void
put_start(FILE *out, const char *guard)
{
    (void)fprintf(out,
                  "/* Made by embed; not to be edited. */\n"
                  "#ifndef %s\n"
                  "#define %s\n\n"
                  "#include <stddef.h>\n\n",
                  guard, guard);
}

static void
schema_header_write(const char *path)
{
    FILE *out = tool_create(path);

    put_start(out, "YIDAN_SCHEMA_GEN_H");
    (void)fputs("struct schema_step {\n"
                "    int number;\n"
                "    const char *name;\n"
                "    const char *sql;\n"
                "};\n\n"
                "extern const struct schema_step schema_steps[];\n"
                "extern const size_t schema_step_count;\n\n"
                "#endif\n",
                out);
    tool_close(out, path);
}

static void
files_header_write(const char *path)
{
    FILE *out = tool_create(path);

    put_start(out, "YIDAN_EMBEDDED_GEN_H");
    (void)fputs(
        "struct embedded {\n"
        "    const char *name;\n"
        "    const unsigned char *bytes; /* a NUL follows, not counted in size */\n"
        "    size_t size;\n"
        "};\n\n"
        "extern const struct embedded embedded_files[];\n"
        "extern const size_t embedded_file_count;\n\n"
        "#endif\n",
        out);
    tool_close(out, path);
}

static void
source_write(const char *path, bool is_schema, const struct file *files, size_t count)
{
    FILE *out = tool_create(path);

    (void)fprintf(out, "/* Made by embed; not to be edited. */\n#include \"%s\"\n",
                  is_schema ? "schema.gen.h" : "embedded.gen.h");
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(out, "\n/* %s */\nstatic const unsigned char file_%zu[] = {",
                      files[i].path, i);
        tool_put_bytes(out, files[i].bytes, files[i].size);
        (void)fputs("};\n", out);
    }
    (void)fprintf(out, "\nconst %s[] = {\n",
                  is_schema ? "struct schema_step schema_steps"
                            : "struct embedded embedded_files");
    for (size_t i = 0; i < count; i++) {
        (void)fputs("    { ", out);
        if (is_schema)
            (void)fprintf(out, "%zu, ", i + 1);
        tool_put_string(out, files[i].name);
        if (is_schema)
            (void)fprintf(out, ", (const char *)file_%zu },\n", i);
        else
            (void)fprintf(out, ", file_%zu, %zu },\n", i, files[i].size);
    }
    /* C has no empty array: an uncounted row ends the table. */
    (void)fprintf(out, "    { %s }\n};\n\nconst size_t %s = %zu;\n",
                  is_schema ? "0, NULL, NULL" : "NULL, NULL, 0",
                  is_schema ? "schema_step_count" : "embedded_file_count", count);
    tool_close(out, path);
}

int
main(int argc, char **argv)
{
    bool is_schema = argc > 1 && strcmp(argv[1], "schema") == 0;

    if (argc < 4 || (!is_schema && strcmp(argv[1], "files") != 0))
        tool_fail("usage", 0, "embed schema|files out.h out.c input...");
    size_t count = (size_t)argc - 4;
    struct file *files = tool_alloc(count, sizeof *files);

    for (size_t i = 0; i < count; i++) {
        char *input = argv[i + 4];

        if (is_schema) {
            files[i].path = input;
            files[i].name = step_name(input, (int)i + 1);
            files[i].bytes = tool_read(input, NULL);
            files[i].size = strlen(files[i].bytes);
            continue;
        }
        files[i].name = strsep(&input, "=");
        files[i].path = input;
        if (input == NULL)
            tool_fail(files[i].name, 0, "an input is name=path");
        for (size_t j = 0; j < i; j++)
            if (strcmp(files[i].name, files[j].name) == 0)
                tool_fail(files[i].path, 0, "the name %s is taken", files[i].name);
        files[i].bytes = tool_read(files[i].path, &files[i].size);
    }
    if (is_schema)
        schema_header_write(argv[2]);
    else
        files_header_write(argv[2]);
    source_write(argv[3], is_schema, files, count);
    return EXIT_SUCCESS;
}
