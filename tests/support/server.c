#include "support/server.h"

#include <check.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypt.h"
#include "base/log.h"
#include "cli/cli_internal.h"
#include "support/store_fixture.h"

#define LOG_NAME "log"

/* --- Clock ----------------------------------------------------------------------------- */

static _Atomic int64_t clock_now;

int64_t
test_clock(void)
{
    return clock_now;
}

void
test_clock_set(int64_t now)
{
    clock_now = now;
}

void
test_clock_advance(int64_t seconds)
{
    clock_now += seconds;
}

/* --- Server ----------------------------------------------------------------------------- */

void
test_server_prepare(struct test_server *server)
{
    *server = (struct test_server){ .log_saved = -1 };
    ck_assert_int_eq(crypt_start(), OK);
    tempdir_make(&server->dir);
    config_defaults(&server->config);
    tempdir_path(&server->dir, "var", server->config.data, sizeof server->config.data);
    ck_assert_int_eq(config_set(&server->config, "listen", "127.0.0.1:0", NULL), OK);
    server->config.checkpoint_ms = 10;
    server->config.disk_reserve_bytes = 0;
    server->config.upload_reserve_bytes = 0;
    test_clock_set(TEST_SERVER_NOW);
}

/* A line of the log is written to stderr, which a file takes the place of. */
static void
keep_log(struct test_server *server)
{
    char path[PATH_MAX];

    tempdir_path(&server->dir, LOG_NAME, path, sizeof path);
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    ck_assert_int_ge(file, 0);
    (void)fflush(stderr);
    server->log_saved = dup(STDERR_FILENO);
    ck_assert_int_ge(server->log_saved, 0);
    ck_assert_int_eq(dup2(file, STDERR_FILENO), STDERR_FILENO);
    close(file);
    log_level_set(LOG_DEBUG);
}

void
test_server_start(struct test_server *server)
{
    struct server_options options = { .config = &server->config, .clock = test_clock };
    struct problem problem = { .value = "" };
    enum err err = server_start(&options, &server->server, &problem);

    ck_assert_msg(err == OK, "server_start: %s %s", err_code(err), problem.value);
    server->store = server_store(server->server);
    server->writer = server_writer(server->server);
    server->port = server_port(server->server);
    people_fill(server->writer, test_clock());
    keep_log(server);
}

void
test_server_open(struct test_server *server)
{
    test_server_prepare(server);
    test_server_start(server);
}

void
test_server_close(struct test_server *server)
{
    server_stop(server->server);
    if (server->log_saved >= 0) {
        ck_assert_int_eq(dup2(server->log_saved, STDERR_FILENO), STDERR_FILENO);
        close(server->log_saved);
    }
    tempdir_remove(&server->dir);
}

char *
test_server_log(const struct test_server *server)
{
    size_t bytes = 0;
    unsigned char *read = tempdir_file_read(&server->dir, LOG_NAME, &bytes);
    char *text = malloc(bytes + 1);

    ck_assert_ptr_nonnull(text);
    memcpy(text, read, bytes);
    text[bytes] = '\0';
    free(read);
    return text;
}

struct test_who
test_sign_in(struct test_server *server, const char *login)
{
    struct test_who who;

    people_session(server->writer, login, test_clock(), who.token, who.csrf);
    return who;
}

struct test_who
test_add_water(struct test_server *server)
{
    struct store_fixture fixture = { .dir = server->dir, .writer = server->writer };

    ck_assert_int_eq(
        store_fixture_write(
            &fixture,
            "INSERT INTO unit (id, code, name, short_name, kind, head, deputy, contact)"
            " VALUES (3, 'water', '水利局', '水利', 'department', 'h', 'd', 'c')"),
        OK);
    people_add(server->writer, "water", "water", ROLE_BIT(ROLE_HANDLER), test_clock());
    return test_sign_in(server, "water");
}
