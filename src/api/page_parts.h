#ifndef YIDAN_PAGE_PARTS_H
#define YIDAN_PAGE_PARTS_H

#include <stdint.h>

#include "base/error.h"
#include "base/json.h"
#include "base/template.h"
#include "embedded.gen.h"
#include "http/http.h"

/*
 * page_parts.h - what the citizens' pages are made of: templates of web/citizen,
 *                names in both languages, what was wrong and what was typed.
 *
 * Layer    api.
 * Lifetime texts lie in the request's arena; NULL when there was no memory, which a
 *          template shows as nothing.
 */

/* "zh", "en", by enum language. */
extern const struct choices page_languages;
/* A form's own field says its language; what is no language changes nothing. */
void page_set_language(struct request *req, const char *word);

/* citizen/<name>, embedded; NULL: there is none. */
const struct embedded *page_file(const char *name);
/* What every page has. `self`: the page's own path, when GET shows it again. */
MUST_CHECK enum err page_new(struct request *req, const char *self,
                             struct fill **ret_fill);
/* Answer with the template `name`, filled. */
MUST_CHECK enum err page_reply(struct request *req, int status, const struct fill *fill,
                               const char *name);

/* In the page's language; NULL when `index` is none. */
const char *page_label(const struct request *req, const struct choices *choices,
                       int index);
/* "" for day 0. */
const char *page_date(struct request *req, int32_t day);
const char *page_number(struct request *req, int64_t number);

/* The summary of what is wrong, and "e_<field>" beside each field. */
void page_errors(struct request *req, struct fill *fill, enum err err);
/* "v_<field>": what was typed. */
void page_typed(struct request *req, struct fill *fill);

/* Lists to choose from; `chosen` is selected. */
void page_doors(struct request *req, struct fill *fill);
void page_kinds(struct request *req, struct fill *fill, int chosen);
MUST_CHECK enum err page_areas(struct request *req, struct fill *fill,
                               const char *chosen);
/* The three words of a rating. */
void page_choices(struct request *req, struct fill *fill, const char *chosen);

#endif
