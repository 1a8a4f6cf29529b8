#ifndef YIDAN_REPORT_SHEET_H
#define YIDAN_REPORT_SHEET_H

#include "report_data.h"
#include "report_json.h"

/*
 * report_sheet.h - reports as spreadsheets (.xlsx), for downloading.
 *
 * Layer    api.
 *
 * Each answers 200 with a file that never has a name on disk.
 */

MUST_CHECK enum err report_sheet_assessment(struct request *req,
                                            const struct report_data *data,
                                            enum report_group group);
MUST_CHECK enum err report_sheet_monthly(struct request *req,
                                         const struct report_data *data,
                                         const char *month);
MUST_CHECK enum err report_sheet_brief(struct request *req,
                                       const struct report_data *data,
                                       const struct report_data *before);

#endif
