#include "http_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/config.h"

/* listen.c - the listening socket, of the setting `listen`. */

/* "host:port" or "[host]:port" into its parts; an empty host is every address. */
static bool
split_listen(const char *text, char *host, size_t room, const char **ret_port)
{
    const char *colon = strrchr(text, ':');

    if (colon == NULL || colon[1] == '\0')
        return false;
    size_t bytes = (size_t)(colon - text);

    if (bytes >= 2 && text[0] == '[' && text[bytes - 1] == ']') {
        text++;
        bytes -= 2;
    } else if (memchr(text, ':', bytes) != NULL) {
        return false; /* IPv6 without brackets: where would its port begin? */
    }
    if (bytes >= room || strspn(colon + 1, "0123456789") != strlen(colon + 1))
        return false;
    memcpy(host, text, bytes);
    host[bytes] = '\0';
    *ret_port = colon + 1;
    return true;
}

static int
listen_on(const struct addrinfo *address)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int yes = 1;

    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes); /* bind() tells */
    if (bind(fd, address->ai_addr, address->ai_addrlen) != 0 || listen(fd, 1024) != 0) {
        int reason = errno;

        (void)close(fd); /* never used */
        errno = reason;
        return -1;
    }
    return fd;
}

static int
port_of(int fd)
{
    struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
    socklen_t bytes = sizeof address;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;

    if (getsockname(fd, (struct sockaddr *)&address, &bytes) != 0)
        return 0;
    if (address.ss_family == AF_INET6) {
        memcpy(&in6, &address, sizeof in6);
        return ntohs(in6.sin6_port);
    }
    memcpy(&in, &address, sizeof in);
    return ntohs(in.sin_port);
}

enum err
listen_open(const char *text, int *ret_fd, int *ret_port, struct problem *reterr_problem)
{
    const struct addrinfo hints = { .ai_family = AF_UNSPEC,
                                    .ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
    struct addrinfo *found = NULL;
    char host[CONFIG_TEXT_BYTES];
    const char *port = NULL;

    if (!split_listen(text, host, sizeof host, &port))
        return problem_value(reterr_problem, ERR_CONFIG_VALUE, "listen: %s", text);
    if (strlen(port) > 5 || strtol(port, NULL, 10) > 65535)
        return problem_value(reterr_problem, ERR_CONFIG_VALUE, "listen: %s", text);
    int code = getaddrinfo(host[0] == '\0' ? NULL : host, port, &hints, &found);

    if (code != 0)
        return problem_value(reterr_problem, ERR_CONFIG_VALUE, "listen: %s: %s", text,
                             gai_strerror(code));
    errno = 0;
    *ret_fd = -1;
    for (const struct addrinfo *one = found; one != NULL && *ret_fd < 0;
         one = one->ai_next)
        *ret_fd = listen_on(one);
    freeaddrinfo(found);
    if (*ret_fd < 0)
        return problem_value(reterr_problem, ERR_CONFIG_VALUE, "listen: %s: %s", text,
                             strerror(errno));
    *ret_port = port_of(*ret_fd);
    return OK;
}
