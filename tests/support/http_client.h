#ifndef YIDAN_TESTS_HTTP_CLIENT_H
#define YIDAN_TESTS_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * http_client.h - a small blocking HTTP client on a raw socket, which sends
 *                 what it is told to and believes nothing.
 *
 * Nothing here waits longer than HTTP_CLIENT_PATIENCE_MS: a server that hangs
 * fails the test that runs.
 */

#define HTTP_CLIENT_PATIENCE_MS 10000

struct http_client {
    int fd;
    char *bytes; /* received, not yet read */
    size_t count, room;
    bool is_ended; /* the server has closed */
};

struct http_reply {
    int status;
    char *head; /* the status line and the fields, NUL-terminated */
    char *body; /* NUL-terminated */
    size_t body_bytes;
};

void http_client_open(struct http_client *client, int port);
void http_client_close(struct http_client *client);

/* False when the server has closed, which may be what a test wants. */
bool http_client_send(struct http_client *client, const void *bytes, size_t count);
bool http_client_print(struct http_client *client, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* No more will be sent. */
void http_client_half_close(struct http_client *client);

/*
 * The next reply; free it.  False: the server closed instead.  `has_body` is
 * false for the reply to HEAD.
 */
bool http_client_read(struct http_client *client, bool has_body,
                      struct http_reply *ret_reply);
void http_reply_free(struct http_reply *reply);

/* Receive until `word` is among what came; what came stays. */
void http_client_await(struct http_client *client, const char *word);

/* Does the server close within `ms`, without another byte? */
bool http_client_awaits_end(struct http_client *client, int ms);

/* Throw away what comes until the server closes. */
void http_client_drain(struct http_client *client);

/* The value of a field into `room` bytes; "" when it is not there. */
const char *http_reply_field(const struct http_reply *reply, const char *name,
                             char *value, size_t room);

/* One request on a connection of its own that must be answered. `fields` may be NULL. */
struct http_reply http_ask(int port, const char *method, const char *target,
                           const char *fields, const char *body);
/* The same, only for its status. */
int http_status(int port, const char *method, const char *target, const char *fields,
                const char *body);

struct cJSON;

/* The reply must be a whole problem document of `code`, which is returned; cJSON_Delete() it. */
struct cJSON *http_expect_problem(const struct http_reply *reply, int status,
                                  const char *code);
/* A request must be answered by such a one. */
void http_expect_refused(int port, const char *method, const char *target,
                         const char *fields, const char *body, int status,
                         const char *code);
/* GET `target` must answer JSON whose `member`, printed, is `wanted`. */
void http_expect_member(int port, const char *target, const char *fields,
                        const char *member, const char *wanted);

#endif
