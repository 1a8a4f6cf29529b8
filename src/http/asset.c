#include "http_internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config.h"

/*
 * asset.c - the pages of the browser's side, where no route is.
 *
 * 1. A path of the application ("/tickets/20261123-R0042") is answered with
 *    index.html, which knows its pages itself.  Such a path has no extension and
 *    is not below /api, /assets or /public: who asks for a file or for data that
 *    is not there is told so, and never gets HTML.
 * 2. A file whose name changes with its content may be kept for ever; anything
 *    else is asked for again each time and answered 304 while it is the same.
 * 3. From a folder (the setting `web_dir`) only names of plain characters are
 *    read, so that no path leaves it.
 */

#define INDEX_PATH "/index.html"

static enum err asset_show(struct request *req);

/* What a request for a page has for a route; never in the table of routes. */
static const struct route page_route = {
    .method = METHOD_GET, .path = "(page)", .kind = ROUTE_PLAIN, .show = asset_show
};

/* --- Which file ------------------------------------------------------------------------ */

/* Is `path` the folder or in it? */
static bool
is_below(const char *path, size_t bytes, const char *folder)
{
    size_t length = strlen(folder);

    return bytes >= length && memcmp(path, folder, length) == 0 &&
           (bytes == length || path[length] == '/');
}

static bool
has_extension(const char *path, size_t bytes)
{
    while (bytes > 0 && path[bytes - 1] != '/')
        if (path[--bytes] == '.')
            return true;
    return false;
}

/* A path that a page of the application may have, invariant 1. */
static bool
is_page_path(const char *path, size_t bytes)
{
    return !has_extension(path, bytes) && !is_below(path, bytes, "/api") &&
           !is_below(path, bytes, "/assets") && !is_below(path, bytes, "/public");
}

static int
compare_paths(const void *key, const void *item)
{
    return strcmp(key, ((const struct asset *)item)->path);
}

static const struct asset *
find_asset(const struct asset_table *assets, const char *path)
{
    return assets->count == 0 ? NULL
                              : bsearch(path, assets->items, assets->count,
                                        sizeof *assets->items, compare_paths);
}

/* --- From a folder, while developing ------------------------------------------------------- */

static const struct {
    const char *extension, *media_type;
} media_types[] = {
    { ".html", "text/html; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },
    { ".json", "application/json" },
    { ".svg", "image/svg+xml" },
    { ".png", "image/png" },
    { ".ico", "image/x-icon" },
};

static const char *
media_type_of(const char *path)
{
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot != NULL && i < sizeof media_types / sizeof *media_types; i++)
        if (strcmp(dot, media_types[i].extension) == 0)
            return media_types[i].media_type;
    return "application/octet-stream";
}

/* The open regular file `path` of the folder, or -1. */
static int
open_file(const char *folder, const char *path, struct stat *ret_stat)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-_./";

    if (path[strspn(path, plain)] != '\0')
        return -1;
    int root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int file = root < 0 ? -1 : openat(root, path + 1, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (root >= 0)
        (void)close(root); /* nothing was written */
    if (file >= 0 && (fstat(file, ret_stat) != 0 || !S_ISREG(ret_stat->st_mode))) {
        (void)close(file); /* nothing was written */
        return -1;
    }
    return file;
}

static enum err
read_file(struct request *req, const char *path, struct asset *ret_asset)
{
    struct stat stat = { .st_size = 0 };
    int file = open_file(req->http->config->web_dir, path, &stat);

    if (file < 0)
        return ERR_HTTP_NOT_FOUND;
    size_t size = (size_t)stat.st_size, got = 0;
    unsigned char *bytes = arena_alloc(req->arena, size + 1);

    while (bytes != NULL && got < size) {
        ssize_t count = read(file, bytes + got, size - got);

        if (count <= 0)
            break;
        got += (size_t)count;
    }
    (void)close(file); /* nothing was written */
    if (bytes == NULL)
        return ERR_NO_MEMORY;
    const char *etag = arena_printf(req->arena, "\"%llx-%llx-%zx\"",
                                    (unsigned long long)stat.st_mtim.tv_sec,
                                    (unsigned long long)stat.st_mtim.tv_nsec, got);

    if (etag == NULL)
        return ERR_NO_MEMORY;
    *ret_asset = (struct asset){
        .path = path,
        .media_type = media_type_of(path),
        .plain = { .bytes = bytes, .size = got, .etag = etag },
    };
    return OK;
}

