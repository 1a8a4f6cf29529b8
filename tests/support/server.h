#ifndef YIDAN_TESTS_SERVER_H
#define YIDAN_TESTS_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/config.h"
#include "store/store.h"
#include "store/writer.h"
#include "support/people.h"
#include "support/tempdir.h"

/*
 * server.h - the whole server in the test's process, on a port of its own with
 *            a database and a clock of its own, and a client for it.
 *
 * It has the people of people.h.  What it logs goes to a file, which a test
 * may look through.  A failure here fails the test that runs.
 */

struct server;

struct test_server {
    struct tempdir dir;
    struct config config; /* _prepare fills it; a test may change it before _start */
    struct server *server;
    struct store *store;
    struct writer *writer;
    int port;
    int log_saved; /* stderr as it was */
};

/* Monday 2026-11-23 10:00 in Shanghai. */
#define TEST_SERVER_NOW INT64_C(1795399200)

void test_server_prepare(struct test_server *server);
void test_server_start(struct test_server *server);
/* Both. */
void test_server_open(struct test_server *server);
void test_server_close(struct test_server *server);

/* The clock of the server: what every request takes for now. */
int64_t test_clock(void);
void test_clock_set(int64_t now);
void test_clock_advance(int64_t seconds);

/* Everything logged so far; free() it. */
char *test_server_log(const struct test_server *server);

/* --- A client --------------------------------------------------------------------------- */

/* Who calls: a session's cookie and CSRF token, "" for nobody. */
struct test_who {
    char token[PEOPLE_SECRET_BYTES], csrf[PEOPLE_SECRET_BYTES];
};

/* A new session of `login`, without a password. */
struct test_who test_sign_in(struct test_server *server, const char *login);

/* A second unit beside the town, `water`, and a session of its handler `water`. */
struct test_who test_add_water(struct test_server *server);

struct test_call {
    const char *method, *path;
    const char *body; /* JSON; NULL: none */
    const void *file; /* the body as raw bytes instead */
    size_t file_bytes;
    const char *file_type;      /* NULL: application/octet-stream */
    const struct test_who *who; /* NULL: nobody */
    const char *key;            /* Idempotency-Key; NULL: none */
    const char *headers;        /* more, each ended by \r\n; NULL: none */
    bool without_csrf;          /* do not send the token */
};

struct test_reply {
    int status;
    char *head; /* NUL-terminated */
    char *body; /* NUL-terminated */
    size_t body_bytes;
};

/* One request on a connection of its own. Free the reply. */
struct test_reply test_send(const struct test_server *server,
                            const struct test_call *call);
void test_reply_free(struct test_reply *reply);

/* Send, check the status, and free the reply. */
void test_expect(const struct test_server *server, const struct test_call *call,
                 int status);

/* Send and check status and `code` of the problem; its `field` too unless NULL. */
void test_expect_problem(const struct test_server *server, const struct test_call *call,
                         int status, const char *code, const char *field);

/* The value of a header, into `room` bytes; "" when there is none. */
void test_reply_header(const struct test_reply *reply, const char *name, char *value,
                       size_t room);

/*
 * A text or number of the body by its path, "user.roles.0", as text that lives
 * until the eighth next call; NULL when there is none or it is null.
 */
const char *test_reply_text(const struct test_reply *reply, const char *path);
/* The number of items of a list; -1 when there is none. */
int test_reply_count(const struct test_reply *reply, const char *path);

#endif
