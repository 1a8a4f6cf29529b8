/*
 * test_verify.c - whoever edits the data directory by hand is found: each edit on
 * a copy of one good directory, in which nothing is found.
 */
#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/cmd_attachment.h"
#include "command/cmd_erase.h"
#include "command/cmd_rebuild.h"
#include "store/reader.h"
#include "store/verify.h"
#include "support/office.h"

Suite *suite_verify(void);

static struct office office;
static char no[TICKET_NO_BYTES];

static void
act(const struct actor *actor, enum ticket_action action)
{
    struct ticket_act does = office_make_act(&office, action);

    if (action == ACT_AMEND) { /* the values before are sealed texts of the event */
        does.changes.petitioner.phone = "13900002222";
        does.changes_present = ticket_draft_present(&does.changes);
    }
    ck_assert_msg(office_act(&office, actor, no, &does) == OK, "%s failed",
                  choice_word(&words_action, (int)action));
}

static void
attach(void)
{
    struct upload *upload = NULL;
    struct cmd_attach cmd;

    ck_assert_int_eq(upload_open(office.fixture.store, &upload), OK);
    ck_assert_int_eq(upload_write(upload, "evidence", 8), OK);
    upload_finish(upload);
    cmd_attach_init(&cmd);
    cmd.actor = office.clerk;
    cmd.now = office.now;
    memcpy(cmd.no, no, sizeof cmd.no);
    cmd.kind = ATTACHMENT_REPLY;
    cmd.name = "a.txt";
    cmd.upload = upload;
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
    upload_close(upload, false);
}

static void
erase(void)
{
    struct cmd_erase cmd;

    cmd_erase_init(&cmd);
    cmd.actor = (struct actor){ .kind = ACTOR_CLI };
    cmd.now = office.now;
    memcpy(cmd.no, no, sizeof cmd.no);
    cmd.reason = "as asked";
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
}

static void
close_ticket(void)
{
    act(&office.handlers[WATER], ACT_REPLY);
    act(&office.clerk, ACT_APPROVE_REPLY);
    act(&office.clerk, ACT_CALL_BACK);
}

#define TICKETS 4

/* One ticket that is erased, one that is over and others that are being handled. */
static void
live(void)
{
    for (int i = 0; i < TICKETS; i++) {
        office_receive(&office, "phone", no);
        act(&office.clerk, ACT_AMEND);
        act(&office.clerk, ACT_DISPATCH);
        act(&office.handlers[WATER], ACT_SIGN);
        act(&office.clerk, ACT_URGE);
        act(&office.supervisor, ACT_SUPERVISE);
        act(&office.handlers[WATER], ACT_ANSWER_SUPERVISION);
        act(&office.supervisor, ACT_SETTLE_SUPERVISION);
        act(&office.clerk, ACT_NOTE);
        attach();
        if (i == 2)
            act(&office.handlers[WATER], ACT_EXTEND); /* stands on the desk of them */
        if (i < 2)
            close_ticket();
        if (i == 0)
            erase();
    }
}

struct found {
    int count;
    char checks[400];
};

static void
tell(void *context, const struct verify_finding *finding)
{
    struct found *found = context;

    found->count++;
    if (strlen(found->checks) + strlen(finding->check) + 2 < sizeof found->checks) {
        strcat(found->checks, finding->check);
        strcat(found->checks, " ");
    }
}

static void
verify(const struct tempdir *dir, struct found *found)
{
    struct config config = office.fixture.config;
    struct problem problem = { .value = "" };
    struct verify_result result;
    struct reader_pool *pool = NULL;
    struct reader *reader = NULL;
    struct store *store = NULL;
    struct arena *arena = arena_new();

    *found = (struct found){ .count = 0 };
    tempdir_path(dir, "var", config.data, sizeof config.data);
    ck_assert_int_eq(store_open_beside(&config, &store, &problem), OK);
    ck_assert_int_eq(reader_pool_open(store, 1, &pool), OK);
    ck_assert_int_eq(reader_acquire(pool, 60000, &reader), OK);
    ck_assert_int_eq(verify_run(reader, arena, tell, found, &result), OK);
    ck_assert_int_eq(result.findings, found->count);
    ck_assert_int_eq(result.tickets, TICKETS);
    reader_release(pool, reader);
    reader_pool_close(pool);
    store_close(store);
    arena_free(arena);
}

#define OPEN_GATE "DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete;"
#define SHUT_GATE                                                                        \
    "CREATE TRIGGER event_no_update BEFORE UPDATE ON event\n"                            \
    "BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;"                            \
    "CREATE TRIGGER event_no_delete BEFORE DELETE ON event\n"                            \
    "BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;"
