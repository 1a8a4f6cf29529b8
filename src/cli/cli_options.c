#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli_internal.h"

/*
 * cli_options.c - arguments: strict, and the same for every subcommand.
 *
 * `--name value` and `--name=value`; every setting of config.c is an option,
 * its underscores written as dashes.  What nobody knows is refused.
 */

#define NAME_ROOM 64

extern char **environ;

/* --- Saying what is wrong ------------------------------------------------------------- */

/* The operator's language, from the environment, as for other programs. */
static enum language
operators_language(void)
{
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);

        if (value != NULL && value[0] != '\0')
            return strncmp(value, "zh", 2) == 0 ? LANGUAGE_ZH : LANGUAGE_EN;
    }
    return LANGUAGE_EN;
}

static void
print_filled(const char *text, const char *value)
{
    const char *gap = strstr(text, "{}");

    if (gap == NULL)
        (void)fprintf(stderr, "%s", text);
    else
        (void)fprintf(stderr, "%.*s%s%s", (int)(gap - text), text, value, gap + 2);
}

int
cli_fail(enum err err, const struct problem *problem)
{
    static const struct problem none = { .value = "" };
    enum language language = operators_language();

    if (problem == NULL)
        problem = &none;
    (void)fprintf(stderr, "yidan: ");
    print_filled(err_text(err, language), problem->value);
    if (strstr(err_text(err, language), "{}") == NULL && problem->value[0] != '\0')
        (void)fprintf(stderr, " (%s)", problem->value);
    for (size_t i = 0; i < problem->field_count; i++) {
        (void)fprintf(stderr, "\n  %s: ", problem->fields[i].field);
        print_filled(err_text(problem->fields[i].code, language),
                     problem->fields[i].value);
    }
    (void)fputc('\n', stderr);
    return err == ERR_STORE_NEWER || err == ERR_CONFIG_UNKNOWN ||
                   err == ERR_CONFIG_VALUE || err == ERR_KEY_FILE
               ? EXIT_CONFIGURATION
               : EXIT_FAILED;
}

int
cli_misuse(const char *format, ...)
{
    va_list arguments;

    (void)fputs("yidan: ", stderr);
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputs("; --help tells more\n", stderr);
    return EXIT_USAGE;
}

/* --- Reading ------------------------------------------------------------------------------ */

/* A setting given as a flag, to be applied after file and environment. */
struct flag {
    size_t setting;
    const char *value;
};

struct reading {
    struct cli_input *input;
    const char *config_file;
    struct flag flags[CLI_SETTINGS_MAX];
    size_t flag_count;
    bool wants_help;
};

/* The setting an option names; its count when there is none. */
static size_t
find_setting(const char *option)
{
    size_t i = 0;

    for (; i < config_setting_count; i++) {
        const char *name = config_settings[i].name;
        size_t at = 0;

        while (name[at] != '\0' && option[at] == (name[at] == '_' ? '-' : name[at]))
            at++;
        if (name[at] == '\0' && option[at] == '\0')
            break;
    }
    return i;
}

static const struct cli_option *
find_option(const struct cli_input *input, const char *name)
{
    for (const struct cli_option *option = input->options;
         option != NULL && option->name != NULL; option++)
        if (strcmp(option->name, name) == 0)
            return option;
    return NULL;
}

/* What an option does, once its name and value are known; `value` NULL: none was given. */
static int
take(struct reading *reading, const char *name, const char *value)
{
    const struct cli_option *option = find_option(reading->input, name);
    size_t setting = find_setting(name);

    if (option != NULL && option->value != NULL)
        *option->text = value;
    else if (option != NULL)
        *option->is_on = true;
    else if (strcmp(name, "config") == 0)
        reading->config_file = value;
    else if (reading->flag_count == CLI_SETTINGS_MAX)
        return cli_misuse("too many options");
    else
        reading->flags[reading->flag_count++] = (struct flag){ setting, value };
    return CLI_GO_ON;
}

/* One argument that begins with two dashes; `next` is the one after it, or NULL. */
static int
read_option(struct reading *reading, const char *argument, const char *next,
            bool *ret_used_next)
{
    size_t length = strcspn(argument, "=");
    const char *value = argument[length] == '=' ? argument + length + 1 : NULL;
    char name[NAME_ROOM];

    *ret_used_next = false;
    if (!text_format(name, sizeof name, "%.*s", (int)length, argument))
        return cli_misuse("unknown option --%s", argument);
    if (strcmp(name, "help") == 0) {
        reading->wants_help = true;
        return CLI_GO_ON;
    }
    const struct cli_option *option = find_option(reading->input, name);
    bool is_known = option != NULL || strcmp(name, "config") == 0 ||
                    find_setting(name) < config_setting_count;
    bool is_switch = option != NULL && option->value == NULL;

    if (!is_known)
        return cli_misuse("unknown option --%s", name);
    if (is_switch && value != NULL)
        return cli_misuse("--%s takes no value", name);
    if (!is_switch && value == NULL) {
        if (next == NULL)
            return cli_misuse("--%s needs a value", name);
        value = next;
        *ret_used_next = true;
    }
    return take(reading, name, value);
}

