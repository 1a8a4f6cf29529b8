/*
 * county.c - many tickets in a data directory that `yidan init` has made, each by
 * the product's own commands, so that `yidan verify` finds nothing; only the clock
 * is made up, and a transaction holds many of them.
 *
 *     county DIRECTORY N          a year of tickets up to now, most of them closed
 *     county DIRECTORY N AT TO    all received, dispatched and signed for at AT (seconds
 *                                 since 1970), and swept up to TO
 *
 * Prints how long it took.
 */
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/config.h"
#include "base/crypt.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "command/cmd_index.h"
#include "command/cmd_sweep.h"
#include "command/ticket_internal.h"
#include "domain/calendar.h"
#include "store/rulebook.h"
#include "store/store.h"

#define HOUR_S 3600
#define UNITS 40
#define AREAS 60
#define CATEGORIES_MAX 256
#define YEAR_DAYS 365
#define STEPS_A_JOB 500
#define SWEEP_BATCH 500
#define SLOW 23 /* each so-many-th ticket is late by days */
#define SLOW_DAYS 11

struct county {
    struct writer *writer;
    size_t count;
    char (*nos)[TICKET_NO_BYTES];
    char categories[CATEGORIES_MAX][CODE_BYTES];
    size_t category_count;
};

/* Tickets `first` to `last`, each doing the same thing at `at` or soon after. */
struct chore {
    struct job job;
    struct county *county;
    enum ticket_action action; /* TICKET_ACTION_COUNT: they are received */
    int64_t version, at;
    size_t first, last;
    bool is_slow; /* only the slow ones, or only the others */
    bool takes_all;
    bool is_one_channel; /* so that all have the same limit */
};

static void
must(enum err err, const char *what)
{
    if (err == OK)
        return;
    fprintf(stderr, "county: %s: %s\n", what, err_code(err));
    exit(1);
}

static const struct actor clerk = {
    .kind = ACTOR_USER, .id = 1, .unit_id = 1, .roles = ROLE_BIT(ROLE_CLERK)
};

static enum err
receive(struct txn *txn, struct chore *chore, size_t i)
{
    struct county *county = chore->county;
    struct cmd_ticket_create cmd;
    char area[CODE_BYTES], phone[16];

    cmd_ticket_create_init(&cmd);
    cmd.actor = clerk;
    cmd.now = chore->at;
    ticket_draft_init(&cmd.draft);
    (void)snprintf(area, sizeof area, "A%02zu", i * 7 % AREAS);
    (void)snprintf(phone, sizeof phone, "139%08zu", i * 7919 % 40000000);
    cmd.draft.channel = i % 5 == 0 && !chore->is_one_channel ? "web" : "phone";
    cmd.draft.kind = KIND_HELP;
    cmd.draft.urgency = URGENCY_NORMAL;
    cmd.draft.content = "东街路灯已有一周不亮，老人孩子晚上出行很不方便，请尽快修复。";
    cmd.draft.area = area;
    cmd.draft.category = county->categories[i * 31 % county->category_count];
    cmd.draft.petitioner.name = "测试";
    cmd.draft.petitioner.phone = phone;
    cmd.draft_present = ticket_draft_present(&cmd.draft);
    TRY(ticket_create_run(txn, &cmd));
    memcpy(county->nos[i], cmd.no, TICKET_NO_BYTES);
    return OK;
}

static void
carry_reply(struct ticket_act *act, int64_t now)
{
    act->contacted = TRISTATE_YES;
    act->finding = "现场查看，线路老化。";
    act->measures = "已更换线路和灯具。";
    act->reply_text = "您好，您反映的路灯已经修复，现已恢复照明，感谢您的监督。";
    act->outcome = OUTCOME_SOLVED;
    act->told_at = now - 60;
    act->told_way = WAY_PHONE;
    act->signed_off_by = "分管负责人";
    act->present |= FIELD_BIT(FIELD_CONTACTED) | FIELD_BIT(FIELD_FINDING) |
                    FIELD_BIT(FIELD_MEASURES) | FIELD_BIT(FIELD_REPLY_TEXT) |
                    FIELD_BIT(FIELD_OUTCOME) | FIELD_BIT(FIELD_TOLD_AT) |
                    FIELD_BIT(FIELD_TOLD_WAY) | FIELD_BIT(FIELD_SIGNED_OFF_BY);
}

