/* timer.c - see the header. */
#include "background/timer.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/timeutil.h"
#include "command/cmd_housekeeping.h"
#include "command/cmd_sweep.h"
#include "rounds.h"
#include "store/store.h"
#include "store/writer.h"

#define JUMP_S 2                      /* more than this is a clock that was set */
#define HOUSEKEEPING_MS (3600 * 1000) /* at most once in */
#define HEAD_EVENTS 1000 /* the chain's head is logged this often, and daily */

struct timer {
    struct writer *writer;
    struct timer_clock clock;
    int64_t max_wait_ms;
    int batch;
    struct rounds *rounds;

    /* The thread's own. */
    bool has_looked; /* at the clocks */
    int64_t last_wall, last_monotonic_ms;
    int64_t housekept_at_ms;
    bool has_kept_house;
    int32_t house_day; /* when what is done daily was done last; 0: not yet */
    int32_t head_day;
    int64_t head_seq;
};

static int64_t
real_wall(void *context)
{
    (void)context; /* the real clock has none */
    return time_now();
}

static int64_t
real_monotonic_ms(void *context)
{
    (void)context; /* the real clock has none */
    return time_monotonic_ms();
}

/* Run a job; what goes wrong is logged here, once, and tried again in the next round. */
static bool
run(struct timer *timer, struct job *job)
{
    enum err err = writer_run(timer->writer, job);

    if (err != OK && err != ERR_SHUTTING_DOWN)
        log_event(LOG_ERROR, "timer_failed", log_text("job", job->name),
                  log_text("code", err_code(err)));
    return err == OK;
}

/* --- One round ---------------------------------------------------------------- */

/* Did the wall clock move with the monotonic one since the last look? */
static void
look_at_clocks(struct timer *timer)
{
    int64_t wall = timer->clock.wall(timer->clock.context);
    int64_t monotonic_ms = timer->clock.monotonic_ms(timer->clock.context);
    int64_t jump =
        wall - timer->last_wall - (monotonic_ms - timer->last_monotonic_ms) / 1000;
    bool has_jumped = timer->has_looked && (jump > JUMP_S || jump < -JUMP_S);

    timer->has_looked = true;
    timer->last_wall = wall;
    timer->last_monotonic_ms = monotonic_ms;
    if (!has_jumped)
        return;
    struct cmd_clock_jump cmd;
    log_event(LOG_WARN, "clock_jump", log_int("seconds", jump));
    cmd_clock_jump_init(&cmd, wall, jump);
    (void)run(timer, &cmd.job); /* the log has it */
}

static void
keep_house(struct timer *timer)
{
    int64_t now_ms = timer->clock.monotonic_ms(timer->clock.context);
    struct cmd_housekeeping cmd;

    if (timer->has_kept_house && now_ms - timer->housekept_at_ms < HOUSEKEEPING_MS)
        return;
    timer->has_kept_house = true;
    timer->housekept_at_ms = now_ms;
    int64_t now = timer->clock.wall(timer->clock.context);

    cmd_housekeeping_init(&cmd, now, time_day(now) != timer->house_day);
    timer->house_day = time_day(now);
    (void)run(timer, &cmd.job); /* in an hour again */
}

/* A tail that is cut or rewritten later shows against this line (reliability.md 9). */
static void
log_head(struct timer *timer, const struct cmd_sweep *cmd)
{
    int32_t day = time_day(cmd->now);

    if (cmd->head.seq == 0 ||
        (day == timer->head_day && cmd->head.seq - timer->head_seq < HEAD_EVENTS))
        return;
    timer->head_day = day;
    timer->head_seq = cmd->head.seq;
    log_event(LOG_INFO, "chain_head", log_int("seq", cmd->head.seq),
              log_text("hash", cmd->head.hash));
}

/* Do everything that is due; how long to sleep then. */
static int64_t
do_round(void *context)
{
    struct timer *timer = context;
    struct cmd_sweep cmd;

    look_at_clocks(timer);
    do {
        cmd_sweep_init(&cmd, timer->clock.wall(timer->clock.context), timer->batch);
        if (!run(timer, &cmd.job))
            return timer->max_wait_ms;
        if (cmd.handled > 0)
            log_event(LOG_INFO, "swept", log_int("moments", cmd.handled));
    } while (cmd.handled > 0 && cmd.next_due_at != 0 && cmd.next_due_at < cmd.now &&
             !rounds_is_stopping(timer->rounds));
    log_head(timer, &cmd);
    keep_house(timer);

    /* A moment is due from the first second after it. */
    int64_t seconds = cmd.next_due_at + 1 - timer->clock.wall(timer->clock.context);
    if (cmd.next_due_at == 0 || seconds >= timer->max_wait_ms / 1000 + 1)
        return timer->max_wait_ms;
    int64_t ms = seconds * 1000;
    return ms < 1 ? 1 : ms > timer->max_wait_ms ? timer->max_wait_ms : ms;
}

/* --- The thread --------------------------------------------------------------- */

enum err
timer_start_by(struct store *store, struct writer *writer,
               const struct timer_clock *clock, struct timer **ret_timer)
{
    const struct config *config = store_config(store);
    struct timer *timer = calloc(1, sizeof *timer);

    if (timer == NULL)
        return ERR_NO_MEMORY;
    timer->writer = writer;
    timer->clock = *clock;
    timer->max_wait_ms = config->timer_max_wait_ms;
    timer->batch = (int)config->sweep_batch;
    enum err err = rounds_start(do_round, timer, &timer->rounds);
    if (err != OK) {
        free(timer);
        return err;
    }
    *ret_timer = timer;
    return OK;
}

enum err
timer_start(struct store *store, struct writer *writer, struct timer **ret_timer)
{
    static const struct timer_clock real = { real_wall, real_monotonic_ms, NULL };

    return timer_start_by(store, writer, &real, ret_timer);
}

void
timer_wake(struct timer *timer)
{
    rounds_wake(timer->rounds);
}

void
timer_settle(struct timer *timer)
{
    rounds_settle(timer->rounds);
}

void
timer_stop(struct timer *timer)
{
    if (timer == NULL)
        return;
    rounds_stop(timer->rounds);
    free(timer);
}
