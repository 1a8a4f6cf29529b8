#include <stdio.h>
#include <string.h>

#include "cli_internal.h"

/* cli_config.c - `yidan config`: every setting, its value, and where that comes from. */

/* A secret is not for the screen. */
static bool
is_secret(const char *name)
{
    return strstr(name, "token") != NULL;
}

int
cli_config(int argc, char **argv)
{
    struct cli_input input = {
        .usage = "yidan config [options]",
        .summary =
            "Print every setting: name = value, where it comes from, what it is. Later\n"
            "ones win: default, file, environment, flag.",
    };
    char value[CONFIG_TEXT_BYTES];

    int code = cli_read(&input, argc, argv);
    if (code != CLI_GO_ON)
        return code;
    for (size_t i = 0; i < config_setting_count; i++) {
        const struct config_setting *setting = &config_settings[i];
        enum err err = config_get(&input.config, setting->name, value, sizeof value);

        if (err != OK)
            return cli_fail(err, NULL);
        if (is_secret(setting->name) && value[0] != '\0')
            memcpy(value, "(set)", sizeof "(set)");
        (void)printf("%s = %s\n    # %s; %s", setting->name, value, input.sources[i],
                     setting->help);
        if (setting->is_text)
            (void)printf(" (%s)\n", setting->unit);
        else
            (void)printf(" (%s, %lld to %lld)\n", setting->unit, (long long)setting->min,
                         (long long)setting->max);
    }
    return EXIT_OK;
}
