#ifndef YIDAN_TESTS_STORE_FIXTURE_H
#define YIDAN_TESTS_STORE_FIXTURE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "base/error.h"
#include "store/job.h"
#include "store/store.h"
#include "store/writer.h"
#include "support/tempdir.h"

/*
 * store_fixture.h - a store and its writer in a directory of the test's own,
 *                   and jobs made of SQL.
 *
 * A failure here fails the test that runs.
 */

struct store_fixture {
    struct tempdir dir;
    struct config config;
    struct store *store;
    struct writer *writer;
};

/* The directory and the configuration only: a test may change it, then _start. */
void store_fixture_prepare(struct store_fixture *fixture);
void store_fixture_start(struct store_fixture *fixture);
/* Both. */
void store_fixture_open(struct store_fixture *fixture);
/* Writer and store; the directory stays, and _start may follow. */
void store_fixture_stop(struct store_fixture *fixture);
/* All. */
void store_fixture_close(struct store_fixture *fixture);

/* Run SQL as one job and wait. */
enum err store_fixture_write(struct store_fixture *fixture, const char *sql);
/* INSERT a row named `name` into `setting`, a table where any row may stand. */
enum err store_fixture_note(struct store_fixture *fixture, const char *name);
/* The first column of the first row, read on a connection of its own. */
int64_t store_fixture_number(const struct tempdir *dir, const char *sql);
/* How many rows of `setting` are named `name`. */
int64_t store_fixture_noted(const struct tempdir *dir, const char *name);

/* A door that threads wait at until it is opened. */
struct gate {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    bool is_open;
    int waiting; /* at the door */
    int passed;  /* counted by gate_count() */
};
void gate_init(struct gate *gate);
void gate_wait(struct gate *gate);                     /* until it is open */
void gate_await_waiting(struct gate *gate, int count); /* until so many wait */
void gate_open(struct gate *gate);
void gate_count(struct gate *gate);                   /* one more has passed */
void gate_await_passed(struct gate *gate, int count); /* until so many have */

/* A job made of SQL; what it does first and last is there for a test to see. */
struct sql_job {
    struct job job;
    const char *sql;     /* may be NULL */
    enum err answer;     /* of run(), after the SQL */
    struct gate *before; /* waits there in run(); may be NULL */
    struct gate *after;  /* counted in done() */
    int ran_as, done_as; /* places in the order of all; 0: never */
    int run_count, done_count;
};
void sql_job_init(struct sql_job *job, const char *sql, struct gate *after);
/* Reserve and submit. */
void sql_job_submit(struct store_fixture *fixture, struct sql_job *job);
/*
 * Submit a job that holds the writer until `door` opens; it runs when this returns.  It may
 * run again.
 */
void sql_job_hold(struct store_fixture *fixture, struct sql_job *job, struct gate *door,
                  struct gate *after);

/*
 * As writer_run(), of a job that may run again, and which does: one behind it in its batch
 * is refused after its first row.
 */
enum err store_fixture_run_twice(struct store_fixture *fixture, struct job *job);

#endif
