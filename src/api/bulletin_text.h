#ifndef YIDAN_BULLETIN_TEXT_H
#define YIDAN_BULLETIN_TEXT_H

#include "report_data.h"
#include "store/accountabilities.h"
#include "store/boards.h"

/*
 * bulletin_text.h - the first wording of a special report (专报), of a circular (通报)
 *                   and of a brief (日报, 周报), made from the figures.  A person
 *                   edits it.
 *
 * Layer    api.
 *
 * Chinese, a paragraph a line.  A part for which there is nothing is left out, and
 * the parts are numbered by those that are there.
 */

struct bulletin_source {
    const struct report_data *data, *before; /* the period, and the one before */
    const char *county;                      /* its name */
    const struct board_category *categories; /* the most frequent ones first */
    size_t category_count;
    const struct accountability_line *accountabilities; /* of the circular */
    size_t accountability_count;
};

/* Of enum bulletin_kind. In the arena. Errors: ERR_NO_MEMORY. */
MUST_CHECK enum err bulletin_write(struct arena *arena, int kind,
                                   const struct bulletin_source *source,
                                   const char **ret_title, const char **ret_text);

#endif
