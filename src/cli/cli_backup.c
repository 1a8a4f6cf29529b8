#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "cli_internal.h"
#include "store/backup.h"
#include "store/reader.h"
#include "store/verify.h"

/*
 * cli_backup.c - `yidan backup`, `restore` and `drill`.
 *
 * A copy counts when it has been verified: read again from the disk, and
 * re-derived from its own trail.
 */

#define DEADLINE_MS (6 * 3600 * 1000) /* a large directory takes its time */
#define DRILL_FOLDER "/var/tmp"

static void
print_file(void *context, const char *name, const char *what)
{
    (void)context;
    (void)printf("FOUND %s %s\n", name, what);
}

/* Where the keys of the directory of `config` lie. */
static bool
keys_path(const struct config *config, char path[PATH_MAX])
{
    return config->key_file[0] != '\0'
               ? text_format(path, PATH_MAX, "%s", config->key_file)
               : text_format(path, PATH_MAX, "%s/keys", config->data);
}

/* Re-derive all of `folder`, which `keys` have sealed, from its trail. */
static enum err
verify_folder(const struct config *config, const char *folder, const char *keys,
              struct verify_result *ret_result, struct problem *problem)
{
    struct config other = *config;
    struct cli_glance glance;

    if (!text_format(other.data, sizeof other.data, "%s", folder) ||
        !text_format(other.key_file, sizeof other.key_file, "%s", keys))
        return problem_value(problem, ERR_CONFIG_VALUE, "%s", "data");
    TRY(cli_glance_open(&other, DEADLINE_MS, &glance, problem));
    enum err err =
        verify_run(glance.reader, glance.arena, cli_print_finding, NULL, ret_result);
    cli_glance_close(&glance);
    return err;
}

/* --- backup ----------------------------------------------------------------------------- */

struct backup_request {
    const char *to;
    bool with_key, is_linking;
};

/* Copy, verify, name; `*ret_findings` above 0: it was given up. */
static enum err
make(const struct config *config, const struct backup_request *request,
     char ret_path[PATH_MAX], struct verify_result *ret_found, struct problem *problem)
{
    char keys[PATH_MAX];
    struct backup_options options = { .to = request->to,
                                      .keys = request->with_key ? keys : NULL,
                                      .is_linking = request->is_linking,
                                      .now = time_now() };
    struct backup *backup = NULL;
    struct cli_glance glance;

    if (!keys_path(config, keys))
        return problem_value(problem, ERR_KEY_FILE, "%s", config->key_file);
    TRY(cli_glance_open(config, DEADLINE_MS, &glance, problem));
    enum err err = backup_begin(glance.reader, &options, &backup, problem);
    if (err == OK)
        err = verify_folder(config, backup_folder(backup), keys, ret_found, problem);
    if (err == OK && ret_found->findings == 0)
        err = backup_end(backup, ret_found, ret_path, problem);
    backup_free(backup);
    cli_glance_close(&glance);
    return err;
}

static void
print_figures(const char *what, const struct verify_result *found, int64_t began_ms)
{
    (void)printf("%s: %lld events, %lld tickets, %lld texts, %lld files; head %s; "
                 "verified, %lld found; %lld ms\n",
                 what, (long long)found->events, (long long)found->tickets,
                 (long long)found->texts, (long long)found->files, found->head,
                 (long long)found->findings, (long long)(time_monotonic_ms() - began_ms));
}

int
cli_backup(int argc, char **argv)
{
    struct backup_request request = { .to = NULL };
    const struct cli_option options[] = {
        { "to", "DIR", "where backups lie; each gets a folder of its own", &request.to,
          NULL },
        { "with-key", NULL, "put the keys in as well: whoever has it then reads all",
          NULL, &request.with_key },
        { "link", NULL, "on the same file system give files a second name, not a copy",
          NULL, &request.is_linking },
        { NULL, NULL, NULL, NULL, NULL },
    };
    struct cli_input input = {
        .usage = "yidan backup --to DIR [--with-key] [--link] [options]",
        .summary =
            "Copy the database as of now and the files it names, read them again and\n"
            "verify them, also beside a running server. The keys are not in it: without\n"
            "them names and phones cannot be read, so keep a copy of the key file in\n"
            "another place.",
        .options = options,
    };
    int64_t began_ms = time_monotonic_ms();
    struct problem problem = { .value = "" };
    struct verify_result found = { .findings = 0 };
    char path[PATH_MAX] = "", keys[PATH_MAX];

    int code = cli_read(&input, argc, argv);
    if (code != CLI_GO_ON)
        return code;
    if (request.to == NULL)
        return cli_misuse("backup needs --to");
    enum err err = make(&input.config, &request, path, &found, &problem);
    if (err != OK)
        return cli_fail(err, &problem);
    print_figures(found.findings == 0 ? path : "given up", &found, began_ms);
    if (!request.with_key && keys_path(&input.config, keys))
        (void)printf("the keys are not in it; keep a copy of %s elsewhere\n", keys);
    return found.findings == 0 ? EXIT_OK : EXIT_FAILED;
}

/* --- restore ---------------------------------------------------------------------------- */

/* Check the files, then verify the whole; nothing is written. */
static enum err
check(const struct config *config, const char *from, const char *keys,
      struct backup_facts *ret_facts, int64_t *ret_findings, struct problem *problem)
{
    struct verify_result found = { .findings = 0 };

    TRY(backup_check(from, print_file, NULL, ret_facts, ret_findings, problem));
    if (*ret_findings > 0)
        return OK;
    TRY(verify_folder(config, from, keys, &found, problem));
    *ret_findings = found.findings;
    if (found.findings == 0 && strcmp(found.head, ret_facts->head) != 0) {
        print_file(NULL, "yidan.db", "does not end with the head of its manifest");
        *ret_findings = 1;
    }
    return OK;
}

