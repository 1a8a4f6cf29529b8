#ifndef YIDAN_CLI_INTERNAL_H
#define YIDAN_CLI_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/config.h"
#include "base/error.h"
#include "http/asset.h"

/*
 * cli_internal.h - the subcommands, how they read their arguments, and the
 * server as a whole, which the tests start too.
 *
 * Layer    cli.
 */

/* Of the program; a release sets it. */
#ifndef YIDAN_VERSION
#define YIDAN_VERSION "0.1.0"
#endif

/* What the process ends with (sysexits.h has 78). */
enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_CONFIGURATION = 78 };

/* --- Subcommands ------------------------------------------------------------------- */

struct cli_command {
    const char *name, *summary;
    int (*run)(int argc, char **argv); /* argv[0] is the subcommand */
};

int cli_serve(int argc, char **argv);
int cli_init(int argc, char **argv);
int cli_user(int argc, char **argv);
int cli_token(int argc, char **argv);
int cli_import(int argc, char **argv);
int cli_calendar(int argc, char **argv);
int cli_erase(int argc, char **argv);
int cli_verify(int argc, char **argv);
int cli_backup(int argc, char **argv);
int cli_restore(int argc, char **argv);
int cli_drill(int argc, char **argv);
int cli_rekey(int argc, char **argv);
int cli_rebuild(int argc, char **argv);
int cli_config(int argc, char **argv);
int cli_version(int argc, char **argv);

/* --- Arguments (cli_options.c) ------------------------------------------------------- */

/* An option of a subcommand, beside the settings which every one takes. */
struct cli_option {
    const char *name;  /* "password-stdin", without dashes; NULL ends the table */
    const char *value; /* what stands after it, "NAME"; NULL: nothing, it is a switch */
    const char *help;
    const char **text; /* where the value goes */
    bool *is_on;       /* where a switch goes */
};

#define CLI_WORDS_MAX 4
#define CLI_SETTINGS_MAX 64

struct cli_input {
    const char *usage;   /* "yidan user add|list|passwd|disable [options]" */
    const char *summary; /* a line or more below it */
    const struct cli_option *options;
    int word_min, word_max; /* arguments that are no options */

    const char *words[CLI_WORDS_MAX];
    int word_count;
    struct config config;
    const char *sources[CLI_SETTINGS_MAX]; /* where each of config_settings comes from */
};

/* Go on, instead of an exit code. */
#define CLI_GO_ON (-1)

/*
 * Read arguments, configuration file (--config FILE), and environment into
 * `input`.  Prints help or what is wrong and returns the exit code then.
 */
int cli_read(struct cli_input *input, int argc, char **argv);

/* Say on stderr why it failed; returns the exit code that fits. */
int cli_fail(enum err err, const struct problem *problem);
/* Say what is wrong with the arguments; returns EXIT_USAGE. */
int cli_misuse(const char *format, ...) PRINTF_LIKE(1, 2);

/* --- What subcommands have alike (cli_arguments.c) ------------------------------------ */

struct choices;
struct job;

/* "clerk,supervisor" to bits of `words`; `what` one of them is: "role". An exit code or CLI_GO_ON. */
int cli_read_set(const char *list, const struct choices *words, const char *what,
                 uint64_t *ret_set);
/* UTF-8, not empty, not too long?  As above. */
int cli_check_name(const char *name, int characters_max);
/* Open the database by itself, with what every one has, and do the one write; an exit code. */
int cli_run_job(const struct config *config, struct job *job);

/* --- A database for a subcommand that writes (cli_database.c) ----------------------------- */

struct arena;
struct reader;
struct reader_pool;
struct store;
struct writer;

/* Opened by itself, without a server beside it. */
struct cli_database {
    struct store *store;
    struct writer *writer;
};
MUST_CHECK enum err cli_database_open(const struct config *config,
                                      struct cli_database *ret_database,
                                      struct problem *reterr_problem);
void cli_database_close(struct cli_database *database);

/*
 * A reader of its own, beside a server or alone, for as long as one command
 * takes; `deadline_ms` as for reader_acquire().
 */
struct cli_glance {
    struct store *store;
    struct reader_pool *pool;
    struct reader *reader;
    struct arena *arena;
};
MUST_CHECK enum err cli_glance_open(const struct config *config, int deadline_ms,
                                    struct cli_glance *ret_glance,
                                    struct problem *reterr_problem);
void cli_glance_close(struct cli_glance *glance);

/* A line for each finding of verify_run() (cli_verify.c). */
struct verify_finding;
void cli_print_finding(void *context, const struct verify_finding *finding);

/* What every database has: calendar, categories, and one unit for the first account. */
MUST_CHECK enum err cli_seed(struct store *store, struct writer *writer, int64_t now);

/* --- The server as a whole (cli_server.c) ------------------------------------------------- */

struct api_services;
struct http_server;
struct last_seen;
struct server;

struct server_options {
    const struct config *config; /* borrowed until server_stop() */
    int64_t (*clock)(void);      /* NULL: time_now() */
    struct asset_table assets;   /* the browser's side; may be empty */
    bool has_timer;              /* and the indexer */
};

/* Start everything in order. On failure nothing is left running. */
MUST_CHECK enum err server_start(const struct server_options *options,
                                 struct server **ret_server,
                                 struct problem *reterr_problem);
int server_port(const struct server *server);
struct store *server_store(const struct server *server);
struct writer *server_writer(const struct server *server);

/* Stop everything in reverse order; what was acknowledged is on disk. NULL does nothing. */
void server_stop(struct server *server);

/* The browser's side; tools/embed_web makes it, and only the program has it. */
extern const struct asset_table web_assets;

/* --- The made-up county (demo.c) ---------------------------------------------------------- */

/* Fill an empty database and print its accounts; returns an exit code. */
int demo_run(struct store *store, struct writer *writer);

#endif
