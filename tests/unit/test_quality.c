/*
 * test_quality.c - each row of the table of findings: what has it, and what just
 * has it not; and the reply of another ticket that a draft is most like.
 */
#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "domain/quality.h"
#include "domain/settings.h"
#include "store/query.h"
#include "store/reply_copies.h"
#include "store/search.h"
#include "store/ticket_lists.h"
#include "store/tickets.h"
#include "support/office.h"

Suite *suite_quality(void);

static struct arena *arena;
static struct settings settings;
static struct quality_draft draft;

/* Longer than fifty characters, with nothing to be found. */
#define GOOD                                                                                                          \
    "您好！您反映的河滩路路灯不亮一事，我局已于当日派员到场检修，更换灯泡三盏，" \
    "夜间照明已恢复正常。如仍有问题，请与我局联系。"

static void
set_up(void)
{
    arena = arena_new();
    settings = settings_defaults();
    draft = (struct quality_draft){
        .reply_text = GOOD,
        .measures = "已更换灯泡，现场拍照留存。",
        .outcome = OUTCOME_SOLVED,
        .demand = "修复路灯",
    };
}

static void
tear_down(void)
{
    arena_free(arena);
}

static struct quality
judge(void)
{
    struct quality quality;

    ck_assert_int_eq(quality_judge(arena, &draft, &settings, &quality), OK);
    return quality;
}

static void
expect(uint32_t findings)
{
    struct quality quality = judge();

    ck_assert_msg(quality.findings == findings, "found %s, not %s",
                  choice_list(arena, &words_quality_finding, quality.findings),
                  choice_list(arena, &words_quality_finding, findings));
}

#define BIT(NAME) QUALITY_BIT(QUALITY_##NAME)

START_TEST(a_good_reply_has_no_findings_and_an_empty_one_neither)
{
    expect(0);
    draft.reply_text = " \n";
    draft.outcome = OUTCOME_EXPLAINED;
    expect(0);
    draft.reply_text = NULL;
    expect(0);
}
END_TEST

START_TEST(short_is_fewer_characters_than_the_setting_without_blanks)
{
    char text[256] = "路灯";

    draft.demand = NULL;
    for (size_t i = 2; i < 50; i++)
        strcat(text, "灯");
    draft.reply_text = text;
    expect(0);
    text[strlen(text) - 3] = '\0'; /* 49 */
    strcat(text, "   ");
    expect(BIT(TOO_SHORT));
    ck_assert_int_eq(judge().characters, 49);
    ck_assert_int_eq(judge().characters_min, 50);
    settings.reply_characters_min = 49;
    expect(0);
    settings.reply_characters_min = 0;
    draft.reply_text = "好";
    expect(0);
}
END_TEST

START_TEST(an_evasive_phrase_is_found_however_it_is_parted_or_wide)
{
    static const char *const phrases[] = { "", "积极协调", "高度重视ABC" };

    draft.phrases = phrases;
    draft.phrase_count = 3;
    expect(0);
    draft.reply_text = GOOD "我局高度 重视ａｂｃ。";
    expect(BIT(EVASIVE));
    ck_assert_str_eq(judge().phrase, "高度重视ABC");
    draft.phrase_count = 2;
    expect(0);
}
END_TEST

START_TEST(a_near_copy_begins_at_the_setting)
{
    memcpy(draft.copy_no, "20260101-R0001", sizeof "20260101-R0001");
    draft.copy_percent = 89;
    expect(0);
    ck_assert_str_eq(judge().copy_no, "");
    draft.copy_percent = 90;
    expect(BIT(NEAR_COPY));
    ck_assert_str_eq(judge().copy_no, "20260101-R0001");
    settings.reply_copy_percent = 91;
    expect(0);
}
END_TEST

START_TEST(numbers_of_people_are_found_and_those_of_the_office_are_not)
{
    static const char *const own[] = { "12345", "010-62345678", "" };
    static const struct {
        const char *text;
        enum personal personal;
    } cases[] = {
        { GOOD "13900001234", PERSONAL_PHONE },
        { GOOD "一三九零零零零一二三四", PERSONAL_PHONE },
        { GOOD "010-62345678", PERSONAL_PHONE },
        { GOOD "110101199001011234", PERSONAL_ID_CARD },
        { GOOD "京A12345", PERSONAL_PLATE },
        { GOOD "合同号1390000123456", PERSONAL_NONE },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        draft.reply_text = cases[i].text;
        expect(cases[i].personal == PERSONAL_NONE ? 0 : BIT(PERSONAL_DATA));
        ck_assert_int_eq(judge().personal, cases[i].personal);
    }
    draft.own_phones = own;
    draft.own_phone_count = 3;
    draft.reply_text = GOOD "请拨打12345或010-62345678。";
    expect(0);
    draft.reply_text = GOOD "请拨打010-62345678或13900001234。";
    expect(BIT(PERSONAL_DATA));
}
END_TEST

