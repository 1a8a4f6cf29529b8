#include "store/rulebook.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "domain/calendar.h"
#include "store/settings.h"
#include "store_internal.h"

/*
 * rulebook.c - the counted snapshot of what the office has set.
 *
 * 1. A rulebook is never changed after it stands in the store.
 * 2. The store holds one count; the last one to give it back frees it.
 * 3. A rulebook that would not be valid never replaces one that is.
 */

struct counted {
    struct rulebook rulebook; /* first, what callers hold */
    atomic_int count;
};

static struct counted *
counted_of(const struct rulebook *rulebook)
{
    /* Only the count behind it changes. */
    return (struct counted *)(uintptr_t)rulebook;
}

const struct rulebook *
rulebook_acquire(struct store *store)
{
    (void)pthread_mutex_lock(&store->rulebook_lock); /* ours, initialised */
    const struct rulebook *rulebook = store->rulebook;

    (void)atomic_fetch_add(&counted_of(rulebook)->count, 1);
    (void)pthread_mutex_unlock(&store->rulebook_lock);
    return rulebook;
}

void
rulebook_release(const struct rulebook *rulebook)
{
    if (rulebook == NULL)
        return;
    struct counted *counted = counted_of(rulebook);

    if (atomic_fetch_sub(&counted->count, 1) == 1) {
        calendar_free(counted->rulebook.calendar);
        free(counted->rulebook.units);
        free(counted);
    }
}

const struct channel *
rulebook_channel(const struct rulebook *rulebook, const char *code)
{
    for (size_t i = 0; i < rulebook->channel_count; i++)
        if (strcmp(rulebook->channels[i].code, code) == 0)
            return &rulebook->channels[i];
    return NULL;
}

static int
compare_units(const void *a, const void *b)
{
    const struct unit_names *one = a, *other = b;

    return (one->id > other->id) - (one->id < other->id);
}

const struct unit_names *
rulebook_unit(const struct rulebook *rulebook, int64_t id)
{
    const struct unit_names sought = { .id = id };

    return rulebook->unit_count == 0 || id == 0
               ? NULL
               : bsearch(&sought, rulebook->units, rulebook->unit_count, sizeof sought,
                         compare_units);
}

/* --- Loading ----------------------------------------------------------- */

/* Room for one more of `size` bytes in `*rows`; arrays double. */
static enum err
grow(void **rows, size_t count, size_t size)
{
    if (count != 0 && (count & (count - 1)) != 0)
        return OK; /* not a power of two: there is room */
    void *grown = realloc(*rows, (count == 0 ? 1 : count * 2) * size);

    if (grown == NULL)
        return ERR_NO_MEMORY;
    *rows = grown;
    return OK;
}

static enum err
load_years(struct db *db, int **years, size_t *count)
{
    struct stmt *q = query(db, Q_RULEBOOK_YEARS);
    bool has_row = false;
    enum err error = query_next(q, &has_row);

    while (error == OK && has_row) {
        void *rows = *years;

        error = grow(&rows, *count, sizeof **years);
        *years = rows;
        if (error != OK)
            break;
        (*years)[(*count)++] = (int)row_int(q);
        error = query_next(q, &has_row);
    }
    query_end(q);
    return error;
}

static enum err
load_days(struct db *db, struct calendar_exception **days, size_t *count)
{
    struct stmt *q = query(db, Q_RULEBOOK_DAYS);
    bool has_row = false;
    enum err error = query_next(q, &has_row);

    while (error == OK && has_row) {
        void *rows = *days;

        error = grow(&rows, *count, sizeof **days);
        *days = rows;
        if (error != OK)
            break;
        struct calendar_exception *day = &(*days)[(*count)++];

        day->day = (int32_t)row_int(q);
        day->is_workday = row_int(q) != 0;
        error = query_next(q, &has_row);
    }
    query_end(q);
    return error;
}

static enum err
load_calendar(struct db *db, struct rulebook *rulebook)
{
    int *years = NULL;
    size_t year_count = 0;
    struct calendar_exception *days = NULL;
    size_t day_count = 0;
    enum err error = load_years(db, &years, &year_count);

    if (error == OK)
        error = load_days(db, &days, &day_count);
    if (error == OK)
        error = calendar_new(years, year_count, days, day_count, &rulebook->calendar);
    free(years);
    free(days);
    return error;
}

static enum err
load_channels(struct db *db, struct rulebook *rulebook)
{
    struct stmt *q = query(db, Q_RULEBOOK_CHANNELS);
    bool has_row = false;

    TRY(query_next(q, &has_row));
    while (has_row) {
        if (rulebook->channel_count == CHANNELS_MAX) {
            query_end(q);
            return ERR_STORE; /* 26 letters: the schema does not allow more */
        }
        struct channel *channel = &rulebook->channels[rulebook->channel_count++];

        row_copy(q, channel->code, sizeof channel->code);
        row_copy(q, channel->zh, sizeof channel->zh);
        row_copy(q, channel->en, sizeof channel->en);
        channel->letter = row_text(q)[0]; /* NOT NULL and a letter by CHECK */
        channel->workdays = (int32_t)row_int(q);
        channel->is_enabled = row_int(q) != 0;
        TRY(query_next(q, &has_row));
    }
    return OK;
}

