#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "base/crypt.h"

Suite *suite_keys(void);

static struct problem problem;
static char directory[256];
static char path[300];

static void
setup(void)
{
    const char *parent = getenv("TMPDIR");

    ck_assert_int_eq(crypt_start(), OK);
    memset(&problem, 0, sizeof problem);
    snprintf(directory, sizeof directory, "%s/yidan-keys-XXXXXX",
             parent == NULL ? "/tmp" : parent);
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/keys", directory);
}

/* Names in the directory, without "." and "..". */
static int
count_names(void)
{
    DIR *opened = opendir(directory);
    int count = 0;

    ck_assert_ptr_nonnull(opened);
    while (readdir(opened) != NULL)
        count++;
    closedir(opened);
    return count - 2;
}

static void
teardown(void)
{
    DIR *opened = opendir(directory);
    const struct dirent *entry = NULL;

    while ((entry = readdir(opened)) != NULL)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(opened), entry->d_name, 0);
    closedir(opened);
    rmdir(directory);
}

static void
write_file(const char *text, size_t bytes, mode_t mode)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, text, bytes), (ssize_t)bytes);
    ck_assert_int_eq(fchmod(file, mode), 0);
    close(file);
}

#define SEAL_HEX "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define INDEX_HEX "FFFEFDFCFBFAF9F8F7F6F5F4F3F2F1F0efeeedecebeae9e8e7e6e5e4e3e2e1e0"

START_TEST(keys_are_made_once_and_loaded_ever_after)
{
    struct keys made, loaded;
    struct stat facts;
    mode_t before = umask(0);

    ck_assert_int_eq(keys_load(path, true, &made, &problem), OK);
    umask(before);
    ck_assert_int_eq(stat(path, &facts), 0);
    ck_assert_int_eq(facts.st_mode & 07777, 0600);
    ck_assert_int_eq(facts.st_size, 130);
    ck_assert_int_eq(count_names(), 1);
    ck_assert(!crypt_equal(made.seal, made.index, KEY_BYTES));
    ck_assert_int_eq(keys_load(path, true, &loaded, &problem), OK);
    ck_assert_mem_eq(&made, &loaded, sizeof made);
    ck_assert_int_eq(keys_load(path, false, &loaded, &problem), OK);
    ck_assert_mem_eq(&made, &loaded, sizeof made);
}
END_TEST

START_TEST(keys_can_be_read_by_their_owner_whatever_the_umask)
{
    struct keys made;
    struct stat facts;
    mode_t before = umask(0777);
    enum err error = keys_load(path, true, &made, &problem);

    umask(before);
    ck_assert_int_eq(error, OK);
    ck_assert_int_eq(stat(path, &facts), 0);
    ck_assert_int_eq(facts.st_mode & 07777, 0600);
}
END_TEST

START_TEST(the_first_line_is_the_sealing_key_and_the_second_the_index_key)
{
    static const char text[] = SEAL_HEX "\n" INDEX_HEX "\n";
    struct keys loaded;

    for (size_t less = 0; less < 2; less++) { /* with and without the last line feed */
        write_file(text, sizeof text - 1 - less, 0600);
        ck_assert_int_eq(keys_load(path, false, &loaded, &problem), OK);
        for (size_t i = 0; i < KEY_BYTES; i++) {
            ck_assert_uint_eq(loaded.seal[i], i);
            ck_assert_uint_eq(loaded.index[i], 255 - i);
        }
    }
}
END_TEST

static void
assert_refused(bool create, const char *reason)
{
    struct keys loaded, before;

    memset(&loaded, 0x5A, sizeof loaded);
    before = loaded;
    ck_assert_int_eq(keys_load(path, create, &loaded, &problem), ERR_KEY_FILE);
    ck_assert_msg(strstr(problem.value, reason) != NULL, "%s", problem.value);
    ck_assert_mem_eq(&loaded, &before, sizeof loaded);
}

START_TEST(keys_are_not_made_unasked)
{
    assert_refused(false, "No such file");
    ck_assert_int_eq(count_names(), 0);
}
END_TEST

