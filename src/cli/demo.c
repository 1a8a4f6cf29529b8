/*
 * demo.c - see the header: units and people first, then weeks of work, hour by
 * hour.
 */
#include "demo.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/timeutil.h"
#include "cli_internal.h"
#include "command/cmd_open.h"
#include "command/cmd_sweep.h"
#include "demo_internal.h"
#include "domain/calendar.h"
#include "store/reader.h"
#include "store/records.h"
#include "store/tickets.h"
#include "store/writer.h"

#define HOUR_S 3600
#define DAY_S 86400
#define STEP_S 15          /* between two things of the same hour */
#define FIRST_HOUR_S 27000 /* the telephone is answered from 07:30 */
#define OPEN_S 50400       /* for so long */
#define EXTRA 32           /* more tickets than asked for: what came in today */
#define SWEEP_BATCH 500
#define SWEEP_HOUR 9 /* the calendar's warning has no row in the list of moments */

int64_t
demo_later(struct demo *demo, int hours, bool is_office)
{
    int64_t at = demo->now + (int64_t)hours * HOUR_S;
    int32_t day = time_day(at);

    if (is_office)
        return time_of_day(at) < 8 * HOUR_S ? time_day_start(day) + 8 * HOUR_S : at;
    if (time_of_day(at) >= 18 * HOUR_S)
        at = time_day_start(++day) + 9 * HOUR_S;
    if (!calendar_is_workday(demo->rulebook->calendar, day, NULL))
        at = time_day_start(calendar_next_workday(demo->rulebook->calendar, day)) +
             9 * HOUR_S;
    else if (time_of_day(at) < 8 * HOUR_S)
        at = time_day_start(day) + 9 * HOUR_S;
    return at;
}

/* --- Jobs of the same hour are committed together --------------------------------------- */

struct latch {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    int left;
};

static void
latch_done(struct job *job)
{
    struct latch *latch = job->context;

    (void)pthread_mutex_lock(&latch->lock);
    latch->left--;
    (void)pthread_cond_signal(&latch->moved);
    (void)pthread_mutex_unlock(&latch->lock);
}

static enum err
latch_submit(struct latch *latch, struct writer *writer, struct job *job)
{
    TRY(writer_reserve(writer));
    job->done = latch_done;
    job->context = latch;
    (void)pthread_mutex_lock(&latch->lock);
    latch->left++;
    (void)pthread_mutex_unlock(&latch->lock);
    writer_submit(writer, job);
    return OK;
}

static void
latch_wait(struct latch *latch)
{
    (void)pthread_mutex_lock(&latch->lock);
    while (latch->left > 0)
        (void)pthread_cond_wait(&latch->moved, &latch->lock);
    (void)pthread_mutex_unlock(&latch->lock);
}

/* --- One hour ------------------------------------------------------------------------------ */

/* What is done in this hour: an act each, or the receipt of a ticket. */
struct deed {
    struct demo_story *story;
    struct cmd_ticket_act *act;
    struct cmd_ticket_create *create;
};

struct hour {
    struct demo *demo;
    const struct demo_options *options;
    struct demo_result *result;
    int64_t at;
    struct deed *deeds;
    size_t deed_count, room;
    struct latch latch;
};

static enum err
sweep(struct hour *hour)
{
    struct cmd_sweep cmd;

    do {
        cmd_sweep_init(&cmd, hour->at, SWEEP_BATCH);
        TRY(writer_run(hour->demo->writer, &cmd.job));
        hour->result->sweeps++;
        hour->result->moments += cmd.handled;
    } while (cmd.handled > 0 && cmd.next_due_at != 0 && cmd.next_due_at < hour->at);
    return OK;
}

static void
tick(struct hour *hour)
{
    hour->demo->now += STEP_S;
    if (hour->demo->now > hour->options->now)
        hour->demo->now = hour->options->now;
}

