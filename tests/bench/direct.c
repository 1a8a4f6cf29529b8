/*
 * direct.c - the bare SQLite loop: the rows a create writes, one commit each,
 * with the settings of our writer that cost something; no server, no rules, no
 * hashing.  What the write path is measured against.
 *
 *     direct FILE SECONDS     prints commits per second and CPU microseconds each
 *
 * FILE is a database that `yidan init` has made; it goes on behind what it wrote before.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "queries.gen.h"

static const enum query statements[] = {
    Q_SEQUENCE_RAISE,     Q_TICKET_INSERT,     Q_TICKET_TEXT_SAVE,
    Q_PETITIONER_INSERT,  Q_SUMMARY_DAY_ADD,   Q_SUMMARY_NOW_ADD,
    Q_EVENT_INSERT,       Q_EVENT_TEXT_INSERT, Q_EVENT_TEXT_INSERT,
    Q_EVENT_TEXT_INSERT,  Q_EVENT_TEXT_INSERT, Q_MOMENT_SAVE,
    Q_OUTBOX_INSERT,      Q_IDEMPOTENCY_SAVE,  Q_ASSESSMENT_FACT_INSERT,
    Q_ASSESSMENT_DAY_ADD,
};
#define STATEMENTS (sizeof statements / sizeof *statements)

static void
must(sqlite3 *db, int code)
{
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
        return;
    fprintf(stderr, "direct: %s\n", sqlite3_errmsg(db));
    exit(1);
}

/* A value that the schema takes for a statement's parameter `name` in the `n`-th round. */
static void
bind(size_t statement, sqlite3_stmt *stmt, int index, const char *name, long n, long seq)
{
    static const struct {
        const char *name, *text;
    } texts[] = {
        { ":channel", "phone" },
        { ":kind", "other" },
        { ":urgency", "normal" },
        { ":state", "received" },
        { ":light", "none" },
        { ":actor_kind", "user" },
        { ":type", "created" },
        { ":payload", "{}" },
        { ":measure", "received" },
        { ":query_code", "12345678" },
        { ":actor", "user:1" },
        { ":result", "20261123-R0042" },
        { ":title", "title" },
        { ":content", "The street lamp has been out for a week; please mend it." },
    };
    static const char *const nulls[] = {
        ":upstream",
        ":upstream_no",
        ":area",
        ":category",
        ":outcome",
        ":told_way",
        ":satisfaction_first",
        ":satisfaction_final",
        ":exclude_class",
        ":merged_from_state",
        ":from_state",
        ":to_state",
        ":text",
        ":sealed",
        ":public_text",
    };
    static const unsigned char bytes[64];
    const enum query which = statements[statement];
    char unique[32];

    if (which == Q_PETITIONER_INSERT && strcmp(name, ":kind") == 0) {
        sqlite3_bind_text(stmt, index, "person", -1, SQLITE_STATIC);
        return;
    }
    if (strcmp(name, ":measures") == 0 || which == Q_ASSESSMENT_DAY_ADD) {
        sqlite3_bind_int64(stmt, index, 1);
        return;
    }
    for (size_t i = 0; i < sizeof nulls / sizeof *nulls; i++)
        if (strcmp(nulls[i], name) == 0)
            return;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(texts[i].name, name) == 0) {
            sqlite3_bind_text(stmt, index, texts[i].text, -1, SQLITE_STATIC);
            return;
        }
    if (strcmp(name, ":no") == 0 || strcmp(name, ":key") == 0) {
        snprintf(unique, sizeof unique, "T%ld", n);
        sqlite3_bind_text(stmt, index, unique, -1, SQLITE_TRANSIENT);
    } else if (strcmp(name, ":field") == 0) {
        snprintf(unique, sizeof unique, "field %zu", statement);
        sqlite3_bind_text(stmt, index, unique, -1, SQLITE_TRANSIENT);
    } else if (which == Q_SEQUENCE_RAISE)
        sqlite3_bind_text(stmt, index, "counter", -1, SQLITE_STATIC);
    else if (strcmp(name, ":hash") == 0 || strcmp(name, ":salt") == 0 ||
             strcmp(name, ":body_hash") == 0 || strcmp(name, ":phone_index") == 0)
        sqlite3_bind_blob(stmt, index, bytes, 32, SQLITE_STATIC);
    else if (strcmp(name, ":name") == 0 || strcmp(name, ":phone") == 0 ||
             strcmp(name, ":contact_note") == 0)
        sqlite3_bind_blob(stmt, index, bytes, sizeof bytes, SQLITE_STATIC);
    else if (strcmp(name, ":seq") == 0 || strcmp(name, ":event_seq") == 0)
        sqlite3_bind_int64(stmt, index, seq);
    else if (strcmp(name, ":id") == 0 || strcmp(name, ":ticket_id") == 0)
        sqlite3_bind_int64(stmt, index, n);
    else if (strncmp(name, ":is_", 4) == 0 || strcmp(name, ":version") == 0)
        sqlite3_bind_int64(stmt, index, 1);
    else
        sqlite3_bind_int64(stmt, index, 0);
}

/* The largest number there is; ours go on behind it. */
static long
largest(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt;

    must(db, sqlite3_prepare_v2(db, sql, -1, &stmt, NULL));
    must(db, sqlite3_step(stmt));
    long number = (long)sqlite3_column_int64(stmt, 0);

    must(db, sqlite3_finalize(stmt));
    return number;
}

static double
seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
    sqlite3_stmt *prepared[STATEMENTS];
    sqlite3 *db;

    if (argc != 3)
        return 2;
    must(NULL, sqlite3_config(SQLITE_CONFIG_MULTITHREAD));
    must(NULL, sqlite3_open(argv[1], &db));
    must(db, sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;", NULL,
                          NULL, NULL));
    must(db, sqlite3_exec(db,
                          "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;"
                          "PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON;",
                          NULL, NULL, NULL));
    for (size_t i = 0; i < STATEMENTS; i++)
        must(db, sqlite3_prepare_v3(db, query_texts[statements[i]].sql, -1,
                                    SQLITE_PREPARE_PERSISTENT, &prepared[i], NULL));

    double begin = seconds_now(), end = begin + atof(argv[2]), now = begin;
    const long events = largest(db, "SELECT max(seq) FROM event");
    const long first = largest(db, "SELECT max(id) FROM ticket");
    long n = first;
    while (now < end) {
        n++;
        must(db, sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL));
        for (size_t i = 0; i < STATEMENTS; i++) {
            for (int k = 1; k <= sqlite3_bind_parameter_count(prepared[i]); k++)
                bind(i, prepared[i], k, sqlite3_bind_parameter_name(prepared[i], k), n,
                     events + n - first);
            must(db, sqlite3_step(prepared[i]));
            must(db, sqlite3_reset(prepared[i]));
        }
        must(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
        now = seconds_now();
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
                 (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    printf("{\"rate\":%.1f,\"cpu_us\":%.2f}\n", (double)(n - first) / (now - begin),
           cpu / (double)(n - first));
    for (size_t i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(prepared[i]);
    sqlite3_close(db);
    return 0;
}