START_TEST(explained_needs_a_basis)
{
    draft.outcome = OUTCOME_EXPLAINED;
    expect(BIT(NO_BASIS));
    draft.basis = " ";
    expect(BIT(NO_BASIS));
    draft.basis = "物业管理条例第四条";
    expect(0);
    draft.basis = NULL;
    draft.outcome = OUTCOME_UNTRUE;
    expect(0);
}
END_TEST

START_TEST(a_demand_is_mentioned_with_a_tenth_of_its_pairs)
{
    draft.demand = "退还物业费";
    expect(BIT(DEMAND_UNMENTIONED));
    ck_assert_str_eq(judge().demand, "退还物业费");
    draft.reply_text = GOOD "物业已知悉。";
    expect(0);
    draft.demand = "？！"; /* nothing to speak of */
    expect(0);
    /* One pair of twenty-four is less than a tenth. */
    draft.demand = "abcdefghijklmnopqrstuvwxy";
    draft.reply_text = GOOD "ab";
    expect(BIT(DEMAND_UNMENTIONED));
    draft.reply_text = GOOD "abcd";
    expect(0);
}
END_TEST

START_TEST(solved_is_shown_by_a_file_or_by_measures_that_name_what_shows_it)
{
    draft.measures = "已处理。";
    expect(BIT(NO_EVIDENCE));
    draft.measures = NULL;
    expect(BIT(NO_EVIDENCE));
    draft.evidence_count = 1;
    expect(0);
    draft.evidence_count = 0;
    draft.measures = "已更换，双方签字确认。";
    expect(0);
    draft.measures = "Mended; a PHOTO was taken.";
    expect(0);
    draft.measures = NULL;
    draft.outcome = OUTCOME_PARTLY;
    expect(0);
}
END_TEST

START_TEST(every_finding_has_its_own_error_on_a_field_of_the_reply)
{
    struct quality all = { .findings = (QUALITY_BIT(QUALITY_FINDING_COUNT)) - 1,
                           .characters = 7,
                           .phrase = "高度重视",
                           .copy_no = "20260101-R0001",
                           .personal = PERSONAL_PHONE };
    struct problem problem = { .field_count = 0 };

    ck_assert_int_eq(quality_problem(&all, &problem), ERR_REPLY_QUALITY);
    ck_assert_uint_eq(problem.field_count, QUALITY_FINDING_COUNT);
    ck_assert_str_eq(problem.value, "7");
    for (int i = 0; i < QUALITY_FINDING_COUNT; i++) {
        ck_assert_int_eq(problem.fields[i].code, quality_rules[i].err);
        ck_assert_str_eq(problem.fields[i].field, quality_rules[i].field);
        for (int k = 0; k < i; k++)
            ck_assert_int_ne(quality_rules[k].err, quality_rules[i].err);
    }
    ck_assert_str_eq(problem.fields[QUALITY_TOO_SHORT].value, "7");
    ck_assert_str_eq(problem.fields[QUALITY_EVASIVE].value, "高度重视");
    ck_assert_str_eq(problem.fields[QUALITY_NEAR_COPY].value, "20260101-R0001");
    ck_assert_str_eq(problem.fields[QUALITY_PERSONAL_DATA].value, "电话 phone");
    ck_assert_int_eq(quality_problem(&all, NULL), ERR_REPLY_QUALITY);
}
END_TEST

/* --- In a reply that is sent ---------------------------------------------------------- */

static struct office office;
static char first[TICKET_NO_BYTES], second[TICKET_NO_BYTES];

static void
handled(const char *no)
{
    struct ticket_act act = office_make_act(&office, ACT_DISPATCH);

    ck_assert_int_eq(office_act(&office, &office.clerk, no, &act), OK);
    act = office_make_act(&office, ACT_SIGN);
    ck_assert_int_eq(office_act(&office, &office.handlers[WATER], no, &act), OK);
}

static enum err
reply(const char *no, const char *text, uint32_t findings, const char *reason)
{
    struct ticket_act act = office_make_act(&office, ACT_REPLY);

    act.reply_text = text;
    act.quality.findings = findings;
    act.override_reason = reason;
    if (reason != NULL)
        act.present |= FIELD_BIT(FIELD_OVERRIDE_REASON);
    return office_act(&office, &office.handlers[WATER], no, &act);
}

static void
open_office(void)
{
    office_open(&office);
    office_receive(&office, "phone", first);
    office_receive(&office, "web", second);
    handled(first);
    handled(second);
}

static void
close_office(void)
{
    office_close(&office);
}

