#ifndef YIDAN_TESTS_PEOPLE_H
#define YIDAN_TESTS_PEOPLE_H

#include <stdint.h>

#include "domain/ticket.h"
#include "store/writer.h"

/*
 * people.h - a unit `office`, a unit `town`, and one account for each role,
 *            whose login is the role's word: clerk, handler … auditor.
 *
 * They are written by one job with one hash made beforehand, because a real
 * one takes its time.  A failure here fails the test that runs.
 */

#define PEOPLE_PASSWORD "correct horse battery"

/* handler, unit_head: in `town`; the others in `office`, which may be there already. */
void people_fill(struct writer *writer, int64_t now);

/* One more account, in `unit`. */
void people_add(struct writer *writer, const char *login, const char *unit,
                uint32_t roles, int64_t now);

/* The actor that `login` is. */
struct actor people_actor(struct writer *writer, const char *login);

/* A session without a password: its cookie's secret, and the CSRF token. */
#define PEOPLE_SECRET_BYTES 44
void people_session(struct writer *writer, const char *login, int64_t now,
                    char ret_token[PEOPLE_SECRET_BYTES],
                    char ret_csrf[PEOPLE_SECRET_BYTES]);

#endif
