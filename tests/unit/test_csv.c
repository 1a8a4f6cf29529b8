#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/charset.h"
#include "base/csv.h"

/* test_csv.c - comma-separated text, as it arrives, and its encodings. */

#define ROW_BYTES 200

/* "1[a|b]" for a row, "2[a|b]!1" for one with fault 1. */
static void
show(const struct csv_row *row, char *shown, size_t room)
{
    size_t used = strlen(shown);

    used += (size_t)snprintf(shown + used, room - used, "%d[", (int)row->number);
    for (size_t i = 0; i < row->field_count && i < CSV_FIELDS_MAX; i++) {
        ck_assert_uint_eq(strlen(row->fields[i].text), row->fields[i].bytes);
        used += (size_t)snprintf(shown + used, room - used, "%s%s", i > 0 ? "|" : "",
                                 row->fields[i].text);
    }
    snprintf(shown + used, room - used, row->fault == CSV_FINE ? "]" : "]!%d",
             (int)row->fault);
}

/* All rows of `text`, given in parts of `part` bytes. */
static void
read_all(const char *text, size_t bytes, size_t part, char *shown, size_t room)
{
    struct csv_reader *reader;
    struct csv_row row;

    shown[0] = '\0';
    ck_assert_int_eq(csv_reader_new(ROW_BYTES, &reader), OK);
    for (size_t at = 0; at < bytes; at += part) {
        const char *from = text + at;
        size_t left = bytes - at < part ? bytes - at : part;
        while (csv_next(reader, &from, &left, &row))
            show(&row, shown, room);
        ck_assert_uint_eq(left, 0);
    }
    if (csv_last(reader, &row))
        show(&row, shown, room);
    ck_assert(!csv_last(reader, &row));
    csv_reader_free(reader);
}

static void
assert_rows(const char *text, const char *expected)
{
    char shown[2048];

    for (size_t part = 1; part <= strlen(text) + 1; part++) {
        read_all(text, strlen(text), part, shown, sizeof shown);
        ck_assert_msg(strcmp(shown, expected) == 0, "in parts of %zu: %s, not %s", part,
                      shown, expected);
    }
}

START_TEST(rows_are_the_same_however_the_text_is_cut)
{
    assert_rows("a,b\nc,d", "1[a|b]2[c|d]");
    assert_rows("a,b\r\nc,d\r\n", "1[a|b]2[c|d]");
    assert_rows("a,b\rc,d\r", "1[a|b]2[c|d]");
    assert_rows("a\n\r\nb", "1[a]2[]3[b]");
    assert_rows("\xef\xbb\xbf"
                "编号,标题\n1,路灯",
                "1[编号|标题]2[1|路灯]");
    assert_rows("", "");
    assert_rows("\xef\xbb\xbf", "");
    assert_rows(",\n", "1[|]");
}
END_TEST

START_TEST(a_quoted_field_holds_anything)
{
    assert_rows("\"a,b\",\"c\"\"d\"\n", "1[a,b|c\"d]");
    assert_rows("1,\"两行\n文字\r\n与,\"\n2,x\n", "1[1|两行\n文字\r\n与,]2[2|x]");
    assert_rows("\"\"\n\"\"\"\"", "1[]2[\"]");
}
END_TEST

START_TEST(white_space_outside_quotes_does_not_belong_to_a_field)
{
    assert_rows(" a b \t, \" c \" \n", "1[a b| c ]");
    assert_rows(" \t ,\"\" \n", "1[|]");
}
END_TEST

START_TEST(quotes_that_do_not_match_are_a_fault_of_their_row)
{
    assert_rows("a\"b,c\nd", "1[a\"b|c]!2"
                             "2[d]");
    assert_rows("\"a\"b,c\nd", "1[a|c]!2"
                               "2[d]");
    assert_rows("a\n\"b,c\nd\n", "1[a]2[b,c\nd\n]!2");
}
END_TEST

START_TEST(what_is_not_utf8_is_a_fault_of_its_row)
{
    assert_rows("a\n\xb2\xe2,x\nb", "1[a]2[\xb2\xe2|x]!1"
                                    "3[b]");
    assert_rows("\xef\xbb,x\nb", "1[\xef\xbb|x]!1"
                                 "2[b]");
    struct csv_reader *reader;
    struct csv_row row;
    const char *text = "a\0b\n";
    size_t bytes = 4;
    ck_assert_int_eq(csv_reader_new(ROW_BYTES, &reader), OK);
    ck_assert(csv_next(reader, &text, &bytes, &row));
    ck_assert_int_eq(row.fault, CSV_ENCODING);
    csv_reader_free(reader);
}
END_TEST

START_TEST(a_row_without_room_is_a_fault_and_the_next_one_is_read)
{
    char text[3 * ROW_BYTES], shown[4096];

    memset(text, 'x', sizeof text);
    memcpy(text + sizeof text - 8, "\nnext,1\n", 8);
    for (size_t part = 1; part < 9; part++) {
        read_all(text, sizeof text, part, shown, sizeof shown);
        ck_assert_ptr_nonnull(strstr(shown, "]!32[next|1]"));
    }
}
END_TEST

