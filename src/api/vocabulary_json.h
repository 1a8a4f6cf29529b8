#ifndef YIDAN_API_VOCABULARY_JSON_H
#define YIDAN_API_VOCABULARY_JSON_H

/*
 * vocabulary_json.h - categories and areas as they are told, in lists and in /meta.
 *
 * Layer    api.
 */

struct area;
struct category;
struct json_out;

/* One item of a list (api_vocabulary.c). */
void category_json(struct json_out *out, const struct category *category);
void area_json(struct json_out *out, const struct area *area);

#endif
