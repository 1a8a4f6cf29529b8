#include "base/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base_internal.h"

/*
 * config.c - reading and writing the settings that CONFIG_SETTINGS names.
 *
 * 1. A failure leaves the configuration as it was: files and environments are
 *    read into a copy first.
 * 2. A text is stored only when it is valid UTF-8 without control characters.
 * 3. The unit of a text says what it may hold: "a|b|c" one of these words,
 *    "digits" digits.
 */

#define LINE_BYTES 1024
#define NAME_BYTES 64
#define ENVIRONMENT_PREFIX "YIDAN_"

/* clang-format off */
#define ROW_TEXT(member, fallback_, min_, max_, unit_, help_)                            \
    { .name = #member, .is_text = true, .fallback = fallback_, .min = min_, .max = max_, \
      .unit = unit_, .help = help_ },
#define ROW_INT(member, fallback_, min_, max_, unit_, help_)                             \
    { .name = #member, .is_text = false, .fallback = #fallback_, .min = min_,            \
      .max = max_, .unit = unit_, .help = help_ },
#define X(kind, member, fallback_, min_, max_, unit_, help_)                             \
    ROW_##kind(member, fallback_, min_, max_, unit_, help_)
const struct config_setting config_settings[] = {
    CONFIG_SETTINGS(X)
};
#undef X

#define X(kind, member, fallback_, min_, max_, unit_, help_)                             \
    offsetof(struct config, member),
static const size_t config_offsets[] = {
    CONFIG_SETTINGS(X)
};
#undef X
/* clang-format on */

#define SETTING_COUNT (sizeof config_settings / sizeof config_settings[0])
const size_t config_setting_count = SETTING_COUNT;

static const struct config_setting *
config_find(const char *name)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (strcmp(config_settings[i].name, name) == 0)
            return &config_settings[i];
    return NULL;
}

static size_t
config_offset(const struct config_setting *setting)
{
    return config_offsets[setting - config_settings];
}

static char *
config_text_of(struct config *config, const struct config_setting *setting)
{
    return (char *)config + config_offset(setting);
}

static int64_t *
config_int_of(struct config *config, const struct config_setting *setting)
{
    return (int64_t *)(void *)((char *)config + config_offset(setting));
}

/* --- One value ------------------------------------------------------------- */

/* Decimal digits with an optional minus, nothing else; strtoll() also takes spaces. */
static bool
parse_int(const char *text, int64_t *ret_number)
{
    size_t sign = text[0] == '-' ? 1 : 0;
    size_t digits = strspn(text + sign, "0123456789");

    if (digits == 0 || text[sign + digits] != '\0')
        return false;
    errno = 0;
    long long number = strtoll(text, NULL, 10);
    if (errno == ERANGE)
        return false;
    *ret_number = number;
    return true;
}

/* Is `word` one of the words of `words`, "a|b|c"? */
static bool
is_one_of(const char *words, const char *word)
{
    size_t length = strlen(word);

    for (;;) {
        size_t one = strcspn(words, "|");

        if (one == length && memcmp(words, word, length) == 0)
            return true;
        if (words[one] == '\0')
            return false;
        words += one + 1;
    }
}

static bool
is_text_allowed(const struct config_setting *setting, const char *value)
{
    size_t length = strlen(value);

    if ((int64_t)length < setting->min || (int64_t)length > setting->max ||
        length >= CONFIG_TEXT_BYTES)
        return false;
    if (!text_is_utf8(value, length) || text_has_control(value) ||
        strpbrk(value, "\t\r\n") != NULL)
        return false;
    if (strchr(setting->unit, '|') != NULL)
        return is_one_of(setting->unit, value);
    if (strcmp(setting->unit, "digits") == 0)
        return strspn(value, "0123456789") == length;
    return true;
}

static bool
config_set_value(struct config *config, const struct config_setting *setting,
                 const char *value)
{
    if (setting->is_text) {
        if (!is_text_allowed(setting, value))
            return false;
        /* The whole room is written, so that nothing of a longer value stays. */
        char *text = config_text_of(config, setting);
        memset(text, 0, CONFIG_TEXT_BYTES);
        memcpy(text, value, strlen(value));
        return true;
    }
    int64_t number = 0;

    if (!parse_int(value, &number) || number < setting->min || number > setting->max)
        return false;
    *config_int_of(config, setting) = number;
    return true;
}

void
config_defaults(struct config *config)
{
    memset(config, 0, sizeof *config);
    for (size_t i = 0; i < SETTING_COUNT; i++)
        /* test_config.c proves that each default lies within its own bounds. */
        (void)config_set_value(config, &config_settings[i], config_settings[i].fallback);
}

enum err
config_set(struct config *config, const char *name, const char *value,
           struct problem *reterr_problem)
{
    const struct config_setting *setting = config_find(name);

    if (setting == NULL)
        return problem_value(reterr_problem, ERR_CONFIG_UNKNOWN, "%s", name);
    if (!config_set_value(config, setting, value))
        return problem_value(reterr_problem, ERR_CONFIG_VALUE, "%s", name);
    return OK;
}

