/*
 * gen_errors - api/errors.tsv to C and to a page of documentation.
 *
 *     gen_errors errors.tsv errors.gen.h errors.gen.c errors.md
 *
 * A row is code, HTTP status, Chinese text, English text, parted by tabs; a
 * line that starts with '#' is a comment.  Row 0 of the table is OK.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

enum { COLUMNS = 4 };

struct row {
    char *code;
    long status;
    char *text[2]; /* zh, en */
    int line;
};

struct table {
    const char *path;
    struct row *rows;
    size_t count;
};

/* Words of a-z, 0-9 and '_', parted by dots: it is a name in JSON and half a name in C. */
static bool
code_is_good(const char *code)
{
    bool is_start = true;

    for (; *code != '\0'; code++) {
        bool is_letter = *code >= 'a' && *code <= 'z';
        bool is_tail = (*code >= '0' && *code <= '9') || *code == '_' || *code == '.';

        if (!is_letter && (is_start || !is_tail))
            return false;
        is_start = *code == '.';
    }
    return !is_start;
}

/* "a.b" and "a_b" would be one constant. */
static bool
codes_are_same(const char *a, const char *b)
{
    while (*a != '\0' &&
           (*a == *b || (strchr("._", *a) && *b != '\0' && strchr("._", *b)))) {
        a++;
        b++;
    }
    return *a == *b;
}

static void
row_check(const struct table *table, const struct row *row)
{
    if (!code_is_good(row->code))
        tool_fail(table->path, row->line, "bad code \"%s\"", row->code);
    if (strcmp(row->code, "ok") == 0 || strcmp(row->code, "count") == 0)
        tool_fail(table->path, row->line, "the code \"%s\" is taken", row->code);
    if (row->text[0][0] == '\0' || row->text[1][0] == '\0')
        tool_fail(table->path, row->line, "%s has no %s text", row->code,
                  row->text[0][0] == '\0' ? "zh" : "en");
    for (size_t i = 0; i < table->count; i++)
        if (codes_are_same(table->rows[i].code, row->code))
            tool_fail(table->path, row->line, "%s is already in line %d", row->code,
                      table->rows[i].line);
}

static void
row_read(struct table *table, char *line, int number)
{
    char *columns[COLUMNS] = { 0 };
    size_t count = 0;

    for (char *rest = line; rest != NULL; count++) {
        char *column = strsep(&rest, "\t");

        if (count < COLUMNS)
            columns[count] = column;
    }
    if (count != COLUMNS)
        tool_fail(table->path, number, "%zu columns, not code, status, zh, en", count);

    char *end = NULL;
    struct row row = { .code = columns[0],
                       .status = strtol(columns[1], &end, 10),
                       .text = { columns[2], columns[3] },
                       .line = number };

    if (end == columns[1] || *end != '\0' || row.status < 400 || row.status > 599)
        tool_fail(table->path, number, "the status \"%s\" is not 400 to 599", columns[1]);
    row_check(table, &row);
    table->rows = tool_grow(table->rows, table->count, sizeof row);
    table->rows[table->count++] = row;
}

static void
table_read(struct table *table)
{
    char *rest = tool_read(table->path, NULL);

    for (int number = 1; rest != NULL; number++) {
        char *line = strsep(&rest, "\n");

        if (line[0] != '#' && line[0] != '\0')
            row_read(table, line, number);
    }
}

static void
header_write(const struct table *table, const char *path)
{
    FILE *out = tool_create(path);

    (void)fprintf(out,
                  "/* Made from %s by gen_errors; not to be edited. */\n"
                  "#ifndef YIDAN_ERRORS_GEN_H\n"
                  "#define YIDAN_ERRORS_GEN_H\n\n"
                  "enum err {\n    OK = 0,\n",
                  table->path);
    for (size_t i = 0; i < table->count; i++) {
        (void)fputs("    ERR_", out);
        tool_put_constant(out, table->rows[i].code);
        (void)fputs(",\n", out);
    }
    (void)fputs("    ERR_COUNT\n};\n\n"
                "struct err_entry {\n"
                "    const char *code;\n"
                "    int status;\n"
                "    const char *text[2]; /* zh, en */\n"
                "};\n\n"
                "extern const struct err_entry err_entries[ERR_COUNT];\n\n"
                "#endif\n",
                out);
    tool_close(out, path);
}

static void
source_write(const struct table *table, const char *path)
{
    FILE *out = tool_create(path);

    (void)fprintf(out,
                  "/* Made from %s by gen_errors; not to be edited. */\n"
                  "#include \"errors.gen.h\"\n\n"
                  "const struct err_entry err_entries[ERR_COUNT] = {\n"
                  "    { \"ok\", 200, { \"成功\", \"ok\" } },\n",
                  table->path);
    for (size_t i = 0; i < table->count; i++) {
        const struct row *row = &table->rows[i];

        (void)fprintf(out, "    { \"%s\", %ld, { ", row->code, row->status);
        tool_put_string(out, row->text[0]);
        (void)fputs(", ", out);
        tool_put_string(out, row->text[1]);
        (void)fputs(" } },\n", out);
    }
    (void)fputs("};\n", out);
    tool_close(out, path);
}

static void
put_cell(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|')
            (void)fputc('\\', out);
        (void)fputc(*text, out);
    }
}

static void
page_write(const struct table *table, const char *path)
{
    FILE *out = tool_create(path);

    (void)fprintf(
        out,
        "# Errors\n\n"
        "Made from `%s` by `make docs`; not to be edited. A refused request is answered\n"
        "with the status and an RFC 9457 problem document that carries the code; `{}` "
        "is\n"
        "filled with the value of the case.\n\n"
        "| code | status | 中文 | English |\n"
        "| --- | --- | --- | --- |\n",
        table->path);
    for (size_t i = 0; i < table->count; i++) {
        const struct row *row = &table->rows[i];

        (void)fprintf(out, "| `%s` | %ld | ", row->code, row->status);
        put_cell(out, row->text[0]);
        (void)fputs(" | ", out);
        put_cell(out, row->text[1]);
        (void)fputs(" |\n", out);
    }
    tool_close(out, path);
}

int
main(int argc, char **argv)
{
    if (argc != 5)
        tool_fail("usage", 0,
                  "gen_errors errors.tsv errors.gen.h errors.gen.c errors.md");
    struct table table = { .path = argv[1] };

    table_read(&table);
    header_write(&table, argv[2]);
    source_write(&table, argv[3]);
    page_write(&table, argv[4]);
    return EXIT_SUCCESS;
}
