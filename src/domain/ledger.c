/*
 * ledger.c - the texts of a row of an old ledger, read.
 *
 * What is kept of a fault never holds what was typed: a phone may stand in any
 * column.
 */
#include "domain/ledger.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/timeutil.h"

enum field_kind {
    FIELD_KIND_TEXT,
    FIELD_KIND_NAME, /* of something that is looked up */
    FIELD_KIND_CODE,
    FIELD_KIND_NO,
    FIELD_KIND_PHONE,
    FIELD_KIND_TIME,
    FIELD_KIND_KIND,
    FIELD_KIND_URGENCY,
    FIELD_KIND_OUTCOME,
    FIELD_KIND_SATISFACTION,
};

static const struct field {
    enum field_kind kind;
    size_t characters;
    const char *others;
} fields[LEDGER_FIELD_COUNT] = {
#define X(NAME, word, kind_, characters_, header, others_)                               \
    [LEDGER_##NAME] = { FIELD_KIND_##kind_, characters_, others_ },
    LEDGER_FIELDS(X)
#undef X
};

#define X(NAME, word_, kind, characters, header, others)                                 \
    { .word = word_, .zh = header, .en = word_ },
static const struct choice ledger_field_items[] = { LEDGER_FIELDS(X) };
#undef X
const struct choices words_ledger_field = { "ledger_field", ledger_field_items,
                                            LEDGER_FIELD_COUNT };

/* Is `text` one of the names in `names`, which bars separate? */
static bool
is_among(const char *text, const char *names)
{
    size_t bytes = strlen(text);

    while (*names != '\0') {
        size_t length = strcspn(names, "|");
        if (length == bytes && memcmp(names, text, bytes) == 0)
            return true;
        names += length + (names[length] == '|');
    }
    return false;
}

int
ledger_field_of(const char *header)
{
    for (int i = 0; i < LEDGER_FIELD_COUNT; i++)
        if (strcmp(header, ledger_field_items[i].word) == 0 ||
            strcmp(header, ledger_field_items[i].zh) == 0 ||
            is_among(header, fields[i].others))
            return i;
    return -1;
}

static int
field_of_word(const char *word, size_t bytes)
{
    for (int i = 0; i < LEDGER_FIELD_COUNT; i++)
        if (strlen(ledger_field_items[i].word) == bytes &&
            memcmp(ledger_field_items[i].word, word, bytes) == 0)
            return i;
    return CHOICE_NONE;
}

bool
ledger_pairs_are_good(const char *pairs)
{
    bool is_given[LEDGER_FIELD_COUNT] = { false };

    while (*pairs != '\0') {
        size_t bytes = strcspn(pairs, ","), word = strcspn(pairs, ":");
        int field = word < bytes ? field_of_word(pairs, word) : CHOICE_NONE;

        if (field == CHOICE_NONE || word + 1 == bytes || is_given[field])
            return false;
        is_given[field] = true;
        pairs += bytes;
        if (*pairs == ',' && *++pairs == '\0')
            return false;
    }
    return true;
}

void
ledger_fault(struct ledger_row *row, int field, enum err code, const char *value)
{
    if (row->fault_count == LEDGER_FAULTS_MAX)
        return;
    struct ledger_fault *fault = &row->faults[row->fault_count++];
    *fault = (struct ledger_fault){ .field = field, .code = code };
    if (value != NULL)
        (void)text_format(fault->value, sizeof fault->value, "%s", value);
}

static bool
has_fault(const struct ledger_row *row, int field)
{
    for (size_t i = 0; i < row->fault_count; i++)
        if (row->faults[i].field == field)
            return true;
    return false;
}

/* --- Times ------------------------------------------------------------------------- */

/* Take a number of at most `digits` digits.  False: there is none. */
static bool
take_number(const char **text, int digits, int *ret_number)
{
    int number = 0, count = 0;

    for (; count < digits && isdigit((unsigned char)**text); count++)
        number = number * 10 + (*(*text)++ - '0');
    *ret_number = number;
    return count > 0;
}

/* Take one of the separators, which bars separate; "" among them: or nothing. */
static bool
take_separator(const char **text, const char *separators)
{
    while (*separators != '\0') {
        size_t length = strcspn(separators, "|");
        if (strncmp(*text, separators, length) == 0) {
            *text += length;
            return true;
        }
        separators += length + (separators[length] == '|');
    }
    return false;
}

/* 2019-04-25, 2019/4/25, 2019.4.25, 2019年4月25日 */
static bool
take_day(const char **text, int32_t *ret_day)
{
    struct civil_date date;
    char written[TIME_TEXT_BYTES];

    if (!take_number(text, 4, &date.year) || !take_separator(text, "-|/|.|年") ||
        !take_number(text, 2, &date.month) || !take_separator(text, "-|/|.|月") ||
        !take_number(text, 2, &date.mday))
        return false;
    (void)take_separator(text, "日"); /* not in every spelling */
    return text_format(written, sizeof written, "%04d-%02d-%02d", date.year, date.month,
                       date.mday) &&
           time_parse_day(written, ret_day); /* does it exist? */
}

/* 9:32, 09:32:09, 9时32分 */
static bool
take_clock(const char **text, int *ret_seconds)
{
    int hour, minute, second = 0;

    if (!take_number(text, 2, &hour) || !take_separator(text, ":|：|时|点") ||
        !take_number(text, 2, &minute))
        return false;
    if (take_separator(text, ":|：|分") && isdigit((unsigned char)**text))
        (void)take_number(text, 2, &second); /* there is a digit */
    (void)take_separator(text, "秒");        /* not in every spelling */
    *ret_seconds = hour * 3600 + minute * 60 + second;
    return hour < 24 && minute < 60 && second < 60;
}

/* Read a time in the zone of the service, or RFC 3339 with an offset. */
static bool
read_time(const char *text, int64_t *ret_at, bool *ret_is_day)
{
    int32_t day;
    int seconds = 0;

    *ret_is_day = false;
    if (time_parse(text, ret_at))
        return true;
    if (!take_day(&text, &day))
        return false;
    *ret_is_day = *text == '\0';
    if (!*ret_is_day) {
        (void)take_separator(&text, "T"); /* or a space, or nothing behind 日 */
        while (*text == ' ')
            text++;
        if (!take_clock(&text, &seconds) || *text != '\0')
            return false;
    }
    *ret_at = time_day_start(day) + seconds;
    return true;
}

/* --- Fields -------------------------------------------------------------------------- */

/* The index of a word or of a label in either language, or -1. */
static int
choice_of(const struct choices *choices, const char *text)
{
    for (size_t i = 0; i < choices->count; i++)
        if (strcmp(text, choices->items[i].word) == 0 ||
            strcmp(text, choices->items[i].zh) == 0 ||
            strcmp(text, choices->items[i].en) == 0)
            return (int)i;
    return -1;
}

static void
read_choice(struct ledger_row *row, int field, const struct choices *choices, int *ret)
{
    *ret = choice_of(choices, row->texts[field]);
    if (*ret == CHOICE_NONE)
        ledger_fault(row, field, ERR_FIELD_CHOICE, NULL);
}

/* An own number must stand in a path as it is. */
static bool
is_number(const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        if (!isalnum((unsigned char)*at) && strchr("-_.", *at) == NULL)
            return false;
    return text[0] != '.' && strlen(text) < TICKET_NO_BYTES;
}

static void
read_field(struct ledger_row *row, int field, const char *area_code, bool *ret_is_day)
{
    const char *text = row->texts[field];
    char phone[PHONE_BYTES], limit[TICKET_NO_BYTES];

    if (fields[field].characters != 0 &&
        text_characters(text) > fields[field].characters) {
        (void)text_format(limit, sizeof limit, "%zu", fields[field].characters);
        ledger_fault(row, field, ERR_FIELD_TOO_LONG, limit);
        return;
    }
    switch (fields[field].kind) {
    case FIELD_KIND_TEXT:
    case FIELD_KIND_NAME:
        break;
    case FIELD_KIND_CODE:
    case FIELD_KIND_NO:
        if (!is_number(text))
            ledger_fault(row, field, ERR_FIELD_INVALID, NULL);
        break;
    case FIELD_KIND_PHONE:
        if (!text_phone(text, area_code, phone))
            ledger_fault(row, field, ERR_FIELD_PHONE, NULL);
        break;
    case FIELD_KIND_TIME:
        if (!read_time(text, &row->times[field], ret_is_day))
            ledger_fault(row, field, ERR_FIELD_TIME, NULL);
        break;
    case FIELD_KIND_KIND:
        read_choice(row, field, &words_kind, &row->kind);
        break;
    case FIELD_KIND_URGENCY:
        read_choice(row, field, &words_urgency, &row->urgency);
        break;
    case FIELD_KIND_OUTCOME:
        read_choice(row, field, &words_outcome, &row->outcome);
        break;
    case FIELD_KIND_SATISFACTION:
        read_choice(row, field, &words_satisfaction, &row->satisfaction);
        break;
    }
}

/* --- What belongs together ------------------------------------------------------------ */

static void
need(struct ledger_row *row, int field, bool is_needed)
{
    if (is_needed && row->texts[field] == NULL)
        ledger_fault(row, field, ERR_FIELD_MISSING, NULL);
}

static void
check_presence(struct ledger_row *row)
{
#define GIVEN(NAME) (row->texts[LEDGER_##NAME] != NULL)
    bool is_over =
        GIVEN(REPLIED_AT) || GIVEN(CLOSED_AT) || GIVEN(OUTCOME) || GIVEN(SATISFACTION);

    need(row, LEDGER_CHANNEL, true);
    need(row, LEDGER_RECEIVED_AT, true);
    need(row, LEDGER_CONTENT, true);
    need(row, LEDGER_UPSTREAM_NO, GIVEN(UPSTREAM));
    need(row, LEDGER_UPSTREAM, GIVEN(UPSTREAM_NO));
    need(row, LEDGER_LEAD_UNIT, GIVEN(DISPATCHED_AT) || GIVEN(SIGNED_AT));
    need(row, LEDGER_DISPATCHED_AT, GIVEN(LEAD_UNIT));
    need(row, LEDGER_REPLIED_AT, is_over || GIVEN(REPLY_TEXT));
    need(row, LEDGER_REPLY_TEXT, is_over);
#undef GIVEN
}

/* Received, dispatched, signed, replied, closed: in this order, and none in the future. */
static void
check_order(struct ledger_row *row, const bool is_day[LEDGER_FIELD_COUNT], int64_t now)
{
    static const int steps[] = { LEDGER_RECEIVED_AT, LEDGER_DISPATCHED_AT,
                                 LEDGER_SIGNED_AT, LEDGER_REPLIED_AT, LEDGER_CLOSED_AT };
    int before = CHOICE_NONE;

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        int step = steps[i];
        int64_t *at = &row->times[step];

        if (row->texts[step] == NULL || has_fault(row, step))
            continue;
        if (*at > now)
            ledger_fault(row, step, ERR_FIELD_FUTURE, NULL);
        if (before != CHOICE_NONE && *at < row->times[before]) {
            if (is_day[step] && time_day(*at) == time_day(row->times[before]))
                *at = row->times[before];
            else
                ledger_fault(row, step, ERR_FIELD_ORDER,
                             choice_word(&words_ledger_field, before));
        }
        before = step;
    }
}

void
ledger_read(const char *const texts[LEDGER_FIELD_COUNT], int64_t number,
            const char *area_code, int64_t now, struct ledger_row *ret_row)
{
    bool is_day[LEDGER_FIELD_COUNT] = { false };
    struct ledger_row *row = ret_row;

    *row = (struct ledger_row){
        .number = number,
        .kind = CHOICE_NONE,
        .urgency = CHOICE_NONE,
        .outcome = CHOICE_NONE,
        .satisfaction = CHOICE_NONE,
    };
    for (int i = 0; i < LEDGER_FIELD_COUNT; i++) {
        if (texts[i] == NULL || text_is_blank(texts[i]))
            continue;
        row->texts[i] = texts[i];
        read_field(row, i, area_code, &is_day[i]);
    }
    check_presence(row);
    check_order(row, is_day, now);
}
