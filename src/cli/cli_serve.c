#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cli_internal.h"

/*
 * cli_serve.c - `yidan serve`: run until told to stop.
 *
 * SIGTERM and SIGINT are blocked in every thread and waited for here, so that
 * no code of ours runs in a signal handler.
 */

/* Longer than any step may take; after it the process ends as by kill -9. */
#define STOP_SECONDS 10

static const struct {
    const char *word;
    enum log_level level;
} levels[] = {
    { "debug", LOG_DEBUG },
    { "info", LOG_INFO },
    { "warn", LOG_WARN },
    { "error", LOG_ERROR },
};

static void
set_log_level(const char *word)
{
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (strcmp(levels[i].word, word) == 0)
            log_level_set(levels[i].level);
}

/* "127.0.0.1:8080" with the port that was really taken. */
static void
announce(const char *listen, int port)
{
    const char *colon = strrchr(listen, ':');
    int host_length = colon == NULL ? (int)strlen(listen) : (int)(colon - listen);

    (void)printf("listening on http://%.*s:%d\n", host_length, listen, port);
    (void)fflush(stdout);
}

int
cli_serve(int argc, char **argv)
{
    struct cli_input input = {
        .usage = "yidan serve [options]",
        .summary = "Run the server until SIGTERM or SIGINT. An empty data directory is "
                   "filled by itself.",
    };
    struct problem problem = { .value = "" };
    struct server *server = NULL;
    sigset_t signals;
    int signal_number = 0;

    int code = cli_read(&input, argc, argv);
    if (code != CLI_GO_ON)
        return code;
    set_log_level(input.config.log_level);

    (void)signal(SIGPIPE, SIG_IGN); /* a client that left is an error of its write */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    if (pthread_sigmask(SIG_BLOCK, &signals, NULL) != 0)
        return cli_fail(ERR_INTERNAL, NULL);

    struct server_options options = { .config = &input.config,
                                      .has_timer = true,
                                      .assets = web_assets };
    enum err err = server_start(&options, &server, &problem);
    if (err != OK)
        return cli_fail(err, &problem);
    log_event(LOG_INFO, "started", log_int("port", server_port(server)));
    announce(input.config.listen, server_port(server));

    while (sigwait(&signals, &signal_number) != 0)
        ; /* only EINTR is possible */
    log_event(LOG_INFO, "stopping", log_int("signal", signal_number));
    alarm(STOP_SECONDS);
    server_stop(server);
    log_event(LOG_INFO, "stopped", log_int("signal", signal_number));
    return EXIT_OK;
}
