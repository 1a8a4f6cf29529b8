#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/text.h"
#include "base/timeutil.h"
#include "cli_internal.h"
#include "command/cmd_rekey.h"
#include "store/store.h"
#include "store/writer.h"

/*
 * cli_rekey.c - `yidan rekey`: new keys for what is sealed.
 *
 * 1. The new keys are on disk, as FILE.new, before anything is sealed with them.
 * 2. One commit seals everything anew and changes the database's mark of its keys:
 *    before it the old file fits, after it FILE.new.
 * 3. The old keys are kept as FILE.old-..., and only then FILE.new takes its name.
 * So after a kill anywhere the next run finds out by the mark where to go on.
 */

#define OLD_NAMES_MAX 100 /* of one second */

struct key_files {
    char present[PATH_MAX], fresh[PATH_MAX], old[PATH_MAX], folder[PATH_MAX];
};

static bool
name_files(const struct config *config, int64_t now, struct key_files *files)
{
    struct civil_date date = time_date_of_day(time_day(now));
    int32_t second = time_of_day(now);
    bool fits = config->key_file[0] != '\0'
                    ? text_format(files->present, PATH_MAX, "%s", config->key_file)
                    : text_format(files->present, PATH_MAX, "%s/keys", config->data);
    const char *slash = strrchr(files->present, '/');

    return fits && text_format(files->fresh, PATH_MAX, "%s.new", files->present) &&
           text_format(files->old, PATH_MAX, "%s.old-%04d%02d%02d-%02d%02d%02d",
                       files->present, date.year, date.month, date.mday, second / 3600,
                       second / 60 % 60, second % 60) &&
           text_format(files->folder, PATH_MAX, "%.*s",
                       slash == NULL ? 1 : (int)(slash - files->present) + 1,
                       slash == NULL ? "." : files->present);
}

/* Do these keys fit the database?  The lock is taken and let go. */
static enum err
try_keys(const struct config *config, const char *keys, struct problem *problem)
{
    struct config other = *config;
    struct store *store = NULL;

    if (!text_format(other.key_file, sizeof other.key_file, "%s", keys))
        return problem_value(problem, ERR_CONFIG_VALUE, "%s", "key_file");
    TRY(store_open(&other, &store, problem));
    store_close(store);
    return OK;
}

static enum err
seal_anew(const struct config *config, const struct key_files *files,
          struct rekey_counts *ret_counts, struct problem *problem)
{
    struct cli_database database;
    struct cmd_rekey cmd;
    struct keys fresh;

    TRY(cli_database_open(config, &database, problem));
    enum err err = keys_load(files->fresh, true, &fresh, problem);
    if (err == OK) {
        cmd_rekey_init(&cmd, &fresh, time_now());
        err = writer_run(database.writer, &cmd.job);
        *ret_counts = cmd.counts;
    }
    sodium_memzero(&fresh, sizeof fresh);
    cli_database_close(&database);
    return err;
}

static enum err
sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return ERR_STORE;
    enum err err = fsync(fd) == 0 ? OK : ERR_STORE;
    (void)close(fd); /* flushed, or failed already */
    return err;
}

static bool
is_same_file(const char *a, const char *b)
{
    struct stat one, other;

    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_ino == other.st_ino &&
           one.st_dev == other.st_dev;
}

/* Give the old keys a name that nobody has; `files->old` is it then. */
static bool
keep_old(struct key_files *files)
{
    char name[PATH_MAX];

    memcpy(name, files->old, sizeof name);
    for (int number = 2; link(files->present, files->old) != 0; number++) {
        if (errno != EEXIST || number > OLD_NAMES_MAX)
            return false;
        if (is_same_file(files->present, files->old))
            return true; /* a run before this one did it */
        if (!text_format(files->old, sizeof files->old, "%s-%d", name, number))
            return false;
    }
    return true;
}

/* The database knows the new keys: keep the old ones, and give the new their name. */
static enum err
exchange(struct key_files *files, struct problem *problem)
{
    if (!keep_old(files))
        return problem_value(problem, ERR_KEY_FILE, "%s", files->old);
    TRY(sync_folder(files->folder));
    if (rename(files->fresh, files->present) != 0)
        return problem_value(problem, ERR_KEY_FILE, "%s", files->present);
    return sync_folder(files->folder);
}

static enum err
rekey(const struct config *config, struct key_files *files, struct rekey_counts *counts,
      bool *ret_resumed, struct problem *problem)
{
    struct problem unused = { .value = "" };
    char database[PATH_MAX];

    *ret_resumed = false;
    if (!text_format(database, sizeof database, "%s/yidan.db", config->data) ||
        access(database, F_OK) != 0)
        return problem_value(problem, ERR_STORE, "%s", config->data);
    enum err err = try_keys(config, files->present, problem);
    if (err == OK) {
        TRY(seal_anew(config, files, counts, problem));
    } else {
        /* A run before this one was cut short between its commit and the names. */
        if (err != ERR_KEY_FILE || access(files->fresh, F_OK) != 0 ||
            try_keys(config, files->fresh, &unused) != OK)
            return err;
        *ret_resumed = true;
    }
    return exchange(files, problem);
}

int
cli_rekey(int argc, char **argv)
{
    struct cli_input input = {
        .usage = "yidan rekey [options]",
        .summary =
            "Make new keys and seal everything with them: names, phones, drafts, second\n"
            "factors. Not beside a running server. The old key file stays beside the "
            "new\n"
            "one: backups made before need it. Cut short, it goes on when run again.",
    };
    struct problem problem = { .value = "" };
    struct rekey_counts counts = { 0, 0, 0 };
    struct key_files files;
    bool is_resumed = false;

    int code = cli_read(&input, argc, argv);
    if (code != CLI_GO_ON)
        return code;
    if (!name_files(&input.config, time_now(), &files))
        return cli_fail(ERR_KEY_FILE, NULL);
    enum err err = rekey(&input.config, &files, &counts, &is_resumed, &problem);
    if (err != OK)
        return cli_fail(err, &problem);
    if (is_resumed)
        (void)printf(
            "everything was sealed anew before; the new keys have their name now\n");
    else
        (void)printf("%lld people, %lld texts and %lld others sealed anew\n",
                     (long long)counts.people, (long long)counts.texts,
                     (long long)counts.others);
    (void)printf("keys: %s; keep a copy of it elsewhere\n"
                 "the old ones: %s; backups made before need them\n",
                 files.present, files.old);
    return EXIT_OK;
}
