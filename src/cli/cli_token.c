#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "cli_internal.h"
#include "command/cmd_token.h"
#include "store/reader.h"
#include "store/tokens.h"

/*
 * cli_token.c - `yidan token`: how other systems sign in, without a browser.
 *
 * The secret is printed once, on standard output, and kept nowhere.
 */

#define LIST_PAGE 200
#define DAY_SECONDS 86400
#define DAYS_MAX 3650

struct arguments {
    const char *name, *scopes, *platform, *days, *id;
};

/* A whole number from 1 to `most`; 0 when it is none. */
static int64_t
read_number(const char *text, int64_t most)
{
    char *end = NULL;

    if (text[0] < '1' || text[0] > '9')
        return 0;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    return errno != 0 || *end != '\0' || number > most ? 0 : number;
}

static int
add(const struct cli_input *input, const struct arguments *arguments)
{
    struct cmd_token_create cmd;

    if (arguments->name == NULL || arguments->scopes == NULL)
        return cli_misuse("add needs --name and --scope");
    int code = cli_check_name(arguments->name, TOKEN_NAME_CHARACTERS);
    if (code != CLI_GO_ON)
        return code;
    cmd_token_create_init(&cmd);
    code = cli_read_set(arguments->scopes, &words_scope, "scope", &cmd.draft.scopes);
    if (code != CLI_GO_ON)
        return code;
    cmd.actor = (struct actor){ .kind = ACTOR_CLI };
    cmd.now = time_now();
    cmd.draft.name = arguments->name;
    cmd.draft.platform = arguments->platform;
    if (arguments->days != NULL) {
        int64_t days = read_number(arguments->days, DAYS_MAX);

        if (days == 0)
            return cli_misuse("--days is 1 to %d", DAYS_MAX);
        cmd.draft.expires_at = cmd.now + days * DAY_SECONDS;
    }
    code = cli_run_job(&input->config, &cmd.job);
    if (code == EXIT_OK)
        (void)printf("%s\n", cmd.text);
    return code;
}

static int
remove_token(const struct cli_input *input, const struct arguments *arguments)
{
    struct cmd_token_remove cmd;

    cmd_token_remove_init(&cmd);
    cmd.id = arguments->id == NULL ? 0 : read_number(arguments->id, INT64_MAX);
    if (cmd.id == 0)
        return cli_misuse("remove needs --id, as `yidan token list` prints it");
    cmd.actor = (struct actor){ .kind = ACTOR_CLI };
    cmd.now = time_now();
    return cli_run_job(&input->config, &cmd.job);
}

/* --- Listing ------------------------------------------------------------------------ */

static void
print_time(const char *before, int64_t at)
{
    char text[TIME_TEXT_BYTES] = "-";

    if (at != 0)
        time_format(at, text);
    (void)printf("\t%s %s", before, text);
}

static void
print_token(const struct token *token)
{
    const char *comma = "";

    (void)printf("%lld\t%s\t", (long long)token->id, token->name);
    for (int scope = 0; scope < SCOPE_COUNT; scope++)
        if ((token->scopes & SCOPE_BIT(scope)) != 0) {
            (void)printf("%s%s", comma, choice_word(&words_scope, scope));
            comma = ",";
        }
    (void)printf("\t%s", token->platform == NULL ? "-" : token->platform);
    print_time("created", token->created_at);
    print_time("used", token->last_used_at);
    print_time("expires", token->expires_at);
    (void)printf("\n");
}

static enum err
print_tokens(struct db *db, struct arena *arena)
{
    struct token *tokens = NULL;
    int64_t after = 0;
    size_t count = LIST_PAGE;

    while (count == LIST_PAGE) {
        TRY(tokens_list(db, arena, after, LIST_PAGE, &tokens, &count));
        for (size_t i = 0; i < count; i++)
            print_token(&tokens[i]);
        if (count > 0)
            after = tokens[count - 1].id;
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
        err = print_tokens(glance.reader->db, glance.arena);
        cli_glance_close(&glance);
    }
    return err == OK ? EXIT_OK : cli_fail(err, &problem);
}

int
cli_token(int argc, char **argv)
{
    struct arguments arguments = { .name = NULL };
    const struct cli_option options[] = {
        { "name", "TEXT", "which system it is for", &arguments.name, NULL },
        { "scope", "SCOPE[,SCOPE]", "intake, import, switchboard, sms, upstream",
          &arguments.scopes, NULL },
        { "platform", "CODE", "scope upstream: the platform it speaks for",
          &arguments.platform, NULL },
        { "days", "N", "it expires after so many days; without: never", &arguments.days,
          NULL },
        { "id", "N", "which one to remove", &arguments.id, NULL },
        { NULL, NULL, NULL, NULL, NULL },
    };
    struct cli_input input = {
        .usage = "yidan token add|list|remove [options]",
        .summary = "add     make a token and print it, once: --name --scope [--platform] "
                   "[--days]\n"
                   "list    all of them, without secrets; beside a running server too\n"
                   "remove  end one: --id",
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
    if (strcmp(verb, "remove") == 0)
        return remove_token(&input, &arguments);
    return cli_misuse("no such thing to do: token %s", verb);
}