static enum err
load_units(struct db *db, struct rulebook *rulebook)
{
    struct stmt *q = query(db, Q_RULEBOOK_UNITS);
    bool has_row = false;
    enum err error = query_next(q, &has_row);

    while (error == OK && has_row) {
        void *rows = rulebook->units;

        error = grow(&rows, rulebook->unit_count, sizeof *rulebook->units);
        rulebook->units = rows;
        if (error != OK)
            break;
        struct unit_names *unit = &rulebook->units[rulebook->unit_count++];

        unit->id = row_int(q);
        row_copy(q, unit->code, sizeof unit->code);
        row_copy(q, unit->name, sizeof unit->name);
        row_copy(q, unit->short_name, sizeof unit->short_name);
        error = query_next(q, &has_row);
    }
    query_end(q);
    return error;
}

static enum err
load_limits(struct db *db, struct limits *limits)
{
    struct stmt *q = query(db, Q_RULEBOOK_LIMITS);
    bool has_row = false;

    TRY(query_next(q, &has_row));
    while (has_row) {
        int step = choice_find(&words_step, row_text(q));
        int urgency = choice_find(&words_urgency, row_text(q));
        int64_t amount = row_int(q);
        int unit = choice_find(&words_limit_unit, row_text(q));

        if (step < 0 || urgency < 0 || unit < 0) {
            query_end(q);
            return ERR_CONFIG_VALUE;
        }
        limits->cell[step][urgency] =
            (struct limit){ .amount = (int32_t)amount, .unit = (enum limit_unit)unit };
        TRY(query_next(q, &has_row));
    }
    return OK;
}

static const struct limit_scalar *
scalar_find(const char *name)
{
    for (size_t i = 0; i < LIMIT_SCALAR_COUNT; i++)
        if (strcmp(limit_scalars[i].name, name) == 0)
            return &limit_scalars[i];
    return NULL;
}

static bool
number_parse(const char *text, const struct limit_scalar *scalar, int32_t *ret_number)
{
    char *end = NULL;

    errno = 0;
    long number = strtol(text, &end, 10);

    if (errno != 0 || end == text || *end != '\0' || number < scalar->min ||
        number > scalar->max)
        return false;
    *ret_number = (int32_t)number;
    return true;
}

/* Table `setting` holds the scalars of the limits and the settings of the office. */
static enum err
load_settings(struct db *db, struct limits *limits, struct settings *settings)
{
    struct stmt *q = query(db, Q_RULEBOOK_SETTINGS);
    bool has_row = false;

    TRY(query_next(q, &has_row));
    while (has_row) {
        const char *name = row_text(q);
        const struct limit_scalar *scalar = scalar_find(name);
        const struct setting *setting = setting_find(name);
        const char *value = row_text(q);

        if ((scalar != NULL &&
             !number_parse(value, scalar,
                           (int32_t *)(void *)((char *)limits + scalar->offset))) ||
            (setting != NULL && !setting_parse(settings, setting, value))) {
            query_end(q);
            return ERR_CONFIG_VALUE;
        }
        TRY(query_next(q, &has_row));
    }
    return OK;
}

static enum err
load_versions(struct db *db, struct rulebook *rulebook)
{
    struct stmt *q = query(db, Q_RULEBOOK_VERSIONS);
    bool has_row = false;

    TRY(query_next(q, &has_row));
    while (has_row) {
        bool is_limits = strcmp(row_text(q), SETTINGS_LIST_LIMITS) == 0;

        *(is_limits ? &rulebook->limits_version : &rulebook->settings_version) =
            row_int(q);
        TRY(query_next(q, &has_row));
    }
    return OK;
}

static enum err
load(struct db *db, struct rulebook *rulebook)
{
    TRY(load_calendar(db, rulebook));
    TRY(load_channels(db, rulebook));
    TRY(load_units(db, rulebook));
    rulebook->limits = limits_defaults();
    TRY(load_limits(db, &rulebook->limits));
    rulebook->settings = settings_defaults();
    TRY(load_settings(db, &rulebook->limits, &rulebook->settings));
    TRY(load_versions(db, rulebook));
    return limits_are_valid(&rulebook->limits) ? OK : ERR_CONFIG_VALUE;
}

enum err
rulebook_read(struct db *db, const struct rulebook **ret_rulebook)
{
    static atomic_llong last_number;
    struct counted *counted = calloc(1, sizeof *counted);

    if (counted == NULL)
        return ERR_NO_MEMORY;
    atomic_init(&counted->count, 1);
    counted->rulebook.number = atomic_fetch_add(&last_number, 1) + 1;
    enum err error = load(db, &counted->rulebook);

    if (error != OK) {
        rulebook_release(&counted->rulebook);
        return error;
    }
    *ret_rulebook = &counted->rulebook;
    return OK;
}

enum err
rulebook_reload(struct store *store, struct db *db)
{
    const struct rulebook *rulebook = NULL;

    TRY(rulebook_read(db, &rulebook));
    (void)pthread_mutex_lock(&store->rulebook_lock);
    const struct rulebook *before = store->rulebook;

    store->rulebook = rulebook;
    (void)pthread_mutex_unlock(&store->rulebook_lock);
    rulebook_release(before);
    return OK;
}
