#include "support/http_client.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "base/text.h"

void
http_client_open(struct http_client *client, int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)port) };
    struct timeval patience = { .tv_sec = HTTP_CLIENT_PATIENCE_MS / 1000 };
    int yes = 1;

    *client =
        (struct http_client){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_ge(client->fd, 0);
    ck_assert_int_eq(
        setsockopt(client->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience), 0);
    ck_assert_int_eq(setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes),
                     0);
    ck_assert_int_eq(
        connect(client->fd, (const struct sockaddr *)&address, sizeof address), 0);
}

void
http_client_close(struct http_client *client)
{
    if (client->fd >= 0)
        (void)close(client->fd); /* whatever was sent was sent */
    free(client->bytes);
    *client = (struct http_client){ .fd = -1 };
}

bool
http_client_send(struct http_client *client, const void *bytes, size_t count)
{
    const char *rest = bytes;

    while (count > 0) {
        ssize_t sent = send(client->fd, rest, count, MSG_NOSIGNAL);

        if (sent < 0) {
            ck_assert_msg(errno != EAGAIN, "the server does not read");
            return false;
        }
        rest += sent;
        count -= (size_t)sent;
    }
    return true;
}

bool
http_client_print(struct http_client *client, const char *format, ...)
{
    char text[16384];
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    ck_assert(length >= 0 && (size_t)length < sizeof text);
    return http_client_send(client, text, (size_t)length);
}

void
http_client_half_close(struct http_client *client)
{
    ck_assert_int_eq(shutdown(client->fd, SHUT_WR), 0);
}

/* Receive some more; false at the end of the stream or after `ms`. */
static bool
receive(struct http_client *client, int ms)
{
    struct pollfd readable = { .fd = client->fd, .events = POLLIN };

    if (client->is_ended || poll(&readable, 1, ms) <= 0)
        return false;
    if (client->room - client->count < 4096) {
        client->room = client->room * 2 + 8192;
        client->bytes = realloc(client->bytes, client->room + 1);
        ck_assert_ptr_nonnull(client->bytes);
    }
    ssize_t got =
        recv(client->fd, client->bytes + client->count, client->room - client->count, 0);

    if (got <= 0) {
        client->is_ended = true; /* a reset is an end as well */
        return false;
    }
    client->count += (size_t)got;
    client->bytes[client->count] = '\0';
    return true;
}

static bool
receive_or_end(struct http_client *client)
{
    bool has_more = receive(client, HTTP_CLIENT_PATIENCE_MS);

    ck_assert_msg(has_more || client->is_ended, "the server hangs");
    return has_more;
}

void
http_client_await(struct http_client *client, const char *word)
{
    while (client->count == 0 || strstr(client->bytes, word) == NULL)
        ck_assert_msg(receive(client, HTTP_CLIENT_PATIENCE_MS), "no %s in %s", word,
                      client->count == 0 ? "nothing" : client->bytes);
}

bool
http_client_awaits_end(struct http_client *client, int ms)
{
    while (client->count == 0 && !client->is_ended)
        if (!receive(client, ms))
            break;
    return client->is_ended && client->count == 0;
}

void
http_client_drain(struct http_client *client)
{
    while (receive_or_end(client))
        client->count = 0;
    client->count = 0;
}

/* Take `count` bytes from what was received. */
static char *
take(struct http_client *client, size_t count)
{
    char *taken = malloc(count + 1);

    ck_assert_ptr_nonnull(taken);
    memcpy(taken, client->bytes, count);
    taken[count] = '\0';
    client->count -= count;
    memmove(client->bytes, client->bytes + count, client->count);
    client->bytes[client->count] = '\0';
    return taken;
}

const char *
http_reply_field(const struct http_reply *reply, const char *name, char *value,
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
        size_t bytes = strcspn(field, "\r");

        ck_assert_uint_lt(bytes, room);
        memcpy(value, field, bytes);
        value[bytes] = '\0';
        break;
    }
    return value;
}

