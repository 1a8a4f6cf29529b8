#include <check.h>
#include <string.h>

#include "domain/similar.h"

START_TEST(pairs_are_of_words_and_each_once)
{
    similar_pair pairs[8];
    char text[SIMILAR_PAIR_BYTES];

    ck_assert_uint_eq(similar_pairs("路灯坏,路灯 a", pairs, 8), 2);
    similar_pair_text(pairs[0], text);
    ck_assert_str_eq(text, "灯坏");
    similar_pair_text(pairs[1], text);
    ck_assert_str_eq(text, "路灯");
    ck_assert_uint_eq(similar_pairs("", pairs, 8), 0);
    ck_assert_uint_eq(similar_pairs("x y z", pairs, 8), 0);
    ck_assert_uint_eq(similar_pairs("abcdefghijklmn", pairs, 8), 8);
}
END_TEST

START_TEST(a_pair_is_written_as_it_was_read)
{
    similar_pair pairs[4];
    char text[SIMILAR_PAIR_BYTES];

    ck_assert_uint_eq(similar_pairs("é𠀀", pairs, 4), 1);
    similar_pair_text(pairs[0], text);
    ck_assert_str_eq(text, "é𠀀");
}
END_TEST

START_TEST(what_many_have_weighs_nothing)
{
    ck_assert_double_eq(similar_weight(1000, 1000), 0);
    ck_assert(similar_weight(1, 1000) > similar_weight(10, 1000));
    ck_assert_double_eq(similar_weight(0, 1000), similar_weight(1, 1000));
}
END_TEST

START_TEST(a_score_says_for_what)
{
    unsigned why;
    struct similar_facts facts = { .subject = 1, .place = -1 };

    ck_assert_int_eq(similar_score(&facts, &why), 100);
    ck_assert_uint_eq(why, SIMILAR_SUBJECT);
    facts = (struct similar_facts){ .subject = 0.1, .place = 1 };
    ck_assert_int_ge(similar_score(&facts, &why), SIMILAR_SCORE_MIN);
    ck_assert_uint_eq(why, SIMILAR_PLACE);
    facts = (struct similar_facts){ .subject = 0.1, .place = 0.1, .is_caller = 1 };
    ck_assert_int_eq(similar_score(&facts, &why), 30);
    ck_assert_uint_eq(why, SIMILAR_CALLER);
    facts = (struct similar_facts){ .subject = 1, .place = 1, .is_caller = 1 };
    ck_assert_int_eq(similar_score(&facts, &why), 100);
}
END_TEST

static int
likeness(const char *left, const char *right)
{
    similar_pair pairs[2][64];
    size_t left_count = similar_pairs(left, pairs[0], 64);
    size_t right_count = similar_pairs(right, pairs[1], 64);

    return similar_likeness(pairs[0], left_count, pairs[1], right_count);
}

START_TEST(likeness_is_twice_the_shared_pairs_of_all_pairs)
{
    ck_assert_int_eq(likeness("abcdef", "abcdef"), 100);
    ck_assert_int_eq(likeness("abcdef", "uvwxyz"), 0);
    ck_assert_int_eq(likeness("abcdef", "abcdxy"), 60); /* 3 of 5 and 5 */
    ck_assert_int_eq(likeness("abcdxy", "abcdef"), 60);
    ck_assert_int_eq(likeness("abc", "abcdefghi"), 40); /* a part: 2 of 2 and 8 */
    ck_assert_int_eq(likeness("", ""), 0);
}
END_TEST

Suite *
suite_similar(void)
{
    Suite *suite = suite_create("similar");
    TCase *tcase = tcase_create("similar");

    tcase_add_test(tcase, pairs_are_of_words_and_each_once);
    tcase_add_test(tcase, a_pair_is_written_as_it_was_read);
    tcase_add_test(tcase, what_many_have_weighs_nothing);
    tcase_add_test(tcase, a_score_says_for_what);
    tcase_add_test(tcase, likeness_is_twice_the_shared_pairs_of_all_pairs);
    suite_add_tcase(suite, tcase);
    return suite;
}
