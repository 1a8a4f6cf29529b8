/*
 * bare.c - the bare libmicrohttpd server that ours is measured against: the
 *          same flags, pool and limits, and one answer of 200 bytes that was
 *          made before the first request.
 *
 *     bare [threads]      prints http://127.0.0.1:PORT/ and serves until SIGTERM
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>

#define ANSWER_BYTES 200

static enum MHD_Result
on_call(void *context, struct MHD_Connection *connection, const char *url,
        const char *method, const char *version, const char *upload, size_t *upload_bytes,
        void **request_context)
{
    static char seen;

    (void)url;
    (void)method;
    (void)version;
    (void)upload;
    (void)upload_bytes;
    /* To answer in the first call would close the connection. */
    if (*request_context == NULL) {
        *request_context = &seen;
        return MHD_YES;
    }
    return MHD_queue_response(connection, MHD_HTTP_OK, context);
}

int
main(int argc, char **argv)
{
    static char answer[ANSWER_BYTES];
    unsigned threads = argc > 1 ? (unsigned)atoi(argv[1]) : 2;
    sigset_t stop;
    int number = 0;

    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGTERM);
    (void)sigaddset(&stop, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &stop, NULL);
    memset(answer, 'x', sizeof answer);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(sizeof answer, answer, MHD_RESPMEM_PERSISTENT);

    if (response == NULL ||
        MHD_add_response_header(response, "Content-Type", "text/plain") == MHD_NO)
        return EXIT_FAILURE;
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
        NULL, NULL, on_call, response, MHD_OPTION_THREAD_POOL_SIZE, threads,
        MHD_OPTION_CONNECTION_LIMIT, 4096u, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)32 * 1024, MHD_OPTION_END);
    const union MHD_DaemonInfo *port =
        daemon == NULL ? NULL : MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);

    if (port == NULL)
        return EXIT_FAILURE;
    (void)printf("http://127.0.0.1:%u/\n", (unsigned)port->port);
    (void)fflush(stdout); /* who waits for the line sees that it does not come */
    (void)sigwait(&stop, &number);
    MHD_stop_daemon(daemon);
    MHD_destroy_response(response);
    return EXIT_SUCCESS;
}
