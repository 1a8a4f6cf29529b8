/*
 * quality.c - the table of findings: how each is judged.
 *
 * 1. A row of `judges` looks at one thing and knows nothing of the others.
 * 2. What is found names no person: of personal data only the kind.  The
 *    petitioner's name is not looked for, as publish does: answered here, a
 *    guess would be confirmed without the event that reveal leaves.
 */
#include "domain/quality.h"

#include <string.h>
#include <strings.h>

#include "base/fold.h"
#include "base/text.h"
#include "domain/settings.h"

/* So much of the demand's pairs of characters, in percent, is a mention; at least one. */
#define MENTION_PERCENT 10

static const struct choice severities[] = {
    [QUALITY_WEAK] = { .word = "weak", .zh = "一般", .en = "weak" },
    [QUALITY_STRONG] = { .word = "strong", .zh = "严重", .en = "strong" },
};
const struct choices words_quality_severity = { "quality_severity", severities,
                                                sizeof severities / sizeof *severities };

/* A draft with its text in the forms that judges need. */
struct reading {
    const struct quality_draft *draft;
    struct arena *arena;
    const struct settings *settings;
    const char *joined; /* narrow, without white space */
    struct quality *quality;
};

typedef enum err judge(struct reading *reading, bool *ret_found);

/* --- Pairs ---------------------------------------------------------------------- */

enum err
quality_pairs(struct arena *arena, const char *text, similar_pair **ret_pairs,
              size_t *ret_count)
{
    struct fold fold = { .text = NULL };
    size_t bytes = strlen(text);
    size_t room = bytes < QUALITY_PAIRS_MAX ? bytes + 1 : QUALITY_PAIRS_MAX;
    similar_pair *pairs = arena_array(arena, similar_pair, room);
    enum err err = pairs == NULL ? ERR_NO_MEMORY : fold_add(&fold, text, bytes);

    if (err == OK) {
        *ret_count = fold.text == NULL ? 0 : similar_pairs(fold.text, pairs, room);
        *ret_pairs = pairs;
    }
    fold_done(&fold);
    return err;
}

/* --- The judges ------------------------------------------------------------------- */

static enum err
judge_length(struct reading *reading, bool *ret_found)
{
    struct quality *quality = reading->quality;

    quality->characters = (int32_t)text_characters(reading->joined);
    quality->characters_min = reading->settings->reply_characters_min;
    *ret_found = quality->characters < quality->characters_min;
    return OK;
}

/* `text` narrow and without white space, in the arena; NULL when there is no memory. */
static char *
join(struct arena *arena, const char *text)
{
    char *joined = arena_alloc(arena, strlen(text) + 1);

    if (joined != NULL)
        personal_fold(text, true, joined);
    return joined;
}

static enum err
judge_phrases(struct reading *reading, bool *ret_found)
{
    for (size_t i = 0; i < reading->draft->phrase_count; i++) {
        const char *phrase = join(reading->arena, reading->draft->phrases[i]);
        if (phrase == NULL)
            return ERR_NO_MEMORY;
        if (phrase[0] == '\0' || strcasestr(reading->joined, phrase) == NULL)
            continue;
        reading->quality->phrase = reading->draft->phrases[i];
        *ret_found = true;
        return OK;
    }
    return OK;
}

static enum err
judge_copy(struct reading *reading, bool *ret_found)
{
    const struct quality_draft *draft = reading->draft;
    struct quality *quality = reading->quality;

    *ret_found = draft->copy_percent >= reading->settings->reply_copy_percent;
    if (!*ret_found)
        return OK;
    quality->copy_percent = draft->copy_percent;
    memcpy(quality->copy_no, draft->copy_no, sizeof quality->copy_no);
    return OK;
}

/* Take each `phone` out of `text`, so that what stands on its sides stays apart. */
static void
strike(char *text, const char *phone)
{
    size_t bytes = strlen(phone);

    for (char *at = bytes == 0 ? NULL : strstr(text, phone); at != NULL;
         at = strstr(at + bytes, phone))
        for (size_t i = 0; i < bytes; i++)
            at[i] = ';';
}

/* Numbers of people, in digits or numerals; those of the office itself are public. */
static enum err
judge_personal(struct reading *reading, bool *ret_found)
{
    const struct quality_draft *draft = reading->draft;
    size_t bytes = strlen(draft->reply_text) + 1;
    char *plain = arena_alloc(reading->arena, bytes);
    char *numerals = arena_alloc(reading->arena, bytes);

    if (plain == NULL || numerals == NULL)
        return ERR_NO_MEMORY;
    personal_fold(draft->reply_text, false, plain);
    for (size_t i = 0; i < draft->own_phone_count; i++)
        strike(plain, draft->own_phones[i]);
    personal_fold_numerals(plain, numerals);
    enum personal found = personal_find(plain);
    if (found == PERSONAL_NONE)
        found = personal_find(numerals);
    reading->quality->personal = found;
    *ret_found = found != PERSONAL_NONE;
    return OK;
}

static enum err
judge_basis(struct reading *reading, bool *ret_found)
{
    const char *basis = reading->draft->basis;

    *ret_found = reading->draft->outcome == OUTCOME_EXPLAINED &&
                 (basis == NULL || text_is_blank(basis));
    return OK;
}

