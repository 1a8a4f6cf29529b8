/*
 * test_erase.c - what is erased is nowhere in the data directory, what stays is
 * whole, and the trail is valid.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "command/cmd_attachment.h"
#include "command/cmd_erase.h"
#include "command/cmd_ticket.h"
#include "store/attachments.h"
#include "store/events.h"
#include "store/records.h"
#include "store/summaries.h"
#include "store/tickets.h"
#include "support/office.h"

Suite *suite_erase(void);

#define CANARY "CNRYerase"
#define PHONE "13977776666"

static struct office office;
static char no[TICKET_NO_BYTES];

static void
receive(char ret_no[TICKET_NO_BYTES])
{
    struct cmd_ticket_create cmd;
    const char *tags[] = { CANARY };

    cmd_ticket_create_init(&cmd);
    cmd.actor = office.clerk;
    cmd.now = office.now;
    cmd.draft.channel = "phone";
    cmd.draft.title = cmd.draft.content = cmd.draft.demand = CANARY;
    cmd.draft.respondent = cmd.draft.address = CANARY;
    cmd.draft.sensitive_reason = CANARY;
    cmd.draft.sensitive = TRISTATE_NO;
    cmd.draft.tags = (struct text_list){ tags, 1 };
    cmd.draft.petitioner.phone = PHONE;
    cmd.draft.petitioner.name = CANARY;
    cmd.draft.petitioner.contact_note = CANARY;
    cmd.draft_present = ticket_draft_present(&cmd.draft);
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
    memcpy(ret_no, cmd.no, TICKET_NO_BYTES);
}

/* Every free text it can carry is the canary. */
static void
act(const struct actor *actor, enum ticket_action action)
{
    struct ticket_act does = office_make_act(&office, action);
    const char **texts[] = {
        &does.note,        &does.reason,          &does.text,    &does.guidance,
        &does.basis,       &does.demand,          &does.finding, &does.measures,
        &does.reply_text,  &does.evidence,        &does.comment, &does.interim_reply,
        &does.public_text, &does.co_waived_reason
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = CANARY;
    if (action == ACT_MERGE)
        does.into = no;
    if (action == ACT_CALL_BACK)
        does.present |= FIELD_BIT(FIELD_COMMENT);
    if (action == ACT_REPLY) {
        does.quality.findings = QUALITY_BIT(QUALITY_TOO_SHORT);
        does.override_reason = CANARY;
        does.present |= FIELD_BIT(FIELD_OVERRIDE_REASON);
    }
    if (action == ACT_AMEND) {
        does.changes.petitioner.name = CANARY "2";
        does.changes.petitioner.phone = PHONE;
        does.changes_present = ticket_draft_present(&does.changes);
    }
    ck_assert_msg(office_act(&office, actor, no, &does) == OK, "%s failed",
                  choice_word(&words_action, (int)action));
}

static void
attach(int kind, const char *bytes)
{
    struct upload *upload = NULL;
    struct cmd_attach cmd;

    ck_assert_int_eq(upload_open(office.fixture.store, &upload), OK);
    ck_assert_int_eq(upload_write(upload, bytes, strlen(bytes)), OK);
    upload_finish(upload);
    cmd_attach_init(&cmd);
    cmd.actor = office.clerk;
    cmd.now = office.now;
    memcpy(cmd.no, no, sizeof cmd.no);
    cmd.kind = kind;
    cmd.name = CANARY ".txt";
    cmd.upload = upload;
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
    upload_close(upload, false);
}

/* Everything that can be written about a ticket, until it is closed. */
static void
live(void)
{
    act(&office.clerk, ACT_AMEND);
    act(&office.clerk, ACT_SUBMIT);
    act(&office.leader, ACT_INSTRUCT);
    act(&office.clerk, ACT_DISPATCH);
    act(&office.handlers[WATER], ACT_SIGN);
    act(&office.handlers[WATER], ACT_RETURN);
    act(&office.clerk, ACT_REFUSE_RETURN);
    act(&office.handlers[WATER], ACT_CONTACT);
    act(&office.handlers[WATER], ACT_EXTEND);
    act(&office.supervisor, ACT_GRANT_EXTENSION);
    act(&office.clerk, ACT_URGE);
    act(&office.supervisor, ACT_SUPERVISE);
    act(&office.handlers[WATER], ACT_ANSWER_SUPERVISION);
    act(&office.supervisor, ACT_SETTLE_SUPERVISION);
    act(&office.handlers[WATER], ACT_KEEP_PROMISE);
    act(&office.clerk, ACT_NOTE);
    act(&office.handlers[WATER], ACT_REPLY);
    act(&office.clerk, ACT_APPROVE_REPLY);
    act(&office.clerk, ACT_CALL_BACK);
}

static enum err
erase(bool all_files, struct erasure *ret_erasure)
{
    struct cmd_erase cmd;

    cmd_erase_init(&cmd);
    cmd.actor = (struct actor){ .kind = ACTOR_CLI };
    cmd.now = office.now;
    memcpy(cmd.no, no, sizeof cmd.no);
    cmd.all_files = all_files;
    cmd.reason = "as asked";
    enum err err = writer_run(office.fixture.writer, &cmd.job);
    if (err == OK)
        ck_assert_int_eq(erasures_remove_files(office.fixture.store, &cmd.erasure), OK);
    *ret_erasure = cmd.erasure;
    return err;
}

static bool
holds(const char *name, const char *word)
{
    size_t bytes = 0;
    unsigned char *read;

    ck_assert_int_ge(tempdir_file_bytes(&office.fixture.dir, name), 0);
    read = tempdir_file_read(&office.fixture.dir, name, &bytes);
    bool found = memmem(read, bytes, word, strlen(word)) != NULL;
    free(read);
    return found;
}

struct chain {
    int64_t count, bad_seq;
    const char *wrong; /* a table that the recount contradicts */
};

static enum err
verify(struct txn *txn, void *context)
{
    struct chain *chain = context;

    TRY(events_verify_chain(txn->db, &chain->count, &chain->bad_seq));
    return summaries_agree(txn->db, &chain->wrong);
}

struct look {
    bool all_files;
    struct erasure erasure;
};

static enum err
look(struct txn *txn, void *context)
{
    struct look *asked = context;
    struct ticket ticket;

    TRY(tickets_by_no(txn->db, no, &ticket));
    return erasures_look(txn->db, ticket.id, asked->all_files, &asked->erasure);
}

static void
set_up(void)
{
    office_open(&office);
    receive(no);
}

static void
tear_down(void)
{
    office_close(&office);
}

START_TEST(what_is_erased_is_nowhere_in_the_directory_and_the_trail_is_valid)
{
    struct chain before = { .count = 0 }, after = { .count = 0 };
    struct look foretold = { .all_files = true };
    struct erasure erased;

    attach(ATTACHMENT_CITIZEN, CANARY " of the citizen");
    attach(ATTACHMENT_REPLY, CANARY " of the unit");
    live();
    ck_assert_int_eq(store_fixture_write(
                         &office.fixture,
                         "INSERT INTO draft (user_id, form, subject, content, saved_at)"
                         " SELECT user.id, 'reply', ticket.no, x'00', 0"
                         "   FROM user, ticket WHERE user.login = 'leader'"),
                     OK);
    ck_assert_int_eq(
        store_fixture_write(
            &office.fixture,
            "INSERT INTO export (id, state, list, query, format, language, mark, name, "
            "                    user_id, unit_id, roles, created_at)"
            " SELECT 'x', 'waiting', 'tickets', 'q=" CANARY "', 'csv', 'zh', '" CANARY
            "', '', user.id, 1, 1, 0 FROM user WHERE user.login = 'leader'"),
        OK);
    ck_assert_int_eq(
        store_fixture_write(&office.fixture,
                            "INSERT INTO sms_message (token_id, message_id, at,"
                            "                         content_index, ticket_id)"
                            " SELECT 1, 'm1', 0, x'01', id FROM ticket"),
        OK);
    /* What a ledger that took effect has left behind. */
    ck_assert_int_eq(
        store_fixture_write(
            &office.fixture,
            "INSERT INTO import (id, state, dry_run, skip_bad, created_at, actor_kind,"
            "                    actor_id, unit_id, file_bytes, file_hash, mapping, "
            "fixed)"
            " VALUES (1, 'done', 0, 0, 0, 'user', 1, 1, 1, x'00', '', '');"
            "INSERT INTO import_ticket (id, ordinal) VALUES (16777217, 1);"
            "INSERT INTO import_text (id, title, content, petitioner_id, payload, salts)"
            " VALUES (16777217, '" CANARY "', '" CANARY "', 1, '', x'00')"),
        OK);
    ck_assert_int_eq(office_inside(&office, verify, &before), OK);
    ck_assert_int_eq(office_inside(&office, look, &foretold), OK);
    ck_assert_int_eq(erase(true, &erased), OK);

    /* It said before what it did. */
    ck_assert_int_eq(erased.people, foretold.erasure.people);
    ck_assert_int_eq(erased.texts, foretold.erasure.texts);
    ck_assert_int_eq(erased.records, foretold.erasure.records);
    ck_assert_uint_eq(erased.file_count, 2);
    ck_assert_int_eq(erased.people, 1);
    ck_assert_int_ge(erased.texts, 15);
    ck_assert_int_ge(erased.records, 8);

    ck_assert_int_eq(office_inside(&office, verify, &after), OK);
    ck_assert_int_eq(after.bad_seq, 0);
    ck_assert_int_eq(after.count, before.count + 1);
    ck_assert_ptr_null(after.wrong);
    ck_assert_int_eq(
        store_fixture_number(&office.fixture.dir,
                             "SELECT count(*) FROM event WHERE type = 'erased'"),
        1);

    ck_assert_int_eq(
        store_fixture_number(&office.fixture.dir, "SELECT count(*) FROM draft"), 0);
    /* Nobody can try out a phone with words on it; the message is still known. */
    ck_assert_int_eq(store_fixture_number(&office.fixture.dir,
                                          "SELECT count(*) FROM sms_message"
                                          " WHERE content_index = x''"),
                     1);

    ck_assert_int_eq(
        store_fixture_number(&office.fixture.dir,
                             "SELECT count(*) FROM import_text, import_ticket"),
        0);
    ck_assert_int_eq(store_fixture_number(&office.fixture.dir,
                                          "SELECT count(*) FROM import WHERE is_clean"),
                     1);

    store_fixture_stop(&office.fixture); /* with its last checkpoint */
    ck_assert(!holds("var/yidan.db", CANARY));
    ck_assert_int_eq(
        store_fixture_number(&office.fixture.dir,
                             "SELECT count(*) FROM petitioner WHERE phone_index IS NOT "
                             "NULL OR phone IS NOT NULL OR name IS NOT NULL"),
        0);
    store_fixture_start(&office.fixture);
}
END_TEST

START_TEST(evidence_stays_unless_it_is_asked_for)
{
    struct erasure erased;

    attach(ATTACHMENT_CITIZEN, "of the citizen");
    attach(ATTACHMENT_REPLY, "of the unit");
    live();
    ck_assert_int_eq(erase(false, &erased), OK);
    ck_assert_uint_eq(erased.file_count, 1);
    ck_assert_int_eq(
        store_fixture_number(&office.fixture.dir,
                             "SELECT count(*) FROM attachment WHERE erased_at = 0"),
        1);
    ck_assert_int_eq(erase(true, &erased), OK);
    ck_assert_uint_eq(erased.file_count, 1);
}
END_TEST

START_TEST(nothing_to_erase_is_no_event)
{
    struct erasure erased;

    live();
    ck_assert_int_eq(erase(false, &erased), OK);
    ck_assert(!erasure_is_empty(&erased));
    int64_t events =
        store_fixture_number(&office.fixture.dir, "SELECT count(*) FROM event");
    ck_assert_int_eq(erase(false, &erased), OK);
    ck_assert(erasure_is_empty(&erased));
    ck_assert_int_eq(
        store_fixture_number(&office.fixture.dir, "SELECT count(*) FROM event"), events);
}
END_TEST

START_TEST(an_open_ticket_keeps_everything)
{
    struct erasure erased;

    ck_assert_int_eq(erase(false, &erased), ERR_TICKET_WRONG_STATE);
    act(&office.clerk, ACT_DISPATCH);
    ck_assert_int_eq(erase(false, &erased), ERR_TICKET_WRONG_STATE);
    ck_assert(holds("var/yidan.db-wal", CANARY) || holds("var/yidan.db", CANARY));
    memcpy(no, "20200101-R0001", sizeof "20200101-R0001");
    ck_assert_int_eq(erase(false, &erased), ERR_NOT_FOUND);
}
END_TEST

/* The people of a merged ticket are waited for by the other one. */
START_TEST(a_merged_tickets_people_go_when_the_other_is_over)
{
    char target[TICKET_NO_BYTES], source[TICKET_NO_BYTES];
    struct ticket_act merge = office_make_act(&office, ACT_MERGE);
    struct erasure erased;

    memcpy(target, no, sizeof target);
    receive(source);
    merge.into = target;
    ck_assert_int_eq(office_act(&office, &office.clerk, source, &merge), OK);
    memcpy(no, source, sizeof no);
    ck_assert_int_eq(erase(false, &erased), ERR_TICKET_WRONG_STATE);
    memcpy(no, target, sizeof no);
    live();
    memcpy(no, source, sizeof no);
    ck_assert_int_eq(erase(false, &erased), OK);
    ck_assert_int_eq(erased.people, 2); /* its own, and among the target's */
    ck_assert_int_eq(
        store_fixture_number(&office.fixture.dir,
                             "SELECT count(*) FROM petitioner WHERE phone IS NOT NULL"),
        1);
}
END_TEST

Suite *
suite_erase(void)
{
    Suite *suite = suite_create("erase");
    TCase *tests = tcase_create("erase");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests,
                   what_is_erased_is_nowhere_in_the_directory_and_the_trail_is_valid);
    tcase_add_test(tests, evidence_stays_unless_it_is_asked_for);
    tcase_add_test(tests, nothing_to_erase_is_no_event);
    tcase_add_test(tests, an_open_ticket_keeps_everything);
    tcase_add_test(tests, a_merged_tickets_people_go_when_the_other_is_over);
    suite_add_tcase(suite, tests);
    return suite;
}
