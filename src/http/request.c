#include "http_internal.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/config.h"

/*
 * request.c - what a handler reads of its request.
 *
 * Header fields lie in libmicrohttpd's memory of the connection and live until
 * the request is completed, also while it is suspended.
 */

const char *
request_path(const struct request *req, const char *name)
{
    for (size_t i = 0; i < req->path_value_count; i++)
        if (strcmp(req->path_values[i].name, name) == 0)
            return req->path_values[i].value;
    assert(!"the route has no such value");
    return "";
}

const char *
request_query(struct request *req, const char *name)
{
    req->query_is_read = true;
    for (size_t i = 0; i < req->query_value_count; i++)
        if (strcmp(req->query_values[i].name, name) == 0)
            return req->query_values[i].value;
    return NULL;
}

const char *
request_header(const struct request *req, const char *name)
{
    return MHD_lookup_connection_value(req->exchange->connection, MHD_HEADER_KIND, name);
}

const char *
request_cookie(const struct request *req, const char *name)
{
    const char *cookies = request_header(req, "Cookie");
    const char *value = NULL;
    size_t bytes = 0;

    if (cookies == NULL || guard_cookie(cookies, name, &value, &bytes) == 0)
        return NULL;
    return arena_copy(req->arena, value, bytes);
}

enum err
request_body(struct request *req, const struct json_field *fields, void *into,
             uint64_t *present)
{
    if (req->body_bytes > 0 && !request_is_json(req->exchange->content_type))
        return ERR_HTTP_MEDIA_TYPE;
    return json_read(req->arena, req->body, req->body_bytes, fields, into, present,
                     &req->problem);
}

/* `name`, then white space, ";charset=utf-8" and nothing else. */
static bool
is_media_type(const char *media_type, const char *name)
{
    static const char charset[] = "charset=";
    size_t bytes = strlen(name);

    if (media_type == NULL || strncasecmp(media_type, name, bytes) != 0)
        return false;
    media_type += bytes;
    media_type += strspn(media_type, " \t");
    if (*media_type == '\0')
        return true;
    if (*media_type != ';')
        return false;
    media_type++;
    media_type += strspn(media_type, " \t");
    if (strncasecmp(media_type, charset, sizeof charset - 1) != 0)
        return false;
    media_type += sizeof charset - 1;
    return strcasecmp(media_type, "utf-8") == 0 ||
           strcasecmp(media_type, "\"utf-8\"") == 0;
}

bool
request_is_json(const char *media_type)
{
    return is_media_type(media_type, "application/json");
}

bool
request_is_form(const char *media_type)
{
    return is_media_type(media_type, "application/x-www-form-urlencoded");
}

/* Is `address` one of the comma separated `list`? */
static bool
is_listed(const char *list, const char *address)
{
    size_t bytes = strlen(address);

    while (*list != '\0') {
        list += strspn(list, ", \t");
        size_t length = strcspn(list, ", \t");

        if (length == bytes && length > 0 && memcmp(list, address, bytes) == 0)
            return true;
        list += length;
    }
    return false;
}

/* An address as inet_ntop() writes it, so that texts can be compared. */
static bool
normalise_address(const char *text, size_t bytes, char ret_address[64])
{
    char copy[64];
    unsigned char raw[sizeof(struct in6_addr)];

    if (bytes == 0 || bytes >= sizeof copy)
        return false;
    memcpy(copy, text, bytes);
    copy[bytes] = '\0';
    int family = strchr(copy, ':') != NULL ? AF_INET6 : AF_INET;

    return inet_pton(family, copy, raw) == 1 &&
           inet_ntop(family, raw, ret_address, 64) != NULL;
}

void
request_read_address(struct exchange *exchange)
{
    struct request *req = &exchange->request;
    const char *trusted = exchange->server->config->config->trusted_proxy;
    const char *chain = exchange->forwarded_for;

    memcpy(req->address, exchange->peer->address, sizeof req->address);
    req->is_loopback = exchange->peer->is_loopback && !exchange->has_proxy_field;
    if (chain == NULL || trusted[0] == '\0')
        return;
    /* From the right: each trusted hop vouches for the one before it, and no further. */
    size_t end = strlen(chain);

    while (end > 0 && is_listed(trusted, req->address)) {
        while (end > 0 && strchr(", \t", chain[end - 1]) != NULL)
            end--;
        size_t start = end;
        while (start > 0 && strchr(", \t", chain[start - 1]) == NULL)
            start--;
        if (!normalise_address(chain + start, end - start, req->address))
            return;
        end = start;
    }
}