static enum err
do_action(struct txn *txn, struct chore *chore, size_t i)
{
    struct cmd_ticket_act cmd;
    char unit[CODE_BYTES];

    cmd_ticket_act_init(&cmd, chore->action);
    (void)snprintf(unit, sizeof unit, "U%02zu", i * 13 % UNITS);
    memcpy(cmd.no, chore->county->nos[i], TICKET_NO_BYTES);
    cmd.now = chore->at;
    cmd.actor = clerk;
    cmd.act.version = chore->version;
    cmd.act.present = FIELD_BIT(FIELD_VERSION);
    switch (chore->action) {
    case ACT_DISPATCH:
        cmd.act.lead_unit = unit;
        cmd.act.present |= FIELD_BIT(FIELD_LEAD_UNIT);
        break;
    case ACT_CALL_BACK:
        cmd.act.connected = cmd.act.contacted_by_unit = TRISTATE_YES;
        cmd.act.solved = TRISTATE_YES;
        cmd.act.satisfaction =
            i % 9 == 0 ? SATISFACTION_UNSATISFIED : SATISFACTION_SATISFIED;
        cmd.act.present |= FIELD_BIT(FIELD_CONNECTED) |
                           FIELD_BIT(FIELD_CONTACTED_BY_UNIT) | FIELD_BIT(FIELD_SOLVED) |
                           FIELD_BIT(FIELD_SATISFACTION);
        break;
    case ACT_REPLY:
        carry_reply(&cmd.act, chore->at);
        /* fall through */
    case ACT_SIGN:
        cmd.actor = (struct actor){ .kind = ACTOR_USER,
                                    .id = 2,
                                    .unit_id = 1000 + (int64_t)(i * 13 % UNITS),
                                    .roles = ROLE_BIT(ROLE_HANDLER) };
        break;
    default:
        break;
    }
    return ticket_act_run(txn, &cmd);
}

static enum err
chore_run(struct txn *txn, struct job *job)
{
    struct chore *chore = job_as(job, struct chore);

    for (size_t i = chore->first; i < chore->last; i++) {
        if (!chore->takes_all && (i % SLOW == 0) != chore->is_slow)
            continue;
        TRY(chore->action == TICKET_ACTION_COUNT ? receive(txn, chore, i)
                                                 : do_action(txn, chore, i));
    }
    return OK;
}

static void
all_do(struct county *county, size_t first, size_t last, const struct chore *like)
{
    if (last > county->count)
        last = county->count;
    for (size_t at = first; at < last; at += STEPS_A_JOB) {
        struct chore chore = *like;

        chore.job = (struct job){ .name = "chore", .run = chore_run };
        chore.county = county;
        chore.first = at;
        chore.last = at + STEPS_A_JOB < last ? at + STEPS_A_JOB : last;
        enum err err = writer_run(county->writer, &chore.job);
        if (err != OK)
            fprintf(stderr, "%s %s\n", choice_word(&words_action, (int)chore.action),
                    chore.job.problem.value);
        must(err, "a ticket's turn");
    }
}

static void
sweep(struct county *county, int64_t now)
{
    struct cmd_sweep cmd;

    do {
        cmd_sweep_init(&cmd, now, SWEEP_BATCH);
        must(writer_run(county->writer, &cmd.job), "sweep");
    } while (cmd.next_due_at != 0 && cmd.next_due_at < now);
}

/* So that a server which opens the county has nothing left to do. */
static void
index_all(struct county *county)
{
    struct cmd_index cmd;

    do {
        cmd_index_init(&cmd, STEPS_A_JOB);
        must(writer_run(county->writer, &cmd.job), "index");
    } while (cmd.indexed > 0);
}

/* Day by day, so that no event is older than the one before it. */
static void
live_a_year(struct county *county, int64_t now)
{
    const size_t a_day = (county->count + YEAR_DAYS - 1) / YEAR_DAYS;
    int32_t today = time_day(now);

    for (int32_t day = 0; day < YEAR_DAYS; day++) {
        int64_t at = time_day_start(today - YEAR_DAYS + day);
        size_t first = (size_t)day * a_day, of_before = day < 1 ? 0 : first - a_day,
               before_that = day < 2 ? 0 : of_before - a_day,
               slow = day < SLOW_DAYS ? 0 : first - SLOW_DAYS * a_day;
        const struct {
            enum ticket_action action;
            int64_t version;
            int hour;
            size_t first, last;
            bool takes_all, is_slow;
        } turns[] = {
            { TICKET_ACTION_COUNT, 0, 9, first, first + a_day, true, false },
            { ACT_DISPATCH, 1, 10, first, first + a_day, true, false },
            { ACT_SIGN, 2, 11, first, first + a_day, true, false },
            { ACT_REPLY, 3, 14, of_before, first, false, false },
            { ACT_REPLY, 3, 14, slow, slow + (day < SLOW_DAYS ? 0 : a_day), false, true },
            { ACT_APPROVE_REPLY, 4, 15, of_before, first, false, false },
            { ACT_APPROVE_REPLY, 4, 15, slow, slow + (day < SLOW_DAYS ? 0 : a_day), false,
              true },
            { ACT_CALL_BACK, 5, 16, before_that, of_before, false, false },
        };

        for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
            sweep(county, at + turns[i].hour * HOUR_S);
            all_do(county, turns[i].first, turns[i].last,
                   &(struct chore){ .action = turns[i].action,
                                    .version = turns[i].version,
                                    .at = at + turns[i].hour * HOUR_S,
                                    .takes_all = turns[i].takes_all,
                                    .is_slow = turns[i].is_slow });
        }
        sweep(county, time_day_end(today - YEAR_DAYS + day));
    }
    sweep(county, now);
}

