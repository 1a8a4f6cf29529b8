#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sheet.h"
#include "support/tempdir.h"

/* test_sheet.c - tables for a spreadsheet. */

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct sheet_column columns[] = {
    { { "编号", "no" }, SHEET_TEXT, 0 },   { { "次数", "count" }, SHEET_INT, 0 },
    { { "天数", "days" }, SHEET_REAL, 0 }, { { "按时率", "on time" }, SHEET_RATE, 0 },
    { { "接收", "at" }, SHEET_TIME, 0 },   { { "承诺", "on" }, SHEET_DATE, 0 },
};

static const struct sheet_cell full[] = {
    { .text = "20261123-R0042" }, { .number = 12 },    { .real = 2.5 }, { .real = 0.987 },
    { .number = 86399 },          { .number = 20000 },
};

static int
make_file(const struct tempdir *dir)
{
    char path[PATH_MAX];

    tempdir_path(dir, "sheet", path, sizeof path);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    return fd;
}

/* The CSV of a table with the one text `text`, without its first three lines. */
static void
assert_cell(const char *text, const char *expected)
{
    static const struct sheet_column one[] = { { { "t", "t" }, SHEET_TEXT, 0 } };
    const struct sheet_cell cell = { .text = text };
    struct tempdir dir;
    struct sheet *sheet;
    int64_t bytes;
    size_t count;
    char wanted[256];

    tempdir_make(&dir);
    int fd = make_file(&dir);
    ck_assert_int_eq(sheet_new(fd, dir.path, SHEET_CSV, "m", &sheet), OK);
    ck_assert_int_eq(sheet_table(sheet, "s", one, 1, LANGUAGE_ZH), OK);
    ck_assert_int_eq(sheet_row(sheet, &cell), OK);
    ck_assert_int_eq(sheet_end(sheet, &bytes), OK);
    sheet_free(sheet);
    close(fd);
    char *made = (char *)tempdir_file_read(&dir, "sheet", &count);
    int length =
        snprintf(wanted, sizeof wanted, "\ufeff\"m\"\r\n\"t\"\r\n%s\r\n", expected);
    ck_assert_uint_eq((size_t)bytes, count);
    ck_assert_msg(count == (size_t)length && memcmp(made, wanted, count) == 0,
                  "%.*s, not %s", (int)count, made, wanted);
    free(made);
    tempdir_remove(&dir);
}

START_TEST(csv_has_every_kind_of_cell)
{
    static const char expected[] =
        "\ufeff\"who, when\"\r\n"
        "\"no\",\"count\",\"days\",\"on time\",\"at\",\"on\"\r\n"
        "\"20261123-R0042\",12,2.50,98.7%,1970-01-02 07:59:59,2024-10-04\r\n"
        ",,,,,\r\n"
        "\"end\"\r\n"
        "\r\n"
        "\"who, when\"\r\n"
        "\"编号\"\r\n";
    const struct sheet_cell empty[] = {
        { .text = NULL },     { .is_empty = true }, { .is_empty = true },
        { .is_empty = true }, { .number = 0 },      { .number = 0 },
    };
    struct tempdir dir;
    struct sheet *sheet;
    int64_t bytes;
    size_t count;

    tempdir_make(&dir);
    int fd = make_file(&dir);
    ck_assert_int_eq(sheet_new(fd, dir.path, SHEET_CSV, "who, when", &sheet), OK);
    ck_assert_int_eq(sheet_table(sheet, "a", columns, COUNT(columns), LANGUAGE_EN), OK);
    ck_assert_int_eq(sheet_row(sheet, full), OK);
    ck_assert_int_eq(sheet_row(sheet, empty), OK);
    ck_assert_int_eq(sheet_line(sheet, "end"), OK);
    ck_assert_int_eq(sheet_table(sheet, "b", columns, 1, LANGUAGE_ZH), OK);
    ck_assert_int_eq(sheet_end(sheet, &bytes), OK);
    sheet_free(sheet);
    close(fd);
    char *made = (char *)tempdir_file_read(&dir, "sheet", &count);
    ck_assert_msg(count == sizeof expected - 1 && memcmp(made, expected, count) == 0,
                  "%.*s", (int)count, made);
    free(made);
    tempdir_remove(&dir);
}
END_TEST

START_TEST(csv_text_never_begins_like_a_formula)
{
    assert_cell("路灯不亮", "\"路灯不亮\"");
    assert_cell("a \"b\", c\nd", "\"a \"\"b\"\", c\nd\"");
    assert_cell("5 = 5", "\"5 = 5\"");
    assert_cell("=1+1", "\"'=1+1\"");
    assert_cell("+86", "\"'+86\"");
    assert_cell("-1", "\"'-1\"");
    assert_cell("@SUM(A1)", "\"'@SUM(A1)\"");
    assert_cell("＝1", "\"'＝1\"");
    assert_cell("＋1", "\"'＋1\"");
    assert_cell("－1", "\"'－1\"");
    assert_cell("＠A", "\"'＠A\"");
    assert_cell("\tx", "\"'\tx\"");
    assert_cell("\rx", "\"'\rx\"");
    assert_cell(" =1", "\"' =1\"");
    assert_cell("\u3000\n=1", "\"'\u3000\n=1\"");
    assert_cell("", "");
}
END_TEST