bool
http_client_read(struct http_client *client, bool has_body, struct http_reply *ret_reply)
{
    const char *end = NULL;
    char length[32];

    while (client->count == 0 || (end = strstr(client->bytes, "\r\n\r\n")) == NULL)
        if (!receive_or_end(client)) {
            ck_assert_msg(client->count == 0, "half a reply: %s", client->bytes);
            return false;
        }
    struct http_reply reply = { .head = take(client, (size_t)(end + 4 - client->bytes)) };

    ck_assert_msg(strncmp(reply.head, "HTTP/1.1 ", 9) == 0, "no reply: %s", reply.head);
    reply.status = atoi(reply.head + 9);
    (void)http_reply_field(&reply, "Content-Length", length, sizeof length);
    ck_assert_msg(length[0] != '\0' || reply.status == 204 || reply.status == 100,
                  "no length: %s", reply.head);
    reply.body_bytes = has_body ? (size_t)atol(length) : 0;
    while (client->count < reply.body_bytes)
        ck_assert_msg(receive_or_end(client), "half a body after %s", reply.head);
    reply.body = reply.body_bytes == 0 ? calloc(1, 1) : take(client, reply.body_bytes);
    *ret_reply = reply;
    return true;
}

void
http_reply_free(struct http_reply *reply)
{
    free(reply->head);
    free(reply->body);
    *reply = (struct http_reply){ .status = 0 };
}

struct http_reply
http_ask(int port, const char *method, const char *target, const char *fields,
         const char *body)
{
    struct http_client client;
    struct http_reply reply = { .status = 0 };

    http_client_open(&client, port);
    ck_assert(http_client_print(&client, "%s %s HTTP/1.1\r\nHost: test\r\n%s", method,
                                target, fields == NULL ? "" : fields));
    if (body != NULL)
        ck_assert(http_client_print(
            &client, "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
            strlen(body), body));
    else
        ck_assert(
            http_client_print(&client, "%s\r\n",
                              strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0
                                  ? ""
                                  : "Content-Length: 0\r\n"));
    ck_assert_msg(http_client_read(&client, strcmp(method, "HEAD") != 0, &reply),
                  "%s %s: closed without a reply", method, target);
    http_client_close(&client);
    return reply;
}

int
http_status(int port, const char *method, const char *target, const char *fields,
            const char *body)
{
    struct http_reply reply = http_ask(port, method, target, fields, body);
    int status = reply.status;

    http_reply_free(&reply);
    return status;
}

void
http_expect_member(int port, const char *target, const char *fields, const char *member,
                   const char *wanted)
{
    struct http_reply reply = http_ask(port, "GET", target, fields, NULL);
    cJSON *json = cJSON_Parse(reply.body);
    char *got = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(json, member));

    ck_assert_msg(reply.status == 200 && got != NULL && strcmp(got, wanted) == 0,
                  "%s: %d %s, not %s", target, reply.status, reply.body, wanted);
    free(got);
    cJSON_Delete(json);
    http_reply_free(&reply);
}

struct cJSON *
http_expect_problem(const struct http_reply *reply, int status, const char *code)
{
    char type[100], id[64], name[100];

    ck_assert_msg(reply->status == status, "%d, not %d: %s", reply->status, status,
                  reply->body);
    ck_assert_str_eq(http_reply_field(reply, "Content-Type", type, sizeof type),
                     "application/problem+json");
    cJSON *json = cJSON_ParseWithOpts(reply->body, NULL, true);

    ck_assert_msg(cJSON_IsObject(json), "%s", reply->body);
    ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(json, "code")), code);
    ck_assert_int_eq(cJSON_GetObjectItem(json, "status")->valueint, status);
    ck_assert(text_format(name, sizeof name, "/errors/%s", code));
    ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(json, "type")), name);
    ck_assert(cJSON_IsString(cJSON_GetObjectItem(json, "title")));
    ck_assert(cJSON_IsString(cJSON_GetObjectItem(json, "detail")));
    ck_assert(cJSON_IsArray(cJSON_GetObjectItem(json, "errors")));
    ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(json, "request_id")),
                     http_reply_field(reply, "X-Request-Id", id, sizeof id));
    return json;
}

void
http_expect_refused(int port, const char *method, const char *target, const char *fields,
                    const char *body, int status, const char *code)
{
    struct http_reply reply = http_ask(port, method, target, fields, body);

    cJSON_Delete(http_expect_problem(&reply, status, code));
    http_reply_free(&reply);
}