/* Nothing to speak of counts as spoken of. */
static enum err
judge_demand(struct reading *reading, bool *ret_found)
{
    const struct quality_draft *draft = reading->draft;
    similar_pair *wanted, *said;
    size_t wanted_count, said_count;

    if (draft->demand == NULL)
        return OK;
    TRY(quality_pairs(reading->arena, draft->demand, &wanted, &wanted_count));
    if (wanted_count == 0)
        return OK;
    TRY(quality_pairs(reading->arena, draft->reply_text, &said, &said_count));
    size_t shared = similar_shared(wanted, wanted_count, said, said_count);
    *ret_found = shared == 0 || shared * 100 < wanted_count * MENTION_PERCENT;
    if (*ret_found)
        reading->quality->demand = draft->demand;
    return OK;
}

/*
 * "Solved" is shown by a file attached as evidence, or by measures that name what
 * shows it: a picture, a record, a receipt, an inspection, a signature.
 */
static enum err
judge_evidence(struct reading *reading, bool *ret_found)
{
    static const char *const shown_by[] = {
        "照片", "拍照", "录像", "视频", "截图",  "图片",   "记录",    "笔录",   "台账",
        "票据", "收据", "回执", "凭证", "签字",  "签名",   "验收",    "检测",   "检验",
        "报告", "协议", "合同", "证明", "photo", "record", "receipt", "signed",
    };
    const struct quality_draft *draft = reading->draft;

    if (draft->outcome != OUTCOME_SOLVED || draft->evidence_count > 0)
        return OK;
    *ret_found = true;
    for (size_t i = 0; draft->measures != NULL && i < sizeof shown_by / sizeof *shown_by;
         i++)
        if (strcasestr(draft->measures, shown_by[i]) != NULL)
            *ret_found = false;
    return OK;
}

/* --- The table ---------------------------------------------------------------------- */

/* clang-format off */
const struct quality_rule quality_rules[QUALITY_FINDING_COUNT] = {
    /*                              severity        field         refused with */
    [QUALITY_TOO_SHORT]          = { QUALITY_WEAK,   "reply_text", ERR_REPLY_TOO_SHORT },
    [QUALITY_EVASIVE]            = { QUALITY_WEAK,   "reply_text", ERR_REPLY_EVASIVE },
    [QUALITY_NEAR_COPY]          = { QUALITY_STRONG, "reply_text", ERR_REPLY_NEAR_COPY },
    [QUALITY_PERSONAL_DATA]      = { QUALITY_STRONG, "reply_text", ERR_REPLY_PERSONAL_DATA },
    [QUALITY_NO_BASIS]           = { QUALITY_STRONG, "basis",      ERR_REPLY_NO_BASIS },
    [QUALITY_DEMAND_UNMENTIONED] = { QUALITY_WEAK,   "reply_text", ERR_REPLY_DEMAND_UNMENTIONED },
    [QUALITY_NO_EVIDENCE]        = { QUALITY_WEAK,   "measures",   ERR_REPLY_NO_EVIDENCE },
};
static judge *const judges[QUALITY_FINDING_COUNT] = {
    [QUALITY_TOO_SHORT]          = judge_length,
    [QUALITY_EVASIVE]            = judge_phrases,
    [QUALITY_NEAR_COPY]          = judge_copy,
    [QUALITY_PERSONAL_DATA]      = judge_personal,
    [QUALITY_NO_BASIS]           = judge_basis,
    [QUALITY_DEMAND_UNMENTIONED] = judge_demand,
    [QUALITY_NO_EVIDENCE]        = judge_evidence,
};
/* clang-format on */

enum err
quality_judge(struct arena *arena, const struct quality_draft *draft,
              const struct settings *settings, struct quality *ret_quality)
{
    struct quality quality = { .findings = 0 };
    struct reading reading = { draft, arena, settings, NULL, &quality };

    *ret_quality = quality;
    if (draft->reply_text == NULL || text_is_blank(draft->reply_text))
        return OK;
    reading.joined = join(arena, draft->reply_text);
    if (reading.joined == NULL)
        return ERR_NO_MEMORY;
    for (int finding = 0; finding < QUALITY_FINDING_COUNT; finding++) {
        bool is_found = false;
        TRY(judges[finding](&reading, &is_found));
        if (is_found)
            quality.findings |= QUALITY_BIT(finding);
    }
    *ret_quality = quality;
    return OK;
}

/* What fills the text of the finding's error. */
static const char *
shown(const struct quality *quality, int finding, char *room, size_t bytes)
{
    switch ((enum quality_finding)finding) {
    case QUALITY_TOO_SHORT:
        (void)text_format(room, bytes, "%d", quality->characters); /* it fits */
        return room;
    case QUALITY_EVASIVE:
        return quality->phrase;
    case QUALITY_NEAR_COPY:
        return quality->copy_no;
    case QUALITY_PERSONAL_DATA:
        return personal_word(quality->personal);
    default:
        return NULL;
    }
}

enum err
quality_problem(const struct quality *quality, struct problem *reterr_problem)
{
    char number[16];

    for (int finding = 0; finding < QUALITY_FINDING_COUNT; finding++)
        if ((quality->findings & QUALITY_BIT(finding)) != 0)
            (void)problem_add(reterr_problem, quality_rules[finding].field,
                              quality_rules[finding].err,
                              shown(quality, finding, number, sizeof number));
    return problem_value(reterr_problem, ERR_REPLY_QUALITY, "%zu",
                         reterr_problem == NULL ? 0 : reterr_problem->field_count);
}
