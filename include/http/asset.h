#ifndef YIDAN_HTTP_ASSET_H
#define YIDAN_HTTP_ASSET_H

#include <stdbool.h>
#include <stddef.h>

/*
 * asset.h - the browser's side as bytes in the program.
 *
 * Layer    http.  tools/embed writes the table; it is sorted by path.
 * Threads  never changes.
 */

/* One form of a file; `bytes` NULL: there is none. */
struct asset_form {
    const unsigned char *bytes;
    size_t size;
    const char *etag; /* strong, with its quotes; another one for each form */
};

struct asset {
    const char *path; /* "/assets/main-Ab12Cd34.js" */
    const char *media_type;
    bool is_immutable; /* its name changes with its content */
    struct asset_form plain, gzip, brotli;
};

struct asset_table {
    const struct asset *items;
    size_t count;
};

#endif
