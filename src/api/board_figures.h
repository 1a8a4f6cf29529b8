#ifndef YIDAN_BOARD_FIGURES_H
#define YIDAN_BOARD_FIGURES_H

#include "http/http.h"
#include "store/boards.h"

/*
 * board_figures.h - THE table of the board's figures: what is counted, and the list
 * that holds exactly those tickets.
 *
 * Layer    api.
 * Source   product.md, section 9, "Supervisor's board": every number is a link.
 */

enum figure_source {
    FIGURE_RECEIVED, /* came today */
    FIGURE_WAITING,  /* wait for dispatch: received and not suspected */
    FIGURE_DUE,      /* a running clock ends today */
    FIGURE_STATE,    /* `which` is an enum ticket_state */
    FIGURE_LIGHT,    /* an enum light */
    FIGURE_DESK      /* an enum desk */
};

struct figure {
    const char *id, *zh, *en;
    enum figure_source source;
    int which;
    bool is_desk;      /* stands with the desk of urging, not on the board proper */
    const char *query; /* of /api/v1/tickets; a '*' is the present day */
};

extern const struct figure board_figures[];
extern const size_t board_figure_count;

/* The figure's number. `received` is what came today. */
int64_t board_figure_value(const struct figure *figure, const struct board_counts *counts,
                           int64_t received);

/* Its list; NULL when out of memory. */
const char *board_figure_href(struct arena *arena, const struct figure *figure,
                              int32_t today);

#endif
