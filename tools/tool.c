#include "tool.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void
tool_fail(const char *path, int line, const char *format, ...)
{
    va_list arguments;

    if (line > 0)
        (void)fprintf(stderr, "%s:%d: ", path, line);
    else
        (void)fprintf(stderr, "%s: ", path);
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
    exit(EXIT_FAILURE);
}

void *
tool_alloc(size_t count, size_t size)
{
    void *memory = calloc(count == 0 ? 1 : count, size);

    if (memory == NULL)
        tool_fail("memory", 0, "%s", strerror(ENOMEM));
    return memory;
}

void *
tool_grow(void *rows, size_t count, size_t size)
{
    /* Room doubles when `count` reaches a power of two, so the count alone tells it. */
    if (count != 0 && (count & (count - 1)) != 0)
        return rows;
    void *grown = realloc(rows, (count == 0 ? 1 : 2 * count) * size);

    if (grown == NULL)
        tool_fail("memory", 0, "%s", strerror(ENOMEM));
    return grown;
}

char *
tool_copy(const char *from, size_t size)
{
    char *copy = tool_alloc(size + 1, 1);

    memcpy(copy, from, size);
    return copy;
}

char *
tool_read(const char *path, size_t *ret_size)
{
    FILE *in = fopen(path, "rb");
    struct tool_text text = { 0 };
    char chunk[65536];
    size_t got = 0;

    if (in == NULL)
        tool_fail(path, 0, "%s", strerror(errno));
    tool_add(&text, "", 0);
    while ((got = fread(chunk, 1, sizeof chunk, in)) > 0)
        tool_add(&text, chunk, got);
    if (ferror(in) != 0)
        tool_fail(path, 0, "%s", strerror(errno));
    (void)fclose(in); /* only read from */
    if (ret_size != NULL)
        *ret_size = text.size;
    else if (strlen(text.bytes) != text.size)
        tool_fail(path, 0, "a NUL byte in a text file");
    return text.bytes;
}

void
tool_add(struct tool_text *text, const char *from, size_t size)
{
    if (text->size + size + 1 > text->room) {
        text->room = 2 * (text->size + size + 1);
        text->bytes = realloc(text->bytes, text->room);
        if (text->bytes == NULL)
            tool_fail("memory", 0, "%s", strerror(ENOMEM));
    }
    memcpy(text->bytes + text->size, from, size);
    text->size += size;
    text->bytes[text->size] = '\0';
}

void
tool_add_text(struct tool_text *text, const char *from)
{
    tool_add(text, from, strlen(from));
}

void
tool_put_constant(FILE *out, const char *name)
{
    for (; *name != '\0'; name++) {
        if (*name >= 'a' && *name <= 'z')
            (void)fputc(*name - 'a' + 'A', out);
        else
            (void)fputc(*name == '.' ? '_' : *name, out);
    }
}

void
tool_put_string(FILE *out, const char *text)
{
    (void)fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            (void)fprintf(out, "\\%c", *text);
        else if (*text == '\n')
            (void)fputs("\\n", out);
        else if (*text == '\t')
            (void)fputs("\\t", out);
        else if (*text == '?')
            (void)fputs("\\?", out); /* never a trigraph */
        else
            (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

void
tool_put_bytes(FILE *out, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        (void)fprintf(out, "%s%u,", i % 24 == 0 ? "\n    " : "", (unsigned char)bytes[i]);
    (void)fputs("\n    0\n", out);
}

FILE *
tool_create(const char *path)
{
    FILE *out = fopen(path, "wb");

    if (out == NULL)
        tool_fail(path, 0, "%s", strerror(errno));
    return out;
}

void
tool_close(FILE *out, const char *path)
{
    /* Errors of the writes before are remembered by the stream. */
    int failed = ferror(out);

    if (fclose(out) != 0 || failed != 0)
        tool_fail(path, 0, "could not be written");
}