enum err
config_get(const struct config *config, const char *name, char *text, size_t room)
{
    const struct config_setting *setting = config_find(name);
    char value[CONFIG_TEXT_BYTES];

    if (setting == NULL)
        return ERR_CONFIG_UNKNOWN;
    const char *from = (const char *)config + config_offset(setting);

    if (setting->is_text)
        memcpy(value, from, sizeof value);
    else
        (void)text_format(value, sizeof value, "%lld", /* 20 bytes at most */
                          (long long)*(const int64_t *)(const void *)from);
    if (strlen(value) >= room)
        return ERR_CONFIG_VALUE;
    memcpy(text, value, strlen(value) + 1);
    return OK;
}

/* --- A file ---------------------------------------------------------------- */

static char *
trim(char *text)
{
    static const char space[] = " \t\r\n";

    text += strspn(text, space);
    size_t length = strlen(text);
    while (length > 0 && strchr(space, text[length - 1]) != NULL)
        text[--length] = '\0';
    return text;
}

/* "file:12: name"; only the last part of the path, so that the number stays. */
static enum err
refuse_line(struct problem *reterr_problem, enum err code, const char *path,
            size_t number, const char *what)
{
    const char *slash = strrchr(path, '/');

    return problem_value(reterr_problem, code, "%.60s:%zu: %s",
                         slash == NULL ? path : slash + 1, number, what);
}

static enum err
read_line(struct config *config, char *line, const char *path, size_t number,
          struct problem *reterr_problem)
{
    char *name = trim(line);

    if (name[0] == '\0' || name[0] == '#')
        return OK;
    char *equals = strchr(name, '=');
    if (equals == NULL)
        return refuse_line(reterr_problem, ERR_CONFIG_VALUE, path, number, "no \"=\"");
    *equals = '\0';
    name = trim(name);
    enum err error = config_set(config, name, trim(equals + 1), NULL);
    if (error != OK)
        return refuse_line(reterr_problem, error, path, number, name);
    return OK;
}

static enum err
read_lines(struct config *config, FILE *file, const char *path,
           struct problem *reterr_problem)
{
    char line[LINE_BYTES];
    size_t bytes = 0;
    int byte = 0;

    for (size_t number = 1; byte != EOF; number++) {
        for (bytes = 0; (byte = getc(file)) != EOF && byte != '\n';) {
            if (byte == '\0' || bytes == sizeof line - 1)
                return refuse_line(reterr_problem, ERR_CONFIG_VALUE, path, number,
                                   byte == '\0' ? "NUL" : "too long");
            line[bytes++] = (char)byte;
        }
        line[bytes] = '\0';
        TRY(read_line(config, line, path, number, reterr_problem));
    }
    if (ferror(file) != 0)
        return refuse_line(reterr_problem, ERR_CONFIG_VALUE, path, 0, "cannot be read");
    return OK;
}

enum err
config_read_file(struct config *config, const char *path, struct problem *reterr_problem)
{
    struct config copy = *config;
    FILE *file = fopen(path, "re");

    if (file == NULL) {
        const char *reason = strerrordesc_np(errno);
        return problem_value(reterr_problem, ERR_CONFIG_VALUE, "%s: %s", path,
                             reason == NULL ? "cannot be opened" : reason);
    }
    enum err error = read_lines(&copy, file, path, reterr_problem);
    (void)fclose(file); /* read only, nothing to lose */
    if (error == OK)
        *config = copy;
    return error;
}

/* --- The environment ------------------------------------------------------- */

/* The name of a setting from its variable's, up to "="; false when it cannot be one. */
static bool
name_of_variable(const char *variable, char ret_name[NAME_BYTES])
{
    size_t length = strcspn(variable, "=");

    if (variable[length] != '=' || length >= NAME_BYTES)
        return false;
    for (size_t i = 0; i < length; i++) {
        char byte = variable[i];

        if (byte >= 'A' && byte <= 'Z')
            ret_name[i] = (char)(byte - 'A' + 'a');
        else if (byte == '_')
            ret_name[i] = byte;
        else
            return false; /* YIDAN_data is no other spelling of YIDAN_DATA */
    }
    ret_name[length] = '\0';
    return true;
}

enum err
config_read_environment(struct config *config, char *const *environment,
                        struct problem *reterr_problem)
{
    struct config copy = *config;
    const size_t prefix = sizeof ENVIRONMENT_PREFIX - 1;

    for (; *environment != NULL; environment++) {
        const char *variable = *environment;
        char name[NAME_BYTES];

        if (strncmp(variable, ENVIRONMENT_PREFIX, prefix) != 0)
            continue;
        int length = (int)strcspn(variable, "=");
        enum err error = ERR_CONFIG_UNKNOWN;
        if (name_of_variable(variable + prefix, name))
            error = config_set(&copy, name, strchr(variable, '=') + 1, NULL);
        if (error != OK)
            return problem_value(reterr_problem, error, "%.*s", length, variable);
    }
    *config = copy;
    return OK;
}