START_TEST(fields_beyond_the_last_are_counted)
{
    struct csv_reader *reader;
    struct csv_row row;
    char text[CSV_FIELDS_MAX * 2 + 12];
    const char *from = text;
    size_t bytes = sizeof text;

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 2 == 0 ? 'x' : ',';
    text[sizeof text - 1] = '\n';
    ck_assert_int_eq(csv_reader_new(ROW_BYTES, &reader), OK);
    ck_assert(csv_next(reader, &from, &bytes, &row));
    ck_assert_uint_eq(row.field_count, sizeof text / 2);
    ck_assert_str_eq(row.fields[CSV_FIELDS_MAX - 1].text, "x");
    csv_reader_free(reader);
}
END_TEST

START_TEST(a_blank_row_is_told)
{
    struct csv_reader *reader;
    struct csv_row row;
    const char *text = " , ,\n\"x\"\n";
    size_t bytes = strlen(text);

    ck_assert_int_eq(csv_reader_new(ROW_BYTES, &reader), OK);
    ck_assert(csv_next(reader, &text, &bytes, &row));
    ck_assert(row.is_blank);
    ck_assert(csv_next(reader, &text, &bytes, &row));
    ck_assert(!row.is_blank);
    csv_reader_free(reader);
}
END_TEST

/* --- Encodings -------------------------------------------------------------------- */

static void
assert_decoded(const char *text, size_t bytes, const char *expected)
{
    for (size_t part = 1; part <= bytes + 1; part++) {
        struct decoder *decoder;
        char decoded[256];
        size_t used = 0;

        ck_assert_int_eq(decoder_new(CHARSET_GB18030, &decoder), OK);
        for (size_t at = 0; at < bytes; at += part) {
            const char *from = text + at;
            size_t left = bytes - at < part ? bytes - at : part;
            while (left > 0) {
                char to[8];
                size_t count = decoder_take(decoder, &from, &left, to, sizeof to);
                memcpy(decoded + used, to, count);
                used += count;
            }
        }
        used += decoder_last(decoder, decoded + used, 16);
        decoded[used] = '\0';
        ck_assert_msg(strcmp(decoded, expected) == 0, "in parts of %zu: %s", part,
                      decoded);
        decoder_free(decoder);
    }
}

START_TEST(gb18030_becomes_utf8_however_it_is_cut)
{
    /* 测试,路灯 with a character of four bytes (U+20000) at the end */
    static const char text[] = "\xb2\xe2\xca\xd4,\xc2\xb7\xb5\xc6\x95\x32\x82\x36";

    assert_decoded(text, sizeof text - 1, "测试,路灯\xf0\xa0\x80\x80");
}
END_TEST

START_TEST(what_is_no_gb18030_is_marked_and_the_rest_goes_on)
{
    assert_decoded("a\xff,\xb2\xe2", 5, "a\xff,测");
    assert_decoded("a\xb2", 2, "a\xff");
}
END_TEST

START_TEST(utf8_is_known_however_it_is_cut)
{
    static const struct {
        const char *text;
        bool is_utf8;
    } cases[] = {
        { "", true },
        { "编号,a\xf0\xa0\x80\x80", true },
        { "编号\xb2\xe2", false },
        { "编\xe5\x8f", false },
        { "\xff", false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t bytes = strlen(cases[i].text);
        for (size_t part = 1; part <= bytes + 1; part++) {
            struct utf8_look look = { .is_broken = false };
            for (size_t at = 0; at < bytes; at += part)
                utf8_look_take(&look, cases[i].text + at,
                               bytes - at < part ? bytes - at : part);
            ck_assert_msg(utf8_look_last(&look) == cases[i].is_utf8, "%zu by %zu", i,
                          part);
        }
    }
}
END_TEST

Suite *
suite_csv(void)
{
    Suite *suite = suite_create("csv");
    TCase *rows = tcase_create("rows");
    TCase *charsets = tcase_create("charsets");

    tcase_add_test(rows, rows_are_the_same_however_the_text_is_cut);
    tcase_add_test(rows, a_quoted_field_holds_anything);
    tcase_add_test(rows, white_space_outside_quotes_does_not_belong_to_a_field);
    tcase_add_test(rows, quotes_that_do_not_match_are_a_fault_of_their_row);
    tcase_add_test(rows, what_is_not_utf8_is_a_fault_of_its_row);
    tcase_add_test(rows, a_row_without_room_is_a_fault_and_the_next_one_is_read);
    tcase_add_test(rows, fields_beyond_the_last_are_counted);
    tcase_add_test(rows, a_blank_row_is_told);
    tcase_add_test(charsets, gb18030_becomes_utf8_however_it_is_cut);
    tcase_add_test(charsets, what_is_no_gb18030_is_marked_and_the_rest_goes_on);
    tcase_add_test(charsets, utf8_is_known_however_it_is_cut);
    suite_add_tcase(suite, rows);
    suite_add_tcase(suite, charsets);
    return suite;
}
