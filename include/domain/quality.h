#ifndef YIDAN_DOMAIN_QUALITY_H
#define YIDAN_DOMAIN_QUALITY_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "domain/personal.h"
#include "domain/similar.h"
#include "domain/ticket_words.h"

/*
 * quality.h - what a reader of a reply will stumble over.
 *
 * Layer    domain: pure.  What must be looked up (phrases, files, the most alike
 *          reply of another ticket) is given.
 * Threads  values only.
 * Source   product.md, section 6.
 *
 * All findings are warnings: a reply goes out with them when its sender gives a
 * reason, which the reviewer sees.
 */

struct settings;

#define QUALITY_BIT(finding) (UINT32_C(1) << (finding))

/* Room for the number of another ticket, as in struct ticket. */
#define QUALITY_NO_BYTES 24

/*
 * A text with fewer different pairs of characters (about a sentence) is not
 * called a copy: it is too short to be anybody's.
 */
#define QUALITY_COPY_PAIRS_MIN 20

/* A reply that is being written.  Texts may be NULL. */
struct quality_draft {
    const char *reply_text, *measures, *basis;
    int outcome;        /* enum outcome or CHOICE_NONE */
    const char *demand; /* what the citizen wants */

    /* Looked up. */
    size_t evidence_count;      /* files attached as evidence of the handling */
    const char *const *phrases; /* the office's list of evasive ones */
    size_t phrase_count;
    const char *const *own_phones; /* of the unit and the hotline: nobody's secret */
    size_t own_phone_count;
    int copy_percent; /* similar_likeness() to the most alike reply of another ticket */
    char copy_no[QUALITY_NO_BYTES]; /* of that ticket, which the sender may see */
};

/* What was found, and what shows it.  Zeroed: nothing. */
struct quality {
    uint32_t findings;      /* QUALITY_BITs of enum quality_finding */
    int32_t characters;     /* of the text */
    int32_t characters_min; /* what is asked for */
    const char *phrase;     /* the first evasive one, as in the list */
    int copy_percent;
    char copy_no[QUALITY_NO_BYTES];
    enum personal personal;
    const char *demand; /* as the citizen said it */
};

enum quality_severity { QUALITY_WEAK, QUALITY_STRONG };

/* One row of the table, by enum quality_finding; the words are words_quality_finding's. */
struct quality_rule {
    enum quality_severity severity;
    const char *field; /* of the reply's form */
    enum err err;
};
extern const struct quality_rule quality_rules[QUALITY_FINDING_COUNT];

/* "weak", "strong". */
extern const struct choices words_quality_severity;

/*
 * Look through a draft.  An empty text has no findings: it is refused anyway.
 * `ret_quality` borrows from the draft; what is needed meanwhile lies in the arena.
 * Errors: ERR_NO_MEMORY, ERR_INTERNAL when a text is no UTF-8.
 */
MUST_CHECK enum err quality_judge(struct arena *arena, const struct quality_draft *draft,
                                  const struct settings *settings,
                                  struct quality *ret_quality);

/*
 * The folded text's pairs (domain/similar.h) in the arena, at most
 * QUALITY_PAIRS_MAX of those that come first.
 */
#define QUALITY_PAIRS_MAX 8000
MUST_CHECK enum err quality_pairs(struct arena *arena, const char *text,
                                  similar_pair **ret_pairs, size_t *ret_count);

/*
 * Refuse a reply for what was found: ERR_REPLY_QUALITY with the field of each
 * finding.  Personal data is named by its kind alone.
 */
enum err quality_problem(const struct quality *quality, struct problem *reterr_problem);

#endif