#define EVENT(sql) OPEN_GATE sql SHUT_GATE
#define LAST "(SELECT max(id) FROM ticket)"

static const struct edit {
    const char *check, *sql;
} edits[] = {
    { "schema", "DROP TRIGGER event_no_update" },
    { "schema", "DROP TRIGGER event_no_delete" },
    { "schema", "DROP TRIGGER event_no_replace" },
    { "schema", "DROP INDEX assignment_one_lead" },
    { "schema", "CREATE TABLE secret (x)" },
    { "chain", EVENT("UPDATE event SET at = at + 1 WHERE seq = 5;") },
    { "chain", EVENT("UPDATE event SET actor_id = actor_id + 1 WHERE seq = 6;") },
    { "chain", EVENT("UPDATE event SET unit_id = 99 WHERE seq = 7;") },
    { "chain", EVENT("UPDATE event SET type = 'note' WHERE seq = 8;") },
    { "chain", EVENT("UPDATE event SET payload = '{}' WHERE seq = 9;") },
    { "chain", EVENT("UPDATE event SET ticket_id = 0 WHERE seq = 10;") },
    { "chain", EVENT("UPDATE event SET actor_kind = 'timer' WHERE seq = 11;") },
    { "chain", EVENT("UPDATE event SET hash = zeroblob(32) WHERE seq = 12;") },
    { "chain", EVENT("DELETE FROM event_text WHERE event_seq = 13;"
                     "DELETE FROM event WHERE seq = 13;") },
    { "chain", EVENT("UPDATE event SET seq = 100000 WHERE seq = 14 AND 0 = (SELECT "
                     "count(*) FROM event_text WHERE event_seq = 14);"
                     "UPDATE event SET to_state = 'closed' WHERE seq = 15;") },
    { "chain", "UPDATE meta SET value = 'another' WHERE key = 'database_id'" },
    { "states", "UPDATE ticket SET state = 'replied' WHERE id = " LAST },
    { "versions", "UPDATE ticket SET version = version + 1 WHERE id = " LAST },
    { "counters", "UPDATE ticket SET return_count = 1 WHERE id = " LAST },
    { "counters", "UPDATE ticket SET extension_count = 1 WHERE id = " LAST },
    { "counters", "UPDATE ticket SET supervision_count = 0 WHERE id = " LAST },
    { "counters", "UPDATE ticket SET urge_count = 0 WHERE id = " LAST },
    { "counters", "UPDATE ticket SET rework_count = 1 WHERE id = " LAST },
    { "counters", "UPDATE ticket SET citizen_urge_count = 1 WHERE id = " LAST },
    { "deadlines", "UPDATE ticket SET due_at = due_at + 86400 WHERE id = " LAST },
    { "deadlines",
      "UPDATE ticket SET effective_due_at = effective_due_at - 1 WHERE id = " LAST },
    { "deadlines", "INSERT INTO calendar_day VALUES (20782, 0, 'x')" },
    { "counters", "UPDATE ticket SET round = 2 WHERE id = " LAST },
    { "counters", "DELETE FROM supervision WHERE ticket_id = " LAST },
    { "counters", "DELETE FROM urge WHERE ticket_id = " LAST },
    { "summaries", "UPDATE summary_now SET tickets = tickets + 1" },
    { "summaries", "DELETE FROM repeat_caller" },
    { "summaries", "UPDATE repeat_caller SET last_at = last_at - 1" },
    { "assessment", "UPDATE assessment_day SET facts = facts + 1 WHERE measure = 0" },
    { "assessment", "UPDATE assessment_day SET workdays = 1 WHERE measure = 30" },
    { "assessment", "DELETE FROM assessment_day" },
    { "assessment", "UPDATE assessment_fact SET measures = measures | 2 WHERE id = 1;"
                    "INSERT INTO assessment_day SELECT day, unit_id, is_web, 1, 1, 0"
                    " FROM assessment_fact WHERE id = 1" },
    { "assessment", "DELETE FROM assessment_fact WHERE ticket_id = " LAST },
    { "assessment", "UPDATE assignment SET overdue_at = 1 WHERE ticket_id = " LAST },
    { "texts", "UPDATE event_text SET text = 'other' WHERE field = 'note'" },
    { "texts", "UPDATE event_text SET salt = zeroblob(16)" },
    { "texts", "UPDATE event_text SET sealed = zeroblob(60) WHERE sealed IS NOT NULL" },
    { "texts", "DELETE FROM event_text WHERE event_seq = (SELECT max(event_seq) FROM "
               "event_text)" },
    { "attachments", "UPDATE attachment SET hash = zeroblob(32)" },
    { "attachments", "UPDATE attachment SET bytes = bytes + 1" },
    { "attachments", "UPDATE attachment SET ticket_id = 1 WHERE ticket_id <> 1" },
    { "attachments", "DELETE FROM attachment" },
    { "foreign_keys", "PRAGMA foreign_keys = OFF;"
                      "UPDATE petitioner SET ticket_id = 4711" },
};

