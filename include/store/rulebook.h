#ifndef YIDAN_STORE_RULEBOOK_H
#define YIDAN_STORE_RULEBOOK_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "domain/deadline.h"
#include "domain/settings.h"

/*
 * rulebook.h - calendar, limits, settings, channels and the names of units as one
 *              immutable snapshot.
 *
 * Layer    store.
 * Threads  a rulebook never changes; it is counted.  The writer replaces the
 *          store's snapshot after the commit of a job with changes_rulebook.
 */

struct calendar;
struct db;
struct store;

/* A code is plain; a name has up to 10 (zh) and 30 (en) characters of up to 4 bytes. */
#define CHANNEL_CODE_BYTES 16
#define CHANNEL_ZH_BYTES 41
#define CHANNEL_EN_BYTES 121

struct channel {
    char code[CHANNEL_CODE_BYTES];
    char zh[CHANNEL_ZH_BYTES], en[CHANNEL_EN_BYTES];
    char letter;
    int32_t workdays;
    bool is_enabled;
};

#define CHANNELS_MAX 26

/* What a unit is called: every line of every list says it. */
struct unit_names {
    int64_t id;
    char code[24];
    char name[164], short_name[84]; /* 40 and 20 characters */
};

struct rulebook {
    int64_t number; /* no other one has it */
    struct calendar *calendar;
    struct limits limits;
    struct settings settings;
    int64_t limits_version, settings_version; /* of each as one list */
    struct channel channels[CHANNELS_MAX];
    size_t channel_count;
    struct unit_names *units; /* by id */
    size_t unit_count;
};

/* The present snapshot, counted up; give it back with rulebook_release(). */
const struct rulebook *rulebook_acquire(struct store *store);
void rulebook_release(const struct rulebook *rulebook); /* NULL does nothing */

/* The channel, or NULL. */
const struct channel *rulebook_channel(const struct rulebook *rulebook, const char *code);

/* The unit `id`, or NULL; NULL for 0. */
const struct unit_names *rulebook_unit(const struct rulebook *rulebook, int64_t id);

/*
 * What the database holds now, the caller's own uncommitted rows included, as a
 * rulebook that stands nowhere else; give it back with rulebook_release().
 * Errors   ERR_CONFIG_VALUE  limits that may not be used
 */
MUST_CHECK enum err rulebook_read(struct db *db, const struct rulebook **ret_rulebook);

/* Load from the database and replace the snapshot: at start and by the writer. */
MUST_CHECK enum err rulebook_reload(struct store *store, struct db *db);

#endif