/*
 * The keys: those given, those of the setting, or those in the backup; `*ret_put`
 * is what is put into the directory, NULL when the setting says where they lie.
 */
static bool
choose_keys(const struct config *config, const char *from, const char *given,
            char keys[PATH_MAX], const char **ret_put)
{
    *ret_put = keys;
    if (given != NULL)
        return text_format(keys, PATH_MAX, "%s", given);
    if (config->key_file[0] != '\0') {
        *ret_put = NULL;
        return text_format(keys, PATH_MAX, "%s", config->key_file);
    }
    return text_format(keys, PATH_MAX, "%s/keys", from) && access(keys, R_OK) == 0;
}

int
cli_restore(int argc, char **argv)
{
    const char *from = NULL, *given = NULL, *put = NULL;
    const struct cli_option options[] = {
        { "from", "DIR", "the backup: the folder yidan-...", &from, NULL },
        { "keys", "FILE", "the key file of the directory it was made of", &given, NULL },
        { NULL, NULL, NULL, NULL, NULL },
    };
    struct cli_input input = {
        .usage = "yidan restore --from DIR --keys FILE --data DIR [options]",
        .summary =
            "Check a backup and put it into an empty or new directory. A file that "
            "is\ndamaged is named, and then nothing is restored.",
        .options = options,
    };
    struct problem problem = { .value = "" };
    struct backup_facts facts;
    char keys[PATH_MAX];
    int64_t findings = 0;

    int code = cli_read(&input, argc, argv);
    if (code != CLI_GO_ON)
        return code;
    if (from == NULL)
        return cli_misuse("restore needs --from");
    if (!choose_keys(&input.config, from, given, keys, &put))
        return cli_misuse("restore needs --keys: there are none in the backup");
    enum err err = check(&input.config, from, keys, &facts, &findings, &problem);
    if (err == OK && findings == 0)
        err = backup_restore(from, input.config.data, put, &problem);
    if (err != OK)
        return cli_fail(err, &problem);
    if (findings > 0) {
        (void)printf("%s: %lld found, nothing was restored\n", from, (long long)findings);
        return EXIT_FAILED;
    }
    (void)printf("%s: %lld events, %lld files, %lld bytes; head %s; restored\n",
                 input.config.data, (long long)facts.events, (long long)facts.files,
                 (long long)facts.bytes, facts.head);
    return EXIT_OK;
}

/* --- drill ------------------------------------------------------------------------------ */

static int
print_failed(enum err err, const struct problem *problem)
{
    (void)printf("the drill has failed\n");
    return err == OK ? EXIT_FAILED : cli_fail(err, problem);
}

/* Back up into `folder`, restore beside it, and compare. */
static int
rehearse(const struct config *config, const char *folder)
{
    char backups[PATH_MAX], path[PATH_MAX] = "", data[PATH_MAX], keys[PATH_MAX];
    struct backup_request request = { .to = backups };
    struct verify_result made = { .findings = 0 }, restored = { .findings = 0 };
    struct problem problem = { .value = "" };
    struct backup_facts facts;
    int64_t findings = 0, began_ms = time_monotonic_ms();

    if (!text_format(backups, sizeof backups, "%s/backups", folder) ||
        !text_format(data, sizeof data, "%s/data", folder) || !keys_path(config, keys))
        return cli_fail(ERR_STORE, NULL);
    enum err err = make(config, &request, path, &made, &problem);
    if (err != OK || made.findings > 0)
        return print_failed(err, &problem);
    print_figures("backup", &made, began_ms);
    began_ms = time_monotonic_ms();
    err = check(config, path, keys, &facts, &findings, &problem);
    if (err == OK && findings == 0)
        err = backup_restore(path, data, NULL, &problem);
    if (err == OK && findings == 0)
        err = verify_folder(config, data, keys, &restored, &problem);
    if (err != OK || findings > 0)
        return print_failed(err, &problem);
    print_figures("restore", &restored, began_ms);
    bool is_same = restored.findings == 0 && restored.events == made.events &&
                   strcmp(restored.head, made.head) == 0;
    if (!is_same)
        return print_failed(OK, NULL);
    (void)printf("%lld bytes in %lld files; what was restored is what was backed up\n",
                 (long long)facts.bytes, (long long)facts.files);
    return EXIT_OK;
}

int
cli_drill(int argc, char **argv)
{
    const char *to = DRILL_FOLDER;
    const struct cli_option options[] = {
        { "to", "DIR", "where there is room for two copies; default " DRILL_FOLDER, &to,
          NULL },
        { NULL, NULL, NULL, NULL, NULL },
    };
    struct cli_input input = {
        .usage = "yidan drill [--to DIR] [options]",
        .summary = "Rehearse: back up, restore, verify, compare, and remove all of it; "
                   "also\nbeside a running server. Prints how long each takes.",
        .options = options,
    };
    char folder[PATH_MAX];

    int code = cli_read(&input, argc, argv);
    if (code != CLI_GO_ON)
        return code;
    if (!text_format(folder, sizeof folder, "%s/yidan-drill-XXXXXX", to) ||
        mkdtemp(folder) == NULL)
        return cli_misuse("no folder can be made in %s", to);
    code = rehearse(&input.config, folder);
    if (folder_remove(folder) != OK) {
        (void)fprintf(stderr, "yidan: %s could not be removed\n", folder);
        return EXIT_FAILED;
    }
    return code;
}