START_TEST(a_reply_with_findings_needs_a_reason_that_stays_beside_it)
{
    ck_assert_int_eq(reply(first, GOOD, BIT(TOO_SHORT) | BIT(NO_EVIDENCE), NULL),
                     ERR_REPLY_QUALITY);
    ck_assert_int_eq(reply(first, GOOD, BIT(TOO_SHORT) | BIT(NO_EVIDENCE), "as it is"),
                     OK);
    ck_assert_int_eq(
        store_fixture_number(&office.fixture.dir,
                             "SELECT count(*) FROM reply WHERE quality_findings = "
                             "'too_short,no_evidence' AND override_reason = 'as it is'"),
        1);
    ck_assert_int_eq(store_fixture_number(
                         &office.fixture.dir,
                         "SELECT count(*) FROM event WHERE type = 'reply' AND payload "
                         "LIKE '%\"quality_findings\":[\"too_short\",\"no_evidence\"]%' "
                         "AND payload NOT LIKE '%as it is%'"),
                     1);
    /* A reason for nothing is none. */
    ck_assert_int_eq(reply(second, GOOD, 0, "for nothing"), OK);
    ck_assert_int_eq(store_fixture_number(&office.fixture.dir,
                                          "SELECT count(*) FROM reply WHERE "
                                          "quality_findings IS NULL AND "
                                          "override_reason IS NULL"),
                     1);
}
END_TEST

struct look {
    const char *text;
    struct ticket_viewer viewer;
    struct reply_copy copy;
    bool indexes;
};

static enum err
find_copy(struct txn *txn, void *context)
{
    struct look *look = context;
    struct ticket ticket;
    int count;

    if (look->indexes)
        TRY(search_index(txn, 100, &count));
    TRY(tickets_by_no(txn->db, second, &ticket));
    return reply_copies_find(txn->db, txn->arena, look->text, ticket.id, &look->viewer,
                             &look->copy);
}

static struct reply_copy
copy_of(const char *text, bool indexes, const struct actor *actor)
{
    struct look look = { .text = text,
                         .viewer = ticket_viewer(actor, office.now),
                         .indexes = indexes };

    ck_assert_int_eq(office_inside(&office, find_copy, &look), OK);
    return look.copy;
}

START_TEST(a_near_copy_is_found_before_and_after_it_is_indexed)
{
    const struct actor *handler = &office.handlers[WATER];

    ck_assert_int_eq(reply(first, GOOD, 0, NULL), OK);
    for (int i = 0; i < 2; i++) {
        struct reply_copy copy = copy_of(GOOD, i == 1, handler);
        ck_assert_int_eq(copy.percent, 100);
        ck_assert_str_eq(copy.no, first);
        copy = copy_of("另外，" GOOD, i == 1, handler);
        ck_assert_int_ge(copy.percent, 90);
        ck_assert_int_lt(copy.percent, 100);
        ck_assert_int_lt(copy_of("关于医保卡丢失如何补办，请携带身份证件到就近的服务"
                                 "窗口申请，当场即可领取新卡。",
                                 i == 1, handler)
                             .percent,
                         50);
        ck_assert_int_eq(copy_of("路灯修好了", i == 1, handler).percent, 0);
        /* Who may not see the ticket cannot try out what was answered there. */
        copy = copy_of(GOOD, i == 1, &office.handlers[ROADS]);
        ck_assert_int_eq(copy.percent, 0);
        ck_assert_str_eq(copy.no, "");
        ck_assert_str_eq(copy_of(GOOD, i == 1, &office.clerk).no, first);
    }
    /* Its own ticket's replies are not copied from. */
    ck_assert_int_eq(reply(second, GOOD GOOD "补充", 0, NULL), OK);
    ck_assert_str_eq(copy_of(GOOD GOOD "补充", true, handler).no, first);
}
END_TEST

Suite *
suite_quality(void)
{
    Suite *suite = suite_create("quality");
    TCase *table = tcase_create("table"), *sent = tcase_create("sent");

    tcase_add_checked_fixture(table, set_up, tear_down);
    tcase_add_test(table, a_good_reply_has_no_findings_and_an_empty_one_neither);
    tcase_add_test(table, short_is_fewer_characters_than_the_setting_without_blanks);
    tcase_add_test(table, an_evasive_phrase_is_found_however_it_is_parted_or_wide);
    tcase_add_test(table, a_near_copy_begins_at_the_setting);
    tcase_add_test(table, numbers_of_people_are_found_and_those_of_the_office_are_not);
    tcase_add_test(table, explained_needs_a_basis);
    tcase_add_test(table, a_demand_is_mentioned_with_a_tenth_of_its_pairs);
    tcase_add_test(table,
                   solved_is_shown_by_a_file_or_by_measures_that_name_what_shows_it);
    tcase_add_test(table, every_finding_has_its_own_error_on_a_field_of_the_reply);
    suite_add_tcase(suite, table);
    tcase_add_checked_fixture(sent, open_office, close_office);
    tcase_add_test(sent, a_reply_with_findings_needs_a_reason_that_stays_beside_it);
    tcase_add_test(sent, a_near_copy_is_found_before_and_after_it_is_indexed);
    suite_add_tcase(suite, sent);
    return suite;
}
