#include <string.h>

#include "api_internal.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "board_figures.h"
#include "domain/calendar.h"
#include "store/callers.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "ticket_json.h"

/*
 * api_dashboard.c - GET /dashboard: the supervisor's board.
 *
 * Every number is taken from the summaries, and beside it stands the list that
 * holds exactly those tickets, in the same snapshot.  Office and leaders see it:
 * they see every ticket, so nothing here has to be hidden from anybody.
 */

#define TREND_DAYS 30
#define PERIOD_DAYS 7
#define SHOWN_CATEGORIES 20
#define SHOWN_BURSTS 20
#define SHOWN_CALLERS 10
#define SHOWN_TICKETS 20
#define DAY_S 86400
#define MASKED_BYTES 256

struct board {
    struct request *req;
    struct json_out *out;
    struct db *db;
    int32_t today;
    struct board_counts counts;
    struct board_day trend[TREND_DAYS];
};

static void
write_href(struct json_out *out, const char *href)
{
    if (href == NULL)
        out->failed = true; /* no memory */
    else
        json_text(out, "href", href);
}

/* --- Figures and matrix ------------------------------------------------------------ */

static void
write_figures(const struct board *board, const char *key, bool is_desk)
{
    struct json_out *out = board->out;
    int64_t received = board->trend[TREND_DAYS - 1].received;

    json_list_open(out, key);
    for (size_t i = 0; i < board_figure_count; i++) {
        const struct figure *figure = &board_figures[i];

        if (figure->is_desk != is_desk)
            continue;
        json_object_open(out, NULL);
        json_text(out, "id", figure->id);
        json_text(out, "zh", figure->zh);
        json_text(out, "en", figure->en);
        json_int(out, "value", board_figure_value(figure, &board->counts, received));
        if (figure->source == FIGURE_WAITING)
            json_time(out, "oldest_at", board->counts.oldest_received_at);
        write_href(out, board_figure_href(board->req->arena, figure, board->today));
        json_object_close(out);
    }
    json_list_close(out);
}

static void
write_cell(const struct board *board, const struct unit_names *unit,
           const struct board_unit *counted, enum light light)
{
    const char *word = choice_word(&words_light, (int)light);

    json_object_open(board->out, word);
    json_int(board->out, "value", counted->lights[light]);
    write_href(board->out, arena_printf(board->req->arena,
                                        "/api/v1/tickets?unit=%s&role=lead&light=%s",
                                        unit->code, word));
    json_object_close(board->out);
}

/* Only units that lead something with a running clock. */
static void
write_matrix(const struct board *board)
{
    json_list_open(board->out, "matrix");
    for (size_t i = 0; i < board->counts.unit_count; i++) {
        const struct board_unit *counted = &board->counts.units[i];
        const struct unit_names *unit =
            rulebook_unit(board->req->rulebook, counted->unit_id);

        if (unit == NULL)
            continue;
        json_object_open(board->out, NULL);
        unit_json(board->out, "unit", unit->code, unit->name, unit->short_name);
        write_cell(board, unit, counted, LIGHT_GREEN);
        write_cell(board, unit, counted, LIGHT_YELLOW);
        write_cell(board, unit, counted, LIGHT_RED);
        json_object_close(board->out);
    }
    json_list_close(board->out);
}

static enum err
write_time_left(const struct board *board)
{
    struct ticket_viewer viewer = request_viewer(board->req);
    struct json_out *out = board->out;
    struct ticket_filter filter;
    struct ticket_page page;

    ticket_filter_init(&filter);
    filter.states = STATE_BIT(TICKET_DISPATCHED) | STATE_BIT(TICKET_HANDLING) |
                    STATE_BIT(TICKET_RETURNED);
    filter.sort = TICKET_SORT_DUE;
    json_object_open(out, "time_left");
    write_href(out, "/api/v1/tickets?state=dispatched,handling,returned&sort=due");
    json_list_open(out, "items");
    TRY(ticket_lists_page(board->db, board->req->arena, &viewer, &filter, SHOWN_TICKETS,
                          &page));
    TRY(ticket_json_page(board->req, &page, out));
    json_list_close(out);
    json_object_close(out);
    return OK;
}

/* --- What happens over time ----------------------------------------------------------- */

/* How many on a day, and the list that is filtered by the same moment. */
static void
write_day(const struct board *board, const char *moment, const struct board_day *day,
          int64_t tickets)
{
    char date[TIME_TEXT_BYTES];

    time_format_day(day->day, date);
    json_object_open(board->out, moment);
    json_int(board->out, "value", tickets);
    write_href(board->out,
               arena_printf(board->req->arena, "/api/v1/tickets?%s_from=%s&%s_to=%s",
                            moment, date, moment, date));
    json_object_close(board->out);
}

static void
write_trend(const struct board *board)
{
    struct json_out *out = board->out;

    json_list_open(out, "trend");
    for (size_t i = 0; i < TREND_DAYS; i++) {
        const struct board_day *day = &board->trend[i];

        json_object_open(out, NULL);
        json_date(out, "date", day->day);
        write_day(board, "received", day, day->received);
        write_day(board, "closed", day, day->closed);
        write_day(board, "overdue", day, day->overdue);
        json_object_close(out);
    }
    json_list_close(out);
}