/* Both formats: a hundred thousand rows need no more memory than one. */
START_TEST(memory_does_not_grow_with_rows)
{
    struct tempdir dir;
    struct sheet *sheet;
    int64_t bytes;

    tempdir_make(&dir);
    int fd = make_file(&dir);
    ck_assert_int_eq(sheet_new(fd, dir.path, (enum sheet_format)_i, "m", &sheet), OK);
    ck_assert_int_eq(sheet_table(sheet, "a", columns, COUNT(columns), LANGUAGE_ZH), OK);
    ck_assert_int_eq(sheet_row(sheet, full), OK);
    size_t before = mallinfo2().uordblks;
    for (int i = 1; i < 100000; i++)
        ck_assert_int_eq(sheet_row(sheet, full), OK);
    size_t after = mallinfo2().uordblks;
    ck_assert_uint_lt(after, before + 65536);
    ck_assert_int_eq(sheet_end(sheet, &bytes), OK);
    ck_assert_int_gt(bytes, 100000);
    sheet_free(sheet);
    close(fd);
    tempdir_remove(&dir);
}
END_TEST

static int
count_files(const char *path)
{
    DIR *folder = opendir(path);
    int count = 0;

    ck_assert_ptr_nonnull(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

/* Ended or given up: no descriptor stays open, and no file beside the sheet is left. */
START_TEST(nothing_is_left_behind)
{
    struct tempdir dir;
    struct sheet *sheet;
    int64_t bytes;

    tempdir_make(&dir);
    int fd = make_file(&dir);
    int before = count_files("/proc/self/fd");
    for (int is_ended = 0; is_ended < 2; is_ended++) {
        ck_assert_int_eq(sheet_new(fd, dir.path, (enum sheet_format)_i, "m", &sheet), OK);
        ck_assert_int_eq(sheet_table(sheet, "a", columns, COUNT(columns), LANGUAGE_ZH),
                         OK);
        ck_assert_int_eq(sheet_row(sheet, full), OK);
        ck_assert_int_eq(sheet_table(sheet, "b", columns, COUNT(columns), LANGUAGE_ZH),
                         OK);
        if (is_ended != 0)
            ck_assert_int_eq(sheet_end(sheet, &bytes), OK);
        sheet_free(sheet);
        ck_assert_int_eq(count_files("/proc/self/fd"), before);
        ck_assert_int_eq(count_files(dir.path), 3); /* ".", "..", the sheet */
    }
    close(fd);
    tempdir_remove(&dir);
}
END_TEST

START_TEST(a_full_disk_is_told)
{
    struct tempdir dir;
    struct sheet *sheet;
    int64_t bytes;

    tempdir_make(&dir);
    int fd = open("/dev/full", O_RDWR | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(sheet_new(fd, dir.path, (enum sheet_format)_i, "m", &sheet), OK);
    ck_assert_int_eq(sheet_table(sheet, "a", columns, COUNT(columns), LANGUAGE_ZH), OK);
    ck_assert_int_eq(sheet_row(sheet, full), OK);
    ck_assert_int_eq(sheet_end(sheet, &bytes), ERR_DISK_FULL);
    sheet_free(sheet);
    close(fd);
    tempdir_remove(&dir);
}
END_TEST

/* What does not lie in memory lies in the folder, where nobody else can read it. */
START_TEST(rows_lie_in_the_folder_without_a_name)
{
    char link[64], target[PATH_MAX] = "";
    struct tempdir dir;
    struct sheet *sheet;
    struct stat stat;

    tempdir_make(&dir);
    int fd = make_file(&dir);
    ck_assert_int_eq(sheet_new(fd, dir.path, SHEET_XLSX, "m", &sheet), OK);
    ck_assert_int_eq(sheet_table(sheet, "a", columns, COUNT(columns), LANGUAGE_ZH), OK);
    /* The lowest free descriptor was taken. */
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd + 1);
    ck_assert_int_gt(readlink(link, target, sizeof target - 1), 0);
    ck_assert_msg(strncmp(target, dir.path, strlen(dir.path)) == 0, "%s", target);
    ck_assert_int_eq(fstat(fd + 1, &stat), 0);
    ck_assert_uint_eq(stat.st_nlink, 0);
    ck_assert_uint_eq(stat.st_mode & 0777, 0600);
    sheet_free(sheet);
    close(fd);
    tempdir_remove(&dir);
}
END_TEST

Suite *
suite_sheet(void)
{
    Suite *suite = suite_create("sheet");
    TCase *one = tcase_create("sheet");

    tcase_set_timeout(one, 60);
    tcase_add_test(one, csv_has_every_kind_of_cell);
    tcase_add_test(one, csv_text_never_begins_like_a_formula);
    tcase_add_loop_test(one, memory_does_not_grow_with_rows, 0, SHEET_FORMAT_COUNT);
    tcase_add_loop_test(one, nothing_is_left_behind, 0, SHEET_FORMAT_COUNT);
    tcase_add_loop_test(one, a_full_disk_is_told, 0, SHEET_FORMAT_COUNT);
    tcase_add_test(one, rows_lie_in_the_folder_without_a_name);
    suite_add_tcase(suite, one);
    return suite;
}