static int
read_arguments(struct reading *reading, int argc, char **argv)
{
    struct cli_input *input = reading->input;
    bool is_options_over = false;

    for (int i = 1; i < argc; i++) {
        const char *argument = argv[i];

        if (!is_options_over && strcmp(argument, "--") == 0) {
            is_options_over = true;
        } else if (!is_options_over && strncmp(argument, "--", 2) == 0) {
            bool used_next = false;
            int code = read_option(reading, argument + 2,
                                   i + 1 < argc ? argv[i + 1] : NULL, &used_next);

            if (code != CLI_GO_ON)
                return code;
            i += used_next;
        } else if (!is_options_over && strcmp(argument, "-h") == 0) {
            reading->wants_help = true;
        } else if (!is_options_over && argument[0] == '-' && argument[1] != '\0') {
            return cli_misuse("unknown option %s", argument);
        } else if (input->word_count == input->word_max) {
            return cli_misuse("unexpected argument \"%s\"", argument);
        } else {
            input->words[input->word_count++] = argument;
        }
    }
    if (!reading->wants_help && input->word_count < input->word_min)
        return cli_misuse("something is missing: %s", input->usage);
    return CLI_GO_ON;
}

/* --- Settings from file, environment and flags ------------------------------------------------ */

#define X(kind, member, fallback, min, max, unit, help) +1
_Static_assert(CONFIG_SETTINGS(X) <= CLI_SETTINGS_MAX, "room for every setting");
#undef X

/* A configuration no source could have made: what differs from it was set. */
static void
fill_with_nonsense(struct config *config)
{
    memset(config, 0, sizeof *config);
#define NONSENSE_TEXT(member) memcpy(config->member, "\x01", 2);
#define NONSENSE_INT(member) config->member = INT64_MIN;
#define X(kind, member, fallback, min, max, unit, help) NONSENSE_##kind(member)
    CONFIG_SETTINGS(X)
#undef X
}

/* What is no longer nonsense in `config` came from `source`. */
static void
note_source(struct cli_input *input, struct config *config, const char *source)
{
    struct config nonsense;
    char is[CONFIG_TEXT_BYTES], was[CONFIG_TEXT_BYTES];

    fill_with_nonsense(&nonsense);
    for (size_t i = 0; i < config_setting_count; i++) {
        const char *name = config_settings[i].name;

        if (config_get(config, name, is, sizeof is) == OK &&
            config_get(&nonsense, name, was, sizeof was) == OK && strcmp(is, was) != 0)
            input->sources[i] = source;
    }
}

static enum err
read_settings(struct reading *reading, struct problem *problem)
{
    struct cli_input *input = reading->input;
    struct config trace;

    config_defaults(&input->config);
    if (reading->config_file != NULL) {
        TRY(config_read_file(&input->config, reading->config_file, problem));
        fill_with_nonsense(&trace);
        TRY(config_read_file(&trace, reading->config_file, problem));
        note_source(input, &trace, "file");
    }
    TRY(config_read_environment(&input->config, environ, problem));
    fill_with_nonsense(&trace);
    TRY(config_read_environment(&trace, environ, problem));
    note_source(input, &trace, "environment");
    for (size_t i = 0; i < reading->flag_count; i++) {
        const struct flag *flag = &reading->flags[i];

        TRY(config_set(&input->config, config_settings[flag->setting].name, flag->value,
                       problem));
        input->sources[flag->setting] = "flag";
    }
    return OK;
}

static void
print_help(const struct cli_input *input)
{
    (void)printf("usage: %s\n\n%s\n\noptions:\n", input->usage, input->summary);
    for (const struct cli_option *option = input->options;
         option != NULL && option->name != NULL; option++)
        (void)printf("  --%s%s%s\n        %s\n", option->name,
                     option->value == NULL ? "" : " ",
                     option->value == NULL ? "" : option->value, option->help);
    (void)puts("  --data DIR\n        data directory (default ./var)\n"
               "  --config FILE\n        settings, one \"name = value\" a line\n"
               "  --help\n        print this\n\n"
               "Every setting that `yidan config` lists is an option too, and a variable "
               "of the\n"
               "environment: --log-level warn, YIDAN_LOG_LEVEL=warn.");
}

int
cli_read(struct cli_input *input, int argc, char **argv)
{
    struct reading reading = { .input = input };
    struct problem problem = { .value = "" };

    for (size_t i = 0; i < CLI_SETTINGS_MAX; i++)
        input->sources[i] = "default";
    int code = read_arguments(&reading, argc, argv);
    if (code != CLI_GO_ON)
        return code;
    if (reading.wants_help) {
        print_help(input);
        return EXIT_OK;
    }
    enum err err = read_settings(&reading, &problem);
    return err == OK ? CLI_GO_ON : cli_fail(err, &problem);
}
