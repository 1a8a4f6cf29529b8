#ifndef YIDAN_REPORT_DATA_H
#define YIDAN_REPORT_DATA_H

#include "domain/assessment_score.h"
#include "http/http.h"
#include "store/assessments.h"

/*
 * report_data.h - what every report is made of: the sums of each unit over a
 * period, as they are now or as they were frozen when a month was published.
 *
 * Layer    api.
 * Lifetime everything lies in the request's arena.
 */

struct report_unit {
    const char *code, *name, *short_name; /* NULL: the office itself */
    int kind;                             /* enum unit_kind, or CHOICE_NONE */
    struct assessment_sums sums;          /* unit_id is 0 in what is frozen */
    struct assessment_figures figures;    /* hotline and web together */
    struct assessment_result result;
    const struct assessment_result *before; /* report_compare(); NULL: nothing */
};

/* Where figures are from: what the lists behind them are asked with. */
struct report_period {
    int32_t from, to;     /* days, both in */
    const char *unit;     /* a code; NULL: all */
    const char *table;    /* "towns" or "departments"; NULL: both */
    const char *channels; /* "hotline" or "web"; NULL: both */
    bool is_frozen;       /* the lists would show what is now, so there are none */
};

struct report_data {
    struct report_period period;
    struct assessment_terms terms;
    const struct report_unit *office; /* NULL: nothing, or not asked for */
    struct report_unit *units;        /* by the order they were made in */
    size_t unit_count;
    int32_t before_from, before_to; /* days, report_compare() */
};

/* How many days the period has. */
int32_t report_days(const struct report_period *period);

/* Add the counts of `from`. */
void report_add(struct assessment_figures *figures,
                const struct assessment_figures *from);

/* As it is now. `unit_id` CHOICE_NONE: every unit, and the office. */
MUST_CHECK enum err report_read(struct request *req, const struct report_period *period,
                                int64_t unit_id, struct report_data *ret_data);

/* As it was frozen: the inputs of a published month. Errors: ERR_INTERNAL when they are none. */
MUST_CHECK enum err report_thaw(struct request *req, const struct report_period *period,
                                const char *inputs, struct report_data *ret_data);

/* A month as it was published, else as it is now; what was published holds all units. */
MUST_CHECK enum err report_read_month(struct request *req,
                                      const struct report_period *period, int64_t unit_id,
                                      struct report_data *ret_data,
                                      bool *ret_is_published);
/* The unit with this code; NULL: none. */
const struct report_unit *report_find(const struct report_data *data, const char *code);
/* Say with each unit what it had in the period before (`unit_id` as in report_read()). */
MUST_CHECK enum err report_compare(struct request *req, int64_t unit_id,
                                   struct report_data *data);

/* --- Asking ------------------------------------------------------------------------- */

/* Does whoever asks see all units?  Else the own one. */
bool report_sees_county(const struct request *req);

/* From the first of this month to today, where nothing is said. Errors: ERR_HTTP_QUERY. */
MUST_CHECK enum err report_period_read(struct request *req, int32_t from, int32_t to,
                                       struct report_period *ret_period);

/* The unit asked about, CHOICE_NONE for all. Errors: ERR_HTTP_QUERY, ERR_FORBIDDEN. */
MUST_CHECK enum err report_unit_read(struct request *req, const char *code,
                                     int64_t *ret_unit_id);

/* Of a month "2026-11". False: not one. */
bool report_month_parse(const char *text, struct report_period *ret_period);

#endif
