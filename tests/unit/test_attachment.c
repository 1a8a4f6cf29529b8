#include <check.h>
#include <string.h>

#include "domain/attachment.h"

Suite *suite_attachment(void);

/* What a file is, by its name and its first bytes. */

#define SAMPLE(name_, word_, bytes_)                                                     \
    {                                                                                    \
        name_, word_, bytes_, sizeof bytes_ - 1                                          \
    }

static const struct sample {
    const char *name, *word; /* word NULL: not taken */
    const char *bytes;
    size_t count;
} samples[] = {
    /* Each type by each of its extensions. */
    SAMPLE("a.jpg", "jpg", "\xFF\xD8\xFF\xE0\0\x10JFIF"),
    SAMPLE("a.jpeg", "jpg",
           "\xFF\xD8\xFF\xE1\0\x10"
           "Exif"),
    SAMPLE("现场.JPG", "jpg", "\xFF\xD8\xFF\xDB"),
    SAMPLE("a.png", "png", "\x89PNG\r\n\x1A\n\0\0\0\rIHDR"),
    SAMPLE("a.webp", "webp", "RIFF\x24\0\0\0WEBPVP8 "),
    SAMPLE("a.pdf", "pdf", "%PDF-1.7\n"),
    SAMPLE("a.docx", "docx",
           "PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0xxxxyyyyzzzz\x13\0\0\0"
           "[Content_Types].xml"),
    SAMPLE("a.docx", "docx",
           "PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0xxxxyyyyzzzz\x11\0\0\0"
           "word/document.xml"),
    SAMPLE("a.xlsx", "xlsx",
           "PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0xxxxyyyyzzzz\x0B\0\0\0"
           "_rels/.rels"),
    SAMPLE("a.xlsx", "xlsx",
           "PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0xxxxyyyyzzzz\x0F\0\0\0"
           "xl/workbook.xml"),
    SAMPLE("a.txt", "txt", "经核实，情况属实。\r\n"),
    SAMPLE("a.txt", "txt", "\xBE\xAD\xBA\xCB\xCA\xB5"), /* GB18030 */
    SAMPLE("a.mp3", "mp3", "ID3\x04\0\0"),
    SAMPLE("a.mp3", "mp3", "\xFF\xFB\x90\x64"),
    SAMPLE("a.mp3", "mp3", "\xFF\xF3\x40\xC4"),
    SAMPLE("a.amr", "amr", "#!AMR\n\x3C"),
    SAMPLE("a.amr", "amr", "#!AMR-WB\n"),
    SAMPLE("a.mp4", "mp4",
           "\0\0\0\x18"
           "ftypmp42\0\0\0\0"),
    SAMPLE("a.mp4", "mp4",
           "\0\0\0\x20"
           "ftypisom\0\0\2\0"),

    /* The name says one thing, the bytes another. */
    SAMPLE("a.png", NULL, "\xFF\xD8\xFF\xE0\0\x10JFIF"),
    SAMPLE("a.jpg", NULL, "\x89PNG\r\n\x1A\n"),
    SAMPLE("a.pdf", NULL, "MZ\x90\0\3\0\0\0"),
    SAMPLE("a.pdf", NULL, " %PDF-1.7"),
    SAMPLE("a.jpg", NULL, "<html><script>alert(1)</script>"),
    SAMPLE("a.docx", NULL,
           "PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0xxxxyyyyzzzz\x07\0\0\0"
           "run.exe"),
    SAMPLE("a.docx", NULL,
           "PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0xxxxyyyyzzzz\x0F\0\0\0"
           "xl/workbook.xml"),
    SAMPLE("a.docx", NULL, "PK\x05\x06\0\0\0\0"),
    SAMPLE("a.docx", NULL, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
    SAMPLE("a.txt", NULL, "text\0with a NUL"),
    SAMPLE("a.txt", NULL,
           "\x7F"
           "ELF"),
    SAMPLE("a.txt", NULL, "\x1B[2J"),
    SAMPLE("a.mp3", NULL, "\xFF\xF9\x50\x80"), /* AAC: another layer */
    SAMPLE("a.mp4", NULL,
           "\0\0\0\x18"
           "ftypheic\0\0\0\0"),
    SAMPLE("a.webp", NULL, "RIFF\x24\0\0\0WAVEfmt "),

    /* Cut short, empty, or with a name that is not known. */
    SAMPLE("a.jpg", NULL, "\xFF\xD8"),
    SAMPLE("a.mp3", NULL, "\xFF\xFB"),
    SAMPLE("a.png", NULL, ""),
    SAMPLE("a.txt", NULL, ""),
    SAMPLE("a.exe", NULL, "MZ\x90"),
    SAMPLE("a.svg", NULL, "<svg/>"),
    SAMPLE("a.html", NULL, "<html>"),
    SAMPLE("a.pdf.exe", NULL, "%PDF-1.7\n"),
    SAMPLE("a.pdf.", NULL, "%PDF-1.7\n"),
    SAMPLE(".pdf", NULL, "%PDF-1.7\n"),
    SAMPLE("pdf", NULL, "%PDF-1.7\n"),
    SAMPLE("a.jp", NULL, "\xFF\xD8\xFF\xE0"),
    SAMPLE("a.jpgjpeg", NULL, "\xFF\xD8\xFF\xE0"),
};

START_TEST(a_file_is_what_both_its_name_and_its_bytes_say)
{
    const struct sample *sample = &samples[_i];
    struct attachment_look look = { .head_bytes = 0 };

    attachment_look_at(&look, sample->bytes, sample->count);
    int type = attachment_judge(sample->name, &look);
    const char *word = choice_word(&words_attachment_type, type);

    ck_assert_msg(word == NULL ? sample->word == NULL
                               : sample->word != NULL && strcmp(word, sample->word) == 0,
                  "%d %s: %s", _i, sample->name, word == NULL ? "none" : word);
}
END_TEST

/* However the bytes come, what is known of them is the same. */
START_TEST(bytes_that_come_one_by_one_are_judged_like_all_at_once)
{
    const struct sample *sample = &samples[_i];
    struct attachment_look whole = { .head_bytes = 0 }, parts = { .head_bytes = 0 };

    attachment_look_at(&whole, sample->bytes, sample->count);
    for (size_t i = 0; i < sample->count; i++)
        attachment_look_at(&parts, sample->bytes + i, 1);
    ck_assert_mem_eq(&whole, &parts, sizeof whole);
}
END_TEST

START_TEST(a_control_byte_far_behind_is_seen_too)
{
    struct attachment_look look = { .head_bytes = 0 };
    char text[5000];

    memset(text, 'a', sizeof text);
    attachment_look_at(&look, text, sizeof text);
    ck_assert_int_eq(attachment_judge("a.txt", &look), ATTACHMENT_TYPE_TXT);
    attachment_look_at(&look, "\x01", 1);
    ck_assert_int_eq(attachment_judge("a.txt", &look), CHOICE_NONE);
}
END_TEST

START_TEST(a_name_has_nothing_in_it_that_leads_elsewhere_or_misleads)
{
    char longest[ATTACHMENT_NAME_CHARACTERS * 3 + 4] = "";

    ck_assert(attachment_name_is_valid("现场照片 (1).jpg"));
    ck_assert(attachment_name_is_valid("a"));
    for (int i = 0; i < ATTACHMENT_NAME_CHARACTERS; i++)
        strcat(longest, "长");
    ck_assert(attachment_name_is_valid(longest));
    strcat(longest, "x");
    ck_assert(!attachment_name_is_valid(longest));
    ck_assert(!attachment_name_is_valid(""));
    ck_assert(!attachment_name_is_valid("../a.jpg"));
    ck_assert(!attachment_name_is_valid("a\\b.jpg"));
    ck_assert(!attachment_name_is_valid("a\r\nSet-Cookie: x.jpg"));
    ck_assert(!attachment_name_is_valid("a\x7F.jpg"));
    ck_assert(!attachment_name_is_valid("a\xC2\x85.jpg"));
    ck_assert(!attachment_name_is_valid("a\xE2\x80\xAEgpj.exe")); /* U+202E */
    ck_assert(!attachment_name_is_valid("a\xE2\x81\xA6.jpg"));    /* U+2066 */
}
END_TEST

START_TEST(every_type_has_an_extension_and_a_media_type)
{
    for (int type = 0; type < ATTACHMENT_TYPE_COUNT; type++) {
        ck_assert_ptr_nonnull(attachment_rules[type].extensions);
        ck_assert_ptr_nonnull(strchr(attachment_rules[type].media_type, '/'));
        ck_assert_ptr_nonnull(strstr(attachment_rules[type].extensions,
                                     choice_word(&words_attachment_type, type)));
    }
}
END_TEST

Suite *
suite_attachment(void)
{
    Suite *suite = suite_create("attachment");
    TCase *tests = tcase_create("types");
    int count = (int)(sizeof samples / sizeof *samples);

    tcase_add_loop_test(tests, a_file_is_what_both_its_name_and_its_bytes_say, 0, count);
    tcase_add_loop_test(tests, bytes_that_come_one_by_one_are_judged_like_all_at_once, 0,
                        count);
    tcase_add_test(tests, a_control_byte_far_behind_is_seen_too);
    tcase_add_test(tests, a_name_has_nothing_in_it_that_leads_elsewhere_or_misleads);
    tcase_add_test(tests, every_type_has_an_extension_and_a_media_type);
    suite_add_tcase(suite, tests);
    return suite;
}