START_TEST(keys_that_others_can_reach_are_refused)
{
    struct keys loaded;
    static const mode_t modes[] = { 0640, 0604, 0620, 0602, 0610, 0601, 0666, 0444 };
    static const char text[] = SEAL_HEX "\n" INDEX_HEX "\n";

    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        write_file(text, sizeof text - 1, modes[i]);
        assert_refused(true, "0600");
        ck_assert_int_eq(unlink(path), 0);
    }
    write_file(text, sizeof text - 1, 0400);
    ck_assert_int_eq(keys_load(path, false, &loaded, &problem), OK);
}
END_TEST

START_TEST(a_file_that_holds_no_keys_is_refused_and_kept)
{
    static const char *const texts[] = {
        "",
        "\n\n",
        SEAL_HEX,
        SEAL_HEX "\n",
        SEAL_HEX INDEX_HEX,
        SEAL_HEX " " INDEX_HEX "\n",
        SEAL_HEX "\r\n" INDEX_HEX "\r\n",
        SEAL_HEX "\n" INDEX_HEX "\n\n",
        SEAL_HEX "\n" INDEX_HEX "\n" SEAL_HEX "\n",
        SEAL_HEX "\n" INDEX_HEX " ",
        "g" SEAL_HEX,
        SEAL_HEX "\ng00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n",
        "0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n" INDEX_HEX
        "\n",
        "00:102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n" INDEX_HEX
        "\n",
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct stat facts;

        write_file(texts[i], strlen(texts[i]), 0600);
        assert_refused(true, "64 hexadecimal digits");
        ck_assert_int_eq(stat(path, &facts), 0);
        ck_assert_int_eq(facts.st_size, (off_t)strlen(texts[i]));
    }
}
END_TEST

START_TEST(what_is_no_file_is_refused_at_once)
{
    ck_assert_int_eq(mkdir(path, 0700), 0);
    assert_refused(true, "not a regular file");
    ck_assert_int_eq(rmdir(path), 0);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    assert_refused(true, "not a regular file");
}
END_TEST

START_TEST(keys_in_a_directory_that_is_not_there_are_refused)
{
    snprintf(path, sizeof path, "%s/none/keys", directory);
    assert_refused(true, "No such file");
}
END_TEST

#define PROCESSES 8

/* Whoever is second must not put its own keys over the first one's. */
START_TEST(processes_that_make_keys_at_once_agree_on_them)
{
    struct keys *seen = mmap(NULL, PROCESSES * sizeof *seen, PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t children[PROCESSES];

    ck_assert_ptr_ne(seen, MAP_FAILED);
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        ck_assert_int_ge(children[i], 0);
        if (children[i] == 0)
            _exit(keys_load(path, true, &seen[i], NULL) == OK ? 0 : 1);
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status = 1;

        ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
        ck_assert_int_eq(status, 0);
        ck_assert_mem_eq(&seen[i], &seen[0], sizeof seen[0]);
    }
    ck_assert_int_eq(count_names(), 1);
    munmap(seen, PROCESSES * sizeof *seen);
}
END_TEST

Suite *
suite_keys(void)
{
    Suite *suite = suite_create("keys");
    TCase *tcase = tcase_create("keys");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, keys_are_made_once_and_loaded_ever_after);
    tcase_add_test(tcase, keys_can_be_read_by_their_owner_whatever_the_umask);
    tcase_add_test(tcase, the_first_line_is_the_sealing_key_and_the_second_the_index_key);
    tcase_add_test(tcase, keys_are_not_made_unasked);
    tcase_add_test(tcase, keys_that_others_can_reach_are_refused);
    tcase_add_test(tcase, a_file_that_holds_no_keys_is_refused_and_kept);
    tcase_add_test(tcase, what_is_no_file_is_refused_at_once);
    tcase_add_test(tcase, keys_in_a_directory_that_is_not_there_are_refused);
    tcase_add_test(tcase, processes_that_make_keys_at_once_agree_on_them);
    suite_add_tcase(suite, tcase);
    return suite;
}