/* All at once, and nobody answers. */
static void
fall_due(struct county *county, int64_t at)
{
    all_do(county, 0, county->count,
           &(struct chore){ .action = TICKET_ACTION_COUNT,
                            .at = at,
                            .takes_all = true,
                            .is_one_channel = true });
    all_do(county, 0, county->count,
           &(struct chore){
               .action = ACT_DISPATCH, .version = 1, .at = at, .takes_all = true });
    all_do(
        county, 0, county->count,
        &(struct chore){ .action = ACT_SIGN, .version = 2, .at = at, .takes_all = true });
}

/* Units, areas and the codes of categories, before the store is opened. */
static void
prepare(struct county *county, const char *directory)
{
    char path[PATH_MAX], sql[400];
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;

    if (!text_format(path, sizeof path, "%s/yidan.db", directory) ||
        sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        must(ERR_INTERNAL, "the database");
    for (int i = 0; i < UNITS; i++) {
        (void)snprintf(
            sql, sizeof sql,
            "INSERT INTO unit (id, code, name, short_name, kind, head, deputy,"
            " contact) VALUES (%d, 'U%02d', '单位%d', '单位%d', '%s', 'h', 'd',"
            " 'c')",
            1000 + i, i, i, i, i % 2 == 0 ? "township" : "department");
        if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
            must(ERR_INTERNAL, sqlite3_errmsg(db));
    }
    for (int i = 0; i < AREAS; i++) {
        (void)snprintf(sql, sizeof sql,
                       "INSERT INTO area (code, name) VALUES ('A%02d', '村%d')", i, i);
        if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
            must(ERR_INTERNAL, sqlite3_errmsg(db));
    }
    if (sqlite3_prepare_v2(db, "SELECT code FROM category WHERE length(code) = 6", -1,
                           &stmt, NULL) != SQLITE_OK)
        must(ERR_INTERNAL, sqlite3_errmsg(db));
    while (sqlite3_step(stmt) == SQLITE_ROW && county->category_count < CATEGORIES_MAX)
        (void)snprintf(county->categories[county->category_count++], CODE_BYTES, "%s",
                       (const char *)sqlite3_column_text(stmt, 0));
    (void)sqlite3_finalize(stmt); /* repeats the step's error */
    (void)sqlite3_close(db);      /* every statement is finalized */
    if (county->category_count == 0)
        must(ERR_NOT_FOUND, "categories");
}

int
main(int argc, char **argv)
{
    static struct config config;
    struct county county = { .count = argc < 3 ? 0 : strtoul(argv[2], NULL, 10) };
    struct problem problem = { .value = "" };
    struct store *store = NULL;
    struct timespec began, ended;

    if (county.count == 0) {
        fprintf(stderr, "usage: county DIRECTORY N [AT TO]\n");
        return 2;
    }
    county.nos = calloc(county.count, sizeof *county.nos);
    if (county.nos == NULL)
        return 1;
    must(crypt_start(), "crypt");
    config_defaults(&config);
    if (!text_format(config.data, sizeof config.data, "%s", argv[1]))
        return 2;
    prepare(&county, argv[1]);
    must(store_open(&config, &store, &problem), "store");
    must(writer_open(store, &county.writer), "writer");
    (void)clock_gettime(CLOCK_MONOTONIC, &began); /* cannot fail */
    if (argc > 4) {
        fall_due(&county, strtoll(argv[3], NULL, 10));
        sweep(&county, strtoll(argv[4], NULL, 10));
    } else
        live_a_year(&county, (int64_t)time(NULL));
    index_all(&county);
    (void)clock_gettime(CLOCK_MONOTONIC, &ended);
    writer_free(county.writer);
    store_close(store);
    free(county.nos);
    double seconds = (double)(ended.tv_sec - began.tv_sec) +
                     (double)(ended.tv_nsec - began.tv_nsec) / 1e9;
    printf("{\"tickets\":%zu,\"seconds\":%.1f}\n", county.count, seconds);
    return 0;
}
