#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/config.h"
#include "base/text.h"

/*
 * Any bytes as a configuration file, and as one variable of the environment.
 * What is accepted can be asked for and set again; what is refused changes
 * nothing.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool is_true)
{
    if (!is_true)
        abort();
}

static void
check_config(const struct config *config)
{
    struct config again;

    config_defaults(&again);
    for (size_t i = 0; i < config_setting_count; i++) {
        char value[CONFIG_TEXT_BYTES];

        must(config_get(config, config_settings[i].name, value, sizeof value) == OK);
        must(config_set(&again, config_settings[i].name, value, NULL) == OK);
    }
    must(memcmp(config, &again, sizeof again) == 0);
}

static void
check_error(enum err error, const struct problem *problem, const struct config *config,
            const struct config *before)
{
    if (error == OK) {
        check_config(config);
        return;
    }
    must(error == ERR_CONFIG_UNKNOWN || error == ERR_CONFIG_VALUE);
    must(problem->value[0] != '\0');
    must(memcmp(config, before, sizeof *before) == 0);
}

static void
check_file(const uint8_t *data, size_t size)
{
    /* A file without a name: nothing is left behind when the fuzzer is stopped. */
    int file = memfd_create("config", MFD_CLOEXEC);
    char path[64];
    struct config config, before;
    struct problem problem = { 0 };

    if (file < 0)
        return;
    config_defaults(&config);
    before = config;
    if (write(file, data, size) == (ssize_t)size) {
        (void)text_format(path, sizeof path, "/proc/self/fd/%d", file); /* it fits */
        check_error(config_read_file(&config, path, &problem), &problem, &config,
                    &before);
    }
    close(file);
}

static void
check_variable(const uint8_t *data, size_t size)
{
    static const char prefix[] = "YIDAN_";
    const size_t length = sizeof prefix - 1;
    char *variable = malloc(length + size + 1);
    struct config config, before;
    struct problem problem = { 0 };

    if (variable == NULL)
        return;
    memcpy(variable, prefix, length);
    memcpy(variable + length, data, size);
    variable[length + size] = '\0';
    char *const environment[] = { variable, NULL };

    config_defaults(&config);
    before = config;
    check_error(config_read_environment(&config, environment, &problem), &problem,
                &config, &before);
    free(variable);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_file(data, size);
    check_variable(data, size);
    return 0;
}
