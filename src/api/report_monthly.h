#ifndef YIDAN_REPORT_MONTHLY_H
#define YIDAN_REPORT_MONTHLY_H

#include "report_data.h"

/*
 * report_monthly.h - the rows of the monthly table (product.md, section 9): what
 *                    was dispatched in a month, and what has become of it.
 *
 * Layer    api.
 */

enum monthly_column { MONTHLY_ON_TIME, MONTHLY_LATE, MONTHLY_OPEN, MONTHLY_COLUMN_COUNT };
/* The measure behind a column. */
extern const enum assessment_measure monthly_measures[MONTHLY_COLUMN_COUNT];

struct monthly_row {
    int64_t dispatched, rated, unsatisfied;
    int64_t counts[2][MONTHLY_COLUMN_COUNT]; /* hotline, web */
};

/* Towns and departments apart: in which of the two a unit stands. */
enum monthly_table { MONTHLY_TOWNS, MONTHLY_DEPARTMENTS, MONTHLY_TABLE_COUNT };
extern const struct choices words_monthly_table;
enum monthly_table monthly_table_of(const struct report_unit *unit);

/* Was anything dispatched to it?  Others have no row. */
bool monthly_has_row(const struct report_unit *unit);

/* Add the unit to `row`. */
void monthly_add(struct monthly_row *row, const struct report_unit *unit);

/* Hotline and web together. */
int64_t monthly_total(const struct monthly_row *row, enum monthly_column column);

#endif
