#ifndef YIDAN_BASE_TEMPLATE_H
#define YIDAN_BASE_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * template.h - pages of HTML filled with values.
 *
 * Layer    base.
 * Threads  no shared state.
 *
 *     {{name}}                 the value, escaped; there is no other way in
 *     {{#name}} ... {{/name}}  for each item of a list, or once for a text
 *     {{^name}} ... {{/name}}  when there is none
 *     {{>file}}                another template
 *     [[中文|English]]         by language; what is inside is filled too
 *
 * A name is looked for in the innermost item first.  One that nobody gave is none.
 */

struct fill;

/* An empty set of values in `arena`; NULL when out of memory, and that is fine below. */
struct fill *fill_new(struct arena *arena);
/* NULL and "" are none.  `name` and `text` are borrowed. */
void fill_text(struct fill *fill, const char *name, const char *text);
void fill_flag(struct fill *fill, const char *name, bool is_so);
/* One more item of the list `name`. */
struct fill *fill_item(struct fill *fill, const char *name);

/*
 * Fill the template that `find` answers for `name` (NULL: there is none such).
 * The text lies in the arena of `fill`.
 * Errors   ERR_NO_MEMORY
 *          ERR_INTERNAL  a template with a mistake
 */
MUST_CHECK enum err template_fill(const struct fill *fill, enum language language,
                                  const char *(*find)(const char *name), const char *name,
                                  const char **ret_text, size_t *ret_bytes);

#endif
