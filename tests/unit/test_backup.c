#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypt.h"
#include "store/backup.h"
#include "store/reader.h"
#include "store/store.h"
#include "support/store_fixture.h"

/*
 * test_backup.c - what is a backup and what is not.  Under load, killed and damaged:
 * tests/journeys/backup.mjs.
 */

#define NOW INT64_C(1795399200)

static struct store_fixture fixture;
static struct reader_pool *pool;
static char path[PATH_MAX]; /* of the backup */
static char told[512];

static void
tell(void *context, const char *name, const char *what)
{
    (void)context;
    snprintf(told, sizeof told, "%s %s", name, what);
}

static void
make(void)
{
    char to[PATH_MAX];
    struct backup_options options = { .to = to, .now = NOW };
    struct verify_result found = { .events = 3, .head = "abc" };
    struct backup *backup = NULL;
    struct reader *reader;
    struct problem problem = { .value = "" };

    tempdir_path(&fixture.dir, "backups", to, sizeof to);
    ck_assert_int_eq(reader_acquire(pool, 0, &reader), OK);
    ck_assert_msg(backup_begin(reader, &options, &backup, &problem) == OK, "%s",
                  problem.value);
    ck_assert_ptr_nonnull(strstr(backup_folder(backup), ".part"));
    ck_assert_int_eq(backup_end(backup, &found, path, &problem), OK);
    backup_free(backup);
    reader_release(pool, reader);
}

static void
set_up(void)
{
    store_fixture_open(&fixture);
    ck_assert_int_eq(reader_pool_open(fixture.store, 1, &pool), OK);
    ck_assert_int_eq(store_fixture_note(&fixture, "kept"), OK);
    told[0] = '\0';
    make();
}

static void
tear_down(void)
{
    reader_pool_close(pool);
    store_fixture_close(&fixture);
}

static enum err
check_backup(int64_t *ret_findings)
{
    struct problem problem = { .value = "" };
    struct backup_facts facts;

    return backup_check(path, tell, NULL, &facts, ret_findings, &problem);
}

START_TEST(a_backup_is_what_its_manifest_says)
{
    struct problem problem = { .value = "" };
    struct backup_facts facts;
    int64_t findings = -1;

    ck_assert_int_eq(backup_check(path, tell, NULL, &facts, &findings, &problem), OK);
    ck_assert_int_eq(findings, 0);
    ck_assert_int_eq(facts.made_at, NOW);
    ck_assert_int_eq(facts.events, 3);
    ck_assert_str_eq(facts.head, "abc");
    ck_assert_int_eq(facts.files, 1);
    ck_assert_int_eq(facts.schema, store_schema_version(fixture.store));
    ck_assert(!facts.has_keys);
}
END_TEST

START_TEST(a_second_one_of_the_same_second_has_another_name)
{
    char first[PATH_MAX];

    snprintf(first, sizeof first, "%s", path);
    make();
    ck_assert_str_ne(first, path);
    ck_assert_int_eq(access(first, F_OK), 0);
}
END_TEST

/* A manifest that somebody wrote, with its own hash as it must be. */
static void
forge(const char *lines)
{
    uint8_t hash[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1], text[2048], name[PATH_MAX + 16];
    int files = 0;

    for (const char *at = lines; (at = strstr(at, "file ")) != NULL; at++)
        files++;
    hash_once(lines, strlen(lines), hash);
    crypt_hex(hash, sizeof hash, hex);
    int bytes = snprintf(text, sizeof text, "%send %d %s\n", lines, files, hex);
    snprintf(name, sizeof name, "%s/MANIFEST", path);
    FILE *file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, (size_t)bytes, file), (size_t)bytes);
    fclose(file);
}

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

START_TEST(a_manifest_reaches_nothing_but_a_backup)
{
    static const char *const bad[] = {
        "yidan backup 2\n",
        "yidan backup 1\nfile 1 " HASH " ../keys\n",
        "yidan backup 1\nfile 1 " HASH " /etc/passwd\n",
        "yidan backup 1\nfile 1 " HASH " attachments/../x\n",
        "yidan backup 1\nfile 1 " HASH " attachments/\n",
        "yidan backup 1\nfile -1 " HASH " yidan.db\n",
        "yidan backup 1\nfile 1 abc yidan.db\n",
        "yidan backup 1\nfile 1\n",
        "yidan backup 1\nsecret 1\n",
        "yidan backup 1\nmade_at yesterday\n",
        "yidan backup 1\nword\n",
    };
    int64_t findings = -1;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        forge(bad[i]);
        ck_assert_msg(check_backup(&findings) == ERR_STORE, "%s", bad[i]);
    }
    ck_assert_int_eq(findings, -1);
    ck_assert_str_eq(told, ""); /* no file was looked at */
    forge("yidan backup 1\nfile 1 " HASH " yidan.db\n");
    ck_assert_int_eq(check_backup(&findings), OK);
    ck_assert_int_eq(findings, 1);
    ck_assert_str_eq(told, "yidan.db has another size");
}
END_TEST

static struct store *
open_restored(const char *data, enum err expected)
{
    static struct config config;
    struct problem problem = { .value = "" };
    struct store *store = NULL;

    config = fixture.config;
    snprintf(config.data, sizeof config.data, "%s", data);
    ck_assert_msg(store_open(&config, &store, &problem) == expected, "%s", problem.value);
    return store;
}

START_TEST(what_is_restored_can_be_opened_only_when_it_is_whole)
{
    char data[PATH_MAX], keys[PATH_MAX], mark[PATH_MAX + 16];
    struct problem problem = { .value = "" };

    tempdir_path(&fixture.dir, "restored", data, sizeof data);
    tempdir_path(&fixture.dir, "var/keys", keys, sizeof keys);
    ck_assert_msg(backup_restore(path, data, keys, &problem) == OK, "%s", problem.value);
    store_close(open_restored(data, OK));
    ck_assert_int_eq(store_fixture_number(&fixture.dir,
                                          "SELECT count(*) FROM setting WHERE name = "
                                          "'kept'"),
                     1);
    /* Not into what is there already. */
    ck_assert_int_eq(backup_restore(path, data, keys, &problem), ERR_RESTORE_EMPTY);
    /* As a kill in the middle leaves it. */
    snprintf(mark, sizeof mark, "%s/restoring", data);
    fclose(fopen(mark, "w"));
    (void)open_restored(data, ERR_RESTORE_UNFINISHED);
    ck_assert_int_eq(folder_remove(data), OK);
    ck_assert_int_ne(access(data, F_OK), 0);
}
END_TEST

START_TEST(a_directory_in_use_is_not_restored_into)
{
    struct problem problem = { .value = "" };

    ck_assert_int_eq(backup_restore(path, fixture.config.data, NULL, &problem),
                     ERR_STORE_LOCKED);
}
END_TEST

Suite *
suite_backup(void)
{
    Suite *suite = suite_create("backup");
    TCase *tests = tcase_create("backup");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_backup_is_what_its_manifest_says);
    tcase_add_test(tests, a_second_one_of_the_same_second_has_another_name);
    tcase_add_test(tests, a_manifest_reaches_nothing_but_a_backup);
    tcase_add_test(tests, what_is_restored_can_be_opened_only_when_it_is_whole);
    tcase_add_test(tests, a_directory_in_use_is_not_restored_into);
    suite_add_tcase(suite, tests);
    return suite;
}