static enum err
write_categories(const struct board *board)
{
    struct board_category categories[SHOWN_CATEGORIES];
    struct json_out *out = board->out;
    char from[TIME_TEXT_BYTES], to[TIME_TEXT_BYTES];
    size_t count = 0;

    TRY(boards_categories(board->db, board->req->arena, board->today, PERIOD_DAYS,
                          SHOWN_CATEGORIES, categories, &count));
    time_format_day(board->today - PERIOD_DAYS + 1, from);
    time_format_day(board->today, to);
    json_object_open(out, "categories");
    json_date(out, "from", board->today - PERIOD_DAYS + 1);
    json_date(out, "to", board->today);
    json_date(out, "before_from", board->today - 2 * PERIOD_DAYS + 1);
    json_date(out, "before_to", board->today - PERIOD_DAYS);
    json_list_open(out, "items");
    for (size_t i = 0; i < count; i++) {
        json_object_open(out, NULL);
        json_text(out, "category", categories[i].code);
        json_text(out, "name", categories[i].name);
        json_int(out, "value", categories[i].tickets);
        json_int(out, "before", categories[i].before);
        write_href(out, arena_printf(board->req->arena,
                                     "/api/v1/tickets?category=%s&received_from=%s"
                                     "&received_to=%s",
                                     categories[i].code, from, to));
        json_object_close(out);
    }
    json_list_close(out);
    json_object_close(out);
    return OK;
}

/* The window slides: the link names the second it begins at ('+' would be a blank). */
static enum err
write_bursts(const struct board *board)
{
    int64_t since = board->req->now - BURST_SECONDS;
    struct board_burst bursts[SHOWN_BURSTS];
    struct json_out *out = board->out;
    char text[TIME_TEXT_BYTES];
    size_t count = 0;

    TRY(boards_bursts(board->db, board->req->arena, since, SHOWN_BURSTS, bursts, &count));
    time_format(since, text);
    size_t local = strcspn(text, "+");
    json_list_open(out, "bursts");
    for (size_t i = 0; i < count; i++) {
        json_object_open(out, NULL);
        json_text(out, "category", bursts[i].category);
        json_text(out, "category_name", bursts[i].category_name);
        json_text(out, "area", bursts[i].area);
        json_text(out, "area_name", bursts[i].area_name);
        json_int(out, "value", bursts[i].tickets);
        json_time(out, "first_at", bursts[i].first_at);
        json_time(out, "last_at", bursts[i].last_at);
        write_href(out, arena_printf(board->req->arena,
                                     "/api/v1/tickets?category=%s&area=%s"
                                     "&received_since=%.*s%%2B%s",
                                     bursts[i].category, bursts[i].area, (int)local, text,
                                     text + local + 1));
        json_object_close(out);
    }
    json_list_close(out);
    return OK;
}

/* Who it is stays masked, and no phone is written at all: the tickets are what one opens. */
static enum err
write_callers(const struct board *board)
{
    struct json_out *out = board->out;
    struct repeat_caller *callers = NULL;
    size_t count = 0;

    TRY(callers_repeat(board->db, board->req->store, board->req->arena,
                       board->req->now - CALLER_DAYS * (int64_t)DAY_S, SHOWN_CALLERS,
                       &callers, &count));
    json_list_open(out, "repeat_callers");
    for (size_t i = 0; i < count; i++) {
        char name[MASKED_BYTES];

        if (callers[i].name != NULL)
            text_mask_name(callers[i].name, name, sizeof name);
        json_object_open(out, NULL);
        json_text(out, "name", callers[i].name == NULL ? NULL : name);
        json_int(out, "value", (int64_t)callers[i].tickets);
        json_list_open(out, "tickets");
        for (size_t t = 0; t < callers[i].shown; t++) {
            json_object_open(out, NULL);
            json_text(out, "no", callers[i].shown_tickets[t].no);
            json_text(out, "title", callers[i].shown_tickets[t].title);
            json_object_close(out);
        }
        json_list_close(out);
        json_object_close(out);
    }
    json_list_close(out);
    return OK;
}

/* --- The board ------------------------------------------------------------------------- */

static enum err
write_board(struct board *board)
{
    struct json_out *out = board->out;
    int missing = calendar_missing_year(board->req->rulebook->calendar, board->today);

    TRY(boards_counts(board->db, board->req->arena, board->today, &board->counts));
    TRY(boards_trend(board->db, board->today, TREND_DAYS, board->trend));
    json_object_open(out, NULL);
    json_time(out, "at", board->req->now);
    write_figures(board, "figures", false);
    write_figures(board, "desk", true);
    write_matrix(board);
    TRY(write_time_left(board));
    write_trend(board);
    TRY(write_categories(board));
    TRY(write_bursts(board));
    TRY(write_callers(board));
    if (missing == 0)
        json_null(out, "calendar_missing_year");
    else
        json_int(out, "calendar_missing_year", missing);
    json_object_close(out);
    return OK;
}

/* GET /dashboard */
enum err
dashboard_show(struct request *req)
{
    struct board *board = arena_make(req->arena, struct board);
    struct json_out out;

    TRY(request_query_read(req, (const struct json_field[]){ JSON_END }, NULL, NULL));
    if (board == NULL)
        return ERR_NO_MEMORY;
    json_out_init(&out, req->arena);
    *board = (struct board){
        .req = req, .out = &out, .db = req->reader->db, .today = time_day(req->now)
    };
    TRY(write_board(board));
    return reply_json(req, 200, &out);
}
