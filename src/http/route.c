#include "http_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/*
 * route.c - the table of routes as a tree of path segments.
 *
 * 1. A segment written in the table is matched byte for byte, never decoded,
 *    so that one resource has one spelling.
 * 2. At each place a written segment wins over a {value}; a place is decided
 *    by the path alone, then the method is looked at (404 before 405).
 */

struct node {
    struct segment text;       /* of the table; a {value} has none */
    struct node *first, *next; /* children and siblings with a written segment */
    struct node *value;        /* the child for any segment */
    const struct route *routes[METHOD_COUNT];
    bool has_route;
};

struct route_tree {
    struct node *root;
    struct arena *arena; /* of the nodes and of this */
};

static const char *const method_words[METHOD_COUNT] = {
    [METHOD_GET] = "GET",     [METHOD_POST] = "POST",     [METHOD_PUT] = "PUT",
    [METHOD_PATCH] = "PATCH", [METHOD_DELETE] = "DELETE",
};

static bool
is_value(struct segment segment)
{
    return segment.bytes >= 3 && segment.text[0] == '{';
}

static struct node *
find_written(const struct node *parent, struct segment segment)
{
    for (struct node *child = parent->first; child != NULL; child = child->next)
        if (child->text.bytes == segment.bytes &&
            memcmp(child->text.text, segment.text, segment.bytes) == 0)
            return child;
    return NULL;
}

static struct node *
child_for(struct route_tree *tree, struct node *parent, struct segment segment)
{
    struct node *child =
        is_value(segment) ? parent->value : find_written(parent, segment);

    if (child != NULL)
        return child;
    child = arena_make(tree->arena, struct node);
    if (child == NULL)
        return NULL;
    if (is_value(segment)) {
        parent->value = child;
    } else {
        child->text = segment;
        /* At the end: the table's order is what its author thinks most wanted. */
        struct node **link = &parent->first;
        while (*link != NULL)
            link = &(*link)->next;
        *link = child;
    }
    return child;
}

static enum err
add_route(struct route_tree *tree, const struct route *route)
{
    struct target_path path;
    struct node *node = tree->root;
    size_t values = 0;

    assert(route->path[0] == '/' && route->method < METHOD_COUNT);
    if (!target_split_path(route->path, strlen(route->path), &path))
        return ERR_INTERNAL;
    for (size_t i = 0; i < path.count; i++) {
        values += is_value(path.segments[i]);
        node = child_for(tree, node, path.segments[i]);
        if (node == NULL)
            return ERR_NO_MEMORY;
    }
    /* A route that can never be reached, or a handler that cannot have all its values. */
    if (node->routes[route->method] != NULL || values > PATH_VALUES_MAX)
        return ERR_INTERNAL;
    node->routes[route->method] = route;
    node->has_route = true;
    return OK;
}

enum err
route_tree_new(const struct route *routes, size_t count, struct route_tree **ret_tree)
{
    struct arena *arena = arena_new();
    struct route_tree *tree = arena == NULL ? NULL : arena_make(arena, struct route_tree);

    if (tree != NULL)
        tree->root = arena_make(arena, struct node);
    if (tree == NULL || tree->root == NULL) {
        arena_free(arena);
        return ERR_NO_MEMORY;
    }
    tree->arena = arena;
    for (size_t i = 0; i < count; i++) {
        enum err error = add_route(tree, &routes[i]);

        if (error != OK) {
            route_tree_free(tree);
            return error;
        }
    }
    *ret_tree = tree;
    return OK;
}

void
route_tree_free(struct route_tree *tree)
{
    if (tree != NULL)
        arena_free(tree->arena);
}

/* Written segments first, and back to the {value} when they lead nowhere. */
static const struct node *
find_node(const struct node *node, const struct target_path *path, size_t depth)
{
    if (depth == path->count)
        return node->has_route ? node : NULL;
    struct segment segment = path->segments[depth];

    const struct node *child = find_written(node, segment);
    const struct node *found = child == NULL ? NULL : find_node(child, path, depth + 1);

    /* Nothing between two slashes is no value; "/public/" is written in the table. */
    if (found == NULL && node->value != NULL && segment.bytes > 0)
        found = find_node(node->value, path, depth + 1);
    return found;
}

/* The {values} of the route from the path, decoded. */
static enum err
read_values(struct request *req, const struct target_path *path)
{
    struct target_path pattern;

    if (!target_split_path(req->route->path, strlen(req->route->path), &pattern))
        return ERR_INTERNAL; /* add_route() has seen it */
    req->path_value_count = 0;
    for (size_t i = 0; i < path->count; i++) {
        struct segment raw = path->segments[i];

        if (!is_value(pattern.segments[i]))
            continue;
        if (raw.bytes > PATH_VALUE_BYTES_MAX * (sizeof "%20" - 1))
            return ERR_HTTP_NOT_FOUND;
        char *value = arena_alloc(req->arena, raw.bytes + 1);
        char *name = arena_copy(req->arena, pattern.segments[i].text + 1,
                                pattern.segments[i].bytes - 2);

        if (value == NULL || name == NULL)
            return ERR_NO_MEMORY;
        size_t bytes = target_decode(raw.text, raw.bytes, false, value);

        if (!text_is_utf8(value, bytes))
            return ERR_HTTP_MALFORMED;
        for (size_t at = 0; at < bytes; at++)
            if ((unsigned char)value[at] < 0x20 || value[at] == 0x7f)
                return ERR_HTTP_MALFORMED;
        if (bytes > PATH_VALUE_BYTES_MAX)
            return ERR_HTTP_NOT_FOUND;
        req->path_values[req->path_value_count].name = name;
        req->path_values[req->path_value_count].value = value;
        req->path_value_count++;
    }
    return OK;
}

static void
write_allow(const struct node *node, char *allow)
{
    static_assert(sizeof "GET, HEAD, POST, PUT, PATCH, DELETE" <= ALLOW_BYTES,
                  "every method fits");
    size_t used = 0;

    allow[0] = '\0';
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (node->routes[i] == NULL)
            continue;
        (void)text_format(allow + used, ALLOW_BYTES - used, "%s%s%s",
                          used > 0 ? ", " : "", method_words[i],
                          i == METHOD_GET ? ", HEAD" : "");
        used += strlen(allow + used);
    }
}

enum err
route_find(const struct route_tree *tree, struct request *req, enum http_method method,
           const char *path, size_t bytes, char *ret_allow)
{
    struct target_path split;

    if (!target_split_path(path, bytes, &split))
        return ERR_HTTP_NOT_FOUND;
    const struct node *node = find_node(tree->root, &split, 0);

    if (node == NULL)
        return ERR_HTTP_NOT_FOUND;
    if (method >= METHOD_COUNT || node->routes[method] == NULL) {
        write_allow(node, ret_allow);
        return ERR_HTTP_METHOD;
    }
    req->route = node->routes[method];
    return read_values(req, &split);
}