static void
edit_by_hand(const struct tempdir *dir, const char *sql)
{
    char path[PATH_MAX];
    char *message = NULL;
    sqlite3 *db = NULL;

    tempdir_path(dir, "var/yidan.db", path, sizeof path);
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK, "%s: %s", sql,
                  message);
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

static void
set_up(void)
{
    office_open(&office);
    live();
    store_fixture_stop(&office.fixture);
}

static void
tear_down(void)
{
    store_fixture_start(&office.fixture);
    office_close(&office);
}

START_TEST(nothing_is_found_where_nothing_was_edited)
{
    struct found found;

    verify(&office.fixture.dir, &found);
    ck_assert_msg(found.count == 0, "%s", found.checks);
}
END_TEST

/* Each has a directory to copy and to read: a share of them for each process. */
#define EDIT_SHARES 4

START_TEST(every_edit_by_hand_is_found)
{
    for (size_t i = (size_t)_i; i < sizeof edits / sizeof *edits; i += EDIT_SHARES) {
        struct tempdir copy;
        struct found found;

        tempdir_copy(&office.fixture.dir, &copy);
        edit_by_hand(&copy, edits[i].sql);
        verify(&copy, &found);
        ck_assert_msg(strstr(found.checks, edits[i].check) != NULL, "%s: \"%s\", not %s",
                      edits[i].sql, found.checks, edits[i].check);
        tempdir_remove(&copy);
    }
}
END_TEST

START_TEST(a_file_that_is_changed_cut_or_gone_is_found)
{
    for (int i = 0; i < 3; i++) {
        struct tempdir copy;
        struct found found;
        char path[PATH_MAX + 64];
        char id[IDENT_UUID_BYTES];
        sqlite3_stmt *stmt = NULL;
        sqlite3 *db = NULL;

        tempdir_copy(&office.fixture.dir, &copy);
        tempdir_path(&copy, "var/yidan.db", path, sizeof path);
        ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
        ck_assert_int_eq(
            sqlite3_prepare_v2(db, "SELECT id FROM attachment ORDER BY event_seq", -1,
                               &stmt, NULL),
            SQLITE_OK);
        ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
        (void)snprintf(id, sizeof id, "%s", (const char *)sqlite3_column_text(stmt, 0));
        (void)sqlite3_finalize(stmt);
        ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
        (void)snprintf(path, sizeof path, "%s/var/attachments/%s", copy.path, id);
        if (i == 0)
            ck_assert_int_eq(unlink(path), 0);
        else if (i == 1)
            ck_assert_int_eq(truncate(path, 3), 0);
        else {
            FILE *file = fopen(path, "w");
            ck_assert_ptr_nonnull(file);
            ck_assert_int_gt(fputs("EVIDENCE", file), 0);
            ck_assert_int_eq(fclose(file), 0);
        }
        verify(&copy, &found);
        ck_assert_str_eq(found.checks, "files ");
        tempdir_remove(&copy);
    }
}
END_TEST

/* Each of them damages what is counted; together nothing of it is right any more. */
static const struct edit miscounts[] = {
    { "summaries", "UPDATE summary_now SET tickets = tickets + 1" },
    { "summaries", "DELETE FROM summary_due" },
    { "summaries", "INSERT INTO summary_category VALUES (1, 'nothing', 7)" },
    { "summaries", "UPDATE summary_day SET tickets = 40 WHERE measure = 'received'" },
    { "summaries", "INSERT INTO summary_day VALUES (1, 'closed', 0, 'phone', 1)" },
    { "summaries", "DELETE FROM desk_ticket" },
    { "summaries", "INSERT INTO desk_ticket SELECT 'callback', 0, max(id) FROM ticket" },
    { "summaries", "UPDATE summary_desk SET tickets = tickets + 1" },
    { "summaries", "DELETE FROM repeat_caller" },
    { "assessment", "DELETE FROM assessment_fact WHERE ticket_id = " LAST },
    { "assessment", "UPDATE assessment_fact SET measures = 1" },
    { "assessment", "DELETE FROM assessment_day WHERE measure > 0" },
    { "assessment", "UPDATE assessment_day SET facts = facts + 1" },
};
#define COUNTED                                                                          \
    "SELECT (SELECT sum(tickets * unit_id) FROM summary_now) + 3 * (SELECT sum(tickets " \
    "* day) FROM summary_due) + 5 * (SELECT sum(tickets * day * (unit_id + 1)) FROM "    \
    "summary_day) + 7 * (SELECT sum(ticket_id) FROM desk_ticket) + 11 * (SELECT "        \
    "sum(tickets) FROM summary_desk) + 13 * (SELECT sum(last_at) FROM repeat_caller) + " \
    "17 * (SELECT sum(measures % 1000003 * ticket_id) FROM assessment_fact) + 19 * "     \
    "(SELECT sum(facts * measure * day) FROM assessment_day)"

