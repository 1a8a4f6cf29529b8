#ifndef YIDAN_BACKGROUND_WORKER_H
#define YIDAN_BACKGROUND_WORKER_H

#include "base/error.h"

/*
 * worker.h - threads for what is slow before a write: passwords, files.
 *
 * Layer    background.
 * Threads  workers_offload() from any thread.
 */

struct job;
struct workers;
struct writer;

MUST_CHECK enum err workers_start(int threads, int room, struct workers **ret_workers);

/*
 * Run `job->prepare` on a worker, then submit the job to `writer`.  The writer
 * place was reserved before; it is given back when prepare fails, and then
 * `done` is called here with that error.  More than `room` waiting jobs are
 * refused with ERR_BUSY in the same way.  `workers` is a struct workers *; it
 * has this type to be http_config.offload.
 */
void workers_offload(void *workers, struct writer *writer, struct job *job);

/* Returns when nothing waits and nothing runs; more may be offloaded after it. */
void workers_drain(struct workers *workers);

/* Drain, end the threads, free. Nobody offloads any more. NULL does nothing. */
void workers_free(struct workers *workers);

#endif