static enum err
look(struct hour *hour, struct reader *reader, struct demo_story *story)
{
    struct demo *demo = hour->demo;
    struct ticket_case *is = arena_make(demo->step, struct ticket_case);
    struct cmd_ticket_act *act = arena_make(demo->step, struct cmd_ticket_act);

    if (is == NULL || act == NULL)
        return ERR_NO_MEMORY;
    TRY(tickets_case_by_no(reader->db, story->no, is));
    tick(hour);
    story->state = is->ticket.state;
    if (story->state == TICKET_DISPATCHED && story->opened_round != is->ticket.round &&
        (story->traits & TRAIT(UNSEEN)) == 0) {
        /* Somebody looks first, and signs later. */
        story->opened_round = is->ticket.round;
        for (size_t i = 0; i < demo->unit_count; i++)
            if (demo->units[i].handler.unit_id == is->ticket.lead_unit_id)
                TRY(cmd_open_submit(demo->writer, is->ticket.id, &demo->units[i].handler,
                                    demo->now));
        if (story->stop_state != TICKET_DISPATCHED) {
            bool is_hurried =
                is->ticket.urgency != URGENCY_NORMAL || story->stop_state != CHOICE_NONE;
            story->next_at = demo_later(demo, 1, is_hurried);
            return OK;
        }
    }
    if (demo_decide(demo, story, is, act))
        hour->deeds[hour->deed_count++] = (struct deed){ .story = story, .act = act };
    return OK;
}

static enum err
look_at_all(struct hour *hour, struct reader *reader)
{
    for (size_t i = 0; i < hour->demo->story_count; i++) {
        struct demo_story *story = &hour->demo->stories[i];
        if (story->next_at <= hour->at && story->no[0] != '\0' &&
            hour->deed_count < hour->room)
            TRY(look(hour, reader, story));
    }
    return OK;
}

/* The citizens who turn to the office in this hour. */
static enum err
receive(struct hour *hour)
{
    struct demo *demo = hour->demo;
    const struct demo_options *options = hour->options;
    int32_t today = time_day(options->now);
    int per_day = (options->tickets + options->days - 1) / options->days;
    int32_t second = time_of_day(hour->at);

    for (;;) {
        size_t index = demo->story_count;
        /* Day by day, evenly over the hours the telephone is answered. */
        int32_t day = today - options->days + (int32_t)index / per_day;
        int32_t at_second =
            FIRST_HOUR_S + (int32_t)(index % (size_t)per_day) * (OPEN_S / per_day);
        bool is_due = day < time_day(hour->at) ||
                      (day == time_day(hour->at) && at_second < second + HOUR_S);
        if (!is_due || index == demo->story_room || hour->deed_count == hour->room)
            return OK;
        struct cmd_ticket_create *create =
            arena_make(demo->step, struct cmd_ticket_create);
        if (create == NULL)
            return ERR_NO_MEMORY;
        tick(hour);
        struct demo_story *story = &demo->stories[demo->story_count++];
        demo_begin(demo, story, index, (size_t)per_day * ((size_t)options->days + 1),
                   create);
        story->next_at = demo_later(
            demo,
            create->draft.urgency == URGENCY_NORMAL ? 1 + (int)demo_random(demo, 4) : 0,
            true);
        hour->deeds[hour->deed_count++] =
            (struct deed){ .story = story, .create = create };
    }
}

static void
note_result(struct hour *hour, const struct deed *deed)
{
    const struct job *job = deed->act != NULL ? &deed->act->job : &deed->create->job;
    const char *what =
        deed->act != NULL ? choice_word(&words_action, deed->act->act.action) : "create";

    if (job->result == OK) {
        if (deed->create != NULL) {
            memcpy(deed->story->no, deed->create->no, sizeof deed->story->no);
            hour->result->tickets++;
        } else
            hour->result->actions++;
        return;
    }
    deed->story->next_at = hour->at + 6 * HOUR_S;
    if (job->result == ERR_TICKET_VERSION_CONFLICT) {
        hour->result->conflicts++; /* the timer or a merge was first, as in life */
        return;
    }
    if (hour->result->refused++ == 0)
        (void)snprintf(hour->result->first_refusal, sizeof hour->result->first_refusal,
                       "%s: %s %s", what, err_code(job->result),
                       job->problem.field_count > 0 ? job->problem.fields[0].field : "");
}

