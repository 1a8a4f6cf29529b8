#ifndef YIDAN_TOOL_H
#define YIDAN_TOOL_H

#include <stddef.h>
#include <stdio.h>

/*
 * tool.h - what the build's small programs share.
 *
 * Threads   one.
 * Lifetime  a tool ends at once and leaves its memory to the system.
 * Errors    tool_fail() says `file:line: why` and ends the program, as a
 *           compiler would; nothing has been written by then.
 */

/* A text that grows; always NUL-terminated once something was added. */
struct tool_text {
    char *bytes;
    size_t size;
    size_t room;
};

/* Say `path:line: ...` (no line when it is 0) and end with status 1. */
_Noreturn void tool_fail(const char *path, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void *tool_alloc(size_t count, size_t size);
void *tool_grow(void *rows, size_t count, size_t size); /* room for count + 1 rows */
char *tool_copy(const char *from, size_t size);

/* The whole file, NUL-terminated; `ret_size` may be NULL, and then a NUL in it is an error. */
char *tool_read(const char *path, size_t *ret_size);

void tool_add(struct tool_text *text, const char *from, size_t size);
void tool_add_text(struct tool_text *text, const char *from);

/* "ticket.version_conflict" as the tail of a C constant: TICKET_VERSION_CONFLICT. */
void tool_put_constant(FILE *out, const char *name);

/* `text` as a C string literal on one line. */
void tool_put_string(FILE *out, const char *text);

/* Bytes as an initialiser, NUL-terminated: no limit on length, unlike a literal's. */
void tool_put_bytes(FILE *out, const char *bytes, size_t size);

FILE *tool_create(const char *path);
void tool_close(FILE *out, const char *path);

#endif