START_TEST(a_rebuild_mends_all_that_is_counted_and_nothing_else)
{
    int64_t good = store_fixture_number(&office.fixture.dir, COUNTED);
    struct tempdir copy;
    struct found found;
    struct cmd_rebuild cmd;

    for (size_t i = 0; i < sizeof miscounts / sizeof *miscounts; i++) {
        tempdir_copy(&office.fixture.dir, &copy);
        edit_by_hand(&copy, miscounts[i].sql);
        verify(&copy, &found);
        ck_assert_msg(strstr(found.checks, miscounts[i].check) != NULL, "%s: \"%s\"",
                      miscounts[i].sql, found.checks);
        tempdir_remove(&copy);
    }
    for (size_t i = 0; i < sizeof miscounts / sizeof *miscounts; i++)
        edit_by_hand(&office.fixture.dir, miscounts[i].sql);
    ck_assert_int_ne(store_fixture_number(&office.fixture.dir, COUNTED), good);
    store_fixture_start(&office.fixture);
    cmd_rebuild_init(&cmd);
    cmd.is_asked = true;
    cmd.now = office.now;
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
    ck_assert_int_eq(cmd.tickets, TICKETS);
    store_fixture_stop(&office.fixture);
    verify(&office.fixture.dir, &found);
    ck_assert_msg(found.count == 0, "%s", found.checks);
    ck_assert_int_eq(store_fixture_number(&office.fixture.dir, COUNTED), good);
    ck_assert_int_eq(store_fixture_number(&office.fixture.dir,
                                          "SELECT count(*) FROM event WHERE type = "
                                          "'rebuilt'"),
                     1);
}
END_TEST

/* As its migration leaves it: the new tables are there, and empty. */
START_TEST(what_an_older_program_did_not_keep_is_counted_at_the_start)
{
    struct cmd_rebuild cmd;
    struct found found;

    edit_by_hand(&office.fixture.dir,
                 "DELETE FROM desk_ticket; DELETE FROM summary_desk;"
                 "DELETE FROM summary_due; DELETE FROM summary_category;"
                 "DELETE FROM repeat_caller; DELETE FROM assessment_fact;"
                 "DELETE FROM assessment_day; DELETE FROM meta WHERE key = 'summaries';"
                 "DELETE FROM meta WHERE key = 'assessment_facts';");
    store_fixture_start(&office.fixture);
    cmd_rebuild_init(&cmd);
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
    ck_assert(cmd.is_done);
    /* Nothing is left to do. */
    cmd_rebuild_init(&cmd);
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
    ck_assert(!cmd.is_done);
    store_fixture_stop(&office.fixture);
    verify(&office.fixture.dir, &found);
    ck_assert_msg(found.count == 0, "%s", found.checks);
    ck_assert_int_eq(store_fixture_number(&office.fixture.dir,
                                          "SELECT count(*) FROM event WHERE type = "
                                          "'rebuilt'"),
                     0);
}
END_TEST

Suite *
suite_verify(void)
{
    Suite *suite = suite_create("verify");
    TCase *tests = tcase_create("verify");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, nothing_is_found_where_nothing_was_edited);
    tcase_add_loop_test(tests, every_edit_by_hand_is_found, 0, EDIT_SHARES);
    tcase_add_test(tests, a_file_that_is_changed_cut_or_gone_is_found);
    tcase_add_test(tests, a_rebuild_mends_all_that_is_counted_and_nothing_else);
    tcase_add_test(tests, what_an_older_program_did_not_keep_is_counted_at_the_start);
    suite_add_tcase(suite, tests);
    return suite;
}
