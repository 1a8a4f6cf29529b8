/*
 * manifest.c - what a backup consists of, as text:
 *
 *     yidan backup 1
 *     made_at 2026-11-26T03:00:00+08:00
 *     schema 20
 *     events 2775
 *     head 9f…
 *     file 3731456 5c… yidan.db
 *     file 20480 0e… attachments/6f0c…
 *     end 2 77…
 *
 * The last line has the number of files and the hash of all lines before it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup_internal.h"
#include "base/text.h"
#include "base/timeutil.h"

#define TITLE "yidan backup 1"
#define LINE_BYTES 320
#define HEX_BYTES (2 * HASH_BYTES + 1)

/* --- Writing ------------------------------------------------------------------------ */

enum err
manifest_open(struct manifest *manifest, const char *path)
{
    memset(manifest, 0, sizeof *manifest);
    manifest->file = fopen(path, "wxe");
    if (manifest->file == NULL)
        return errno == ENOSPC ? ERR_DISK_FULL : ERR_STORE;
    hash_init(&manifest->hash);
    manifest_line(manifest, "%s", TITLE);
    return OK;
}

void
manifest_line(struct manifest *manifest, const char *format, ...)
{
    char line[LINE_BYTES];
    va_list values;

    va_start(values, format);
    int bytes = vsnprintf(line, sizeof line - 1, format, values);
    va_end(values);
    if (bytes < 0 || (size_t)bytes >= sizeof line - 1) {
        manifest->has_failed = true;
        return;
    }
    line[bytes++] = '\n';
    hash_add(&manifest->hash, line, (size_t)bytes);
    if (fwrite(line, 1, (size_t)bytes, manifest->file) != (size_t)bytes)
        manifest->has_failed = true;
}

void
manifest_add(struct manifest *manifest, const char *name, const struct file_facts *facts)
{
    char hash[HEX_BYTES];

    crypt_hex(facts->hash, HASH_BYTES, hash);
    manifest_line(manifest, "file %" PRId64 " %s %s", facts->bytes, hash, name);
    manifest->files++;
}

enum err
manifest_close(struct manifest *manifest)
{
    uint8_t hash[HASH_BYTES];
    char text[HEX_BYTES];

    hash_done(&manifest->hash, hash);
    hash_init(&manifest->hash); /* the last line is not in it */
    crypt_hex(hash, HASH_BYTES, text);
    manifest_line(manifest, "end %" PRId64 " %s", manifest->files, text);
    bool is_good = !manifest->has_failed && fflush(manifest->file) == 0 &&
                   fsync(fileno(manifest->file)) == 0;
    int reason = errno;

    is_good = fclose(manifest->file) == 0 && is_good;
    return is_good ? OK : reason == ENOSPC ? ERR_DISK_FULL : ERR_STORE;
}

/* --- Reading ------------------------------------------------------------------------ */

static bool
is_hex(const char *text)
{
    return strspn(text, "0123456789abcdef") == (size_t)2 * HASH_BYTES &&
           text[2 * HASH_BYTES] == '\0';
}

static void
read_hex(const char *text, uint8_t ret_hash[HASH_BYTES])
{
    for (size_t i = 0; i < HASH_BYTES; i++) {
        char byte[3] = { text[2 * i], text[2 * i + 1], '\0' };

        ret_hash[i] = (uint8_t)strtoul(byte, NULL, 16);
    }
}

/* A name that a backup has; nothing else may be reached through a manifest. */
static bool
is_name(const char *name)
{
    static const char folder[] = "attachments/";

    if (strcmp(name, "yidan.db") == 0 || strcmp(name, "keys") == 0)
        return true;
    if (strncmp(name, folder, sizeof folder - 1) != 0)
        return false;
    name += sizeof folder - 1;
    return *name != '\0' && strspn(name, "0123456789abcdef-") == strlen(name);
}

static bool
read_number(const char *text, int64_t *ret_number)
{
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 18 || text[digits] != '\0')
        return false;
    *ret_number = strtoll(text, NULL, 10);
    return true;
}

