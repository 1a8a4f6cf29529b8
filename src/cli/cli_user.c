#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "cli_internal.h"
#include "command/cmd_user.h"
#include "store/reader.h"
#include "store/users.h"

/*
 * cli_user.c - `yidan user`: accounts without a browser, above all the first.
 *
 * A password is read from standard input only: an argument is visible to
 * everybody on the machine.
 */

#define PASSWORD_ROOM 1024
#define LIST_PAGE 200

struct arguments {
    const char *login, *name, *unit, *roles;
    bool has_password, must_change;
};

/* The first line of standard input, without its end. */
static int
read_password(char password[PASSWORD_ROOM])
{
    if (fgets(password, PASSWORD_ROOM, stdin) == NULL)
        return cli_misuse("no password on standard input");
    password[strcspn(password, "\r\n")] = '\0';
    if (!text_is_utf8(password, strlen(password)))
        return cli_misuse("the password is not UTF-8");
    size_t characters = text_characters(password);
    if (characters < PASSWORD_CHARACTERS_MIN || characters > PASSWORD_CHARACTERS_MAX)
        return cli_misuse("a password has %d to %d characters", PASSWORD_CHARACTERS_MIN,
                          PASSWORD_CHARACTERS_MAX);
    return CLI_GO_ON;
}

/* --- Writing ------------------------------------------------------------------------ */

static int
add(const struct cli_input *input, const struct arguments *arguments)
{
    struct cmd_user_create cmd;
    char password[PASSWORD_ROOM];

    if (arguments->login == NULL || arguments->name == NULL || arguments->unit == NULL ||
        arguments->roles == NULL || !arguments->has_password)
        return cli_misuse(
            "add needs --login, --name, --unit, --role and --password-stdin");
    int code = cli_check_name(arguments->name, USER_NAME_CHARACTERS_MAX);
    if (code != CLI_GO_ON)
        return code;
    cmd_user_create_init(&cmd);
    code = cli_read_set(arguments->roles, &words_role, "role", &cmd.draft.roles);
    if (code == CLI_GO_ON)
        code = read_password(password);
    if (code != CLI_GO_ON)
        return code;
    cmd.actor = (struct actor){ .kind = ACTOR_CLI };
    cmd.now = time_now();
    cmd.draft.login = arguments->login;
    cmd.draft.name = arguments->name;
    cmd.draft.unit = arguments->unit;
    cmd.draft.password = password;
    cmd.draft.must_change_password = arguments->must_change;
    return cli_run_job(&input->config, &cmd.job);
}

/* A new password, or the end of an account. */
static int
change(const struct cli_input *input, const struct arguments *arguments, bool is_disable)
{
    struct cmd_user_change cmd;
    char password[PASSWORD_ROOM];

    if (arguments->login == NULL || arguments->has_password == is_disable)
        return cli_misuse(is_disable ? "disable needs --login"
                                     : "passwd needs --login and --password-stdin");
    cmd_user_change_init(&cmd);
    cmd.actor = (struct actor){ .kind = ACTOR_CLI };
    cmd.now = time_now();
    cmd.draft.login = arguments->login;
    if (is_disable) {
        cmd.draft.enabled = TRISTATE_NO;
    } else {
        int code = read_password(password);

        if (code != CLI_GO_ON)
            return code;
        cmd.draft.password = password;
        cmd.draft.must_change_password = arguments->must_change;
    }
    return cli_run_job(&input->config, &cmd.job);
}

/* Whoever lost the phone signs in with the password alone again. */
static int
end_totp(const struct cli_input *input, const struct arguments *arguments)
{
    struct cmd_user_change cmd;

    if (arguments->login == NULL)
        return cli_misuse("totp-off needs --login");
    cmd_user_change_init(&cmd);
    cmd.actor = (struct actor){ .kind = ACTOR_CLI };
    cmd.now = time_now();
    cmd.draft.login = arguments->login;
    cmd.draft.reset_totp = true;
    return cli_run_job(&input->config, &cmd.job);
}

/* --- Listing ------------------------------------------------------------------------ */

static void
print_user(const struct user *user)
{
    const char *comma = "";

    (void)printf("%s\t%s\t%s\t", user->login, user->name, user->unit_code);
    for (int role = 0; role < ROLE_COUNT; role++)
        if ((user->roles & ROLE_BIT(role)) != 0) {
            (void)printf("%s%s", comma, choice_word(&words_role, role));
            comma = ",";
        }
    (void)printf("\t%s\n", user->is_enabled ? "enabled" : "disabled");
}

static enum err
print_users(struct db *db, struct arena *arena)
{
    struct users_filter filter = { .roles = 0 };
    struct user *users = NULL;
    int64_t after = 0;
    size_t count = LIST_PAGE;

    while (count == LIST_PAGE) {
        TRY(users_list(db, arena, &filter, after, LIST_PAGE, &users, &count));
        for (size_t i = 0; i < count; i++)
            print_user(&users[i]);
        if (count > 0)
            after = users[count - 1].id;
        arena_reset(arena);
    }
    return OK;
}

/* Beside a running server too. */
static int
list(const struct cli_input *input)
{
    struct problem problem = { .value = "" };
    struct cli_glance glance;
    enum err err = cli_glance_open(&input->config, 0, &glance, &problem);

    if (err == OK) {
        err = print_users(glance.reader->db, glance.arena);
        cli_glance_close(&glance);
    }
    return err == OK ? EXIT_OK : cli_fail(err, &problem);
}

int
cli_user(int argc, char **argv)
{
    struct arguments arguments = { .login = NULL };
    const struct cli_option options[] = {
        { "login", "LOGIN", "letters, digits, . _ -", &arguments.login, NULL },
        { "name", "TEXT", "the person's name", &arguments.name, NULL },
        { "unit", "CODE", "the unit; a new database has \"office\"", &arguments.unit,
          NULL },
        { "role", "ROLE[,ROLE]",
          "clerk, handler, unit_head, supervisor, leader, admin, auditor",
          &arguments.roles, NULL },
        { "password-stdin", NULL, "read the password from standard input", NULL,
          &arguments.has_password },
        { "must-change", NULL, "it is somebody else's: the first sign-in sets another",
          NULL, &arguments.must_change },
        { NULL, NULL, NULL, NULL, NULL },
    };
    struct cli_input input = {
        .usage = "yidan user add|list|passwd|totp-off|disable [options]",
        .summary =
            "add      make an account: --login --name --unit --role --password-stdin\n"
            "         [--must-change]\n"
            "list     login, name, unit, roles, state; beside a running server too\n"
            "passwd   set a password: --login --password-stdin [--must-change]\n"
            "totp-off take the second factor away, for a lost phone: --login\n"
            "disable  end an account and its sessions: --login",
        .options = options,
        .word_min = 1,
        .word_max = 1,
    };

    int code = cli_read(&input, argc, argv);
    if (code != CLI_GO_ON)
        return code;
    const char *verb = input.words[0];
    if (strcmp(verb, "add") == 0)
        return add(&input, &arguments);
    if (strcmp(verb, "list") == 0)
        return list(&input);
    if (strcmp(verb, "passwd") == 0)
        return change(&input, &arguments, false);
    if (strcmp(verb, "totp-off") == 0)
        return end_totp(&input, &arguments);
    if (strcmp(verb, "disable") == 0)
        return change(&input, &arguments, true);
    return cli_misuse("no such thing to do: user %s", verb);
}
