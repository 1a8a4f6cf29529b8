#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "base/text.h"
#include "support/server.h"

/* client.c - one request, one connection, one reply. */

#define HEAD_ROOM 8192
#define READ_ROOM 65536

/* --- Sending and reading ------------------------------------------------------------------ */

static int
connect_to(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)port) };
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_ge(client, 0);
    ck_assert_int_eq(connect(client, (const struct sockaddr *)&address, sizeof address),
                     0);
    return client;
}

static void
send_all(int client, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t sent = send(client, bytes, count, MSG_NOSIGNAL);

        ck_assert_int_gt(sent, 0);
        bytes += sent;
        count -= (size_t)sent;
    }
}

static char *
read_all(int client, size_t *ret_bytes)
{
    size_t bytes = 0, room = READ_ROOM;
    char *text = malloc(room + 1);

    for (;;) {
        ck_assert_ptr_nonnull(text);
        ssize_t got = recv(client, text + bytes, room - bytes, 0);

        ck_assert_int_ge(got, 0);
        if (got == 0)
            break;
        bytes += (size_t)got;
        if (bytes == room) {
            room *= 2;
            text = realloc(text, room + 1);
        }
    }
    text[bytes] = '\0';
    *ret_bytes = bytes;
    return text;
}

static void
send_head(int client, const struct test_call *call, size_t body_bytes)
{
    char head[HEAD_ROOM], part[1024];

    ck_assert(text_format(head, sizeof head,
                          "%s %s HTTP/1.1\r\nHost: test\r\nConnection: close\r\n",
                          call->method, call->path));
#define ADD(...)                                                                         \
    do {                                                                                 \
        ck_assert(text_format(part, sizeof part, __VA_ARGS__));                          \
        ck_assert_uint_lt(strlen(head) + strlen(part), sizeof head);                     \
        strcat(head, part);                                                              \
    } while (0)
    if (call->file != NULL)
        ADD("Content-Type: %s\r\nContent-Length: %zu\r\n",
            call->file_type == NULL ? "application/octet-stream" : call->file_type,
            body_bytes);
    else if (call->body != NULL)
        ADD("Content-Type: application/json\r\nContent-Length: %zu\r\n", body_bytes);
    else if (strcmp(call->method, "GET") != 0)
        ADD("Content-Length: 0\r\n");
    if (call->who != NULL)
        ADD("Cookie: yidan_session=%s\r\n", call->who->token);
    if (call->who != NULL && !call->without_csrf && strcmp(call->method, "GET") != 0)
        ADD("X-CSRF-Token: %s\r\n", call->who->csrf);
    if (call->key != NULL)
        ADD("Idempotency-Key: %s\r\n", call->key);
    ADD("%s\r\n", call->headers == NULL ? "" : call->headers);
#undef ADD
    send_all(client, head, strlen(head));
}

struct test_reply
test_send(const struct test_server *server, const struct test_call *call)
{
    const char *body = call->file != NULL ? call->file : call->body;
    size_t body_bytes = call->file != NULL ? call->file_bytes
                        : body == NULL     ? 0
                                           : strlen(body);
    size_t bytes = 0;
    int client = connect_to(server->port);

    send_head(client, call, body_bytes);
    if (body_bytes > 0)
        send_all(client, body, body_bytes);
    char *text = read_all(client, &bytes);
    close(client);

    char *end = strstr(text, "\r\n\r\n");
    ck_assert_msg(end != NULL && strncmp(text, "HTTP/1.1 ", 9) == 0,
                  "%s %s: no reply: %s", call->method, call->path, text);
    struct test_reply reply = { .status = atoi(text + 9), .head = text, .body = end + 4 };
    end[2] = '\0';
    reply.body_bytes = bytes - (size_t)(reply.body - text);
    return reply;
}

void
test_reply_free(struct test_reply *reply)
{
    free(reply->head); /* the body lies in it */
}

/* --- Looking at the reply -------------------------------------------------------------------- */

void
test_reply_header(const struct test_reply *reply, const char *name, char *value,
                  size_t room)
{
    size_t length = strlen(name);

    value[0] = '\0';
    for (const char *line = strstr(reply->head, "\r\n"); line != NULL;
         line = strstr(line + 2, "\r\n")) {
        const char *field = line + 2;

        if (strncasecmp(field, name, length) != 0 || field[length] != ':')
            continue;
        field += length + 1;
        field += strspn(field, " ");
        ck_assert(text_format(value, room, "%.*s", (int)strcspn(field, "\r"), field));
        return;
    }
}

/* The item at `path`; NULL when there is none. */
static const cJSON *
find(const cJSON *json, const char *path)
{
    char step[64];

    while (json != NULL && path[0] != '\0') {
        size_t length = strcspn(path, ".");

        ck_assert(text_format(step, sizeof step, "%.*s", (int)length, path));
        json = cJSON_IsArray(json) ? cJSON_GetArrayItem(json, atoi(step))
                                   : cJSON_GetObjectItemCaseSensitive(json, step);
        path += length + (path[length] == '.');
    }
    return json;
}

const char *
test_reply_text(const struct test_reply *reply, const char *path)
{
    static char texts[8][4096];
    static int next;
    cJSON *json = cJSON_Parse(reply->body);
    const cJSON *item = find(json, path);
    char *text = texts[next++ % 8];

    if (cJSON_IsString(item))
        ck_assert(text_format(text, sizeof texts[0], "%s", item->valuestring));
    else if (cJSON_IsNumber(item))
        ck_assert(text_format(text, sizeof texts[0], "%.17g", item->valuedouble));
    else if (cJSON_IsBool(item))
        ck_assert(
            text_format(text, sizeof texts[0], cJSON_IsTrue(item) ? "true" : "false"));
    else
        text = NULL;
    cJSON_Delete(json);
    return text;
}

int
test_reply_count(const struct test_reply *reply, const char *path)
{
    cJSON *json = cJSON_Parse(reply->body);
    const cJSON *item = find(json, path);
    int count = cJSON_IsArray(item) ? cJSON_GetArraySize(item) : -1;

    cJSON_Delete(json);
    return count;
}

void
test_expect(const struct test_server *server, const struct test_call *call, int status)
{
    struct test_reply reply = test_send(server, call);

    ck_assert_msg(reply.status == status, "%s %s: %d, not %d: %s", call->method,
                  call->path, reply.status, status, reply.body);
    test_reply_free(&reply);
}

void
test_expect_problem(const struct test_server *server, const struct test_call *call,
                    int status, const char *code, const char *field)
{
    struct test_reply reply = test_send(server, call);
    const char *got = test_reply_text(&reply, "code");
    const char *got_field = test_reply_text(&reply, "errors.0.field");

    ck_assert_msg(reply.status == status && got != NULL && strcmp(got, code) == 0,
                  "%s %s: %d %s, not %d %s: %s", call->method, call->path, reply.status,
                  got == NULL ? "-" : got, status, code, reply.body);
    ck_assert_msg(field == NULL || (got_field != NULL && strcmp(got_field, field) == 0),
                  "%s %s: the field is %s, not %s", call->method, call->path,
                  got_field == NULL ? "-" : got_field, field == NULL ? "-" : field);
    test_reply_free(&reply);
}