/* "file BYTES HASH NAME", cut at its blanks. */
static bool
read_file_line(char *rest, struct file_facts *ret_facts, const char **ret_name)
{
    char *save = NULL;
    const char *bytes = strtok_r(rest, " ", &save);
    const char *hash = strtok_r(NULL, " ", &save);
    const char *name = strtok_r(NULL, "", &save);

    if (name == NULL || !read_number(bytes, &ret_facts->bytes) || !is_hex(hash) ||
        !is_name(name))
        return false;
    read_hex(hash, ret_facts->hash);
    *ret_name = name;
    return true;
}

/* One line of the head. */
static bool
read_fact(const char *word, const char *value, struct backup_facts *facts)
{
    int64_t number = 0;

    if (strcmp(word, "made_at") == 0)
        return time_parse(value, &facts->made_at);
    if (strcmp(word, "head") == 0)
        return text_format(facts->head, sizeof facts->head, "%s", value);
    if (!read_number(value, &number))
        return false;
    if (strcmp(word, "schema") == 0)
        facts->schema = (int)number;
    else if (strcmp(word, "events") == 0)
        facts->events = number;
    else
        return false;
    return true;
}

struct reading {
    manifest_take *take; /* NULL: only look */
    void *context;
    struct backup_facts facts;
    struct hash_state hash;
    bool is_ended;
};

static enum err
read_line(struct reading *reading, char *line)
{
    uint8_t wanted[HASH_BYTES], found[HASH_BYTES];
    char *value = strchr(line, ' ');
    struct file_facts file;
    const char *name;
    int64_t files = 0;

    if (value == NULL || reading->is_ended)
        return ERR_STORE;
    *value++ = '\0';
    if (strcmp(line, "file") == 0) {
        if (!read_file_line(value, &file, &name))
            return ERR_STORE;
        reading->facts.files++;
        reading->facts.bytes += file.bytes;
        reading->facts.has_keys |= strcmp(name, "keys") == 0;
        return reading->take == NULL ? OK : reading->take(reading->context, name, &file);
    }
    if (strcmp(line, "end") != 0)
        return read_fact(line, value, &reading->facts) ? OK : ERR_STORE;
    char *hash = strchr(value, ' ');
    if (hash == NULL)
        return ERR_STORE;
    *hash++ = '\0';
    if (!read_number(value, &files) || files != reading->facts.files || !is_hex(hash))
        return ERR_STORE;
    read_hex(hash, wanted);
    hash_done(&reading->hash, found);
    reading->is_ended = true;
    return crypt_equal(wanted, found, HASH_BYTES) ? OK : ERR_STORE;
}

static enum err
read_all(FILE *file, struct reading *reading)
{
    char line[LINE_BYTES];
    bool is_first = true;

    hash_init(&reading->hash);
    while (fgets(line, sizeof line, file) != NULL) {
        size_t bytes = strlen(line);

        if (bytes == 0 || line[bytes - 1] != '\n')
            return ERR_STORE;
        if (strncmp(line, "end ", 4) != 0)
            hash_add(&reading->hash, line, bytes);
        line[bytes - 1] = '\0';
        if (is_first && strcmp(line, TITLE) != 0)
            return ERR_STORE;
        if (!is_first)
            TRY(read_line(reading, line));
        is_first = false;
    }
    return !ferror(file) && reading->is_ended ? OK : ERR_STORE;
}

enum err
manifest_read(const char *path, manifest_take *take, void *context,
              struct backup_facts *ret_facts)
{
    struct reading look = { .take = NULL };
    struct reading reading = { .take = take, .context = context };
    FILE *file = fopen(path, "re");

    if (file == NULL)
        return ERR_STORE;
    enum err err = read_all(file, &look);
    if (err == OK && take != NULL) {
        rewind(file);
        err = read_all(file, &reading);
    }
    (void)fclose(file); /* only read */
    if (err == OK)
        *ret_facts = look.facts;
    return err;
}