static enum err
live(struct hour *hour, struct reader_pool *pool)
{
    struct demo *demo = hour->demo;
    struct reader *reader;
    int64_t earliest = 0;

    demo->now = hour->at;
    hour->deed_count = 0;
    TRY(reader_acquire(pool, 0, &reader));
    enum err err = moments_earliest(reader->db, &earliest);
    reader_release(pool, reader);
    if (err == OK && ((earliest != 0 && earliest < hour->at) ||
                      time_of_day(hour->at) / HOUR_S == SWEEP_HOUR))
        err = sweep(hour);
    if (err != OK)
        return err;

    TRY(reader_acquire(pool, 0, &reader));
    err = look_at_all(hour, reader);
    reader_release(pool, reader);
    if (err == OK)
        err = receive(hour);
    for (size_t i = 0; i < hour->deed_count && err == OK; i++)
        err = latch_submit(&hour->latch, demo->writer,
                           hour->deeds[i].act != NULL ? &hour->deeds[i].act->job
                                                      : &hour->deeds[i].create->job);
    latch_wait(&hour->latch);
    for (size_t i = 0; i < hour->deed_count && err == OK; i++)
        note_result(hour, &hour->deeds[i]);
    arena_reset(demo->step);
    return err;
}

static enum err
live_all(struct demo *demo, const struct demo_options *options, struct reader_pool *pool,
         struct demo_result *result)
{
    struct hour hour = {
        .demo = demo, .options = options, .result = result, .room = demo->story_room
    };

    hour.deeds = arena_array(demo->arena, struct deed, hour.room);
    if (hour.deeds == NULL)
        return ERR_NO_MEMORY;
    (void)pthread_mutex_init(&hour.latch.lock, NULL);
    (void)pthread_cond_init(&hour.latch.moved, NULL);
    enum err err = OK;
    hour.at = time_day_start(time_day(options->now) - options->days);
    for (; hour.at < options->now && err == OK; hour.at += HOUR_S)
        err = live(&hour, pool);
    hour.at = options->now;
    if (err == OK)
        err = live(&hour, pool);
    (void)pthread_cond_destroy(&hour.latch.moved);
    (void)pthread_mutex_destroy(&hour.latch.lock);
    return err;
}

/* --- All of it --------------------------------------------------------------------------- */

static enum err
fill(struct demo *demo, const struct demo_options *options, FILE *out,
     struct demo_result *result)
{
    struct reader_pool *pool = NULL;
    int64_t first_at = time_day_start(time_day(options->now) - options->days - 1);

    TRY(cli_seed(demo->store, demo->writer, first_at));
    demo->now = first_at;
    demo->rulebook = rulebook_acquire(demo->store);
    demo->story_room = (size_t)options->tickets + EXTRA;
    demo->stories = arena_array(demo->arena, struct demo_story, demo->story_room);
    if (demo->stories == NULL)
        return ERR_NO_MEMORY;
    TRY(reader_pool_open(demo->store, 1, &pool));
    enum err err = demo_county(demo, pool);
    if (err == OK)
        err = live_all(demo, options, pool, result);
    reader_pool_close(pool);
    if (err == OK && out != NULL)
        demo_print(demo, out);
    return err;
}

enum err
demo_fill(struct store *store, struct writer *writer, const struct demo_options *options,
          FILE *out, struct demo_result *ret_result)
{
    struct demo *demo = calloc(1, sizeof *demo);
    struct demo_result result = { 0 };

    if (demo == NULL)
        return ERR_NO_MEMORY;
    demo->store = store;
    demo->writer = writer;
    demo->random = options->seed * 2 + 1; /* never 0 */
    demo->arena = arena_new();
    demo->step = arena_new();
    enum err err = demo->arena == NULL || demo->step == NULL
                       ? ERR_NO_MEMORY
                       : fill(demo, options, out, &result);
    rulebook_release(demo->rulebook);
    arena_free(demo->step);
    arena_free(demo->arena);
    free(demo);
    if (err == OK)
        *ret_result = result;
    return err;
}

int
demo_run(struct store *store, struct writer *writer)
{
    const struct demo_options options = {
        .now = time_now(), .seed = 20261123, .tickets = 400, .days = 60
    };
    struct demo_result result;
    enum err err = demo_fill(store, writer, &options, stdout, &result);

    if (err != OK)
        return cli_fail(err, NULL);
    (void)printf("%d tickets, %d actions, %d moments of the timer\n", result.tickets,
                 result.actions, result.moments);
    return EXIT_OK;
}