/* --- Which form ------------------------------------------------------------------------- */

/* How much `coding` is wanted, in thousandths; what is not named is what "*" says, or 0. */
static int
coding_weight(const char *accepted, const char *coding)
{
    int rest = 0;

    for (const char *item = accepted; *item != '\0';) {
        item += strspn(item, ", \t");
        size_t bytes = strcspn(item, ","), name = strcspn(item, ",; \t");

        if (name == strlen(coding) && strncasecmp(item, coding, name) == 0)
            return reply_weight(item, bytes);
        if (name == 1 && *item == '*')
            rest = reply_weight(item, bytes);
        item += bytes;
    }
    return rest;
}

/* The form the client likes best, of two alike the smaller; `ret_coding` NULL: as it is. */
static const struct asset_form *
choose_form(const struct asset *asset, const char *accepted, const char **ret_coding)
{
    int brotli = 0, gzip = 0;

    *ret_coding = NULL;
    if (accepted != NULL && asset->brotli.bytes != NULL)
        brotli = coding_weight(accepted, "br");
    if (accepted != NULL && asset->gzip.bytes != NULL)
        gzip = coding_weight(accepted, "gzip");
    if (brotli == 0 && gzip == 0)
        return &asset->plain;
    *ret_coding = brotli >= gzip ? "br" : "gzip";
    return brotli >= gzip ? &asset->brotli : &asset->gzip;
}

/* Does If-None-Match name the tag?  Compared weakly, RFC 9110, 13.1.2. */
static bool
has_tag(const char *wanted, const char *etag)
{
    size_t length = strlen(etag);

    for (const char *item = wanted; item != NULL && *item != '\0';) {
        item += strspn(item, ", \t");
        size_t bytes = strcspn(item, ",");

        if (*item == '*')
            return true;
        if (bytes > 2 && item[0] == 'W' && item[1] == '/') {
            item += 2;
            bytes -= 2;
        }
        if (bytes >= length && memcmp(item, etag, length) == 0)
            return true;
        item += bytes;
    }
    return false;
}

/* --- Answering ---------------------------------------------------------------------------- */

static enum err
reply_asset(struct request *req, const struct asset *asset)
{
    const char *coding = NULL;
    const struct asset_form *form =
        choose_form(asset, request_header(req, "Accept-Encoding"), &coding);

    if (has_tag(request_header(req, "If-None-Match"), form->etag))
        TRY(reply_empty(req, 304));
    else
        TRY(reply_static(req, 200, asset->media_type, form->bytes, form->size));
    if (coding != NULL && req->reply->status == 200)
        TRY(reply_header(req, "Content-Encoding", coding));
    TRY(reply_header(req, "ETag", form->etag));
    TRY(reply_header(req, "Vary", "Accept-Encoding"));
    return reply_header(req, "Cache-Control",
                        asset->is_immutable ? "public, max-age=31536000, immutable"
                                            : "no-cache");
}

static enum err
find_page(struct request *req, const char *path, struct asset *ret_asset)
{
    if (req->http->config->web_dir[0] != '\0')
        return read_file(req, path, ret_asset);
    const struct asset *asset = find_asset(&req->http->assets, path);

    if (asset == NULL)
        return ERR_HTTP_NOT_FOUND;
    *ret_asset = *asset;
    return OK;
}

static enum err
asset_show(struct request *req)
{
    const char *path =
        is_page_path(req->path, strlen(req->path)) ? INDEX_PATH : req->path;
    struct asset asset;

    TRY(find_page(req, path, &asset));
    return reply_asset(req, &asset);
}

enum err
asset_route(struct request *req, const char *path, size_t bytes, char *ret_allow)
{
    const struct http_config *http = req->http;
    bool is_folder = http->config->web_dir[0] != '\0';

    if (http->assets.count == 0 && !is_folder)
        return ERR_HTTP_NOT_FOUND;
    /* What a folder holds is looked for when it is read. */
    if (!is_page_path(path, bytes) && !is_folder &&
        find_asset(&http->assets, path) == NULL)
        return ERR_HTTP_NOT_FOUND;
    if (is_folder && (is_below(path, bytes, "/api") || is_below(path, bytes, "/public")))
        return ERR_HTTP_NOT_FOUND;
    if (req->method != METHOD_GET) {
        memcpy(ret_allow, "GET, HEAD", sizeof "GET, HEAD");
        return ERR_HTTP_METHOD;
    }
    req->route = &page_route;
    return OK;
}
